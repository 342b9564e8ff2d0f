"""People and their posts."""

import datetime
from itertools import count

from guardian.shortcuts import assign_perm

from bases.models import Operator
from portal.accounts import capacity as capacities
from portal.accounts.capacity import Capacity
from portal.accounts.models import Membership, Representative, User
from portal.accounts.roles import Role
from portal.jurisdictions.models import Jurisdiction

LONG_AGO = datetime.date(2020, 1, 1)
_numbers = count(1)


def place(code: str | Jurisdiction) -> Jurisdiction:
    """Return a division by its code; one that is at hand already as it is."""
    return code if isinstance(code, Jurisdiction) else Jurisdiction.objects.get(code=code)


def person(name: str = "", **fields: object) -> User:
    """Return a saved person with a login and a mail address, without a usable password."""
    number = next(_numbers)
    user = User(
        username=f"person{number}",
        name=name or f"人员{number}",
        email=f"person{number}@example.org",
        **fields,
    )
    user.set_unusable_password()
    user.save()
    return user


def post(user: User, code: str | Jurisdiction, role: str, **fields: object) -> Membership:
    """Return a confirmed post of the person at the bureau of that code."""
    confirmer = fields.pop("confirmed_by", None) or user
    return Membership.objects.create(
        user=user,
        jurisdiction=place(code),
        role=role,
        **{"valid_from": LONG_AGO, "confirmed_by": confirmer, **fields},
    )


def officer(name: str, code: str | Jurisdiction, role: str = Role.CASEWORKER) -> Capacity:
    """Return the capacity of a new person in a post."""
    return capacities.officer(post(person(name), code, role))


def representative(name: str, operator: Operator, *, manager: bool = False) -> Capacity:
    """Return the capacity of a new person who represents the operator; as manager, who keeps its people too."""
    user = person(name)
    assign_perm(capacities.REPRESENT, user, operator)
    Representative.objects.create(
        user=user,
        operator_id=operator.pk,
        operator_name=operator.name,
        region_code=operator.region_code,
        manager=manager,
        granted_on=LONG_AGO,
    )
    return capacities.representative(user, operator)
