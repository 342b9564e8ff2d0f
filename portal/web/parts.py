"""What the components of the look are made from. Views and templates build these; the templates only lay them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from portal.policies.schema import Value

Tone = Literal["main", "now", "warn", "bad", ""]
StepState = Literal["done", "against", "now", "next", "stop"]


@dataclass(frozen=True)
class Fact:
    """One line of a `kv` list: a term and what holds; `href` makes the value a link, `code` sets it in monospace."""

    term: str
    value: object
    href: str = ""
    code: bool = False


@dataclass(frozen=True)
class Act:
    """A button or link that says act and object. With `why_not` it stays visible, disabled, with that reason."""

    label: str
    href: str = ""
    kind: Literal["primary", "plain", "bad", "text", "link"] = "link"
    name: str = ""
    value: str = ""
    icon: str = ""
    why_not: str = ""


@dataclass(frozen=True)
class Step:
    """One step of a procedure in `flow`: done, done with a negative word, now, next or stop.

    What only leads up to the procedure is shown before its first step and not `counted`.
    """

    label: str
    note: str = ""
    state: StepState = "next"
    more: str = ""
    counted: bool = True


@dataclass(frozen=True)
class Section:
    """One section of a form or dossier in `steps`; without `href` it cannot be opened yet."""

    label: str
    href: str = ""
    note: str = ""
    tone: Tone = ""
    current: bool = False


@dataclass(frozen=True)
class Event:
    """One entry of a `timeline`: when, what, who; `href` leads to the paper."""

    at: date | datetime
    title: str
    who: str = ""
    text: str = ""
    kind: Literal["", "letter", "pause", "bad", "next"] = ""
    href: str = ""
    link: str = ""


@dataclass(frozen=True)
class FileRow:
    """One row of `files`: name, what is known of it, its state as a tag, the acts one may do."""

    name: str
    href: str = ""
    note: str = ""
    error: str = ""
    icon: str = "file"
    state: str = ""
    tone: Tone = ""
    percent: int | None = None
    acts: Sequence[Act] = ()


@dataclass(frozen=True)
class Change:
    """One changed line of a `diff`; `name` adds the choice 认可 / 有疑问 with that form name."""

    label: str
    before: str
    after: str
    place: str = ""
    note: str = ""
    name: str = ""
    answer: str = ""


@dataclass(frozen=True)
class NextStep:
    """One line of `next`: what will happen, by when, under which clause; a Value tells whether its term is assumed."""

    title: str
    text: str = ""
    clause: Value[Any] | str = ""


@dataclass(frozen=True)
class Crumb:
    """One station of the way back; the last one has no `href`."""

    label: str
    href: str = ""


@dataclass(frozen=True)
class Chip:
    """A chosen filter or a saved view: its words, where it leads, whether it is the one shown."""

    label: str
    href: str
    current: bool = False
    removes: bool = False


@dataclass(frozen=True)
class Tab:
    """One queue in `tabs` with its count; `overdue` is shown in red beside it."""

    label: str
    href: str
    count: str = ""
    overdue: str = ""
    current: bool = False
