"""What the source policies leave open: the readings, the one the system takes until the bureau decides, and why.

Plain Python: no Django, no clock, no database.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from portal.policies.packs import PACKS_FOLDER, parse, read_text
from portal.policies.problems import PackError
from portal.policies.schema import AMBIGUITY_ID, Matches, NonEmpty, read_section

FILE = "ambiguities.toml"


@dataclass(frozen=True)
class Ambiguity:
    """One open question of a source, its readings, the reading taken and how well the sources support it."""

    id: Annotated[str, Matches(AMBIGUITY_ID.pattern, "疑义编号，例如 G-01")]
    question: NonEmpty
    chosen: NonEmpty
    because: NonEmpty
    confidence: Literal["high", "medium", "low"]
    readings: tuple[NonEmpty, ...] = ()

    CONFIDENCE: ClassVar[dict[str, str]] = {"high": "高", "medium": "中", "low": "低"}

    @property
    def confidence_label(self) -> str:
        """Return the confidence as one Chinese word."""
        return self.CONFIDENCE[self.confidence]


@dataclass(frozen=True)
class _Register:
    ambiguities: tuple[Ambiguity, ...]


@cache
def all_ambiguities(folder: Path = PACKS_FOLDER) -> dict[str, Ambiguity]:
    """Return the register of open questions by id. Raises PackError with every problem found in its file."""
    path = folder / FILE
    if not path.exists():
        return {}
    try:
        register = read_section(_Register, parse(read_text(path)))
    except PackError as error:
        raise PackError(*error.problems, source=FILE) from error
    return {ambiguity.id: ambiguity for ambiguity in register.ambiguities}
