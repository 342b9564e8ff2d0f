"""Complaints, what was found, who complained, and the count."""

from complaints.models.complaint import (
    Answer,
    Complaint,
    ComplaintLetter,
    ComplaintQuerySet,
    Rating,
    Supplement,
    month_of,
)
from complaints.models.docket import Count, Line, as_rule, count_of, titled_by, upheld_ever
from complaints.models.finding import Finding, FindingObjection, Misconduct
from complaints.models.identity import Complainant
from complaints.models.telling import Telling

__all__ = [
    "Answer",
    "Complainant",
    "Complaint",
    "ComplaintLetter",
    "ComplaintQuerySet",
    "Count",
    "Finding",
    "FindingObjection",
    "Line",
    "Misconduct",
    "Rating",
    "Supplement",
    "Telling",
    "as_rule",
    "count_of",
    "month_of",
    "titled_by",
    "upheld_ever",
]
