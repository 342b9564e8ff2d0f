"""What people type to find a base in the register."""

import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bases.models import Base, Certification, Operator
from bases.states import PUBLIC, STANDS, hidden_in
from portal import uscc
from portal.jurisdictions.models import Jurisdiction, Level
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
    """Return the condition for certifications whose base, operator, credit code or number the words name."""
    text = " ".join(text.split())
    named = Q(base__in=Base.objects.filter(name__icontains=text)) | Q(number=number_as_kept(text))
    named |= Q(operator__in=Operator.objects.filter(name__icontains=text))
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
    title = forms.ChoiceField(label=_("称号"), required=False)
    state = forms.ChoiceField(label=_("今日状态"), required=False, choices=STATES)

    def __init__(self, *args: Any, jurisdiction: Jurisdiction, titles: Choices, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.jurisdiction = jurisdiction
        self.fields["place"].choices = [("", _("全部")), *places]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["title"].choices = [("", _("全部")), *titles]  # type: ignore[attr-defined]  # a ChoiceField
        if not places:
            del self.fields["place"]

    def chosen(self, on: datetime.date) -> QuerySet[Certification]:
        """Return the certifications of the place that fit; a condition that cannot be read is passed over."""
        found = Certification.objects.within(self.jurisdiction)
        self.is_valid()
        said = self.cleaned_data
        if said.get("place"):
            found = found.filter(region_code__startswith=prefix_of(said["place"]))
        if said.get("title"):
            found = found.filter(title=said["title"])
        if said.get("state"):
            found = found.filter(in_state(said["state"], on))
        return found.filter(found_by(said["q"])) if said.get("q") else found


def prefix_of(code: str) -> str:
    """Return what the codes below a division begin with; the zeros of a code say its level."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def places_below(jurisdiction: Jurisdiction, on: datetime.date) -> Choices:
    """Return the places below as choices: counties under their city, a city itself first."""
    below = Jurisdiction.objects.within(jurisdiction).in_force(on).exclude(pk=jurisdiction.pk).order_by("code")
    rows = list(below.values_list("code", "name", "level"))
    cities = [row for row in rows if row[2] == Level.CITY]
    if not cities:
        return [(code, name) for code, name, _level in rows]
    return [
        (city, [(code, city), *((c, n) for c, n, level in rows if level == Level.COUNTY and c[:4] == code[:4])])
        for code, city, _level in cities
    ]


