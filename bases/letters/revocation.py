"""The letters of a revocation (撤销): prior notice, decision, plaque recovery, closing, reversal, record of service."""

from bases.models import Revocation
from bases.rules import BasePolicy, GroundPolicy, RevocationPolicy
from portal.deadlines.sums import in_words
from portal.documents.citing import cited
from portal.documents.letters import Block, Draft, agency_of, numbered
from portal.documents.models import Service, ServiceMethod
from portal.documents.remedies import remedies
from portal.documents.wording import closed, in_chinese
from portal.jurisdictions.models import Jurisdiction
from portal.policies.loader import pack_of
from portal.policies.packs import Pack


def prior_notice(revocation: Revocation) -> Draft:
    """Return the prior notice (撤销事先告知书): facts, evidence, grounds, what is intended, and the holder's rights."""
    pack, policy, ground = _law(revocation)
    days = policy.defence_workdays.value
    title = revocation.certification.titled
    body = (
        Block("p", f"经核实，你单位运营的{revocation.base.name}存在下列情形，现将拟作出的决定及你单位的权利告知如下："),
        Block("h1", "事实和证据"),
        Block("p", closed(revocation.facts)),
        Block("p", f"上述事实有以下证据证明：{closed(revocation.evidence)}"),
        Block("h1", "依据和拟作出的决定"),
        Block(
            "p",
            f"上述情形属于{_law_cited(pack, ground)}规定的“{ground.name}”。"
            f"据此，拟撤销{revocation.base.name}的“{title}”称号"
            f"（认定日期{in_words(revocation.certification.certified_on)}），并自决定送达之日起{ground.ban_years.value}年内"
            "暂停该称号的申报。",
        ),
        Block("h1", "陈述、申辩的权利"),
        Block(
            "p",
            f"你单位自收到本告知书之日起{days}个工作日内（收到当日不计入），可以书面或登录平台提出陈述、申辩，"
            f"也可以申请听证。{_contact(revocation)}逾期不提出的，视为放弃，不影响作出决定。"
            "在此期间停止拨付因该称号产生的补助资金，称号的公开状态不变。",
        ),
    )
    return Draft(
        kind="revocation.prior_notice",
        title=f"撤销{title}称号事先告知书",
        body=numbered(body),
        addressee=revocation.operator.name,
        series="撤告",
        to_be_served=True,
    )


def hearing_notice(revocation: Revocation) -> Draft:
    """Return the notice of the hearing (听证通知书): when, where, who presides, and what the holder may do (L-6-64)."""
    pack, policy, _ground = _law(revocation)
    title, source = revocation.certification.titled, pack.sources[policy.hearing_workdays.clause]
    notice = revocation.notice.reference if revocation.notice else ""
    law = f"参照《{source.title.partition('（')[0]}》{source.article}"
    body = (
        Block(
            "p",
            f"你单位收到{notice}《撤销{title}称号事先告知书》后申请听证。{law}，本机关决定举行听证，现将有关事项通知如下：",
        ),
        Block("h1", "听证的时间、地点和主持人"),
        Block("p", f"时间：{revocation.hearing_time}。"),
        Block("p", f"地点：{closed(revocation.hearing_place)}"),
        Block("p", f"主持人：{closed(revocation.hearing_chair)}"),
        Block("h1", "你单位的权利"),
        Block(
            "p",
            "可以由法定代表人参加，也可以委托一至二人代理；认为主持人与本案有直接利害关系的，可以在听证举行前申请回避；"
            "听证时可以陈述、申辩、出示证据，对本机关提出的事实和证据进行质证，核对听证笔录。",
        ),
        Block("h1", "注意事项"),
        Block(
            "p",
            "请带身份证件、授权委托书和证据原件准时到场。确有理由不能按时参加的，请在听证举行前向本机关说明，申请改期。"
            "无正当理由不参加，或者未经许可中途退出的，视为放弃听证，本机关终止听证，不影响作出决定。",
        ),
    )
    return Draft(
        kind="revocation.hearing_notice",
        title="听证通知书",
        body=numbered(body),
        addressee=revocation.operator.name,
        series="撤听",
        to_be_served=True,
    )


def decision(revocation: Revocation) -> Draft:
    """Return the decision (撤销决定书): facts, the defence and how it was weighed, grounds, decision, remedies."""
    pack, policy, ground = _law(revocation)
    title = revocation.certification.titled
    served = in_words(revocation.notice_served_on) if revocation.notice_served_on else ""
    days, months = policy.reconsideration_days.value, policy.suit_months.value
    told = remedies("收到本决定之日", to=f"{revocation.decider.name}人民政府", days=days, months=months)
    body = (
        Block("h1", "事实和证据"),
        Block("p", closed(revocation.facts)),
        Block("p", f"上述事实有以下证据证明：{closed(revocation.evidence)}"),
        Block("h1", "陈述申辩和复核"),
        Block("p", f"本机关于{served}送达事先告知书。{_defence(revocation)}"),
        Block("p", f"复核意见：{closed(revocation.weighed)}"),
        Block("h1", "决定"),
        Block("p", closed(revocation.reason)),
        Block(
            "p",
            f"依据{_law_cited(pack, ground)}，决定撤销{revocation.base.name}的“{title}”称号，"
            f"自本决定送达之日起生效；自送达之日起{ground.ban_years.value}年内，"
            "该基地和你单位暂停该称号的申报。因该称号产生、尚未拨付的补助资金不再拨付。",
        ),
        Block("h1", "救济途径"),
        Block("p", f"如不服本决定，{told}"),
    )
    return Draft(
        kind="revocation.decision",
        title=f"关于撤销{revocation.base.name}{title}称号的决定",
        body=numbered(body),
        addressee=revocation.operator.name,
        to_be_served=True,
    )


def plaque_recovery(revocation: Revocation) -> Draft:
    """Return the notice to hand back plaque and certificate (收回牌匾证书通知)."""
    _pack, policy, _ground = _law(revocation)
    number = revocation.decision.reference if revocation.decision else ""
    held = revocation.certification
    plaque = f"“{held.plaque_text}”牌匾和" if held.plaque_text else ""
    kept = f"证书编号：{held.certificate_number}" if held.certificate_number else f"登记号：{held.number}"
    body = Block(
        "p",
        f"撤销决定（{number}）已于{in_words(revocation.served_on) if revocation.served_on else ''}送达生效。请于送达后"
        f"{policy.plaque_workdays.value}个工作日内将{plaque}认定证书（{kept}）交回本机关，"
        "并停止以该称号对外宣传。",
    )
    return Draft(
        kind="revocation.plaque_recovery",
        title="关于收回牌匾和证书的通知",
        body=(body,),
        addressee=revocation.operator.name,
        series="撤牌",
    )


def closing(revocation: Revocation) -> Draft:
    """Return the notice that the proceedings ended without a revocation (终结撤销程序通知书)."""
    title = revocation.certification.titled
    body = (
        Block("p", f"本机关对{revocation.base.name}“{title}”称号的撤销程序（{revocation.number}）终结，不予撤销。"),
        Block("p", f"理由：{closed(revocation.ended_because)}"),
        Block("p", f"{_not_in_force(revocation)}称号恢复告知前的状态，停止拨付的补助资金恢复按规定办理。"),
    )
    return Draft(
        kind="revocation.closing",
        title="终结撤销程序通知书",
        body=body,
        addressee=revocation.operator.name,
        series="撤结",
    )


def _not_in_force(revocation: Revocation) -> str:
    """Return what becomes of a decision that never reached the holder; empty where none was taken."""
    paper = revocation.decision
    if paper is None:
        return ""
    return f"{in_words(paper.issued_on)}印发的撤销决定（{paper.reference}）没有送达，不发生效力，予以作废。"


def reversal(revocation: Revocation) -> Draft:
    """Return the notice that the revocation was set aside (恢复称号通知书): by others or the bureau."""
    title = revocation.certification.titled
    number = revocation.decision.reference if revocation.decision else ""
    own = revocation.authority in own_names(revocation.decider)
    undone = (
        f"本机关自行撤销{number}撤销决定：" if own else f"本机关的撤销决定（{number}）已由{revocation.authority}撤销："
    )
    body = (
        Block("p", f"{undone}{closed(revocation.ended_because)}"),
        Block(
            "p",
            f"{revocation.base.name}的“{title}”称号恢复告知前的状态，暂停申报自始无效，停止拨付的补助资金恢复按规定办理。"
            f"{_plaque(revocation)}",
        ),
    )
    return Draft(
        kind="revocation.reversal",
        title=f"关于恢复{revocation.base.name}{title}称号的通知",
        body=body,
        addressee=revocation.operator.name,
    )


def own_names(decider: Jurisdiction) -> frozenset[str]:
    """Return how the bureau that decided may be named where it undoes its decision itself."""
    agency = agency_of(decider)
    return frozenset({"本机关", decider.name, agency.name, agency.short_name})


def _plaque(revocation: Revocation) -> str:
    """Return what becomes of plaque and certificate that were demanded back; empty where they were not."""
    if revocation.plaque_recovered_on:
        return "已交回的牌匾和证书予以发还。"
    paper = revocation.plaque_letter
    return f"《{paper.title}》（{paper.reference}）作废，牌匾和证书不用交回。" if paper and not paper.voided_on else ""


def service_record(revocation: Revocation, proof: Service) -> Draft:
    """Return the record of service (送达回证) of one letter of the proceedings."""
    rows = (
        ("送达文书", f"{proof.letter.title}\n{proof.letter.reference}"),
        ("受送达人", proof.letter.addressee),
        ("送达方式", in_chinese(ServiceMethod(proof.method).label)),
        *_way(proof),
        ("送达日期", in_words(proof.served_on) if proof.served_on else "—"),
        ("说明", proof.because or "—"),
        ("登记人", str(proof.recorded_by or "系统")),
    )
    table = Block("table", columns=("项目", "内容"), rows=rows, widths=(25, 75))
    return Draft(
        kind="revocation.service_record",
        title="送达回证",
        layout="notice",
        body=(Block("p", f"案号：{revocation.number}"), table),
    )


def _way(proof: Service) -> tuple[tuple[str, str], ...]:
    """Return what this way of service has to show: an announcement is signed for by nobody, but has two days."""
    if proof.method == ServiceMethod.ANNOUNCEMENT:
        ends = in_words(proof.ends_on) if proof.ends_on else "—"
        return (("公告日期", in_words(proof.began_on)), ("公告期满", f"{ends}，期满视为送达"))
    sent = (("挂号邮件号", proof.tracking or "—"),) if proof.method == ServiceMethod.MAIL else ()
    return (*sent, ("签收人", proof.recipient or "—"))


def _law(revocation: Revocation) -> tuple[Pack, RevocationPolicy, GroundPolicy]:
    pack = pack_of(revocation.policy, on=revocation.opened_on)
    policy = pack.section(BasePolicy).revocation
    if policy is None:
        raise LookupError(revocation.policy)
    return pack, policy, policy.ground(revocation.ground)


def _law_cited(pack: Pack, ground: GroundPolicy) -> str:
    """Return where the policy says so, as its document counts: the reader of a letter does not know our clause ids."""
    places = (cited(pack, clause) for clause in (ground.clause, ground.ban_years.clause))
    return "、".join(dict.fromkeys(places))


def _contact(revocation: Revocation) -> str:
    """Return where a defence on paper goes, as far as the bureau has said where it is."""
    agency = agency_of(revocation.decider)
    where = (("地址：", agency.address), ("联系电话：", agency.phone))
    known = "，".join(f"{name}{value}" for name, value in where if value)
    return f"书面意见请送交或寄至本机关（{known}）。" if known else ""


def _defence(revocation: Revocation) -> str:
    filed = list(revocation.defences.order_by("pk"))
    if not filed:
        return "你单位在规定期限内没有提出陈述、申辩。"
    said = "\n".join(closed(each.statement) for each in filed)
    held = f"\n听证于{in_words(revocation.hearing_on)}举行。" if revocation.hearing_on else ""
    return f"你单位提出：{said}{held}"
