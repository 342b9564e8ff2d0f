"""People: made, changed, closed, opened again; second factors taken away; idle logins closed."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import models, transaction

from portal.accounts.actions.withdrawing import withdraw
from portal.accounts.capacity import SYSTEM, Capacity
from portal.accounts.mailing import mail_password_link
from portal.accounts.models import Membership, Representative, User
from portal.accounts.roles import Permission, Role
from portal.audit.recording import record
from portal.errors import DomainError, NotAllowed
from portal.jurisdictions.models import Jurisdiction

APPOINTING = {Role.SYSTEM_ADMIN: "提出", Role.SECURITY_ADMIN: "核准"}


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
    """Change one's own name, mail address or phone number; the trail says which, not to what.

    A mail address that was given up leads nowhere from then on: allauth keeps a copy of it, by which it would still
    send the link to a new password there.
    """
    if by.user_id != person.pk:
        raise NotAllowed("只能修改自己的资料。")
    before = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    changed = [name for name, value in details.items() if getattr(before, name) != value]
    for name in changed:
        setattr(before, name, details[name])
    if changed:
        before.save(update_fields=changed)
        if "email" in changed:
            EmailAddress.objects.filter(user=before).delete()
        record("person.changed", before, by=by, on=on, fields=changed)
    return before


@transaction.atomic
def deactivate_person(person: User, *, because: str, by: Capacity, on: datetime.date) -> User:
    """Close a login; sessions end with the next click. Posts stay, and serve again once the login is open again; those
    that were only proposed are withdrawn. Raises DomainError for the last one who can appoint others; a login that was
    idle too long is closed all the same.
    """
    if by.kind != "system":
        must_administer(by, Permission.MANAGE_PEOPLE, person.region_code)
        keep_one_who_appoints(Membership.objects.in_force(on).filter(user=person).select_related("jurisdiction"), on)
    waiting = list(Membership.objects.proposed().filter(user=person).select_for_update().order_by("pk"))
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)  # posts first, as whoever confirms them
    if not locked.is_active:
        raise DomainError(f"{locked}的账号已经停用（{locked.disabled_because or '原因未记录'}），不用再停用。")
    locked.is_active = False
    locked.disabled_because = because
    locked.save(update_fields=["is_active", "disabled_because"])
    for post in waiting:
        withdraw(post, f"账号停用：{because}"[:200], by=by, on=on)
    record("person.deactivated", locked, by=by, on=on, because=because)
    return locked


@transaction.atomic
def reactivate_person(person: User, *, because: str, by: Capacity, on: datetime.date) -> User:
    """Open a closed login again; its idle days count from today."""
    must_administer(by, Permission.MANAGE_PEOPLE, person.region_code)
    return reopen(person, because=because, by=by, on=on)


def reopen(person: User, *, because: str, by: Capacity, on: datetime.date) -> User:
    """Open a closed login for whoever was found to be in charge of it, inside their act."""
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if locked.is_active:
        raise DomainError(f"{locked}的账号正在使用，不用恢复。")
    locked.is_active, locked.disabled_because, locked.active_since = True, "", on
    locked.save(update_fields=["is_active", "disabled_because", "active_since"])
    record("person.reactivated", locked, by=by, on=on, because=because)
    return locked


@transaction.atomic
def reset_second_factors(person: User, *, because: str, by: Capacity, on: datetime.date) -> int:
    """Take away the second factors of somebody who lost them; an officer must set up new ones before any work.

    Their sessions end: one that is open somewhere was entered with the factor that is gone.
    """
    must_administer(by, Permission.MANAGE_PEOPLE, person.region_code)
    if person.pk in by.people:
        raise NotAllowed("不能重置自己的双因素验证。请由另一位系统管理员办理。")
    count, _rows = Authenticator.objects.filter(user=person).delete()
    if not count:
        raise DomainError(f"{person}没有启用双因素验证，不用重置。")
    for session in UserSession.objects.filter(user=person):
        session.end()
    record("person.factors_reset", person, by=by, on=on, because=because)
    return count


def send_password_link(person: User, *, by: Capacity, on: datetime.date) -> None:
    """Mail a person the link to a new password. Recorded once it went out: the trail's lock does not wait for mail.

    Raises DomainError where there is no address, or where the mail server does not take it.
    """
    must_administer(by, Permission.MANAGE_PEOPLE, person.region_code)
    if not person.email:
        raise DomainError(f"{person}没有登记邮箱，链接没有地方可发。请在新建时登记邮箱，或请本人登录后补登记。")
    if not mail_password_link(person):
        raise DomainError("邮件没有发出，邮件服务器没有应答。账号没有变化，请稍后重发。")
    with transaction.atomic():
        record("person.link_sent", person, by=by, on=on)


def disable_idle(*, days: int, on: datetime.date) -> int:
    """Close every login that nobody used for `days` days (GB/T 22239 §8.1.4.2 c); return how many.

    Not those of an operator's people: they come once a year, and their part there is what keeps the login in use.
    """
    line = on - datetime.timedelta(days=days)
    since = models.functions.Coalesce("active_since", models.functions.TruncDate("date_joined"))
    idle = User.objects.annotate(since=since).filter(
        models.Q(last_login__isnull=True) | models.Q(last_login__date__lt=line), is_active=True, since__lt=line
    )
    acting = models.Q(pk__in=Representative.objects.filter(ended_on__isnull=True).values("user"))
    posts = models.Q(pk__in=Membership.objects.in_force(on).values("user"))
    found = list(idle.exclude(acting & ~posts).order_by("pk"))
    for person in found:
        deactivate_person(person, because=f"连续 {days} 天没有登录", by=SYSTEM, on=on)
    return len(found)


def new_person(details: Details, region_code: str, *, by: Capacity, on: datetime.date) -> User:
    """Make the login itself, kept by the administrators of that region; without a password.

    Raises DomainError for a user name that could be taken for somebody's mail address.
    """
    if "@" in details.username:
        raise DomainError(f"用户名“{details.username}”带有 @，容易与邮箱混淆。请换一个不带 @ 的用户名。")
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


def keep_one_who_appoints(posts: Iterable[Membership], on: datetime.date) -> None:
    """Raise DomainError if, without these posts of one person, nobody at their bureau or above it could propose posts
    (system administrator) or confirm them (security administrator): there would be no way back but the console.

    Holds the administrators concerned, so that of the last two who go at once one stays.
    """
    going = {post.pk: post for post in posts if post.role in APPOINTING}
    for post in going.values():
        bureaus = [place.pk for place in post.jurisdiction.lineage()]
        held = Membership.objects.in_force(on).filter(role=post.role, jurisdiction__in=bureaus, user__is_active=True)
        standing = list(held.select_for_update(of=("self",)).order_by("pk"))
        if standing and all(each.pk in going for each in standing):
            role = Role(post.role)
            raise DomainError(
                f"这是{post.jurisdiction.name}最后一位{role.label}，结束后没有人能{APPOINTING[role]}岗位授权。"
                f"请先让另一位任“{role.label}”，再结束这一位。"
            )


def must_administer(by: Capacity, permission: str, region_code: str) -> None:
    """Raise NotAllowed unless `by` holds the permission over that region."""
    if by.kind != "officer" or not by.may(permission) or not by.jurisdiction.covers(region_code or "000000"):
        raise NotAllowed("这项人员管理要由管辖该地区的管理员办理。")
