"""Events that befall titles: each becomes one step of the law in the app it belongs to, and a sentence of the trace.

The steps refuse with `Unlawful` what cannot be. Awards have their own steps in `award_steps.py`.
"""

from datetime import date

from assessments.rules import Course, assess, check_rectification, order_rectification, recertify, spend_refusal
from bases.rules import (
    GroundPolicy,
    RevocationPolicy,
    Tenure,
    TitlePolicy,
    certify,
    close_proceedings,
    decide_revocation,
    defence_ends,
    defence_too_short,
    held,
    period_on,
    revocable,
    serve_notice,
    serve_revocation,
    set_aside,
    surrender,
)
from complaints.rules import CountingPolicy, Upheld, counted, establish_misconduct, overturn, spend, uphold
from portal.rehearsal import history as h
from portal.rehearsal.case import Case, words
from portal.rehearsal.outcome import Entry, WarningRow

# --- certification and surrender ---


def certified(case: Case, event: h.Certified) -> None:
    """Grant the title; where courses and counts are kept for it, they start anew."""
    law, title = case.law, case.law.titles[event.title]
    tenure = certify(case.register, title, event.on)
    if law.cycle is not None and law.cycle.title == title.code:
        case.course = Course()
    if law.counting is not None and law.counting.title == title.code:
        case.docket.begin()
    if tenure.period_ends is None:
        case.say(event.on, title.clause, f"认定为“{title.label}”；这一称号没有复评认定期。")
        return
    says = f"认定为“{title.label}”，复评认定期至{words(tenure.period_ends)}（含当日；期满不自动失效，G-27，假定）。"
    case.say(event.on, title.clause, says)


def surrendered(case: Case, event: h.Surrendered) -> None:
    """End the title at the holder's wish."""
    title = case.law.titles[event.title]
    surrender(held(case.register, title), event.on)
    _stop_counting(case, title)
    revocation = case.law.bases.revocation
    traceable = revocation is not None and revocation.title == title.code
    still = "；已有的撤销事由仍可追究（G-27，假定）" if traceable else ""
    case.say(event.on, title.clause, f"放弃“{title.label}”，称号自当日终止{still}。")


def _stop_counting(case: Case, title: TitlePolicy) -> None:
    if case.law.counting is not None and case.law.counting.title == title.code:
        case.docket.end()


# --- assessment, rectification, recertification ---


def _under_cycle(case: Case, event: h.TitleEvent) -> Tenure | None:
    """Return the tenure the event has effect for; None, with a sentence, for a title that is not assessed."""
    title = case.law.titles[event.title]
    tenure = held(case.register, title)
    if case.law.cycle is not None and case.law.cycle.title == title.code:
        return tenure
    case.say(event.on, title.clause, f"本政策没有为“{title.label}”规定考核、整改和复评，仅作记录，不产生效果。")
    return None


def assessed(case: Case, event: h.Assessed) -> None:
    """Record an assessment."""
    tenure, cycle = _under_cycle(case, event), case.law.cycle
    if tenure is None or cycle is None:
        return
    assess(tenure, case.course, event.on, event.verdict)
    if event.verdict == "pass":
        case.say(event.on, cycle.interval_months.clause, "绩效考核达标。")
    else:
        case.say(event.on, cycle.rectification_days.clause, "绩效考核不达标，进入整改，应下达限时整改意见。")


def rectification_ordered(case: Case, event: h.RectificationOrdered) -> None:
    """Serve the order."""
    tenure, cycle = _under_cycle(case, event), case.law.cycle
    if tenure is None or cycle is None:
        return
    order_rectification(tenure, case.course, event.on, event.days)
    if event.days is None:
        term = f"未写天数，按{cycle.rectification_days.value}日计（G-11，假定）"
    else:
        term = f"整改期限{event.days}日"
    case.say(event.on, cycle.rectification_days.clause, f"整改意见送达，{term}，自次日起算。")


def rectification_checked(case: Case, event: h.RectificationChecked) -> None:
    """Record what the check of the rectification found."""
    tenure, cycle = _under_cycle(case, event), case.law.cycle
    if tenure is None or cycle is None:
        return
    check_rectification(tenure, case.course, event.verdict)
    if event.verdict == "pass":
        case.say(event.on, cycle.rectification_days.clause, "整改后达标，整改结束。")
    else:
        case.say(event.on, cycle.refusal_clause, "整改后仍未达标，可以随时提前复评（G-10，假定）。")


def recertified(case: Case, event: h.Recertified) -> None:
    """Hold the 复评."""
    tenure, cycle = _under_cycle(case, event), case.law.cycle
    if tenure is None or cycle is None:
        return
    course = case.course
    automatic = course.passed_since_renewal > 0 and course.failed_since_renewal == 0
    effect = recertify(tenure, course, event.on, event.outcome, cycle)
    if effect == "next_period" and tenure.period_ends is not None:
        track = (
            "期内考核均达标，自动延续"
            if automatic
            else "期内考核有缺失或不达标，按完整复评办理，不是自动延续（G-10，假定）"
        )
        says = f"复评通过，{track}；复评认定期延至{words(tenure.period_ends)}，自首次认定之日按整期推算。"
        case.say(event.on, cycle.renewal_clause, says)
    elif effect == "extraordinary":
        case.say(event.on, cycle.renewal_clause, "整改未达标后的提前复评通过：整改结束，复评认定期不变。")
    elif effect == "ground":
        case.say(event.on, cycle.refusal_clause, "整改未达标后复评未通过，构成撤销事由；须经告知、决定、送达。")
    else:
        _stop_counting(case, tenure.title)
        case.say(event.on, cycle.refusal_clause, "复评未通过而无整改未达标，称号自当日终止，不暂停申报（G-28，假定）。")


# --- complaints and misconduct ---


def complaint_upheld(case: Case, event: h.ComplaintUpheld) -> None:
    """Record a complaint found true."""
    partly = event.partly is True
    complaint = Upheld(event.complaint, event.on, event.fact, event.named, event.service_recipient, partly)
    counting = case.law.counting
    reason = uphold(case.docket, complaint, counting)
    clause = case.law.clause if counting is None else counting.limit.clause
    if reason is not None:
        case.say(event.on, clause, f"投诉“{event.complaint}”核实属实，但{reason}，不计入有效投诉。")
    elif counting is not None and _is_revoked(case, counting.title):
        case.say(event.on, clause, f"投诉“{event.complaint}”核实属实，但称号已撤销；{_UNLESS}，不产生效果。")
    else:
        degree = "部分属实（计入，G-04，假定）" if partly else "属实"
        says = f"投诉“{event.complaint}”核实{degree}，由服务对象实名提出，可计入有效投诉。"
        case.trace.append(Entry(event.on, clause, says))


_UNLESS = "除非撤销决定被复议或诉讼撤销"


def _is_revoked(case: Case, title: str) -> bool:
    tenure = case.register.tenures.get(title)
    return tenure is not None and tenure.revocation is not None


def complaint_overturned(case: Case, event: h.ComplaintOverturned) -> None:
    """Take a complaint back."""
    overturn(case.docket, event.complaint)
    counting = case.law.counting
    clause = case.law.clause if counting is None else counting.limit.clause
    running = counting is not None and _in_proceedings(case, counting.title)
    still = "；已启动的撤销程序不因此停止" if running else ""
    case.say(event.on, clause, f"投诉“{event.complaint}”的认定被推翻，视为从未认定{still}。")


def _in_proceedings(case: Case, title: str) -> bool:
    tenure = case.register.tenures.get(title)
    return tenure is not None and tenure.proceedings is not None


def misconduct_established(case: Case, event: h.MisconductEstablished) -> None:
    """Record established misconduct."""
    ground = case.law.revocation_grounds.get(event.ground)
    if ground is None:
        case.say(event.on, case.law.clause, "本政策没有规定撤销，这一认定仅作记录，不产生效果。")
    elif establish_misconduct(case.docket, event.ground, event.on):
        revocation = case.law.bases.revocation
        gone = revocation is not None and _is_revoked(case, revocation.title)
        effect = f"；称号已撤销，{_UNLESS}，不产生效果" if gone else ""
        case.say(event.on, ground.clause, f"经核实认定“{ground.name}”{effect}。")
    else:
        case.say(event.on, ground.clause, f"认定“{ground.name}”时从未取得可撤销的称号，不构成撤销事由。")


# --- revocation ---


def _step(case: Case, event: h.RevocationStep) -> tuple[RevocationPolicy, GroundPolicy, Tenure]:
    policy, tenure = revocable(case.register, case.law.titles[event.title])
    return policy, policy.ground(event.ground), tenure


def prior_notice_served(case: Case, event: h.PriorNoticeServed) -> None:
    """Open proceedings."""
    policy, ground, tenure = _step(case, event)
    met_on = case.met_on(tenure, event.ground, event.on) if tenure.revocation is None else None
    serve_notice(tenure, ground, event.on, met_on)
    if event.ground == "complaints" and case.law.counting is not None:
        _say_what_counted(case, tenure, event.on, case.law.counting)
    last = defence_ends(event.on, policy.defence_workdays.value, case.calendar)
    term = f"{policy.defence_workdays.value}个工作日，G-06，假定"
    says = f"以“{ground.name}”为由告知拟撤销，陈述申辩至{words(last)}（{term}）。"
    case.say(event.on, policy.defence_workdays.clause, says)


def _say_what_counted(case: Case, tenure: Tenure, on: date, counting: CountingPolicy) -> None:
    found = counted(case.docket, period_on(tenure, on), counting)
    names = "、".join(f"“{complaint.complaint}”" for complaint in found[: counting.limit.value])
    more = "等" if len(found) > counting.limit.value else ""
    reached = f"同一事实只计一次，已达到{counting.limit.value}次（G-01、G-04）"
    case.say(on, counting.limit.clause, f"告知当日本期有效投诉{len(found)}次（{names}{more}），{reached}。")


def revocation_decided(case: Case, event: h.RevocationDecided) -> None:
    """Take the decision; before the days for a defence are over that is a fact with a warning."""
    policy, ground, tenure = _step(case, event)
    proceedings = decide_revocation(tenure, ground, event.on)
    days, clause = policy.defence_workdays.value, policy.defence_workdays.clause
    if defence_too_short(proceedings.notice_on, event.on, days, case.calendar):
        last = defence_ends(proceedings.notice_on, days, case.calendar)
        case.warnings.append(WarningRow(event.on, "defence_too_short", clause))
        case.say(event.on, clause, f"作出撤销决定时陈述申辩期（至{words(last)}，G-06，假定）尚未届满，程序有瑕疵。")
    else:
        case.say(event.on, policy.clause, f"陈述申辩期满后作出撤销决定，事由“{ground.name}”；送达后生效。")


def revocation_served(case: Case, event: h.RevocationServed) -> None:
    """Revoke the title and begin the ban."""
    _, ground, tenure = _step(case, event)
    ban = serve_revocation(case.register, tenure, ground, event.on)
    says = (
        f"撤销决定送达，“{tenure.title.label}”自当日撤销；"
        f"暂停申报{ground.ban_years.value}年，自送达之日至{words(ban.until)}（含当日，不因休息日顺延，G-07，假定）。"
    )
    case.say(event.on, ban.clause, says)


def proceedings_closed(case: Case, event: h.ProceedingsClosed) -> None:
    """End the proceedings; the ground is spent."""
    policy, ground, tenure = _step(case, event)
    close_proceedings(tenure, ground)
    _spend(case, event.ground)
    says = f"撤销程序终结，未撤销，恢复原状；此前作为“{ground.name}”的事实不再用于撤销。"
    case.say(event.on, policy.clause, says)


def revocation_set_aside(case: Case, event: h.RevocationSetAside) -> None:
    """Undo the revocation; the ground is spent."""
    policy, ground, tenure = _step(case, event)
    set_aside(case.register, tenure, ground)
    _spend(case, event.ground)
    says = f"以“{ground.name}”为由的撤销决定经复议或诉讼被撤销：称号恢复告知前的状态，暂停申报自始无效。"
    case.say(event.on, policy.clause, says)


def _spend(case: Case, ground: str) -> None:
    spend(case.docket, ground)
    if ground == "rectification_failed":
        spend_refusal(case.course)
