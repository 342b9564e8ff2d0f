"""What stands in an address: for each argument of the URLconf, something it can name.

The permission table opens every address with these. Whoever adds an address with a new argument adds it here:
`"application": …` for every address, or `"applications:visit:pk": …` for one alone. A subject says where it lies, so
that the table knows who is a stranger to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.factories import people
from tests.factories.cast import Cast

NOT_THERE = 999_999_999


@dataclass(frozen=True)
class Subject:
    """A value for an argument. `region`: where it lies; empty for what belongs to nobody (a page name, a code).

    `missing` is a value that fits the address but names nothing. `own` tells whose it is when only that person may see
    it (an operator's own, a person's own), by their part in the cast.
    """

    value: Any
    region: str = ""
    missing: Any = NOT_THERE
    own: frozenset[str] = frozenset()
    shared_below: bool = False


def plain(value: Any, missing: Any = None) -> Callable[[Cast], Subject]:
    """Return the maker of a value that belongs to nobody."""
    return lambda cast: Subject(value, missing=missing if missing is not None else value)


def _post(cast: Cast) -> Subject:
    made = people.post(people.person("待核准"), cast.province.code, "caseworker", confirmed_by=cast.approver.user)
    type(made).objects.filter(pk=made.pk).update(confirmed_by=None, proposed_by=cast.system_admin.user_id)
    return Subject(made.pk, cast.province.code)


def _person(cast: Cast) -> Subject:
    return Subject(cast.county_caseworker.user_id, cast.county.code)


def _own_post(cast: Cast) -> Subject:
    post = cast.county_caseworker.membership
    assert post is not None
    return Subject(post.pk, cast.county.code, own=frozenset({"county_caseworker"}))


SUBJECTS: dict[str, Callable[[Cast], Subject]] = {
    "role": plain("public"),
    "shell": plain("desk"),
    "person": _person,
    "post": _post,
    "accounts:delegate:post": _own_post,
    "delegation": lambda cast: Subject(NOT_THERE),
    "accounts:end_colleague:row": lambda cast: Subject(NOT_THERE),
    "uidb36": plain("1"),
    "key": plain("set-password"),
    "mfa_remove_webauthn:pk": lambda cast: Subject(NOT_THERE),
    "mfa_edit_webauthn:pk": lambda cast: Subject(NOT_THERE),
}


def subject_for(name: str, argument: str, cast: Cast) -> Subject:
    """Return the subject of one argument of the address `name`. Raises KeyError if nobody said what it names."""
    maker = SUBJECTS.get(f"{name}:{argument}") or SUBJECTS.get(argument)
    if maker is None:
        raise KeyError(
            f"{name}: nobody said what the argument {argument!r} names; add it to tests/factories/subjects.py"
        )
    return maker(cast)
