"""On which clause the day of a case rests: the same wherever the day is shown, with 假定 where it is assumed."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applications import actions
from applications.actions.moving import procedure_of
from applications.models import Application
from portal.accounts.capacity import Capacity
from portal.accounts.roles import Permission
from portal.worklist.items import open_work
from portal.worklist.models import WorkItem
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.register import base

pytestmark = pytest.mark.django_db
TRANSACTION = ("SAVEPOINT", "RELEASE", "SET TRANSACTION", "ROLLBACK")


def test_a_day_rests_on_one_clause_on_the_worklist_in_the_workbook_on_the_case_and_before_the_operator(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    application = dossiers.submitted(cast)
    term = procedure_of(application).step("recommendation").workdays
    assert term.assumed
    assert WorkItem.objects.get(kind="applications.recommendation").clause == term.clause
    officer, operator = sign_in(cast.county_caseworker), sign_in(cast.wang)
    (row,) = officer.get("/desk/").context["rows"]
    assert row.basis == term
    assert operator.get("/my/").context["first"].clause == term
    marked = '<span class="assumed" title="'
    case, mine = f"/desk/applications/{application.pk}/", f"/my/applications/{application.pk}/"
    for page in (officer.get("/desk/"), officer.get(case), operator.get("/my/"), operator.get(mine)):
        cited = page.content.decode().partition(f"#{term.clause}")[2].partition("</a>")
        assert "行政许可法" in cited[0]
        assert cited[2].strip().startswith(marked)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(officer.get("/desk/export/").streaming_content)))
    assert str(list(book.worksheets[0].values)[1][11]).endswith("（假定）")


def test_what_waits_for_the_operator_rests_on_the_term_of_corrections(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    application = dossiers.submitted(cast)
    items = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同不一致。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    term = procedure_of(application).correction_workdays
    assert sign_in(cast.wang).get("/my/").context["first"].clause == term
    (row,) = sign_in(cast.county_caseworker).get("/desk/?queue=started").context["rows"]
    assert row.basis == term


def test_the_bases_of_all_lines_take_one_query(
    cast: Cast, sign_in: Callable[[Capacity], Client], settings: Any
) -> None:
    settings.CALENDAR_RECHECK_SECONDS = 60
    for number in range(6):
        _another(dossiers.submitted(cast) if number == 0 else Application.objects.latest("pk"), cast, number)
    client = sign_in(cast.city_caseworker)
    client.get("/desk/?queue=below")
    with CaptureQueriesContext(connection) as seen:
        rows = client.get("/desk/?queue=below").context["rows"]
    assert [isinstance(row.basis, str) for row in rows] == [False] * 7
    used = [q["sql"] for q in seen.captured_queries if not q["sql"].startswith(TRANSACTION)]
    assert len([each for each in used if 'FROM "applications_application"' in each]) == 1
    assert len(used) <= 10, "\n".join(used)


def _another(case: Application, cast: Cast, number: int) -> None:
    """Put a case like that one, of another base, on the county's desk."""
    case.pk, case.base, case.reference = None, base(cast.county.code, run_by=cast.operator), f"SQ-{number}"
    case.save()
    said = {"task": "核对申报材料，写推荐意见", "title": case.base.name, "url": "/desk/", "policy": case.policy}
    desk, permission = cast.county, Permission.GIVE_OPINION
    open_work(
        case, f"applications.{case.status}", desk=desk, permission=permission, by=cast.wang, on=dossiers.FILED, **said
    )
