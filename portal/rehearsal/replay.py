"""Replays a history: each event, in order, goes to its step."""

from collections.abc import Callable, Iterable
from typing import Any

from portal.rehearsal import award_steps, steps
from portal.rehearsal import history as h
from portal.rehearsal.case import Case

STEPS: dict[type, Callable[[Case, Any], None]] = {
    h.Certified: steps.certified,
    h.Recertified: steps.recertified,
    h.Surrendered: steps.surrendered,
    h.ComplaintUpheld: steps.complaint_upheld,
    h.ComplaintOverturned: steps.complaint_overturned,
    h.MisconductEstablished: steps.misconduct_established,
    h.Assessed: steps.assessed,
    h.RectificationOrdered: steps.rectification_ordered,
    h.RectificationChecked: steps.rectification_checked,
    h.PriorNoticeServed: steps.prior_notice_served,
    h.RevocationDecided: steps.revocation_decided,
    h.RevocationServed: steps.revocation_served,
    h.ProceedingsClosed: steps.proceedings_closed,
    h.RevocationSetAside: steps.revocation_set_aside,
    h.AwardPaid: award_steps.award_paid,
    h.AwardDecided: award_steps.award_decided,
    h.TenantEntered: award_steps.tenant_entered,
    h.TenantRegistered: award_steps.tenant_registered,
    h.TenantMovedOut: award_steps.tenant_moved_out,
    h.TenantGraduated: award_steps.tenant_graduated,
    h.TenantCancelled: award_steps.tenant_cancelled,
    h.TenantHighTechCertified: award_steps.tenant_high_tech_certified,
    h.TenantListed: award_steps.tenant_listed,
    h.TenantJobsAdded: award_steps.tenant_jobs_added,
    h.StartupSubsidyClaimed: award_steps.startup_subsidy_claimed,
    h.StartupSubsidyPaid: award_steps.startup_subsidy_paid,
    h.InternshipCompleted: award_steps.internship_completed,
    h.ProjectGraded: award_steps.project_graded,
    h.StudioPublished: award_steps.studio_published,
}


def replay(events: Iterable[h.AnyEvent], case: Case) -> None:
    """Replay events that are already in order. Raises Unlawful for the first that cannot be."""
    for event in events:
        STEPS[type(event)](case, event)
