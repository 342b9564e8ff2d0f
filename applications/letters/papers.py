"""Papers along the way: 接收凭证, 一次性补正告知书, 推荐函, 撤回申报确认书."""

import datetime
from typing import Any

from applications import dossier
from applications.letters.sources import asked_at, case_pack, moment_in_words, procedure_of, sample_note, title_name
from applications.models import Application, CorrectionRequest, Opinion, Submission
from applications.procedure import Procedure
from applications.states import CorrectionKind
from portal.deadlines.sums import in_words
from portal.documents.citing import cited, resting_on
from portal.documents.letters import Block, Draft, agency_of, numbered
from portal.documents.wording import closed, in_chinese
from portal.jurisdictions.models import Jurisdiction
from portal.policies.packs import Pack

# The algorithm is named for whoever works the value out again.
CHECK_VALUE = "文件校验值是文件内容SHA-256值的前16位，文件改动过就对不上。"


def receipt(submission: Submission) -> Draft:
    """Return the receipt (申报材料接收凭证) of a submission: when, what, with the check value of every file."""
    application = submission.application
    pack = case_pack(application)
    name = title_name(pack, application.title)
    labels = {document.slot: document.name for document in procedure_of(pack, application.title).documents}
    rows = tuple(
        (
            str(number),
            labels.get(file.get("slot", ""), "其他材料"),
            file.get("name", ""),
            in_fours(file.get("sha256", "")[:16]),
        )
        for number, file in enumerate(submission.files, start=1)
    )
    moment = moment_in_words(submission.submitted_at)
    body = [
        Block(
            "p", f"你单位为{application.base.name}申报{name}提交的材料已于{moment}收到（第{submission.number}次提交）。"
        ),
        Block("p", f"受理号：{application.reference or '尚未编号'}"),
    ]
    if rows:
        body.append(Block("p", f"收到的附件共{len(rows)}件："))
        body.append(Block("table", columns=("序号", "材料", "文件名", "文件校验值"), rows=rows, widths=(8, 26, 34, 32)))
        body.append(Block("p", CHECK_VALUE))
    body.append(Block("p", "本凭证证明材料已经收到，不表示材料符合条件。需要补正的，将一次告知全部内容。"))
    return Draft(
        kind="application.receipt",
        title="申报材料接收凭证",
        layout="notice",
        addressee=application.operator.name,
        body=tuple(body),
        series="孵化接收",
    )


def in_fours(digest: str) -> str:
    """Write a check value in groups of four: a line breaks between them, and nobody loses their place comparing."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def correction(request: CorrectionRequest) -> Draft:
    """Return the one complete list of what is to be corrected (一次性补正告知书), with the deadline and its sum.

    A further list of the same step says so, when it was told first, why and by whose consent; it promises nothing that
    the first one promised (0157).
    """
    application = request.application
    pack = case_pack(application)
    name = title_name(pack, application.title)
    rows = tuple(
        (str(number), item["label"], in_chinese(CorrectionKind(item["kind"]).label), item["note"])
        for number, item in enumerate(request.listed, start=1)
    )
    procedure = procedure_of(pack, application.title)
    basis, step = procedure.correction_workdays, procedure.step(request.step).name
    received = f"你单位为{application.base.name}申报{name}的材料（受理号：{application.reference}）收悉。"
    body = [
        Block("p", received + _told(request, step, len(rows), _once_under(pack, procedure))),
        Block("table", columns=("序号", "项目", "问题", "补正要求"), rows=rows, widths=(8, 25, 17, 50)),
        *_besides(request),
        *_second_time(request),
        Block("p", _until(request, "" if basis.assumed else resting_on(pack, basis))),
        *_promise(request, step),
        Block("p", "补正期间暂停计算办理时限，自补正材料提交的次日起继续计算。"),
        Block("p", "逾期未补正的，本机关将依据现有材料作出处理。需要说明情况的，请在期限届满前通过平台提出。"),
        Block("p", _whom_to_ask(application, application.jurisdiction.ancestor(procedure.step(request.step).level))),
    ]
    return Draft(
        kind="application.correction",
        title=f"补正告知书（第{request.number}次）" if request.again_because else "一次性补正告知书",
        layout="notice",
        addressee=application.operator.name,
        body=tuple(body),
        series="孵化补正",
    )


def _once_under(pack: Pack, procedure: Procedure) -> str:
    """Return on what it rests that all is told at once; the days for mending, where assumed, rest on no law."""
    return resting_on(pack, procedure.inform_workdays) if procedure.inform_workdays else ""


def _told(request: CorrectionRequest, step: str, count: int, law: str) -> str:
    if not request.again_because:
        return f"经核对，下列{count}项需要补正，现{law}一次告知："
    before = request.application.corrections.filter(step=request.step, number__lt=request.number).latest("number")
    asked = in_words(before.asked_on)
    return f"在“{step}”环节，本机关已于{asked}告知补正（第{before.number}次）。下列{count}项还需要补正，现再次告知："


def _besides(request: CorrectionRequest) -> list[Block]:
    """Return what is open along with the list, and the stamped page that is asked for where its answers change."""
    named = [item["place"] for item in request.listed]
    fields = {at: field for place in named for at, field in dossier.fields_with(place).items()}
    along = [dossier.called(at) for at, field in fields.items() if not (field.derived or at in named)]
    found = [Block("p", f"与上列内容相互核对、可以一并修改的：{'、'.join(along)}。")] if along else []
    if page := request.restamped:
        found.append(Block("p", f"另外，关于{page['label']}：{page['note']}"))
    return found


def _second_time(request: CorrectionRequest) -> list[Block]:
    if not request.again_because:
        return []
    why = closed(request.again_because)
    return [Block("p", f"再次告知的原因：{why}本次告知经本机关审批岗同意后发出。")]


def _promise(request: CorrectionRequest, step: str) -> list[Block]:
    if request.again_because:
        return []
    return [Block("p", f"在“{step}”环节，本告知书未列明的内容不再要求补正。")]


def _until(request: CorrectionRequest, law: str) -> str:
    length = request.term.get("length")
    days = f"（{length}个工作日）" if length and request.term.get("unit") == "workday" else ""
    basis = f"{law}，" if law else ""
    return f"{basis}请于{in_words(request.due_on)}前{days}通过平台补正并重新提交，当日提交的有效。"


def _whom_to_ask(application: Application, desk: Jurisdiction) -> str:
    """Return who handles the case, in full, and how to reach it, by what was published; or whom else to ask."""
    bureau = asked_at(desk, application.call)
    filled = (("联系电话", bureau.phone), ("地址", bureau.address), ("办公时间", bureau.hours))
    told = "，".join([f"办理机关：{bureau.name}", *(f"{name}：{said}" for name, said in filled if said)])
    besides = bureau.besides
    return f"{told}。也可以问{besides.name}，联系电话：{besides.phone}。" if besides else f"{told}。"


def recommendation(opinion: Opinion) -> Draft:
    """Return the letter (推荐函) in which a bureau recommends a base to the bureau above."""
    application = opinion.application
    pack = case_pack(application)
    name = title_name(pack, application.title)
    base, operator = application.base, application.operator
    procedure = procedure_of(pack, application.title)
    run_by = f"{operator.name}（统一社会信用代码：{operator.uscc}）"
    law = cited(pack, procedure.clause)
    body = (
        Block("p", f"根据{law}的规定和申报工作安排，经核对材料，现推荐{base.name}申报{name}。"),
        Block("p", f"该基地位于{base.jurisdiction.full_name}，由{run_by}运营。受理号：{application.reference}。"),
        Block("p", f"推荐意见：{closed(opinion.text)}"),
        Block("p", "申报材料已在平台随函报送，请予审核。"),
    )
    above = application.call.jurisdiction
    return Draft(
        kind="application.recommendation",
        title=f"关于推荐{base.name}申报{name}的函",
        addressee=agency_of(above).name,
        body=body,
        notes=sample_note(procedure),
    )


def withdrawal(application: Application) -> Draft:
    """Return the confirmation (撤回申报确认书) that an operator took its application back, and what follows."""
    pack = case_pack(application)
    name = title_name(pack, application.title)
    filed = _filed(application.first_submitted_on)
    number = application.reference or "未编号"
    body = (
        Block("p", f"你单位为{application.base.name}申报{name}的材料{filed}，受理号：{number}。"),
        Block("p", "根据你单位的撤回申请，现确认该申报已经撤回，办理程序终止。已提交的材料留存备查，不作为认定依据。"),
        Block("p", "撤回不影响再次申报。在申报时间内或者下一批次开始后，可以重新填报提交。"),
    )
    return Draft(
        kind="application.withdrawal",
        title="撤回申报确认书",
        layout="notice",
        addressee=application.operator.name,
        body=body,
        series="孵化撤回",
    )


def _filed(day: datetime.date | None) -> str:
    return f"于{in_words(day)}首次提交" if day else "尚未提交"


def findings(items: list[dict[str, Any]]) -> tuple[Block, ...]:
    """Return one numbered paragraph for each finding that has a sentence."""
    return numbered(Block("item", closed(str(item["says"]))) for item in items if item.get("says"))
