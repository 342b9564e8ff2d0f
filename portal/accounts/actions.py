"""Everything that can happen to a person, a post, and a stand-in. Read top to bottom."""

import datetime
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import models, transaction
from guardian.shortcuts import assign_perm, remove_perm

from portal.accounts.capacity import REPRESENT, SYSTEM, Capacity
from portal.accounts.models import Delegation, Membership, Representative, User
from portal.accounts.roles import ADMINISTRATORS, Permission, Role
from portal.audit.recording import record
from portal.errors import DomainError, NotAllowed
from portal.jurisdictions.models import Jurisdiction

LONGEST_DELEGATION = datetime.timedelta(days=90)


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
    _must_administer(by, Permission.MANAGE_PEOPLE, at.code)
    return _new_person(details, at.code, by=by, on=on)


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
        _must_administer(by, Permission.MANAGE_PEOPLE, person.region_code)
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
    _must_administer(by, Permission.MANAGE_PEOPLE, person.region_code)
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
    _must_administer(by, Permission.MANAGE_PEOPLE, person.region_code)
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


@transaction.atomic
def propose_post(
    person: User,
    *,
    at: Jurisdiction,
    role: str,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    by: Capacity,
    on: datetime.date,
) -> Membership:
    """Propose a post; it holds nothing until a security administrator confirms it."""
    _must_administer(by, Permission.MANAGE_PEOPLE, at.code)
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not locked.is_active:
        raise DomainError(f"{locked}的账号已停用，不能任岗。请先恢复账号。")
    refuse_mixed_powers(locked, role, valid_from, valid_to)
    same = Membership.objects.filter(user=locked, jurisdiction=at, role=role, refused_on__isnull=True)
    if same.filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=valid_from)).exists():
        raise DomainError(f"{locked}在{at.name}已有“{Role(role).label}”岗位，或已提出、正等核准。")
    post = Membership.objects.create(
        user=locked,
        jurisdiction=at,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
        proposed_by=by.user,
        proposed_on=on,
    )
    record("post.proposed", post, by=by, on=on, person=locked.pk, role=role, valid_from=valid_from, valid_to=valid_to)
    return post


@transaction.atomic
def confirm_post(post: Membership, *, by: Capacity, on: datetime.date) -> Membership:
    """Confirm a proposed post: by a security administrator of the same or a higher bureau, and never by oneself."""
    locked = _proposed(post)
    _must_administer(by, Permission.GRANT_ROLES, locked.region_code)
    if locked.proposed_by_id in by.people or locked.user_id in by.people:
        raise NotAllowed("提出授权的人和任岗的人都不能核准这项授权。请由另一位安全管理员核准。")
    User.objects.select_for_update(no_key=True).get(pk=locked.user_id)
    refuse_mixed_powers(locked.user, locked.role, locked.valid_from, locked.valid_to)
    locked.confirmed_by, locked.confirmed_on = by.user, on
    locked.save(update_fields=["confirmed_by", "confirmed_on"])
    record("post.confirmed", locked, by=by, on=on, person=locked.user_id, role=locked.role)
    return locked


@transaction.atomic
def refuse_post(post: Membership, *, because: str, by: Capacity, on: datetime.date) -> Membership:
    """Send a proposed post back with a reason."""
    locked = _proposed(post)
    _must_administer(by, Permission.GRANT_ROLES, locked.region_code)
    locked.refused_on, locked.because = on, because
    locked.save(update_fields=["refused_on", "because"])
    record("post.refused", locked, by=by, on=on, person=locked.user_id, role=locked.role, because=because)
    return locked


@transaction.atomic
def end_post(post: Membership, *, because: str, by: Capacity, on: datetime.date) -> Membership:
    """End a post; yesterday was its last day, so the very next click of its holder finds it gone."""
    _must_administer(by, Permission.MANAGE_PEOPLE, post.region_code)
    locked = Membership.objects.select_for_update(of=("self",)).select_related("jurisdiction", "user").get(pk=post.pk)
    if locked.valid_to is not None and locked.valid_to < on:
        raise DomainError(f"这个岗位已于 {locked.valid_to} 结束。")
    locked.valid_to, locked.because = on - datetime.timedelta(days=1), because
    locked.save(update_fields=["valid_to", "because"])
    for delegation in Delegation.objects.running(on).filter(membership=locked):
        _close(delegation, "岗位结束", by=by, on=on)
    record("post.ended", locked, by=by, on=on, person=locked.user_id, role=locked.role, because=because)
    return locked


@transaction.atomic
def delegate(
    post: Membership,
    *,
    to: User,
    starts_on: datetime.date,
    ends_on: datetime.date,
    reason: str,
    by: Capacity,
    on: datetime.date,
) -> Delegation:
    """Let a colleague of the same bureau act in one's post during an absence (委托代办). It ends by itself."""
    locked = Membership.objects.select_for_update(of=("self",)).select_related("jurisdiction", "user").get(pk=post.pk)
    if by.delegation is not None or by.user_id != locked.user_id:
        raise NotAllowed("只能委托自己的岗位；代办的岗位不能再转委托。")
    if locked.administers:
        raise NotAllowed("管理员岗位不能委托代办。请由系统管理员另行提出授权。")
    _check_days(starts_on, ends_on, on)
    posts = Membership.objects.in_force(on).filter(user=to, jurisdiction=locked.jurisdiction)
    if to.pk == locked.user_id or not to.is_active or not posts.exclude(role__in=ADMINISTRATORS).exists():
        raise DomainError(f"代办人须是{locked.jurisdiction.name}现任的其他工作人员。请另选一位。")
    others = Delegation.objects.filter(membership=locked, revoked_on__isnull=True, ends_on__gte=starts_on)
    if clash := others.filter(starts_on__lte=ends_on).first():
        taken = f"{clash.starts_on} 至 {clash.ends_on} 已委托{clash.delegate}代办"
        raise DomainError(f"{taken}，日期有重叠。请先收回或改日期。")
    made = Delegation.objects.create(
        membership=locked, delegate=to, starts_on=starts_on, ends_on=ends_on, reason=reason, created_by=locked.user
    )
    record("delegation.given", made, by=by, on=on, to=to.pk, starts_on=starts_on, ends_on=ends_on, reason=reason)
    return made


@transaction.atomic
def revoke_delegation(delegation: Delegation, *, by: Capacity, on: datetime.date) -> Delegation:
    """Take a delegation back before its time; the stand-in's next click finds it gone."""
    rows = Delegation.objects.select_for_update(of=("self",)).select_related("membership__jurisdiction")
    locked = rows.get(pk=delegation.pk)
    if locked.membership.user_id != by.user_id and locked.delegate_id != by.user_id:
        raise NotAllowed("只有委托人或代办人能终止这项委托。")
    if locked.revoked_on is not None or locked.ends_on < on:
        raise DomainError(f"这项委托已于 {locked.revoked_on or locked.ends_on} 结束。")
    return _close(locked, "提前收回", by=by, on=on)


def end_delegations(*, on: datetime.date) -> list[Delegation]:
    """Record the end of delegations whose last day has passed; they gave nothing from that day on anyway."""
    over = Delegation.objects.filter(closed_on__isnull=True, revoked_on__isnull=True, ends_on__lt=on)
    return [closed for each in over.order_by("pk") if (closed := _record_end(each.pk, on))]


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
    person = _new_person(details, operator.region_code, by=by, on=on)  # type: ignore[attr-defined]  # an Operator
    represent(person, operator, manager=manager, by=by, on=on)
    return person


@transaction.atomic
def create_representative(details: Details, operator: models.Model, *, password: str, on: datetime.date) -> User:
    """Make the login of the first person of an operator that registered itself; they keep its people."""
    region: str = operator.region_code  # type: ignore[attr-defined]  # an Operator, above this package
    person = _new_person(details, region, by=SYSTEM, on=on)
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


def manages(operator_id: int, person_id: int | None) -> bool:
    """Whether the person keeps the people of that operator."""
    return (
        person_id is not None
        and Representative.objects.filter(
            operator_id=operator_id, user_id=person_id, manager=True, ended_on__isnull=True
        ).exists()
    )


def refuse_mixed_powers(person: User, role: str, valid_from: datetime.date, valid_to: datetime.date | None) -> None:
    """Raise NotAllowed if the post would mix an administrator's power with another's or with case work (三员分立)."""
    held = Membership.objects.filter(user=person, confirmed_by__isnull=False)
    held = held.filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=valid_from))
    if valid_to:
        held = held.filter(valid_from__lte=valid_to)
    for other in held.select_related("jurisdiction"):
        if _kind(other.role) != _kind(role):
            raise NotAllowed(
                f"{person}现任{other.jurisdiction.name}“{other.get_role_display()}”，不能同时任“{Role(role).label}”："
                "系统、安全、审计三类管理员互不兼任，也不兼办件岗位。请另选一位，或先结束原岗位。"
            )


def _kind(role: str) -> str:
    return role if role in ADMINISTRATORS else "case"


def _new_person(details: Details, region_code: str, *, by: Capacity, on: datetime.date) -> User:
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


def _must_administer(by: Capacity, permission: str, region_code: str) -> None:
    if by.kind != "officer" or not by.may(permission) or not by.jurisdiction.covers(region_code or "000000"):
        raise NotAllowed("这项人员管理要由管辖该地区的管理员办理。")


def _must_manage(operator_id: int, by: Capacity) -> None:
    if by.operator is None or by.operator.pk != operator_id or not manages(operator_id, by.user_id):
        raise NotAllowed("只有本机构的人员管理员能增减经办人员。")


def _proposed(post: Membership) -> Membership:
    locked = Membership.objects.select_for_update(of=("self",)).select_related("jurisdiction", "user").get(pk=post.pk)
    if locked.confirmed_by_id or locked.refused_on:
        raise DomainError("这项授权刚刚已由他人处理。请刷新页面查看。")
    return locked


def _check_days(starts_on: datetime.date, ends_on: datetime.date, on: datetime.date) -> None:
    if starts_on < on:
        raise DomainError(f"起始日 {starts_on} 已过。请填今天（{on}）或以后的日期。")
    if ends_on < starts_on:
        raise DomainError(f"截止日 {ends_on} 早于起始日 {starts_on}。请改其中一项。")
    if ends_on - starts_on > LONGEST_DELEGATION:
        raise DomainError(f"一次最多委托 {LONGEST_DELEGATION.days} 天，现为 {(ends_on - starts_on).days} 天。请缩短。")


def _close(delegation: Delegation, because: str, *, by: Capacity, on: datetime.date) -> Delegation:
    delegation.revoked_on = delegation.closed_on = on
    delegation.save(update_fields=["revoked_on", "closed_on"])
    record("delegation.revoked", delegation, by=by, on=on, because=because)
    return delegation


@transaction.atomic
def _record_end(pk: int, on: datetime.date) -> Delegation | None:
    delegation = Delegation.objects.select_for_update(skip_locked=True).filter(pk=pk, closed_on__isnull=True).first()
    if delegation is None:
        return None
    delegation.closed_on = on
    delegation.save(update_fields=["closed_on"])
    record("delegation.ended", delegation, by=SYSTEM, on=on)
    return delegation
