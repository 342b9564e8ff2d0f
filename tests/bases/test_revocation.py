"""Revocation step by step (GZ-27 to GZ-30): each with proof of the one before, and undone lawfully."""

import datetime
from dataclasses import replace

import pytest

from applications.actions.door import door
from bases import actions
from bases.models import Ban, Revocation
from bases.states import RevocationStatus, Standing
from complaints.actions import overturn_finding
from complaints.models import Complaint
from portal.accounts.roles import Role
from portal.documents.letters import void_letter
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.notifications.models import Notification
from portal.worklist.models import WorkItem, WorkState
from tests.factories import titles
from tests.factories.cast import cast_at
from tests.factories.complaints import Story
from tests.factories.people import post
from tests.factories.register import base as make_base

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


def test_no_revocation_without_served_notice(story: Story) -> None:
    revocation = story.opened()
    letter = actions.issue_prior_notice(
        revocation,
        facts="三件有效投诉均经核实属实。",
        evidence="核实记录",
        by=story.cast.province_caseworker,
        on=story.on,
    )
    assert letter.services.count() == 0
    story.later(20)
    with pytest.raises(DomainError, match="告知书待送达"):
        actions.weigh_defence(revocation, opinion="没有送达也想复核。", by=story.cast.province_caseworker, on=story.on)


def test_no_decision_before_the_fifth_working_day_is_over(story: Story) -> None:
    revocation = story.in_defence()
    story.later(5)
    assert revocation.defence_ends == story.on
    with pytest.raises(DomainError, match="次日起才能复核"):
        actions.weigh_defence(
            revocation, opinion="期满当日就想复核的。", by=story.cast.province_caseworker, on=story.on
        )
    story.later(1)
    actions.weigh_defence(revocation, opinion="对方没有提出陈述申辩。", by=story.cast.province_caseworker, on=story.on)


def test_a_hearing_that_was_asked_for_is_held_before_the_defence_is_weighed(story: Story) -> None:
    revocation = story.in_defence()
    actions.file_defence(
        revocation, statement="其中一件票据与本基地无关。", asks_hearing=True, by=story.cast.wang, on=story.on
    )
    story.later(6)
    with pytest.raises(DomainError, match="听证"):
        actions.weigh_defence(
            revocation, opinion="不采纳，理由如下所述。", by=story.cast.province_caseworker, on=story.on
        )
    by = story.cast.province_caseworker
    story.heard(revocation)
    actions.weigh_defence(revocation, opinion="不采纳，理由如下所述。", by=by, on=story.on)


def test_who_prepared_or_verified_does_not_decide(story: Story) -> None:
    revocation = story.weighed()
    revocation.verified_by.add(story.decider.person)
    with pytest.raises(NotAllowed):
        actions.decide_to_revoke(revocation, reason="事实清楚，证据充分。", by=story.decider, on=story.on)


def test_city_does_not_decide(story: Story) -> None:
    revocation = story.weighed()
    with pytest.raises(NotAllowed):
        actions.decide_to_revoke(revocation, reason="事实清楚，证据充分。", by=story.cast.city_approver, on=story.on)


def test_revocation_takes_effect_when_it_is_served(story: Story) -> None:
    revocation = story.decided()
    story.title.refresh_from_db()
    assert story.title.underlying == Standing.CERTIFIED
    story.later(2)
    actions.sign_for_paper(revocation, by=story.cast.wang, on=story.on)
    story.title.refresh_from_db()
    assert (story.title.status, story.title.ended_on) == (Standing.REVOKED, story.on)
    ban = Ban.objects.get(base=story.base)
    assert (ban.starts_on, ban.ends_on) == (story.on, story.on.replace(year=story.on.year + 5))
    assert (ban.operator_uscc, ban.clause) == (story.cast.operator.uscc, "GZ-30")


def test_ban_from_29_february_ends_on_the_last_day_of_february() -> None:
    story = Story(cast_at("520103"), on=datetime.date(2028, 1, 3))
    revocation = story.decided()
    actions.sign_for_paper(revocation, by=story.cast.wang, on=datetime.date(2028, 2, 29))
    assert Ban.objects.get(base=story.base).ends_on == datetime.date(2033, 2, 28)


def test_service_on_paper_needs_its_proof(story: Story) -> None:
    revocation = story.decided()
    with pytest.raises(InvalidInput) as refused:
        actions.record_service(
            revocation,
            method="mail",
            arrived_on=story.on,
            recipient="",
            evidence=[],
            by=story.cast.province_caseworker,
            on=story.on,
        )
    assert set(refused.value.problems) == {"recipient", "tracking", "evidence"}


def test_operator_under_a_new_base_name_is_stopped_at_the_door(story: Story) -> None:
    story.revoked()
    another = make_base("520103", run_by=story.cast.operator, name="换个名字创业园")
    call = titles.published_call(opens=story.on, closes=story.on + datetime.timedelta(days=30))
    verdict = door(call, another, on=story.on)
    assert "banned" in [obstacle.reason for obstacle in verdict.obstacles]
    assert verdict.obstacles[0].clause == "GZ-30"


def test_city_title_is_untouched(story: Story) -> None:
    city = titles.certification(
        story.base, title="city", category_name="创业孵化基地", period_ends=None, certified_on=datetime.date(2023, 5, 4)
    )
    story.revoked()
    city.refresh_from_db()
    assert city.status == Standing.CERTIFIED


def test_closing_restores_what_stood_and_spends_the_complaints(story: Story) -> None:
    revocation = story.weighed()
    actions.close_revocation(revocation, because="其中一件事实存疑，决定不予撤销。", by=story.decider, on=story.on)
    story.title.refresh_from_db()
    assert story.title.status == Standing.CERTIFIED
    story.upheld()
    story.upheld()
    assert story.revocation() is None
    story.upheld()
    assert story.revocation() is not None


def test_setting_aside_restores_the_title_and_voids_the_ban(story: Story) -> None:
    revocation = story.revoked()
    story.later(30)
    actions.set_aside_revocation(
        revocation, authority="贵州省人民政府", because="黔府行复〔2026〕1号，程序违法。", by=story.decider, on=story.on
    )
    story.title.refresh_from_db()
    revocation.refresh_from_db()
    assert (story.title.status, story.title.ended_on) == (Standing.CERTIFIED, None)
    assert revocation.status == RevocationStatus.SET_ASIDE
    call = titles.published_call(opens=story.on, closes=story.on + datetime.timedelta(days=30))
    another = make_base("520103", run_by=story.cast.operator, name="另一处")
    assert "banned" not in [obstacle.reason for obstacle in door(call, another, on=story.on).obstacles]


def noticed(story: Story) -> Revocation:
    """Return proceedings whose notice is issued and waits to be served."""
    revocation = story.opened()
    by = story.cast.province_caseworker
    actions.issue_prior_notice(revocation, facts="三件有效投诉均经核实属实。", evidence="核实记录", by=by, on=story.on)
    revocation.refresh_from_db()
    return revocation


def test_no_notice_is_issued_on_a_ground_that_fell_away(story: Story) -> None:
    revocation = story.opened()
    Complaint.objects.filter(base=story.base).update(service_recipient=False)  # what a correction may come to
    by = story.cast.province_caseworker
    with pytest.raises(DomainError, match="已不成立"):
        actions.issue_prior_notice(
            revocation, facts="三件有效投诉均经核实属实。", evidence="核实记录", by=by, on=story.on
        )


def test_no_notice_is_served_on_a_ground_that_fell_away(story: Story) -> None:
    revocation = noticed(story)
    Complaint.objects.filter(base=story.base).update(service_recipient=False)
    with pytest.raises(DomainError, match="已不成立"):
        actions.sign_for_paper(revocation, by=story.cast.wang, on=story.on)


def test_a_notice_with_a_mistake_is_replaced_before_it_is_served(story: Story) -> None:
    revocation = noticed(story)
    first, by = revocation.notice, story.cast.province_caseworker
    assert first is not None
    actions.issue_prior_notice(
        revocation, facts="更正：共三件投诉，均经核实属实。", evidence="核实记录", by=by, on=story.on
    )
    first.refresh_from_db()
    assert first.voided_on == story.on
    revocation.refresh_from_db()
    actions.sign_for_paper(revocation, by=story.cast.wang, on=story.on)
    revocation.refresh_from_db()
    assert revocation.status == RevocationStatus.DEFENCE


def test_a_paper_that_waits_to_be_served_is_not_voided_by_itself(story: Story) -> None:
    revocation = noticed(story)
    assert revocation.notice is not None
    with pytest.raises(NotAllowed):
        void_letter(revocation.notice, because="写错了", by=story.cast.approver, on=story.on)


def test_a_decision_with_a_mistake_is_replaced_before_it_is_served(story: Story) -> None:
    revocation = story.decided()
    first = revocation.decision
    assert first is not None
    actions.decide_to_revoke(revocation, reason="更正理由：三次有效投诉，事实清楚。", by=story.decider, on=story.on)
    first.refresh_from_db()
    assert first.voided_on == story.on
    revocation.refresh_from_db()
    actions.sign_for_paper(revocation, by=story.cast.wang, on=story.on)
    assert Ban.objects.filter(base=story.base).count() == 1


def test_lapsing_after_the_notice_was_issued_voids_it_and_tells_the_holder(story: Story) -> None:
    revocation = noticed(story)
    first = story.base.complaints.order_by("pk")[0]
    overturn_finding(first, because="上级复查发现票据与投诉无关。", by=story.cast.approver, on=story.on)
    revocation.refresh_from_db()
    assert revocation.status == RevocationStatus.LAPSED
    assert revocation.notice is not None
    assert revocation.notice.voided_on == story.on
    told = Notification.objects.filter(recipient=story.cast.wang.person, kind="revocation.lapsed")
    assert told.count() == 1


def test_who_prepared_does_not_close(story: Story) -> None:
    revocation = story.weighed()
    revocation.verified_by.add(story.decider.person)
    with pytest.raises(NotAllowed):
        actions.close_revocation(revocation, because="自己办的自己结案，不应允许。", by=story.decider, on=story.on)


def test_an_absent_officer_does_not_decide_what_was_prepared_in_his_name(story: Story) -> None:
    revocation = story.in_defence()
    story.later(6)
    absent = post(story.decider.person, story.cast.province.code, Role.CASEWORKER)
    stand_in = replace(story.cast.province_caseworker, membership=absent)
    actions.weigh_defence(revocation, opinion="对方没有提出陈述申辩。", by=stand_in, on=story.on)
    with pytest.raises(NotAllowed):
        actions.decide_to_revoke(revocation, reason="事实清楚，证据充分。", by=story.decider, on=story.on)


def test_a_hearing_asked_for_too_late_holds_nothing_up(story: Story) -> None:
    revocation = story.in_defence()
    story.later(7)
    statement = "期满以后才想起来要听证。"
    actions.file_defence(revocation, statement=statement, asks_hearing=True, by=story.cast.wang, on=story.on)
    by = story.cast.province_caseworker
    actions.weigh_defence(revocation, opinion="听证申请逾期，书面意见已一并考虑。", by=by, on=story.on)


def test_setting_aside_bears_only_on_a_title_that_was_not_certified_anew(story: Story) -> None:
    revocation = story.revoked()
    titles.certification(story.base, certified_on=story.on + datetime.timedelta(days=2000))
    story.on += datetime.timedelta(days=2001)
    with pytest.raises(DomainError, match="重新认定"):
        actions.set_aside_revocation(
            revocation, authority="某法院", because="判决撤销。", by=story.decider, on=story.on
        )


def test_plaque_that_never_came_back_is_not_said_to_be_recovered(story: Story) -> None:
    revocation = story.revoked()
    because = "黔府行复〔2026〕1号，程序违法。"
    actions.set_aside_revocation(revocation, authority="贵州省人民政府", because=because, by=story.decider, on=story.on)
    item = WorkItem.objects.get(kind="bases.plaque_recovery")
    assert item.state == WorkState.CANCELLED


def test_a_ban_follows_the_operator_to_a_code_that_is_accepted_as_an_exception(story: Story) -> None:
    story.revoked()
    code = story.cast.operator.uscc[:-1] + ("0" if story.cast.operator.uscc[-1] != "0" else "1")
    by = story.cast.county_caseworker
    actions.accept_unusual_uscc(story.cast.operator, code=code, because="执照原件如此。", by=by, on=story.on)
    another = make_base("520103", run_by=story.cast.operator, name="另一处创业园")
    call = titles.published_call(opens=story.on, closes=story.on + datetime.timedelta(days=30))
    assert "banned" in [obstacle.reason for obstacle in door(call, another, on=story.on).obstacles]
