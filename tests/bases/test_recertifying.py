"""A title under proceedings is not granted anew before they end (GZ-27 to GZ-30): no back door past the ban."""

import datetime

import pytest

from bases import actions
from bases.models import Certification, Revocation
from bases.states import Standing
from portal.errors import DomainError
from tests.factories.cast import cast_at
from tests.factories.complaints import Story

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def given_up() -> tuple[Story, Revocation]:
    """A case that was opened and not yet notified, whose title its holder gave up meanwhile."""
    story = Story(cast_at("520103"))
    revocation = story.opened()
    Certification.objects.filter(pk=story.title.pk).update(status=Standing.SURRENDERED, ended_on=story.on)
    return story, revocation


def grant(story: Story) -> Certification:
    title = story.title
    by = story.decider
    return actions.recognise_base(
        story.base, title=title.title, policy=title.policy, recogniser=story.cast.province, by=by, on=story.on
    )


def test_a_title_whose_case_is_opened_is_not_granted_anew_before_it_ends(given_up: tuple[Story, Revocation]) -> None:
    story, revocation = given_up
    with pytest.raises(DomainError, match=revocation.number) as refused:
        grant(story)
    assert refused.value.clause == "GZ-27"
    assert Certification.objects.filter(base=story.base, title=story.title.title).count() == 1
    actions.lapse_revocation(revocation, because="事由不再成立，核实结果被推翻。", by=story.decider, on=story.on)
    assert grant(story).status == Standing.CERTIFIED


def test_nor_is_it_entered_from_a_document_of_elsewhere(given_up: tuple[Story, Revocation]) -> None:
    story, revocation = given_up
    with pytest.raises(DomainError, match=revocation.number):
        actions.record_certification(
            story.base,
            title=story.title.title,
            policy=story.title.policy,
            certified_on=story.on - datetime.timedelta(days=1),
            document="黔人社发〔2026〕3 号",
            by=story.cast.province_caseworker,
            on=story.on,
        )


def test_a_title_that_stands_is_not_granted_again_while_its_case_runs() -> None:
    story = Story(cast_at("520103"))
    revocation = story.in_defence()
    assert revocation.certification.status == Standing.IN_PROCEEDINGS
    with pytest.raises(DomainError, match="仍然有效"):
        grant(story)


def test_the_ban_of_the_case_binds_who_gave_the_title_up(given_up: tuple[Story, Revocation]) -> None:
    story, revocation = given_up
    by = story.cast.province_caseworker
    actions.issue_prior_notice(revocation, facts="三件有效投诉均经核实属实。", evidence="核实记录", by=by, on=story.on)
    actions.sign_for_paper(revocation, by=story.cast.wang, on=story.on)
    with pytest.raises(DomainError, match="撤销程序尚未结束"):
        grant(story)
