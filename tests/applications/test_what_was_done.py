"""已办 says what was done, not what the item asked for, where an act ended or moved the case by another way."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Application
from portal.accounts.capacity import Capacity
from portal.worklist.models import WorkItem, WorkState
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
DECIDED = datetime.date(2026, 3, 18)
ITEMS = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同附图不一致。"}]
REASON = "孵化场地产权不清，复核仍不符合申报条件。"
SignIn = Callable[[Capacity], Client]


def _done(application: Application) -> list[str]:
    about = {"subject_type": "applications.application", "subject_id": str(application.pk)}
    items = WorkItem.objects.filter(**about, state=WorkState.DONE)
    return list(items.order_by("done_at", "pk").values_list("task", flat=True))


def test_a_refusal_before_the_notice_is_not_listed_as_a_notice_published(cast: Cast) -> None:
    application = dossiers.reviewed(cast)
    actions.refuse_application(application, reason=REASON, by=cast.approver, on=DECIDED)
    assert _done(application)[-1] == "决定不予认定"
    assert "列入公示名单，发布公示" not in _done(application)


def test_the_approver_reads_what_was_decided_and_where_a_case_was_sent(cast: Cast) -> None:
    application = dossiers.for_approval(cast)
    actions.send_back_to_review(application, reason="异议成立，请复核。", by=cast.approver, on=DECIDED)
    assert _done(application)[-1] == "退回复审"


def test_an_approval_is_listed_as_one(cast: Cast) -> None:
    assert _done(dossiers.approved(cast))[-1] == "批准认定"


def test_a_return_for_correction_is_listed_as_one(cast: Cast) -> None:
    application = dossiers.submitted(cast)
    actions.return_for_correction(application, items=ITEMS, by=cast.county_caseworker, on=dossiers.FILED)
    assert _done(application) == ["退回补正"]


def test_a_refusal_that_names_no_condition_and_no_fact_is_neither_shown_nor_made(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.for_approval(cast)
    client = sign_in(dossiers.second_approver(cast))
    for act in ({"act": "preview"}, {}):
        said = {"reason": "不行", "seen": application.revision, **act}
        answer = client.post(reverse("applications:refuse", args=[application.pk]), said)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "只写了 2 个字。请写明不符合哪一项条件、查明的事实是什么，至少 10 个字" in page
        assert "不予认定决定书" not in page.partition("<h1>")[2]
    assert dossiers.fresh(application).status == "approval"
