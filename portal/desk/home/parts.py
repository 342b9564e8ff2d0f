"""What the home of an operator is drawn from: the first thing to do, and the lines of what comes next."""

import datetime
from dataclasses import dataclass
from typing import Any

from portal.deadlines.terms import Due
from portal.policies.schema import Value
from portal.web.parts import Fact

Moment = Due | datetime.date | None


def _on(moment: Moment) -> datetime.date | None:
    return moment.on if isinstance(moment, Due) else moment


@dataclass(frozen=True)
class First:
    """The first thing to do: what, where one is, why, what follows, by when, under which clause, and the button.

    Where it is not `mine` there is nothing to do now: the day is that of the bureau, or of a duty yet to come;
    `day_word` says what the day is. `case` is the key of the application it is about.
    """

    key: str
    title: str
    facts: tuple[Fact, ...]
    moment: Moment = None
    clause: Value[Any] | str = ""
    pack: str = ""
    href: str = ""
    act: str = ""
    hour: str = ""
    mine: bool = True
    day_word: str = ""
    case: str = ""

    @property
    def on(self) -> datetime.date | None:
        """Return by which day."""
        return _on(self.moment)


@dataclass(frozen=True)
class Line:
    """One row of what comes next: business, how it stands, by when, under which clause, where to go."""

    key: str
    name: str
    about: str
    now: str
    moment: Moment
    clause: Value[Any] | str = ""
    pack: str = ""
    href: str = ""
    act: str = ""
    mine: bool = True
    note: str = ""
    sum: str = ""
    hour: str = ""

    @property
    def on(self) -> datetime.date | None:
        """Return by which day."""
        return _on(self.moment)
