"""Filters of the worklist."""

import datetime
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bases.forms import places_below, prefix_of
from portal.desk.worklist.kinds import KINDS, PERMISSIONS
from portal.desk.worklist.queues import BELOW, DONE, MINE, SOON, Desk
from portal.jurisdictions.labels import county_label
from portal.web.forms import PlainForm
from portal.worklist.models import WorkItem

TERMS = [
    ("", _("全部")),
    ("overdue", _("已逾期")),
    ("today", _("今日到期")),
    ("soon", _("三个工作日内")),
]
MY_OWN, WHOLE_DESK, STOOD_IN = "me", "desk", "delegated"


class WorklistForm(PlainForm):
    """By unit or number, business, place, term, and who has it."""

    queue = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(
        label=_("单位、受理号"),
        required=False,
        max_length=80,
        widget=forms.TextInput({"class": "wide", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("事项"), required=False)
    place = forms.ChoiceField(label=_("所在地"), required=False)
    county = forms.ChoiceField(label=_("县（市、区）"), required=False)
    term = forms.ChoiceField(label=_("期限"), required=False, choices=TERMS)
    who = forms.ChoiceField(label=_("办理人"), required=False)

    def __init__(self, *args: Any, desk: Desk, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk, self.name = desk, name
        self.fields["queue"].initial = name
        self._offer("kind", [("", _("全部")), *self._kinds()])
        first, second = places_below(desk.capacity.jurisdiction, str(self.data.get("place", "")), desk.today)
        self._offer("place", [("", _("全部")), *first] if first else [])
        self.fields["county"].label = county_label(str(self.data.get("place", "")) or desk.capacity.jurisdiction.code)
        self._forget_county(code for code, _name in second)
        self._offer("county", [("", _("全部")), *second] if second else [])
        self._offer("who", self._people() if name in {MINE, SOON} else [])
        if name in {DONE, SOON}:
            del self.fields["term"]

    def _kinds(self) -> list[tuple[str, Any]]:
        """Return the kinds of work that can stand in the queue: on one's own list those of the post; below, those of
        any bureau.
        """
        if self.name in {MINE, SOON}:
            may = self.desk.capacity.permissions
            return [(kind, name) for kind, name in KINDS.items() if PERMISSIONS.get(kind) in may]
        return [(kind, name) for kind, name in KINDS.items() if self.name != BELOW or kind in PERMISSIONS]

    def _forget_county(self, offered: Iterable[str]) -> None:
        """Drop a county of the city that was chosen before: it says nothing about the one chosen now."""
        if self.data.get("county") and self.data["county"] not in offered:
            said = cast(QueryDict, self.data).copy()
            said["county"] = ""
            self.data = said

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Give a field its choices, or leave it out when there is nothing to choose."""
        if not choices:
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _people(self) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = [
            ("", _("我和未分派的")),
            (MY_OWN, _("只看分派给我的")),
            (WHOLE_DESK, _("本单位全部")),
        ]
        return [*found, (STOOD_IN, _("委托给我的"))] if self.desk.capacity.delegation else found

    def chosen(self) -> QuerySet[WorkItem]:
        """Return the items of the queue that fit; a condition that cannot be read is passed over."""
        self.is_valid()
        said = self.cleaned_data
        found = self._of_people(said.get("who", "")).filter(self._term(said.get("term", "")))
        if said.get("q"):
            found = found.filter(Q(title__icontains=said["q"]) | Q(reference__icontains=said["q"]))
        if said.get("kind"):
            found = found.filter(kind=said["kind"])
        place = said.get("county") or said.get("place")
        if place:
            lies = Q(place=None, region_code__startswith=prefix_of(place)) | Q(place__code__startswith=prefix_of(place))
            found = found.filter(lies)
        return found

    def _of_people(self, who: str) -> QuerySet[WorkItem]:
        if who == MY_OWN:
            return self.desk.queue(self.name).filter(assignee=self.desk.capacity.user)
        if who == STOOD_IN and self.desk.capacity.membership:
            return self.desk.queue(self.name).filter(assignee=self.desk.capacity.membership.user_id)
        if who == WHOLE_DESK:
            whole = self.desk.whole_desk()
            return whole if self.name == MINE else whole.filter(self._term("soon"))
        return self.desk.queue(self.name)

    def _term(self, term: str) -> Q:
        today: datetime.date = self.desk.today
        return {
            "overdue": Q(due_on__lt=today),
            "today": Q(due_on=today),
            "soon": Q(due_on__gte=today, due_on__lte=self.desk.soon_until),
        }.get(term, Q())
