"""Who is told what about a base."""

import datetime

from bases.models import Certification, Defence, Revocation
from portal.documents.citing import cited
from portal.documents.models import Letter
from portal.notifications.notify import Notice
from portal.policies.loader import pack_of


def base_recognised(certification: Certification) -> Notice:
    """The operator's people learn that the title is granted and where the certificate is."""
    until = f"，复评认定期至 {certification.period_ends}" if certification.period_ends else ""
    return Notice(
        kind="base.recognised",
        subject=f"{certification.base}已认定为{certification.titled}",
        body=(
            f"{certification.recogniser}于 {certification.certified_on} 认定{certification.base}为"
            f"{certification.titled}{until}。证书编号 {certification.number}，可在平台首页下载证书。"
        ),
        url=f"/base/{certification.base.slug}/",
        dedupe=f"certification:{certification.pk}:recognised",
    )


def revocation_opened(revocation: Revocation) -> Notice:
    """The bureau that decides learns that proceedings were opened, on which ground, and what is to be done."""
    law = cited(pack_of(revocation.policy, on=revocation.opened_on), revocation.clause)
    return Notice(
        kind="revocation.opened",
        subject=f"{revocation.base}：已立案（{revocation.number}）"[:120],
        body=f"撤销事由自 {revocation.met_on} 成立（依据{law}），请于 {revocation.due_on} 前制发事先告知书。",
        url=_desk(revocation),
        urgent=True,
        dedupe=f"revocation:{revocation.pk}:opened",
    )


def paper_to_sign(revocation: Revocation, letter: Letter) -> Notice:
    """The holder learns that a paper waits to be signed for."""
    return Notice(
        kind="revocation.paper",
        subject=f"请签收：{letter.title}"[:120],
        body=f"{letter.issuer}向您单位送达《{letter.title}》（{letter.reference}）。请登录平台查看并签收。",
        url=_mine(revocation),
        urgent=True,
        dedupe=f"letter:{letter.pk}:to-sign",
    )


def defence_open(revocation: Revocation, until: datetime.date) -> Notice:
    """The holder learns until when it may say what it has to say."""
    return Notice(
        kind="revocation.defence",
        subject=f"{revocation.base}：可以陈述申辩至 {until}"[:120],
        body=f"事先告知书已送达。{until}（含当日）前可以提出陈述、申辩，也可以申请听证。逾期不提出，不影响作出决定。",
        url=_mine(revocation),
        urgent=True,
        dedupe=f"revocation:{revocation.pk}:defence",
    )


def defence_ending(revocation: Revocation, left: int) -> Notice:
    """The holder who has said nothing is reminded once near the end, and once on the last day."""
    when = "今天到期" if left == 0 else f"还有 {left} 个工作日"
    return Notice(
        kind="revocation.defence_ending",
        subject=f"{revocation.base}：陈述申辩{when}"[:120],
        body=f"陈述申辩至 {revocation.defence_ends}（含当日）。逾期不提出，不影响作出决定。",
        url=_mine(revocation),
        urgent=True,
        dedupe=f"revocation:{revocation.pk}:defence-ending:{left == 0}",
        while_status=("defence",),
    )


def defence_over(revocation: Revocation) -> Notice:
    """The holder who has said nothing learns that the days are over, and what is still possible."""
    return Notice(
        kind="revocation.defence_over",
        subject=f"{revocation.base}：陈述申辩期已满"[:120],
        body=f"陈述申辩期至 {revocation.defence_ends} 已满，没有收到贵单位的意见。写出复核意见前提出的，仍会一并复核。",
        url=_mine(revocation),
        urgent=True,
        dedupe=f"revocation:{revocation.pk}:defence-over",
        while_status=("defence",),
    )


def defence_filed(revocation: Revocation, filed: Defence) -> Notice:
    """The bureau learns that a defence came in, and whether a hearing is asked for."""
    hearing = "，并申请听证" if filed.asks_hearing else ""
    return Notice(
        kind="revocation.defence_filed",
        subject=f"{revocation.base}提出陈述申辩{hearing}"[:120],
        body=f"{revocation.number}：对方已提出陈述申辩{hearing}，期满后请逐条复核。",
        url=_desk(revocation),
        urgent=filed.asks_hearing,
    )


def hearing_set(revocation: Revocation, letter: Letter) -> Notice:
    """The holder learns when and where the hearing is, and that its notice waits to be signed for."""
    return Notice(
        kind="revocation.hearing_set",
        subject=f"{revocation.base}：{revocation.hearing_set_for} 举行听证"[:120],
        body=(
            f"听证定于{revocation.hearing_time}在{revocation.hearing_place}举行，主持人：{revocation.hearing_chair}。"
            f"请登录平台签收《{letter.title}》（{letter.reference}）。"
        ),
        url=_mine(revocation),
        urgent=True,
        dedupe=f"letter:{letter.pk}:to-sign",
        while_status=("defence",),
    )


def heard(revocation: Revocation) -> Notice:
    """The holder learns that the record of the hearing can be read."""
    return Notice(
        kind="revocation.heard",
        subject=f"{revocation.base}：听证记录已登记"[:120],
        body=f"{revocation.hearing_on} 的听证记录可以登录平台查看。办理机关接下来写出复核意见。",
        url=_mine(revocation),
        dedupe=f"revocation:{revocation.pk}:heard",
    )


def to_decide(revocation: Revocation) -> Notice:
    """The approvers learn that a case waits for their decision."""
    return Notice(
        kind="revocation.to_decide",
        subject=f"{revocation.base}：待决定是否撤销"[:120],
        body=f"{revocation.number}：陈述申辩已复核，请于 {revocation.due_on} 前决定。",
        url=_desk(revocation),
        urgent=True,
        dedupe=f"revocation:{revocation.pk}:to-decide",
    )


def base_revoked(revocation: Revocation) -> Notice:
    """The holder learns that the title is revoked and until when it is barred."""
    until = revocation.ban.ends_on if revocation.ban else ""
    return Notice(
        kind="base.revoked",
        subject=f"{revocation.base}的称号已撤销"[:120],
        body=f"撤销决定已于 {revocation.served_on} 送达生效，暂停申报至 {until}（含当日）。请按通知交回牌匾和证书。",
        url=_mine(revocation),
        urgent=True,
        dedupe=f"revocation:{revocation.pk}:revoked",
    )


def revocation_lapsed(revocation: Revocation) -> Notice:
    """The holder who was asked to sign learns that the notice is void and nothing follows."""
    return Notice(
        kind="revocation.lapsed",
        subject=f"{revocation.base}：告知书已作废"[:120],
        body=f"{revocation.number} 的事由已不再成立，事先告知书作废，不用签收，称号不受影响。",
        url=_mine(revocation),
        dedupe=f"revocation:{revocation.pk}:lapsed",
    )


def revocation_closed(revocation: Revocation) -> Notice:
    """The holder learns that the proceedings ended without a revocation."""
    return Notice(
        kind="revocation.closed",
        subject=f"{revocation.base}：撤销程序终结，不予撤销"[:120],
        body=f"{revocation.number} 已于 {revocation.ended_on} 终结，称号恢复告知前的状态。",
        url=_mine(revocation),
        dedupe=f"revocation:{revocation.pk}:closed",
    )


def revocation_set_aside(revocation: Revocation) -> Notice:
    """The holder learns that the revocation was annulled and the title stands as before."""
    return Notice(
        kind="revocation.set_aside",
        subject=f"{revocation.base}：称号恢复"[:120],
        body=f"撤销决定已由{revocation.authority}撤销，称号恢复告知前的状态，暂停申报自始无效。",
        url=_mine(revocation),
        dedupe=f"revocation:{revocation.pk}:set-aside",
    )


def _desk(revocation: Revocation) -> str:
    return f"/desk/revocations/{revocation.pk}/"


def _mine(revocation: Revocation) -> str:
    return f"/my/revocations/{revocation.pk}/"
