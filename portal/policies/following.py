"""What the grant of a title brings with it, as a section of a pack says it: duties of the holder, and money.

Plain Python: the sections are law. `portal.policies.sections.brought_by` asks them all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, runtime_checkable

Kind = Literal["duty", "award", "purpose", "no_award"]


@dataclass(frozen=True)
class Grant:
    """A title on the day it is granted: whether the base gets it for the first time ever, and whether the policy
    itself applies that day (P-1).
    """

    title: str
    first: bool
    in_force: bool


class Following(NamedTuple):
    """One thing that follows, in the words of a letter, with its clause.

    `purpose` is what an award is spent on, `no_award` why one that the policy knows does not arise.
    """

    kind: Kind
    says: str
    clause: str


@runtime_checkable
class Brings(Protocol):
    """A section under which something follows from the grant of a title."""

    def follows(self, grant: Grant) -> Iterable[Following]:
        """Return what follows from the grant under this section."""
