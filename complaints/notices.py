"""Who is told what about a complaint. Nothing here holds a word of the complainant's, nor a name or a number."""

import datetime
from dataclasses import replace

from bases.models import Revocation
from bases.states import RevocationStatus
from complaints.models import Complaint
from complaints.rules import ComplaintPolicy
from portal.documents.wording import closed
from portal.notifications.notify import Notice
from portal.policies.loader import pack_of


def received(complaint: Complaint) -> Notice:
    """The accepting bureau learns that a complaint came in, and until when it is to be decided."""
    law = pack_of(complaint.policy, on=complaint.received_on).section(ComplaintPolicy).handling
    silence = "，逾期视为受理" if law.silence_accepts.value else ""
    says = f"请于 {complaint.due_on} 前决定是否受理{silence}。"
    return _to_desk(complaint, "received", f"收到投诉：{complaint.base}", says)


def supplemented(complaint: Complaint, on: datetime.date) -> Notice:
    """The bureau learns that the complainant added something; once a day, however often that was."""
    notice = _to_desk(complaint, "supplemented", f"投诉人已补充：{complaint.base}", "补充的内容在投诉页面查看。")
    return replace(notice, dedupe=f"complaint:{complaint.pk}:supplemented:{on}")


def to_verify(complaint: Complaint, because: str = "") -> Notice:
    """The verifying bureau learns that two officers are to verify a complaint; anew, where an approver says why."""
    says = f"请安排两名工作人员于 {complaint.due_on} 前核实。"
    if because:
        says = f"审批人员没有确认核实结果：{closed(because)}{says}"
        return _to_desk(complaint, "to_verify", f"退回重新核实投诉：{complaint.base}", says, once=False)
    return _to_desk(complaint, "to_verify", f"待核实投诉：{complaint.base}", says)


def passed_on(complaint: Complaint) -> Notice:
    """The bureau learns that a complaint goes on at its desk: the one before has nobody left for the step."""
    says = "原办理机关已没有可以办理这一步的人员，改由本机关办理，期限不变。"
    return _to_desk(complaint, "passed_on", f"投诉改由本机关办理：{complaint.base}", says, once=False)


def finding_objected(complaint: Complaint) -> Notice:
    """The bureau learns that somebody objects to its finding."""
    return _to_desk(complaint, "objected", f"对核实结果有异议：{complaint.base}", "异议答复后才能确认。", once=False)


def for_the_record(complaint: Complaint) -> Notice:
    """The bureau above takes note of what was confirmed (备查)."""
    says = f"已确认：{complaint.get_status_display()}。如认定有误，可以由审批岗推翻并写明理由。"
    return _to_desk(complaint, "recorded", f"投诉核实结果备查：{complaint.base}", says)


def ordered_to_accept(complaint: Complaint) -> Notice:
    """The accepting bureau learns that the bureau above ordered it to accept what was rejected."""
    says = f"上级机关责令受理，请于 {complaint.due_on} 前写出情况摘要，发给基地答复。"
    return _to_desk(complaint, "ordered_to_accept", f"责令受理投诉：{complaint.base}", says)


def limit_passed(complaint: Complaint) -> Notice:
    """The bureau above learns that the longest term of a complaint is over; once more if it was extended."""
    notice = _to_desk(
        complaint,
        "limit_passed",
        f"投诉超过最长办理期限：{complaint.base}",
        f"应于 {complaint.limit_on} 前办结，请督办。",
    )
    return replace(notice, dedupe=f"complaint:{complaint.pk}:limit_passed:{complaint.limit_on}")


def to_answer(complaint: Complaint, until: datetime.date) -> Notice:
    """The base learns that a summary waits for its answer."""
    says = f"请于 {until}（含当日）前登录平台查看情况摘要并答复。不得追查投诉人。"
    return _to_base(complaint, "to_answer", f"请答复投诉情况摘要：{complaint.number}", says)


def answer_due(complaint: Complaint, left: int) -> Notice:
    """The base is reminded once within three working days of the end, and once on the last day."""
    when = "今天到期" if left == 0 else f"还有 {left} 个工作日"
    notice = _to_base(
        complaint, f"answer_due:{left == 0}", f"投诉摘要的答复{when}：{complaint.number}", "请登录平台答复。"
    )
    return notice


def answer_over(complaint: Complaint) -> Notice:
    """The base learns that its days for an answer are over and the complaint is being verified without it."""
    says = "答复期限已过，没有收到贵单位的答复，投诉已转核实。核实人员会向你们了解情况，请配合。"
    return _to_base(complaint, "answer_over", f"投诉摘要逾期未答复：{complaint.number}", says, urgent=False)


def finding_to_sign(complaint: Complaint) -> Notice:
    """The base learns that a finding waits to be signed for."""
    says = "请登录平台签收核实结果。签收之日起可以在期限内提出异议。"
    return _to_base(complaint, f"finding:{complaint.revision}", f"投诉核实结果待签收：{complaint.number}", says)


def verified_anew(complaint: Complaint) -> Notice:
    """The base learns that the bureau above ordered a verification anew."""
    says = "上级机关责令重新核实，通知书请登录平台查看。核实人员会向你们了解情况，请配合。"
    return _to_base(
        complaint, f"verified_anew:{complaint.revision}", f"投诉重新核实：{complaint.number}", says, urgent=False
    )


def sent_back(complaint: Complaint) -> Notice:
    """The base learns that a finding it was served with is not confirmed and is verified anew."""
    says = "核实结果经审批没有确认，退回重新核实，通知书请登录平台查看。新的核实结果另行送达，可以再提异议。"
    kind = f"sent_back:{complaint.revision}"
    return _to_base(complaint, kind, f"投诉重新核实：{complaint.number}", says, urgent=False)


def withdrawn(complaint: Complaint) -> Notice:
    """The base learns that a complaint whose summary it has was withdrawn."""
    return _to_base(
        complaint, "withdrawn", f"投诉已撤回：{complaint.number}", "投诉人已撤回投诉，不用再答复。", urgent=False
    )


def confirmed(complaint: Complaint) -> Notice:
    """The base learns that a finding was confirmed."""
    says = f"核实结果已确认：{complaint.get_status_display()}。"
    return _to_base(complaint, "confirmed", f"投诉核实结果已确认：{complaint.number}", says, urgent=False)


def overturned(complaint: Complaint) -> Notice:
    """The base learns that the bureau above overturned a finding that spoke against it, and where it reads why."""
    counting = pack_of(complaint.policy, on=complaint.received_on).section(ComplaintPolicy).counting
    falls = "，这件投诉不再计入有效投诉" if counting else ""
    says = f"上级机关推翻了原核实结果{falls}。理由见通知书，请登录平台查看。"
    return _to_base(complaint, "overturned", f"投诉认定已推翻：{complaint.number}", says, urgent=False)


def basis_overturned(complaint: Complaint, revocation: Revocation) -> Notice:
    """The bureau that decides learns that a complaint its proceedings rest on was overturned, and what it may do."""
    number, basis = complaint.number, "、".join(row["complaint"] for row in revocation.basis["counted"])
    if revocation.status == RevocationStatus.REVOKED:
        may = "撤销已经生效，不因此自动失效。认为应当纠正的，由审批岗自行撤销原决定、恢复称号，登记时机关写本机关。"
    else:
        may = "告知书已经送达，程序不因此自动停止。认为不应撤销的，可以终结程序；继续办理的，在复核和决定时写明理由。"
    return Notice(
        kind="complaint.basis_overturned",
        subject=f"撤销所依据的投诉被推翻：{revocation.number}"[:120],
        body=f"{revocation.base}的撤销依据的投诉是{basis}，其中 {number} 的认定已被上级机关推翻。{may}",
        url=f"/desk/revocations/{revocation.pk}/",
        urgent=True,
        dedupe=f"revocation:{revocation.pk}:overturned:{number}",
    )


def _to_desk(complaint: Complaint, kind: str, subject: str, says: str, *, once: bool = True) -> Notice:
    return Notice(
        kind=f"complaint.{kind}",
        subject=subject[:120],
        body=f"{complaint.number}：{says}",
        url=f"/desk/complaints/{complaint.pk}/",
        urgent=kind == "limit_passed",
        dedupe=f"complaint:{complaint.pk}:{kind}:{complaint.due_on}" if once else "",
    )


def _to_base(complaint: Complaint, kind: str, subject: str, says: str, *, urgent: bool = True) -> Notice:
    return Notice(
        kind=f"complaint.{kind.partition(':')[0]}",
        subject=subject[:120],
        body=says,
        url=f"/my/complaints/{complaint.pk}/",
        urgent=urgent,
        dedupe=f"complaint:{complaint.pk}:{kind}:base",
    )
