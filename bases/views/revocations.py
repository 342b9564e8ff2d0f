"""Revocation proceedings for officers: the list, one case with the proof of every step, its files and records."""

import datetime
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bases import letters
from bases.actions.hearing import not_yet_heard
from bases.actions.proceedings import Law, hands, law_of, waiting_paper
from bases.forms import RevocationListForm
from bases.forms.revoking import RUNS
from bases.models import Defence, Revocation
from bases.states import RUNNING
from bases.states import RevocationStatus as R
from bases.views.pipeline import TONES, numbered_services, proofs_of, steps_of
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import PersonRequest, officer_view
from portal.accounts.roles import Permission
from portal.deadlines.terms import Due
from portal.deadlines.today import business_today
from portal.documents import uploads
from portal.documents.letters import preview_letter
from portal.documents.models import Service, ServiceMethod, Upload
from portal.documents.sheets import sheet_of
from portal.policies.schema import Value
from portal.web.filters import chips
from portal.web.navigation import address
from portal.web.pagination import paginate
from portal.web.parts import Act, Crumb, Fact

RELATED = ("base__jurisdiction__parent", "base__operator", "certification", "decider", "operator", "ban")
PAPERS = ("notice", "hearing_letter", "decision", "plaque_letter", "ended_letter")
PEOPLE = ("opened_by", "notice_by", "weighed_by", "decided_by", "ended_by")
PREPARE, DECIDE = Permission.PREPARE_REVOCATION, Permission.DECIDE_REVOCATION


@officer_view(Permission.READ_CASES)
@require_safe
def revocations(request: PersonRequest) -> HttpResponse:
    """List the proceedings against titles of bases in the territory, those that run first."""
    here = request.capacity.jurisdiction
    form = RevocationListForm(request.GET)
    rows = _found(form, here.prefix).select_related(*RELATED, "notice", "decision")
    rows = rows.prefetch_related("notice__services", "decision__services")
    page = paginate(request, rows, order=("-opened_on", "-id"))
    context = {
        "form": form,
        "page": page,
        "chips": chips(request, form),
        "here": here,
        "rows": [(each, TONES[each.status], limit_of(each)) for each in page],
    }
    return render(request, "bases/revocations.html", context)


def _found(form: RevocationListForm, prefix: str) -> QuerySet[Revocation]:
    form.is_valid()
    said = form.cleaned_data
    rows = Revocation.objects.filter(region_code__startswith=prefix)
    if said.get("state"):
        rows = rows.filter(status__in=sorted(RUNNING)) if said["state"] == RUNS else rows.filter(status=said["state"])
    for word in said.get("q", "").split()[:5]:
        named = Q(number__icontains=word) | Q(base__name__icontains=word) | Q(operator__name__icontains=word)
        rows = rows.filter(named)
    return rows


def in_territory(request: PersonRequest, pk: int) -> Revocation:
    """Return proceedings in the officer's territory; any other do not exist."""
    rows = Revocation.objects.within(request.capacity.jurisdiction).select_related(*RELATED, *PAPERS, *PEOPLE)
    return get_object_or_404(rows, pk=pk)


@officer_view(Permission.READ_CASES)
@require_safe
def revocation(request: PersonRequest, pk: int) -> HttpResponse:
    """Show one case: what is to be done now, every step with its proof, and the basis it was opened on."""
    found, capacity, today = in_territory(request, pk), request.capacity, business_today()
    law = law_of(found)
    context = {
        "revocation": found,
        "limit": limit_of(found),
        "crumbs": [Crumb(_("撤销"), reverse("bases:revocations")), Crumb(found.number)],
        "facts": _facts(found, law),
        "steps": steps_of(found),
        "tone": TONES[found.status],
        "now": now_of(found, law, today),
        "acts": acts_of(found, capacity, today),
        "elsewhere": _elsewhere(found, capacity),
        "proofs": proofs_of(found),
        "defence_term": Due.from_json(found.defence_term) if found.defence_term else None,
        "defence_clause": law.policy.defence_workdays,
        "counted": found.counted,
        "remaining": len(found.counted) - len(found.fallen),
        "conclusion": found.basis.get("conclusion", ""),
    }
    return render(request, "bases/revocation.html", context)


def _facts(found: Revocation, law: Law) -> list[Fact]:
    rows = [
        Fact(_("称号"), found.certification.titled),
        Fact(_("事由"), law.ground.name),
        Fact(_("运营机构"), found.operator.name),
        Fact(_("信用代码"), found.operator.uscc, code=True),
        Fact(_("所在地"), found.base.jurisdiction.full_name),
        Fact(_("决定机关"), found.decider.name),
    ]
    if found.ban and found.ban.lifted_on is None:
        rows.append(Fact(_("暂停申报至"), _("%(day)s（含当日）") % {"day": found.ban.ends_on}))
    return rows


def now_of(found: Revocation, law: Law, today: datetime.date) -> tuple[str, str, Value[Any] | None] | None:
    """Return what is to be done now, why, and the value its term comes from; None when nothing is left to do."""
    policy, paper = law.policy, _("用电子签收、挂号邮寄或直接送达；都送不到的，公告送达。送达以前不产生效力。")
    table: dict[str, tuple[str, str, Value[Any] | None]] = {
        R.OPENED: (
            _("制发撤销事先告知书"),
            _("写明事实、证据、依据和对方的权利。告知书送达以前，对外和对基地都不产生任何变化。"),
            policy.notice_workdays,
        ),
        R.NOTICE_ISSUED: (_("送达事先告知书"), paper, policy.notice_workdays),
        R.DEFENCE: _in_defence(found, law, today),
        R.WEIGHED: (
            _("决定撤销，或者终结程序"),
            _("由没有参加核实、告知和复核的审批人员决定。"),
            policy.decision_workdays,
        ),
        R.DECIDED: (_("送达撤销决定书"), paper, policy.decision_workdays),
    }
    if found.status in {R.NOTICE_ISSUED, R.DECIDED} and (running := announcement_of(found)):
        return (
            _("公告送达中，%(day)s（含当日）期满") % {"day": running.ends_on},
            _("期满当日视为送达，次日由系统登记。期间用其他方式送到的，登记送达。"),
            policy.announcement_days,
        )
    if found.status == R.REVOKED and found.plaque_recovered_on is None:
        return _("收回牌匾和证书"), _("撤销已生效，收回后登记日期。"), policy.plaque_workdays
    return table.get(found.status)


def _in_defence(found: Revocation, law: Law, today: datetime.date) -> tuple[str, str, Value[Any] | None]:
    """Return what is to be done while the holder may speak: the hearing that was asked for first, then the opinion."""
    if may_set_hearing(found):
        if found.hearing_set_for is None:
            title = _("确定听证的时间、地点和主持人")
            why = _("对方申请了听证。通知书送达后，照通知的时间举行、登记记录，才能复核。")
        elif waiting_paper(found):
            title, why = _("送达听证通知书"), _("用电子签收、挂号邮寄或直接送达；送达晚了的，另定听证日期。")
        else:
            title = _("%(day)s 举行听证，登记记录") % {"day": found.hearing_set_for}
            why = not_yet_heard(found, today) or _("登记听证记录后写复核意见。")
        return title, why, law.policy.weighing_workdays  # its day is that of the opinion, counted after the hearing
    over = found.defence_ends is not None and today > found.defence_ends
    title = _("写复核意见") if over else _("等陈述申辩期满，写复核意见")
    return title, _("期满次日起才能复核。停止拨付补助，公开状态不变。"), law.policy.weighing_workdays


def acts_of(found: Revocation, by: Capacity, today: datetime.date) -> list[Act]:
    """Return what this officer may do now; what cannot be done yet is shown with the reason."""
    if by.jurisdiction.pk != found.decider_id:
        return []
    prepares, decides = by.may(PREPARE), by.may(DECIDE)
    rows = _preparing(found, today) if prepares else []
    return rows + (_deciding(found, by) if decides else [])


def _preparing(found: Revocation, today: datetime.date) -> list[Act]:
    if found.status == R.OPENED:
        return [_act(found, _("制发事先告知书"), "prior_notice", "primary")]
    if found.status in {R.NOTICE_ISSUED, R.DECIDED}:
        again = [_act(found, _("更正告知书"), "prior_notice", "text")] if found.status == R.NOTICE_ISSUED else []
        return [*_serving(found, "primary"), *again]
    if found.status == R.DEFENCE:
        return [
            _act(found, _("写复核意见"), "weigh", "primary", not_yet_weighed(found, today)),
            _act(found, _("登记书面申辩"), "enter_defence", "plain"),
            *_hearing(found, today),
        ]
    if found.status == R.REVOKED and found.plaque_recovered_on is None:
        return [_act(found, _("登记收回牌匾"), "plaque", "primary")]
    return []


def _serving(found: Revocation, kind: str) -> list[Act]:
    running = announcement_of(found)
    why = _("公告送达中，至 %(day)s") % {"day": running.ends_on} if running else ""
    return [_act(found, _("登记送达"), "serve", kind), _act(found, _("公告送达"), "announce", "plain", why)]


def may_set_hearing(found: Revocation) -> bool:
    """Return whether the holder asked for a hearing that was not held yet."""
    asked = found.status == R.DEFENCE and found.hearing_on is None
    return asked and found.defences.filter(asks_hearing=True).exists()


def _hearing(found: Revocation, today: datetime.date) -> list[Act]:
    """Return what is to be done about a hearing that was asked for, in the order of the procedure."""
    if not may_set_hearing(found):
        return []
    if found.hearing_letter is None:
        return [_act(found, _("确定听证"), "set_hearing", "plain")]
    heard = _act(found, _("登记听证"), "hearing", "plain", not_yet_heard(found, today))
    serving = _serving(found, "plain") if waiting_paper(found) else []
    return [*serving, heard, _act(found, _("另定听证日期"), "set_hearing", "text")]


def _deciding(found: Revocation, by: Capacity) -> list[Act]:
    rows = []
    barred = _("您参加过核实、告知或复核，须由另一位审批人员决定") if by.people & hands(found) else ""
    if found.status == R.WEIGHED:
        rows.append(_act(found, _("决定撤销"), "decide", "bad", barred))
    if found.status == R.DECIDED:
        rows.append(_act(found, _("更正决定书"), "decide", "text", barred))
    if found.status in {R.DEFENCE, R.WEIGHED, R.DECIDED}:
        rows.append(_act(found, _("终结程序，不予撤销"), "close", "plain"))
    if found.status == R.REVOKED:
        rows.append(_act(found, _("复议、判决或本机关撤销了决定，恢复称号"), "set_aside", "plain"))
    return rows


def _act(found: Revocation, label: str, name: str, kind: Any, why_not: str = "") -> Act:
    return Act(label, reverse(f"bases:{name}", args=[found.pk]), kind, why_not=why_not)


def not_yet_weighed(found: Revocation, today: datetime.date) -> str:
    """Return why the defence cannot be weighed yet; empty when it can."""
    if found.defence_ends is None:
        return _("告知书还没有送达")
    if today <= found.defence_ends:
        return _("陈述申辩期至 %(day)s（含当日），次日起才能复核") % {"day": found.defence_ends}
    asked = Defence.objects.filter(revocation=found, asks_hearing=True, filed_on__lte=found.defence_ends)
    if found.hearing_on is None and (found.hearing_set_for is not None or asked.exists()):
        return _("对方申请了听证，先举行并登记听证")
    return ""


def announcement_of(found: Revocation) -> Service | None:
    """Return the announcement under way of the paper that waits, None if there is none."""
    paper = waiting_paper(found)
    if paper is None:
        return None
    running = (each for each in paper.services.all() if each.served_on is None)
    return next((each for each in running if each.method == ServiceMethod.ANNOUNCEMENT), None)


def limit_of(found: Revocation) -> Due | None:
    """Return until when the present step is to be done; nobody is late while its paper is announced."""
    waits = found.status in {R.NOTICE_ISSUED, R.DECIDED}
    running = announcement_of(found) if waits else None
    return Due.from_json(running.term) if running and running.term else found.limit


def _elsewhere(found: Revocation, by: Capacity) -> str:
    """Return who does the present step, for officers who do not."""
    if found.status not in RUNNING:
        return ""
    post = _("审批岗") if found.status == R.WEIGHED else _("经办岗")
    needed = DECIDE if found.status == R.WEIGHED else PREPARE
    if by.jurisdiction.pk == found.decider_id and by.may(needed):
        return ""
    return _("这一步由%(bureau)s的%(post)s办理。") % {"bureau": found.decider.name, "post": post}


@officer_view(Permission.READ_CASES)
@require_safe
def revocation_file(request: PersonRequest, pk: int, key: UUID) -> HttpResponseBase:
    """Hand out a file of a defence, or of the proof of a service."""
    found = in_territory(request, pk)
    papers = [paper.pk for paper in (found.notice, found.hearing_letter, found.decision) if paper]
    proofs = Q(pk__in=Service.objects.filter(letter__in=papers).values("evidence"))
    said = Q(pk__in=Defence.objects.filter(revocation=found).values("uploads"))
    upload = Upload.objects.filter(proofs | said, key=key).first()
    if upload is None:
        raise Http404
    return uploads.serve(upload, request)


@officer_view(Permission.READ_CASES)
@require_safe
def service_record(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """Show the record of one service (送达回证) on its sheet, to be printed and filed."""
    found = in_territory(request, pk)
    proof = numbered_services(found).get(number)
    if proof is None or proof.served_on is None:
        raise Http404
    draft = replace(letters.service_record(found, proof), reference=f"{found.number}-{number}")
    sheet = sheet_of(preview_letter(draft, at=found.decider, on=proof.served_on))
    crumbs = [
        Crumb(_("撤销"), reverse("bases:revocations")),
        Crumb(found.number, address("bases:revocation", (found.pk,))),
        Crumb(_("送达回证")),
    ]
    return render(request, "bases/revocation_record.html", {"sheet": sheet, "crumbs": crumbs, "revocation": found})
