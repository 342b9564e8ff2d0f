"""`seed(n)`: n bases of Guizhou with an application each, spread over the steps, with papers, opinions and a trail."""

import datetime
import random
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications.models import Application, Call, Opinion, Submission
from applications.states import STEPS, ApplicationStatus
from bases.models import VERIFY_ALPHABET, Base, Certification, Operator
from portal import uscc
from portal.accounts.models import Membership, User
from portal.accounts.roles import Role
from portal.audit.chain import GENESIS
from portal.audit.models import AuditEvent
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import due
from portal.jurisdictions.models import Jurisdiction
from portal.rehearsal.scale.ground import Ground, Row, desk_of
from portal.rehearsal.scale.papers import copy_papers, copy_trail
from portal.rehearsal.scale.tables import analyse, copy_rows, first_id, reset_sequences
from portal.worklist.models import WorkItem

BATCH = 10_000
MIX = (
    (ApplicationStatus.APPROVED, 40),
    (ApplicationStatus.REFUSED, 8),
    (ApplicationStatus.WITHDRAWN, 4),
    (ApplicationStatus.RECOMMENDATION, 12),
    (ApplicationStatus.PRELIMINARY_REVIEW, 12),
    (ApplicationStatus.SITE_VISIT, 8),
    (ApplicationStatus.REVIEW, 8),
    (ApplicationStatus.PUBLIC_NOTICE, 4),
    (ApplicationStatus.APPROVAL, 4),
)
WORDS = tuple(
    [
        "青创",
        "筑梦",
        "星辰",
        "金阳",
        "铝谷",
        "红城",
        "电商",
        "乌江",
        "航天",
        "屯堡",
        "锦绣",
        "云谷",
        "松山",
        "清水",
        "百花",
    ]
)


def seed(count: int, today: datetime.date) -> None:
    """Add `count` bases with operators, applications and all that hangs on them, and analyse the tables."""
    with transaction.atomic():
        ground = _ground(today)
        head = AuditEvent.objects.filter(chain="52").order_by("-seq").first()
        chain = (head.seq, head.hash) if head else (0, GENESIS)
        for done in range(0, count, BATCH):
            chain = _batch(ground, min(BATCH, count - done), chain)
        tables = (Operator, Base, Application, Submission, Opinion, WorkItem, Certification, AuditEvent)
        reset_sequences(*tables)
    analyse()


def _ground(today: datetime.date) -> Ground:
    province = Jurisdiction.objects.get(code="520000")
    counties = list(Jurisdiction.objects.within(province).countable(today).select_related("parent"))
    person, _created = User.objects.get_or_create(username="scale", defaults={"name": "规模数据"})
    places = [province, *counties, *{county.parent for county in counties if county.parent}]
    for place in places:
        fields = {"user": person, "jurisdiction": place, "role": Role.CASEWORKER}
        since = {"valid_from": datetime.date(2020, 1, 1), "confirmed_by": person}
        Membership.objects.get_or_create(**fields, defaults=since)
    moment = timezone.localtime()
    call, _created = Call.objects.get_or_create(
        name="规模数据批次",
        jurisdiction=province,
        defaults={
            "year": today.year,
            "title": "provincial",
            "policy": "guizhou-2022",
            "status": "published",
            "opens_at": moment - datetime.timedelta(days=400),
            "closes_at": moment + datetime.timedelta(days=30),
            "drafted_by": person,
            "region_code": province.code,
        },
    )
    draw = random.Random(first_id(Base))  # the same data each time on the same ground
    return Ground(counties, province, {place.pk: person.pk for place in places}, call, today, draw)


def _rows(ground: Ground, count: int) -> list[Row]:
    statuses = [status for status, _weight in MIX]
    weights = [weight for _status, weight in MIX]
    models: tuple[type, ...] = (Operator, Base, Application)
    ids = {model: ground.take(model, count) for model in models}
    rows = []
    for place in range(count):
        status = ground.draw.choices(statuses, weights)[0]
        county = ground.draw.choice(ground.counties)
        number = ids[Operator] + place  # never used before, also when seeding goes on where it stopped
        name = f"{county.name[:2]}{ground.draw.choice(WORDS)}创业孵化基地{number}（演示）"
        filed = ground.today - datetime.timedelta(days=ground.draw.randint(1, 60 if status in STEPS else 700))
        mine = {model: first + place for model, first in ids.items()}
        rows.append(Row(number, county, status, name, filed, mine))
    return rows


def _batch(ground: Ground, count: int, chain: tuple[int, str]) -> tuple[int, str]:
    rows = _rows(ground, count)
    operator = "id jurisdiction_id region_code name uscc uscc_accepted_because legal_representative phone demo"
    copy_rows(Operator, operator, (_operator(row) for row in rows))
    base = "id jurisdiction_id region_code name operator_id address phone slug demo"
    copy_rows(Base, base, (_base(ground, row) for row in rows))
    approved = [row for row in rows if row.status == ApplicationStatus.APPROVED]
    granted = ground.take(Certification, len(approved))
    certificates = {row.ids[Application]: granted + place for place, row in enumerate(approved)}
    columns = (
        "id jurisdiction_id region_code base_id operator_id title policy category_name plaque_text "
        "recogniser recogniser_at_id status certified_on period_ends number verify_code "
        "entitlements_settled demo"
    )
    copy_rows(Certification, columns, (_certification(ground, row, certificates) for row in approved))
    columns = (
        "id jurisdiction_id region_code call_id base_id operator_id title policy status reference "
        "desk_id returned_from revision started_by_id started_on submitted_at first_submitted_on "
        "arrived_on due_on due certification_id decided_on demo"
    )
    copy_rows(Application, columns, (_application(ground, row, certificates) for row in rows))
    copy_papers(ground, rows)
    return copy_trail(ground, rows, chain)


def _operator(row: Row) -> list[Any]:
    first17 = f"91{row.county.code}MA{row.number % 10_000_000:07d}"
    name = row.name.replace("创业孵化基地", "创业服务公司")
    code = first17 + uscc.check_character(first17)
    return [row.ids[Operator], row.county.pk, row.county.code, name, code, "", "", "", True]


def _base(ground: Ground, row: Row) -> list[Any]:
    slug = "".join(ground.draw.choices(VERIFY_ALPHABET, k=10))
    return [row.ids[Base], row.county.pk, row.county.code, row.name, row.ids[Operator], "", "", slug, True]


def _certification(ground: Ground, row: Row, certificates: dict[int, int]) -> list[Any]:
    pk = certificates[row.ids[Application]]
    on = row.filed + datetime.timedelta(days=40)
    code = "".join(ground.draw.choices(VERIFY_ALPHABET, k=16))
    ends = on.replace(year=on.year + 5, day=min(on.day, 28))
    names = ["省级创业孵化示范基地", "贵州省创业孵化示范基地", "贵州省人力资源和社会保障厅"]
    keys = [pk, row.county.pk, row.county.code, row.ids[Base], row.ids[Operator], "provincial", "guizhou-2022"]
    return [*keys, *names, ground.province.pk, "certified", on, ends, f"520000-S-{pk:07d}", code, True, True]


def _application(ground: Ground, row: Row, certificates: dict[int, int]) -> list[Any]:
    pk, waits = row.ids[Application], row.status in STEPS
    limit = due(row.filed, 20, "workday", calendar_for(row.county)) if waits else None
    person = ground.caseworkers[row.county.pk]
    moment = datetime.datetime.combine(row.filed, datetime.time(10), tzinfo=timezone.get_current_timezone())
    keys = [
        pk,
        row.county.pk,
        row.county.code,
        ground.call.pk,
        row.ids[Base],
        row.ids[Operator],
        "provincial",
        "guizhou-2022",
    ]
    state = [row.status, f"SQ-{row.county.code}-S-{pk:07d}", desk_of(ground, row).pk if waits else None, "", 3]
    dates = [person, row.filed, moment.isoformat(), row.filed, row.filed if waits else None]
    ends = [limit.on if limit else None, limit.as_json() if limit else None, certificates.get(pk)]
    return [*keys, *state, *dates, *ends, None if waits else row.filed + datetime.timedelta(days=40), True]
