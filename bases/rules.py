"""The law of a title (称号): how long it stands, how it ends, how it is revoked, and for how long a base is barred.

Plain Python. What differs between policies comes from the pack section `BasePolicy`; nothing here knows a policy or
a title by name. `Register` is one base's titles as the law sees them; each function is one step of the law upon it and
refuses with `Unlawful` what the law does not allow. The portal's actions and the evaluator use the same functions.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import ClassVar, Literal, NamedTuple, NoReturn

from portal.deadlines.sums import in_words
from portal.deadlines.terms import Calendar, add_years
from portal.errors import DomainError
from portal.policies.following import Following, Grant
from portal.policies.schema import AtLeastOne, Code, NonEmpty, NotNegative, Value

Standing = Literal["certified", "rectifying", "in_proceedings", "revoked", "not_renewed", "surrendered"]
Ground = Literal["complaints", "fraud", "service_breach", "rectification_failed"]
Level = Literal["county", "city", "province", "nation"]

_ONE_DAY = timedelta(days=1)
years_later = lru_cache(maxsize=50_000)(add_years)  # the same few days recur over a whole register


class Unlawful(DomainError):
    """A fact that the law does not allow at this point of a base's history, or that cannot be where it stands."""


@dataclass(frozen=True)
class TitlePolicy:
    """A title a base may be certified with; `clause` names it. Only a title with `period_years` has a period."""

    code: Code
    name: Value[NonEmpty]
    level: Value[Level]
    clause: str
    plaque: Value[NonEmpty] | None = None
    period_years: Value[AtLeastOne] | None = None
    called: NonEmpty | None = None

    @property
    def label(self) -> str:
        """The name that tells it from the other titles of the policy, where two share a category name."""
        return self.called or self.name.value


@dataclass(frozen=True)
class GroundPolicy:
    """One ground of revocation: the clause it is met under and the years of the ban that follows."""

    ground: Ground
    name: NonEmpty
    clause: str
    ban_years: Value[AtLeastOne]


@dataclass(frozen=True)
class RevocationPolicy:
    """Which title can be revoked, on which grounds, and the term of every step, in working days unless named otherwise.

    `hearing_workdays`: so many before a hearing its notice is served. `announcement_days`: after so many calendar days
    a paper served by public announcement counts as served.
    """

    title: Code
    clause: str
    notice_workdays: Value[AtLeastOne]
    defence_workdays: Value[NotNegative]
    hearing_workdays: Value[AtLeastOne]
    weighing_workdays: Value[AtLeastOne]
    decision_workdays: Value[AtLeastOne]
    announcement_days: Value[AtLeastOne]
    plaque_workdays: Value[AtLeastOne]
    reconsideration_days: Value[AtLeastOne]
    suit_months: Value[AtLeastOne]
    grounds: tuple[GroundPolicy, ...]

    def ground(self, code: str) -> GroundPolicy:
        """Return the policy of a ground. Raises KeyError for one that this pack does not have."""
        for ground in self.grounds:
            if ground.ground == code:
                return ground
        raise KeyError(code)


@dataclass(frozen=True)
class BasePolicy:
    """The section [bases]: the titles in their order, and revocation where the policy knows it."""

    SECTION: ClassVar[str] = "bases"
    titles: tuple[TitlePolicy, ...]
    revocation: RevocationPolicy | None = None

    def title(self, code: str) -> TitlePolicy:
        """Return the policy of a title. Raises KeyError for a title of another policy."""
        for title in self.titles:
            if title.code == code:
                return title
        raise KeyError(code)

    @property
    def reviews(self) -> bool:
        """Whether some title has a period, at whose end it is re-certified (复评); nothing is reviewed without."""
        return any(title.period_years is not None for title in self.titles)

    def follows(self, grant: Grant) -> Iterator[Following]:
        """Yield that the holder keeps its promises of service, where breaking them is a ground of revocation."""
        if self.revocation is not None and self.revocation.title == grant.title:
            for ground in self.revocation.grounds:
                if ground.ground == "service_breach":
                    yield Following("duty", "履行服务承诺", ground.clause)


class Span(NamedTuple):
    """Days from `start` to `end`, both included; open where `end` is None."""

    start: date
    end: date | None

    def holds(self, day: date) -> bool:
        """Tell whether the day lies within."""
        return self.start <= day and (self.end is None or day <= self.end)


class Ban(NamedTuple):
    """A bar to applying for a title (暂停申报), from service of the revocation to `until`, both included."""

    title: str
    start: date
    until: date
    clause: str

    def holds(self, day: date) -> bool:
        """Tell whether the bar holds on that day."""
        return self.start <= day <= self.until


@dataclass(slots=True)
class Proceedings:
    """A revocation on its way: notice, then decision, then service; closing ends it without one."""

    ground: str
    notice_on: date
    decided_on: date | None = None


@dataclass(slots=True)
class Tenure:
    """One title of one base from its latest certification on.

    `underlying` is what the title is apart from proceedings and revocation, so that closing or setting aside has
    nothing to restore. `ended_on` is the day of surrender or refused renewal.
    """

    title: TitlePolicy
    certified_on: date
    period_ends: date | None
    renewals: int = 0
    underlying: Standing = "certified"
    ended_on: date | None = None
    proceedings: Proceedings | None = None
    revocation: tuple[str, Ban] | None = None

    @property
    def stands(self) -> bool:
        """Whether the title is held: neither surrendered, nor refused renewal, nor revoked. Time alone ends nothing."""
        return self.ended_on is None and self.revocation is None

    @property
    def standing(self) -> Standing:
        """The one word for where the title stands."""
        if self.revocation is not None:
            return "revoked"
        return self.underlying if self.proceedings is None else "in_proceedings"


@dataclass(slots=True)
class Register:
    """All titles one base ever held, in order of first certification, and its bans."""

    policy: BasePolicy
    tenures: dict[str, Tenure] = field(default_factory=dict)
    first_certified: dict[str, date] = field(default_factory=dict)
    bans: list[Ban] = field(default_factory=list)

    def banned(self, title: str, day: date) -> Ban | None:
        """Return the ban on the title that holds on that day, of several the one that lasts longest."""
        if not self.bans:
            return None
        longest = None
        for ban in self.bans:
            if ban.title == title and ban.holds(day) and (longest is None or ban.until > longest.until):
                longest = ban
        return longest


# --- periods (复评认定期) ---


@lru_cache(maxsize=50_000)
def period_end(certified_on: date, renewals: int, years: int) -> date:
    """Return the last day of the current period: each renewal adds one, counted from the first day, not the renewal."""
    return add_years(certified_on, years * (renewals + 1))


def add_period(tenure: Tenure) -> None:
    """Renew the title for one more period, also when the renewal comes early or late."""
    tenure.renewals += 1
    if tenure.title.period_years is not None:
        tenure.period_ends = period_end(tenure.certified_on, tenure.renewals, tenure.title.period_years.value)


def period_on(tenure: Tenure, day: date) -> Span:
    """Return the period the day lies in; an early renewal does not shorten the old one, the last goes on until renewed.

    Once the title has ended, the day it ended stands for every later day.
    """
    if tenure.ended_on is not None and day > tenure.ended_on:
        day = tenure.ended_on
    if tenure.title.period_years is None:
        return Span(tenure.certified_on, None)
    years, start = tenure.title.period_years.value, tenure.certified_on
    for number in range(tenure.renewals):
        end = period_end(tenure.certified_on, number, years)
        if day <= end:
            return Span(start, end)
        start = end + _ONE_DAY
    return Span(start, None)


# --- certification and its ordinary ends ---


def certify(register: Register, title: TitlePolicy, on: date) -> Tenure:
    """Grant the title (认定). It starts anew: counts, grounds and periods begin with it.

    Refused while the title stands, while its proceedings run, or while the base is banned from this very title.
    """
    tenure = register.tenures.get(title.code)
    if tenure is not None and tenure.stands:
        _refuse(title, "仍然有效，不能再次认定；须先放弃、未延续或被撤销")
    if tenure is not None and tenure.proceedings is not None:
        _refuse(title, "的撤销程序尚未结束，不能认定；须先送达决定或终结程序")
    ban = register.banned(title.code, on)
    if ban is not None:
        _refuse(title, f"处于暂停申报期（至{in_words(ban.until)}，含当日），期满前不能认定")
    ends = None if title.period_years is None else period_end(on, 0, title.period_years.value)
    register.tenures[title.code] = tenure = Tenure(title, on, ends)
    register.first_certified.setdefault(title.code, on)
    return tenure


def held(register: Register, title: TitlePolicy) -> Tenure:
    """Return the tenure of a title that stands undisturbed. Refused if it does not stand or its proceedings run."""
    tenure = register.tenures.get(title.code)
    if tenure is None:
        _refuse(title, "从未认定，不能办理这一事项；请核对称号或补上认定")
    if not tenure.stands:
        _refuse(title, "已不再有效，不能办理这一事项；请核对日期和先后")
    if tenure.proceedings is not None:
        _refuse(title, "的撤销程序尚未结束，不能办理这一事项；须先送达决定或终结程序")
    return tenure


def surrender(tenure: Tenure, on: date) -> None:
    """Give the title up (放弃). Grounds already met stay: nobody escapes a ban that way."""
    tenure.underlying, tenure.ended_on = "surrendered", on


def end_unrenewed(tenure: Tenure, on: date) -> None:
    """End the title because renewal was refused without a failed rectification: no ban follows (G-28, assumed)."""
    tenure.underlying, tenure.ended_on = "not_renewed", on


# --- revocation: notice, defence, decision, service ---


def revocable(register: Register, title: TitlePolicy) -> tuple[RevocationPolicy, Tenure]:
    """Return what a step of a revocation rests on. Refused for titles this policy does not revoke, or never held."""
    policy = register.policy.revocation
    if policy is None or policy.title != title.code:
        _refuse(title, "不适用本政策的撤销程序，不能登记撤销步骤")
    tenure = register.tenures.get(title.code)
    if tenure is None:
        _refuse(title, "从未认定，没有可撤销的称号")
    return policy, tenure


def serve_notice(tenure: Tenure, ground: GroundPolicy, on: date, met_on: date | None) -> None:
    """Serve the prior notice (告知书); possible while the title stands and after surrender or refused renewal.

    `met_on` is the day the ground was met, None if it is not met; then the notice is refused.
    """
    if tenure.revocation is not None:
        _refuse(tenure.title, "已经撤销，不能再次启动撤销程序")
    if tenure.proceedings is not None:
        _refuse(tenure.title, "的撤销程序已经启动，不能重复送达告知书")
    if met_on is None:
        _refuse(tenure.title, f"的撤销事由“{ground.name}”在告知当日尚未成立，不能启动撤销程序")
    tenure.proceedings = Proceedings(ground.ground, on)


def decide_revocation(tenure: Tenure, ground: GroundPolicy, on: date) -> Proceedings:
    """Take the decision (决定). Refused unless notice on the same ground was served and nothing decided since."""
    proceedings = _running(tenure, ground)
    if proceedings.decided_on is not None:
        _refuse(tenure.title, "的撤销决定已经作出，不能重复")
    proceedings.decided_on = on
    return proceedings


def serve_revocation(register: Register, tenure: Tenure, ground: GroundPolicy, on: date) -> Ban:
    """Serve the decision (送达): the title is revoked that day and the ban begins. Refused unless decided before."""
    proceedings = _running(tenure, ground)
    if proceedings.decided_on is None:
        _refuse(tenure.title, "的撤销决定尚未作出，不能送达")
    ban = Ban(tenure.title.code, on, ban_until(on, ground), ground.ban_years.clause)
    tenure.proceedings = None
    tenure.revocation = (ground.ground, ban)
    register.bans.append(ban)
    return ban


def close_proceedings(tenure: Tenure, ground: GroundPolicy) -> None:
    """End the proceedings without a revocation, also after the decision: what stood before stands again."""
    _running(tenure, ground)
    tenure.proceedings = None


def set_aside(register: Register, tenure: Tenure, ground: GroundPolicy) -> None:
    """Undo a revocation by reconsideration or a court: the title is what it was before the notice, the ban is void."""
    if tenure.revocation is None or tenure.revocation[0] != ground.ground:
        _refuse(tenure.title, f"未因“{ground.name}”处于撤销状态，不能登记撤销决定被撤销")
    register.bans.remove(tenure.revocation[1])
    tenure.revocation = None


def ban_until(served_on: date, ground: GroundPolicy) -> date:
    """Return the last day of the ban: the same calendar day so many years after service, not moved (G-07)."""
    return years_later(served_on, ground.ban_years.value)


@lru_cache(maxsize=50_000)
def defence_ends(notice_on: date, workdays: int, calendar: Calendar) -> date:
    """Return the last day for a defence: so many working days after the notice (G-06, assumed)."""
    return calendar.add_workdays(notice_on, workdays)


def defence_too_short(notice_on: date, decided_on: date, workdays: int, calendar: Calendar) -> bool:
    """Tell whether a decision came before the days for a defence were over; on the last of them it is still early."""
    return decided_on <= defence_ends(notice_on, workdays, calendar)


def _running(tenure: Tenure, ground: GroundPolicy) -> Proceedings:
    if tenure.proceedings is None:
        _refuse(tenure.title, "没有正在进行的撤销程序；须先送达告知书")
    if tenure.proceedings.ground != ground.ground:
        _refuse(tenure.title, f"正在进行的撤销程序不是以“{ground.name}”为事由；各步骤的事由须一致")
    return tenure.proceedings


def _refuse(title: TitlePolicy, why: str) -> NoReturn:
    raise Unlawful(f"“{title.label}”{why}。", clause=title.clause)
