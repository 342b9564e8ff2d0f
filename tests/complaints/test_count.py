"""Which complaints count, and what reaching the limit brings about (GZ-27, G-01 to G-04)."""

import datetime

import pytest

from bases.models import Revocation
from bases.states import RevocationStatus, Standing
from complaints import actions
from complaints.models import count_of
from portal.errors import DomainError, NotAllowed
from tests.factories.cast import cast_at
from tests.factories.complaints import Story

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


def counted(story: Story) -> int:
    count = count_of(story.base, story.on)
    assert count is not None
    return count.number


def why(story: Story) -> list[str]:
    count = count_of(story.base, story.on)
    assert count is not None
    return [line.why for line in count.lines]


def test_third_upheld_complaint_opens_revocation(story: Story) -> None:
    story.upheld()
    story.upheld()
    assert story.revocation() is None
    story.upheld()
    revocation = story.revocation()
    assert revocation is not None
    assert (revocation.ground, revocation.met_on, revocation.opened_on) == ("complaints", story.on, story.on)
    assert [row["on"] for row in revocation.basis["counted"]][-1] == story.on.isoformat()


def test_fourth_upheld_complaint_opens_no_second_case(story: Story) -> None:
    story.opened()
    story.upheld()
    assert counted(story) == 4
    assert Revocation.objects.filter(base=story.base).count() == 1


def test_same_fact_counts_once(story: Story) -> None:
    first = story.upheld()
    story.upheld(same_as=first)
    story.upheld()
    assert counted(story) == 2
    assert "同一事实已计一次" in why(story)
    assert story.revocation() is None


def test_overturned_complaint_no_longer_counts_and_unnotified_proceedings_lapse(story: Story) -> None:
    first = story.upheld()
    story.upheld()
    story.upheld()
    revocation = story.revocation()
    assert revocation is not None
    actions.overturn_finding(first, because="上级复查发现票据与投诉无关。", by=story.cast.approver, on=story.on)
    assert counted(story) == 2
    revocation.refresh_from_db()
    assert revocation.status == RevocationStatus.LAPSED


def test_overturning_after_the_notice_was_served_does_not_stop_proceedings(story: Story) -> None:
    revocation = story.in_defence()
    first = story.base.complaints.order_by("pk")[0]
    actions.overturn_finding(first, because="上级复查发现票据与投诉无关。", by=story.cast.approver, on=story.on)
    revocation.refresh_from_db()
    assert revocation.status == RevocationStatus.DEFENCE


def test_partly_true_counts(story: Story) -> None:
    story.upheld("partly")
    assert counted(story) == 1


def test_untrue_does_not_count(story: Story) -> None:
    complaint = story.upheld("untrue")
    assert complaint.status == "dismissed"
    assert counted(story) == 0


def test_anonymous_is_handled_but_does_not_count(story: Story) -> None:
    complaint = story.upheld(anonymous=True)
    assert complaint.status == "upheld"
    assert counted(story) == 0
    assert why(story) == ["属匿名投诉（G-04，假定）"]


def test_complaint_by_somebody_the_base_does_not_serve_does_not_count(story: Story) -> None:
    story.upheld(recipient=False)
    assert counted(story) == 0


def test_complaint_of_the_former_period_does_not_count() -> None:
    story = Story(cast_at("520103"), on=datetime.date(2025, 3, 3), certified_on=datetime.date(2020, 3, 20))
    story.upheld()  # upheld within the first five years
    story.title.period_ends = datetime.date(2030, 3, 20)
    story.title.save(update_fields=["period_ends"])
    story.on = datetime.date(2025, 4, 7)
    story.upheld()
    assert counted(story) == 1
    assert "不在本复评认定期内" in why(story)


def test_withdrawn_complaint_does_not_count(story: Story) -> None:
    complaint = story.verifying()
    actions.withdraw_complaint(complaint, by=story.cast.city_caseworker, on=story.on)
    assert counted(story) == 0


def test_fraud_alone_suffices(story: Story) -> None:
    found = actions.report_misconduct(
        story.base,
        ground="fraud",
        minutes="核对社保记录，发现虚报在孵企业二十户。",
        conclusion="申报材料中虚报在孵企业二十户。",
        officers=[story.cast.city_caseworker.person, story.second_city.person],
        by=story.cast.city_caseworker,
        on=story.on,
    )
    assert story.revocation() is None
    with pytest.raises(NotAllowed):
        actions.decide_misconduct(
            found, established=True, reason="我自己认定自己核实的。", by=story.second_city, on=story.on
        )
    actions.decide_misconduct(
        found, established=True, reason="事实清楚，证据充分，予以认定。", by=story.cast.city_approver, on=story.on
    )
    revocation = story.revocation()
    assert revocation is not None
    assert revocation.ground == "fraud"


def test_finding_does_not_count_before_the_days_for_an_objection_are_over(story: Story) -> None:
    complaint = story.found()
    story.later(5)
    with pytest.raises(DomainError, match="异议期"):
        actions.confirm_finding(complaint, by=story.cast.city_approver, on=story.on)
    story.later(1)
    actions.confirm_finding(complaint, by=story.cast.city_approver, on=story.on)
    assert counted(story) == 1


def test_who_verified_does_not_confirm(story: Story) -> None:
    complaint = story.confirmable()
    with pytest.raises(NotAllowed):
        actions.confirm_finding(complaint, by=story.second_city, on=story.on)


def test_nothing_public_changes_before_the_decision_is_served(story: Story) -> None:
    story.decided()
    story.title.refresh_from_db()
    assert (story.title.status, story.title.underlying) == (Standing.IN_PROCEEDINGS, Standing.CERTIFIED)
