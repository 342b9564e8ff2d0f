"""The trail on screen: within the territory only; searched, paged, handed out as CSV that runs no formula."""

import ast
import csv
import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse

from portal.accounts.capacity import Capacity
from portal.audit.models import AuditEvent
from portal.audit.recording import record
from portal.desk.trail import searching, views
from portal.desk.trail.facts import LABELS
from portal.desk.trail.wording import VERBS
from portal.policies.models import AssumptionRuling
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


def rows_of(answer: object) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode().lstrip("\ufeff"), newline="")))


@pytest.fixture
def ruling(cast: Cast) -> AuditEvent:
    facts = {"path": "applications.procedures[0].notice_workdays", "before": "value = 5", "after": "unset = true"}
    subject = AssumptionRuling(pk=1, pack="jiaxing-2013", path=facts["path"], outcome="changed", region_code="520000")
    with transaction.atomic():
        return record(
            "policy.assumption_changed", subject, by=cast.approver, on=DAY, policy="jiaxing-2013",
            **facts, reason="通知写明五个工作日",
        )  # fmt: skip


def test_a_ruling_is_named_by_its_policy_and_its_value_not_by_their_codes(
    sign_in, cast: Cast, ruling: AuditEvent
) -> None:
    client = sign_in(cast.audit_admin)
    search = client.get(reverse("audit:search")).content.decode()
    detail = client.get(reverse("audit:timeline", args=[ruling.subject_type, ruling.subject_id])).content.decode()
    file = rows_of(client.post(reverse("audit:export"), {"verb": ruling.verb}))[1]
    for shown in (search, detail, file[5]):
        assert "公示期（工作日）" in shown
        assert "notice_workdays" not in shown


def test_the_detail_says_what_changed_from_what_to_what_and_why(sign_in, cast: Cast, ruling: AuditEvent) -> None:
    address = reverse("audit:timeline", args=[ruling.subject_type, ruling.subject_id])
    page = sign_in(cast.audit_admin).get(address).content.decode()
    for term, value in (("变更前", "5"), ("变更后", "未定"), ("理由", "通知写明五个工作日")):
        assert f"<dt>{term}</dt><dd>{value}</dd>" in page


def test_the_export_says_the_facts_in_words_and_its_name_the_day(sign_in, cast: Cast, time_machine) -> None:
    time_machine.move_to("2026-11-23T09:00:00+08:00")
    who = cast.county_caseworker
    with transaction.atomic():
        record(
            "base.amended", cast.base, by=who, on=DAY, before={"phone": "0851-1"}, after={"phone": ""},
            person=who.user_id, role="caseworker", due="2026-11-24T02:42:00Z", manager=True,
        )  # fmt: skip
    answer = sign_in(cast.audit_admin).post(reverse("audit:export"), {"verb": "base.amended"})
    assert 'filename="audit-520000-2026-11-23.csv"' in answer["Content-Disposition"]
    said = "对外电话：由 0851-1 改为 无；人员：赵县办；岗位：经办岗；到期日：2026-11-24 10:42；管理本机构人员：是"
    assert sorted(rows_of(answer)[1][10].split("；")) == sorted(said.split("；"))


def test_a_search_from_a_day_to_an_earlier_one_says_so(sign_in, cast: Cast) -> None:
    page = sign_in(cast.auditor).get(reverse("audit:search"), {"since": "2026-11-23", "until": "2026-11-01"})
    assert "止日 2026-11-01 早于起日 2026-11-23，查不到记录" in page.content.decode()


def test_a_date_in_the_list_is_not_broken_between_two_lines(sign_in, cast: Cast) -> None:
    act(cast.county_caseworker, cast.base)
    page = sign_in(cast.auditor).get(reverse("audit:search")).content.decode()
    cells = re.findall(r'<td role="cell" data-label="(?:时间|业务日期)"[^>]*>', page)
    assert len(cells) == 2
    assert all('class="nowrap"' in cell for cell in cells)


@pytest.mark.slow
def test_every_fact_that_an_act_records_has_words() -> None:
    silent = {key for key in _facts() if key not in LABELS}
    assert silent == set(), "add them to portal/desk/trail/facts.py"


def _facts() -> Iterator[str]:
    """Yield the names of the facts in every call of record(), those gathered in a dictionary of that name included."""
    for call, tree in _calls():
        for word in call.keywords:
            if word.arg is not None:
                yield from {word.arg} - {"by", "on", "policy"}
            elif isinstance(word.value, ast.Name):
                yield from _keys_of(word.value.id, call, tree)


def _keys_of(name: str, call: ast.Call, tree: ast.AST) -> Iterator[str]:
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and call in ast.walk(node)):
        for node in ast.walk(function):
            if isinstance(node, ast.Assign | ast.AnnAssign) and name in ast.unparse(node).partition("=")[0]:
                yield from (
                    key.value
                    for part in ast.walk(node)
                    if isinstance(part, ast.Dict)
                    for key in part.keys
                    if isinstance(key, ast.Constant)
                )


@pytest.mark.slow
def test_every_verb_that_an_act_records_has_words() -> None:
    silent = {
        verb
        for verb in _verbs()
        if not any(known == verb or verb.endswith("_") and known.startswith(verb) for known in VERBS)
    }
    assert silent == set(), "add them to portal/desk/trail/wording.py"


def _verbs() -> Iterator[str]:
    """Yield the verbs of every call of record() in our code."""
    for call, _tree in _calls():
        yield from (
            part.value
            for part in ast.walk(call.args[0])
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and "." in part.value
        )


def _calls() -> Iterator[tuple[ast.Call, ast.AST]]:
    """Yield every call of record() in our code, with the file it stands in."""
    for folder in ("portal", "bases", "applications", "assessments", "complaints", "subsidies"):
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record" and node.args:
                    yield node, tree


def test_a_timeline_leads_back_to_the_search_as_it_was_left(sign_in, cast: Cast) -> None:
    act(cast.county_caseworker, cast.base)
    search, timeline = reverse("audit:search"), timeline_of(cast.base)
    left = sign_in(cast.audit_admin).get(timeline, headers={"Referer": f"http://testserver{search}?person=赵县办"})
    assert left.context["back"].href == f"{search}?person=赵县办"
    assert sign_in(cast.audit_admin).get(timeline).context["back"].href == search
    assert sign_in(cast.county_caseworker).get(timeline).context["back"].href == reverse("desk:worklist")


@pytest.mark.slow
def test_the_search_says_when_the_trail_was_last_found_whole(sign_in, cast: Cast, settings, tmp_path: Path) -> None:
    client = sign_in(cast.audit_admin)
    assert "夜间不核验" in client.get(reverse("audit:search")).content.decode()
    settings.AUDIT_CHECKPOINTS = str(tmp_path)
    for day in ("2026-11-21", "2026-11-22"):
        (tmp_path / f"checkpoint-{day}.json").write_text("{}")
    assert "最近一次完好的检查点：2026-11-22" in client.get(reverse("audit:search")).content.decode()


def test_what_stayed_the_same_is_not_told_as_a_change(sign_in, cast: Cast) -> None:
    with transaction.atomic():
        before, after = {"phone": "", "address": "旧址"}, {"phone": "", "address": "新址"}
        record("base.amended", cast.base, by=cast.county_caseworker, on=DAY, before=before, after=after)
    page = sign_in(cast.audit_admin).get(timeline_of(cast.base)).content.decode()
    assert "由 旧址 改为 新址" in page
    assert "由 无 改为 无" not in page
