"""Searching the trail inside a territory, and handing it out as CSV without formulas."""

import csv
import datetime
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.deadlines.today import CHINA
from portal.desk.trail.facts import Told, policy_name, subject_name
from portal.desk.trail.wording import VERBS, in_words
from portal.documents.workbooks import no_formula
from portal.jurisdictions.models import Jurisdiction
from portal.web.forms import PlainForm

HEADINGS = ("链", "序号", "记录时间", "业务日期", "事项", "对象", "对象编号", "地区", "经办", "政策", "内容", "摘要")
MOST_ROWS = 100_000
TOGETHER = 2000  # rows fetched at once, with the names of the people in them


class TrailFilter(PlainForm):
    """By what the trail is searched; every field may stay empty."""

    verb = forms.ChoiceField(label=_("事项"), required=False)
    person = forms.CharField(label=_("经办人"), required=False, max_length=50)
    subject = forms.CharField(label=_("对象"), required=False, max_length=100)
    since = forms.DateField(label=_("自"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["verb"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全部")), *VERBS.items()]

    def clean(self) -> dict[str, Any]:
        """Hold the two days against each other."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            words = {"until": until, "since": since}
            self.add_error("until", _("止日 %(until)s 早于起日 %(since)s，查不到记录。请改其中一项。") % words)
        return data


def events_within(territory: Jurisdiction) -> "models.QuerySet[AuditEvent]":
    """Return every event about records in the territory or below it."""
    return AuditEvent.objects.filter(region_code__startswith=territory.prefix)


def found(territory: Jurisdiction, form: TrailFilter) -> "models.QuerySet[AuditEvent]":
    """Return the events that fit the filter, newest first."""
    events = events_within(territory).order_by("-recorded_at", "-seq")
    if not form.is_valid():
        return events.none()
    wanted = form.cleaned_data
    if wanted["verb"]:
        events = events.filter(verb=wanted["verb"])
    if wanted["person"]:
        named = User.objects.filter(models.Q(name=wanted["person"]) | models.Q(username=wanted["person"]))
        events = events.filter(
            models.Q(actor_id__in=named.values("pk")) | models.Q(actor_label__startswith=wanted["person"])
        )
    if wanted["subject"]:
        events = events.filter(
            models.Q(subject_label__icontains=wanted["subject"]) | models.Q(subject_id=wanted["subject"])
        )
    if wanted["since"]:
        events = events.filter(recorded_at__gte=_midnight(wanted["since"]))
    if wanted["until"] and wanted["until"] < datetime.date.max:  # no day comes after the last one
        events = events.filter(recorded_at__lt=_midnight(wanted["until"] + datetime.timedelta(days=1)))
    return events


def csv_lines(events: "models.QuerySet[AuditEvent]", total: int) -> Iterator[str]:
    """Return the CSV file line by line, with a BOM; no cell begins like a formula.

    Of `total` events the newest MOST_ROWS are in it; where there are more, the last line says so.
    """
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(HEADINGS)
    for some in _batches(events[:MOST_ROWS].iterator(chunk_size=TOGETHER)):
        told = Told(some)
        for event in some:
            yield writer.writerow([no_formula(str(value)) for value in _values(event, told)])
    if total > MOST_ROWS:
        yield writer.writerow([f"共 {total} 条，本文件只含最新的 {MOST_ROWS} 条。请按时间分段查询，分次导出。"])


def _values(event: AuditEvent, told: Told) -> tuple[Any, ...]:
    return (
        event.chain,
        event.seq,
        event.recorded_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
        event.on,
        in_words(event.verb),
        subject_name(event, told.words),
        f"{event.subject_type} {event.subject_id}",
        event.region_code,
        event.actor_label,
        policy_name(event.policy),
        told.line(event),
        event.hash,
    )


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), CHINA)


def _batches(events: Iterator[AuditEvent]) -> Iterator[list[AuditEvent]]:
    while some := list(islice(events, TOGETHER)):
        yield some


class _Echo:
    """A file that hands back what is written, so that a CSV can be sent row by row."""

    def write(self, text: str) -> str:
        return text
