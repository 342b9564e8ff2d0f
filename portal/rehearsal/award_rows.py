"""The awards of a case as the evaluator prints them, and the sentences about what arose, what did not, and why."""

from datetime import date
from functools import lru_cache

from portal.rehearsal.case import Case
from portal.rehearsal.outcome import AwardRow, Entry
from subsidies.rules import Award, awards, in_yuan

PAYEES = {
    "operator": "运营机构",
    "tenant": "入驻企业",
    "founder": "创业者",
    "person": "见习人员",
    "project": "项目",
    "studio": "工作室",
}
_STOPPED = {
    "revoked": "称号已被撤销，未拨部分不再拨付（G-21，假定）",
    "in_proceedings": "撤销程序期间停止拨付（G-21，假定）",
    "period_over": "产生已满规定年限，未拨部分须由主管部门决定（G-21，假定）",
    "excluded": "同一主体已先享受不得重复的另一项补贴（E-1）",
    "judgement": "须由经办人员判断并说明理由",
    "declined": "经办人员决定不予发放",
}


def award_rows(case: Case, as_of: date) -> list[AwardRow]:
    """Return a row for each award that arose, and tell the trace about it and about those that did not."""
    rows = []
    names = case.law.subsidies.names
    for award in awards(case.ledger, case.register, as_of):
        # Awards of the operator itself recur over a whole register; those of a tenant carry its name.
        shown = _recurring if award.entitlement.of is None else _shown
        row, entries = shown(award, names[award.entitlement.award], as_of)
        rows.append(row)
        case.trace += entries
    for refusal in case.ledger.refusals:
        of = "" if refusal.of is None else f"（“{refusal.of}”）"
        case.say(refusal.on, _award_clause(case, refusal.award), f"{names[refusal.award]}{of}不产生：{refusal.why}。")
    if case.ledger.paid or case.ledger.paid_whole or case.ledger.decisions:
        _explain_strays(case, rows, as_of)
    return rows


def _shown(award: Award, name: str, as_of: date) -> tuple[AwardRow, list[Entry]]:
    one = award.entitlement
    amount, paid, payable = in_yuan(one.fen), in_yuan(award.paid), in_yuan(award.payable)
    row = AwardRow(one.award, one.beneficiary, one.of, amount, paid, payable, award.why, one.clause)
    of = "" if one.of is None else f"（“{one.of}”）"
    how = f"，{one.sum}" if one.sum else ""
    says = f"产生{name}{of}{amount}元，受益人为{PAYEES[one.beneficiary]}{how}；当日在方案适用期内（P-1，假定）。"
    entries = [Entry(one.arose_on, one.clause, says)]
    if award.why is not None:
        entries.append(Entry(as_of, one.clause, f"{name}{of}暂不可拨付：{_STOPPED[award.why]}。"))
    return row, entries


_recurring = lru_cache(maxsize=20_000)(_shown)


def _award_clause(case: Case, award: str) -> str:
    return case.law.subsidies.clauses[award]


def _explain_strays(case: Case, rows: list[AwardRow], as_of: date) -> None:
    """Say which payments and decisions were recorded though no award arose for them."""
    arisen = {(row.award, row.beneficiary, row.of) for row in rows}
    startup = case.law.subsidies.startup
    for key, fen in case.ledger.paid.items():
        if key not in arisen:
            _stray(case, key, as_of, f"拨付{in_yuan(fen)}元")
    for key in case.ledger.decisions:
        if key not in arisen:
            _stray(case, key, as_of, "作出发放与否的决定")
    for name in sorted(case.ledger.paid_whole):
        if startup is not None and (startup.award, "founder", name) not in arisen:
            _stray(case, (startup.award, "founder", name), as_of, "全额拨付")


def _stray(case: Case, key: tuple[str, str, str | None], as_of: date, what: str) -> None:
    award, beneficiary, of = key
    name = case.law.subsidies.names.get(award)
    whom = PAYEES[beneficiary] if of is None else f"{PAYEES[beneficiary]}（“{of}”）"
    because = f"{name}没有产生" if name else "本政策没有这项补助"
    clause = _award_clause(case, award) if name else case.law.clause
    case.say(as_of, clause, f"已记录对{whom}{what}，但{because}，不计入任何一项。")
