"""Calls, dossiers, and everything that officers write on them."""

from applications.models.calls import Call, PublicNotice
from applications.models.cases import Application, Attachment, Publication, SectionAnswer, Submission
from applications.models.reviewing import (
    CorrectionProposal,
    CorrectionRequest,
    Decision,
    DifferenceCheck,
    Objection,
    Opinion,
    SiteVisit,
)

__all__ = [
    "Application",
    "Attachment",
    "Call",
    "CorrectionProposal",
    "CorrectionRequest",
    "Decision",
    "DifferenceCheck",
    "Objection",
    "Opinion",
    "PublicNotice",
    "Publication",
    "SectionAnswer",
    "SiteVisit",
    "Submission",
]
