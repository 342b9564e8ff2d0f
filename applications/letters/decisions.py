"""认定批复 and 不予认定决定书."""

from collections.abc import Iterator

from applications.letters.papers import findings
from applications.letters.sources import (
    case_pack,
    continued,
    procedure_of,
    sample_note,
    title_name,
)
from applications.models import Application, Decision
from applications.procedure import Procedure
from bases.models import Certification
from bases.rules import BasePolicy
from portal.deadlines.sums import in_words
from portal.documents.addressees import office
from portal.documents.citing import cited, place_in_words
from portal.documents.letters import Block, Draft, agency_of, numeral
from portal.documents.remedies import remedies
from portal.documents.wording import closed
from portal.jurisdictions.models import Jurisdiction
from portal.policies.following import Following, Grant
from portal.policies.loader import pack_of
from portal.policies.packs import Pack
from portal.policies.sections import brought_by


def approval(application: Application, certification: Certification) -> Draft:
    """Return the approval (认定批复), to the bureau that reported the case, or to the operator if none lies between.

    What it promises and asks for is what the pack says follows from this very grant, each with its clause.
    """
    pack = case_pack(application)
    name = title_name(pack, application.title)
    procedure = procedure_of(pack, application.title)
    base, operator = application.base, application.operator
    reporting = _reporting(application, certification.recogniser_at)
    whose = "你局" if reporting else "你单位"
    points = [
        f"根据{cited(pack, procedure.clause)}的规定，经{_passed(procedure)}，"
        f"同意认定{base.name}为{name}，认定日期为{in_words(certification.certified_on)}，"
        f"证书编号：{certification.number}。{continued(application.call, pack, certification.certified_on)}",
        _period(certification, pack),
        *_brought(application, certification, f"请督促{operator.name}" if reporting else "请你单位"),
    ]
    return Draft(
        kind="application.approval",
        title=f"关于同意认定{base.name}为{name}的批复",
        addressee=_office_name(reporting, certification.recogniser_at) if reporting else operator.name,
        body=(
            Block("p", f"{whose}报送的{base.name}申报{name}的材料收悉。经研究，现批复如下："),
            *(Block("p", f"{numeral(number)}、{point}") for number, point in enumerate(points, start=1)),
            Block("p", "此复。"),
        ),
        copies_to=f"{_copies(application, procedure, reporting, certification.recogniser_at)}。" if reporting else "",
        notes=sample_note(procedure),
    )


def _brought(application: Application, certification: Certification, ask: str) -> Iterator[str]:
    """Say which money and which duties the grant brings with it; nothing of what the pack does not have.

    By the rulings of the day of certification, as the award is entered and as the home of the operator counts.
    """
    pack = pack_of(application.policy, on=certification.certified_on)
    earlier = application.base.register(pack.section(BasePolicy)).first_certified.get(application.title)
    first = earlier is None or earlier == certification.certified_on
    grant = Grant(application.title, first=first, in_force=pack.applies_on(certification.certified_on))
    found = brought_by(pack, grant)
    awards = [each for each in found if each.kind == "award"]
    spent = "".join(f"{each.says}（{_place(pack, each)}）。" for each in found if each.kind == "purpose")
    for each in awards:
        yield (
            f"按{cited(pack, each.clause)}的规定，取得申领{each.says}的资格。{spent}"
            "申领和拨付的办法由主管部门另行通知。"
        )
    yield from (f"{each.says}（{_place(pack, each)}）。" for each in found if each.kind == "no_award")
    if not grant.in_force:
        yield "上述规定的施行期限已满，本次认定不产生新的补助资金。"
    duties = "；".join(f"{each.says}（{_place(pack, each)}）" for each in found if each.kind == "duty")
    if duties:
        yield f"{ask}：{duties}。"


def _place(pack: Pack, following: Following) -> str:
    """Return the place of a clause within the policy that the letter has named already."""
    own = pack.clauses.get(following.clause)
    return place_in_words(own.article) if own else cited(pack, following.clause)


def _reporting(application: Application, decider: Jurisdiction) -> Jurisdiction | None:
    """Return the place right below the deciding one on the way down to the base."""
    lineage = application.jurisdiction.lineage()
    return next((place for place in lineage if place.parent_id == decider.pk), None)


def _copies(application: Application, procedure: Procedure, reporting: Jurisdiction, decider: Jurisdiction) -> str:
    """Return who gets a copy: the bureaus further down that had a step of the case, and who applied."""
    had_a_step = {application.jurisdiction.ancestor(step.level).pk for step in procedure.steps}
    below = [each for each in application.jurisdiction.lineage() if each.pk in had_a_step]
    told = [each for each in reversed(below) if each.pk not in (reporting.pk, decider.pk)]
    return "，".join([*(_office_name(each, decider) for each in told), application.operator.name])


def _office_name(place: Jurisdiction, decider: Jurisdiction) -> str:
    agency = agency_of(place)
    return agency.name if agency.pk else f"{place.name}{office(decider)}"


def _passed(procedure: Procedure) -> str:
    return "、".join(step.name for step in procedure.steps if step.step != "approval")


def _period(certification: Certification, pack: Pack) -> str:
    plaque = f"牌匾文字为“{certification.plaque_text}”。" if certification.plaque_text else ""
    years = pack.section(BasePolicy).title(certification.title).period_years
    if certification.period_ends is None or years is None:
        return f"该称号自认定之日起生效。{plaque}"
    return (
        f"复评认定期为{years.value}年，自认定次日起算，至{in_words(certification.period_ends)}止"
        f"，依据{cited(pack, years.clause)}，期满前应当办理复评。{plaque}"
    )


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
        Block(
            "p",
            f"依据{law}的规定，本机关决定：不予认定{application.base.name}为{name}。"
            f"{continued(application.call, pack, decision.decided_on)}",
        ),
        Block(
            "p",
            f"如不服本决定，{remedies('收到本决定书之日', to=f'{application.call.jurisdiction.name}人民政府')}",
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
