"""A finding on its way: served, objected to, confirmed or sent back, and what each side is told."""

import datetime
import json

import pytest

from bases.states import Standing
from complaints import actions, tasks
from complaints.models import Complaint, FindingObjection, count_of
from portal.accounts.capacity import VISITOR
from portal.documents.models import Letter, Service, ServiceMethod
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.notifications.models import Notification
from portal.worklist.models import WorkItem, WorkState
from tests.factories.cast import cast_at
from tests.factories.complaints import Story
from tests.factories.dossiers import upload

pytestmark = pytest.mark.django_db
WHY = "入驻协议写明减半以书面申请为条件，没有申请。"
WRONG = "上级复查发现票据与投诉无关。"


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


def items(complaint: Complaint, kind: str) -> list[tuple[str, int | None]]:
    rows = WorkItem.objects.filter(subject_type="complaints.complaint", subject_id=str(complaint.pk), kind=kind)
    return list(rows.order_by("pk").values_list("state", "done_by"))


def letter(complaint: Complaint, kind: str) -> str:
    found = Letter.objects.filter(kind=kind, subject_id=str(complaint.pk)).order_by("pk").last()
    assert found is not None, kind
    return json.dumps(found.wording, ensure_ascii=False)


def test_both_sides_may_object_to_one_finding(story: Story) -> None:
    complaint = story.found()
    actions.object_to_finding(complaint, text=WHY, by=story.cast.wang, on=story.on)
    actions.object_to_finding(complaint, text="收据上写的是全额，不是减半。", by=VISITOR, on=story.on)
    assert items(complaint, "complaints.finding_objection") == [(WorkState.OPEN, None)]
    for objection in FindingObjection.objects.all():
        by = story.cast.city_caseworker
        actions.answer_finding_objection(
            objection, founded=False, answer="核对了协议和收据，事实不变。", by=by, on=story.on
        )
    assert items(complaint, "complaints.finding_objection") == [(WorkState.DONE, by.user_id)]


def test_founded_objection_of_one_side_answers_the_other_with_it(story: Story) -> None:
    complaint = story.found()
    first = actions.object_to_finding(complaint, text=WHY, by=story.cast.wang, on=story.on)
    other = actions.object_to_finding(complaint, text="收据上写的是全额，不是减半。", by=VISITOR, on=story.on)
    by = story.cast.city_caseworker
    actions.answer_finding_objection(first, founded=True, answer="漏看了补充协议第三条。", by=by, on=story.on)
    other.refresh_from_db()
    assert (other.founded, other.answered_on) == (None, story.on)
    assert "重新核实" in other.answer
    assert story.fresh(complaint).status == "verifying"


def test_objection_on_paper_is_entered_with_its_scan_and_the_day_it_came(story: Story) -> None:
    complaint, came, by = story.found(), story.on, story.cast.city_caseworker
    story.later(6)
    paper = {"text": WHY, "side": "base", "filed_on": came, "by": by, "on": story.on}
    with pytest.raises(InvalidInput, match="没有提交"):
        actions.object_to_finding(complaint, **paper)
    scan = upload(by, story.base)
    objection = actions.object_to_finding(complaint, **paper, uploads=[scan])
    assert (objection.side, objection.filed_on, objection.entered) == ("base", came, True)
    assert list(objection.uploads.all()) == [scan]
    with pytest.raises(DomainError, match="异议没有答复|没有答复"):
        actions.confirm_finding(complaint, by=story.cast.city_approver, on=story.on)


def test_objection_on_paper_that_came_too_late_is_refused(story: Story) -> None:
    complaint, by = story.found(), story.cast.city_caseworker
    story.later(6)
    with pytest.raises(DomainError, match="已经过了"):
        actions.object_to_finding(
            complaint, text=WHY, side="complainant", uploads=[upload(by, story.base)], by=by, on=story.on
        )


def test_officer_of_another_bureau_enters_no_objection(story: Story) -> None:
    complaint, by = story.found(), story.cast.county_caseworker
    with pytest.raises(NotAllowed):
        actions.object_to_finding(
            complaint, text=WHY, side="base", uploads=[upload(by, story.base)], by=by, on=story.on
        )


def test_what_the_base_did_is_done_by_the_base(story: Story) -> None:
    complaint = story.found()
    wang = story.cast.wang.user_id
    assert items(complaint, "complaints.answer") == [(WorkState.DONE, wang)]
    assert items(complaint, "complaints.finding_receipt") == [(WorkState.DONE, wang)]


def test_verification_ordered_anew_is_told_to_both_sides_and_to_who_verifies(story: Story) -> None:
    complaint = story.upheld("untrue")
    Notification.objects.all().delete()
    actions.overturn_finding(complaint, because=WRONG, by=story.cast.approver, on=story.on)
    assert story.fresh(complaint).status == "verifying"
    assert WRONG in letter(complaint, "complaint.ordered_anew")
    assert WRONG in letter(complaint, "complaint.ordered_anew_to_base")
    told = set(Notification.objects.values_list("kind", "recipient"))
    assert ("complaint.to_verify", story.cast.city_caseworker.user_id) in told
    assert ("complaint.verified_anew", story.cast.wang.user_id) in told


@pytest.mark.slow
def test_base_is_told_how_many_count_only_where_it_counts(story: Story) -> None:
    assert "有效投诉共1次" in letter(story.upheld(), "complaint.result_to_base")
    assert "启动撤销程序" not in letter(story.upheld("untrue"), "complaint.result_to_base")


@pytest.mark.slow
def test_base_without_the_title_is_told_of_no_limit(story: Story) -> None:
    complaint = story.confirmable()
    story.title.delete()
    actions.confirm_finding(complaint, by=story.cast.city_approver, on=story.on)
    assert "启动撤销程序" not in letter(complaint, "complaint.result_to_base")


def test_complainant_is_told_until_when_to_object(story: Story) -> None:
    assert "送达基地之日起5个工作日内" in letter(story.found(), "complaint.finding")


def test_announcement_of_a_finding_that_was_signed_for_is_over(story: Story) -> None:
    complaint = story.verifying()
    by = story.cast.city_caseworker
    actions.record_finding(
        complaint,
        outcome="true",
        visited=True,
        checked_on=story.on,
        officers=[by.person, story.second_city.person],
        minutes="到场查看协议和收据，询问财务人员。",
        conclusion="入驻协议约定首年场租减半，实际按全额收取，情况属实。",
        by=by,
        on=story.on,
    )
    proof = upload(by, story.base)
    actions.announce_finding(complaint, because="邮寄退回，上门无人。", evidence=[proof], by=by, on=story.on)
    actions.sign_for_finding(complaint, by=story.cast.wang, on=story.on)
    service = Service.objects.get(method=ServiceMethod.ANNOUNCEMENT)
    assert service.ends_on is not None
    assert tasks.end_announcements(service.ends_on + datetime.timedelta(days=1)) == 0


def test_complaint_upheld_on_the_day_of_the_surrender_counts(story: Story) -> None:
    story.upheld()
    story.title.status, story.title.ended_on = Standing.SURRENDERED, story.on
    story.title.save(update_fields=["status", "ended_on"])
    count = count_of(story.base, story.on)
    assert count is not None
    assert count.number == 1


def test_supplement_asked_in_quarantine_ends_it(story: Story) -> None:
    receipt = actions.receive_complaint(
        story.base, told="场租说好减半，却一直按全额收取。", by=VISITOR, on=story.on, hold_back=True
    )
    by = story.cast.county_caseworker
    actions.ask_for_supplement(receipt.complaint, asked="请补充入驻协议和今年的收据。", by=by, on=story.on)
    complaint = story.fresh(receipt.complaint)
    assert (complaint.status, complaint.held_back) == ("supplementing", False)
    assert items(complaint, "complaints.quarantine") == [(WorkState.DONE, by.user_id)]


def test_silence_accepts_nothing_that_is_held_back(story: Story) -> None:
    """A flood of junk must not turn into accepted cases: it stays overdue until an officer has looked."""
    held = actions.receive_complaint(
        story.base, told="场租说好减半，却一直按全额收取。", by=VISITOR, on=story.on, hold_back=True
    ).complaint
    meant = story.received().complaint
    story.later(10)
    assert tasks.accept_in_silence(story.on) == 1
    assert [story.fresh(each).status for each in (held, meant)] == ["received", "accepted"]
    assert items(held, "complaints.quarantine") == [(WorkState.OPEN, None)]
    with pytest.raises(DomainError, match="甄别"):
        actions.accept_complaint(held, by=tasks.SYSTEM, on=story.on)


def test_extension_before_service_moves_the_due_date(story: Story) -> None:
    complaint = story.verifying()
    by = story.cast.city_caseworker
    actions.record_finding(
        complaint,
        outcome="untrue",
        visited=False,
        checked_on=story.on,
        officers=[by.person, story.second_city.person],
        minutes="查看协议和收据，询问财务人员。",
        conclusion="协议没有约定减半，情况不属实。",
        by=by,
        on=story.on,
    )
    because = "基地停业，送达要另找负责人。"
    extended = actions.extend_verification(complaint, because=because, by=story.cast.city_approver, on=story.on)
    assert extended.due_on == extended.limit_on


def test_withdrawal_after_the_summary_is_told_to_the_base_and_stays_readable(story: Story, sign_in) -> None:
    complaint = story.verifying()
    actions.withdraw_complaint(complaint, by=VISITOR, on=story.on)
    assert Notification.objects.filter(kind="complaint.withdrawn", recipient=story.cast.wang.user).exists()
    page = sign_in(story.cast.wang).get(f"/my/complaints/{complaint.pk}/")
    assert "已撤回" in page.content.decode()


def test_withdrawal_before_the_summary_is_not_the_bases_to_know(story: Story, sign_in) -> None:
    complaint = story.accepted()
    actions.withdraw_complaint(complaint, by=VISITOR, on=story.on)
    assert sign_in(story.cast.wang).get(f"/my/complaints/{complaint.pk}/").status_code == 404
