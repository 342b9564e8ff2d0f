"""A case that lies with a bureau: at which step it is, what its day means, what comes next."""

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.actions.moving import basis_of, procedure_of
from applications.models import Application
from applications.states import ApplicationStatus, ObjectionStatus
from applications.views.contacts import nobody_at
from applications.views.progress import current_step, objections_told
from portal.deadlines.terms import Due
from portal.desk.home.parts import First, Line
from portal.desk.home.standing import Situation
from portal.web.parts import Fact


def with_a_bureau(application: Application, situation: Situation) -> First:
    """Return what an operator reads first while a bureau has its case: nothing is to be done, and what happens."""
    facts = [
        Fact(_("在哪一步"), _where(application, situation)),
        Fact(_("为什么"), _why(application, situation)),
        Fact(_("下一步"), _next(application)),
    ]
    if application.notice_id and application.status == ApplicationStatus.IN_NOTICE:
        facts.append(Fact(_("公示名单"), _("看公示"), href=notice_address(application)))
    facts += [Fact(_("异议"), told) for told in objections_told(application.objections.all())]
    return First(
        f"case:{application.pk}",
        _("现在不用您办"),
        tuple(facts),
        Due.from_json(application.due) if application.due else application.due_on,
        basis_of(application, application.status) or "",
        application.policy,
        reverse("applications:overview", args=[application.pk]),
        _("看办到哪一步"),
        mine=False,
        day_word=_day_word(application),
        case=str(application.pk),
    )


def line_of(application: Application, situation: Situation) -> Line:
    """Return the line of a case that lies with a bureau."""
    public = application.status == ApplicationStatus.IN_NOTICE
    return Line(
        f"case:{application.pk}",
        application.call.name,
        f"{application.base.name} {application.reference or ''}".strip(),
        _where(application, situation),
        Due.from_json(application.due) if application.due else application.due_on,
        basis_of(application, application.status) or "",
        application.policy,
        href=reverse("applications:overview", args=[application.pk]),
        act=_("看进度"),
        mine=False,
        note=_("公示的最后一天，不用您办") if public else _("办理机关的期限，不用您办"),
    )


def notice_address(application: Application) -> str:
    """Return where everybody reads the public notice the application is on."""
    return reverse("public:notice", args=[application.call.jurisdiction.code, application.notice_id])


def _day_word(application: Application) -> str:
    return _("公示到") if application.status == ApplicationStatus.IN_NOTICE else _("办理机关办结期限")


def _notice_over(application: Application, situation: Situation) -> bool:
    """Whether the days of the notice are over."""
    in_notice = application.status == ApplicationStatus.IN_NOTICE
    return in_notice and application.due_on is not None and application.due_on < situation.today


def _objected(application: Application) -> bool:
    """Whether an objection still waits for its answer: then it alone holds a case whose notice is over."""
    return any(each.status == ObjectionStatus.OPEN for each in application.objections.all())


def _where(application: Application, situation: Situation) -> str:
    by = application.desk.name if application.desk else _("办理机关")
    if _notice_over(application, situation):
        answering = _("公示期满，%(by)s正在答复异议") % {"by": by}
        return answering if _objected(application) else _("公示期满，等待进入下一步")
    if application.status == ApplicationStatus.IN_NOTICE:
        return _("公示中，由%(by)s受理异议") % {"by": by}
    step = procedure_of(application).step(current_step(application))
    return _("%(step)s，由%(by)s办理") % {"step": step.name, "by": by}


def _why(application: Application, situation: Situation) -> str:
    if _notice_over(application, situation):
        held = _("公示期间收到的异议，要全部答复以后才能作出决定")
        return held if _objected(application) else _("公示期已满，没有待答复的异议")
    if application.status == ApplicationStatus.IN_NOTICE:
        return _("拟认定名单已经公示，公示期内任何人可以实名提出异议")
    desk = application.desk
    if desk is not None and (nobody := nobody_at(desk, application.status, situation.today)):
        return nobody.rstrip("。")
    return _("申报书和材料已经交齐，正在按程序办理")


def _next(application: Application) -> str:
    procedure = procedure_of(application)
    step = procedure.step(current_step(application))
    if step == procedure.steps[-1]:
        return _("批准的，发证书；不予认定的，决定书写明理由和怎样救济")
    after = procedure.after(step.step)
    by = application.jurisdiction.ancestor(after.level).name
    if application.status == ApplicationStatus.IN_NOTICE:
        told = _("期满且异议全部答复后，进入“%(step)s”，由%(by)s决定；结果会发消息给您")
    else:
        told = _("进入“%(step)s”，由%(by)s办理；要补正的或者有结果，会发消息给您")
    return told % {"step": after.name, "by": by}
