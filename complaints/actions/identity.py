"""Who complains: masked on every page, revealed with a purpose, each reveal on record.

PostgreSQL itself holds the rows back (docs/decisions/0206): they are read here alone, after the permission is checked.
"""

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db import transaction

from complaints.models import Complainant, Complaint
from portal.accounts.capacity import Capacity
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.encryption.walls import HANDLES, opened
from portal.errors import InvalidInput, NotAllowed
from portal.web.masks import mask_email, mask_name, mask_phone

KINDS = {"name": "姓名", "phone": "电话", "mail": "邮箱", "business": "企业或项目名称"}
MASKS: dict[str, Callable[[str], str]] = {
    "name": mask_name,
    "phone": mask_phone,
    "mail": mask_email,
    "business": mask_name,
}


def may_reveal(complaint: Complaint, by: Capacity) -> bool:
    """Whether the officer handles complaints where the base lies: the bureaus of its own line alone."""
    if by.kind != "officer" or not (by.may(Permission.HANDLE_COMPLAINT) or by.may(Permission.CONFIRM_FINDING)):
        return False
    return bool(by.jurisdiction.prefix) and by.jurisdiction.covers(complaint.region_code)


@transaction.atomic
def reveal_identity(complaint: Complaint, *, purpose: str, by: Capacity, on: datetime.date) -> Complainant | None:
    """Show who complains, for a stated purpose; on record, so that the audit administrator sees it.

    None where nobody is named. Raises NotAllowed for who does not handle it, InvalidInput without a purpose.
    """
    if not may_reveal(complaint, by):
        raise NotAllowed("只有办理这件投诉的工作人员可以查看投诉人信息。")
    if len(purpose.strip()) < 4:
        raise InvalidInput("没有显示。", {"purpose": "请写明为什么要看，例如“电话核实收费凭证”。"})
    identity = identity_of(complaint, by)
    said = _without_traits(purpose.strip(), identity)
    record("complaint.identity_revealed", complaint, by=by, on=on, policy=complaint.policy, purpose=said)
    return identity


def _without_traits(text: str, identity: Complainant | None) -> str:
    """Return the text with what it says of the complainant blotted out, with whatever spaces, marks or wide figures.

    The trail keeps it for ever. Everything else stays as it was typed.
    """
    known = {_bare(getattr(identity, field)) for field in KINDS} if identity is not None else set()
    letters = [(letter, place) for place, one in enumerate(text) for letter in _bare(one)]
    plain = "".join(letter for letter, _place in letters)
    spans = []
    for trait in sorted((each for each in known if len(each) > 1), key=len, reverse=True):
        hits = [hit.span() for hit in re.finditer(re.escape(trait), plain)]
        spans += [(letters[start][1], letters[end - 1][1] + 1) for start, end in hits]
        plain = plain.replace(trait, " " * len(trait))  # a name within the name of the business is blotted once
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]}＊＊{text[end:]}"
    return text


def masked_identity(complaint: Complaint, *, by: Capacity) -> dict[str, str]:
    """Return who complains as it may stand on a page (张*, 138****1234), by field; empty for who may not reveal it."""
    return masked(identity_of(complaint, by) if may_reveal(complaint, by) else None)


def masked(identity: Complainant | None) -> dict[str, str]:
    """Return what is known of a complainant with its middle struck out, by field."""
    given = {field: getattr(identity, field) for field in MASKS} if identity is not None else {}
    return {field: MASKS[field](text) for field, text in given.items() if text}


def traits_of(complaint: Complaint, *, by: Capacity) -> Iterator[tuple[str, str]]:
    """Yield what is known of the complainant as (kind in words, text), for checking that a text holds none of it.

    Raises NotAllowed for who does not handle it: to such a reader every text would seem free of traits.
    """
    if not may_reveal(complaint, by):
        raise NotAllowed("只有办理这件投诉的工作人员可以核对投诉人信息。")
    yield from stated(identity_of(complaint, by))


def stated(identity: Complainant | None) -> Iterator[tuple[str, str]]:
    """Yield what a complainant stated as (kind in words, text)."""
    for field, kind in KINDS.items():
        if identity is not None and getattr(identity, field):
            yield kind, getattr(identity, field)


def traits_in(complaint: Complaint, text: str, *, by: Capacity) -> list[str]:
    """Return which traits of the complainant a text holds (姓名, 电话 …), with whatever spaces or dashes."""
    return held_in(text, traits_of(complaint, by=by))


def held_in(text: str, traits: Iterable[tuple[str, str]]) -> list[str]:
    """Return the kinds of those traits (kind in words, text) that a text holds; one letter alone is no trait."""
    plain = _bare(text)
    found = (kind for kind, trait in traits if len(_bare(trait)) > 1 and _bare(trait) in plain)
    return list(dict.fromkeys(found))


def own_traits_in(complaint: Complaint, text: str) -> list[str]:
    """Return which traits of the complainant a text of the complainant's own holds. The caller has checked the code.

    Nothing but the kinds leaves here: the identity is opened for the length of the comparison.
    """
    with opened(HANDLES, complaint.region_code):
        return held_in(text, stated(Complainant.objects.filter(complaint=complaint).first()))


def traits_among(complaints: Sequence[Complaint], text: str, *, by: Capacity) -> list[str]:
    """Return which traits of any of these complainants a text holds, all read at once. Raises as `traits_of`."""
    if not all(may_reveal(complaint, by) for complaint in complaints):
        raise NotAllowed("只有办理这些投诉的工作人员可以核对投诉人信息。")
    plain = _bare(text)
    with opened(HANDLES, by.jurisdiction.prefix):
        identities = list(Complainant.objects.filter(complaint__in=complaints))
    known = ((kind, _bare(getattr(identity, field))) for identity in identities for field, kind in KINDS.items())
    return list(dict.fromkeys(kind for kind, trait in known if len(trait) > 1 and trait in plain))


def require_nameless(complaint: Complaint, refusal: str, *, by: Capacity, **texts: str) -> None:
    """Raise InvalidInput if a text that is kept in the open (letters, the trail) holds a trait of the complainant.

    `texts` is by field; `refusal` says what was not done.
    """
    found = {field: traits_in(complaint, text, by=by) for field, text in texts.items()}
    problems = {
        field: f"文字里有投诉人的{'、'.join(kinds)}，会留在文书和记录里，请删去后再办理。"
        for field, kinds in found.items()
        if kinds
    }
    if problems:
        raise InvalidInput(refusal, problems)


def _bare(text: str) -> str:
    """Return letters and digits alone, half-width and small: neither spaces, marks nor wide figures hide a trait."""
    return "".join(one for one in unicodedata.normalize("NFKC", text) if one.isalnum()).lower()


def identity_of(complaint: Complaint, by: Capacity) -> Complainant | None:
    """Read the identity through the wall; for acts alone, which have checked that the officer handles the complaint."""
    with opened(HANDLES, by.jurisdiction.prefix):
        return Complainant.objects.filter(complaint=complaint).first()
