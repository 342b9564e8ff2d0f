"""What follows from a replayed case on a day: each part of the output, and the sentences that explain it."""

from datetime import date
from functools import lru_cache
from operator import attrgetter

import msgspec

from applications.rules import Admission, Facts, Reason, conditions, may_apply
from assessments.rules import Duty, assessment_due, recertification_due, rectification_due, report_due
from bases.rules import Register, Tenure, TitlePolicy, period_on
from complaints.rules import Upheld, limit_reached_on, tally
from portal.policies.schema import Value
from portal.rehearsal.award_rows import award_rows
from portal.rehearsal.case import Case, words
from portal.rehearsal.outcome import (
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

_REASONS = {
    "banned": "在暂停申报期内",
    "holds_title": "称号仍然有效或撤销程序未结束",
    "condition_unmet": "未达到申报条件",
    "condition_unknown": "缺少判断申报条件的数据",
}
_BY_DAY = attrgetter("on")


def conclude(case: Case, line_id: msgspec.Raw, as_of: date, facts: Facts) -> Outcome:
    """Return what the law makes of a replayed case on `as_of`, given what the base stated of itself."""
    counting = _counted(case, as_of)
    complaints = _complaints(case, as_of, counting)
    grounds = _grounds(case, as_of, counting)
    admissions = _admissions(case, as_of, facts)
    awarded = award_rows(case, as_of)
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
    return ComplaintCount(number, counting.limit.value, clause)


@lru_cache(maxsize=10_000)
def _count_entry(as_of: date, number: int, limit: int, clause: str) -> Entry:
    verdict = "已达到" if number >= limit else "未达到"
    basis = "“以上”含本数，G-01；按认定期计数，G-03，假定"
    return Entry(as_of, clause, f"本期有效投诉{number}次，{verdict}{limit}次（{basis}）。")


def _grounds(case: Case, as_of: date, counted: list[Upheld] | None) -> list[GroundRow]:
    revocation = case.law.bases.revocation
    tenure = None if revocation is None else case.register.tenures.get(revocation.title)
    if revocation is None or tenure is None or tenure.revocation is not None:
        return []
    counting = case.law.counting
    reached = limit_reached_on(counted, counting) if counted and counting is not None else None
    if reached is None and not case.docket.misconduct and case.course.refused_on is None:
        return []
    rows = []
    for ground in revocation.grounds:
        met_on = reached if ground.ground == "complaints" else case.met_on(tenure, ground.ground, as_of)
        if met_on is not None:
            rows.append(GroundRow(revocation.title, ground.ground, met_on, ground.clause))
            says = f"撤销事由“{ground.name}”自{words(met_on)}成立；是否撤销由主管部门依程序决定，不自动撤销。"
            case.say(as_of, ground.clause, says)
    rows.sort(key=_BY_MET_DAY)
    return rows


def _admissions(case: Case, as_of: date, facts: Facts) -> dict[str, MayApply]:
    """Return who may apply for what. It hangs on the day, the titles, the bans that hold and what was stated."""
    register = case.register
    standings = tuple([(code, one.standing, one.ended_on is None) for code, one in register.tenures.items()])
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
            entries.append(_barred(case, as_of, title, admission))
    return found, entries


_MEMORY = 20_000
_ADMISSIONS: dict[object, tuple[dict[str, MayApply], list[Entry]]] = {}


def _barred(case: Case, as_of: date, title: TitlePolicy, admission: Admission) -> Entry:
    why = "；".join(_why_barred(case, as_of, title, reason) for reason in admission.reasons)
    opens = "" if admission.opens is None else f"，自{words(admission.opens)}起可以申报"
    cited = [rule.cite for rule in case.law.eligibility.prerequisites if rule.title == title.code]
    clause = cited[0] if "requires_title" in admission.reasons else title.clause
    return Entry(as_of, clause, f"暂不能申报“{title.label}”：{why}{opens}。")


def _why_barred(case: Case, as_of: date, title: TitlePolicy, reason: Reason) -> str:
    """Say a reason in words; where it rests on an assumption, name the question or source it comes from."""
    rules = case.law.eligibility
    if reason == "banned" and case.register.banned(title.code, as_of) is None:
        shared = next(rule for rule in rules.shared_bans if rule.title == title.code)
        return f"“{case.law.titles[shared.banned_as.value].label}”在暂停申报期内（{_question(shared.banned_as)}）"
    if reason == "requires_title":
        needed = [rule.needs for rule in rules.prerequisites if rule.title == title.code]
        titles = "、".join(f"“{case.law.titles[needs.value].label}”（{_question(needs)}）" for needs in needed)
        return f"须先有称号{titles}"
    return _REASONS[reason]


def _question(value: Value[str]) -> str:
    reference = value.ambiguity or value.clause
    return f"{reference}，假定" if value.assumed else reference


def _duties(case: Case, as_of: date) -> list[DutyRow]:
    duties = _report(case, as_of) + _cycle(case)
    if duties:
        duties.sort(key=_BY_DUE_DAY)
    return duties


_BY_DUE_DAY = attrgetter("due_on", "duty")
_BY_MET_DAY = attrgetter("met_on")


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
