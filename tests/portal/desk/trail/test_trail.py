"""The trail on screen: within the territory only; searched, paged, handed out as CSV that runs no formula."""

import ast
import csv
import datetime
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse

from portal.accounts.capacity import Capacity
from portal.audit.models import AuditEvent
from portal.audit.recording import record
from portal.desk.trail import searching, views
from portal.desk.trail.wording import VERBS
from tests.factories.cast import Cast
from tests.factories.register import base

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 23)
ROOT = Path(__file__).resolve().parents[4]


def act(by: Capacity, subject: object, verb: str = "base.registered") -> AuditEvent:
    with transaction.atomic():
        return record(verb, subject, by=by, on=DAY)


def timeline_of(subject: object) -> str:
    return reverse("audit:timeline", args=[subject._meta.label_lower, subject.pk])


def test_the_timeline_of_a_base_is_seen_in_its_territory_only(sign_in, cast: Cast) -> None:
    act(cast.county_caseworker, cast.base)
    url = timeline_of(cast.base)
    for part in ("county_caseworker", "city_caseworker", "auditor", "audit_admin"):
        assert "登记基地" in sign_in(cast.capacities()[part]).get(url).content.decode(), part
    for part in ("neighbour", "other_province"):
        assert sign_in(cast.capacities()[part]).get(url).status_code == 404, part
    for part in ("wang", "system_admin"):
        assert sign_in(cast.capacities()[part]).get(url).status_code == 403, part


def test_htmx_gets_the_list_alone(sign_in, cast: Cast) -> None:
    act(cast.county_caseworker, cast.base)
    part = sign_in(cast.city_caseworker).get(timeline_of(cast.base), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "timeline" in part


def test_the_search_is_bounded_by_the_territory(sign_in, cast: Cast) -> None:
    act(cast.county_caseworker, cast.base)
    elsewhere = base("530102", name="外省基地")
    act(cast.other_province, elsewhere)
    page = sign_in(cast.audit_admin).get(reverse("audit:search")).content.decode()
    assert "筑梦创业孵化基地" in page
    assert "外省基地" not in page
    assert sign_in(cast.county_caseworker).get(reverse("audit:search")).status_code == 403


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ({"verb": "base.amended"}, 1),
        ({"person": "李市办"}, 1),
        ({"person": "赵县办"}, 2),
        ({"subject": "筑梦"}, 3),
        ({"subject": "没有这个"}, 0),
        ({"since": "2099-01-01"}, 0),
        ({"until": "2000-01-01"}, 0),
        ({"verb": "nonsense"}, 0),
    ],
)
def test_the_search_filters(sign_in, cast: Cast, query: dict[str, str], hits: int) -> None:
    act(cast.county_caseworker, cast.base)
    act(cast.county_caseworker, cast.base, "base.amended")
    act(cast.city_caseworker, cast.base)
    page = sign_in(cast.auditor).get(reverse("audit:search"), query)
    assert len(page.context["rows"]) == hits


def test_the_export_runs_no_formula_and_leaves_a_trace(sign_in, cast: Cast) -> None:
    evil = base("520103", name='=HYPERLINK("http://x")')
    act(cast.county_caseworker, evil)
    answer = sign_in(cast.audit_admin).post(reverse("audit:export"), {"verb": "base.registered"})
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(text.lstrip("\ufeff").splitlines()))
    assert len(rows) == 2
    assert rows[1][5].startswith("'=")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert AuditEvent.objects.filter(verb="audit.exported", region_code="520000").count() == 1


def test_an_export_that_is_cut_off_says_so_in_the_file_and_on_the_trail(
    sign_in, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (searching, views):
        monkeypatch.setattr(module, "MOST_ROWS", 2)
    for _number in range(3):
        act(cast.county_caseworker, cast.base)
    answer = sign_in(cast.audit_admin).post(reverse("audit:export"), {"verb": "base.registered"})
    rows = b"".join(answer.streaming_content).decode().splitlines()
    assert len(rows) == 4
    assert rows[-1].startswith("共 3 条，本文件只含最新的 2 条。")
    facts = AuditEvent.objects.get(verb="audit.exported").facts
    assert (facts["found"], facts["exported"]) == (3, 2)


@pytest.mark.parametrize("name", ["\n=1+1", "＝1+1", " =1+1"])
def test_the_export_disarms_what_only_some_spreadsheets_run(sign_in, cast: Cast, name: str) -> None:
    act(cast.county_caseworker, base("520103", name=name))
    answer = sign_in(cast.audit_admin).post(reverse("audit:export"), {"verb": "base.registered"})
    text = b"".join(answer.streaming_content).decode().lstrip("\ufeff")
    assert list(csv.reader(io.StringIO(text, newline="")))[1][5].startswith("'")


def test_every_verb_that_an_act_records_has_words() -> None:
    silent = {
        verb
        for verb in _verbs()
        if not any(known == verb or verb.endswith("_") and known.startswith(verb) for known in VERBS)
    }
    assert silent == set(), "add them to portal/desk/trail/wording.py"


def _verbs() -> Iterator[str]:
    """Yield the verbs of every call of record() in our code."""
    for folder in ("portal", "bases", "applications", "assessments", "complaints", "subsidies"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record" and node.args:
                    yield from (
                        part.value
                        for part in ast.walk(node.args[0])
                        if isinstance(part, ast.Constant) and isinstance(part.value, str) and "." in part.value
                    )
