"""Revocation proceedings and a roster, put beside a cast without their acts: for tests that only open their pages."""

import uuid
from dataclasses import dataclass
from typing import Any

from bases.models import Revocation
from bases.rules import BasePolicy
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import due
from portal.documents.models import Letter, Upload
from portal.policies.loader import pack_in_force
from tests.factories import dossiers, titles
from tests.factories.cast import Cast


@dataclass(frozen=True)
class Answered:
    """Revocation proceedings whose notice is served and answered, and a tenant of the base."""

    revocation: int | None
    file: uuid.UUID
    tenant: int


_made: dict[int, Answered] = {}


def proceedings(cast: Cast) -> Answered:
    """Return proceedings against the base of the cast, put there without their acts; none where no policy has any."""
    if cast.operator.pk not in _made:
        pack = pack_in_force(at=cast.county, on=dossiers.FILED)
        policy = pack.section(BasePolicy).revocation
        file = dossiers.upload(cast.wang, cast.base, "申辩证据.pdf").key
        tenant = cast.base.tenants.create(jurisdiction=cast.county, name="在孵一户", entered_on=dossiers.FILED)
        made = _make_revocation(cast, pack.id, policy.title, file) if policy else None
        _made[cast.operator.pk] = Answered(made, file, tenant.pk)
    return _made[cast.operator.pk]


def _make_revocation(cast: Cast, pack: str, title: str, file: uuid.UUID) -> int:
    on, by = dossiers.FILED, cast.province_caseworker.person
    place: dict[str, Any] = {"jurisdiction": cast.county}
    said: dict[str, Any] = {"wording": {"layout": "official", "body": []}, "issuer": "省厅", "issued_on": on}
    about = {"subject_type": "bases.revocation", "subject_id": "0", "operator_id": cast.operator.pk}
    notice = Letter.objects.create(kind="revocation.prior_notice", title="事先告知书", **place, **said, **about)
    moment = dossiers.moment(on)
    served = {"method": "electronic", "began_on": on, "served_on": on, "recorded_by": by, "recorded_at": moment}
    notice.services.create(**place, **served)
    row = Revocation.objects.create(
        **place,
        number=f"CX-{cast.province.code}-{cast.operator.pk}",
        certification=titles.certification(cast.base, policy=pack, title=title),
        base=cast.base,
        operator=cast.operator,
        decider=cast.province,
        ground="complaints",
        policy=pack,
        clause="GZ-27",
        status="defence",
        opened_on=on,
        opened_at=moment,
        met_on=on,
        notice=notice,
        notice_served_on=on,
        defence_ends=on,
        defence_term=due(on, 5, "workday", calendar_for(cast.province)).as_json(),
    )
    answer = row.defences.create(statement="其中一件与本基地无关。", filed_on=on, filed_by=cast.wang.person)
    answer.uploads.set(Upload.objects.filter(key=file))
    return row.pk
