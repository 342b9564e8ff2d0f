"""The letters of a revocation (撤销): prior notice, decision, plaque recovery, closing, reversal, record of service."""

from bases.models import Revocation
from bases.rules import BasePolicy, GroundPolicy, RevocationPolicy
from portal.deadlines.sums import in_words
from portal.documents.letters import Block, Draft, numbered
from portal.documents.models import Service
from portal.policies.loader import pack_of
from portal.policies.packs import Pack

RECORDS = "送达回证"
STOPS = "。；;，. \n"


def prior_notice(revocation: Revocation) -> Draft:
    """Return the prior notice (撤销事先告知书): facts, evidence, grounds, what is intended, and the holder's rights."""
    pack, policy, ground = _law(revocation)
    days = policy.defence_workdays.value
    title = revocation.certification.category_name
    body = (
        Block("p", f"经核实，你单位运营的{revocation.base.name}存在下列情形，现将拟作出的决定及你单位的权利告知如下："),
        Block("h1", "事实和证据"),
        Block("p", _closed(revocation.facts)),
        Block("p", f"上述事实有以下证据证明：{_closed(revocation.evidence)}"),
        Block("h1", "依据和拟作出的决定"),
        Block(
            "p",
            f"上述情形属于《{pack.title}》{_articles(pack, ground)}规定的“{ground.name}”。"
            f"据此，拟撤销{revocation.base.name}的“{title}”称号"
            f"（认定日期{in_words(revocation.certification.certified_on)}），并自决定送达之日起{ground.ban_years.value}年内"
            "暂停该称号的申报。",
        ),
        Block("h1", "陈述、申辩的权利"),
        Block(
            "p",
            f"你单位自收到本告知书之日起{days}个工作日内（收到当日不计入），可以书面或登录平台提出陈述、申辩，"
            "也可以申请听证。逾期不提出的，视为放弃，不影响作出决定。在此期间停止拨付因该称号产生的补助资金，称号的公开状态不变。",
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


def decision(revocation: Revocation) -> Draft:
    """Return the decision (撤销决定书): facts, the defence and how it was weighed, grounds, decision, remedies."""
    pack, policy, ground = _law(revocation)
    title = revocation.certification.category_name
    served = in_words(revocation.notice_served_on) if revocation.notice_served_on else ""
    body = (
        Block("h1", "事实和证据"),
        Block("p", _closed(revocation.facts)),
        Block("p", f"上述事实有以下证据证明：{_closed(revocation.evidence)}"),
        Block("h1", "陈述申辩和复核"),
        Block("p", f"本机关于{served}送达事先告知书。{_defence(revocation)}复核意见：{_closed(revocation.weighed)}"),
        Block("h1", "决定"),
        Block(
            "p",
            f"{_closed(revocation.reason)}依据《{pack.title}》{_articles(pack, ground)}，决定撤销"
            f"{revocation.base.name}的“{title}”称号，自本决定送达之日起生效；自送达之日起{ground.ban_years.value}年内，"
            "该基地和你单位暂停该称号的申报。因该称号产生、尚未拨付的补助资金不再拨付。",
        ),
        Block("h1", "救济途径"),
        Block(
            "p",
            f"如不服本决定，可以自收到之日起{policy.reconsideration_days.value}日内向{revocation.decider.name}人民政府"
            f"申请行政复议，或者自收到之日起{policy.suit_months.value}个月内依法向有管辖权的人民法院提起行政诉讼。",
        ),
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
    plaque = revocation.certification.plaque_text
    body = Block(
        "p",
        f"撤销决定（{number}）已于{in_words(revocation.served_on) if revocation.served_on else ''}送达生效。请于送达后"
        f"{policy.plaque_workdays.value}个工作日内将“{plaque}”牌匾和{revocation.certification.numbered}的证书交回本机关，"
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
    title = revocation.certification.category_name
    body = (
        Block("p", f"本机关对{revocation.base.name}“{title}”称号的撤销程序（{revocation.number}）终结，不予撤销。"),
        Block("p", f"理由：{revocation.ended_because}"),
        Block("p", "称号恢复告知前的状态。"),
    )
    return Draft(
        kind="revocation.closing",
        title="终结撤销程序通知书",
        body=body,
        addressee=revocation.operator.name,
        series="撤结",
    )


def reversal(revocation: Revocation) -> Draft:
    """Return the notice that the revocation was set aside (恢复称号通知书) by reconsideration or a court."""
    title = revocation.certification.category_name
    number = revocation.decision.reference if revocation.decision else ""
    body = (
        Block("p", f"本机关的撤销决定（{number}）已由{revocation.authority}撤销：{revocation.ended_because}"),
        Block("p", f"{revocation.base.name}的“{title}”称号恢复告知前的状态，暂停申报自始无效。"),
    )
    return Draft(
        kind="revocation.reversal",
        title=f"关于恢复{revocation.base.name}{title}称号的通知",
        body=body,
        addressee=revocation.operator.name,
    )


def service_record(revocation: Revocation, proof: Service) -> Draft:
    """Return the record of service (送达回证) of one letter of the proceedings."""
    rows = (
        ("送达文书", f"{proof.letter.title} {proof.letter.reference}"),
        ("受送达人", proof.letter.addressee),
        ("送达方式", str(proof.get_method_display())),
        ("邮件号", proof.tracking or "—"),
        ("签收人", proof.recipient or "—"),
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
        series=RECORDS,
    )


def _law(revocation: Revocation) -> tuple[Pack, RevocationPolicy, GroundPolicy]:
    pack = pack_of(revocation.policy, on=revocation.opened_on)
    policy = pack.section(BasePolicy).revocation
    if policy is None:
        raise LookupError(revocation.policy)
    return pack, policy, policy.ground(revocation.ground)


def _articles(pack: Pack, ground: GroundPolicy) -> str:
    """Return where the policy says so, as its document counts: the reader of a letter does not know our clause ids."""
    cited = dict.fromkeys(pack.clauses[clause].article for clause in (ground.clause, ground.ban_years.clause))
    return f"（{'、'.join(cited)}）"


def _closed(text: str) -> str:
    """Return what somebody typed as it stands in a letter: closed by one full stop."""
    return f"{text.rstrip(STOPS)}。"


def _defence(revocation: Revocation) -> str:
    filed = list(revocation.defences.order_by("pk"))
    if not filed:
        return "你单位在规定期限内没有提出陈述、申辩。"
    said = "；".join(each.statement.rstrip(STOPS) for each in filed)
    held = f"听证于{in_words(revocation.hearing_on)}举行。" if revocation.hearing_on else ""
    return f"你单位提出：{said}。{held}"
