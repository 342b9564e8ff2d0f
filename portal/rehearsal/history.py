"""The two kinds of line the evaluator reads, as typed and frozen records: the vocabulary of `docs/evaluate.md`.

The annotations are the whole grammar of a line; `reading.py` uses them both for the fast way and for the careful one.
What needs the packs to be known (titles, awards) or two fields at once (days after `as_of`) is checked there.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

NonEmpty = Annotated[str, msgspec.Meta(min_length=1)]
Count = Annotated[int, msgspec.Meta(ge=1)]
NotNegative = Annotated[int, msgspec.Meta(ge=0)]
Month = Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{4}-(0[1-9]|1[0-2])\Z")]
_AMOUNT = {"pattern": r"^[0-9]{1,4000}\.[0-9]{2}$"}  # checked in reading.py, where a pattern seen before costs nothing
Amount = Annotated[str, msgspec.Meta(extra_json_schema=_AMOUNT)]

Verdict = Literal["pass", "fail"]
Ground = Literal["complaints", "fraud", "service_breach", "rectification_failed"]
Misconduct = Literal["fraud", "service_breach"]
Beneficiary = Literal["operator", "tenant", "founder", "person", "project", "studio"]
ProjectAmount = Literal["10000.00", "20000.00", "50000.00", "80000.00"]


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", gc=False):
    """Something that happened on a day."""

    on: date


class TitleEvent(Event, frozen=True, gc=False):
    """Something that happened to a title."""

    title: str


class Certified(TitleEvent, frozen=True, tag="certified", gc=False):
    """Granted on that day."""


class Recertified(TitleEvent, frozen=True, tag="recertified", gc=False):
    """复评 was held."""

    outcome: Literal["renewed", "refused"]


class Surrendered(TitleEvent, frozen=True, tag="surrendered", gc=False):
    """Given up."""


class ComplaintUpheld(Event, frozen=True, tag="complaint_upheld", gc=False):
    """A complaint was found true; complaints with the same fact are the same complaint."""

    complaint: NonEmpty
    named: bool
    service_recipient: bool
    fact: NonEmpty | None = None
    partly: bool | None = None


class ComplaintOverturned(Event, frozen=True, tag="complaint_overturned", gc=False):
    """A complaint is as if it had never been upheld."""

    complaint: NonEmpty


class MisconductEstablished(Event, frozen=True, tag="misconduct_established", gc=False):
    """Fraud or a breach of service promises was established."""

    ground: Misconduct


class Assessed(TitleEvent, frozen=True, tag="assessed", gc=False):
    """绩效考核 with its result."""

    verdict: Verdict


class RectificationOrdered(TitleEvent, frozen=True, tag="rectification_ordered", gc=False):
    """A rectification order was served."""

    days: Count | None = None


class RectificationChecked(TitleEvent, frozen=True, tag="rectification_checked", gc=False):
    """The rectification was checked."""

    verdict: Verdict


class RevocationStep(TitleEvent, frozen=True, gc=False):
    """A step of a revocation on one ground."""

    ground: Ground


class PriorNoticeServed(RevocationStep, frozen=True, tag="prior_notice_served", gc=False):
    """The prior notice was served."""


class RevocationDecided(RevocationStep, frozen=True, tag="revocation_decided", gc=False):
    """The decision was taken."""


class RevocationServed(RevocationStep, frozen=True, tag="revocation_served", gc=False):
    """The decision was served."""


class ProceedingsClosed(RevocationStep, frozen=True, tag="proceedings_closed", gc=False):
    """The proceedings ended without a revocation."""


class RevocationSetAside(RevocationStep, frozen=True, tag="revocation_set_aside", gc=False):
    """Reconsideration or a court undid the revocation."""


class AwardPaid(Event, frozen=True, tag="award_paid", gc=False):
    """An instalment of an award was paid."""

    award: NonEmpty
    beneficiary: Beneficiary
    amount: Amount
    of: NonEmpty | None = None


class AwardDecided(Event, frozen=True, tag="award_decided", gc=False):
    """The officer's judgement where the source leaves one."""

    award: NonEmpty
    beneficiary: Beneficiary
    granted: bool
    of: NonEmpty | None = None


class TenantEvent(Event, frozen=True, gc=False):
    """Something that happened to a tenant."""

    tenant: NonEmpty


class TenantEntered(TenantEvent, frozen=True, tag="tenant_entered", gc=False):
    """Moved into the base."""


class TenantRegistered(TenantEvent, frozen=True, tag="tenant_registered", gc=False):
    """Registered as a business."""


class TenantMovedOut(TenantEvent, frozen=True, tag="tenant_moved_out", gc=False):
    """Left the base."""


class TenantGraduated(TenantEvent, frozen=True, tag="tenant_graduated", gc=False):
    """Graduated from incubation."""


class TenantCancelled(TenantEvent, frozen=True, tag="tenant_cancelled", gc=False):
    """Struck off the register of businesses."""


class TenantHighTechCertified(TenantEvent, frozen=True, tag="tenant_high_tech_certified", gc=False):
    """Got a high-tech certificate."""


class TenantListed(TenantEvent, frozen=True, tag="tenant_listed", gc=False):
    """Its shares were listed on a board."""

    board: Literal["regional", "neeq"]


class TenantJobsAdded(TenantEvent, frozen=True, tag="tenant_jobs_added", gc=False):
    """Added jobs."""

    count: Count


class StartupSubsidyClaimed(TenantEvent, frozen=True, tag="startup_subsidy_claimed", gc=False):
    """The founder claimed the startup subsidy."""

    group: str
    first_success: bool
    employees: NotNegative
    tax_normal: bool
    normal_operation: bool


class StartupSubsidyPaid(TenantEvent, frozen=True, tag="startup_subsidy_paid", gc=False):
    """The whole startup subsidy was paid."""


class InternshipCompleted(Event, frozen=True, tag="internship_completed", gc=False):
    """A person's internship ended on that day."""

    person: NonEmpty
    group: str
    host: bool
    months: tuple[Month, ...]
    registered_on: date | None


class ProjectGraded(Event, frozen=True, tag="project_graded", gc=False):
    """A project was graded; grades are named by their amounts."""

    project: NonEmpty
    amount: ProjectAmount
    graduate_within_5y: bool


class StudioPublished(Event, frozen=True, tag="studio_published", gc=False):
    """A studio was made public."""

    studio: NonEmpty


AnyEvent = (
    Certified
    | Recertified
    | Surrendered
    | ComplaintUpheld
    | ComplaintOverturned
    | MisconductEstablished
    | Assessed
    | RectificationOrdered
    | RectificationChecked
    | PriorNoticeServed
    | RevocationDecided
    | RevocationServed
    | ProceedingsClosed
    | RevocationSetAside
    | AwardPaid
    | AwardDecided
    | TenantEntered
    | TenantRegistered
    | TenantMovedOut
    | TenantGraduated
    | TenantCancelled
    | TenantHighTechCertified
    | TenantListed
    | TenantJobsAdded
    | StartupSubsidyClaimed
    | StartupSubsidyPaid
    | InternshipCompleted
    | ProjectGraded
    | StudioPublished
)


class History(msgspec.Struct, forbid_unknown_fields=True):
    """What happened to one base up to `as_of`; `base` and `id` are kept as they were written."""

    id: msgspec.Raw
    policy: str
    as_of: date
    events: list[AnyEvent]
    base: msgspec.Raw = msgspec.Raw(b"null")
