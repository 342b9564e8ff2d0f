"""What officers do in revocation proceedings: each page asks for what one act needs, and calls that act."""

import copy
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bases import actions, letters
from bases.actions.hearing import not_yet_heard
from bases.actions.proceedings import conclusions_of, law_of, waiting_paper, workdays
from bases.forms import (
    AnnouncementForm,
    ClosingForm,
    DecisionForm,
    HearingForm,
    PaperDefenceForm,
    PlaqueForm,
    PriorNoticeForm,
    ServiceForm,
    SetHearingForm,
    SettingAsideForm,
    WeighingForm,
)
from bases.letters.drafting import evidence_of, facts_of
from bases.models import Revocation
from bases.states import AFTER_NOTICE, BEFORE_NOTICE
from bases.states import RevocationStatus as R
from bases.views.asking import done
from bases.views.pipeline import Proof, said_by
from bases.views.revocations import DECIDE, PREPARE, announcement_of, in_territory, may_set_hearing, not_yet_weighed
from portal.accounts.decorators import PersonRequest, officer_view
from portal.deadlines.today import business_today
from portal.documents.letters import Draft
from portal.documents.previews import preview_sheet
from portal.documents.sheets import Sheet
from portal.errors import DomainError
from portal.web.forms import PlainForm
from portal.web.parts import Crumb
from portal.web.uploading import keep


@officer_view(PREPARE)
@require_http_methods(["GET", "POST"])
def prior_notice(request: PersonRequest, pk: int) -> HttpResponse:
    """Write facts and evidence, look at the notice, issue it."""
    found = in_territory(request, pk)
    facts = found.facts or facts_of(found, conclusions_of(found))
    said = {"facts": facts, "evidence": found.evidence or evidence_of(found)}
    form = PriorNoticeForm(_sent(request), initial={**said, "seen": found.revision})

    def act() -> object:
        return actions.issue_prior_notice(found, by=request.capacity, on=business_today(), **form.cleaned_data)

    def draft() -> Draft:
        said = form.cleaned_data
        return letters.prior_notice(_with(found, facts=said["facts"], evidence=said["evidence"]))

    again = found.status == R.NOTICE_ISSUED
    words = _words(
        _("更正撤销事先告知书") if again else _("制发撤销事先告知书"),
        _("送达以前可以更正：原告知书作废，重新取号制发，重新送达。")
        if again
        else _("告知书送达以后，对方有陈述、申辩的权利；送达以前什么都不变。送达后不能改写。"),
        _("制发告知书"),
        _("告知书已制发，对方可以登录签收；也可以邮寄或直接送达后在这里登记。"),
    )
    return _ask(request, found, form, act, words, possible=found.status in BEFORE_NOTICE, draft=draft)


@officer_view(PREPARE)
@require_http_methods(["GET", "POST"])
def serve(request: PersonRequest, pk: int) -> HttpResponse:
    """Enter that the paper that waits was served by registered mail or by hand."""
    found = in_territory(request, pk)
    form = ServiceForm(_sent(request), request.FILES or None, initial={"method": "mail"})

    @transaction.atomic  # the proof of a service that is not recorded is not kept
    def act() -> object:
        said = dict(form.cleaned_data)
        proof = keep(said.pop("evidence"), field="evidence", at=found.jurisdiction, by=request.capacity)
        return actions.record_service(found, evidence=proof, by=request.capacity, on=business_today(), **said)

    words = _words(
        _("登记送达"),
        _("送达日期就是期限和效力起算的日期，凭证要能证明送到了、谁签收的。")
        if found.status != R.DECIDED
        else _("登记后撤销自送达之日生效：公开名册立即变为已撤销，暂停申报开始，不能撤回。"),
        _("登记送达"),
        _("送达已登记。"),
    )
    return _ask(request, found, form, act, words, possible=waiting_paper(found) is not None)


@officer_view(PREPARE)
@require_http_methods(["GET", "POST"])
def announce(request: PersonRequest, pk: int) -> HttpResponse:
    """Begin to serve the paper that waits by public announcement."""
    found = in_territory(request, pk)
    form = AnnouncementForm(_sent(request), request.FILES or None)

    @transaction.atomic  # the proof of an announcement that is refused is not kept
    def act() -> object:
        said = dict(form.cleaned_data)
        proof = keep(said.pop("evidence"), field="evidence", at=found.jurisdiction, by=request.capacity)
        return actions.announce_paper(found, evidence=proof, by=request.capacity, on=business_today(), **said)

    words = _words(
        _("公告送达"),
        _("其他方式都送不到时才用。公告页只写文书名称、受送达人和起止日期，不写内容；期满自动视为送达。"),
        _("开始公告"),
        _("公告已开始，期满后系统登记送达。"),
    )
    possible = waiting_paper(found) is not None and announcement_of(found) is None
    return _ask(request, found, form, act, words, possible=possible)


@officer_view(PREPARE)
@require_http_methods(["GET", "POST"])
def enter_defence(request: PersonRequest, pk: int) -> HttpResponse:
    """Enter a defence that came on paper."""
    found = in_territory(request, pk)
    form = PaperDefenceForm(_sent(request), request.FILES or None, initial={"filed_on": business_today()})

    @transaction.atomic  # files of a defence that is not taken are not kept
    def act() -> object:
        said = dict(form.cleaned_data)
        files = keep(said.pop("uploads"), field="uploads", at=found.jurisdiction, by=request.capacity)
        return actions.file_defence(found, uploads=files, by=request.capacity, on=business_today(), **said)

    words = _words(
        _("登记书面申辩"),
        _("照原文录入，扫描件作为附件。逾期收到的也登记，复核前收到的都要复核。"),
        _("登记申辩"),
        _("申辩已登记。"),
    )
    return _ask(request, found, form, act, words, possible=found.status == R.DEFENCE)


@officer_view(PREPARE)
@require_http_methods(["GET", "POST"])
def set_hearing(request: PersonRequest, pk: int) -> HttpResponse:
    """Set the hearing that was asked for, look at its notice, issue it; or move it."""
    found = in_territory(request, pk)
    days, moved = law_of(found).policy.hearing_workdays.value, found.hearing_letter is not None
    soonest = workdays(found, business_today(), days).on
    initial: dict[str, Any] = {"held_on": soonest, "at": found.hearing_at, "seen": found.revision}
    initial |= {"place": found.hearing_place, "chair": found.hearing_chair}
    form = SetHearingForm(_sent(request), initial=initial)

    def act() -> object:
        return actions.set_hearing(found, by=request.capacity, on=business_today(), **form.cleaned_data)

    def draft() -> Draft:
        said = form.cleaned_data
        when = {"hearing_set_for": said["held_on"], "hearing_at": said["at"]}
        return letters.hearing_notice(_with(found, hearing_place=said["place"], hearing_chair=said["chair"], **when))

    hint = _("听证通知书须在举行前 %(days)d 个工作日送达。送达晚了的，另定日期，重新通知。") % {"days": days}
    words = _words(
        _("另定听证日期") if moved else _("确定听证"),
        _("原通知书作废，重新通知。%(hint)s") % {"hint": hint} if moved else hint,
        _("制发听证通知书"),
        _("听证通知书已制发，对方可以登录签收；也可以邮寄或直接送达后在这里登记。"),
    )
    return _ask(request, found, form, act, words, possible=may_set_hearing(found), draft=draft)


@officer_view(PREPARE)
@require_http_methods(["GET", "POST"])
def hearing(request: PersonRequest, pk: int) -> HttpResponse:
    """Enter the record of a hearing."""
    found = in_territory(request, pk)
    form = HearingForm(_sent(request), initial={"held_on": found.hearing_set_for})

    def act() -> object:
        return actions.record_hearing(found, by=request.capacity, on=business_today(), **form.cleaned_data)

    hint = _("照通知的时间举行以后登记；登记后对方可以看到记录，才能写复核意见。")
    words = _words(_("登记听证"), hint, _("登记听证"), _("听证已登记。"))
    why = not_yet_heard(found, business_today()) if may_set_hearing(found) else ""
    return _ask(request, found, form, act, words, possible=may_set_hearing(found) and not why, why_not=why)


@officer_view(PREPARE)
@require_http_methods(["GET", "POST"])
def weigh(request: PersonRequest, pk: int) -> HttpResponse:
    """Weigh the defence in writing, after its last day."""
    found = in_territory(request, pk)
    form = WeighingForm(_sent(request), initial={"seen": found.revision})

    def act() -> object:
        return actions.weigh_defence(found, by=request.capacity, on=business_today(), **form.cleaned_data)

    words = _words(
        _("写复核意见"),
        _("写入决定书，之后由审批人员决定；写复核意见的人不能决定。"),
        _("保存复核意见，报决定"),
        _("复核意见已保存，待审批人员决定。"),
    )
    why = not_yet_weighed(found, business_today()) if found.status == R.DEFENCE else ""

    def draft() -> Draft:
        return letters.decision(_with(found, weighed=form.cleaned_data["opinion"], reason=_("（由审批人员写明）")))

    possible = found.status == R.DEFENCE and not why
    return _ask(request, found, form, act, words, possible=possible, why_not=why, draft=draft, said=said_by(found))


@officer_view(DECIDE)
@require_http_methods(["GET", "POST"])
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Decide the revocation, after a look at the decision."""
    found = in_territory(request, pk)
    form = DecisionForm(_sent(request), initial={"seen": found.revision, "reason": found.reason})

    def act() -> object:
        return actions.decide_to_revoke(found, by=request.capacity, on=business_today(), **form.cleaned_data)

    def draft() -> Draft:
        return letters.decision(_with(found, reason=form.cleaned_data["reason"]))

    again = found.status == R.DECIDED
    words = _words(
        _("更正撤销决定书") if again else _("决定撤销"),
        _("送达以前可以更正：原决定书作废，重新取号制发，重新送达。")
        if again
        else _("决定书送达之日生效：称号撤销，基地和运营机构暂停申报，未拨付的补助不再拨付。"),
        _("作出撤销决定"),
        _("撤销决定书已制发，送达后生效。"),
    )
    return _ask(
        request, found, form, act, words, possible=found.status in {R.WEIGHED, R.DECIDED}, draft=draft, adverse=True
    )


@officer_view(DECIDE)
@require_http_methods(["GET", "POST"])
def close(request: PersonRequest, pk: int) -> HttpResponse:
    """End the proceedings without a revocation, with reasons."""
    found = in_territory(request, pk)
    form = ClosingForm(_sent(request), initial={"seen": found.revision})

    def act() -> object:
        return actions.close_revocation(found, by=request.capacity, on=business_today(), **form.cleaned_data)

    def draft() -> Draft:
        return letters.closing(_with(found, ended_because=form.cleaned_data["because"]))

    words = _words(
        _("终结程序，不予撤销"),
        _("称号恢复告知前的状态；据以立案的投诉已经用过，不再计数。"),
        _("终结程序"),
        _("程序已终结，称号恢复告知前的状态。"),
    )
    return _ask(request, found, form, act, words, possible=found.status in AFTER_NOTICE, draft=draft)


@officer_view(DECIDE)
@require_http_methods(["GET", "POST"])
def set_aside(request: PersonRequest, pk: int) -> HttpResponse:
    """Enter that reconsideration or a court annulled the decision: the title is restored."""
    found = in_territory(request, pk)
    form = SettingAsideForm(_sent(request))

    def act() -> object:
        return actions.set_aside_revocation(found, by=request.capacity, on=business_today(), **form.cleaned_data)

    def draft() -> Draft:
        said = form.cleaned_data
        return letters.reversal(_with(found, authority=said["authority"], ended_because=said["because"]))

    words = _words(
        _("恢复称号"),
        _("照复议决定书、判决书或本机关的纠正决定登记：称号恢复原状，暂停申报自始无效，撤销和恢复都留存在案。"),
        _("登记并恢复称号"),
        _("称号已恢复。"),
    )
    return _ask(request, found, form, act, words, possible=found.status == R.REVOKED, draft=draft)


@officer_view(PREPARE)
@require_http_methods(["GET", "POST"])
def plaque(request: PersonRequest, pk: int) -> HttpResponse:
    """Enter that plaque and certificate came back."""
    found = in_territory(request, pk)
    form = PlaqueForm(_sent(request), initial={"recovered_on": business_today()})

    def act() -> object:
        return actions.record_plaque_recovered(found, by=request.capacity, on=business_today(), **form.cleaned_data)

    words = _words(_("登记收回牌匾"), _("牌匾和证书都交回后登记。"), _("登记收回"), _("已登记收回。"))
    possible = found.status == R.REVOKED and found.plaque_recovered_on is None
    return _ask(request, found, form, act, words, possible=possible)


def _sent(request: PersonRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _words(title: str, hint: str, button: str, said: str) -> dict[str, str]:
    return {"title": title, "hint": hint, "button": button, "said": said}


def _with(found: Revocation, **fields: Any) -> Revocation:
    """Return the proceedings as they would be with these words; never saved."""
    thought = copy.copy(found)
    for name, value in fields.items():
        setattr(thought, name, value.strip() if isinstance(value, str) else value)
    return thought


def _ask(
    request: PersonRequest,
    found: Revocation,
    form: PlainForm,
    act: Callable[[], object],
    words: dict[str, str],
    *,
    possible: bool,
    draft: Callable[[], Draft] | None = None,
    adverse: bool = False,
    why_not: str = "",
    said: Sequence[Proof] = (),
) -> HttpResponse:
    """Ask for what an act needs; sent and right, act and go back to the case. With `draft` its letter can be seen."""
    back, preview = reverse("bases:revocation", args=[found.pk]), None
    if possible and form.is_bound and request.POST.get("act") == "preview":
        preview = _preview(form, draft, found) if form.is_valid() and draft else None
    elif possible and form.is_bound:
        answer = done(request, form, act, back=back)
        if answer is True:
            messages.success(request, words["said"])
            return redirect(back)
        if isinstance(answer, HttpResponse):
            return answer
    context = {
        **words,
        "revocation": found,
        "form": form,
        "preview": preview,
        "said": said,
        "previews": draft is not None,
        "possible": possible and found.decider_id == request.capacity.jurisdiction.pk,
        "why_not": why_not,
        "adverse": adverse,
        "back": back,
        "crumbs": [Crumb(_("撤销"), reverse("bases:revocations")), Crumb(found.number, back), Crumb(words["title"])],
    }
    return render(request, "bases/revocation_act.html", context, status=422 if form.errors else 200)


def _preview(form: PlainForm, draft: Callable[[], Draft], found: Revocation) -> Sheet | None:
    try:
        return preview_sheet(draft(), at=found.decider, on=business_today())
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return None
