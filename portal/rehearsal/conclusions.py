"""What follows from a replayed case on a day: each part of the output, and the sentences that explain it."""

from datetime import date
from functools import lru_cache
from operator import attrgetter

import msgspec

from applications.rules import Admission, Facts, conditions, may_apply
from assessments.rules import Duty, assessment_due, recertification_due, rectification_due, report_due
from bases.rules import Register, Tenure, period_on
from complaints.rules import Upheld, limit_reached_on, tally
from portal.rehearsal.case import Case, words
from portal.rehearsal.outcome import (
    AwardRow,
    BanRow,
    ComplaintCount,
    ConditionRow,
    DutyRow,
    Entry,
    GroundRow,
    MayApply,
    Outcome,
    TitleRow,
)
from subsidies.rules import Award, awards, in_yuan

_REASONS = {
    "banned": "在暂停申报期内",
    "holds_title": "称号仍然有效或撤销程序未结束",
    "requires_title": "尚无申报所需的下级称号（假定）",
    "condition_unmet": "未达到申报条件",
    "condition_unknown": "缺少判断申报条件的数据",
}
_STOPPED = {
    "revoked": "称号已被撤销，未拨部分不再拨付（G-21，假定）",
    "in_proceedings": "撤销程序期间停止拨付（G-21，假定）",
    "period_over": "产生已满规定年限，未拨部分须由主管部门决定（G-21，假定）",
    "excluded": "同一主体已先享受不得重复的另一项补贴（E-1）",
    "judgement": "须由经办人员判断并说明理由",
    "declined": "经办人员决定不予发放",
}
_BY_DAY = attrgetter("on")


def conclude(case: Case, line_id: msgspec.Raw, as_of: date, facts: Facts) -> Outcome:
    """Return what the law makes of a replayed case on `as_of`, given what the base stated of itself."""
    counting = _counted(case, as_of)
    complaints = _complaints(case, as_of, counting)
    grounds = _grounds(case, as_of, counting)
    admissions = _admissions(case, as_of, facts)
    awarded = _awards(case, as_of)
    held = _conditions(case, as_of, facts)
    case.trace.sort(key=_BY_DAY)
    return Outcome(
        id=line_id,
        policy=case.law.id,
        as_of=as_of,
        titles=_titles(case.register),
        complaints=complaints,
        grounds=grounds,
        bans=[BanRow(ban.title, start=ban.start, until=ban.until, clause=ban.clause) for ban in case.register.bans],
        may_apply=admissions,
        duties=_duties(case, as_of),
        awards=awarded,
        conditions=held,
        warnings=case.warnings,
        trace=case.trace,
    )


def _titles(register: Register) -> list[TitleRow]:
    return [
        TitleRow(code, tenure.standing, tenure.certified_on, tenure.period_ends, tenure.title.clause)
        for code, tenure in register.tenures.items()
    ]


def _counted(case: Case, as_of: date) -> list[Upheld] | None:
    """Return the complaints that count on a day, and say which do not; None where nothing is counted."""
    counting = case.law.counting
    tenure = None if counting is None else case.register.tenures.get(counting.title)
    if counting is None or tenure is None or tenure.revocation is not None:
        return None
    if not case.docket.unspent:
        return []
    found = []
    for complaint, counts in tally(case.docket, period_on(tenure, as_of), counting):
        if counts:
            found.append(complaint)
        else:
            says = f"投诉“{complaint.complaint}”与本期已计的投诉是同一事实，不重复计数（G-04，假定）。"
            case.say(complaint.on, counting.limit.clause, says)
    return found


def _complaints(case: Case, as_of: date, counted: list[Upheld] | None) -> ComplaintCount | None:
    counting = case.law.counting
    if counting is None or counted is None:
        return None
    number, clause = len(counted), counting.limit.clause
    if case.docket.seen:
        case.trace.append(_count_entry(as_of, number, counting.limit.value, clause))
    return _complaint_count(number, counting.limit.value, clause)


@lru_cache(maxsize=10_000)
def _count_entry(as_of: date, number: int, limit: int, clause: str) -> Entry:
    verdict = "已达到" if number >= limit else "未达到"
    basis = "“以上”含本数，G-01；按认定期计数，G-03，假定"
    return Entry(as_of, clause, f"本期有效投诉{number}次，{verdict}{limit}次（{basis}）。")


_complaint_count = lru_cache(maxsize=1_000)(ComplaintCount)


def _grounds(case: Case, as_of: date, counted: list[Upheld] | None) -> list[GroundRow]:
    revocation = case.law.bases.revocation
    tenure = None if revocation is None else case.register.tenures.get(revocation.title)
    if revocation is None or tenure is None or tenure.revocation is not None:
        return []
    rows = []
    counting = case.law.counting
    for ground in revocation.grounds:
        if ground.ground != "complaints":
            met_on = case.met_on(tenure, ground.ground, as_of)
        else:
            met_on = None if counting is None or counted is None else limit_reached_on(counted, counting)
        if met_on is not None:
            rows.append(GroundRow(revocation.title, ground.ground, met_on, ground.clause))
            says = f"撤销事由“{ground.name}”自{words(met_on)}成立；是否撤销由主管部门依程序决定，不自动撤销。"
            case.say(as_of, ground.clause, says)
    rows.sort(key=_BY_MET_DAY)
    return rows


def _admissions(case: Case, as_of: date, facts: Facts) -> dict[str, MayApply]:
    """Return who may apply for what. It hangs on the day, the titles, the bans that hold and what was stated."""
    register = case.register
    standings = tuple([(code, tenure.standing, tenure.stands) for code, tenure in register.tenures.items()])
    bans = tuple([ban for ban in register.bans if ban.until >= as_of]) if register.bans else ()
    key = (case.law.id, as_of, standings, bans)
    known = None if facts else _ADMISSIONS.get(key)
    if known is None:
        known = _admit(case, as_of, facts)
        if not facts and len(_ADMISSIONS) < _MEMORY:
            _ADMISSIONS[key] = known
    found, entries = known
    case.trace += entries
    return found


def _admit(case: Case, as_of: date, facts: Facts) -> tuple[dict[str, MayApply], list[Entry]]:
    found, entries = {}, []
    for code, title in case.law.titles.items():
        admission = may_apply(code, case.register, facts, case.law.eligibility, as_of)
        found[code] = MayApply(admission.allowed, opens=admission.opens, reasons=admission.reasons)
        if not admission.allowed:
            entries.append(_barred(as_of, title.clause, title.label, admission))
    return found, entries


_MEMORY = 20_000
_ADMISSIONS: dict[object, tuple[dict[str, MayApply], list[Entry]]] = {}


def _barred(as_of: date, clause: str, name: str, admission: Admission) -> Entry:
    reasons = "；".join(_REASONS[reason] for reason in admission.reasons)
    opens = "" if admission.opens is None else f"，自{words(admission.opens)}起可以申报"
    return Entry(as_of, clause, f"暂不能申报“{name}”：{reasons}{opens}。")


def _duties(case: Case, as_of: date) -> list[DutyRow]:
    duties = [*_report(case, as_of), *_cycle(case)]
    duties.sort(key=_BY_DUE_DAY)
    return duties


_BY_DUE_DAY = attrgetter("due_on", "duty")
_BY_MET_DAY = attrgetter("met_on")


@lru_cache(maxsize=50_000)
def _duty_row(title: str, duty: Duty) -> DutyRow:
    return DutyRow(duty.duty, title, duty.due_on, duty.clause, duty.sum)


def _active(case: Case, title: str) -> Tenure | None:
    """Return the tenure of a title that stands without proceedings."""
    tenure = case.register.tenures.get(title)
    return tenure if tenure is not None and tenure.stands and tenure.proceedings is None else None


def _report(case: Case, as_of: date) -> list[DutyRow]:
    policy = case.law.report
    if policy is None or _active(case, policy.title) is None:
        return []
    duty = report_due(policy, as_of, case.calendar)
    return [] if duty is None else [_duty_row(policy.title, duty)]


def _cycle(case: Case) -> list[DutyRow]:
    policy = case.law.cycle
    tenure = None if policy is None else _active(case, policy.title)
    if policy is None or tenure is None:
        return []
    found = (
        assessment_due(tenure, case.course, policy, case.calendar),
        recertification_due(tenure),
        rectification_due(case.course, policy, case.calendar),
    )
    return [_duty_row(policy.title, duty) for duty in found if duty is not None]


def _awards(case: Case, as_of: date) -> list[AwardRow]:
    rows = []
    for award in awards(case.ledger, case.register, as_of):
        rows.append(_award_row(award))
        _explain_award(case, award, as_of)
    names = case.law.subsidies.names
    for refusal in case.ledger.refusals:
        of = "" if refusal.of is None else f"（“{refusal.of}”）"
        case.say(refusal.on, _award_clause(case, refusal.award), f"{names[refusal.award]}{of}不产生：{refusal.why}。")
    if case.ledger.paid or case.ledger.paid_whole or case.ledger.decisions:
        _explain_strays(case, rows, as_of)
    return rows


def _award_row(award: Award) -> AwardRow:
    one = award.entitlement
    amount, paid, payable = in_yuan(one.fen), in_yuan(award.paid), in_yuan(award.payable)
    return AwardRow(one.award, one.beneficiary, one.of, amount, paid, payable, award.why, one.clause)


def _award_clause(case: Case, award: str) -> str:
    return case.law.subsidies.clauses[award]


PAYEES = {
    "operator": "运营机构",
    "tenant": "入驻企业",
    "founder": "创业者",
    "person": "见习人员",
    "project": "项目",
    "studio": "工作室",
}


def _explain_award(case: Case, award: Award, as_of: date) -> None:
    one, name = award.entitlement, case.law.subsidies.names[award.entitlement.award]
    of = "" if one.of is None else f"（“{one.of}”）"
    how = f"，{one.sum}" if one.sum else ""
    says = f"产生{name}{of}{in_yuan(one.fen)}元，受益人为{PAYEES[one.beneficiary]}{how}。"
    case.say(one.arose_on, one.clause, says)
    if award.why is not None:
        case.say(as_of, one.clause, f"{name}{of}暂不可拨付：{_STOPPED[award.why]}。")


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


def _conditions(case: Case, as_of: date, facts: Facts) -> list[ConditionRow]:
    rows = []
    for finding in conditions(facts, case.law.eligibility):
        rows.append(ConditionRow(finding.condition, finding.met, finding.found, finding.required, finding.clause))
        verdict = "达到" if finding.met else "未达到"
        if isinstance(finding.found, str):
            says = f"{finding.name}为{finding.found}，{verdict}{finding.required}的要求（含本数）。"
        else:
            lacking = f"，缺{len(finding.lacking)}项：{'、'.join(finding.lacking)}" if finding.lacking else ""
            says = f"{finding.name}{verdict}要求{lacking}。"
        case.say(as_of, finding.clause, says)
    return rows
