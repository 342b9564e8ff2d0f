"""How a complaint is handled, as `[complaints.handling]` of a pack says it: who, in how many days. Plain Python.

The source policies say next to nothing of it; what they leave open is marked `assumed`, or the whole procedure `sample`
(示例流程，待主管部门确认).
"""

from dataclasses import dataclass
from typing import Literal

from portal.policies.schema import AtLeastOne, NonEmpty, NotNegative, Value

LevelName = Literal["county", "city", "province"]


@dataclass(frozen=True)
class HandlingPolicy:
    """The table [complaints.handling]. Working days unless the name says `days` (calendar days) or `months`.

    `acceptor` accepts and releases the summary, `verifier` verifies and finds, `overseer` takes note and may overturn.
    `verify_days` is the aim, `limit_days` the hard limit, both from acceptance; `extension_days` may be approved once.
    """

    sample: bool
    clause: NonEmpty
    acceptor: Value[LevelName]
    verifier: Value[LevelName]
    overseer: Value[LevelName]
    accept_workdays: Value[AtLeastOne]
    silence_accepts: Value[bool]
    supplement_workdays: Value[AtLeastOne]
    answer_workdays: Value[AtLeastOne]
    verify_days: Value[AtLeastOne]
    limit_days: Value[AtLeastOne]
    extension_days: Value[AtLeastOne]
    verifying_officers: Value[AtLeastOne]
    objection_workdays: Value[AtLeastOne]
    confirm_workdays: Value[AtLeastOne]
    announcement_days: Value[AtLeastOne]
    rating_workdays: Value[AtLeastOne]
    identity_months: Value[AtLeastOne]
    small_base_tenants: Value[NotNegative]
    suppress_below: Value[AtLeastOne]

    @property
    def longest_days(self) -> int:
        """Return the hard limit with the extension that may be approved, in calendar days from acceptance."""
        return self.limit_days.value + self.extension_days.value
