"""Which calls and applications are meant: by territory, by who may see them, by their window."""

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from applications.states import CallStatus
from portal.jurisdictions.models import Jurisdiction

if TYPE_CHECKING:
    from applications.models import Application, Call  # noqa: F401  # named in quotes by the base class


class CallQuerySet(models.QuerySet["Call"]):
    def within(self, jurisdiction: Jurisdiction) -> Self:
        """Calls of the jurisdiction and of those below it."""
        return self.filter(region_code__startswith=jurisdiction.prefix)

    def reaching(self, jurisdiction: Jurisdiction) -> Self:
        """Calls under which a base in the jurisdiction may apply: its own bureau's and those of all above."""
        return self.filter(jurisdiction__in=jurisdiction.lineage())

    def public(self) -> Self:
        """Calls that were published, also when closed since."""
        return self.filter(status__in=[CallStatus.PUBLISHED, CallStatus.CLOSED])

    def of_the_year(self, year: int, title: str, at: Jurisdiction) -> Self:
        """Calls that a bureau published for one title in one year; those withdrawn do not count (GZ-31)."""
        return self.public().filter(jurisdiction=at, title=title, year=year)

    def open_at(self, moment: datetime.datetime) -> Self:
        """Calls whose window is open at that moment."""
        return self.filter(status=CallStatus.PUBLISHED, opens_at__lte=moment, closes_at__gte=moment)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def within(self, jurisdiction: Jurisdiction) -> Self:
        """Applications of bases in the jurisdiction or below it."""
        return self.filter(region_code__startswith=jurisdiction.prefix)

    def of_operator(self, operator_id: int) -> Self:
        """Applications of one operator."""
        return self.filter(operator_id=operator_id)

    def visible_to_officers(self) -> Self:
        """Those submitted at least once: a draft, also one given up, is nobody's business."""
        return self.filter(first_submitted_on__isnull=False)

    def locked(self, pk: int) -> "Application":
        """The application, held until the end of the transaction."""
        return self.select_for_update(of=("self",)).get(pk=pk)
