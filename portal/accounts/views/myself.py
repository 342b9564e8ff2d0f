"""One's own page: who I am, in which capacities, which messages by mail; and changing between capacities."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.actions import change_own_details
from portal.accounts.capacity import SESSION_KEY, capacities, capacity_by_key
from portal.accounts.decorators import PersonRequest, person_view
from portal.accounts.forms import NoticesForm, ProfileForm
from portal.accounts.mailing import tell_former_address
from portal.accounts.views.entering import back_address
from portal.accounts.views.shells import desk_address, done, page
from portal.deadlines.today import business_today


@person_view
@require_safe
def me(request: PersonRequest) -> HttpResponse:
    """Show the person's own page."""
    user = request.user
    context = {"held": capacities(user, business_today()), "person": user}
    return page(request, "accounts/me.html", context)


@person_view
@reauthentication_required
@require_http_methods(["GET", "POST"])
def edit(request: PersonRequest) -> HttpResponse:
    """Change one's own name, mail address or phone number, after the password once more; tell the former address."""
    former = request.user.email
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        person = change_own_details(request.user, form.cleaned_data, by=request.capacity, on=business_today())
        if former and former.lower() != person.email.lower():
            tell_former_address(person, former)
        return done(request, _("已保存。"), "accounts:me")
    return page(request, "accounts/edit.html", {"form": form})


@person_view
@require_safe
def choose(request: PersonRequest) -> HttpResponse:
    """Show every capacity the person may act in."""
    held = capacities(request.user, business_today())
    return page(request, "accounts/switch.html", {"held": held, "next": back_address(request)})


@person_view
@require_POST
def switch(request: PersonRequest) -> HttpResponse:
    """Act in another capacity from now on. One that is not held does not exist."""
    chosen = capacity_by_key(request.user, request.POST.get("capacity", ""), business_today())
    if chosen is None:
        raise Http404
    request.session[SESSION_KEY] = chosen.key
    messages.success(request, _("现在以“%(title)s”的身份办理。") % {"title": chosen.title})
    return redirect(desk_address())


@person_view
@require_http_methods(["GET", "POST"])
def notices(request: PersonRequest) -> HttpResponse:
    """Choose whether the daily digest comes; deadlines and corrections always come at once."""
    form = NoticesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        return done(request, _("已保存。"), "accounts:me")
    return page(request, "accounts/notices.html", {"form": form})
