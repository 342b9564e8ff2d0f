"""SIGKILL between and within the steps of proceedings: each is done wholly or not at all, and the case goes on."""

import datetime
import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from bases import actions
from bases.models import Ban, Revocation
from bases.states import RevocationStatus as R
from complaints.actions import confirm_finding, decide_misconduct, report_misconduct
from complaints.models import Complaint
from complaints.tasks import open_grounds
from portal.documents.models import Letter
from portal.documents.rendering import render_waiting
from portal.notifications.models import Notification
from portal.notifications.tasks import sweep_unsent
from portal.worklist.models import WorkItem
from tests.factories.cast import cast_at
from tests.factories.complaints import Story

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WHY = "事实清楚，证据充分，理由如下所述。"
Act = Callable[[], object]


@pytest.fixture(autouse=True)
def _quick_papers(settings: Any) -> None:
    settings.LETTER_WRITER = "tests.factories.races.blank_paper"


def die(*_args: Any, **_kwargs: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(act: Act, at: str) -> None:
    """Let a process of its own do an act, and die before its commit or right after it, before it tells anybody."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        # Where a browser test ran before, its event loop hid an open connection here that the parent still holds.
        connections["default"] = connections.create_connection("default")
        if at == "before the commit":
            connection.ensure_connection()
            connection._commit = die  # type: ignore[method-assign]
        else:
            connection.run_and_clear_commit_hooks = die  # type: ignore[method-assign]
        try:
            act()
        except BaseException:
            traceback.print_exc()
        os._exit(1)  # whatever happened: a child must never go on as a second pytest
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL, "the act ended before it could be killed: see what it printed"


def waits(story: Story) -> tuple[Any, ...]:
    """Return where the case of the base stands, and all that belongs to that."""
    case = Revocation.objects.filter(base=story.base).last()
    return (
        case.status if case else None,
        sorted(WorkItem.objects.waiting().values_list("kind", "subject_id")),
        Letter.objects.count(),
        Ban.objects.count(),
        Notification.objects.count(),
        list(Complaint.objects.values_list("status", flat=True).order_by("pk")),
    )


def steps(story: Story, third: Complaint) -> list[tuple[R, Callable[[], Act]]]:
    """Return each step with the status it leads to; the day of a step is set when it is made ready."""
    cast = story.cast

    def case() -> Revocation:
        return Revocation.objects.get(base=story.base)

    def on(workdays: int, act: Callable[[datetime.date], object]) -> Callable[[], Act]:
        def ready() -> Act:
            day = story.later(workdays) if workdays else story.on
            return lambda: act(day)

        return ready

    office = cast.province_caseworker
    facts = {"facts": "三件有效投诉均经核实属实。", "evidence": "核实记录"}
    return [
        (R.OPENED, on(0, lambda day: confirm_finding(third, by=cast.city_approver, on=day))),
        (R.NOTICE_ISSUED, on(0, lambda day: actions.issue_prior_notice(case(), **facts, by=office, on=day))),
        (R.DEFENCE, on(0, lambda day: actions.sign_for_paper(case(), by=cast.wang, on=day))),
        (R.WEIGHED, on(6, lambda day: actions.weigh_defence(case(), opinion=WHY, by=office, on=day))),
        (R.DECIDED, on(0, lambda day: actions.decide_to_revoke(case(), reason=WHY, by=story.decider, on=day))),
        (R.REVOKED, on(0, lambda day: actions.sign_for_paper(case(), by=cast.wang, on=day))),
    ]


def test_a_case_whose_every_step_was_killed_goes_on_to_its_end() -> None:
    """Killed before its commit nothing happened and it is done again; after it, the sweeps keep what was promised."""
    story = Story(cast_at("520103"))
    story.upheld()
    story.upheld()
    third = story.confirmable()
    for status, ready in steps(story, third):
        act = ready()
        before = waits(story)
        killed(act, "before the commit")
        assert waits(story) == before
        killed(act, "after the commit")
        assert waits(story)[0] == status
    assert Letter.objects.filter(pdf="").exists()
    assert Notification.objects.filter(urgent=True, sent_at__isnull=True).exists()
    render_waiting()
    sweep_unsent()
    assert not Letter.objects.filter(pdf="").exists()
    assert not Notification.objects.filter(urgent=True, sent_at__isnull=True, dropped_because="").exists()
    assert Ban.objects.filter(base=story.base).count() == 1


def test_a_ground_that_waited_is_opened_though_the_message_was_lost() -> None:
    """Closing sends a job that looks for other grounds; killed before it is sent, the daily job looks all the same."""
    story = Story(cast_at("520103"))
    first = story.weighed()
    by = story.cast.city_caseworker
    texts = {"minutes": "两人到场查看账册和名册。", "conclusion": "名册所列三户从未入驻。"}
    people = [by.person, story.second_city.person]
    found = report_misconduct(story.base, ground="fraud", officers=people, by=by, on=story.on, **texts)
    decide_misconduct(found, established=True, reason=WHY, by=story.cast.city_approver, on=story.on)
    killed(lambda: actions.close_revocation(first, because=WHY, by=story.decider, on=story.on), "after the commit")
    assert not Revocation.objects.running().exists()
    open_grounds(story.later(1))
    assert Revocation.objects.running().get().ground == "fraud"
