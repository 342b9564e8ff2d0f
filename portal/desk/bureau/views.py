"""Settings of a bureau: its profile, and the days off that are its own."""

import datetime

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from applications.models import PublicNotice
from portal.accounts.decorators import PersonRequest, officer_view
from portal.accounts.roles import Permission
from portal.deadlines.calendar import calendar_for
from portal.deadlines.models import CalendarDay
from portal.deadlines.today import business_today
from portal.desk.bureau import actions
from portal.desk.bureau.forms import AgencyForm, DayForm, RemoveDayForm
from portal.errors import DomainError
from portal.jurisdictions.models import AgencyProfile, Jurisdiction

NEXT_DAYS = 5  # as many as leave the form in sight on a phone
STATUS = {
    "official": (gettext_lazy("已正式公布"), "main"),
    "estimate": (gettext_lazy("暂按预估"), "warn"),
    "missing": (gettext_lazy("没有数据"), "bad"),
}


@officer_view(Permission.MANAGE_AGENCY)
@require_http_methods(["GET", "POST"])
def agency(request: PersonRequest) -> HttpResponse:
    """Show and change what the bureau prints about itself."""
    here = request.capacity.jurisdiction
    profile = AgencyProfile.objects.filter(jurisdiction=here).first()
    form = AgencyForm(request.POST if request.method == "POST" else None, instance=profile)
    if request.method == "POST" and form.is_valid():
        actions.change_agency(here, form.cleaned_data, by=request.capacity, on=business_today())
        messages.success(request, _("机关信息已保存，公开页面和以后的文书按此显示。"))
        return redirect("desk:agency")
    return render(request, "desk/agency.html", {"form": form, "here": here}, status=422 if form.errors else 200)


@officer_view(Permission.MANAGE_CALENDAR)
@require_http_methods(["GET", "POST"])
def calendar(request: PersonRequest) -> HttpResponse:
    """Show the days of a year that hold at this place, and enter a local one; running deadlines follow at once."""
    here, today = request.capacity.jurisdiction, business_today()
    form = DayForm(request.POST if request.method == "POST" else None, today=today, place=here)
    if request.method == "POST" and form.is_valid() and _added(request, form):
        return redirect(f"{request.path}?year={form.cleaned_data['day'].year}")
    asked = request.GET.get("year", "")
    year = int(asked) if asked in {str(today.year + step) for step in (-1, 0, 1, 2)} else today.year
    days = CalendarDay.objects.filter(Q(jurisdiction=None) | Q(jurisdiction__in=here.lineage()), date__year=year)
    word, tone = STATUS[calendar_for(here).status(year)]
    context = {
        "form": form,
        "here": here,
        "year": year,
        "is_over": year < today.year,
        "years": [today.year + step for step in (-1, 0, 1, 2)],
        "days": _parted(list(days.select_related("jurisdiction").order_by("date")), today),
        "status_word": word,
        "status_tone": tone,
        "shortened": shortened_notices(here, today),
    }
    return render(request, "desk/calendar.html", context, status=422 if form.errors else 200)


def _parted(days: list[CalendarDay], today: datetime.date) -> dict[str, list[CalendarDay]]:
    """Return the days in three parts: the next few, those after them, and those that are over, the last one first."""
    ahead, past = [day for day in days if day.date >= today], [day for day in days if day.date < today]
    return {"coming": ahead[:NEXT_DAYS], "later": ahead[NEXT_DAYS:], "past": past[::-1]}


def _added(request: PersonRequest, form: DayForm) -> bool:
    said, capacity = form.cleaned_data, request.capacity
    rest = {"kind": said["kind"], "name": said["name"], "source": said["source"]}
    try:
        moved = actions.add_day(capacity.jurisdiction, said["day"], by=capacity, on=business_today(), **rest)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    if said["day"] < business_today():
        past = _("%(day)s 已经过去：以前到期的事项不变，只有还在进行的期限重新计算。")
        messages.warning(request, past % {"day": said["day"]})
    messages.success(request, _("已登记，%(n)s 件正在办理的事项重新计算了到期日。") % {"n": moved})
    return True


def shortened_notices(place: Jurisdiction, on: datetime.date) -> list[tuple[PublicNotice, int, int]]:
    """Return the notices that run below with fewer working days than their term, with the days left and the term.

    A notice keeps the end that was published; a day off entered later takes a working day from it.
    """
    running = PublicNotice.objects.filter(
        region_code__startswith=place.prefix, published_on__lte=on, ends_on__gte=on, closed_on=None
    )
    found = []
    for notice in running.select_related("jurisdiction").order_by("ends_on", "pk"):
        days = calendar_for(notice.jurisdiction).workdays_between(notice.published_on, notice.ends_on)
        if notice.limit.unit == "workday" and days < notice.limit.length:
            found.append((notice, days, notice.limit.length))
    return found


@officer_view(Permission.MANAGE_CALENDAR)
@require_http_methods(["GET", "POST"])
def remove_day(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a day of this bureau out again, with the reason; a day of anybody else does not exist here."""
    here = request.capacity.jurisdiction
    row = get_object_or_404(CalendarDay.objects.select_related("jurisdiction"), pk=pk, jurisdiction=here)
    form = RemoveDayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        moved = actions.remove_day(row, because=because, by=request.capacity, on=business_today())
        messages.success(request, _("已删除，%(n)s 件正在办理的事项重新计算了到期日。") % {"n": moved})
        return redirect("desk:calendar")
    return render(request, "desk/calendar_remove.html", {"form": form, "row": row}, status=422 if form.errors else 200)
