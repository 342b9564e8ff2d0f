"""The one thing an operator does first, and the list of what runs besides."""

import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.actions.moving import procedure_of
from applications.models import Application, Call
from applications.states import ApplicationStatus
from applications.views.contacts import nobody_at
from applications.views.places import Places, places_in
from bases.models import Certification, Operator
from portal.deadlines.terms import Due
from portal.desk.home.ahead import Ahead
from portal.desk.home.elsewhere import line_of, with_a_bureau
from portal.desk.home.parts import First, Line, Moment
from portal.desk.home.refused import refusal, refusals
from portal.desk.home.revoked import hand_back, remedies
from portal.desk.home.rosters import FRESH_DAYS, roster_fact, roster_lines
from portal.desk.home.standing import Situation
from portal.desk.worklist.basis import basis_in
from portal.desk.worklist.kinds import kind_in_words
from portal.web.parts import Fact
from portal.worklist.models import WorkItem
from portal.worklist.wording import task_in_words

NEAR_DAYS = 120  # further off, the working days that are left tell nobody anything


def waiting_items(operator: Operator) -> list[WorkItem]:
    """Return what waits for the operator, the nearest due date first."""
    return list(WorkItem.objects.filter(operator_id=operator.pk).waiting().order_by("due_on", "id"))


def first_thing(situation: Situation, items: list[WorkItem], duties: list[Ahead]) -> First:
    """Return what to do first: a task, a hand-back, a draft, a refusal, a new certificate, a call, or nothing.

    A call comes after the cases that bureaus have, unless a base has none: nobody need apply for a second title, and
    everybody asks first how his own case stands.
    """
    if items:
        return _task(items[0], situation)
    if back := hand_back(situation):
        return back
    drafts = [each for each in situation.running if each.status == ApplicationStatus.DRAFT]
    if drafts:
        return _draft(min(drafts, key=lambda each: each.call.closes_at), situation)
    if not situation.bases:
        return _no_base()
    if refused := refusal(situation):
        return refused
    if fresh := _fresh(situation):
        return _certified(fresh, situation)
    idle = {each.pk for each in situation.bases} - {each.base_id for each in situation.running}
    if situation.calls and idle:
        return _call(situation.calls[0], situation)
    if situation.running:
        return with_a_bureau(situation.running[0], situation)
    if situation.shut and not situation.standing:
        return _shut(*situation.shut[0])
    return _nothing(situation, duties)


def _moment(stored: dict[str, object] | None, on: datetime.date | None) -> Moment:
    return Due.from_json(stored) if stored else on


def _task(item: WorkItem, situation: Situation) -> First:
    why = {"applications.returned": _("办理机关一次性列出了要改的地方，改好以前不计办理时间")}
    then = {"applications.returned": _("照清单改好，核对后重新提交；办理机关从剩下的天数接着办")}
    facts = (
        Fact(
            _("在哪一步"),
            _("%(kind)s：%(title)s %(number)s")
            % {"kind": kind_in_words(item.kind), "title": item.title, "number": item.reference},
        ),
        Fact(_("为什么"), why.get(item.kind, _("轮到您单位办理这一步"))),
        Fact(_("下一步"), then.get(item.kind, _("办好以后转给主管部门，结果会发消息给您"))),
    )
    moment = _moment(item.due, item.due_on)
    basis = basis_in(situation.cases, item)
    case = item.subject_id if item.subject_type == "applications.application" else ""
    title, act = task_in_words(item.task), _("去办理")
    return First(f"item:{item.pk}", title, facts, moment, basis, item.policy, item.url, act, case=case)


def _draft(application: Application, situation: Situation) -> First:
    closes = application.call.closes_at.astimezone()
    step = procedure_of(application).first_step()
    first = application.jurisdiction.ancestor(step.level)
    facts = [
        Fact(_("在哪一步"), _("%(base)s 申报书填写中，还没有提交") % {"base": application.base.name}),
        Fact(_("为什么"), _("提交以后才算申报；截止后草稿保留，但不能再提交")),
        Fact(_("下一步"), _("填好各节、传齐材料，核对后提交；提交后先由%(by)s办理") % {"by": first.name}),
    ]
    if nobody := nobody_at(first, step.step, situation.today):
        facts.append(Fact(_("请注意"), nobody.rstrip("。")))
    href = reverse("applications:overview", args=[application.pk])
    title = _("填好申报书并提交：%(call)s") % {"call": application.call.name}
    return First(
        f"case:{application.pk}",
        title,
        tuple(facts),
        closes.date(),
        "",
        application.policy,
        href,
        _("继续填报"),
        f"{closes:%H:%M}",
        case=str(application.pk),
    )


def _no_base() -> First:
    facts = (
        Fact(_("在哪一步"), _("账号已经开通，还没有登记基地")),
        Fact(_("为什么"), _("基地在哪里，决定适用哪份政策、向谁申报")),
        Fact(_("下一步"), _("登记以后，系统列出可以申报的通知，并先说明条件是否符合")),
    )
    return First("new", _("登记您的基地"), facts, href=reverse("applications:new_base"), act=_("登记一家基地"))


def _fresh(situation: Situation) -> Certification | None:
    since = situation.today - datetime.timedelta(days=FRESH_DAYS)
    return next((each for each in situation.standing if each.certificate and each.certified_on >= since), None)


def _certified(held: Certification, situation: Situation) -> First:
    assert held.certificate is not None
    facts: tuple[Fact, ...] = (
        Fact(_("在哪一步"), _("%(base)s 已认定为%(title)s") % {"base": held.base.name, "title": held.titled}),
        Fact(_("证书编号"), held.certificate_number, code=True),
        Fact(_("下一步"), _("下载证书；纸质证书和牌匾由%(by)s颁发，怎样领取以其通知为准") % {"by": held.recogniser}),
        Fact(_("核验"), _("证书上的二维码任何人都可以核验")),
    )
    if roster := situation.rosters.get(held.base_id):
        facts += (roster_fact(roster),)
    href = reverse("documents:letter_pdf", args=[held.certificate.key])
    title, act = _("已认定为%(title)s") % {"title": held.titled}, _("下载证书")
    return First(f"certificate:{held.pk}", title, facts, pack=held.policy, href=href, act=act, mine=False)


def _call(call: Call, situation: Situation) -> First:
    closes, ended, taken = call.closes_at.astimezone(), situation.ended(call), places_in(call)
    title = _("可以重新申报：%(call)s") if ended else _("可以申报：%(call)s")
    if taken and not taken.left:
        title = _("正在申报，名额已用完：%(call)s")
    facts = (
        Fact(_("在哪一步"), _receiving(call, ended, situation)),
        Fact(_("为什么"), _("这份通知适用于您基地的所在地，申报的前提已经具备")),
        *([Fact(_("名额"), _taken(taken))] if taken else []),
        Fact(_("下一步"), _("选基地，看条件和材料，再开始填写")),
    )
    href = reverse("applications:start", args=[call.pk])
    return First(
        f"call:{call.pk}",
        title % {"call": call.name},
        facts,
        closes.date(),
        "",
        call.policy,
        href,
        _("看条件，开始申报"),
        f"{closes:%H:%M}",
    )


def _taken(places: Places) -> str:
    """Return how many places are left, and what it means where none is."""
    return _("%(said)s。%(means)s") % {"said": places.says, "means": places.means} if places.means else places.says


def _receiving(call: Call, ended: Application | None, situation: Situation) -> str:
    """Return how matters stand under an open call: with what came of the last application for its title, if any."""
    by = {"by": call.jurisdiction.name}
    if ended is None:
        others = _("%(by)s的这一批次正在申报，您单位还有基地没有申报")
        return (others if situation.applied(call) else _("%(by)s的这一批次正在申报，您单位还没有申报")) % by
    said = {**by, "base": ended.base.name, "number": ended.reference, "day": ended.decided_on}
    if ended.status == ApplicationStatus.REFUSED:
        return _("%(by)s的这一批次正在申报；%(base)s上一次申报（%(number)s）已于 %(day)s 决定不予认定") % said
    return _("%(by)s的这一批次正在申报；%(base)s上一次申报（%(number)s）已于 %(day)s 由您单位撤回") % said


def _shut(call: Call, why: str) -> First:
    facts = (
        Fact(_("在哪一步"), _("%(by)s的这一批次正在申报，您的基地还缺申报的前提") % {"by": call.jurisdiction.name}),
        Fact(_("为什么"), why),
        Fact(_("下一步"), _("前提具备以后，这里会列出这份通知，再开始填报")),
    )
    href = reverse("applications:start", args=[call.pk])
    title = _("现在还不能申报：%(call)s") % {"call": call.name}
    return First(f"call:{call.pk}", title, facts, pack=call.policy, href=href, act=_("看原因"), mine=False)


def _nothing(situation: Situation, duties: list[Ahead]) -> First:
    coming = next((each for each in duties if each.due_on >= situation.today), None)
    if coming is None:
        nothing = (
            Fact(_("在哪一步"), _("没有正在办理的事项，也没有正在申报的批次")),
            Fact(_("下一步"), _("发布新的申报通知时，会列在这里，也会在公开网站公布")),
        )
        return First("none", _("现在没有要办的"), nothing, mine=False)
    facts = (
        Fact(_("在哪一步"), _("%(base)s 是%(title)s，称号有效") % {"base": coming.base, "title": coming.title}),
        Fact(_("为什么"), coming.sum),
        Fact(_("下一步"), _("%(name)s：%(now)s") % {"name": coming.name, "now": coming.now}),
    )
    title = _("现在没有要办的，下一件是%(name)s") % {"name": coming.name}
    return First("duty", title, facts, coming.due_on, coming.clause, coming.pack, mine=False)


def under_way(situation: Situation, items: list[WorkItem], duties: list[Ahead], first: First) -> list[Line]:
    """Return everything else that runs or will be due, by urgency; what the first panel shows is left out."""
    busy = {each.subject_id for each in items if each.subject_type == "applications.application"}
    lines = [_of_item(each, situation) for each in items]
    lines += [_of_case(each, situation) for each in situation.running if str(each.pk) not in busy]
    lines += [_of_call(each, situation) for each in situation.calls]
    lines += [_of_shut(each) for each, _why in situation.shut]
    lines += [_of_duty(each, situation.today) for each in duties]
    lines += roster_lines(situation.bases, situation.rosters)
    lines += [*remedies(situation), *refusals(situation, first)]
    rest = [line for line in lines if line.key != first.key]
    return sorted(rest, key=lambda line: _urgency(line, situation.today))


def _urgency(line: Line, today: datetime.date) -> tuple[int, datetime.date]:
    """Return what orders the lines: one's own that are due soon, one's own without a day, then all others by day."""
    day = line.on or datetime.date.max
    if not line.mine:
        return 2, day
    if line.on is None:
        return 1, day
    return (0 if (day - today).days <= NEAR_DAYS else 2), day


def _of_item(item: WorkItem, situation: Situation) -> Line:
    about = " ".join(part for part in (item.title, item.reference) if part)
    moment = _moment(item.due, item.due_on)
    return Line(
        f"item:{item.pk}",
        kind_in_words(item.kind),
        about,
        task_in_words(item.task),
        moment,
        clause=basis_in(situation.cases, item),
        pack=item.policy,
        href=item.url,
        act=_("去办理"),
    )


def _of_case(application: Application, situation: Situation) -> Line:
    if application.status != ApplicationStatus.DRAFT:
        return line_of(application, situation)
    closes = application.call.closes_at.astimezone()
    return Line(
        f"case:{application.pk}",
        application.call.name,
        application.base.name,
        _("填写中，还没有提交"),
        closes.date(),
        href=reverse("applications:overview", args=[application.pk]),
        act=_("继续填"),
        hour=f"{closes:%H:%M}",
    )


def _of_call(call: Call, situation: Situation) -> Line:
    href, closes = reverse("applications:start", args=[call.pk]), call.closes_at.astimezone()
    about, hour = call.jurisdiction.name, f"{closes:%H:%M}"
    if situation.ended(call):
        now = _("正在申报，可以重新申报")
    elif situation.applied(call):
        now = _receiving(call, None, situation)
    else:
        now = _("正在申报，您单位还没有申报")
    if taken := places_in(call):
        now = _("%(now)s；名额：%(places)s") % {"now": now, "places": taken.says}
    return Line(f"call:{call.pk}", call.name, about, now, closes.date(), href=href, act=_("开始填"), hour=hour)


def _of_shut(call: Call) -> Line:
    href = reverse("applications:start", args=[call.pk])
    now, closes = _("正在申报，您的基地现在还不能报"), call.closes_at.astimezone()
    about, hour = call.jurisdiction.name, f"{closes:%H:%M}"
    return Line(
        f"call:{call.pk}", call.name, about, now, closes.date(), href=href, act=_("看原因"), mine=False, hour=hour
    )


def _of_duty(each: Ahead, today: datetime.date) -> Line:
    return Line(
        f"duty:{each.base}:{each.name}",
        each.name,
        f"{each.base}，{each.title}",
        each.now,
        each.due_on,
        mine=0 <= (each.due_on - today).days <= NEAR_DAYS,
        clause=each.clause,
        pack=each.pack,
        sum=each.sum,
    )
