"""The dossier in words: any submitted version, or the draft, with its files; shared by operators and officers."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from applications import dossier
from applications.actions.answering import STAMPED
from applications.actions.correction import places_of
from applications.actions.filing import answers_of, files_of
from applications.actions.moving import policy_of, procedure_of
from applications.actions.papers import proof_of
from applications.letters.sources import case_pack
from applications.models import Application, Submission
from applications.plausibility import hints
from applications.views.progress import title_name
from bases.models import Tenant
from bases.rules import BasePolicy
from portal.web.numbers import file_size, whole_number
from portal.web.parts import Fact


def answers_in_words(
    application: Application,
    answers: dossier.Answers,
    problems: dict[str, str] | None = None,
    places: frozenset[str] | None = None,
) -> list[dict[str, Any]]:
    """Return every section with every line: label, value in words, what is wrong with it or looks unlikely.

    `places` are those one may be asked to look at again, None for all of them.
    """
    lists, wrong = policy_of(application).lists, problems or {}
    unlikely = {place: says for place, says in hints(answers).items() if places is None or place in places}
    return [
        {
            "section": each,
            "url": reverse("applications:section", args=[application.pk, each.code]),
            "lines": [
                {
                    "label": field.label,
                    "value": dossier.shown(field, answers.get(each.code, {}).get(field.code), lists),
                    "problem": wrong.get(f"{each.code}.{field.code}", ""),
                    "hint": unlikely.get(f"{each.code}.{field.code}", ""),
                    "code": field.code,
                    "place": f"{each.code}.{field.code}",
                }
                for field in dossier.asked(each, lists)
            ],
        }
        for each in dossier.SECTIONS
    ]


@dataclass(frozen=True)
class RosterBeside:
    """How many tenants the dossier says, how many stand in the roster of the base today, and where that is kept.

    `reviewed`: whether the title is re-certified later (复评), for which the roster counts then.
    """

    filed: int
    present: int
    href: str
    reviewed: bool

    @property
    def short(self) -> bool:
        """Whether the roster holds fewer than were filed: looked into, never a reason to refuse a filing."""
        return self.present < self.filed


def roster_beside(application: Application, answers: dossier.Answers, present: int, href: str) -> RosterBeside | None:
    """Return the roster beside the number of tenants the dossier says; None while it says none."""
    filed = answers.get("tenants", {}).get("tenants")
    title = case_pack(application).section(BasePolicy).title(application.title)
    reviewed = title.period_years is not None
    return RosterBeside(filed, present, href, reviewed) if isinstance(filed, int) else None  # else kept as typed


def with_roster(submissions: "QuerySet[Submission]", on: datetime.date) -> "QuerySet[Submission]":
    """Return the submissions, each with the number of tenants on the roster of its base that day as `present`."""
    there = Tenant.objects.present(on).filter(base=OuterRef("application__base")).order_by()
    return submissions.annotate(present=Coalesce(Subquery(there.values("base").annotate(n=Count("pk")).values("n")), 0))


def filed_words(application: Application) -> dict[str, str]:
    """Return what was filed last at every place, in words: the value of a field, the names of a slot's files."""
    submission = application.submissions.order_by("-number").first()
    if submission is None:
        return {}
    parts = answers_in_words(application, submission.answers)
    words = {line["place"]: line["value"] for part in parts for line in part["lines"]}
    for row in submission.files:
        words[row["slot"]] = "、".join(filter(None, (words.get(row["slot"]), row["name"])))
    return words


def hints_of(application: Application) -> dict[str, str]:
    """Return what looks unlikely in what was filed last, by place."""
    submission = application.submissions.order_by("-number").first()
    return hints(submission.answers) if submission else {}


def version(application: Application, number: str) -> Submission | None:
    """Return the submission of that number, else the newest; None for a draft never submitted. Raises Http404."""
    submissions = application.submissions.order_by("-number")
    if not number:
        return submissions.first()
    wanted = whole_number(number)
    found = None if wanted is None else submissions.filter(number=wanted).first()
    if found is None:
        raise Http404
    return found


def same_elsewhere(application: Application, rows: list[dict[str, Any]]) -> dict[str, str]:
    """Return a sentence for each file, by its key, whose content stands under another kind of paper as well."""
    labels = places_of(application)
    found = {}
    for row in rows:
        under = {labels.get(other["slot"], other["slot"]): None for other in rows if other["sha256"] == row["sha256"]}
        under.pop(labels.get(row["slot"], row["slot"]))
        if under:
            words = {"file": row["name"], "papers": "、".join(f"“{name}”" for name in under)}
            found[row["key"]] = _("“%(file)s”与%(papers)s里的是同一份文件。") % words
    return found


def files_in_words(
    application: Application, submission: Submission | None, address: Callable[[str], str]
) -> list[dict[str, str]]:
    """Return the files of a version, in the order of the list of papers: name, slot, size, and the address
    `address(key)` where it can be read.
    """
    labels = places_of(application)
    rows = submission.files if submission else files_of(application)
    same = same_elsewhere(application, rows)
    return [
        {
            "name": row["name"],
            "slot": row["slot"],
            "label": labels.get(row["slot"], row["slot"]),
            "note": file_size(row["size"]),
            "same": same.get(row["key"], ""),
            "href": address(row["key"]),
        }
        for row in rows
    ]


def exempt_in_words(application: Application, submission: Submission | None) -> list[dict[str, Any]]:
    """Return the papers nobody had to upload and did not: what each is called, and the title on the register instead.

    Of a version that was filed, as the register stood that day.
    """
    filed = {row["slot"] for row in (submission.files if submission else files_of(application))}
    proof = submission.findings.get("proven", []) if submission else proof_of(application)
    labels = places_of(application)
    return [row | {"label": labels.get(row["slot"], row["slot"])} for row in proof if row["slot"] not in filed]


def form_head(application: Application) -> list[Fact]:
    """Return what the printed form says first: which unit, which base, under which call, for which title."""
    base, operator = application.base, application.operator
    return [
        Fact(_("申报单位"), operator.name),
        Fact(_("统一社会信用代码"), operator.uscc, code=True),
        Fact(_("基地名称"), base.name),
        Fact(_("所在地"), base.jurisdiction.full_name),
        Fact(_("地址"), base.address),
        Fact(_("申报称号"), title_name(application)),
        Fact(_("申报批次"), application.call.name),
        *([Fact(_("受理号"), application.reference, code=True)] if application.reference else []),
    ]


def stamped_paper(application: Application) -> str:
    """Return what the list of papers calls the printed form with stamp and signature; empty where none is asked for."""
    uploads = procedure_of(application).uploads()
    return next((document.name for document in uploads if document.slot == STAMPED), "")


def papers_to_come(application: Application, filed: list[dict[str, str]], exempt: list[dict[str, Any]]) -> list[Fact]:
    """Return every paper that goes with a form not yet submitted, with the files there are of it by now.

    The form is stamped before the list is complete: it names the papers, and does not count what happens to be there.
    """
    proven = {row["slot"] for row in exempt}
    held: dict[str, list[str]] = {}
    for row in filed:
        held.setdefault(row["slot"], []).append(row["name"])
    uploads = (each for each in procedure_of(application).uploads() if each.slot not in {STAMPED} | proven)
    return [
        Fact(document.name, "、".join(held.get(document.slot, [])) or _("另在平台上传"))
        for document in uploads
        if document.required or document.slot in held
    ]


def whole(
    application: Application, number: str, address: Callable[[str], str], *, as_written: bool = False
) -> dict[str, Any]:
    """Return the context of a page that shows one version in full; `as_written`, what the operator is writing now."""
    submission = None if as_written else version(application, number)
    filed, exempt = files_in_words(application, submission, address), exempt_in_words(application, submission)
    return {
        "application": application,
        "head": form_head(application),
        "title_name": title_name(application),
        "versions": list(application.submissions.order_by("number")),
        "shown": submission.number if submission else 0,
        "parts": answers_in_words(application, submission.answers if submission else answers_of(application)),
        "filed": filed,
        "exempt": exempt,
        "stamped": "" if submission else stamped_paper(application),
        "papers": [] if submission else papers_to_come(application, filed, exempt),
    }
