"""By what officers look for complaints."""

import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, ComplaintQuerySet
from complaints.states import OPEN, Category, ComplaintStatus
from portal.jurisdictions.models import Jurisdiction, Level
from portal.web.forms import PlainForm

UNFINISHED = "open"
STATES = [("", _("全部")), (UNFINISHED, _("未办结")), *ComplaintStatus.choices]
TERMS = [("", _("全部")), ("overdue", _("已逾期")), ("limit", _("超过办结最长期限"))]


class ComplaintListForm(PlainForm):
    """State, place, term and category; a number or the name of a base."""

    q = forms.CharField(
        label=_("基地、受理号"),
        required=False,
        max_length=80,
        widget=forms.TextInput({"class": "wide", "autocomplete": "off"}),
    )
    place = forms.ChoiceField(label=_("所在地"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)
    term = forms.ChoiceField(label=_("期限"), required=False, choices=TERMS)
    category = forms.ChoiceField(label=_("类别"), required=False, choices=[("", _("全部")), *Category.choices])

    def __init__(self, *args: Any, jurisdiction: Jurisdiction, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.jurisdiction, self.on = jurisdiction, on
        places = _places_below(jurisdiction, on)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全部")), *places]
        if not places:
            del self.fields["place"]

    def of_place(self) -> ComplaintQuerySet:
        """Return what came in about the chosen place, in quarantine too, whatever the other conditions."""
        found = Complaint.objects.within(self.jurisdiction)
        self.is_valid()
        place = self.cleaned_data.get("place")
        return found.filter(region_code__startswith=place) if place else found

    def chosen(self) -> ComplaintQuerySet:
        """Return the complaints that fit; a condition that cannot be read is passed over."""
        found = self.of_place().reaching_officers()
        said = self.cleaned_data
        if said.get("state"):
            found = found.filter(status__in=sorted(OPEN) if said["state"] == UNFINISHED else [said["state"]])
        if said.get("category"):
            found = found.filter(category=said["category"])
        if said.get("term"):
            late = Q(due_on__lt=self.on) if said["term"] == "overdue" else Q(limit_on__lt=self.on)
            found = found.filter(late, status__in=sorted(OPEN))
        if said.get("q"):
            found = found.filter(Q(number__iexact=said["q"].strip()) | Q(base__name__icontains=said["q"].strip()))
        return found


def _places_below(jurisdiction: Jurisdiction, on: datetime.date) -> list[tuple[str, Any]]:
    """Return the cities with their counties as grouped choices, or the counties of a city, by prefix."""
    if jurisdiction.level == Level.COUNTY:
        return []
    below = Jurisdiction.objects.filter(code__startswith=jurisdiction.prefix).in_force(on).exclude(pk=jurisdiction.pk)
    rows = list(below.order_by("code"))
    if jurisdiction.level == Level.CITY:
        return [(each.prefix, each.name) for each in rows]
    cities = [each for each in rows if each.parent_id == jurisdiction.pk]
    return [(city.name, [_whole(city), *_of_city(city, rows)]) for city in cities]


def _whole(city: Jurisdiction) -> tuple[str, str]:
    return city.prefix, gettext("%(name)s全部") % {"name": city.name}


def _of_city(city: Jurisdiction, rows: list[Jurisdiction]) -> list[tuple[str, str]]:
    return [(each.prefix, each.name) for each in rows if each.parent_id == city.pk]
