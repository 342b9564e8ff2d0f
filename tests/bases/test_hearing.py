"""The hearing (听证): asked for, notified in time, held on its day and put on record, before the defence is weighed."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bases import actions
from bases.models import Revocation
from bases.tasks import end_announcements
from complaints.actions.identity import traits_of
from complaints.models import Complaint
from portal.accounts.capacity import Capacity
from portal.accounts.roles import Role
from portal.audit.models import AuditEvent
from portal.documents.models import Letter
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.notifications.models import Notification
from portal.worklist.models import WorkItem
from tests.factories import dossiers
from tests.factories.cast import cast_at
from tests.factories.complaints import Story
from tests.factories.people import officer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SignIn = Callable[[Capacity], Client]
ROOM, CHAIR = "省厅 3 号楼 201 会议室", "法规处处长吕法"


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


@pytest.fixture(autouse=True)
def _today(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages live on the day of the story."""
    for module in ("revocations", "revoking", "for_operators"):
        monkeypatch.setattr(f"bases.views.{module}.business_today", lambda: story.on)


@pytest.fixture
def asked(story: Story) -> Revocation:
    """Proceedings in which the holder asked for a hearing on the day of the notice."""
    revocation = story.in_defence()
    statement = "其中一件票据与本基地无关。"
    actions.file_defence(revocation, statement=statement, asks_hearing=True, by=story.cast.wang, on=story.on)
    return revocation


def said(story: Story, workdays: int = 7, **other: Any) -> dict[str, Any]:
    """Return what the officer enters for a hearing so many working days from today."""
    before, day = story.on, story.later(workdays)
    story.on = before
    return {
        "held_on": day,
        "at": datetime.time(9, 30),
        "place": ROOM,
        "chair": CHAIR,
        "by": story.cast.province_caseworker,
        "on": story.on,
        **other,
    }


def waiting(revocation: Revocation, kind: str) -> list[WorkItem]:
    return list(WorkItem.objects.waiting().filter(subject_id=str(revocation.pk), kind=f"bases.revocation_{kind}"))


def fresh(revocation: Revocation) -> Revocation:
    return Revocation.objects.get(pk=revocation.pk)


def test_a_hearing_is_notified_seven_working_days_before(story: Story, asked: Revocation) -> None:
    with pytest.raises(InvalidInput) as refused:
        actions.set_hearing(asked, **said(story, 6))
    assert "7 个工作日" in refused.value.problems["held_on"]
    letter = actions.set_hearing(asked, **said(story))
    assert letter.title == "听证通知书"
    assert letter.reference
    words = "".join(block["text"] for block in letter.wording["body"])
    for part in ("9:30", ROOM, CHAIR, "委托一至二人代理", "申请回避", "参照《行政处罚法》第六十四条"):
        assert part in words
    told = Notification.objects.get(kind="revocation.hearing_set", recipient=story.cast.wang.user)
    assert ROOM in told.body
    event = AuditEvent.objects.get(verb="revocation.hearing_set")
    assert event.facts["held_on"] == str(fresh(asked).hearing_set_for)


def test_no_hearing_without_a_request_nor_on_a_day_off(story: Story) -> None:
    revocation = story.in_defence()
    with pytest.raises(DomainError, match="没有申请听证"):
        actions.set_hearing(revocation, **said(story))
    actions.file_defence(
        revocation, statement="其中一件票据与本基地无关。", asks_hearing=True, by=story.cast.wang, on=story.on
    )
    free = said(story)["held_on"]
    while free.weekday() != 5:
        free += datetime.timedelta(days=1)
    with pytest.raises(InvalidInput) as refused:
        actions.set_hearing(revocation, **{**said(story), "held_on": free})
    assert "休息日" in refused.value.problems["held_on"]


def test_who_verified_or_gave_notice_does_not_preside(story: Story, asked: Revocation) -> None:
    chair = f"就业处 {story.cast.province_caseworker.person}"
    with pytest.raises(InvalidInput) as refused:
        actions.set_hearing(asked, **said(story, chair=chair))
    assert "不能主持听证" in refused.value.problems["chair"]


def test_only_the_deciding_bureau_sets_a_hearing(story: Story, asked: Revocation) -> None:
    for by in (story.cast.county_caseworker, story.decider, story.cast.wang):
        with pytest.raises(NotAllowed):
            actions.set_hearing(asked, **said(story, by=by))


def test_a_hearing_is_recorded_on_its_day_and_not_before(story: Story, asked: Revocation) -> None:
    by, minutes = story.cast.province_caseworker, "双方到场，各自陈述。"
    with pytest.raises(DomainError, match="还没有确定听证"):
        actions.record_hearing(asked, held_on=story.on, minutes=minutes, by=by, on=story.on)
    day = story.set_hearing(asked)
    with pytest.raises(DomainError, match="举行以后才能登记"):
        actions.record_hearing(asked, held_on=day, minutes=minutes, by=by, on=day - datetime.timedelta(days=1))
    with pytest.raises(InvalidInput) as refused:
        actions.record_hearing(asked, held_on=story.on, minutes=minutes, by=by, on=day)
    assert str(day) in refused.value.problems["held_on"]
    assert actions.record_hearing(asked, held_on=day, minutes=minutes, by=by, on=day).hearing_on == day


def test_a_hearing_whose_notice_was_not_served_in_time_is_moved(story: Story, asked: Revocation) -> None:
    by, minutes = story.cast.province_caseworker, "双方到场，各自陈述。"
    first = actions.set_hearing(asked, **said(story))
    story.later(1)
    day = fresh(asked).hearing_set_for
    assert day is not None
    with pytest.raises(DomainError, match="还没有送达"):
        actions.record_hearing(asked, held_on=day, minutes=minutes, by=by, on=day)
    actions.sign_for_paper(asked, by=story.cast.wang, on=story.on)
    assert "另定听证日期" in waiting(asked, "hearing")[0].task
    with pytest.raises(DomainError, match="不足规定的工作日"):
        actions.record_hearing(asked, held_on=day, minutes=minutes, by=by, on=day)
    story.heard(fresh(asked))
    assert Letter.objects.get(pk=first.pk).voided_on is not None
    assert fresh(asked).hearing_on == story.on > day


def test_the_time_of_the_hearing_is_not_taken_from_the_days_to_weigh(story: Story, asked: Revocation) -> None:
    before = fresh(asked).due_on
    day = story.set_hearing(asked, 12)
    after = fresh(asked)
    assert before is not None
    assert after.due_on is not None
    assert after.due_on > day > before
    assert {item.due_on for item in waiting(asked, "weighing")} == {after.due_on}


def test_a_hearing_stands_on_the_list_of_who_has_to_act(story: Story, asked: Revocation) -> None:
    assert [item.task for item in waiting(asked, "hearing")] == ["确定听证的时间、地点和主持人，通知对方"]
    actions.file_defence(
        asked, statement="再补充一点，请求当面说明。", asks_hearing=True, by=story.cast.wang, on=story.on
    )
    actions.set_hearing(asked, **said(story))
    assert [item.operator_id for item in waiting(asked, "hearing_receipt")] == [story.cast.operator.pk]
    assert [item.task for item in waiting(asked, "hearing")] == ["送达听证通知书；听证举行后登记记录"]
    actions.sign_for_paper(asked, by=story.cast.wang, on=story.on)
    assert waiting(asked, "hearing_receipt") == []
    assert len(waiting(asked, "receipt")) == 1  # it may still say what it has to say
    story.on = said(story)["held_on"]
    by = story.cast.province_caseworker
    actions.record_hearing(asked, held_on=story.on, minutes="双方到场。", by=by, on=story.on)
    assert waiting(asked, "hearing") == []


def test_a_hearing_notice_can_be_served_by_announcement(story: Story, asked: Revocation) -> None:
    actions.set_hearing(asked, **said(story, 40))
    by = story.cast.province_caseworker
    proof = dossiers.upload(by, story.base, "退信.pdf")
    actions.announce_paper(asked, because="邮寄退回，上门两次无人。", evidence=[proof], by=by, on=story.on)
    story.on += datetime.timedelta(days=31)
    assert end_announcements(story.on) == 1
    assert AuditEvent.objects.filter(verb="revocation.hearing_notice_served").count() == 1


def test_a_record_that_names_who_complained_is_refused(story: Story, asked: Revocation) -> None:
    first = Complaint.objects.filter(base=story.base).order_by("pk")[0]
    name = dict(traits_of(first, by=story.cast.province_caseworker))["姓名"]
    day = story.set_hearing(asked)
    with pytest.raises(InvalidInput) as refused:
        actions.record_hearing(
            asked, held_on=day, minutes=f"{name}到场陈述。", by=story.cast.province_caseworker, on=day
        )
    assert "投诉人" in refused.value.problems["minutes"]


def test_officer_and_holder_go_from_the_request_to_the_record_on_screen(
    story: Story, asked: Revocation, sign_in: SignIn
) -> None:
    desk, wang = sign_in(story.cast.province_caseworker), sign_in(story.cast.wang)
    case, mine = f"/desk/revocations/{asked.pk}/", f"/my/revocations/{asked.pk}/"
    page = wang.get(mine).content.decode()
    assert f"{story.on} 已收到" in page
    assert "7 个工作日书面通知" in page
    assert "确定听证" in desk.get(case).content.decode()
    sent = {name: value for name, value in said(story).items() if name not in {"by", "on"}}
    sent |= {"at": "09:30", "seen": fresh(asked).revision}
    preview = desk.post(f"{case}hearing/notice/", {**sent, "act": "preview"}).content.decode()
    assert "听证通知书" in preview
    assert ROOM in preview
    assert desk.post(f"{case}hearing/notice/", {**sent, "held_on": f"{story.on}"}).status_code == 422
    assert desk.post(f"{case}hearing/notice/", sent).status_code == 302
    page = desk.get(case).content.decode()
    assert ROOM in page
    assert "听证通知书还没有送达" in page
    page = wang.get(mine).content.decode()
    assert page.count("签收《听证通知书》") == 1
    assert CHAIR in page
    assert 'name="statement"' in page  # what it has to say it may still say
    assert wang.post(f"{mine}sign/").status_code == 302
    assert "举行以后才能登记" in desk.get(case).content.decode()
    story.on = said(story)["held_on"]
    record = {"held_on": f"{story.on}", "minutes": "双方到场，当庭质证。"}
    assert desk.post(f"{case}hearing/", record).status_code == 302
    assert "当庭质证。" in wang.get(mine).content.decode()


def test_who_has_asked_for_a_hearing_is_not_asked_again_nor_called_late(
    story: Story, asked: Revocation, sign_in: SignIn
) -> None:
    wang, mine = sign_in(story.cast.wang), f"/my/revocations/{asked.pk}/"
    assert 'name="asks_hearing"' not in wang.get(mine).content.decode()
    story.later(6)
    page = wang.get(mine).content.decode()
    assert "补充陈述、申辩" in page
    assert "逾期" not in page


def test_the_officer_is_told_the_next_step_of_the_hearing(story: Story, asked: Revocation, sign_in: SignIn) -> None:
    desk, case = sign_in(story.cast.province_caseworker), f"/desk/revocations/{asked.pk}/"
    steps = [str(desk.get(case).context["now"][0])]
    actions.set_hearing(asked, **said(story))
    steps.append(str(desk.get(case).context["now"][0]))
    actions.sign_for_paper(asked, by=story.cast.wang, on=story.on)
    steps.append(str(desk.get(case).context["now"][0]))
    day = story.on = said(story)["held_on"]
    by = story.cast.province_caseworker
    actions.record_hearing(asked, held_on=day, minutes="双方到场。", by=by, on=day)
    steps.append(str(desk.get(case).context["now"][0]))
    assert steps == ["确定听证的时间、地点和主持人", "送达听证通知书", f"{day} 举行听证，登记记录", "写复核意见"]


def test_another_officer_than_the_one_who_presides_may_set_it(story: Story, asked: Revocation) -> None:
    other = officer("吕省办", story.cast.province.code, Role.CASEWORKER)
    letter = actions.set_hearing(asked, **said(story, by=other))
    assert letter.series is not None
