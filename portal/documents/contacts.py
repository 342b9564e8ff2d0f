"""Whom to call: what a bureau has published of itself, the same on every page and in every letter."""

from dataclasses import dataclass

from portal.documents.letters import unnamed
from portal.jurisdictions.models import AgencyProfile, Jurisdiction


@dataclass(frozen=True)
class Contact:
    """A bureau as one asks it; what it has not published is empty.

    `besides` is the nearest bureau above that has published a number, where this one has none.
    """

    name: str
    phone: str = ""
    address: str = ""
    hours: str = ""
    besides: "Contact | None" = None


def contact_of(at: Jurisdiction, *, phone: str = "") -> Contact:
    """Return how the bureau of a place is reached, by the number given for the matter, else by its own."""
    lineage = at.lineage()
    profiles = {each.jurisdiction_id: each for each in AgencyProfile.objects.filter(jurisdiction__in=lineage)}
    bureau = profiles.get(at.pk) or unnamed(at)
    number = phone or bureau.phone
    above = (profiles[node.pk] for node in lineage[1:] if node.pk in profiles and profiles[node.pk].phone)
    return _as_asked(bureau, number, None if number else next((_as_asked(each, each.phone) for each in above), None))


def _as_asked(bureau: AgencyProfile, phone: str, besides: Contact | None = None) -> Contact:
    return Contact(bureau.name, phone, bureau.address, bureau.office_hours, besides)
