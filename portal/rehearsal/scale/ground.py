"""What the rows of a measurement stand on: places, people, a call, today, the next ids; and one base of a batch."""

import datetime
import random
from dataclasses import dataclass, field

from applications.models import Call
from applications.states import ApplicationStatus
from portal.jurisdictions.models import Jurisdiction
from portal.rehearsal.scale.tables import first_id


@dataclass
class Ground:
    """What the rows stand on: places, people, a call, today, the next ids."""

    counties: list[Jurisdiction]
    province: Jurisdiction
    caseworkers: dict[int, int]
    call: Call
    today: datetime.date
    draw: random.Random
    ids: dict[type, int] = field(default_factory=dict)

    def take(self, model: type, count: int = 1) -> int:
        """Reserve ids of a model and return the first."""
        start = self.ids.setdefault(model, first_id(model))
        self.ids[model] = start + count
        return start


@dataclass
class Row:
    """One base of the batch, and where its application stands."""

    number: int
    county: Jurisdiction
    status: ApplicationStatus
    name: str
    filed: datetime.date
    ids: dict[type, int]


def desk_of(ground: Ground, row: Row) -> Jurisdiction:
    """Return the bureau where the application waits."""
    if row.status == ApplicationStatus.RECOMMENDATION:
        return row.county
    if row.status == ApplicationStatus.PRELIMINARY_REVIEW and row.county.parent:
        return row.county.parent
    return ground.province
