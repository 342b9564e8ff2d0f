"""Stand-ins: a post delegated for an absence (委托代办), taken back, ended by itself."""

import datetime

from django.db import models, transaction

from portal.accounts.capacity import SYSTEM, Capacity
from portal.accounts.models import Delegation, Membership, User
from portal.accounts.roles import ADMINISTRATORS, CASE_WORK
from portal.accounts.signals import delegation_given
from portal.audit.recording import record
from portal.errors import DomainError, NotAllowed

LONGEST_DELEGATION = datetime.timedelta(days=90)


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
    if not locked.handles_cases:
        raise NotAllowed("监督岗只查看、不办理，没有可以委托的事项。")
    _check_days(starts_on, ends_on, on)
    _refuse_administrator(to, starts_on, ends_on)
    posts = Membership.objects.in_force(on).filter(user=to, jurisdiction=locked.jurisdiction)
    if to.pk == locked.user_id or not to.is_active or not posts.filter(role__in=CASE_WORK).exists():
        raise DomainError(f"代办人须是{locked.jurisdiction.name}现任办件岗位的其他工作人员。请另选一位。")
    others = Delegation.objects.open(starts_on).filter(membership=locked)
    if clash := others.filter(starts_on__lte=ends_on).first():
        taken = f"{clash.starts_on} 至 {clash.ends_on} 已委托{clash.delegate}代办"
        raise DomainError(f"{taken}，日期有重叠。请先收回或改日期。")
    made = Delegation.objects.create(
        membership=locked, delegate=to, starts_on=starts_on, ends_on=ends_on, reason=reason, created_by=locked.user
    )
    record("delegation.given", made, by=by, on=on, to=to.pk, starts_on=starts_on, ends_on=ends_on, reason=reason)
    delegation_given.send(Delegation, delegation=made, on=on)
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
    return close(locked, "提前收回", by=by, on=on)


def end_delegations(*, on: datetime.date) -> list[Delegation]:
    """Record the end of delegations whose last day has passed; they gave nothing from that day on anyway."""
    over = Delegation.objects.filter(closed_on__isnull=True, revoked_on__isnull=True, ends_on__lt=on)
    return [closed for each in over.order_by("pk") if (closed := _record_end(each.pk, on))]


def _check_days(starts_on: datetime.date, ends_on: datetime.date, on: datetime.date) -> None:
    if starts_on < on:
        raise DomainError(f"起始日 {starts_on} 已过。请填今天（{on}）或以后的日期。")
    if ends_on < starts_on:
        raise DomainError(f"截止日 {ends_on} 早于起始日 {starts_on}。请改其中一项。")
    if ends_on - starts_on > LONGEST_DELEGATION:
        raise DomainError(f"一次最多委托 {LONGEST_DELEGATION.days} 天，现为 {(ends_on - starts_on).days} 天。请缩短。")


def _refuse_administrator(person: User, starts_on: datetime.date, ends_on: datetime.date) -> None:
    """Raise NotAllowed if the person is to be an administrator on one of those days (三员分立)."""
    posts = Membership.objects.filter(user=person, role__in=ADMINISTRATORS, confirmed_by__isnull=False)
    posts = posts.filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=starts_on), valid_from__lte=ends_on)
    if clash := posts.select_related("jurisdiction").first():
        held = f"{clash.jurisdiction.name}“{clash.get_role_display()}”"
        raise NotAllowed(f"{person}在这段时间任{held}，管理员不能代办案件岗位。请另选一位，或改日期。")


def close(delegation: Delegation, because: str, *, by: Capacity, on: datetime.date) -> Delegation:
    """End a delegation before its time, with the reason on record."""
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
