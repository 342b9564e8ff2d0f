"""Everything known of one base while its history goes by."""

from datetime import date
from functools import lru_cache

from assessments.rules import Course
from bases.rules import Register, Tenure, period_on
from complaints.rules import Docket, counted, limit_reached_on
from portal.deadlines.sums import in_words
from portal.deadlines.terms import Calendar
from portal.rehearsal.laws import Law
from portal.rehearsal.outcome import Entry, WarningRow
from subsidies.rules import Ledger

words = lru_cache(maxsize=50_000)(in_words)


class Case:
    """One base under one law: the register of its titles, what each app keeps about it, and the trace so far."""

    __slots__ = ("calendar", "course", "docket", "law", "ledger", "register", "trace", "warnings")

    def __init__(self, law: Law, calendar: Calendar) -> None:
        self.law = law
        self.calendar = calendar
        self.register = Register(law.bases)
        self.course = Course()
        self.docket = Docket()
        self.ledger = Ledger(law.subsidies, law.plan)
        self.trace: list[Entry] = []
        self.warnings: list[WarningRow] = []

    def say(self, on: date, clause: str, says: str) -> None:
        """Add one conclusion to the trace."""
        self.trace.append(Entry(on, clause, says))

    def met_on(self, tenure: Tenure, ground: str, on: date) -> date | None:
        """Return the day on which a ground of revocation was met, as seen on a day; None if it is not."""
        counting = self.law.counting
        if ground == "rectification_failed":
            return self.course.refused_on
        if ground != "complaints":
            return self.docket.misconduct.get(ground)
        if counting is None:
            return None
        return limit_reached_on(counted(self.docket, period_on(tenure, on), counting), counting)
