"""The way through a dossier: its pages with their state, what is still to do, and where to go next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import dossier
from applications.actions.answering import STAMPED, Demand, demands, open_places, written_after_stamp
from applications.actions.filing import EDITABLE
from applications.actions.papers import lacking
from applications.models import Application
from portal.deadlines.today import business_today
from portal.web.parts import Section, Tone

FILES = "files"
PAGES = len(dossier.SECTIONS) + 2  # the papers and the check besides


@dataclass(frozen=True)
class DemandRow:
    """One item of the correction list as the operator's pages show it; `field` takes the explanation.

    `along` are the names of the fields that are open together with it.
    """

    label: str
    note: str
    changed: bool
    owed: bool
    href: str
    follows: bool
    resent: bool
    outdated: bool
    along: Sequence[str]
    field: BoundField | None = None


def contents(application: Application, current: str = "") -> list[Section]:
    """Return the table of contents: each page with its state in words, of a returned case what is to be changed."""
    rows = {row.section: row.complete for row in application.answers.all()}
    asked, places = demands(application), open_places(application)
    found = []
    for number, each in enumerate(dossier.SECTIONS, start=1):
        note, tone = _state(rows.get(each.code)) if places is None else _to_change(asked, each.code)
        url = reverse("applications:section", args=[application.pk, each.code])
        found.append(Section(f"{number} {each.name}", url, note, tone, current=current == each.code))
    number = PAGES - 1
    url = reverse("applications:files", args=[application.pk])
    note, tone = _files_state(application) if places is None else _to_change(asked, FILES)
    found.append(Section(_("%(n)s 材料上传") % {"n": number}, url, note, tone, current == FILES))
    url = reverse("applications:check", args=[application.pk])
    found.append(Section(_("%(n)s 核对并提交") % {"n": PAGES}, url, "", "", current == "check"))
    return found


def _state(complete: bool | None) -> tuple[str, Tone]:
    if complete is None:
        return _("未填"), ""
    return (_("已完成"), "") if complete else (_("还有要改的"), "warn")


def _to_change(asked: list[Demand], page: str) -> tuple[str, Tone]:
    here = [each for each in asked if page_of(each.place) == page]
    left = sum(each.owed and not each.follows for each in here)
    stamped = any(each.owed and each.follows for each in here)
    if stamped:
        return (_("%(n)s 处和盖章页") % {"n": left} if left else _("要重新盖章")), "warn"
    if left:
        return ngettext("要改 %(n)s 处", "要改 %(n)s 处", left) % {"n": left}, "warn"
    return (_("已改"), "main") if any(each.changed for each in here) else (_("不用改"), "")


def _files_state(application: Application) -> tuple[str, Tone]:
    wanting = lacking(application, business_today())
    if not wanting:
        return _("已完成"), ""
    if STAMPED in wanting and written_after_stamp(application):
        left = len(wanting) - 1
        return (_("还差 %(n)s 类和盖章页") % {"n": left} if left else _("要重新盖章")), "warn"
    return _("必交还差 %(n)s 类") % {"n": len(wanting)}, "warn"


def page_of(place: str) -> str:
    """Return the code of the page a place is on: its section, or FILES for a slot."""
    code, dot, _field = place.partition(".")
    return code if dot else FILES


def open_pages(application: Application) -> frozenset[str]:
    """Return the pages on which something may be changed: of a draft all, of a returned case those the list opens."""
    places = open_places(application)
    if places is None:
        return frozenset({*(each.code for each in dossier.SECTIONS), FILES})
    return frozenset(page_of(place) for place in places)


def places_to_fill(application: Application) -> frozenset[str] | None:
    """Return the places that can be changed now: of a returned case those the list opens; None means all, of a draft.

    Of what lies with a bureau nothing can be.
    """
    return open_places(application) if application.status in EDITABLE else frozenset()


def address_of(application: Application, place: str) -> str:
    """Return where a place of the dossier is typed or uploaded."""
    code, dot, field = place.partition(".")
    if not dot:
        return f"{reverse('applications:files', args=[application.pk])}#{place}"
    return f"{reverse('applications:section', args=[application.pk, code])}#id_{field}"


def demand_rows(application: Application, form: Any = None) -> list[DemandRow]:
    """Return the correction list with its marks and links; `form` holds the explanations by `reply:` and place."""
    asked = demands(application)
    named = {each.place for each in asked}
    return [
        DemandRow(
            each.label,
            each.note,
            each.changed,
            each.owed,
            address_of(application, each.place),
            each.follows,
            each.resent,
            each.outdated,
            [
                dossier.called(at)
                for at, field in dossier.fields_with(each.place).items()
                if not (field.derived or at in named)
            ],
            form[f"reply:{each.place}"] if form is not None else None,
        )
        for each in asked
    ]


def blank_pages(application: Application) -> frozenset[str]:
    """Return the pages of a draft nobody has written on yet: what is not begun is not wrong."""
    if open_places(application) is not None:
        return frozenset()
    begun = set(application.answers.values_list("section", flat=True))
    if application.attachments.filter(removed_at__isnull=True).exists():
        begun.add(FILES)
    return open_pages(application) - begun


def to_begin(application: Application, blank: frozenset[str]) -> list[str]:
    """Return the names of the pages nobody has written on yet, in the order of the form, and how many papers lack."""
    names = [each.name for each in dossier.SECTIONS if each.code in blank]
    if FILES in blank:
        note, tone = _files_state(application)
        names.append(_("材料上传（%(note)s）") % {"note": note} if tone else _("材料上传"))
    return names


def onward(application: Application) -> str:
    """Return where the work goes on: the first item not yet changed, the first page not complete, else the check."""
    for each in demands(application):
        if each.owed:
            return address_of(application, each.place)
    if open_places(application) is None:
        complete = set(application.answers.filter(complete=True).values_list("section", flat=True))
        for section in dossier.SECTIONS:
            if section.code not in complete:
                return reverse("applications:section", args=[application.pk, section.code])
        if _files_state(application)[1]:
            return reverse("applications:files", args=[application.pk])
    return reverse("applications:check", args=[application.pk])


def after(application: Application, current: str) -> str:
    """Return the page that follows a section: of a returned case the next one on the list, after the last the check."""
    pages = [*(each.code for each in dossier.SECTIONS), FILES]
    following = pages[pages.index(current) + 1 :]
    if open_places(application) is not None:
        named = {page_of(each.place) for each in demands(application)}
        following = [page for page in following if page in named]
    if not following:
        return reverse("applications:check", args=[application.pk])
    if following[0] == FILES:
        return reverse("applications:files", args=[application.pk])
    return reverse("applications:section", args=[application.pk, following[0]])
