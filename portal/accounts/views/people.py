"""Administrators' screens: people and posts of a territory, proposals and their confirmation by another."""

from typing import NamedTuple

from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts import actions
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import PersonRequest, officer_view
from portal.accounts.forms import NewPersonForm, PostForm, ReasonForm
from portal.accounts.mailing import mail_password_link
from portal.accounts.models import Membership, Representative, User
from portal.accounts.roles import Permission
from portal.accounts.views.shells import done, page
from portal.audit.models import AuditEvent
from portal.deadlines.today import business_today
from portal.errors import DomainError
from portal.jurisdictions.models import NATION

SHOWN = 200
LISTED = ("held", "past")
ENDS = ("post.ended", "post.withdrawn", "post.refused")


class Refused(NamedTuple):
    """Which post could not be confirmed or sent back, why, and the reason that was typed."""

    post: int = 0
    says: str = ""
    reason: str = ""


def people_within(capacity: Capacity) -> "models.QuerySet[User]":
    """Return the people an administrator finds: made in the territory, with an open post there, or acting for an
    operator there.
    """
    prefix = capacity.jurisdiction.prefix
    posts = Membership.objects.within(capacity.jurisdiction).open(business_today())
    acting = Representative.objects.filter(region_code__startswith=prefix, ended_on__isnull=True)
    return User.objects.filter(
        models.Q(region_code__startswith=prefix) & ~models.Q(region_code="")
        | models.Q(pk__in=posts.values("user"))
        | models.Q(pk__in=acting.values("user"))
    )


@officer_view(Permission.MANAGE_PEOPLE)
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """List the people of the territory with their posts; with ?of=operators those who act for an operator."""
    today, territory = business_today(), request.capacity.jurisdiction
    wanted, of = request.GET.get("q", "").strip(), request.GET.get("of", "")
    acting = models.Q(pk__in=Representative.objects.values("user"))
    people = people_within(request.capacity)
    people = (
        people.filter(acting) if of == "operators" else people.filter(~acting | models.Q(memberships__isnull=False))
    )
    if wanted:
        people = people.filter(
            models.Q(name__icontains=wanted) | models.Q(username__icontains=wanted) | models.Q(email__iexact=wanted)
        )
    posts = Membership.objects.within(territory).open(today).select_related("jurisdiction").order_by("-valid_from")
    people = people.distinct()
    found = people.prefetch_related(models.Prefetch("memberships", posts), "representations")
    rows = [
        {"person": person, "posts": [(post, post.state(today)) for post in person.memberships.all()]}
        for person in found.order_by("-is_active", "name", "pk")[:SHOWN]
    ]
    context = {"rows": rows, "total": people.count(), "shown": SHOWN, "q": wanted, "of": of}
    return page(request, "accounts/people.html", context)


@officer_view(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def add(request: PersonRequest) -> HttpResponse:
    """Make a login for a new colleague, and mail the link to set a password."""
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        details = actions.Details(**form.cleaned_data)
        at = request.capacity.jurisdiction
        person = actions.create_person(details, at=at, by=request.capacity, on=business_today())
        if mail_password_link(person):
            sentence = _("已建立账号，设置密码的链接已发到邮箱。接着提出岗位授权。")
        else:
            sentence = _("已建立账号，但邮件没有发出，可以稍后在这一页重发链接。接着提出岗位授权。")
        return done(request, sentence, "accounts:person", person.pk)
    return page(request, "accounts/person_form.html", {"form": form})


@officer_view(Permission.MANAGE_PEOPLE)
@require_safe
def show(request: PersonRequest, person: int) -> HttpResponse:
    """Show one person with every post, and what can be done."""
    found = get_object_or_404(people_within(request.capacity), pk=person)
    today, territory = business_today(), request.capacity.jurisdiction
    within = Membership.objects.within(territory).filter(user=found)
    posts = within.select_related("jurisdiction", "proposed_by", "confirmed_by").order_by("-valid_from", "-pk")
    ended_by = _ended_by(list(posts))
    context = {
        "person": found,
        "posts": [(post, post.state(today), ended_by.get(str(post.pk), "")) for post in posts],
        "keeps": territory.covers(found.region_code or NATION),
        "operators": found.representations.filter(ended_on__isnull=True),
        "form": ReasonForm(),
    }
    return page(request, "accounts/person.html", context)


@officer_view(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def propose(request: PersonRequest, person: int) -> HttpResponse:
    """Propose a post for a person; a security administrator confirms it."""
    found = get_object_or_404(people_within(request.capacity), pk=person)
    today = business_today()
    territory = request.capacity.jurisdiction
    initial = {"jurisdiction": territory.code, "valid_from": today}
    form = PostForm(request.POST or None, territory=territory, on=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.propose_post(
                found,
                at=data["jurisdiction"],
                role=data["role"],
                valid_from=data["valid_from"],
                valid_to=data["valid_to"],
                by=request.capacity,
                on=today,
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return done(request, _("已提出，等安全管理员核准后生效。"), "accounts:person", found.pk)
    return page(request, "accounts/post_form.html", {"form": form, "person": found})


@officer_view(Permission.MANAGE_PEOPLE)
@require_POST
def end(request: PersonRequest, post: int) -> HttpResponse:
    """End a post from today."""
    held = get_object_or_404(Membership.objects.within(request.capacity.jurisdiction), pk=post)
    actions.end_post(held, because=_reason(request), by=request.capacity, on=business_today())
    return done(request, _("岗位已结束，立即生效。"), "accounts:person", held.user_id)


@officer_view(Permission.MANAGE_PEOPLE)
@require_POST
def deactivate(request: PersonRequest, person: int) -> HttpResponse:
    """Close a login."""
    found = get_object_or_404(people_within(request.capacity), pk=person)
    actions.deactivate_person(found, because=_reason(request), by=request.capacity, on=business_today())
    return done(request, _("账号已停用，立即生效。"), "accounts:person", found.pk)


@officer_view(Permission.MANAGE_PEOPLE)
@require_POST
def reactivate(request: PersonRequest, person: int) -> HttpResponse:
    """Open a closed login again."""
    found = get_object_or_404(people_within(request.capacity), pk=person)
    actions.reactivate_person(found, because=_reason(request), by=request.capacity, on=business_today())
    return done(request, _("账号已恢复。"), "accounts:person", found.pk)


@officer_view(Permission.MANAGE_PEOPLE)
@require_POST
def mail_link(request: PersonRequest, person: int) -> HttpResponse:
    """Mail the person a link to set a new password."""
    found = get_object_or_404(people_within(request.capacity), pk=person)
    actions.send_password_link(found, by=request.capacity, on=business_today())
    return done(request, _("设置密码的链接已发到本人邮箱，一小时内有效。"), "accounts:person", found.pk)


@officer_view(Permission.MANAGE_PEOPLE)
@require_POST
def reset_factors(request: PersonRequest, person: int) -> HttpResponse:
    """Take away the second factors of somebody who lost them."""
    found = get_object_or_404(people_within(request.capacity), pk=person)
    actions.reset_second_factors(found, because=_reason(request), by=request.capacity, on=business_today())
    return done(request, _("已重置，本人下次登录后重新设置。"), "accounts:person", found.pk)


def _ended_by(posts: list[Membership]) -> dict[str, str]:
    """Return who ended, withdrew or sent back each of these posts, by its number: the trail knows."""
    ends = AuditEvent.objects.filter(subject_type="accounts.membership", verb__in=ENDS)
    found = ends.filter(subject_id__in=[str(post.pk) for post in posts]).order_by("chain", "seq")
    return dict(found.values_list("subject_id", "actor_label"))


@officer_view(Permission.GRANT_ROLES)
@require_safe
def proposals(request: PersonRequest) -> HttpResponse:
    """List the posts that wait for confirmation in the territory; with ?of=held or ?of=past those of now or before."""
    of = request.GET.get("of", "")
    if of not in LISTED:
        return _proposals(request, Refused())
    today = business_today()
    within = Membership.objects.within(request.capacity.jurisdiction)
    over = models.Q(refused_on__isnull=False) | models.Q(valid_to__lt=today)
    posts = within.exclude(over).filter(confirmed_by__isnull=False) if of == "held" else within.filter(over)
    shown = posts.select_related("user", "jurisdiction", "proposed_by", "confirmed_by").order_by("-valid_from", "-pk")
    rows = [(post, post.state(today)) for post in shown[:SHOWN]]
    context = {"rows": rows, "total": posts.count(), "shown": SHOWN, "of": of}
    return page(request, "accounts/posts.html", context)


def _proposals(request: PersonRequest, refused: Refused) -> HttpResponse:
    waiting = Membership.objects.proposed().within(request.capacity.jurisdiction)
    rows = list(waiting.select_related("user", "jurisdiction", "proposed_by").order_by("proposed_on", "pk"))
    still_waits = any(post.pk == refused.post for post in rows)  # else somebody else was first, and it is said on top
    context = {"rows": rows, "refused": refused, "still_waits": still_waits}
    return page(request, "accounts/proposals.html", context, status=422 if refused.says else 200)


@officer_view(Permission.GRANT_ROLES)
@require_POST
def confirm(request: PersonRequest, post: int) -> HttpResponse:
    """Confirm a proposed post."""
    proposed = get_object_or_404(Membership.objects.within(request.capacity.jurisdiction), pk=post)
    try:
        actions.confirm_post(proposed, by=request.capacity, on=business_today())
    except DomainError as refusal:
        return _proposals(request, Refused(post, refusal.message))
    return done(request, _("已核准，岗位生效。"), "accounts:proposals")


@officer_view(Permission.GRANT_ROLES)
@require_POST
def refuse(request: PersonRequest, post: int) -> HttpResponse:
    """Send a proposed post back."""
    proposed = get_object_or_404(Membership.objects.within(request.capacity.jurisdiction), pk=post)
    try:
        actions.refuse_post(proposed, because=_reason(request), by=request.capacity, on=business_today())
    except DomainError as refusal:
        return _proposals(request, Refused(post, refusal.message, request.POST.get("reason", "")))
    return done(request, _("已退回。"), "accounts:proposals")


def _reason(request: PersonRequest) -> str:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise DomainError(_("请写明原因，不超过 200 字。"))
    return str(form.cleaned_data["reason"])
