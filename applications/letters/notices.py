"""拟认定公示 and what follows from it: the list for everybody, and the answer to who objected."""

import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_noop

from applications.letters.calls import BATCH, announced_by, batch_of
from applications.letters.sources import call_pack, continued, procedure_of, sample_note, title_name
from applications.models import Application, Call, Objection, PublicNotice
from applications.states import ObjectionStatus
from portal.deadlines.sums import in_words
from portal.documents.citing import cited
from portal.documents.letters import Block, Draft, numeral
from portal.documents.wording import closed, solid
from portal.policies.packs import Pack

FINDINGS = {ObjectionStatus.FOUNDED: "异议成立", ObjectionStatus.UNFOUNDED: "异议不成立"}


REMEDIES = gettext_noop(
    "与认定决定有利害关系的，可以自知道决定之日起60日内申请行政复议（《行政复议法》第二十条）；"
    "也可以自知道决定之日起6个月内，依法向有管辖权的人民法院提起行政诉讼（《行政诉讼法》第四十六条）。"
)
ONCE_MORE = gettext_noop("有新的事实和证据的，%(day)s（含当日）前可以再提一次异议。")
LATER = gettext_noop("有新的事实和证据的，在认定决定作出以前，可以按公示所列的方式继续反映。")
FOUNDED = gettext_noop("异议成立的，由审批人员决定不予认定或者退回复审，结果写在公示页上。")
CALLED = re.compile("(?:认定)?申报(?:认定)?(?:工作)?(?:的?通知)?$")  # what the name of a call ends with
HOW_TO_OBJECT = (
    "对公示内容有异议的，请在公示期内以书面形式或者通过本平台提出。"
    "异议应当写明姓名或单位名称、联系方式和具体理由，有证据的可以附上；"
    "没有署名或者没有理由的，不作为异议受理。异议人的身份信息依法保密。"
)


def notice_title(call: Call, applications: Sequence[Application]) -> str:
    """Return what a public notice is called: by its base where there is but one, else by the call it belongs to.

    No two notices of a call are called the same: one more of the same is told apart by its number.
    """
    if len(applications) == 1:
        name = title_name(call_pack(call), call.title)
        said = f"关于{call.year}年度{batch_of(call)}拟认定{applications[0].base.name}为{name}的公示"
    else:
        called = CALLED.sub("", solid(call.name)).removeprefix("关于")
        batch = "" if BATCH.search(called) else batch_of(call)
        said = f"关于{called}{batch}拟认定名单的公示"
    before = call.notices.filter(title__startswith=said).count()
    return f"{said}（第{numeral(before + 1)}次）" if before else said


def public_notice(notice: PublicNotice, applications: Iterable[Application]) -> Draft:
    """Return the public notice (公示) of those to be certified: list, term, how to object and with what."""
    call = notice.call
    pack = call_pack(call)
    name = title_name(pack, call.title)
    procedure = procedure_of(pack, call.title)
    rows = tuple(
        (str(number), each.base.name, each.operator.name, each.jurisdiction.full_name)
        for number, each in enumerate(applications, start=1)
    )
    length = notice.term.get("length", procedure.notice_workdays.value)
    names = [step.name for step in procedure.steps if step.step not in {"public_notice", "approval"}]
    opening = (
        f"根据{cited(pack, procedure.clause)}的规定和{announced_by(call)}的安排，经{'、'.join(names)}，"
        f"拟认定下列{len(rows)}家单位为{name}，现予公示："
    )
    body = [
        Block("p", opening),
        Block("table", columns=("序号", "基地名称", "运营机构", "所在地"), rows=rows, widths=(8, 32, 34, 26)),
        Block(
            "p",
            f"公示时间：{in_words(notice.published_on)}至{in_words(notice.ends_on)}"
            f"（发布次日起{length}个工作日，末日含在内）。",
        ),
        *_still_applies(call, pack, notice),
        Block("p", HOW_TO_OBJECT),
        Block("p", f"受理异议：{solid(notice.contact)}"),
    ]
    if notice.discipline_contact:
        body.append(Block("p", f"监督电话：{solid(notice.discipline_contact)}"))
    return Draft(
        kind="application.public_notice",
        title=notice.title,
        layout="notice",
        body=tuple(body),
        notes=sample_note(procedure),
        series="孵化公示",
    )


def _still_applies(call: Call, pack: Pack, notice: PublicNotice) -> list[Block]:
    """Say by what the policy still applies where its period was over on the day of the notice (0152)."""
    said = continued(call, pack, notice.published_on)
    return [Block("p", said)] if said else []


def _what_now(objection: Objection) -> str:
    """Return what the objector may still do on the day of the answer, in the words of the page of the code."""
    notice, on = objection.notice, objection.answered_on
    if objection.status == ObjectionStatus.FOUNDED:
        return FOUNDED
    if on is not None and on <= notice.ends_on:
        return ONCE_MORE % {"day": in_words(notice.ends_on)}
    return LATER


def objection_answer(objection: Objection) -> Draft:
    """Return the answer to an objection (公示异议答复书). It names the case by its code, never who objected."""
    title, name = objection.notice.title, objection.application.base.name
    listed = "" if name in title else f"所列{name}"
    finding = FINDINGS.get(ObjectionStatus(objection.status), "")
    body = [
        Block(
            "p",
            f"你于{in_words(objection.received_on)}对《{title}》{listed}提出的异议收悉。经核查，现答复如下：",
        ),
        Block("p", closed(objection.answer)),
    ]
    if finding:
        body.append(Block("p", f"核查结论：{finding}。"))
    body += [Block("p", _what_now(objection)), Block("p", REMEDIES)]
    return Draft(
        kind="application.objection_answer",
        title="公示异议答复书",
        layout="notice",
        addressee=f"异议人（受理编号：{objection.number}）",
        body=tuple(body),
        series="孵化答复",
    )
