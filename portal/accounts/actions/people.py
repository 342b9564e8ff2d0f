"""People: made, changed, closed, opened again; second factors taken away; idle logins closed."""

import datetime
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import models, transaction

from portal.accounts.capacity import SYSTEM, Capacity
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.errors import DomainError, NotAllowed
from portal.jurisdictions.models import Jurisdiction


@dataclass(frozen=True)
class Details:
    """What is known of a new person."""

    name: str
    username: str
    email: str = ""
    phone: str = ""


@transaction.atomic
def create_person(details: Details, *, at: Jurisdiction, by: Capacity, on: datetime.date) -> User:
    """Make a login that may do nothing yet; a post or an operator gives it something to do."""
    must_administer(by, Permission.MANAGE_PEOPLE, at.code)
    return new_person(details, at.code, by=by, on=on)


@transaction.atomic
def change_own_details(person: User, details: dict[str, Any], *, by: Capacity, on: datetime.date) -> User:
    """Change one's own name, mail address or phone number; the trail says which, not to what."""
    if by.user_id != person.pk:
        raise NotAllowed("只能修改自己的资料。")
    before = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    changed = [name for name, value in details.items() if getattr(before, name) != value]
    for name in changed:
        setattr(before, name, details[name])
    if changed:
        before.save(update_fields=changed)
        record("person.changed", before, by=by, on=on, fields=changed)
    return before


@transaction.atomic
def deactivate_person(person: User, *, because: str, by: Capacity, on: datetime.date) -> User:
    """Close a login; posts stay on record, sessions end with the next click."""
    if by.kind != "system":
        must_administer(by, Permission.MANAGE_PEOPLE, person.region_code)
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not locked.is_active:
        raise DomainError(f"{locked}的账号已经停用（{locked.disabled_because or '原因未记录'}），不用再停用。")
    locked.is_active = False
    locked.disabled_because = because
    locked.save(update_fields=["is_active", "disabled_because"])
    record("person.deactivated", locked, by=by, on=on, because=because)
    return locked


@transaction.atomic
def reactivate_person(person: User, *, because: str, by: Capacity, on: datetime.date) -> User:
    """Open a closed login again; its idle days count from today."""
    must_administer(by, Permission.MANAGE_PEOPLE, person.region_code)
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if locked.is_active:
        raise DomainError(f"{locked}的账号正在使用，不用恢复。")
    locked.is_active, locked.disabled_because, locked.active_since = True, "", on
    locked.save(update_fields=["is_active", "disabled_because", "active_since"])
    record("person.reactivated", locked, by=by, on=on, because=because)
    return locked


@transaction.atomic
def reset_second_factors(person: User, *, because: str, by: Capacity, on: datetime.date) -> int:
    """Take away the second factors of somebody who lost them; an officer must set up new ones before any work."""
    must_administer(by, Permission.MANAGE_PEOPLE, person.region_code)
    if person.pk in by.people:
        raise NotAllowed("不能重置自己的双因素验证。请由另一位系统管理员办理。")
    count, _rows = Authenticator.objects.filter(user=person).delete()
    if not count:
        raise DomainError(f"{person}没有启用双因素验证，不用重置。")
    record("person.factors_reset", person, by=by, on=on, because=because)
    return count


def disable_idle(*, days: int, on: datetime.date) -> int:
    """Close every login that nobody used for `days` days (GB/T 22239 §8.1.4.2 c); return how many."""
    line = on - datetime.timedelta(days=days)
    since = models.functions.Coalesce("active_since", models.functions.TruncDate("date_joined"))
    idle = User.objects.annotate(since=since).filter(
        models.Q(last_login__isnull=True) | models.Q(last_login__date__lt=line), is_active=True, since__lt=line
    )
    found = list(idle.order_by("pk"))
    for person in found:
        deactivate_person(person, because=f"连续 {days} 天没有登录", by=SYSTEM, on=on)
    return len(found)


def new_person(details: Details, region_code: str, *, by: Capacity, on: datetime.date) -> User:
    """Make the login itself, kept by the administrators of that region; without a password."""
    person = User(
        username=details.username,
        name=details.name,
        email=details.email,
        phone=details.phone,
        region_code=region_code,
        active_since=on,
    )
    person.set_unusable_password()
    person.save()
    record("person.created", person, by=by, on=on)
    return person


def must_administer(by: Capacity, permission: str, region_code: str) -> None:
    """Raise NotAllowed unless `by` holds the permission over that region."""
    if by.kind != "officer" or not by.may(permission) or not by.jurisdiction.covers(region_code or "000000"):
        raise NotAllowed("这项人员管理要由管辖该地区的管理员办理。")
