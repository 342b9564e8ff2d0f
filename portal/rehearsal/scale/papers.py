"""What hangs on each application of a measurement: submissions, opinions, work items, the audit trail."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from applications.models import Application, Opinion, Submission
from applications.states import STEPS, ApplicationStatus
from portal.audit.chain import COVERED, digest
from portal.audit.models import AuditEvent
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import due
from portal.rehearsal.scale.ground import Ground, Row, desk_of
from portal.rehearsal.scale.tables import copy_rows
from portal.worklist.models import WorkItem

PERMISSION = {
    ApplicationStatus.SITE_VISIT: "applications.record_visit",
    ApplicationStatus.PUBLIC_NOTICE: "applications.publicise",
    ApplicationStatus.APPROVAL: "applications.approve",
}

ANSWERS: dict[str, dict[str, Any]] = {
    "unit": {
        "legal_form": "company",
        "established_on": "2020-04-08",
        "main_business": True,
        "summary": "规模数据。" * 20,
    },
    "team": {"full_time_staff": 8, "qualified_staff": 5, "mentors": 12},
    "premises": {"built_area": "3900", "incubation_area": "3200", "free_area": "1200", "capacity": 80},
    "tenants": {"tenants": 52, "student_founded": 31, "jobs": 310, "graduated": 20, "exited": 28},
}


def copy_papers(ground: Ground, rows: list[Row]) -> None:
    """Copy two submissions, the opinions given so far and the open work item of each application."""
    first = ground.take(Submission, 2 * len(rows))
    columns = "id application_id number submitted_at submitted_by_id answers files findings replies"
    copy_rows(Submission, columns, _submissions(ground, rows, first))
    opinions = list(_opinions(ground, rows, first))
    start = ground.take(Opinion, len(opinions))
    columns = "id application_id submission_id step verdict text given_by_id given_as given_on"
    copy_rows(Opinion, columns, ([start + place, *values] for place, values in enumerate(opinions)))
    waiting = [row for row in rows if row.status in STEPS]
    start = ground.take(WorkItem, len(waiting))
    columns = (
        "id jurisdiction_id region_code kind task subject_type subject_id title reference url desk_id "
        "permission state arrived_on due_on due clause policy opened_at"
    )
    copy_rows(WorkItem, columns, (_work(ground, row, start + place) for place, row in enumerate(waiting)))


def _submissions(ground: Ground, rows: list[Row], first: int) -> Iterator[list[Any]]:
    moment = timezone.localtime().isoformat()
    for place, row in enumerate(rows):
        person = ground.caseworkers[row.county.pk]
        for number in (1, 2):
            changed = ANSWERS | {"premises": ANSWERS["premises"] | {"incubation_area": str(3000 + number)}}
            yield [first + 2 * place + number - 1, row.ids[Application], number, moment, person, changed, [], {}, []]


def _opinions(ground: Ground, rows: list[Row], first: int) -> Iterator[list[Any]]:
    for place, row in enumerate(rows):
        reached = STEPS.index(row.status) if row.status in STEPS else len(STEPS)
        for step in STEPS[: min(reached, 4)]:
            if step == ApplicationStatus.SITE_VISIT:
                continue
            submission = first + 2 * place + 1
            person = ground.caseworkers[row.county.pk]
            yield [row.ids[Application], submission, step, "for", "材料齐全，同意。", person, "规模数据", row.filed]


def _work(ground: Ground, row: Row, pk: int) -> list[Any]:
    limit = due(row.filed, 20, "workday", calendar_for(row.county))
    permission = PERMISSION.get(row.status, "applications.give_opinion")
    number = row.ids[Application]
    subject = [f"applications.{row.status}", "办理申报", "applications.application", number, row.name]
    where = [
        f"SQ-{row.county.code}-S-{number:07d}",
        f"/desk/applications/{number}/",
        desk_of(ground, row).pk,
        permission,
    ]
    when = ["open", row.filed, limit.on, limit.as_json(), "D-01", "guizhou-2022", timezone.localtime().isoformat()]
    return [pk, row.county.pk, row.county.code, *subject, *where, *when]


def copy_trail(ground: Ground, rows: list[Row], chain: tuple[int, str]) -> tuple[int, str]:
    """Copy three events for each application, chained as `record()` would; return the new head."""
    seq, previous = chain
    moment, lines = timezone.localtime(), []
    first = ground.take(AuditEvent, 3 * len(rows))
    for place, row in enumerate(rows):
        for number, verb in enumerate(("application.started", "application.submitted", "application.opinion_given")):
            seq += 1
            event = AuditEvent(
                chain="52",
                seq=seq,
                verb=verb,
                subject_type="applications.application",
                subject_id=str(row.ids[Application]),
                subject_label=row.name,
                region_code=row.county.code,
                actor_id=ground.caseworkers[row.county.pk],
                actor_label="规模数据",
                on=row.filed,
                recorded_at=moment,
                policy="guizhou-2022",
                facts={"number": number},
                prev_hash=previous,
            )
            previous = event.hash = digest({name: getattr(event, name) for name in COVERED})
            lines.append([first + 3 * place + number, *_event_values(event)])
    copy_rows(AuditEvent, EVENT_COLUMNS, lines)
    return seq, previous


EVENT_COLUMNS = (
    "id chain seq verb subject_type subject_id subject_label region_code actor_id actor_label on "
    "recorded_at policy facts prev_hash hash"
)


def _event_values(event: AuditEvent) -> list[Any]:
    values = [getattr(event, name) for name in EVENT_COLUMNS.split()[1:]]
    return [value.isoformat() if isinstance(value, datetime.datetime) else value for value in values]
