"""A newcomer registers its organisation and signs in at once, ready to draft."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bases.actions import Organisation, register_operator
from bases.forms import OperatorRegistrationForm
from portal.accounts.actions import Details
from portal.accounts.capacity import SESSION_KEY
from portal.accounts.decorators import public_view
from portal.accounts.views.entering import enter
from portal.deadlines.today import business_today
from portal.errors import InvalidInput
from portal.jurisdictions.models import Jurisdiction, Level
from portal.policies.packs import all_packs
from portal.web.forms import write_refusal
from portal.web.place import place_of
from portal.web.throttling import WRITE, limited


def places() -> list[Jurisdiction]:
    """Return where a bureau works with this portal: the places of the policies."""
    codes = {pack.jurisdiction for pack in all_packs().values()}
    return list(Jurisdiction.objects.filter(code__in=codes).order_by("code"))


@public_view
@limited(WRITE, methods=frozenset({"POST"}))
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Choose the place first (?place=), unless one came from its site (?at=); then fill in one form."""
    place = _chosen(request)
    if place is None:
        return render(request, "bases/register_place.html", {"places": places()})
    came_from = place_of(request.GET.get("at", ""))
    known = {"county": came_from} if came_from is not None and came_from.level == Level.COUNTY else {}
    form = OperatorRegistrationForm(request.POST or None, initial=known, territory=place, on=business_today())
    if request.method == "POST" and form.is_valid():
        try:
            return _registered(request, form)
        except InvalidInput as refusal:
            write_refusal(form, refusal)
    return render(request, "bases/register_operator.html", {"form": form, "place": place})


def _chosen(request: HttpRequest) -> Jurisdiction | None:
    code = request.GET.get("place", "")
    if not code:
        return _where_from(request.GET.get("at", ""))
    for place in places():
        if place.code == code:
            return place
    raise Http404(_("这个地区还没有使用本平台。"))


def _where_from(code: str) -> Jurisdiction | None:
    """Return the place whose bureau works with this portal, on whose site or below whose one somebody was."""
    came_from = place_of(code)
    working = {place.pk for place in places()} if came_from else set()
    return next((each for each in came_from.lineage() if each.pk in working), None) if came_from else None


def _registered(request: HttpRequest, form: OperatorRegistrationForm) -> HttpResponse:
    data = form.cleaned_data
    capacity = register_operator(
        Organisation(data["name"], data["uscc"], data["legal_representative"], data["phone"]),
        Details(data["person"], data["username"], data["email"]),
        password=data["password"],
        at=data["county"],
        on=business_today(),
    )
    enter(request, capacity.person)
    request.session[SESSION_KEY] = capacity.key
    messages.success(request, _("已登记。下一步登记基地，再选申报通知；主管部门会在收到第一次申报后核对机构信息。"))
    return redirect(settings.LOGIN_REDIRECT_URL)
