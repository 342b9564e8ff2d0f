"""Titles in the register, in every state, and calls and notices on the public site, without their way there."""

import datetime
from itertools import count
from typing import Any

from applications.models import Application, Call, PublicNotice
from applications.states import ApplicationStatus, CallStatus
from bases.models import Base, Certification
from bases.states import Standing
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import due
from portal.deadlines.today import CHINA
from portal.jurisdictions.models import Level
from tests.factories.people import person, place
from tests.factories.register import base as make_base

CERTIFIED_ON = datetime.date(2024, 12, 18)
DAY = datetime.timedelta(days=1)
_numbers = count(1)


def certification(base: Base | None = None, **fields: Any) -> Certification:
    """Return a saved title of a base, valid unless the fields say otherwise."""
    base = base or make_base()
    province = base.jurisdiction.ancestor(Level.PROVINCE)
    number = next(_numbers)
    return Certification.objects.create(
        base=base,
        operator=base.operator,
        jurisdiction=base.jurisdiction,
        recogniser_at=province,
        **{
            "title": "provincial",
            "policy": "guizhou-2022",
            "category_name": "省级创业孵化示范基地",
            "plaque_text": "贵州省创业孵化示范基地",
            "recogniser": f"{province.name}人力资源和社会保障厅",
            "certified_on": CERTIFIED_ON,
            "period_ends": datetime.date(2029, 12, 18),
            "number": f"{province.code}-2024-{number:04d}",
            **fields,
        },
    )


def in_proceedings(base: Base | None = None, **fields: Any) -> Certification:
    """Return a title whose revocation is under way and not decided."""
    return certification(base, **{"status": Standing.IN_PROCEEDINGS, "stood_as": Standing.CERTIFIED, **fields})


def revoked(base: Base | None = None, on: datetime.date = datetime.date(2026, 10, 29), **fields: Any) -> Certification:
    """Return a title whose revocation was served on a day."""
    return certification(base, status=Standing.REVOKED, ended_on=on, **fields)


def published_call(code: str = "520000", *, opens: datetime.date, closes: datetime.date, **fields: Any) -> Call:
    """Return a published call of a bureau, open between two days."""
    writer = person()
    return Call.objects.create(
        jurisdiction=place(code),
        opens_at=datetime.datetime.combine(opens, datetime.time(9), CHINA),
        closes_at=datetime.datetime.combine(closes, datetime.time(18), CHINA),
        drafted_by=writer,
        **{
            "name": f"{opens.year} 年度省级创业孵化示范基地申报",
            "year": opens.year,
            "title": "provincial",
            "policy": "guizhou-2022",
            "status": CallStatus.PUBLISHED,
            "published_on": opens,
            "published_by": writer,
            **fields,
        },
    )


def published_notice(call: Call, *bases: Base, on: datetime.date, workdays: int = 5, **fields: Any) -> PublicNotice:
    """Return a notice published on a day, with an application of each base on its list."""
    term = due(on, workdays, "workday", calendar_for(call.jurisdiction))
    notice = PublicNotice.objects.create(
        call=call,
        jurisdiction=call.jurisdiction,
        published_on=on,
        ends_on=term.on,
        term=term.as_json(),
        published_by=person(),
        **{"title": f"{call.name}拟认定名单公示", "contact": "0851-00000000", **fields},
    )
    for each in bases:
        application = Application.objects.create(
            call=call,
            base=each,
            operator=each.operator,
            jurisdiction=each.jurisdiction,
            title=call.title,
            policy=call.policy,
            status=ApplicationStatus.IN_NOTICE,
            reference=f"SQ-{next(_numbers):06d}",
            desk=call.jurisdiction,
            notice=notice,
            started_by=person(),
            started_on=on,
            first_submitted_on=on,
        )
        notice.applications.add(application)
    return notice
