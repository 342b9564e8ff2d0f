"""The correction list as the operator answers it: what it opens, what was changed since, what is explained instead."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from applications import dossier
from applications.models import Application, CorrectionRequest
from applications.states import ApplicationStatus
from portal.errors import InvalidInput

UNANSWERED = _("没有改，也没有说明。请照清单改，或者写明为什么不用改。")
STAMPED = "application_form"  # the slot of the dossier printed, stamped and signed: it shows every answer


class Demand(NamedTuple):
    """One item of the list: the place, what is asked of it, whether it differs from what was filed last.

    What is `owed` is still to be changed or explained: every item that was not changed, but for a stamped page that
    `follows` answers none of which changed. `resent`: a file was uploaded whose content is that of the one before.
    `outdated`: a stamped page was uploaded anew, and an answer it shows was changed after that.
    """

    place: str
    label: str
    note: str
    changed: bool
    owed: bool
    follows: bool = False
    resent: bool = False
    outdated: bool = False


def waiting_list(application: Application) -> CorrectionRequest | None:
    """Return the correction list that waits for the operator; None unless the application is returned."""
    if application.status != ApplicationStatus.RETURNED:
        return None
    return application.corrections.order_by("-number").first()


def open_places(application: Application) -> frozenset[str] | None:
    """Return the fields (`section.field`) and slots a returned application may be changed in; None means all (a draft).

    Open is what the list names, and what is corrected together with it (`dossier.opened_with`); all else stays.
    """
    request = waiting_list(application)
    if request is None:
        return None
    named = [item["place"] for item in request.items]
    return frozenset(named) | {each for place in named for each in dossier.opened_with(place)}


def closed_fields(application: Application, each: dossier.Section) -> frozenset[str]:
    """Return the codes of the fields of a section that stay as they were filed; none of a draft's are closed."""
    places = open_places(application)
    if places is None:
        return frozenset()
    return frozenset(field.code for field in each.fields if f"{each.code}.{field.code}" not in places)


def demands(application: Application) -> list[Demand]:
    """Return the items of the list that waits for the operator, in its order; empty unless the case is returned."""
    request, filed = waiting_list(application), application.submissions.order_by("-number").first()
    if request is None or filed is None:
        return []
    before = _held(filed.answers, ((row["slot"], row["sha256"]) for row in filed.files))
    files = list(application.attachments.filter(removed_at__isnull=True).select_related("upload"))
    written = {row.section: row.data for row in application.answers.all()}
    now = _held(written, ((row.slot, row.upload.sha256) for row in files))
    changed = {place for place in before.keys() | now.keys() if before.get(place) != now.get(place)}
    known = {row["key"] for row in filed.files}
    resent = {row.slot for row in files if str(row.upload.key) not in known} - changed
    rewritten = any("." in place for place in changed)
    outdated = {STAMPED} & changed if rewritten and written_after_stamp(application) else set()
    found = [_demand(item, changed - outdated, resent, rewritten=rewritten) for item in request.items]
    return [each._replace(outdated=each.place in outdated) for each in found]


def _demand(item: Mapping[str, str], changed: set[str], resent: set[str], *, rewritten: bool) -> Demand:
    place, follows = item["place"], "follows" in item
    return Demand(
        place,
        item["label"],
        item["note"],
        changed=place in changed,
        owed=place not in changed and (rewritten or not follows),
        follows=follows,
        resent=place in resent,
    )


def written_after_stamp(application: Application) -> list[str]:
    """Return the names of the sections in which an answer was changed after the present stamped page was uploaded.

    The page is signed for the answers it shows (0156). None where no such page is there.
    """
    there = application.attachments.filter(slot=STAMPED, removed_at__isnull=True)
    since = there.order_by("-added_at").values_list("added_at", flat=True).first()
    if since is None:
        return []
    later = set(application.answers.filter(saved_at__gt=since).values_list("section", flat=True))
    return [each.name for each in dossier.SECTIONS if each.code in later]


def _held(answers: dossier.Answers, files: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return what stands at every place: the value of a field, of a slot the content of its files, not their names."""
    found: dict[str, Any] = {f"{code}.{name}": value for code, row in answers.items() for name, value in row.items()}
    for slot, digest in files:
        found[slot] = found.get(slot, frozenset()) | {digest}
    return found


def require_answers(application: Application, replies: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the explanations given (补正说明), as `Submission.replies` keeps them, in the order of the list.

    A changed item may have one, an item that is owed must. Raises InvalidInput naming every item without an answer.
    """
    asked = demands(application)
    given = {each.place: replies.get(each.place, "").strip() for each in asked}
    silent = [each for each in asked if each.owed and not given[each.place]]
    if silent:
        names = "、".join(each.label for each in silent)
        says = dict.fromkeys((each.place for each in silent), str(UNANSWERED))
        raise InvalidInput(f"补正清单还有 {len(silent)} 处没有答复：{names}。没有提交。", says)
    return [{"place": place, "reply": reply} for place, reply in given.items() if reply]
