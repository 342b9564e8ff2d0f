"""What every officer's page of complaints shares: the complaint in the territory, one act on one form, its files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html

from complaints.actions.handling import require_desk, require_status
from complaints.actions.identity import may_reveal
from complaints.models import Complaint
from complaints.states import ComplaintStatus
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import PersonRequest
from portal.accounts.models import User
from portal.accounts.people import officers_at
from portal.accounts.roles import Permission
from portal.deadlines.today import business_now, business_today
from portal.documents import uploads
from portal.documents.models import Upload
from portal.errors import DomainError, StatusMoved
from portal.jurisdictions.models import Jurisdiction
from portal.web.error_pages import stale
from portal.web.forms import PlainForm, write_refusal

RELATED = (
    "base__operator",
    "base__jurisdiction__parent__parent__parent",
    "jurisdiction__parent__parent",
    "desk",
    "closed_at_desk",
    "same_fact_as",
    "tenant",
    "supplement__letter",
    "answer",
)
Words = str | Promise


@dataclass(frozen=True)
class Page:
    """The page of one act: what it is called, what its button says, what is said when it is done, what follows."""

    title: Words
    button: Words
    done: Words
    lead: Words = ""
    bad: bool = False
    template: str = "complaints/officer_act.html"


def capacity_of(request: HttpRequest) -> Capacity:
    """Return in what capacity the officer acts (set by CapacityMiddleware)."""
    return cast(PersonRequest, request).capacity


def complaint_in_territory(request: HttpRequest, pk: int) -> Complaint:
    """Return a complaint about a base of the officer's territory; any other does not exist."""
    visible = Complaint.objects.within(capacity_of(request).jurisdiction).select_related(*RELATED)
    return get_object_or_404(visible, pk=pk)


def barred(complaint: Complaint, by: Capacity, permission: str, *at: ComplaintStatus) -> str:
    """Return why the officer cannot do this step now, an empty string if nothing stands against it."""
    try:
        require_status(complaint, *at)
        require_desk(complaint, by, permission)
    except DomainError as refusal:
        return refusal.message
    return ""


def attempt(request: HttpRequest, form: PlainForm, act: Callable[[], Any], *, back: str = "") -> HttpResponse | None:
    """Do `act`; return the page of a stale click, None otherwise. A refusal is written into the form."""
    try:
        act()
    except StatusMoved as moved:
        return stale(request, moved, form=form, back=back)
    except DomainError as refusal:
        write_refusal(form, refusal)
    return None


def ask(
    request: HttpRequest,
    complaint: Complaint,
    form: PlainForm,
    act: Callable[[], Any] | None,
    page: Page,
    *,
    barred: str = "",
    followed: Callable[[], str] = str,
    **context: Any,
) -> HttpResponse:
    """Show one act on a complaint; when its form is sent and right, act and go back to the case. None only shows.

    `followed` says what else the act brought about. A page shows the complainant's words where it `reads` alone.
    """
    if request.method == "POST" and act is not None and form.is_valid():
        back = reverse("complaints:case", args=[complaint.pk])
        answer = attempt(request, form, act, back=back)
        if answer or not form.errors:
            if answer is None:
                messages.success(request, format_html("{}：{}{}", complaint.number, page.done, followed()))
            return answer or redirect(back)
    shown = {"complaint": complaint, "form": form, "page": page, "barred": barred, "files_lost": files_lost(form)}
    shown["reads"] = may_reveal(complaint, capacity_of(request))
    return render(request, page.template, {**shown, **context}, status=422 if form.errors else 200)


def files_lost(form: PlainForm) -> bool:
    """Whether files were chosen on a form that comes back: no browser keeps them."""
    return bool(form.is_bound and form.errors and any(form.files.values()))


def kept(files: Sequence[Any], *, at: Jurisdiction, by: Capacity) -> list[Upload]:
    """Take the files of a form in. Called inside the transaction of the act, so that they go with it if it fails."""
    return [
        uploads.accept(file, at=at, by=by, types=("pdf", "jpg", "png"), megabytes=20, moment=business_now())
        for file in files
    ]


def staff_of(bureau: Jurisdiction | None) -> list[User]:
    """Return who of a bureau may verify: its caseworkers and approvers, stand-ins included, each once."""
    if bureau is None:
        return []
    posts = (Permission.HANDLE_COMPLAINT, Permission.CONFIRM_FINDING)
    found = {each.pk: each for post in posts for each in officers_at(bureau, post, business_today())}
    return list(found.values())
