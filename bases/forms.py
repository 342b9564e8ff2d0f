"""What people type to find a base in the register."""

import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bases.models import Base, Certification, Operator
from bases.states import PUBLIC, STANDS, hidden_in
from portal import uscc
from portal.jurisdictions.models import Jurisdiction
from portal.web.forms import PlainForm

OVERDUE = "overdue"
STATES = [("", _("全部")), *((state.value, state.label) for state in PUBLIC), (OVERDUE, _("复评逾期"))]
BRACKETS = str.maketrans({"[": "〔", "]": "〕", "【": "〔", "】": "〕", "［": "〔", "］": "〕", "－": "-", "—": "-"})
SHORTEST_CODE = 8
Choices = list[tuple[str, Any]]


def number_as_kept(number: str) -> str:
    """Return a certificate number as the register keeps it: no spaces, one kind of bracket and dash."""
    return "".join(number.split()).translate(BRACKETS).upper()


def found_by(text: str) -> Q:
    """Return the condition for certifications whose base, operator, credit code or number the words name.

    Without Latin letters case does not matter, and the comparison that ignores it costs three times as much.
    """
    text = " ".join(text.split())
    look = "name__icontains" if any(char.isascii() and char.isalpha() for char in text) else "name__contains"
    named = Q(base__in=Base.objects.filter(**{look: text})) | Q(number=number_as_kept(text))
    named |= Q(operator__in=Operator.objects.filter(**{look: text}))
    code = uscc.normalised(text)
    if len(code) >= SHORTEST_CODE and code.isascii():
        named |= Q(operator__in=Operator.objects.filter(uscc=code)) | Q(number__startswith=number_as_kept(text))
    return named


def in_state(state: str, on: datetime.date) -> Q:
    """Return the condition for certifications that the public sees in that state on that day."""
    if state == OVERDUE:
        return Q(status__in=list(STANDS), period_ends__lt=on)
    return Q(status__in=list(hidden_in(state)))


class RegisterForm(PlainForm):
    """Search and filters of the open register."""

    q = forms.CharField(
        label=_("名称、运营机构、信用代码、证书编号"),
        required=False,
        max_length=80,
        widget=forms.TextInput({"class": "wide", "autocomplete": "off"}),
    )
    place = forms.ChoiceField(label=_("所在地"), required=False)
    county = forms.ChoiceField(label=_("县（市、区）"), required=False)
    title = forms.ChoiceField(label=_("称号"), required=False)
    state = forms.ChoiceField(label=_("今日状态"), required=False, choices=STATES)

    def __init__(
        self, *args: Any, jurisdiction: Jurisdiction, titles: Choices, on: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.jurisdiction = jurisdiction
        city = str(self.data.get("place", ""))
        self._offer("title", titles)
        self._offer("place", *places_below(jurisdiction, city, on))

    def _offer(self, name: str, choices: Choices, below: Choices | None = None) -> None:
        """Give a filter its choices; one without any is left out. `below`: the counties of the chosen city."""
        self.fields[name].choices = [("", _("全部")), *choices]  # type: ignore[attr-defined]  # a ChoiceField
        if not choices:
            del self.fields[name]
        if below:
            self._offer("county", below)
        elif name == "place":
            del self.fields["county"]

    def chosen(self, on: datetime.date) -> QuerySet[Certification]:
        """Return the certifications of the place that fit; a condition that cannot be read is passed over."""
        found = Certification.objects.within(self.jurisdiction)
        self.is_valid()
        said = self.cleaned_data
        place = said.get("county") or said.get("place")
        if place:
            found = found.filter(region_code__startswith=prefix_of(place))
        if said.get("title"):
            found = found.filter(title=said["title"])
        if said.get("state"):
            found = found.filter(in_state(said["state"], on))
        return found.filter(found_by(said["q"])) if said.get("q") else found


def prefix_of(code: str) -> str:
    """Return what the codes below a division begin with; the zeros of a code say its level."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def places_below(jurisdiction: Jurisdiction, chosen: str, on: datetime.date) -> tuple[Choices, Choices]:
    """Return the places right below as choices, and the counties below the chosen one of them.

    A county that is chosen directly (by a link) stands among its neighbours under its city.
    """
    parents = Q(parent=jurisdiction) | Q(parent__code=f"{chosen[:4]}00", parent__parent=jurisdiction)
    below = Jurisdiction.objects.filter(parents).in_force(on).order_by("code")
    rows = list(below.values_list("code", "name", "parent_id"))
    first = [(code, name) for code, name, parent in rows if parent == jurisdiction.pk]
    second = [(code, name) for code, name, parent in rows if parent != jurisdiction.pk]
    if chosen in {code for code, _name in second}:
        first += [row for row in second if row[0] == chosen]
    return first, second
