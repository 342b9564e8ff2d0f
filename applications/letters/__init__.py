"""What every letter of an application says: calls, receipts, corrections, notices, decisions. Each returns a Draft."""

from applications.letters.calls import call_notice, extension_notice
from applications.letters.decisions import approval, refusal
from applications.letters.notices import notice_title, objection_answer, public_notice
from applications.letters.papers import correction, receipt, recommendation, withdrawal

__all__ = [
    "approval",
    "call_notice",
    "correction",
    "extension_notice",
    "notice_title",
    "objection_answer",
    "public_notice",
    "receipt",
    "recommendation",
    "refusal",
    "withdrawal",
]
