"""What is kept is Chinese, whatever language the person reads who did it."""

import pytest
from django.utils import translation

from applications import notices
from applications.states import ApplicationStatus
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_audit_trail_names_a_post_in_chinese(cast: Cast) -> None:
    with translation.override("en"):
        assert cast.approver.label == "吴省批 · 贵州省 审批岗"


def test_an_opinion_keeps_the_post_in_chinese(cast: Cast) -> None:
    with translation.override("en"):
        assert cast.county_caseworker.title.endswith("Caseworker")
        assert cast.county_caseworker.title_on_record.endswith("经办岗")


def test_a_message_names_the_status_in_chinese() -> None:
    with translation.override("en"):
        assert notices._status(ApplicationStatus.REVIEW) == "待复审"
