"""Names that a base bore before: a certificate keeps the one it was issued under (变更登记)."""

import datetime
from collections.abc import Iterator

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from bases.models import Base, Certification
from portal.audit.models import AuditEvent

AMENDED = "base.amended"


def with_former_names(certifications: "QuerySet[Certification]") -> "QuerySet[Certification]":
    """Return the titles, each with the names (`former_names`) that its base gave up since it was granted."""
    given_up = _renamed().filter(subject_id=Cast(OuterRef("base_id"), CharField()), on__gte=OuterRef("certified_on"))
    return certifications.annotate(former_names=ArraySubquery(given_up.values_list(KT("facts__before__name"))))


def renames_of(base: Base, *, since: datetime.date) -> Iterator[tuple[datetime.date, str, str]]:
    """Yield when a base was renamed from a day on, from which name to which, the newest first. One query."""
    rows = _renamed().filter(subject_id=str(base.pk), on__gte=since)
    yield from ((row.on, row.facts["before"]["name"], row.facts["after"]["name"]) for row in rows)


def _renamed() -> "QuerySet[AuditEvent]":
    rows = AuditEvent.objects.filter(subject_type=Base._meta.label_lower, verb=AMENDED, facts__before__has_key="name")
    return rows.exclude(facts__before__name=F("facts__after__name")).order_by("-recorded_at", "-seq")


def former_names(certification: Certification) -> list[str]:
    """Return the names fetched by `with_former_names`, each once, the newest first, the present one left out."""
    found: list[str] = getattr(certification, "former_names", [])
    return [name for name in dict.fromkeys(found) if name != certification.base.name]
