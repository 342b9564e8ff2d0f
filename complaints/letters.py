"""What the letters of a complaint say. None names the complainant: it is addressed by the number of the complaint."""

import datetime
from dataclasses import replace

from complaints.models import Complaint, Count, Finding, Supplement
from complaints.rules import ComplaintPolicy
from complaints.states import ComplaintStatus, Outcome
from portal.deadlines.sums import in_words
from portal.documents.letters import Block, Draft
from portal.policies.loader import pack_of
from portal.policies.packs import Pack


def receipt(complaint: Complaint) -> Draft:
    """Return the receipt (投诉回执): that it is in, its number, what happens by when. The access code is not in it."""
    due = complaint.limit
    until = f"{in_words(due.on)}前告知是否受理。" if due else ""
    body = (
        Block(
            "p",
            f"您于{in_words(complaint.received_on)}提出的关于{complaint.base.name}的投诉已收到，受理号{complaint.number}。",
        ),
        Block("p", f"本机关将在{until}受理后请基地答复情况摘要，由上级机关两名以上工作人员核实，结果告知双方。"),
        Block("p", "基地只能看到工作人员写的情况摘要，看不到投诉人的姓名、联系方式、原话和凭证。"),
        Block("p", "凭受理号和查询码可以随时在本平台查看进度、补充材料或撤回。查询码只在提交时显示一次，请妥善保存。"),
    )
    return _to_complainant(complaint, "complaint.receipt", "投诉回执", body, "投诉回执")


def supplement(asking: Supplement) -> Draft:
    """Return the one-time notice of what is missing (一次性补充告知书)."""
    complaint = asking.complaint
    body = (
        Block("p", f"关于{complaint.base.name}的投诉（{complaint.number}），请补充下列材料或说明："),
        Block("p", asking.asked),
        Block(
            "p",
            f"请于{in_words(asking.due_on)}（含当日）前补充。逾期未补充的，按现有材料决定是否受理。此事只告知一次。",
        ),
    )
    return _to_complainant(complaint, "complaint.supplement", "投诉补充材料告知书", body, "投诉补")


def acceptance(complaint: Complaint) -> Draft:
    """Return the notice of acceptance (受理告知书): when it will be verified, at the latest when."""
    law = _law(complaint).handling
    silent = "期满未作答复，依规定自收到之日起视为受理。" if complaint.accepted_by_silence else ""
    latest = f"，最迟于{in_words(complaint.limit_on)}办结" if complaint.limit_on else ""
    body = (
        Block(
            "p",
            f"关于{complaint.base.name}的投诉（{complaint.number}），本机关于{_day(complaint.accepted_on)}受理。{silent}",
        ),
        Block("p", f"受理后{law.verify_days.value}日内核实{latest}；情况复杂、经批准延长的，另行告知。"),
    )
    return _to_complainant(complaint, "complaint.acceptance", "投诉受理告知书", body, "投诉受")


def rejection(complaint: Complaint) -> Draft:
    """Return the notice that it is not accepted (不予受理告知书), and why."""
    body = (
        Block("p", f"关于{complaint.base.name}的投诉（{complaint.number}），本机关决定不予受理。"),
        Block("p", f"理由：{complaint.refusal}"),
        Block("p", "如有异议，可以向上级人力资源和社会保障部门反映。"),
    )
    return _to_complainant(complaint, "complaint.rejection", "投诉不予受理告知书", body, "投诉不受")


def transfer(complaint: Complaint) -> Draft:
    """Return the notice of transfer (转办告知书): to whom and why."""
    body = (
        Block("p", f"关于{complaint.base.name}的投诉（{complaint.number}），已转交{complaint.transferred_to}办理。"),
        Block("p", f"理由：{complaint.refusal}"),
        Block("p", "投诉人的姓名和联系方式未随同转交；该部门需要联系的，本机关先征求您的意见。"),
    )
    return _to_complainant(complaint, "complaint.transfer", "投诉转办告知书", body, "投诉转")


def summary(complaint: Complaint) -> Draft:
    """Return the redacted summary for the base (投诉情况摘要), and until when it may answer."""
    law, pack = _law(complaint).handling, _pack(complaint)
    body = (
        Block("p", f"本机关受理了一件关于{complaint.base.name}的投诉（{complaint.number}），反映的情况如下："),
        Block("p", complaint.summary),
        Block("p", f"请于收到之日起{law.answer_workdays.value}个工作日内答复。逾期不答复的，不影响核实。"),
        Block("p", f"依据《{pack.title}》和有关规定，不得追查投诉人，不得因投诉差别对待任何服务对象。"),
    )
    return _to_base(complaint, "complaint.summary", "投诉情况摘要", body, "投诉摘")


def extension(complaint: Complaint) -> Draft:
    """Return the notice that more time was approved (延期告知书), and why."""
    body = (
        Block(
            "p",
            f"关于{complaint.base.name}的投诉（{complaint.number}），因情况复杂，经批准延长办理期限至{_day(complaint.limit_on)}。",
        ),
        Block("p", f"理由：{complaint.extended_because}"),
    )
    return _to_complainant(complaint, "complaint.extension", "投诉延期告知书", body, "投诉延")


def finding_to_base(finding: Finding) -> Draft:
    """Return the finding for the base (核实结果告知书): what was found, and its right to object."""
    complaint = finding.complaint
    days = _law(complaint).handling.objection_workdays.value
    body = (
        Block(
            "p",
            f"关于{complaint.base.name}的投诉（{complaint.number}），经两名以上工作人员核实，结果为：{_found(finding)}。",
        ),
        Block("p", finding.conclusion),
        Block("p", f"如有异议，可以自收到之日起{days}个工作日内书面或登录平台提出；期满后由审批人员确认。"),
    )
    draft = _to_base(complaint, "complaint.finding_to_base", "投诉核实结果告知书", body, "投诉核")
    return replace(draft, to_be_served=True)


def finding_to_complainant(finding: Finding) -> Draft:
    """Return the finding for the complainant (核实结果告知书), with its right to object: as long as the base may."""
    complaint = finding.complaint
    days = _law(complaint).handling.objection_workdays.value
    body = (
        Block(
            "p",
            f"您关于{complaint.base.name}的投诉（{complaint.number}），经两名以上工作人员核实，结果为：{_found(finding)}。",
        ),
        Block("p", finding.conclusion),
        Block(
            "p",
            f"如有异议，可以自核实结果送达基地之日起{days}个工作日内，凭受理号和查询码在本平台提出，或书面提出；"
            "最后一天在进度页上可以看到。异议期满后由审批人员确认。",
        ),
    )
    return _to_complainant(complaint, "complaint.finding", "投诉核实结果告知书", body, "投诉核")


def result(complaint: Complaint, finding: Finding) -> Draft:
    """Return the result for the complainant (办结告知书)."""
    body = (
        Block(
            "p",
            f"您关于{complaint.base.name}的投诉（{complaint.number}）已于{_day(complaint.decided_on)}办结：{_found(finding)}。",
        ),
        Block("p", finding.conclusion),
        Block("p", "您可以凭受理号和查询码评价本次办理。评价不与您的姓名放在一起。"),
    )
    return _to_complainant(complaint, "complaint.result", "投诉办结告知书", body, "投诉结")


def result_to_base(complaint: Complaint, finding: Finding, count: Count | None) -> Draft:
    """Return the confirmed finding for the base (核实结果确认通知书), with what it means: how many count now."""
    body = (
        Block(
            "p",
            f"关于{complaint.base.name}的投诉（{complaint.number}），核实结果已于{_day(complaint.decided_on)}确认：{_found(finding)}。",
        ),
        Block("p", _consequence(complaint, count)),
    )
    return _to_base(complaint, "complaint.result_to_base", "投诉核实结果确认通知书", body, "投诉结")


def _consequence(complaint: Complaint, count: Count | None) -> str:
    if complaint.status != ComplaintStatus.UPHELD:
        return "本件不计入有效投诉。"
    if count is None:
        return "请按核实结果改进服务。"
    limit = count.policy.limit
    article = _pack(complaint).clauses[limit.clause].article
    return (
        f"依据{article}，服务对象有效投诉达到{limit.value}次（含）的，启动撤销程序。"
        f"截至本件确认，本次认定期内计入的有效投诉共{count.number}次。请按核实结果改进服务。"
    )


def ordered_anew(complaint: Complaint, because: str) -> Draft:
    """Return the notice that the bureau above orders a verification anew (重新核实告知书), for the complainant."""
    body = (
        Block(
            "p", f"您关于{complaint.base.name}的投诉（{complaint.number}），原核实结果已撤销，由上级机关责令重新核实。"
        ),
        Block("p", f"理由：{because}"),
        Block("p", f"核实机关将于{_day(complaint.due_on)}前重新核实，结果另行告知。"),
    )
    return _to_complainant(complaint, "complaint.ordered_anew", "投诉重新核实告知书", body, "投诉重")


def ordered_anew_to_base(complaint: Complaint, because: str) -> Draft:
    """Return the notice that the bureau above orders a verification anew (重新核实通知书), for the base."""
    body = (
        Block(
            "p", f"关于{complaint.base.name}的投诉（{complaint.number}），原核实结果已撤销，由上级机关责令重新核实。"
        ),
        Block("p", f"理由：{because}"),
        Block("p", "核实人员会向你们了解情况，请配合。不得追查投诉人。"),
    )
    return _to_base(complaint, "complaint.ordered_anew_to_base", "投诉重新核实通知书", body, "投诉重")


def ordered_acceptance(complaint: Complaint, because: str) -> Draft:
    """Return the notice that the bureau above orders it to be accepted (责令受理告知书)."""
    desk = complaint.desk.name if complaint.desk else ""
    body = (
        Block(
            "p",
            f"关于{complaint.base.name}的投诉（{complaint.number}），原不予受理决定已撤销，由{desk}自{_day(complaint.accepted_on)}起受理。",
        ),
        Block("p", f"理由：{because}"),
        Block("p", f"最迟于{_day(complaint.limit_on)}办结；情况复杂、经批准延长的，另行告知。"),
    )
    return _to_complainant(complaint, "complaint.ordered_acceptance", "投诉受理告知书", body, "投诉受")


def overturned(complaint: Complaint) -> Draft:
    """Return the notice that the bureau above overturned the finding, for the complainant."""
    body = (
        Block("p", f"您关于{complaint.base.name}的投诉（{complaint.number}），原核实结果已由上级机关推翻。"),
        Block("p", f"理由：{complaint.overturned_because}"),
        Block("p", "如有异议，可以向作出推翻决定的机关的上级机关反映；认为侵犯您合法权益的，可以依法申请行政复议。"),
    )
    return _to_complainant(complaint, "complaint.overturned", "投诉核实结果推翻告知书", body, "投诉推")


def overturned_to_base(complaint: Complaint) -> Draft:
    """Return the notice that the bureau above overturned the finding, for the base: it counts no more."""
    body = (
        Block(
            "p",
            f"关于{complaint.base.name}的投诉（{complaint.number}），原核实结果已由上级机关推翻，不再计入有效投诉。",
        ),
        Block("p", f"理由：{complaint.overturned_because}"),
    )
    return _to_base(complaint, "complaint.overturned_to_base", "投诉核实结果推翻通知书", body, "投诉推")


def _to_complainant(complaint: Complaint, kind: str, title: str, body: tuple[Block, ...], series: str) -> Draft:
    addressee = f"投诉人（受理号 {complaint.number}）"
    return Draft(kind=kind, title=title, body=body, addressee=addressee, series=series)


def _to_base(complaint: Complaint, kind: str, title: str, body: tuple[Block, ...], series: str) -> Draft:
    return Draft(kind=kind, title=title, body=body, addressee=complaint.base.operator.name, series=series)


def _pack(complaint: Complaint) -> Pack:
    return pack_of(complaint.policy, on=complaint.received_on)


def _law(complaint: Complaint) -> ComplaintPolicy:
    return _pack(complaint).section(ComplaintPolicy)


def _found(finding: Finding) -> str:
    return str(Outcome(finding.outcome).label)


def _day(day: datetime.date | None) -> str:
    return in_words(day) if day else ""
