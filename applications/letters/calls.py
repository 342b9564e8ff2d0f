"""申报通知: what a call tells the bureaus below and everybody who may apply."""

import datetime
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils import timezone

from applications import dossier
from applications.letters.sources import (
    call_pack,
    moment_in_words,
    procedure_of,
    sample_note,
    title_name,
)
from applications.models import Call
from applications.procedure import Procedure, RequiredDocument
from applications.rules import ApplicationPolicy, ShareCondition
from portal.deadlines.sums import in_words
from portal.deadlines.today import business_today
from portal.documents.addressees import bureaus_below
from portal.documents.citing import cited, resting_on
from portal.documents.letters import Block, Draft, numbered, numeral
from portal.documents.wording import closed, solid
from portal.jurisdictions.wording import level_in_words
from portal.policies.packs import Pack

ISO_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d) ?")
BATCH = re.compile("第[一二三四五六七八九十百]+批")
REGISTERED = "以名册登记的称号为准，申报单位不用上传，也不能用上传代替登记"
ARRANGED = "以上办理时限，政策没有规定的，由本机关为本批次安排。"


def call_notice(call: Call) -> Draft:
    """Return the notice (申报通知) that opens a call: title, window, conditions, papers, steps, contact."""
    pack = call_pack(call)
    name = title_name(pack, call.title)
    procedure = procedure_of(pack, call.title)
    below = bureaus_below(call.jurisdiction)
    subject = f"开展{call.year}年度{batch_of(call)}{name}申报工作"
    blocks = [
        Block("p", f"根据{cited(pack, procedure.clause)}的规定，现就{subject}有关事项通知如下："),
        *_reason(call, pack),
        *_introduction(call),
        *_scope(call, name),
        *_window(call),
        *_conditions(pack, call, name),
        *_papers(pack, call, procedure),
        *_steps(procedure),
        *_timetable(call),
        *_demands(call),
    ]
    return Draft(
        kind="call.notice",
        title=f"关于{subject}的通知",
        addressee=f"{below}，各有关单位" if below else "各有关单位",
        body=numbered(blocks),
        notes=sample_note(procedure),
    )


def extension_notice(call: Call, before: datetime.datetime) -> Draft:
    """Return the notice that a call closes later (延期) than at the moment `before`, and why; nothing else changes."""
    name = title_name(call_pack(call), call.title)
    below = bureaus_below(call.jurisdiction)
    body = [
        Block(
            "p",
            f"{announced_by(call)}的申报截止时间原为{moment_in_words(before)}，"
            f"现延长至{moment_in_words(call.closes_at)}。",
        ),
        Block("p", f"延期原因：{closed(call.extension_reason)}"),
        Block("p", "申报通知写明的截止时间与本通知不一致的，以本通知为准；其他事项不变。已提交的申报不用重新提交。"),
    ]
    if call.contact:
        body.append(Block("p", f"咨询电话：{call.contact}。"))
    return Draft(
        kind="call.extension",
        title=f"关于延长{call.year}年度{batch_of(call)}{name}申报时间的通知",
        addressee=f"{below}，各有关单位" if below else "各有关单位",
        body=tuple(body),
        notes=sample_note(procedure_of(call_pack(call), call.title)),
    )


def announced_by(call: Call) -> str:
    """Return the notice that opened the call by its title and number, as it was issued."""
    return f"《{call.letter.title}》（{call.letter.reference}）" if call.letter else f"“{call.name}”"


def batch_of(call: Call) -> str:
    """Return which of the year's calls for the title this is, by its notice once issued; nothing for the first."""
    if call.letter:
        said = BATCH.search(call.letter.title)
        return said[0] if said else ""
    before = Call.objects.of_the_year(call.year, call.title, call.jurisdiction).exclude(pk=call.pk).count()
    return f"第{numeral(before + 1)}批" if before else ""


def _reason(call: Call, pack: Pack) -> Iterator[Block]:
    """Say why there is a further call in the year (GZ-31), or why a policy still applies (decision 0152)."""
    reason = call.reason.strip().rstrip("。")
    if reason and not pack.applies_on(call.published_on or business_today()):
        yield Block("p", f"上述规定的施行期限已满，继续适用的依据：{reason}。")
    elif reason:
        yield Block("p", f"{'增开本批' if batch_of(call) else '开展本批'}申报的原因：{reason}。")


def _introduction(call: Call) -> Iterator[Block]:
    """Say what the bureau wrote on the call as a whole, ahead of its sections."""
    for paragraph in filter(None, (line.strip() for line in call.introduction.splitlines())):
        yield Block("p", solid(paragraph))


def _scope(call: Call, name: str) -> Iterator[Block]:
    yield Block("h1", "申报称号和数量")
    quota = f"本批次认定不超过{call.quota}家" if call.quota else "本批次不限定数量，符合条件的按程序认定"
    yield Block("p", f"申报称号为{name}。{quota}。")


def _window(call: Call) -> Iterator[Block]:
    yield Block("h1", "申报时间和方式")
    opens, closes = moment_in_words(call.opens_at), moment_in_words(call.closes_at)
    yield Block("p", f"自{opens}起至{closes}止，由基地运营机构登录本平台在线填报并提交。")
    yield Block("p", "提交时间以平台收到的时间为准，逾期不能提交。")


def _conditions(pack: Pack, call: Call, name: str) -> Iterator[Block]:
    yield Block("h1", "申报条件")
    rules = pack.section(ApplicationPolicy).eligibility
    conditions = [
        f"已获“{title_name(pack, rule.needs.value)}”认定且称号有效，{resting_on(pack, rule.needs)}。"
        for rule in rules.needed(call.title, timezone.localdate(call.opens_at))
    ]
    conditions += [
        f"{whom_it_binds(rule)}{rule.name}不低于{percent(rule.at_least.value)}，{resting_on(pack, rule.at_least)}。"
        for rule in rules.of_title(call.title).shares
    ]
    conditions += [f"具备{rule.name}，{resting_on(pack, rule.flags)}。" for rule in rules.checklists]
    conditions.append(f"未持有仍然有效的{name}称号，且不在暂停申报期内。")
    yield from (Block("item", condition) for condition in conditions)


def whom_it_binds(rule: ShareCondition) -> str:
    """Return the words before a condition that binds some bases only (ER-22); nothing before one that binds all."""
    return f"{dossier.label_of(rule.only_where)}的，" if rule.only_where else ""


def percent(share: Decimal) -> str:
    """Write a share as letters do: 60%, 2.5%."""
    figure = (share * 100).normalize()
    return f"{figure:f}%"


def _papers(pack: Pack, call: Call, procedure: Procedure) -> Iterator[Block]:
    yield Block("h1", "申报材料")
    writers = {document.slot: document.issued_by for document in procedure.documents}
    opens = timezone.localdate(call.opens_at)
    registered = pack.section(ApplicationPolicy).registered_alone(call.title, opens)
    listed: list[dict[str, Any]] = call.documents or [_entry(document) for document in procedure.documents]
    uploads = [each for each in listed if writers.get(each["slot"], "operator") == "operator"]
    uploads = [each for each in uploads if each["slot"] not in registered]
    yield Block("p", f"材料清单如下（{_counted(uploads)}），清单以外的材料不要求提供：")
    for entry in listed:
        written_by = _written_by(writers.get(entry["slot"], "operator"), call.jurisdiction.code)
        shown = REGISTERED if entry["slot"] in registered else ""
        remarks = [written_by, shown, "" if entry.get("required", True) else "选交"]
        remark = "；".join(filter(None, remarks))
        yield Block("item", entry["name"] + (f"（{remark}）" if remark else "") + "。")


def _counted(uploads: list[dict[str, Any]]) -> str:
    """Return how many kinds of papers an applicant hands in, in the words of every page (必交, 选交)."""
    required = sum(bool(each.get("required", True)) for each in uploads)
    optional = len(uploads) - required
    return f"必交{required}类" + (f"，选交{optional}类" if optional else "")


def _written_by(level: str, code: str) -> str:
    """Return which bureau writes a paper of the list; nothing for those that the operator uploads."""
    return "" if level == "operator" else f"由{level_in_words(level, code)}主管部门出具，申报单位不用上传"


def _entry(document: RequiredDocument) -> dict[str, Any]:
    return {"slot": document.slot, "name": document.name, "required": document.required}


def _steps(procedure: Procedure) -> Iterator[Block]:
    yield Block("h1", "办理程序")
    for step in procedure.steps:
        days = procedure.open_to_all(step).value
        told = f"{days}个工作日" if step.step == "public_notice" else f"收到后{days}个工作日内办理"
        yield Block("item", f"{step.name}：{told}。")
    notice, correction = procedure.notice_workdays.value, procedure.correction_workdays.value
    yield Block("p", f"需要补正的，一次告知全部内容，补正期限为{correction}个工作日，补正期间暂停计时。")
    yield Block("p", f"拟认定名单公示{notice}个工作日，收到的异议逐件答复后作出决定。")
    shown = [procedure.open_to_all(step) for step in procedure.steps]
    if any(each.assumed for each in (*shown, procedure.notice_workdays, procedure.correction_workdays)):
        yield Block("p", ARRANGED)


def _timetable(call: Call) -> Iterator[Block]:
    rows = [(str(row.get("name", "")), _days_in_words(str(row.get("until", "")))) for row in call.timetable]
    rows = [row for row in rows if all(row)]
    if rows:
        yield Block("h1", "工作安排")
        yield Block("table", columns=("工作", "时间"), rows=tuple(rows), widths=(60, 40))


def _days_in_words(said: str) -> str:
    """Return a time with every day in it as letters write days: 2026-12-13 前 becomes 2026年12月13日前.

    What no calendar has (2026-02-30) stays the day that was typed.
    """
    return solid(ISO_DAY.sub(lambda found: in_words(day) if (day := _day(found)) else found.group(), said))


def no_such_day(said: str) -> str:
    """Return the first day written in a text that no calendar has, as it was typed; empty where there is none."""
    return next((found.group().strip() for found in ISO_DAY.finditer(said) if _day(found) is None), "")


def _day(found: re.Match[str]) -> datetime.date | None:
    try:
        return datetime.date(*map(int, found.groups()))
    except ValueError:
        return None


def _demands(call: Call) -> Iterator[Block]:
    yield Block("h1", "有关要求")
    yield Block("item", "申报单位对填报内容和材料的真实性负责。弄虚作假的，不予认定；已经认定的，依照规定撤销。")
    yield Block("item", "各级主管部门对收到的申报逐项核对，按时提出意见，不要求申报单位重复提供平台已有的材料。")
    if call.contact:
        yield Block("item", f"咨询电话：{call.contact}。")
