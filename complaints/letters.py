"""What the letters of a complaint say. None names the complainant: it is addressed by the number of the complaint."""

import datetime
from dataclasses import replace

from complaints.models import Complaint, Count, Finding, Supplement
from complaints.procedure import HandlingPolicy
from complaints.rules import ComplaintPolicy
from complaints.states import ComplaintStatus, Outcome
from portal.deadlines.sums import in_words
from portal.documents.citing import cited, resting_on
from portal.documents.letters import Block, Draft, agency_of
from portal.documents.wording import closed, in_chinese
from portal.policies.loader import pack_of
from portal.policies.packs import Pack
from portal.policies.schema import Value

UNTRACED = "不得追查投诉人，不得因投诉差别对待任何服务对象。"


def receipt(complaint: Complaint) -> Draft:
    """Return the receipt (投诉回执): that it is in, its number, what happens by when. The access code is not in it."""
    law = _law(complaint)
    silence = "；逾期未告知的，视为受理" if law.silence_accepts.value else ""
    until = f"在{in_words(complaint.limit.on)}前告知是否受理{silence}" if complaint.limit else "告知是否受理"
    paragraphs = (
        f"您于{in_words(complaint.received_on)}提出的关于{complaint.base.name}的投诉已收到，受理号{complaint.number}。",
        f"{_desk(complaint)}将{until}。受理后请基地答复情况摘要，由{_verifiers(complaint)}核实，结果告知双方。",
        "基地只能看到工作人员写的情况摘要，看不到投诉人的姓名、联系方式、原话和凭证。",
        "凭受理号和查询码可以随时在本平台查看进度、补充材料或撤回。查询码只在提交时显示一次，请妥善保存。",
    )
    draft = _to_complainant(complaint, "complaint.receipt", "投诉回执", paragraphs, "投诉回执")
    return replace(draft, layout="notice")


def supplement(asking: Supplement) -> Draft:
    """Return the one-time notice of what is missing (一次性补充告知书)."""
    complaint = asking.complaint
    basis = _basis(complaint, _law(complaint).supplement_workdays)
    paragraphs = (
        f"{_case(complaint)}，请补充下列材料或说明：",
        closed(asking.asked),
        f"{basis}请在{in_words(asking.due_on)}前（含当日）凭受理号和查询码在本平台补充。"
        "逾期未补充的，按现有材料决定是否受理。补充材料只告知这一次。",
    )
    return _to_complainant(complaint, "complaint.supplement", "投诉补充材料告知书", paragraphs, "投诉补")


def acceptance(complaint: Complaint) -> Draft:
    """Return the notice of acceptance (受理告知书): when it will be verified, at the latest when."""
    law = _law(complaint)
    basis = _basis(complaint, law.silence_accepts)
    silent = f"期满未作答复，{basis}自收到之日起视为受理。" if complaint.accepted_by_silence else ""
    paragraphs = (
        f"{_case(complaint)}，{_desk(complaint)}于{_day(complaint.accepted_on)}受理。{silent}",
        f"受理后{law.verify_days.value}日内由{_verifiers(complaint)}核实。{_latest(complaint)}",
    )
    return _to_complainant(complaint, "complaint.acceptance", "投诉受理告知书", paragraphs, "投诉受")


def rejection(complaint: Complaint) -> Draft:
    """Return the notice that it is not accepted (不予受理告知书), and why."""
    paragraphs = (
        f"{_case(complaint)}，本机关决定不予受理。",
        f"理由：{closed(complaint.refusal)}",
        _whom_to_turn_to(complaint),
    )
    return _to_complainant(complaint, "complaint.rejection", "投诉不予受理告知书", paragraphs, "投诉不受")


def transfer(complaint: Complaint) -> Draft:
    """Return the notice of transfer (转办告知书): to whom and why."""
    paragraphs = (
        f"{_case(complaint)}，已转交{complaint.transferred_to}办理，办理情况请向该部门查询。",
        f"理由：{closed(complaint.refusal)}",
        "投诉人的姓名和联系方式未随同转交；该部门需要联系的，本机关先征求您的意见。",
    )
    return _to_complainant(complaint, "complaint.transfer", "投诉转办告知书", paragraphs, "投诉转")


def summary(complaint: Complaint) -> Draft:
    """Return the redacted summary for the base (投诉情况摘要), and until when it may answer."""
    days = _law(complaint).answer_workdays
    paragraphs = (
        f"本机关受理了一件关于{complaint.base.name}的投诉（{complaint.number}），反映的情况如下：",
        closed(complaint.summary),
        f"{_basis(complaint, days)}请自收到之日起{days.value}个工作日内登录平台答复。逾期不答复的，不影响核实。",
        UNTRACED,
    )
    return _to_base(complaint, "complaint.summary", "投诉情况摘要", paragraphs, "投诉摘")


def extension(complaint: Complaint) -> Draft:
    """Return the notice that more time was approved (延期告知书), and why."""
    basis = _basis(complaint, _law(complaint).extension_days)
    paragraphs = (
        f"{_case(complaint)}，因情况复杂，{basis}经批准延长办理期限至{_day(complaint.limit_on)}。",
        f"理由：{closed(complaint.extended_because)}",
    )
    return _to_complainant(complaint, "complaint.extension", "投诉延期告知书", paragraphs, "投诉延")


def finding_to_base(finding: Finding) -> Draft:
    """Return the finding for the base (核实结果告知书): what was found, and its right to object."""
    complaint = finding.complaint
    days = _law(complaint).objection_workdays.value
    paragraphs = (
        f"{_case(complaint)}，{_verified(finding)}",
        closed(finding.conclusion),
        f"如有异议，可以自收到之日起{days}个工作日内（收到当日不计入）书面或登录平台提出；期满后由审批人员确认。",
        UNTRACED,
    )
    draft = _to_base(complaint, "complaint.finding_to_base", "投诉核实结果告知书", paragraphs, "投诉核")
    return replace(draft, to_be_served=True)


def finding_to_complainant(finding: Finding) -> Draft:
    """Return the finding for the complainant (核实结果告知书), with its right to object: as long as the base may."""
    complaint = finding.complaint
    days = _law(complaint).objection_workdays.value
    paragraphs = (
        f"您{_case(complaint)}，{_verified(finding)}",
        closed(finding.conclusion),
        f"如有异议，可以自核实结果送达基地之日起{days}个工作日内，凭受理号和查询码在本平台提出，或书面提出；"
        "最后一天在进度页上可以看到。异议期满后由审批人员确认。",
    )
    return _to_complainant(complaint, "complaint.finding", "投诉核实结果告知书", paragraphs, "投诉核")


def result(complaint: Complaint, finding: Finding) -> Draft:
    """Return the result for the complainant (办结告知书)."""
    paragraphs = (
        f"您{_case(complaint)}，已于{_day(complaint.decided_on)}办结，核实结果为：{_found(finding)}。",
        closed(finding.conclusion),
        _whom_to_turn_to(complaint),
        "您可以凭受理号和查询码评价本次办理。评价不与您的姓名放在一起。",
    )
    return _to_complainant(complaint, "complaint.result", "投诉办结告知书", paragraphs, "投诉结")


def result_to_base(complaint: Complaint, finding: Finding, count: Count | None) -> Draft:
    """Return the confirmed finding for the base (核实结果确认通知书), with what it means: how many count now."""
    paragraphs = (
        f"{_case(complaint)}，核实结果已于{_day(complaint.decided_on)}确认：{_found(finding)}。",
        _consequence(complaint, count),
        _whom_to_turn_to(complaint),
    )
    return _to_base(complaint, "complaint.result_to_base", "投诉核实结果确认通知书", paragraphs, "投诉结")


def _consequence(complaint: Complaint, count: Count | None) -> str:
    if complaint.status != ComplaintStatus.UPHELD:
        return "本件不计入有效投诉。" if count else "本件办结。"
    if count is None:
        return "请按核实结果改进服务。"
    limit = count.policy.limit
    law = cited(pack_of(count.certification.policy, on=complaint.received_on), limit.clause)
    return (
        f"依据{law}，服务对象有效投诉达到{limit.value}次（含）的，启动撤销程序。"
        f"截至本件确认，本复评认定期内计入的有效投诉共{count.number}次。请按核实结果改进服务。"
    )


def ordered_anew(complaint: Complaint, because: str) -> Draft:
    """Return the notice that the bureau above orders a verification anew (重新核实告知书), for the complainant."""
    paragraphs = (
        f"您{_case(complaint)}，原核实结果经本机关复查予以撤销，责令重新核实。",
        f"理由：{closed(because)}",
        f"{_desk(complaint)}将在{_day(complaint.due_on)}前重新核实，结果另行告知。",
    )
    return _to_complainant(complaint, "complaint.ordered_anew", "投诉重新核实告知书", paragraphs, "投诉重")


def ordered_anew_to_base(complaint: Complaint, because: str) -> Draft:
    """Return the notice that the bureau above orders a verification anew (重新核实通知书), for the base."""
    paragraphs = (
        f"{_case(complaint)}，原核实结果经本机关复查予以撤销，责令重新核实。",
        f"理由：{closed(because)}",
        f"{_desk(complaint)}的工作人员会向你单位了解情况，请予配合，结果另行告知。",
        UNTRACED,
    )
    return _to_base(complaint, "complaint.ordered_anew_to_base", "投诉重新核实通知书", paragraphs, "投诉重")


def sent_back(complaint: Complaint, because: str) -> Draft:
    """Return the notice that an approver did not confirm the finding (重新核实告知书), for the complainant."""
    paragraphs = (
        f"您{_case(complaint)}，核实结果经审批未予确认，退回重新核实。",
        f"理由：{closed(because)}",
        f"{_desk(complaint)}将在{_day(complaint.due_on)}前重新核实，结果另行告知，对新的核实结果可以提出异议。",
    )
    return _to_complainant(complaint, "complaint.sent_back", "投诉重新核实告知书", paragraphs, "投诉重")


def sent_back_to_base(complaint: Complaint, because: str) -> Draft:
    """Return the notice that an approver did not confirm the finding (重新核实通知书), for a base that was served."""
    paragraphs = (
        f"{_case(complaint)}，核实结果经审批未予确认，退回重新核实。原核实结果告知书不再作为依据。",
        f"理由：{closed(because)}",
        f"{_desk(complaint)}的工作人员会向你单位了解情况，请予配合。新的核实结果另行送达，可以提出异议。",
        UNTRACED,
    )
    return _to_base(complaint, "complaint.sent_back_to_base", "投诉重新核实通知书", paragraphs, "投诉重")


def ordered_acceptance(complaint: Complaint, because: str) -> Draft:
    """Return the notice that the bureau above orders it to be accepted (责令受理告知书)."""
    paragraphs = (
        f"{_case(complaint)}，原不予受理决定经本机关复查予以撤销，由{_desk(complaint)}自{_day(complaint.accepted_on)}起受理。",
        f"理由：{closed(because)}",
        _latest(complaint),
    )
    return _to_complainant(complaint, "complaint.ordered_acceptance", "投诉受理告知书", paragraphs, "投诉受")


def overturned(complaint: Complaint) -> Draft:
    """Return the notice that the bureau above overturned the finding, for the complainant."""
    paragraphs = (
        f"您{_case(complaint)}，原核实结果经本机关复查予以推翻。",
        f"理由：{closed(complaint.overturned_because)}",
        "如有异议，可以向本机关的上级机关反映；认为侵犯您合法权益的，可以依法申请行政复议。",
    )
    return _to_complainant(complaint, "complaint.overturned", "投诉核实结果推翻告知书", paragraphs, "投诉推")


def overturned_to_base(complaint: Complaint) -> Draft:
    """Return the notice that the bureau above overturned the finding, for the base: it counts no more."""
    counted = _pack(complaint).section(ComplaintPolicy).counting is not None
    paragraphs = (
        f"{_case(complaint)}，原核实结果经本机关复查予以推翻{'，不再计入有效投诉' if counted else ''}。",
        f"理由：{closed(complaint.overturned_because)}",
    )
    return _to_base(complaint, "complaint.overturned_to_base", "投诉核实结果推翻通知书", paragraphs, "投诉推")


# --- what the letters have in common ---


def _to_complainant(complaint: Complaint, kind: str, title: str, paragraphs: tuple[str, ...], series: str) -> Draft:
    addressee = f"投诉人（受理号 {complaint.number}）"
    return _draft(complaint, kind, title, paragraphs, series, addressee=addressee)


def _to_base(complaint: Complaint, kind: str, title: str, paragraphs: tuple[str, ...], series: str) -> Draft:
    return _draft(complaint, kind, title, paragraphs, series, addressee=complaint.base.operator.name)


def _draft(
    complaint: Complaint, kind: str, title: str, paragraphs: tuple[str, ...], series: str, *, addressee: str
) -> Draft:
    return Draft(
        kind=kind,
        title=title,
        body=tuple(Block("p", paragraph) for paragraph in paragraphs),
        addressee=addressee,
        notes="投诉的办理流程为示例流程，待主管部门确认" if _law(complaint).sample else "",
        series=series,
    )


def _case(complaint: Complaint) -> str:
    return f"关于{complaint.base.name}的投诉（{complaint.number}）"


def _desk(complaint: Complaint) -> str:
    """Return the bureau at which the complaint waits: whoever signs the letter, that one acts next."""
    return str(agency_of(complaint.desk or complaint.jurisdiction))


def _verifiers(complaint: Complaint) -> str:
    law = _law(complaint)
    verifier = agency_of(complaint.base.jurisdiction.ancestor(law.verifier.value))
    return f"{verifier}{law.verifying_officers.value}名以上工作人员"


def _verified(finding: Finding) -> str:
    fewest = _law(finding.complaint).verifying_officers.value
    return f"经{fewest}名以上工作人员核实，结果为：{_found(finding)}。"


def _latest(complaint: Complaint) -> str:
    basis = _basis(complaint, _law(complaint).limit_days)
    return f"{basis}最迟于{_day(complaint.limit_on)}办结；情况复杂、经批准延长的，另行告知。"


def _whom_to_turn_to(complaint: Complaint) -> str:
    """Return the sentence that names the bureau above the one that decides, which may correct it."""
    desk = complaint.desk or complaint.closed_at_desk  # of a letter that is only previewed the desk is still there
    above = desk.parent if desk else None
    return f"如有异议，可以向{agency_of(above) if above else '本机关的上级机关'}反映。"


def _basis(complaint: Complaint, value: Value[int] | Value[bool]) -> str:
    """Return on what law a term rests, with a comma."""
    law = resting_on(_pack(complaint), value)
    return f"{law}，" if law else ""


def _found(finding: Finding) -> str:
    return in_chinese(Outcome(finding.outcome).label)


def _pack(complaint: Complaint) -> Pack:
    return pack_of(complaint.policy, on=complaint.received_on)


def _law(complaint: Complaint) -> HandlingPolicy:
    return _pack(complaint).section(ComplaintPolicy).handling


def _day(day: datetime.date | None) -> str:
    return in_words(day) if day else ""
