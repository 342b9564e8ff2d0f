"""What an officer of the demo does in a post, computed from the policy of the place: who certifies, who recommends."""

from applications.rules import ApplicationPolicy
from complaints.rules import ComplaintPolicy
from portal.accounts.roles import Role
from portal.deadlines.today import business_today
from portal.jurisdictions.models import Jurisdiction
from portal.policies.loader import pack_in_force
from portal.policies.packs import Pack


def note_of(place: Jurisdiction, role: str) -> str:
    """Return what a caseworker or an approver does at a place, for the sign-in page; empty for any other post."""
    pack = pack_in_force(at=place, on=business_today())
    if role == Role.CASEWORKER:
        return "、".join(_prepared(pack, place))
    return "、".join(_decided(pack, place)) if role == Role.APPROVER else ""


def _certifies(pack: Pack, place: Jurisdiction) -> bool:
    return any(each.steps[-1].level == place.level for each in pack.section(ApplicationPolicy).procedures)


def _prepared(pack: Pack, place: Jurisdiction) -> list[str]:
    """Name the steps of the level before the decision, and its part in complaints."""
    certifies, handling = _certifies(pack, place), pack.section(ComplaintPolicy).handling
    ways = pack.section(ApplicationPolicy).procedures
    steps = [step.name for way in ways for step in way.steps[:-1] if step.level == place.level]
    said = [*(["起草申报通知"] if certifies else []), *dict.fromkeys(steps), *(["答复异议"] if certifies else [])]
    parts = {"受理投诉": handling.acceptor.value, "核实投诉": handling.verifier.value}
    return said + [part for part, level in parts.items() if level == place.level]


def _decided(pack: Pack, place: Jurisdiction) -> list[str]:
    """Name what is decided at the level, and what of the policy is the bureau's to say."""
    said = ["发布申报通知", "批准或不予认定"] if _certifies(pack, place) else []
    if any(step.level == place.level for way in pack.section(ApplicationPolicy).procedures for step in way.steps):
        said.append("同意再次补正的清单")
    if pack.section(ComplaintPolicy).handling.verifier.value == place.level:
        said.append("确认投诉核实结果")
    if pack.jurisdiction == place.code:
        said.append("确认或变更政策里标“假定”的内容")
    return [*said, "维护机关信息和地方节假日"]
