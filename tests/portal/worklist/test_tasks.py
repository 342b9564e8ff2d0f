"""The daily reminder: everybody once for each stage, whenever the job ran, and nobody of what rests or is done."""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from bases.models import Base
from portal.accounts.roles import Permission, Role
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import due
from portal.notifications.models import Notification
from portal.worklist.items import cancel_work, close_work, open_work
from portal.worklist.models import WorkItem
from portal.worklist.tasks import remind, stages
from tests.factories.cast import Cast
from tests.factories.people import officer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ARRIVED = datetime.date(2026, 3, 2)  # a Monday; ten working days end on Monday 16 March
DUE = datetime.date(2026, 3, 16)
KIND = "applications.recommendation"


def on_desk(cast: Cast, base: Base | None = None, **fields: Any) -> WorkItem:
    limit = due(ARRIVED, 10, "workday", calendar_for(cast.county))
    values = {"desk": cast.county, "permission": Permission.GIVE_OPINION, "title": "筑梦", "url": "/", **fields}
    return open_work(base or cast.base, KIND, task="写推荐意见", by=cast.wang, on=ARRIVED, due=limit, **values)


def told() -> list[tuple[str, str, int]]:
    """Return what was promised to whom, without the moment it was promised."""
    return sorted(Notification.objects.values_list("kind", "dedupe_key", "recipient_id"))


def run(days: list[datetime.date]) -> None:
    for day in days:
        remind(day)


def each(step: int, first: int = 0) -> list[datetime.date]:
    return [ARRIVED + datetime.timedelta(days=n) for n in range(first, 43, step)]


def test_the_stages_follow_from_the_due_date(cast: Cast) -> None:
    item = on_desk(cast)
    assert item.due_on == DUE
    reached = {
        datetime.date(2026, 3, 10): [],
        datetime.date(2026, 3, 11): ["soon"],  # Thursday, Friday and Monday are left
        datetime.date(2026, 3, 15): ["soon"],
        DUE: ["soon", "today"],
        datetime.date(2026, 3, 17): ["soon", "today", "overdue"],
        datetime.date(2026, 3, 23): ["soon", "today", "overdue"],  # five working days late
        datetime.date(2026, 3, 24): ["soon", "today", "overdue", "escalated"],
    }
    assert {day: stages(item, day) for day in reached} == reached


@pytest.mark.parametrize("first", [0, 1, 2])
def test_daily_every_third_day_and_twice_a_day_give_the_same_messages(first: int, cast: Cast) -> None:
    officer("市里审批", cast.city.code, Role.APPROVER)
    on_desk(cast)
    run(each(1))
    daily = told()
    assert [kind for kind, _key, _person in daily] == [
        *["work.escalated"] * 2,
        "work.overdue",
        "work.soon",
        "work.today",
    ]
    for days in (each(3, first), [day for day in each(1) for _twice in range(2)]):
        Notification.objects.all().delete()
        run(days)
        assert told() == daily


def test_five_working_days_late_the_approvers_above_are_told(cast: Cast) -> None:
    on_desk(cast)
    run([datetime.date(2026, 3, 23)])
    assert not Notification.objects.filter(kind="work.escalated").exists()
    run([datetime.date(2026, 3, 24)])
    assert Notification.objects.get(kind="work.escalated").recipient_id == cast.city_approver.user_id


def test_where_nobody_is_above_the_approvers_of_the_own_bureau_are_told(cast: Cast) -> None:
    head = officer("本厅审批", cast.province.code, Role.APPROVER)
    on_desk(cast, desk=cast.province)
    run([datetime.date(2026, 3, 23)])
    assert not Notification.objects.filter(kind="work.within").exists()
    run([datetime.date(2026, 3, 24), datetime.date(2026, 3, 25)])
    told_of = Notification.objects.filter(kind="work.within")
    assert set(told_of.values_list("recipient", flat=True)) == {head.user_id, cast.approver.user_id}
    assert told_of.count() == 2
    assert told_of[0].subject.startswith("本单位逾期超过 5 个工作日：")


def test_approver_who_is_late_himself_is_not_told_to_look_after_it(cast: Cast) -> None:
    on_desk(cast, desk=cast.province, permission=Permission.APPROVE)
    run([datetime.date(2026, 3, 24)])
    assert set(Notification.objects.filter(sent_at=None).values_list("kind", flat=True)) == {"work.overdue"}


def test_what_is_done_or_withdrawn_is_not_spoken_of(cast: Cast) -> None:
    on_desk(cast)
    close_work(cast.base, by=cast.county_caseworker, on=ARRIVED)
    run(each(1))
    assert told() == []
    on_desk(cast)
    cancel_work(cast.base)
    run(each(1))
    assert told() == []


def test_a_due_date_that_moved_begins_anew(cast: Cast) -> None:
    on_desk(cast)
    run([DUE])
    assert len(told()) == 2
    later = due(datetime.date(2026, 3, 20), 10, "workday", calendar_for(cast.county))
    WorkItem.objects.waiting().update(due_on=later.on, due=later.as_json())
    run([later.on])
    assert len(told()) == 4


def test_the_state_is_looked_at_when_the_message_is_written(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the fetch and the message somebody deals with the item."""
    item = on_desk(cast)

    def stale(found: WorkItem, on: datetime.date) -> list[str]:
        close_work(cast.base, by=cast.county_caseworker, on=on)
        return ["today"]

    monkeypatch.setattr("portal.worklist.tasks.stages", stale)
    assert remind(DUE) == 0
    assert told() == []
    item.refresh_from_db()
    assert item.state == "done"


def test_an_assigned_item_reminds_its_officer_alone(cast: Cast) -> None:
    colleague = officer("同事", cast.county.code)
    on_desk(cast, assignee=colleague.user)
    run([DUE])
    assert {person for _kind, _key, person in told()} == {colleague.user_id}


def test_the_desk_is_told_when_the_assigned_officer_has_left(cast: Cast) -> None:
    on_desk(cast, assignee=cast.neighbour.user)
    run([DUE])
    assert {person for _kind, _key, person in told()} == {cast.county_caseworker.user_id}


def test_of_stages_that_fell_due_together_a_person_reads_the_last_alone(cast: Cast, sign_in: Any) -> None:
    """Days were skipped: nobody reads 三个工作日内 and 最后一日 of what is overdue, and nothing of it is mailed."""
    on_desk(cast)
    assert remind(datetime.date(2026, 3, 17)) == 1
    page = sign_in(cast.county_caseworker).get(reverse("notifications:inbox"))
    assert [row.kind for row in page.context["rows"]] == ["work.overdue"]
    assert list(Notification.objects.filter(read_at=None).values_list("kind", flat=True)) == ["work.overdue"]
    assert list(Notification.objects.filter(sent_at=None).values_list("kind", flat=True)) == ["work.overdue"]
    assert remind(datetime.date(2026, 3, 17)) == 0
