"""Who is told what about an application. Deadlines and corrections go at once, the rest in the daily digest."""

import datetime

from django.conf import settings
from django.utils import translation

from applications.models import (
    Application,
    Call,
    CorrectionProposal,
    CorrectionRequest,
    Decision,
    Objection,
    PublicNotice,
    Submission,
)
from applications.states import ApplicationStatus, ObjectionStatus, ProposalStatus
from portal.notifications.notify import Notice


def _mine(application: Application) -> str:
    return f"/my/applications/{application.pk}/"


def _desk(application: Application) -> str:
    return f"/desk/applications/{application.pk}/"


def _proposal(proposal: CorrectionProposal) -> str:
    return f"/desk/correction-proposals/{proposal.pk}/"


def call_published(call: Call) -> Notice:
    """Operators whose bases a call reaches learn of it, and until when it takes applications."""
    until = f"{call.closes_at.astimezone():%Y-%m-%d %H:%M}"
    opens = f"{call.opens_at.astimezone():%Y-%m-%d %H:%M}"
    return Notice(
        kind="call.published",
        subject=f"申报通知已发布：{call.name[:80]}",
        body=f"{call.jurisdiction.name}受理申报，{opens} 至 {until}。打开可看条件、材料和您的基地能不能报。",
        url=f"/my/calls/{call.pk}/",
        dedupe=f"call:{call.pk}:published",
    )


def call_ahead(call: Call) -> Notice:
    """The bureaus below learn of a call whose applications will come to them first."""
    until = f"{call.closes_at.astimezone():%Y-%m-%d %H:%M}"
    return Notice(
        kind="call.ahead",
        subject=f"申报通知已发布：{call.name[:80]}",
        body=f"{call.jurisdiction.name}发布了申报通知，{until} 截止。辖区内的申报提交后，到您的待我办理。",
        url=f"/desk/calls/{call.pk}/",
        dedupe=f"call:{call.pk}:ahead",
    )


def call_extended(call: Call) -> Notice:
    """Everybody with a draft or a case under the call learns the new closing time."""
    until = f"{call.closes_at.astimezone():%Y-%m-%d %H:%M}"
    return Notice(
        kind="call.extended",
        subject=f"“{call.name}”延期至 {until}",
        body=f"申报截止时间改为 {until}。延期原因：{call.extension_reason}",
        urgent=True,
        dedupe=f"call:{call.pk}:extended:{until}",
    )


def call_returned(call: Call, reason: str) -> Notice:
    """Who drafted a call learns that the approver wants it changed, and what."""
    return Notice(
        kind="call.returned",
        subject=f"申报通知“{call.name[:80]}”退回修改",
        body=f"审批岗退回了这份申报通知，修改并保存后再送审核。要改的：{reason}",
        url=f"/desk/calls/{call.pk}/",
    )


def call_withdrawn(call: Call) -> Notice:
    """Everybody with a draft under the call learns that it was withdrawn, and why."""
    return Notice(
        kind="call.withdrawn",
        subject=f"“{call.name}”已撤回",
        body=f"这一批次的申报通知已撤回，草稿不能再提交。撤回原因：{call.reason}",
        urgent=True,
        dedupe=f"call:{call.pk}:withdrawn",
    )


def call_closed(call: Call) -> Notice:
    """The bureau learns that its call is closed."""
    return Notice(
        kind="call.closed",
        subject=f"“{call.name}”已截止",
        body=f"申报已于 {call.closes_at.astimezone():%Y-%m-%d %H:%M} 截止，截止前提交的申报继续办理。",
        url=f"/desk/calls/{call.pk}/",
        dedupe=f"call:{call.pk}:closed:{call.closes_at:%Y%m%d%H%M}",
    )


def submitted(application: Application, submission: Submission) -> Notice:
    """The operator has a receipt and knows what happens next."""
    where = application.desk.name if application.desk else ""
    return Notice(
        kind="application.submitted",
        subject=f"申报材料已收到，受理号 {application.reference}",
        body=(
            f"第 {submission.number} 次提交已收到，由{where}办理，{application.due_on} 前（含当日）办结。"
            "登录可看进度和凭证。"
        ),
        url=_mine(application),
        dedupe=f"application:{application.pk}:submitted:{submission.number}",
    )


def arrived(application: Application, submission: Submission) -> Notice:
    """The officers of the desk learn that something came in."""
    again = f"（第 {submission.number} 次提交）" if submission.number > 1 else ""
    return Notice(
        kind="application.arrived",
        subject=f"{application.base}申报{_status(application.status)}{again}",
        body=f"受理号 {application.reference}，请于 {application.due_on} 前（含当日）办理。",
        url=_desk(application),
        dedupe=f"application:{application.pk}:arrived:{application.revision}",
    )


def moved_on(application: Application, step: str) -> Notice:
    """The operator learns which step is done and which comes next."""
    done = _status(step).removeprefix("待")
    return Notice(
        kind="application.moved_on",
        subject=f"{application.base}的申报已完成{done}",
        body=f"受理号 {application.reference}，现在是“{_status(application.status)}”。登录可看意见和下一步时限。",
        url=_mine(application),
        dedupe=f"application:{application.pk}:moved:{application.revision}",
    )


def returned(request: CorrectionRequest) -> Notice:
    """The operator must correct: how many places, until when."""
    application = request.application
    return Notice(
        kind="application.returned",
        subject=f"{application.base}的申报需要补正 {len(request.listed)} 处",
        body=(
            f"请于 {request.due_on} 前（含当日）按补正清单修改后重新提交。"
            "清单见《一次性补正告知书》，登录后可直接修改。"
        ),
        url=_mine(application),
        urgent=True,
        dedupe=f"correction:{request.pk}",
    )


def consent_asked(proposal: CorrectionProposal) -> Notice:
    """The approver learns at once that a further list waits for them: of how many places, and why."""
    return Notice(
        kind="application.consent_asked",
        subject=f"{proposal.application.base}：再次补正清单请您同意或者不同意",
        body=(
            f"{proposal.proposed_by}送来 {len(proposal.listed)} 处，原因：{proposal.because.rstrip('。')}。"
            f"您同意后才发出告知书；答复以前计时不停，本环节 {proposal.application.due_on} 到期。"
        ),
        url=_proposal(proposal),
        urgent=True,
        dedupe=f"proposal:{proposal.pk}",
    )


def consent_given(proposal: CorrectionProposal, request: CorrectionRequest) -> Notice:
    """Who drew the list up learns that it went out."""
    return Notice(
        kind="application.consent_given",
        subject=f"{proposal.application.base}：再次补正清单已同意，告知书已发出",
        body=f"{proposal.closed_by}已同意，申报单位应在 {request.due_on} 前（含当日）补正，补正期间暂停计时。",
        url=_desk(proposal.application),
        dedupe=f"proposal:{proposal.pk}:agreed",
    )


def consent_refused(proposal: CorrectionProposal) -> Notice:
    """Who drew the list up learns at once that it is not sent, and why: the clock runs on."""
    return Notice(
        kind="application.consent_refused",
        subject=f"{proposal.application.base}：没有同意再次补正",
        body=f"{proposal.closed_by}的理由：{proposal.reason.rstrip('。')}。清单没有发出，请按现有材料继续办理。",
        url=_desk(proposal.application),
        urgent=True,
        dedupe=f"proposal:{proposal.pk}:declined",
    )


def consent_spared(proposal: CorrectionProposal) -> Notice:
    """The approver learns that the list was taken back, or fell with the step: nothing is asked of them any more."""
    fell = proposal.status == ProposalStatus.OVERTAKEN
    return Notice(
        kind="application.consent_spared",
        subject=f"{proposal.application.base}：再次补正清单已{'作废' if fell else '撤回'}，不用您同意了",
        body=f"这件申报于 {proposal.closed_on} 有变动，清单没有发出。"
        if fell
        else f"{proposal.closed_by}于 {proposal.closed_on} 撤回。",
        url=_proposal(proposal),
        dedupe=f"proposal:{proposal.pk}:taken_back",
    )


def withdrawn(application: Application, reason: str) -> Notice:
    """The desk learns that the operator withdrew."""
    return Notice(
        kind="application.withdrawn",
        subject=f"{application.base}已撤回申报",
        body=f"受理号 {application.reference}，撤回原因：{reason}",
        url=_desk(application),
        dedupe=f"application:{application.pk}:withdrawn",
    )


def assigned(application: Application, who: str) -> Notice:
    """A colleague learns that a case was handed to them."""
    return Notice(
        kind="application.assigned",
        subject=f"{who}把{application.base}的申报转给您办理",
        body=f"受理号 {application.reference}，请于 {application.due_on} 前（含当日）办理。",
        url=_desk(application),
        dedupe=f"application:{application.pk}:assigned:{application.revision}",
    )


def publicised(application: Application, notice: PublicNotice) -> Notice:
    """The operator learns that its base is on public notice."""
    return Notice(
        kind="application.publicised",
        subject=f"{application.base}已列入公示",
        body=f"公示期 {notice.published_on} 至 {notice.ends_on}。期满且异议全部答复后，进入批准环节。",
        url=_mine(application),
        dedupe=f"application:{application.pk}:notice:{notice.pk}",
    )


def objected(objection: Objection, due_on: object) -> Notice:
    """The bureau learns of an objection. Who objects is not in the message."""
    return Notice(
        kind="objection.received",
        subject=f"收到对{objection.application.base}的公示异议",
        body=f"受理编号 {objection.number}，请于 {due_on} 前（含当日）核实并答复。异议人身份只在办件页显示。",
        url=f"/desk/objections/{objection.pk}/",
        urgent=True,
        dedupe=f"objection:{objection.pk}",
    )


def objection_heard(objection: Objection, due_on: object) -> Notice:
    """The operator learns that somebody objects, and until when that is looked into; never who."""
    return Notice(
        kind="objection.about_you",
        subject=f"收到对{objection.application.base}的公示异议",
        body=f"办理机关核实后于 {due_on} 前（含当日）答复，异议人的身份依法保密。需要您单位说明的，办理机关会联系。",
        url=_mine(objection.application),
        dedupe=f"objection:{objection.pk}:operator",
    )


def objection_answered(objection: Objection) -> Notice:
    """The operator learns what came of an objection to its base."""
    founded = objection.status == ObjectionStatus.FOUNDED
    outcome = "异议成立，是否认定由审批岗决定" if founded else "异议不成立，申报照常办理"
    return Notice(
        kind="objection.about_you_answered",
        subject=f"对{objection.application.base}的公示异议已答复",
        body=f"核实结果：{outcome}。登录可看办到哪一步。",
        url=_mine(objection.application),
        dedupe=f"objection:{objection.pk}:operator:answered",
    )


def for_approval(application: Application, answered: int) -> Notice:
    """The approvers learn that a case waits for the decision, and how many objections came and were answered."""
    objections = f"收到异议 {answered} 件，已全部答复" if answered else "公示期间没有收到异议"
    return Notice(
        kind="application.for_approval",
        subject=f"{application.base}公示期满，待批准",
        body=f"受理号 {application.reference}，{objections}，请于 {application.due_on} 前（含当日）决定。",
        url=_desk(application),
        dedupe=f"application:{application.pk}:approval:{application.revision}",
    )


def decision_asked(application: Application, step: str, on: datetime.date) -> Notice:
    """The approvers learn at once that their own bureau was against, and what they may do; a past day is not named."""
    ahead = application.due_on is not None and application.due_on >= on
    until = f"请于 {application.due_on} 前（含当日）决定。" if ahead else "请尽快决定。"
    return Notice(
        kind="application.decision_asked",
        subject=f"{application.base}：{step}不同意，请决定是否不予认定",
        body=f"受理号 {application.reference}。可以作出不予认定决定，也可以写明理由同意继续办理，{until}",
        url=_desk(application),
        urgent=True,
        dedupe=f"application:{application.pk}:decision:{application.revision}",
    )


def decision_spared(application: Application, who: str) -> Notice:
    """The approvers learn that somebody moved the case before they decided: it is off their list."""
    return Notice(
        kind="application.decision_spared",
        subject=f"{application.base}：办件有变动，不再列入您的待办",
        body=f"受理号 {application.reference}，原请您决定是否不予认定，{who}已先办理。打开可看办到哪里、为什么。",
        url=_desk(application),
        dedupe=f"application:{application.pk}:decision:{application.revision}:spared",
    )


def let_go_on(application: Application, who: str, reason: str) -> Notice:
    """The officers of the step learn that an approver lets the case go on, and why; a further list holds it (0157)."""
    waits = application.proposals.filter(status=ProposalStatus.WAITING).exists()
    go_on = "" if waits else "请照常办下一步。"
    return Notice(
        kind="application.let_go_on",
        subject=f"{application.base}：审批岗同意继续办理",
        body=f"受理号 {application.reference}，{who}的理由：{reason[:200].rstrip('。')}。{go_on}",
        url=_desk(application),
        dedupe=f"application:{application.pk}:let_go_on:{application.revision}",
    )


def refused(decision: Decision) -> Notice:
    """The operator learns of the refusal, the letter and the remedies."""
    application = decision.application
    return Notice(
        kind="application.refused",
        subject=f"{application.base}的申报不予认定",
        body="理由和救济途径见《不予认定决定书》，登录后可下载。",
        url=_mine(application),
        urgent=True,
        dedupe=f"decision:{decision.pk}",
    )


def sent_back(application: Application, reason: str) -> Notice:
    """The reviewers learn that the approver wants another look."""
    return Notice(
        kind="application.sent_back",
        subject=f"{application.base}的申报退回复审",
        body=f"受理号 {application.reference}，退回理由：{reason}",
        url=_desk(application),
        dedupe=f"application:{application.pk}:sent_back:{application.revision}",
    )


def correction_due(request: CorrectionRequest, days: int) -> Notice:
    """A reminder before and on the last day of a correction."""
    when = "今天到期" if days == 0 else f"还有 {days} 个工作日到期"
    return Notice(
        kind="application.correction_due",
        subject=f"{request.application.base}的补正{when}",
        body=(
            f"请于 {request.due_on} 前（含当日）补正 {len(request.listed)} 处并重新提交。逾期由办理机关按现有材料审核。"
        ),
        url=_mine(request.application),
        urgent=True,
        dedupe=f"correction:{request.pk}:{'today' if days == 0 else 'soon'}",
    )


def correction_overdue(request: CorrectionRequest) -> Notice:
    """The desk that asked for a correction learns that its last day went by."""
    application = request.application
    return Notice(
        kind="application.correction_overdue",
        subject=f"{application.base}逾期没有补正",
        body=f"受理号 {application.reference}，补正期限 {request.due_on} 已过。可以按现有材料继续办理；此前仍收补正。",
        url=_desk(application),
        urgent=True,
    )


def gone_on_without(request: CorrectionRequest, reason: str) -> Notice:
    """The operator learns that its case goes on with what is on file."""
    application = request.application
    return Notice(
        kind="application.gone_on_without",
        subject=f"{application.base}的申报按现有材料继续办理",
        body=f"补正期限 {request.due_on} 已过，没有收到补正，不再接收。办理机关说明：{reason[:200]}",
        url=_mine(application),
        urgent=True,
        dedupe=f"correction:{request.pk}:lapsed",
    )


def _status(status: str) -> str:
    """Return a status in Chinese: a message is kept and read by others than the one whose act sent it."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(ApplicationStatus(status).label)
