"""A correction that does not come (逾期未补正): the desk that asked may go on with what is on file, and nobody else."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from applications import actions
from applications.models import Application, CorrectionRequest
from applications.states import ApplicationStatus
from applications.tasks import remind_of_corrections, report_overdue_corrections
from portal.accounts.capacity import Capacity
from portal.audit.models import AuditEvent
from portal.deadlines.calendar import calendar_for
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.notifications.models import OUTGROWN, Notification
from portal.rehearsal.demo.days import run_jobs
from portal.worklist.models import WorkItem, WorkState
from portal.worklist.tasks import remind
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SignIn = Callable[[Capacity], Client]
ITEMS = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同附图不一致。"}]
ASKED = datetime.date(2026, 3, 12)
LAST = datetime.date(2026, 3, 26)  # ten working days later
AFTER = datetime.date(2026, 3, 27)
SAID = {"premises.incubation_area": "按合同附图核对，面积无误。"}
WHY = "期满未收到补正，按现有材料审核。"


@pytest.fixture
def returned(cast: Cast) -> Application:
    """A case that the city returned on ASKED, and that was not resubmitted."""
    application = dossiers.recommended(cast)
    actions.return_for_correction(application, items=ITEMS, by=cast.city_caseworker, on=ASKED)
    return dossiers.fresh(application)


def test_desk_that_asked_goes_on_with_what_is_on_file(cast: Cast, returned: Application) -> None:
    actions.go_on_without_correction(returned, reason=WHY, by=cast.city_caseworker, on=AFTER)
    application = dossiers.fresh(returned)
    assert (application.status, application.desk) == (ApplicationStatus.PRELIMINARY_REVIEW, cast.city)
    assert application.submissions.count() == 1
    # Twenty working days from 9 March, and the eleven that were waited for the correction: 13 to 27 March.
    assert application.due_on == calendar_for(cast.county).add_workdays(dossiers.FILED, 31)
    item = WorkItem.objects.get(state=WorkState.OPEN, subject_type="applications.application")
    assert (item.kind, item.desk) == ("applications.preliminary_review", cast.city)
    event = AuditEvent.objects.get(verb="application.correction_lapsed")
    assert event.facts["reason"] == WHY
    assert Notification.objects.filter(recipient=cast.wang.user, subject__contains="按现有材料继续办理").exists()
    actions.give_opinion(application, verdict="against", text="面积无法核实。", by=cast.city_caseworker, on=AFTER)
    assert dossiers.fresh(application).status == ApplicationStatus.SITE_VISIT


def test_operator_has_the_last_day_whole(cast: Cast, returned: Application) -> None:
    with pytest.raises(DomainError, match="2026-03-26"):
        actions.go_on_without_correction(returned, reason=WHY, by=cast.city_caseworker, on=LAST)
    assert dossiers.fresh(returned).status == ApplicationStatus.RETURNED


def test_no_other_desk_goes_on(cast: Cast, returned: Application) -> None:
    for other in (cast.county_caseworker, cast.province_caseworker, cast.city_approver):
        with pytest.raises(NotAllowed):
            actions.go_on_without_correction(returned, reason=WHY, by=other, on=AFTER)


def test_going_on_needs_a_reason(cast: Cast, returned: Application) -> None:
    with pytest.raises(InvalidInput) as refused:
        actions.go_on_without_correction(returned, reason=" ", by=cast.city_caseworker, on=AFTER)
    assert "reason" in refused.value.problems


def test_late_correction_is_taken_until_the_desk_went_on_and_is_shown_as_late(
    cast: Cast, returned: Application, sign_in: SignIn
) -> None:
    actions.submit_application(returned, by=cast.wang, at=dossiers.moment(AFTER), declared=True, replies=SAID)
    assert dossiers.fresh(returned).status == ApplicationStatus.PRELIMINARY_REVIEW
    page = sign_in(cast.city_caseworker).get(reverse("applications:case", args=[returned.pk])).content.decode()
    assert "（逾期）" in page


def test_correction_after_the_desk_went_on_is_no_longer_taken(cast: Cast, returned: Application) -> None:
    actions.go_on_without_correction(returned, reason=WHY, by=cast.city_caseworker, on=AFTER)
    with pytest.raises(DomainError):
        actions.submit_application(returned, by=cast.wang, at=dossiers.moment(AFTER, 15), declared=True)
    request = CorrectionRequest.objects.get(application=returned)
    assert (request.answered_on, request.lapsed_on) == (None, AFTER)


def test_daily_job_puts_an_overdue_correction_before_the_desk_once(cast: Cast, returned: Application) -> None:
    assert report_overdue_corrections(LAST) == 0
    assert report_overdue_corrections(AFTER) == 1
    assert report_overdue_corrections(AFTER + datetime.timedelta(days=1)) == 0
    item = WorkItem.objects.get(kind="applications.correction_overdue")
    assert (item.desk, item.state) == (cast.city, WorkState.OPEN)
    assert (
        Notification.objects.filter(recipient=cast.city_caseworker.user, subject__contains="逾期没有补正").count() == 1
    )
    actions.submit_application(returned, by=cast.wang, at=dossiers.moment(AFTER), declared=True, replies=SAID)
    item.refresh_from_db()
    assert item.state == WorkState.CANCELLED


def test_every_day_that_passes_in_the_demo_does_what_a_night_does_about_corrections(
    cast: Cast, returned: Application
) -> None:
    for day, overdue in ((LAST, 0), (AFTER, 1), (AFTER + datetime.timedelta(days=1), 1)):
        with travel(dossiers.moment(day)):
            run_jobs()
        assert WorkItem.objects.waiting().filter(kind="applications.correction_overdue").count() == overdue


def test_overdue_correction_stands_overdue_on_the_list_of_the_desk_and_of_the_bureau_above(
    cast: Cast, returned: Application, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    report_overdue_corrections(AFTER)
    monkeypatch.setattr("portal.desk.worklist.views.business_today", lambda: AFTER)
    for who, query in ((cast.city_caseworker, "?term=overdue"), (cast.approver, "?queue=below&term=overdue")):
        page = sign_in(who).get(f"/desk/{query}")
        (row,) = page.context["rows"]
        assert (row.item.kind, row.now.level, row.item.due_on) == ("applications.correction_overdue", "overdue", LAST)
        assert row.basis.clause


def test_desk_is_told_once_that_a_correction_is_overdue_and_the_bureau_above_when_it_stays_so(
    cast: Cast, returned: Application
) -> None:
    report_overdue_corrections(AFTER)
    told = Notification.objects.filter(recipient=cast.city_caseworker.user, on=AFTER)
    assert remind(AFTER) == 0
    assert [each.subject for each in told.exclude(dropped_because=OUTGROWN)] == [f"{returned.base}逾期没有补正"]
    remind(datetime.date(2026, 4, 3))  # six working days after the last day
    assert Notification.objects.filter(recipient=cast.approver.user, kind="work.escalated").count() == 1


def test_what_a_desk_does_after_an_overdue_correction_is_not_called_late(cast: Cast, returned: Application) -> None:
    report_overdue_corrections(AFTER)
    actions.go_on_without_correction(returned, reason=WHY, by=cast.city_caseworker, on=AFTER)
    item = WorkItem.objects.get(kind="applications.correction_overdue")
    assert (item.state, item.done_late) == (WorkState.DONE, False)


def test_lapsed_correction_is_not_spoken_of_again(cast: Cast, returned: Application) -> None:
    actions.go_on_without_correction(returned, reason=WHY, by=cast.city_caseworker, on=AFTER)
    dossiers.asked_again(returned, ITEMS, by=cast.city_caseworker, head=cast.city_approver, on=AFTER)
    CorrectionRequest.objects.filter(number=1).update(due_on=AFTER)
    assert remind_of_corrections(AFTER) == 0
    assert report_overdue_corrections(AFTER + datetime.timedelta(days=3)) == 0


def test_button_stands_on_the_page_of_the_case_when_the_day_is_over(
    cast: Cast, returned: Application, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = reverse("applications:case", args=[returned.pk])
    client, go_on = sign_in(cast.city_caseworker), reverse("applications:go_on", args=[returned.pk])
    monkeypatch.setattr("applications.views.for_officers.cases.business_today", lambda: LAST)
    before = client.get(address).content.decode()
    assert go_on not in before
    assert "计时暂停" in before
    monkeypatch.setattr("applications.views.for_officers.cases.business_today", lambda: AFTER)
    assert go_on in client.get(address).content.decode()
    for other in (cast.city_caseworker, cast.county_caseworker):
        page = sign_in(other).get(address).content.decode()
        assert "补正期限 2026-03-26（含当日）已过，没有收到补正" in page
        assert f"{cast.city.name}经办岗可以按现有材料继续办理；继续办理以前，申报单位仍可补正" in page
        assert "计时暂停" not in page
    assert go_on not in page
    monkeypatch.setattr("applications.views.for_officers.acts.business_today", lambda: AFTER)
    assert client.get(go_on).status_code == 200
    client.post(go_on, {"reason": WHY, "seen": returned.revision})
    assert dossiers.fresh(returned).status == ApplicationStatus.PRELIMINARY_REVIEW
