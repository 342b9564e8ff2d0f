"""What hangs on a complaint, all asked for at once: its files, who verified it, complaints about the same fact."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import CharField, F, Prefetch, QuerySet, UUIDField, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse

from complaints.models import Answer, Complaint, Finding, FindingObjection
from portal.documents.models import Service


class File(NamedTuple):
    """A file as a link."""

    name: str
    href: str


@dataclass(frozen=True)
class FindingShown:
    """A finding with who verified, its files, its objections and the proofs of its service, each with theirs."""

    finding: Finding
    officers: list[str]
    files: list[File]
    objections: list[tuple[FindingObjection, list[File]]]
    service: list[tuple[Service, list[File]]]


class Papers:
    """The files of a complaint by what they belong to, who verified it, and what repeats it: one query."""

    def __init__(self, complaint: Complaint) -> None:
        self.files: defaultdict[tuple[str, int], list[File]] = defaultdict(list)
        self.officers: defaultdict[int, list[str]] = defaultdict(list)
        self.repeats: list[tuple[int, str]] = []
        first, *others = _hanging_on(complaint)
        for pk, kind, owner, key, name in sorted(first.union(*others, all=True), key=lambda row: row[0]):
            if kind == "repeat":
                self.repeats.append((pk, name))
            elif kind == "officer":
                self.officers[owner].append(name)
            else:
                href = reverse("complaints:case_file", args=[complaint.pk, key])
                self.files[kind, owner].append(File(name, href))

    def shown(self, findings: list[Finding]) -> Iterator[FindingShown]:
        """Yield the findings as the page shows them; the proofs of service of the last one alone."""
        for place, finding in enumerate(findings):
            yield FindingShown(
                finding,
                self.officers[finding.pk],
                self.files["finding", finding.pk],
                [(each, self.files["findingobjection", each.pk]) for each in finding.objections.all()],
                [(each, self.files["service", each.pk]) for each in _service(finding)] if place == 0 else [],
            )


def _hanging_on(complaint: Complaint) -> Iterator[QuerySet[Any, Any]]:
    """Yield what hangs on the complaint as (key, kind, of what, key of the file, name)."""
    objections, letters = FindingObjection.uploads.through.objects, complaint.findings.values("base_letter")
    files = {
        "complaint": Complaint.evidence.through.objects.filter(complaint=complaint),
        "answer": Answer.uploads.through.objects.filter(answer__complaint=complaint),
        "finding": Finding.uploads.through.objects.filter(finding__complaint=complaint),
        "findingobjection": objections.filter(findingobjection__finding__complaint=complaint),
        "service": Service.evidence.through.objects.filter(service__letter__in=letters),
    }
    for kind, rows in files.items():
        named = Value(kind, CharField())
        yield rows.values_list("upload_id", named, f"{kind}_id", "upload__key", "upload__original_name")
    no_file = Value(None, UUIDField())
    officers = Finding.officers.through.objects.filter(finding__complaint=complaint)
    called = Coalesce(NullIf("user__name", Value("")), "user__username")
    yield officers.values_list("user_id", Value("officer", CharField()), "finding_id", no_file, called)
    again = Value("repeat", CharField())
    yield complaint.repeats.values_list("pk", again, F("same_fact_as_id"), no_file, "number")


def findings_of(complaint: Complaint) -> list[Finding]:
    """Return the findings with their objections, the last one first."""
    objections = FindingObjection.objects.select_related("answered_by").order_by("pk")
    return list(complaint.findings.prefetch_related(Prefetch("objections", objections)).order_by("-number"))


def _service(finding: Finding) -> list[Service]:
    """Return the proofs of service of a finding, an announcement that still runs with them."""
    proofs = Service.objects.filter(letter=finding.base_letter_id).select_related("recorded_by")
    return list(proofs.order_by("pk")) if finding.base_letter_id else []
