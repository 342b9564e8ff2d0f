"""认定批复 and 不予认定决定书."""

from applications.letters.papers import findings
from applications.letters.sources import (
    REMEDY_DAYS,
    SUIT_MONTHS,
    case_pack,
    procedure_of,
    sample_note,
    title_name,
)
from applications.models import Application, Decision
from applications.procedure import Procedure
from bases.models import Certification
from portal.deadlines.sums import in_words
from portal.documents.addressees import office
from portal.documents.citing import cited
from portal.documents.letters import Block, Draft, agency_of
from portal.documents.wording import closed
from portal.jurisdictions.models import Jurisdiction


def approval(application: Application, certification: Certification) -> Draft:
    """Return the approval (认定批复), to the bureau that reported the case, or to the operator if none lies between."""
    pack = case_pack(application)
    name = title_name(pack, application.title)
    procedure = procedure_of(pack, application.title)
    base, operator = application.base, application.operator
    reporting = _reporting(application, certification.recogniser_at)
    whose = "你局" if reporting else "你单位"
    body = [
        Block("p", f"{whose}报送的{base.name}申报{name}的材料收悉。经研究，现批复如下："),
        Block(
            "p",
            f"一、根据{cited(pack, procedure.clause)}的规定，经{_passed(procedure)}，"
            f"同意认定{base.name}为{name}，认定日期为{in_words(certification.certified_on)}，"
            f"证书编号：{certification.number}。",
        ),
        Block("p", f"二、{_period(certification)}"),
        Block("p", f"三、认定为{name}后应得的补助资金，按规定申领和拨付，专款专用，接受绩效管理和监督检查。"),
        Block(
            "p",
            f"四、请督促{operator.name}履行服务承诺，公示服务投诉渠道，按年度报送基地建设和工作开展情况，"
            "并按时参加绩效考核。基地名称、运营机构、场所等事项发生变化的，及时报告。",
        ),
    ]
    return Draft(
        kind="application.approval",
        title=f"关于同意认定{base.name}为{name}的批复",
        addressee=_office_name(reporting, certification.recogniser_at) if reporting else operator.name,
        body=tuple(body),
        copies_to=f"{operator.name}。" if reporting else "",
        notes=sample_note(procedure),
    )


def _reporting(application: Application, decider: Jurisdiction) -> Jurisdiction | None:
    """Return the place right below the deciding one on the way down to the base."""
    lineage = application.jurisdiction.lineage()
    return next((place for place in lineage if place.parent_id == decider.pk), None)


def _office_name(place: Jurisdiction, decider: Jurisdiction) -> str:
    agency = agency_of(place)
    return agency.name if agency.pk else f"{place.name}{office(decider)}"


def _passed(procedure: Procedure) -> str:
    return "、".join(step.name for step in procedure.steps if step.step != "approval")


def _period(certification: Certification) -> str:
    plaque = f"牌匾文字为“{certification.plaque_text}”。" if certification.plaque_text else ""
    if certification.period_ends is None:
        return f"该称号自认定之日起有效，规定未设复评期限。{plaque}"
    days = f"自{in_words(certification.certified_on)}起至{in_words(certification.period_ends)}止"
    return f"复评认定期{days}，期满前应当办理复评。{plaque}"


def refusal(decision: Decision) -> Draft:
    """Return the refusal (不予认定决定书): facts, reasons, the clause, and the remedies with their terms."""
    application = decision.application
    pack = case_pack(application)
    name = title_name(pack, application.title)
    law = cited(pack, decision.clause) or f"《{pack.title}》"
    filed = application.first_submitted_on
    body = [
        Block(
            "p",
            f"你单位{f'于{in_words(filed)}' if filed else ''}为{application.base.name}提交的{name}申报"
            f"（受理号：{application.reference}）收悉。经审查，查明：",
        ),
        Block("p", closed(decision.reason)),
        *findings(decision.receipt.get("findings", [])),
        Block("p", f"依据{law}的规定，本机关决定：不予认定{application.base.name}为{name}。"),
        Block(
            "p",
            f"如不服本决定，可以自收到本决定书之日起{REMEDY_DAYS}内，向{application.call.jurisdiction.name}人民政府申请行政复议"
            f"（《行政复议法》第二十条）；也可以自收到本决定书之日起{SUIT_MONTHS}内，依法向有管辖权的人民法院提起行政诉讼"
            "（《行政诉讼法》第四十六条）。",
        ),
        Block("p", "本决定不影响你单位在条件具备后参加以后批次的申报。"),
    ]
    return Draft(
        kind="application.refusal",
        title="不予认定决定书",
        layout="notice",
        addressee=application.operator.name,
        body=tuple(body),
        series="孵化决定",
    )
