"""One base for officers: its titles, whoever runs it, its cases, awards and history; the acts of the register."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.models import Application
from bases.exports import public_state
from bases.models import Base, Certification, Revocation
from bases.states import Standing
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import PersonRequest, officer_view
from portal.accounts.roles import Permission
from portal.audit.models import AuditEvent
from portal.deadlines.today import business_today
from portal.desk.trail.wording import in_words
from portal.documents.models import Letter
from portal.documents.service import service_of
from portal.policies.loader import installed
from portal.web.dates import day
from portal.web.parts import Act, Crumb, Event, Fact
from subsidies.models import Entitlement

MOST_EVENTS = 60
REVOKED = "base.revoked"
OF_BASES = ("base.amended", "base.entered_from_dossier")  # whose facts are fields of a base
TONES = {
    Standing.CERTIFIED: "main",
    Standing.RECTIFYING: "warn",
    Standing.IN_PROCEEDINGS: "warn",
    Standing.REVOKED: "bad",
}


@officer_view(Permission.READ_CASES)
@require_safe
def base_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Show everything the bureau keeps of one base in its territory; any other base does not exist."""
    capacity, today = request.capacity, business_today()
    bases = Base.objects.within(capacity.jurisdiction)
    base = get_object_or_404(bases.select_related("operator", "jurisdiction__parent__parent__parent"), pk=pk)
    titles = list(base.certifications.select_related("certificate", "letter").order_by("-certified_on", "-pk"))
    cases = Application.objects.visible_to_officers().filter(base=base).select_related("call", "desk", "operator")
    context = {
        "base": base,
        "crumbs": [Crumb(_("基地名册"), reverse("bases:register")), Crumb(base.name)],
        "facts": _facts(base),
        "titles": [(each, TONES.get(Standing(each.status), ""), public_state(each, today)) for each in titles],
        "early": {each.pk for each in titles if each.document and _before_policy(each)},
        "correctable": {each.pk for each in titles if _may_correct(each, capacity)},
        "own_entries": _entered_by(titles, capacity),
        "bans": list(base.bans.order_by("-starts_on")),
        "cases": list(cases.order_by("-pk")[:50]),
        "entitlements": list(
            Entitlement.objects.filter(certification__base=base)
            .select_related("certification")
            .order_by("-arose_on", "-pk")
        ),
        "events": _events(base, titles),
        "acts": [_count(base), *(_acts(base) if capacity.may(Permission.MANAGE_REGISTER) else [])],
    }
    return render(request, "desk/base.html", context)


def _before_policy(title: Certification) -> bool:
    """Whether a title was granted before the policy that it is kept under applied."""
    pack = installed().get(title.policy)
    return pack is not None and title.certified_on < pack.applies_from.value


def _may_correct(title: Certification, by: Capacity) -> bool:
    """Whether this post may correct what was entered of the title, if it was entered by another person."""
    keeps = by.may(Permission.MANAGE_REGISTER) or by.may(Permission.APPROVE)
    return bool(title.document) and keeps and title.recogniser_at_id == by.jurisdiction.pk


def _entered_by(titles: list[Certification], by: Capacity) -> set[int]:
    """Return the titles that the officer entered, and so cannot correct."""
    entered = AuditEvent.objects.filter(subject_type="bases.certification", verb="base.certification_recorded")
    mine = entered.filter(subject_id__in=[str(each.pk) for each in titles], actor_id__in=by.people)
    return {int(key) for key in mine.values_list("subject_id", flat=True)}


def _facts(base: Base) -> list[Fact]:
    operator = base.operator
    return [
        Fact(_("运营机构"), operator.name),
        Fact(_("信用代码"), operator.uscc, code=True),
        Fact(_("法定代表人"), operator.legal_representative or _("未填写")),
        Fact(_("机构电话"), operator.phone or _("未填写")),
        Fact(_("所在地"), base.jurisdiction.full_name),
        Fact(_("地址"), base.address or _("未填写")),
        Fact(_("对外电话"), base.phone or _("未填写")),
        Fact(_("开始运营"), day(base.opened_on) if base.opened_on else _("未填写")),
    ]


def _count(base: Base) -> Act:
    return Act(_("投诉与计数"), reverse("complaints:for_base", args=[base.pk]), "plain")


def _acts(base: Base) -> list[Act]:
    return [
        Act(_("登记已有认定"), reverse("bases:record", args=[base.pk]), "plain"),
        Act(_("变更登记"), reverse("bases:amend", args=[base.pk]), "plain"),
        Act(_("核准特殊信用代码"), reverse("bases:accept_uscc", args=[base.pk]), "text"),
    ]


def _events(base: Base, titles: list[Certification]) -> list[Event]:
    """Return what happened to the base, to its titles and to its operator's code, the newest first."""
    about = AuditEvent.objects.filter(subject_type="bases.base", subject_id=str(base.pk))
    about |= AuditEvent.objects.filter(
        subject_type="bases.certification", subject_id__in=[str(each.pk) for each in titles]
    )
    about |= AuditEvent.objects.filter(subject_type="bases.operator", subject_id=str(base.operator_id))
    newest = list(about.order_by("-recorded_at", "-seq")[:MOST_EVENTS])
    served = _served(titles) if any(each.verb == REVOKED for each in newest) else {}
    return [_event(each, served) for each in newest]


def _event(found: AuditEvent, served: dict[tuple[str, str], Revocation]) -> Event:
    """Return what happened on its day of business; who signed for a decision to revoke did not take it."""
    words, of = in_words(found.verb), (found.subject_id, str(found.facts.get("served_on")))
    if found.verb == REVOKED and of in served:
        return Event(found.on, words, who=served[of].decider.name, text=_signed(served[of].decision))
    return Event(found.on, words, who=found.actor_label, text=_changes(found.verb, found.facts))


def _served(titles: list[Certification]) -> dict[tuple[str, str], Revocation]:
    """Return the revocations of these titles that took effect, by title and day of service."""
    rows = Revocation.objects.filter(certification__in=titles, served_on__isnull=False)
    found = rows.select_related("decider", "decision")
    return {(str(each.certification_id), f"{each.served_on}"): each for each in found}


def _signed(decision: Letter | None) -> str:
    """Return which decision it was, how it was served and who signed for it."""
    proof = service_of(decision)
    if decision is None or proof is None:
        return ""
    signed = _("签收人 %(who)s") % {"who": proof.recipient} if proof.recipient else ""
    return "，".join(part for part in (decision.reference, str(proof.get_method_display()), signed) if part)


def _changes(verb: str, facts: dict[str, object]) -> str:
    before, after = facts.get("before"), facts.get("after")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return str(facts.get("document") or facts.get("number") or facts.get("because") or "")
    model = Base if verb in OF_BASES else Certification
    names = {field.name: str(field.verbose_name) for field in model._meta.concrete_fields}
    changed = [key for key in after if before.get(key) != after[key]]
    said = [
        _("%(field)s：%(before)s → %(after)s")
        % {"field": names.get(key, key), "before": before.get(key) or _("未填写"), "after": after[key] or _("未填写")}
        for key in changed
    ]
    because = [_("原因：%(why)s") % {"why": facts["because"]}] if facts.get("because") else []
    return "；".join([*said, *because])
