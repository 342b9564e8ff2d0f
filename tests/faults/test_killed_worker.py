"""SIGKILL on a real worker during reminders and proceedings' letters: none lost, none twice; naive handlers do both."""

import datetime
import os
import random
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from django.db.models import Q

from bases.models import Ban, Base, Certification, Revocation
from bases.states import RevocationStatus as R
from bases.states import Standing
from portal.accounts.capacity import SYSTEM
from portal.accounts.roles import Permission
from portal.deadlines.today import business_today
from portal.documents.letters import Block, Draft, issue_letter
from portal.documents.models import Letter, Service, ServiceMethod
from portal.notifications.models import Notification
from portal.worklist.items import open_work
from portal.worklist.models import WorkItem
from tests.factories import dossiers, titles
from tests.factories.cast import Cast, cast_at
from tests.factories.register import base as make_base
from tests.faults.outside import posted
from tests.faults.worker import Worker, worker

# A worker killed at random answers for the machine as much as for the code: `make soak` kills thirty times.
soak = pytest.mark.skipif("FAULT_KILLS" not in os.environ, reason="needs an idle machine: make soak")
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), soak]
KILLS = int(os.environ.get("FAULT_KILLS", "3"))  # 30 for the figure that is reported
REMINDERS = int(os.environ.get("FAULT_REMINDERS", "30"))  # 500
LETTERS = int(os.environ.get("FAULT_LETTERS", "6"))  # 100
JOBS = (
    "portal.worklist.tasks.remind_due",
    "bases.tasks.run_daily",
    "portal.documents.tasks.sweep_unrendered",
    "portal.notifications.tasks.sweep_unsent",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FAULTS_FOLDER", str(tmp_path))
    return tmp_path


def reminders(cast: Cast) -> list[WorkItem]:
    """Return items that were due yesterday."""
    yesterday = business_today() - datetime.timedelta(days=1)
    found = []
    for number in range(REMINDERS):
        item = open_work(
            make_base("520103", run_by=cast.operator, name=f"第{number}号待办基地"),
            "complaints.received",
            task="决定是否受理投诉",
            title=f"第{number}号",
            url="/",
            desk=cast.county,
            permission=Permission.HANDLE_COMPLAINT,
            by=SYSTEM,
            on=yesterday,
        )
        found.append(item)
    WorkItem.objects.filter(pk__in=[item.pk for item in found]).update(due_on=yesterday)
    return found


def announced_decisions(cast: Cast) -> None:
    """Enter proceedings whose announced decision counts as served from today on: the job issues what follows."""
    for number in range(LETTERS):
        _announced(cast, make_base("520103", run_by=cast.operator, name=f"第{number}号撤销基地"), number)


def _announced(cast: Cast, base: Base, number: int) -> None:
    day = business_today() - datetime.timedelta(days=60)
    title = titles.certification(base, status=Standing.IN_PROCEEDINGS, stood_as=Standing.CERTIFIED)
    case = Revocation.objects.create(
        jurisdiction=base.jurisdiction,
        number=f"CX-{number}",
        certification=title,
        base=base,
        operator=base.operator,
        decider=cast.province,
        ground="fraud",
        policy="guizhou-2022",
        clause="GZ-27",
        status=R.DECIDED,
        opened_on=day,
        opened_at=dossiers.moment(day),
        met_on=day,
        notice_served_on=day,
        defence_ends=day + datetime.timedelta(days=8),
        decided_on=day + datetime.timedelta(days=10),
    )
    draft = Draft(kind="revocation.decision", title="撤销决定书", body=(Block("p", "撤销。"),), series="撤销决")
    case.decision = issue_letter(
        draft, about=case, at=cast.province, by=SYSTEM, on=case.decided_on or day, operator_id=base.operator_id
    )
    case.save(update_fields=["decision"])
    Service.objects.create(
        jurisdiction=base.jurisdiction,
        letter=case.decision,
        method=ServiceMethod.ANNOUNCEMENT,
        began_on=day,
        ends_on=business_today() - datetime.timedelta(days=2),
        recorded_at=dossiers.moment(day),
    )


def done() -> int:
    """Return how much has been done: mails, papers, revocations and messages."""
    rows = Notification.objects.count() + Letter.objects.exclude(pdf="").count() + Ban.objects.count()
    return rows + len(posted())


def unfinished() -> bool:
    unsent = Notification.objects.filter(urgent=True, sent_at__isnull=True, dropped_because="")
    waiting = Revocation.objects.filter(status=R.DECIDED)
    return bool(unsent.exists() or waiting.exists() or Letter.objects.filter(pdf="").exists())


def kill_and_finish(hand: Worker, seed: int) -> int:
    """Kill the worker again and again, each time with the jobs that the beat would send; then let it finish."""
    chance, kills = random.Random(seed), 0
    while kills < KILLS and (unfinished() or kills == 0):
        hand.send(*JOBS)
        hand.kill_at_work(done, chance, longest=REMINDERS / 600)  # so that the kills fall all over the batch
        kills += 1
    hand.start()
    while unfinished():
        hand.send(*JOBS)
        hand.wait(partial(moved_on, done() + 100))
    return kills


def moved_on(mark: int) -> bool:
    return done() >= mark or not unfinished()


def test_none_lost_and_none_twice(folder: Path) -> None:
    cast = cast_at("520103")
    items = reminders(cast)
    announced_decisions(cast)
    papers = Letter.objects.count()
    with worker(folder) as hand:
        kills = kill_and_finish(hand, seed=4)
    print(f"{kills} kills, {len(items)} items, {LETTERS} cases, {len(posted())} mails handed over")  # noqa: T201
    county = Q(recipient=cast.county_caseworker.user, subject_type="worklist.workitem")
    told = Counter(Notification.objects.filter(county, kind="work.overdue").values_list("subject_id", flat=True))
    assert told == {str(item.pk): 1 for item in items}
    urgent = Notification.objects.filter(urgent=True, dropped_because="")
    assert not urgent.filter(sent_at__isnull=True).exists()
    mailed = {f"<notice-{pk}@localhost>" for pk in urgent.exclude(recipient__email="").values_list("pk", flat=True)}
    assert {line.partition("@")[0] for line in posted()} == {line.partition("@")[0] for line in mailed}
    assert len(posted()) - len(mailed) <= kills  # the same Message-ID again, which a mailbox keeps once
    assert Certification.objects.filter(status=Standing.REVOKED).count() == LETTERS
    assert Ban.objects.count() == LETTERS
    issued = Counter(Letter.objects.exclude(kind="revocation.decision").values_list("subject_id", flat=True))
    assert sorted(issued.values()) == [1] * LETTERS
    assert Letter.objects.count() == papers + LETTERS
    assert not Letter.objects.filter(pdf="").exists()
    assert Service.objects.filter(served_on__isnull=False).count() == LETTERS


@pytest.mark.parametrize("again", [False, True], ids=["sent once", "sent again to whom is not marked"])
def test_naive_reminders_are_lost_or_come_twice(folder: Path, again: bool) -> None:
    """Without a promise in the database a killed message is gone; sent again without a hold it comes twice."""
    items = reminders(cast_at("520103"))
    with worker(folder) as hand:
        hand.env["FAULTS_PACE"] = "0.5"  # long enough to be hit: before the mail, or between the mail and the mark
        hand.send(*(("tests.faults.naive.tell", item.pk) for item in items))
        for _kill in range(KILLS):
            hand.kill_at_work((lambda: len(posted())) if again else partial(taken, folder), random.Random(7), longest=0)
        if again:
            hand.send(*(("tests.faults.naive.tell", pk) for pk in unmarked()))
        del hand.env["FAULTS_PACE"]
        hand.start()
        hand.wait(lambda: taken(folder) == 0)
    counted = Counter(posted())
    print(f"naive: {KILLS} kills, {len(items)} items, {len(counted)} told, {sum(counted.values())} mails")  # noqa: T201
    if again:
        assert max(counted.values()) > 1
    else:
        assert len(counted) < len(items)


def taken(folder: Path) -> int:
    """Return how far the queue has been worked off: zero when nothing waits in it."""
    return -sum(1 for _message in (folder / "broker" / "queue").iterdir())


def unmarked() -> list[int]:
    return list(WorkItem.objects.filter(urged_on=None).values_list("pk", flat=True))
