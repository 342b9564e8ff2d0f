"""An operator's people: who acts for it, invited and ended by its own manager."""

import datetime

from django.db import models, transaction
from guardian.shortcuts import assign_perm, remove_perm

from portal.accounts.actions.people import Details, new_person, reopen
from portal.accounts.capacity import REPRESENT, SYSTEM, Capacity
from portal.accounts.models import Membership, Representative, User
from portal.audit.recording import record
from portal.errors import DomainError, NotAllowed


@transaction.atomic
def represent(
    person: User, operator: models.Model, *, manager: bool, by: Capacity, on: datetime.date
) -> Representative:
    """Let a person act for an operator: guardian's grant on that operator, and a row that says who gave it."""
    row, created = Representative.objects.get_or_create(
        user=person,
        operator_id=operator.pk,
        ended_on=None,
        defaults={
            "operator_name": str(operator),
            "region_code": operator.region_code,  # type: ignore[attr-defined]  # an Operator, above this package
            "manager": manager,
            "granted_by": by.user,
            "granted_on": on,
        },
    )
    if not created:
        raise DomainError(f"{person}已经是{operator}的经办人员。")
    assign_perm(REPRESENT, person, operator)
    record("representative.granted", row, by=by, on=on, person=person.pk, manager=manager)
    return row


@transaction.atomic
def invite_colleague(
    details: Details, operator: models.Model, *, manager: bool, by: Capacity, on: datetime.date
) -> User:
    """Let an operator's manager make a login for a colleague who acts for the same operator."""
    _must_manage(operator.pk, by)
    person = new_person(details, operator.region_code, by=by, on=on)  # type: ignore[attr-defined]  # an Operator
    represent(person, operator, manager=manager, by=by, on=on)
    return person


@transaction.atomic
def create_representative(details: Details, operator: models.Model, *, password: str, on: datetime.date) -> User:
    """Make the login of the first person of an operator that registered itself; they keep its people."""
    region: str = operator.region_code  # type: ignore[attr-defined]  # an Operator, above this package
    person = new_person(details, region, by=SYSTEM, on=on)
    person.set_password(password)
    person.save()
    represent(person, operator, manager=True, by=Capacity(kind="operator", user=person, operator=operator), on=on)
    return person


@transaction.atomic
def end_representation(
    row: Representative, operator: models.Model, *, because: str, by: Capacity, on: datetime.date
) -> Representative:
    """End a person's part at an operator, with its grant. The last manager cannot go: somebody must keep the people."""
    _must_manage(row.operator_id, by)
    standing = Representative.objects.select_for_update().filter(operator_id=row.operator_id, ended_on__isnull=True)
    locked = next((each for each in standing if each.pk == row.pk), None)
    if locked is None:
        raise DomainError(f"{row.user}已不是{row.operator_name}的经办人员。")
    if locked.manager and not any(each.manager for each in standing if each.pk != locked.pk):
        raise DomainError("这是最后一位人员管理员。请先指定另一位，再结束这一位。")
    locked.ended_on, locked.ended_because = on, because
    locked.save(update_fields=["ended_on", "ended_because"])
    remove_perm(REPRESENT, locked.user, operator)
    record("representative.ended", locked, by=by, on=on, person=locked.user_id, because=because)
    return locked


@transaction.atomic
def reactivate_colleague(row: Representative, *, because: str, by: Capacity, on: datetime.date) -> User:
    """Let an operator's manager open the closed login of a colleague who still acts for the operator.

    Not of one who is an officer besides: that login is kept by the administrators of the bureau.
    """
    _must_manage(row.operator_id, by)
    if row.ended_on is not None:
        raise DomainError(f"{row.user}已不是{row.operator_name}的经办人员，不能在这里恢复账号。")
    if Membership.objects.open(on).filter(user=row.user).exists():
        raise NotAllowed(f"{row.user}另有主管部门的岗位，账号由该机关系统管理员恢复。")
    return reopen(row.user, because=because, by=by, on=on)


def manages(operator_id: int, person_id: int | None) -> bool:
    """Whether the person keeps the people of that operator."""
    return (
        person_id is not None
        and Representative.objects.filter(
            operator_id=operator_id, user_id=person_id, manager=True, ended_on__isnull=True
        ).exists()
    )


def _must_manage(operator_id: int, by: Capacity) -> None:
    if by.operator is None or by.operator.pk != operator_id or not manages(operator_id, by.user_id):
        raise NotAllowed("只有本机构的人员管理员能增减经办人员。")
