"""Objections, complaints, revocations, duties: a day rests on the same clause, with the same mark, on every page."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applications import actions
from applications.actions.moving import procedure_of
from applications.models import Application, Objection
from bases import actions as bases
from bases.actions.proceedings import law_of
from bases.models import Revocation
from complaints import actions as complaints
from complaints.actions.handling import handling_of
from complaints.models import Complaint
from portal.accounts.capacity import VISITOR, Capacity
from portal.desk.home import views as home_views
from portal.policies.schema import Value
from portal.worklist.models import WorkItem
from tests.factories import dossiers, titles
from tests.factories.cast import Cast
from tests.factories.complaints import Story

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
GONE = "gone-2001"
TRANSACTION = ("SAVEPOINT", "RELEASE", "SET TRANSACTION", "ROLLBACK")


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


def objected(cast: Cast) -> Objection:
    """Return an objection that waits for its answer."""
    application, notice = dossiers.publicised(cast)
    said = {"name": "王某", "contact": "13800000000", "reason": "该基地孵化面积与公示不符，有合同为证。"}
    return actions.receive_objection(notice, application=application, by=VISITOR, on=dossiers.FILED, **said)


def hearing_asked(story: Story) -> Revocation:
    """Return proceedings in which the holder asked for a hearing."""
    found, statement = story.in_defence(), "其中一件票据与本基地无关。"
    bases.file_defence(found, statement=statement, asks_hearing=True, by=story.cast.wang, on=story.on)
    return Revocation.objects.get(pk=found.pk)


def hearing_set(story: Story) -> Revocation:
    """Return proceedings whose hearing is set and notified."""
    found = hearing_asked(story)
    story.set_hearing(found)
    return Revocation.objects.get(pk=found.pk)


def marked(term: Value[Any], page: str) -> bool:
    """Whether a page cites the clause of a term with the mark of an assumption and the reasoning of that very term."""
    links = page.split(f"#{term.clause}")[1:]
    mark = f'<span class="assumed" title="{term.because}'
    return any(link.partition("</a>")[2].strip().startswith(mark) for link in links)


def test_an_objection_rests_on_its_assumed_term_on_the_worklist_as_on_its_page(cast: Cast, sign_in: SignIn) -> None:
    objection = objected(cast)
    term = procedure_of(objection.application).objection_workdays
    assert term.assumed
    client = sign_in(cast.province_caseworker)
    (row,) = (row for row in client.get("/desk/").context["rows"] if row.item.kind == "applications.objection")
    assert row.basis == term
    assert marked(term, client.get("/desk/").content.decode())
    assert marked(term, client.get(f"/desk/objections/{objection.pk}/").content.decode())


def test_a_complaint_rests_on_its_assumed_term_on_the_worklist_as_on_its_page(story: Story, sign_in: SignIn) -> None:
    complaint = story.received().complaint
    law = handling_of(complaint)
    county = sign_in(story.cast.county_caseworker)
    (row,) = county.get("/desk/").context["rows"]
    assert row.basis == law.accept_workdays
    assert law.accept_workdays.assumed
    assert marked(law.accept_workdays, county.get(f"/desk/complaints/{complaint.pk}/").content.decode())


def test_a_finding_rests_on_the_term_to_confirm_it_once_it_is_served(story: Story, sign_in: SignIn) -> None:
    complaint = story.found()
    law = handling_of(complaint)
    assert WorkItem.objects.waiting().get(kind="complaints.found").due_on == complaint.due_on
    city = sign_in(story.cast.city_approver)
    (row,) = (row for row in city.get("/desk/").context["rows"] if row.item.kind == "complaints.found")
    assert row.basis == law.confirm_workdays
    assert marked(law.confirm_workdays, city.get(f"/desk/complaints/{complaint.pk}/").content.decode())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "kind", "name"),
    [
        ("opened", "revocation_notice", "notice_workdays"),
        ("in_defence", "revocation_weighing", "weighing_workdays"),
        ("revoked", "plaque_recovery", "plaque_workdays"),
    ],
)
def test_a_step_of_a_revocation_rests_on_its_assumed_term_on_the_worklist_as_on_its_page(
    story: Story, sign_in: SignIn, step: str, kind: str, name: str
) -> None:
    found = getattr(story, step)()
    term = getattr(law_of(found).policy, name)
    assert term.assumed
    client = sign_in(story.cast.province_caseworker)
    (row,) = (row for row in client.get("/desk/").context["rows"] if row.item.kind == f"bases.{kind}")
    assert row.basis == term
    assert marked(term, client.get(f"/desk/revocations/{found.pk}/").content.decode())


@pytest.mark.slow
@pytest.mark.parametrize("bring", [hearing_asked, hearing_set])
def test_a_hearing_is_due_by_the_days_to_weigh_the_defence_on_the_worklist_as_on_its_page(
    story: Story, sign_in: SignIn, bring: Callable[[Story], Revocation]
) -> None:
    """Its day is that of the opinion, counted after it; the days of its notice lead to another day, its soonest."""
    found = bring(story)
    term = law_of(found).policy.weighing_workdays
    client = sign_in(story.cast.province_caseworker)
    (row,) = (row for row in client.get("/desk/").context["rows"] if row.item.kind == "bases.revocation_hearing")
    assert (row.item.due_on, row.basis) == (found.due_on, term)
    assert marked(term, client.get(f"/desk/revocations/{found.pk}/").content.decode())


def test_lists_of_a_case_whose_pack_is_gone_cite_the_clause_it_was_entered_under(cast: Cast, sign_in: SignIn) -> None:
    objected(cast)
    Application.objects.update(policy=GONE)
    client = sign_in(cast.province_caseworker)
    rows = client.get("/desk/").context["rows"]
    assert "applications.objection" in {row.item.kind for row in rows}
    assert [row.basis for row in rows] == [row.item.clause for row in rows]
    assert b"".join(client.get("/desk/export/").streaming_content)


def test_a_title_that_its_pack_no_longer_knows_leaves_the_list_readable(cast: Cast, sign_in: SignIn) -> None:
    dossiers.submitted(cast)
    Application.objects.update(title="gone")
    (row,) = sign_in(cast.county_caseworker).get("/desk/").context["rows"]
    assert row.basis == row.item.clause


def test_the_home_of_an_operator_stays_readable_where_the_pack_of_a_complaint_is_gone(
    story: Story, sign_in: SignIn
) -> None:
    complaint = story.accepted()
    by = story.cast.county_caseworker
    complaints.release_summary(complaint, summary="反映收费与协议不符。", by=by, on=story.on)
    item = WorkItem.objects.waiting().get(kind="complaints.answer")
    Complaint.objects.update(policy=GONE)
    assert sign_in(story.cast.wang).get("/my/").context["first"].clause == item.clause


def test_the_bases_of_mixed_business_take_one_query(cast: Cast, sign_in: SignIn, settings: Any) -> None:
    settings.CALENDAR_RECHECK_SECONDS = 60
    dossiers.submitted(cast)
    Story(cast).received()
    client = sign_in(cast.city_caseworker)
    client.get("/desk/?queue=below")
    with CaptureQueriesContext(connection) as seen:
        rows = client.get("/desk/?queue=below").context["rows"]
    assert {row.item.subject_type for row in rows} == {"applications.application", "complaints.complaint"}
    assert all(row.basis.assumed for row in rows)
    used = [q["sql"] for q in seen.captured_queries if not q["sql"].startswith(TRANSACTION)]
    assert len([each for each in used if 'FROM "complaints_complaint"' in each]) == 1
    assert len(used) <= 10, "\n".join(used)


def test_the_annual_report_ahead_is_marked_as_assumed_where_its_day_is(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home_views, "business_now", lambda: dossiers.moment(datetime.date(2026, 3, 10)))
    titles.certification(cast.base)
    answer = sign_in(cast.wang).get("/my/")
    (line,) = (each for each in answer.context["agenda"] if each.name == "年度报告")
    assert isinstance(line.clause, Value)
    assert line.clause.assumed
    assert marked(line.clause, answer.content.decode())


def test_the_term_of_a_correction_is_marked_as_assumed_where_the_list_is_drawn_up_as_before_the_operator(
    cast: Cast, sign_in: SignIn
) -> None:
    application = dossiers.submitted(cast)
    term = procedure_of(application).correction_workdays
    page = sign_in(cast.county_caseworker).get(f"/desk/applications/{application.pk}/correct/").content.decode()
    assert f"补正期 {term.value} 个工作日" in page
    assert marked(term, page)
    items = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同不一致。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    assert marked(term, sign_in(cast.wang).get("/my/").content.decode())
