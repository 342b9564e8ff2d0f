"""Events that awards rest on: tenants, claims, internships, payments and officers' decisions."""

from functools import lru_cache

from portal.rehearsal import history as h
from portal.rehearsal.case import Case
from subsidies.rules import (
    Claim,
    Internship,
    claim_startup,
    complete_internship,
    decide,
    grade_project,
    list_shares,
    pay,
    pay_startup_whole,
    publish_studio,
)


def award_paid(case: Case, event: h.AwardPaid) -> None:
    """Record an instalment."""
    pay(case.ledger, event.award, event.beneficiary, event.of, fen_of(event.amount))


def award_decided(case: Case, event: h.AwardDecided) -> None:
    """Record an officer's judgement."""
    decide(case.ledger, event.award, event.beneficiary, event.of, event.granted)
    name = case.law.subsidies.names.get(event.award)
    if name is not None:
        of = "" if event.of is None else f"（“{event.of}”）"
        verdict = "予以发放" if event.granted else "不予发放"
        case.say(event.on, case.law.subsidies.clauses[event.award], f"经办人员决定{verdict}{name}{of}。")


def tenant_entered(case: Case, event: h.TenantEntered) -> None:
    """Record that the tenant moved in."""
    case.ledger.tenant(event.tenant).take("entered", event.on)


def tenant_registered(case: Case, event: h.TenantRegistered) -> None:
    """Record that the tenant registered."""
    case.ledger.tenant(event.tenant).take("registered", event.on)


def tenant_moved_out(case: Case, event: h.TenantMovedOut) -> None:
    """Record that the tenant left."""
    case.ledger.tenant(event.tenant).take("moved_out", event.on)


def tenant_graduated(case: Case, event: h.TenantGraduated) -> None:
    """Record that the tenant graduated."""
    case.ledger.tenant(event.tenant).take("graduated", event.on)


def tenant_cancelled(case: Case, event: h.TenantCancelled) -> None:
    """Record that the tenant was struck off."""
    case.ledger.tenant(event.tenant).take("cancelled", event.on)


def tenant_high_tech_certified(case: Case, event: h.TenantHighTechCertified) -> None:
    """Record the first high-tech certificate."""
    case.ledger.tenant(event.tenant).take("high_tech", event.on)


def tenant_listed(case: Case, event: h.TenantListed) -> None:
    """Record a listing."""
    list_shares(case.ledger, event.tenant, event.on, event.board)


def tenant_jobs_added(case: Case, event: h.TenantJobsAdded) -> None:
    """Record added jobs."""
    case.ledger.tenant(event.tenant).jobs.append((event.on, event.count))


def startup_subsidy_claimed(case: Case, event: h.StartupSubsidyClaimed) -> None:
    """Record a founder's claim."""
    claim = Claim(event.on, event.group, event.first_success, event.employees, event.tax_normal, event.normal_operation)
    claim_startup(case.ledger, event.tenant, claim)


def startup_subsidy_paid(case: Case, event: h.StartupSubsidyPaid) -> None:
    """Record that the whole startup subsidy was paid."""
    pay_startup_whole(case.ledger, event.tenant)


def internship_completed(case: Case, event: h.InternshipCompleted) -> None:
    """Record an internship that ended."""
    internship = Internship(event.on, event.group, event.host, event.months, event.registered_on)
    complete_internship(case.ledger, event.person, internship)


def project_graded(case: Case, event: h.ProjectGraded) -> None:
    """Record a project's grade."""
    grade_project(case.ledger, event.project, event.on, fen_of(event.amount), event.graduate_within_5y)


def studio_published(case: Case, event: h.StudioPublished) -> None:
    """Record that a studio was made public."""
    publish_studio(case.ledger, event.studio, event.on)


@lru_cache(maxsize=10_000)  # instalments are round and recur over a whole register
def fen_of(amount: str) -> int:
    """Return an amount such as 500000.00 in whole fen; its shape was checked when the line was read."""
    return int(amount[:-3] + amount[-2:])
