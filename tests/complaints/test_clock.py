"""The clock's jobs end the same whenever they ran: daily, every third day, twice a day, once after 75 days off.

What must be the same: where every case stands, every day that the law fixes, the letters, what lies on which desk until
when, and the last word each person was told about each thing. What may differ is the day on which a late run happened
(date of a letter, arrival on a desk), and the reminders of a term that were spoken before its last word.
"""

import datetime
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

import bases.tasks
import complaints.tasks
from bases.actions import announce_paper, issue_prior_notice
from bases.models import Ban, Certification, Revocation
from bases.states import RevocationStatus as R
from complaints import actions
from complaints.models import Complaint, Finding, Supplement
from complaints.states import ComplaintStatus as S
from portal.deadlines.calendar import calendar_for, forget
from portal.documents.models import Letter
from portal.notifications.models import Notification
from portal.worklist.models import WorkItem, WorkState
from portal.worklist.tasks import remind
from tests.factories import dossiers
from tests.factories.cast import Cast, cast_at
from tests.factories.complaints import TOLD, Story
from tests.factories.people import officer
from tests.factories.register import base as make_base

pytestmark = pytest.mark.django_db
START = datetime.date(2026, 4, 7)  # a Tuesday, after 清明
DAYS = 75
END = START + datetime.timedelta(days=DAYS)
BECAUSE = "邮寄两次退回，两人上门无人签收，电话停机。"
STAGES = {
    **{f"work.{stage}": place for place, stage in enumerate(("soon", "today", "overdue", "escalated"))},
    "complaint.answer_due": 0,
    "complaint.answer_over": 1,
    "revocation.defence": 0,
    "revocation.defence_ending": 1,
    "revocation.defence_over": 2,
}


class World:
    """One operator with a base for every stage at which only the clock goes on."""

    def __init__(self) -> None:
        self.cast = cast_at("520103")
        officer("省经办", self.cast.province.code)
        for stage in (self._at_the_desk, self._before_the_base, self._announced, self._in_proceedings, self._forgotten):
            stage()

    def story(self, name: str, on: datetime.date = START) -> Story:
        fresh: Cast = replace(self.cast, base=make_base("520103", run_by=self.cast.operator, name=name))
        return Story(fresh, on=on)

    def _at_the_desk(self) -> None:
        told = self.story("待受理创业园")
        told.received()
        actions.receive_complaint(told.base, told=TOLD, by=dossiers.SYSTEM, on=told.on, hold_back=True)
        asked = told.received().complaint
        by = self.cast.county_caseworker
        actions.ask_for_supplement(asked, asked="请补充入驻协议和收据的照片。", by=by, on=told.on)
        told.accepted()
        told.verifying()

    def _before_the_base(self) -> None:
        told = self.story("待答复创业园")
        by = self.cast.county_caseworker
        actions.release_summary(told.accepted(), summary="反映场租减免没有兑现，请说明依据。", by=by, on=told.on)
        told.found()

    def _announced(self) -> None:
        told = self.story("公告创业园", on=START - datetime.timedelta(days=2))
        complaint = told.verifying()
        by = self.cast.city_caseworker
        people = [by.person, told.second_city.person]
        actions.record_finding(
            complaint,
            outcome="true",
            visited=False,
            checked_on=told.on,
            officers=people,
            minutes="查看协议和收据的复印件。",
            conclusion="入驻协议约定首年场租减半，属实。",
            by=by,
            on=told.on,
        )
        actions.announce_finding(complaint, because=BECAUSE, evidence=[self._proof(told)], by=by, on=START)

    def _proof(self, told: Story) -> Any:
        return dossiers.upload(self.cast.city_caseworker, told.base, name=f"退件{told.base.pk}.pdf")

    def _in_proceedings(self) -> None:
        early = datetime.date(2026, 3, 2)
        self.story("待申辩创业园", on=early).in_defence()
        noticed = self.story("告知公告创业园", on=early)
        revocation, by = noticed.opened(), self.cast.province_caseworker
        issue_prior_notice(revocation, facts="三件有效投诉均经核实属实。", evidence="核实记录", by=by, on=noticed.on)
        announce_paper(revocation, because=BECAUSE, evidence=[self._proof(noticed)], by=by, on=START)
        decided = self.story("决定公告创业园", on=early)
        revocation = decided.decided()
        announce_paper(revocation, because=BECAUSE, evidence=[self._proof(decided)], by=by, on=START)

    def _forgotten(self) -> None:
        """A ground that is met with nothing opened, and a complaint whose time is over in the middle."""
        told = self.story("漏立案创业园", on=datetime.date(2026, 3, 2))
        revocation = told.opened()
        for index in (WorkItem, Notification):
            index.objects.filter(subject_type="bases.revocation", subject_id=str(revocation.pk)).delete()
        revocation.verified_by.clear()
        revocation.delete()
        old, by = self.story("旧投诉创业园").received().complaint, self.cast.county_caseworker
        actions.reject_complaint(old, reason="不属于本机关受理范围，请向市场监管部门反映。", by=by, on=START)
        Complaint.objects.filter(pk=old.pk).update(closed_on=datetime.date(2023, 5, 8))  # kept for 36 months


@pytest.fixture
def world() -> World:
    return World()


def run(days: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the jobs on so many days after the start."""
    for number in days:
        day = START + datetime.timedelta(days=number)
        for module in (complaints.tasks, bases.tasks):
            monkeypatch.setattr(module, "business_today", lambda day=day: day)
            module.run_daily()
        remind(day)


def ends() -> dict[str, Any]:
    """Return what must be the same."""
    return {
        "complaints": rows(
            Complaint, "number", "status", "desk", "due", "accepted_on", "verify_by", "limit_term", "held_back"
        ),
        "supplements": rows(Supplement, "complaint", "due_on", "answered_on"),
        "findings": rows(Finding, "complaint", "served_on", "objection_term"),
        "revocations": rows(
            Revocation, "base", "ground", "status", "met_on", "due", "notice_served_on", "defence_term", "served_on"
        ),
        "titles": rows(Certification, "base", "status", "ended_on"),
        "bans": rows(Ban, "base", "starts_on", "ends_on"),
        "purged": sorted(Complaint.objects.filter(purged_on__isnull=False).values_list("number", flat=True)),
        "desks": Counter(str(work(item)) for item in WorkItem.objects.waiting()),
        "letters": Counter(Letter.objects.values_list("kind", "title", "addressee", "operator_id")),
        "told": last_words(),
    }


def rows(model: Any, *fields: str) -> list[str]:
    return sorted(map(str, model.objects.values_list(*fields)))


def work(item: WorkItem) -> tuple[Any, ...]:
    """Return an item without its number and the day it came; proceedings opened late have a number of their own."""
    about = Revocation.objects.get(pk=item.subject_id).base_id if item.kind.startswith("bases.") else item.subject_id
    return item.kind, about, item.desk_id, item.operator_id, item.due_on, (item.due or {}).get("sum")


def last_words() -> Counter[Any]:
    """Return what each person was told; of the reminders of one term, the last; of items dealt with, nothing."""
    told: Counter[Any] = Counter()
    reminded: dict[Any, int] = {}
    items = {str(item.pk): item for item in WorkItem.objects.filter(state=WorkState.OPEN)}
    for row in Notification.objects.all():
        about: Any = row.subject_id
        if row.subject_type == "worklist.workitem":
            if row.subject_id not in items:
                continue
            about = work(items[row.subject_id])
        if row.subject_type == "bases.revocation":
            about = Revocation.objects.get(pk=row.subject_id).base_id
        if row.kind in STAGES:
            key = row.recipient_id, row.kind.split(".")[0], str(about)
            reminded[key] = max(reminded.get(key, 0), STAGES[row.kind])
        else:
            told[row.recipient_id, row.kind, str(about)] += 1
    return told + Counter({(*key, stage): 1 for key, stage in reminded.items()})


def undone(days: list[int], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what these runs end in, and undo them, so that another schedule begins where this one did."""
    with transaction.atomic():
        run(days, monkeypatch)
        found = ends()
        transaction.set_rollback(True)
    return found


def every_third(first: int) -> list[int]:
    return [*range(first, DAYS, 3), DAYS]


@pytest.mark.slow
def test_identical_ends(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    daily = undone(list(range(1, DAYS + 1)), monkeypatch)
    require_that_much_happened(daily)
    schedules = {"every third day": every_third(1), "once after all, twice that day": [DAYS, DAYS]}
    if os.environ.get("CLOCK_IN_FULL"):  # three times as long
        schedules |= {f"every third day from {first}": every_third(first) for first in (2, 3)}
        schedules |= {"twice a day": [day for day in range(1, DAYS + 1) for _time in range(2)]}
    for name, days in schedules.items():
        found = undone(days, monkeypatch)
        for part, expected in daily.items():
            assert found[part] == expected, (name, part)


def require_that_much_happened(daily: dict[str, Any]) -> None:
    """Check what daily runs do by themselves, so that ends are not equal because nothing happened."""
    statuses = Counter(row.split(", ")[1].strip("'") for row in daily["complaints"])
    held_back = {S.RECEIVED: 1}  # silence accepts nothing that is held back
    assert statuses == {S.ACCEPTED: 3, S.VERIFYING: 2, S.FOUND: 2, S.UPHELD: 12, S.REJECTED: 1, **held_back}
    assert len(daily["purged"]) == 1
    ended = Counter(row.split(", ")[2].strip("'") for row in daily["revocations"])
    assert ended == {R.DEFENCE: 2, R.REVOKED: 1, R.OPENED: 1}
    kinds = {kind.split(".")[1] for _person, kind, *_rest in daily["told"] if "." in kind}
    assert kinds >= {"limit_passed", "to_verify", "revoked", "opened"}


@pytest.fixture
def story(cast: Cast) -> Iterator[Story]:
    forget()
    yield Story(cast)
    forget()


def test_silence_accepts_from_the_day_of_receipt(story: Story) -> None:
    """行政许可法 第三十二条：逾期不告知的，自收到之日起即为受理. The run that notices may be days late."""
    complaint = story.received().complaint
    assert complaint.due_on == datetime.date(2026, 3, 9)
    assert complaints.tasks.accept_in_silence(datetime.date(2026, 3, 9)) == 0
    assert complaints.tasks.accept_in_silence(datetime.date(2026, 3, 19)) == 1
    complaint = story.fresh(complaint)
    assert (complaint.status, complaint.accepted_on) == (S.ACCEPTED, story.on)
    assert complaint.limit_on == datetime.date(2026, 5, 6)  # 60 days end on 1 May, a holiday until the 5th
    assert complaint.due_on == datetime.date(2026, 3, 16)


def test_after_a_supplement_silence_accepts_from_the_day_it_came(story: Story) -> None:
    complaint = story.received().complaint
    by = story.cast.county_caseworker
    actions.ask_for_supplement(complaint, asked="请补充入驻协议和收据的照片。", by=by, on=story.on)
    came = story.later(4)
    actions.add_to_complaint(complaint, text="协议和收据已经补上。", by=dossiers.SYSTEM, on=came)
    story.later(8)
    complaints.tasks.accept_in_silence(story.on)
    assert story.fresh(complaint).accepted_on == came


def test_lapsed_supplement_gives_the_bureau_its_full_term_from_the_day_it_was_due(story: Story) -> None:
    complaint = story.received().complaint
    by = story.cast.county_caseworker
    asked = actions.ask_for_supplement(complaint, asked="请补充入驻协议和收据的照片。", by=by, on=story.on)
    story.later(13)
    complaints.tasks.lapse_supplements(story.on)
    complaint = story.fresh(complaint)
    assert complaint.due_on == calendar_for(story.cast.county).add_workdays(asked.due_on, 5)


def test_silence_never_confirms_a_finding(story: Story) -> None:
    complaint = story.found()
    for days in range(1, 120, 7):
        for part in (complaints.tasks.accept_in_silence, complaints.tasks.go_on_without_answers):
            part(story.on + datetime.timedelta(days=days))
    assert story.fresh(complaint).status == S.FOUND


# --- who is told of what is late ---


def test_officers_are_reminded_of_complaints_and_the_bureau_above_is_told(story: Story) -> None:
    story.received()
    for day in (datetime.date(2026, 3, 5), datetime.date(2026, 3, 10), datetime.date(2026, 3, 17)):
        remind(day)
    told = set(Notification.objects.filter(kind__startswith="work.").values_list("kind", "recipient_id"))
    county, city = story.cast.county_caseworker.user_id, story.cast.city_approver.user_id
    assert {("work.soon", county), ("work.overdue", county), ("work.escalated", city)} <= told


def test_officers_are_reminded_of_every_step_of_proceedings(story: Story) -> None:
    revocation = story.in_defence()
    item = WorkItem.objects.waiting().get(subject_id=str(revocation.pk), kind="bases.revocation_weighing")
    assert item.due_on is not None
    remind(item.due_on + datetime.timedelta(days=1))
    kinds = Notification.objects.filter(recipient=story.cast.province_caseworker.user).values_list("kind", flat=True)
    assert "work.overdue" in kinds


def test_base_is_reminded_of_its_answer_near_the_end_on_the_last_day_and_when_it_is_over(story: Story) -> None:
    by = story.cast.county_caseworker
    complaint = story.accepted()
    actions.release_summary(complaint, summary="反映场租减免没有兑现，请说明依据。", by=by, on=story.on)
    wang = Notification.objects.filter(recipient=story.cast.wang.user, kind__startswith="complaint.answer")
    spoken = {}
    for number in range(10):
        day = story.on + datetime.timedelta(days=number)
        complaints.tasks.remind_bases(day)
        complaints.tasks.go_on_without_answers(day)
        spoken[day] = wang.count()
    due = datetime.date(2026, 3, 9)
    assert [day for day, many in spoken.items() if many == 1][0] == datetime.date(2026, 3, 4)
    assert (spoken[due], spoken[due + datetime.timedelta(days=1)]) == (2, 3)
    assert max(spoken.values()) == 3


@pytest.mark.slow
def test_holder_is_reminded_of_its_defence_and_told_when_it_is_over(story: Story) -> None:
    revocation = story.in_defence()
    for number in range(15):
        bases.tasks.remind_of_defence(story.on + datetime.timedelta(days=number))
        bases.tasks.tell_defence_over(story.on + datetime.timedelta(days=number))
    told = Notification.objects.filter(recipient=story.cast.wang.user, subject_id=str(revocation.pk))
    kinds = Counter(told.values_list("kind", flat=True))
    assert (kinds["revocation.defence_ending"], kinds["revocation.defence_over"]) == (2, 1)
