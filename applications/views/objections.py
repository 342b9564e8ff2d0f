"""Objections to a public notice: no account, works without script, followed by a code."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from applications.actions import receive_objection
from applications.actions.moving import procedure_of
from applications.forms.calling import a_full_name
from applications.letters import notices as wording
from applications.models import Application, Objection, PublicNotice
from applications.views.for_public import contact_lines, listed, outcome, public_notices, takes_objections
from portal.accounts.capacity import VISITOR
from portal.accounts.decorators import public_view
from portal.deadlines.terms import Due
from portal.deadlines.today import business_now, business_today
from portal.documents.inspection import allowed_suffix
from portal.documents.models import Letter, Upload
from portal.documents.names import clean_name
from portal.documents.refusals import Refused
from portal.documents.uploads import accept
from portal.documents.views import as_download
from portal.errors import DomainError
from portal.typed_text import grouped
from portal.web.forms import PlainForm, write_refusal
from portal.web.place import place_or_404, site
from portal.web.throttling import VERIFY, WRITE, Rate, limited
from portal.worklist.models import WorkItem

EVIDENCE = ("pdf", "jpg", "png")
PAPER = Rate("objection-paper", burst=5, per_minute=1)
PHONE = re.compile(r"\d(?:[- ()]?\d){6,}")
MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


class ObjectionForm(PlainForm):
    """Against which base, who says so, why; evidence if there is any."""

    application = forms.ModelChoiceField(
        label=_("对哪家基地有异议"), queryset=Application.objects.none(), empty_label=_("请选择")
    )
    reason = forms.CharField(
        label=_("理由"),
        min_length=10,
        max_length=3000,
        help_text=_("什么事、什么时候、有什么依据，至少 10 个字。理由会用来核实，请不要写与此无关的个人信息"),
        widget=forms.Textarea({"rows": 6}),
    )
    name = forms.CharField(
        label=_("您的姓名或单位名称"),
        max_length=80,
        validators=[a_full_name],
        help_text=_("公示异议须实名，写全名，不能只写数字。只有办理人员能看到，不告诉基地"),
    )
    contact = forms.CharField(
        label=_("您的电话或邮箱"), max_length=120, help_text=_("用来核实情况和告知答复，只有办理人员能看到")
    )
    evidence = forms.FileField(
        label=_("证据材料"), required=False, help_text=_("PDF 或图片，一个文件，不超过 20 MB。多份材料请合成一个 PDF")
    )

    def __init__(self, *args: Any, notice: PublicNotice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = listed(notice)
        choice = self.fields["application"]
        choice.queryset = Application.objects.filter(pk__in=[row.pk for row in rows]).select_related("base")  # type: ignore[attr-defined]  # a ModelChoiceField
        choice.label_from_instance = lambda application: application.base.name  # type: ignore[attr-defined]  # a ModelChoiceField
        if len(rows) == 1:
            choice.initial = rows[0].pk

    def clean_contact(self) -> str:
        """Return the contact if there is a phone number or a mail address in it: the answer is due to somebody."""
        contact = str(self.cleaned_data["contact"])
        plain = unicodedata.normalize("NFKC", contact)  # digits typed full width are digits
        if PHONE.search(plain) or MAIL.search(plain):
            return contact
        raise forms.ValidationError(
            _("“%(found)s”里没有电话或邮箱。请写能找到您的电话（座机连区号）或邮箱。") % {"found": contact}
        )

    def clean_evidence(self) -> "UploadedFile[bytes] | None":
        """Return the file, if any, once its kind is one that is taken: said at once, whatever else is missing."""
        file: UploadedFile[bytes] | None = self.cleaned_data["evidence"]
        if file is not None:
            try:
                allowed_suffix(clean_name(file.name or ""), EVIDENCE)
            except Refused as refusal:
                raise forms.ValidationError(refusal.message) from refusal
        return file

    def ask_for_the_file_again(self) -> None:
        """Say beside the field that a chosen file is gone: no browser keeps it when the form comes back."""
        file = self.files.get("evidence")
        if file and "evidence" not in self.errors:
            self.add_error("evidence", _("表单没有提交，“%(name)s”没有留下，文件要重新选。") % {"name": file.name})


@limited(WRITE, methods=frozenset({"POST"}))
@never_cache
@public_view
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take an objection to a notice and give its code; outside the days of the notice say how to be heard."""
    jurisdiction = place_or_404(code)
    notice = get_object_or_404(public_notices(jurisdiction), pk=pk)
    is_open = takes_objections(notice, business_today())
    context = site(jurisdiction, notice=notice, is_open=is_open, ways=contact_lines(notice))
    form = ObjectionForm(request.POST or None, request.FILES or None, notice=notice)
    if request.method == "POST" and form.is_valid():
        objection = _received(form, notice)
        if objection is not None:
            return redirect("public:objection", code=code, receipt=objection.code)
    if form.is_bound:
        form.ask_for_the_file_again()
    status = 422 if form.is_bound else 200
    return render(request, "applications/public_objection_form.html", {**context, "form": form}, status=status)


def _received(form: ObjectionForm, notice: PublicNotice) -> Objection | None:
    """Hand the objection in; what the law or a check of the file refuses becomes an error of the form."""
    said, today = form.cleaned_data, business_today()
    try:
        with transaction.atomic():  # evidence of an objection that is not taken is not kept
            evidence = _kept(form, notice) if takes_objections(notice, today) else []
            if form.errors:
                return None
            return receive_objection(
                notice,
                application=said["application"],
                name=said["name"],
                contact=said["contact"],
                reason=said["reason"],
                evidence=evidence,
                by=VISITOR,
                on=today,
            )
    except DomainError as refusal:
        write_refusal(form, refusal)
    return None


def _kept(form: ObjectionForm, notice: PublicNotice) -> list[Upload]:
    """Take the evidence in; what its checks refuse becomes an error of the field."""
    file = form.cleaned_data["evidence"]
    try:
        return [accept(file, at=notice.jurisdiction, by=VISITOR, types=EVIDENCE, moment=business_now())] if file else []
    except DomainError as refusal:
        form.add_error("evidence", refusal.message)
        return []


class ReceiptForm(PlainForm):
    """The code that was given when the objection was handed in."""

    receipt = forms.CharField(
        label=_("查询码"),
        max_length=40,
        help_text=_("提交时给的 12 位字母和数字，不分大小写，中间的短横可写可不写"),
        widget=forms.TextInput({"class": "code", "autocomplete": "off"}),
    )


@limited(VERIFY)
@never_cache
@public_view
@require_safe
def track(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for the code of an objection and lead to its state."""
    jurisdiction = place_or_404(code)
    form = ReceiptForm(request.GET or None)
    if form.is_bound and form.is_valid():
        receipt = _as_kept(form.cleaned_data["receipt"])
        if Objection.objects.filter(code=receipt).exists():
            return redirect("public:objection", code=code, receipt=receipt)
        form.add_error(
            "receipt", _("没有查询码是“%(code)s”的异议。请照提交时给的查询码再写一遍。") % {"code": receipt[:20]}
        )
    status = 422 if form.is_bound else 200
    return render(request, "applications/public_track.html", site(jurisdiction, form=form), status=status)


def _as_kept(receipt: str) -> str:
    """Return a typed code as it is kept, whatever stands between its groups and however wide it was typed."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", receipt)).upper()[:16]


@limited(VERIFY)
@never_cache
@public_view
@require_safe
def objection(request: HttpRequest, code: str, receipt: str) -> HttpResponse:
    """Show what was handed in, by when it is answered and the answer to whoever holds the code; never who it was."""
    jurisdiction, today = place_or_404(code), business_today()
    found = get_object_or_404(
        Objection.objects.select_related("notice__jurisdiction", "notice__call", "application__base", "letter"),
        code=_as_kept(receipt),
    )
    context = site(
        jurisdiction,
        objection=found,
        receipt=grouped(found.code),
        came=outcome(found.application),
        notice=found.notice,
        back=reverse("public:notice", args=[code, found.notice_id]),
        files=[upload.original_name for upload in found.evidence.order_by("pk")],
        term=answer_due(found),
        pack=found.application.policy,
        rule=procedure_of(found.application).objection_workdays,
        letter=found.letter if found.letter and found.letter.voided_on is None else None,
        is_open=takes_objections(found.notice, today),
        once_more=gettext(wording.ONCE_MORE) % {"day": f"{found.notice.ends_on:%Y-%m-%d}"},
        later=gettext(wording.LATER),
        if_founded=gettext(wording.FOUNDED),
        remedies=gettext(wording.REMEDIES),
        ways=contact_lines(found.notice),
    )
    return render(request, "applications/public_objection.html", context)


@limited(PAPER)
@never_cache
@public_view
@require_safe
def answer_pdf(request: HttpRequest, code: str, receipt: str) -> HttpResponseBase:
    """Hand out the answer (公示异议答复书) as PDF to whoever holds the code; without the code there is nothing here."""
    jurisdiction = place_or_404(code)
    of_code = Objection.objects.filter(code=_as_kept(receipt)).values("letter")
    found = get_object_or_404(Letter.objects.select_related("jurisdiction"), voided_on=None, pk__in=of_code)
    response = as_download(found, may_make=True)
    if response is None:
        text = reverse("public:objection", args=[code, receipt])
        context = site(jurisdiction, shell="base_task.html", letter=found, failed=True, read_at=text)
        return render(request, "errors/unmade.html", context, status=503)
    return response


def answer_due(found: Objection) -> Due | None:
    """Return by when the bureau has to answer, as it stands on its desk; None where no desk was given a term."""
    items = WorkItem.objects.filter(subject_type=found._meta.label_lower, subject_id=str(found.pk))
    item = items.order_by("-pk").first()
    return Due.from_json(item.due) if item and item.due else None
