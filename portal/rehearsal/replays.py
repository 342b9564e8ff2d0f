"""Which bases have a history, for the command and for the nightly job."""

from collections.abc import Iterator

from bases.models import Base, Certification
from complaints.models import Complaint


def to_check(slug: str | None = None) -> Iterator[Base]:
    """Yield every base that ever had a title or a complaint, or the one with that public code."""
    titled, told = Certification.objects.values("base"), Complaint.objects.values("base")
    rows = Base.objects.filter(pk__in=titled.union(told)).select_related("operator", "jurisdiction")
    if slug is not None:
        rows = rows.filter(slug=slug)
    yield from rows.order_by("pk").iterator(chunk_size=200)
