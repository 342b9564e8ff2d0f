"""What came back from a correction, held against the list that was sent, with what each step says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from applications import actions, dossier
from applications.actions.moving import procedure_of
from applications.actions.review import Said, changes_between, files_between, unchecked, waits_for
from applications.models import Application, CorrectionRequest, DifferenceCheck, Submission
from applications.views.acting import capacity_of
from portal.deadlines.today import business_now
from portal.errors import InvalidInput
from portal.web.numbers import file_size

AGREED, DOUBTED = "agreed", "doubted"


@dataclass(frozen=True)
class Mark:
    """What one step said of a changed place: whose word it is, and for a doubt what it is about."""

    step: str
    step_name: str
    who: str
    accepted: bool
    note: str


@dataclass(frozen=True)
class File:
    """A file of a submission; `same_name` where one called the same, with other content, stands on the other side."""

    name: str
    href: str
    size: str
    same_name: bool = False


@dataclass(frozen=True)
class Files:
    """What became of the files in a slot: taken out, put in, how many stayed."""

    dropped: Sequence[File]
    added: Sequence[File]
    kept: int


@dataclass(frozen=True)
class Line:
    """One place of the comparison: before and after, what was asked and replied, the words of the steps, the own one.

    `answer`, `note` and `error` belong to the form of the present step; `marks` are what the other steps said. What
    `follows` the list is its stamped page, which no officer put there: it is counted apart, as on every page (0156).
    """

    place: str
    label: str
    section: str = ""
    before: str = ""
    after: str = ""
    asked: str = ""
    reply: str = ""
    marks: Sequence[Mark] = ()
    answer: str = ""
    note: str = ""
    error: str = ""
    waits: bool = False
    doubt: Mark | None = None
    files: Files | None = None
    follows: bool = False


@dataclass(frozen=True)
class Comparison:
    """The answer to a correction: places of the list that changed, those that did not, changes beside the list.

    A stamped page is not among the unchanged where no answer changed that it prints: nobody owes it. `along` are
    changes of what the list opens together with its places, or of what is worked out from them.
    """

    changed: Sequence[Line] = ()
    kept: Sequence[Line] = ()
    beside: Sequence[Line] = ()
    along: Sequence[Line] = ()

    @property
    def lines(self) -> list[Line]:
        """Every changed line, listed or not."""
        return [*self.changed, *self.along, *self.beside]

    @property
    def unchecked(self) -> int:
        """On how many changes the present step owes its word."""
        return sum(line.waits for line in self.lines)

    @property
    def optional(self) -> bool:
        """Whether the present step may pass the case on as it is: it owes no word, and has not said all it could."""
        return not self.unchecked and any(not line.answer for line in self.lines)

    @property
    def page_waits(self) -> bool:
        """Whether the stamped page that follows the list is among them."""
        return any(line.waits and line.follows for line in self.lines)

    @property
    def doubts(self) -> list[Line]:
        """The changes whose last word is a doubt."""
        return [line for line in self.lines if line.doubt]

    @property
    def errors(self) -> list[dict[str, str]]:
        """The refused changes for the summary on top, each linked to what is missing of it: the choice or the words."""
        wrong = [line for line in self.lines if line.error]
        return [
            {"href": f"#{'n' if line.answer else 'c'}-{line.place}", "label": line.label, "text": line.error}
            for line in wrong
        ]

    def groups(self) -> list[dict[str, Any]]:
        """Return the groups with their headings; one without lines is left out."""
        named = [
            (_("清单内已改"), self.changed, True),
            (_("随清单一并改动"), self.along, True),
            (_("清单内没有改"), self.kept, False),
            (_("清单外改动"), self.beside, True),
        ]
        return [
            {"name": name, "lines": lines, "judged": judged, "said": _counted(lines)}
            for name, lines, judged in named
            if lines
        ]


def _counted(lines: Sequence[Line]) -> str:
    """Return how many places a group has, the stamped page apart as in the heading of the list."""
    listed = sum(not line.follows for line in lines)
    if listed == len(lines):
        return str(listed)
    return _("%(n)s，另有盖章页") % {"n": listed} if listed else _("盖章页")


def comparison_of(
    application: Application,
    versions: Sequence[Submission],
    corrections: Sequence[CorrectionRequest],
    typed: dict[str, Line] | None = None,
) -> Comparison:
    """Compare the two newest `versions` along the list they answer; `typed` holds lines that were refused just now."""
    asked = _asked(corrections) if len(versions) > 1 else {}
    replies = {row["place"]: row["reply"] for row in getattr(versions[0], "replies", [])} if asked else {}
    marks = _marks(application, versions[0]) if versions else {}
    lines = []
    for each in changes_between(application, versions):
        said = marks.get(each.place, [])
        own = next((mark for mark in said if mark.step == application.status), None)
        told = (typed or {}).get(each.place)
        lines.append(
            Line(
                *each,
                asked=asked.get(each.place, {}).get("note", ""),
                reply=replies.get(each.place, ""),
                marks=[mark for mark in said if mark is not own],
                answer=told.answer if told else _answer(own),
                note=told.note if told else own.note if own else "",
                error=told.error if told else "",
                waits=waits_for(said, application.status),
                doubt=said[-1] if said and not said[-1].accepted else None,
                files=None if "." in each.place else _files(application, versions, each.place),
                follows="follows" in asked.get(each.place, {}),
            )
        )
    opened = {each for place in asked for each in dossier.opened_with(place)} - asked.keys()
    along = [line for line in lines if line.place in opened]
    beside = [line for line in lines if line.place not in opened | asked.keys()]
    kept = _kept(asked, lines, replies)
    return Comparison([line for line in lines if line.place in asked], kept, beside, along)


def _kept(asked: Mapping[str, dict[str, str]], lines: Sequence[Line], replies: Mapping[str, str]) -> list[Line]:
    """Return the places of the list that did not change; the stamped page only where one it prints did."""
    changed = {line.place for line in lines}
    rewritten = any("." in place for place in changed)
    return [
        Line(place, item["label"], asked=item["note"], reply=replies.get(place, ""), follows="follows" in item)
        for place, item in asked.items()
        if place not in changed and (rewritten or "follows" not in item or place in replies)
    ]


def _files(application: Application, versions: Sequence[Submission], slot: str) -> Files:
    """Return the files of a slot that were taken out or put in, each with its address."""
    found = files_between(versions[1], versions[0], slot)
    names = {row["name"] for row in found.dropped} & {row["name"] for row in found.added}

    def file(row: dict[str, Any]) -> File:
        href = reverse("applications:case_file", args=[application.pk, row["key"]])
        return File(row["name"], href, file_size(row["size"]), row["name"] in names)

    return Files([file(row) for row in found.dropped], [file(row) for row in found.added], len(found.kept))


def _asked(corrections: Sequence[CorrectionRequest]) -> dict[str, dict[str, str]]:
    """Return the list that the newest version answers, by place."""
    answered = [request for request in corrections if request.answered_on]
    newest = max(answered, key=lambda request: request.number, default=None)
    return {item["place"]: item for item in newest.items} if newest else {}


def _marks(application: Application, submission: Submission) -> dict[str, list[Mark]]:
    """Return what the steps said of each place, the earliest first, from the rows read with the version."""
    names: dict[str, str] = {step.step: step.name for step in procedure_of(application).steps}
    found: dict[str, list[Mark]] = {}
    for row in sorted(getattr(submission, "checked", []), key=lambda row: str(row["at"])):
        step = str(row["step"])
        mark = Mark(step, names.get(step, step), row["who"], row["accepted"], row["note"])
        found.setdefault(row["place"], []).append(mark)
    return found


def _answer(own: Mark | None) -> str:
    if own is None:
        return ""
    return AGREED if own.accepted else DOUBTED


def keep_checks(request: HttpRequest, application: Application) -> tuple[list[DifferenceCheck], dict[str, Line]]:
    """Keep the words that were chosen; return those that are new, and by place what was typed where all was refused.

    Where nothing was chosen, every change is refused that waits for a word. Raises DomainError where nothing can be
    kept at all.
    """
    typed = _typed(request)
    if not typed:
        typed = {each.place: Line(each.place, each.label) for each in unchecked(application)}
    judged = {AGREED: True, DOUBTED: False}
    words = {place: Said(judged.get(line.answer), line.note) for place, line in typed.items()}
    try:
        return actions.check_differences(application, words, by=capacity_of(request), at=business_now()), {}
    except InvalidInput as refusal:
        problems = refusal.problems
        return [], {place: replace(line, error=problems.get(place, "")) for place, line in typed.items()}


def _typed(request: HttpRequest) -> dict[str, Line]:
    """Return by place what was chosen or written; a place with neither is left out."""
    found = {}
    for name in request.POST:
        kind, _colon, place = name.partition(":")
        if kind in {"check", "note"} and place not in found:
            answer = str(request.POST.get(f"check:{place}", ""))
            note = str(request.POST.get(f"note:{place}", ""))[:300]
            if answer in {AGREED, DOUBTED} or note.strip():
                found[place] = Line(place, "", answer=answer, note=note)
    return found
