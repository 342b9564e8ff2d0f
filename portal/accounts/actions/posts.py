"""Posts: proposed by one, confirmed by another, ended; the three administrators kept apart."""

import datetime

from django.db import models, transaction

from portal.accounts.actions.people import Details, keep_one_who_appoints, must_administer, new_person
from portal.accounts.actions.standing_in import close
from portal.accounts.actions.withdrawing import withdraw
from portal.accounts.capacity import SYSTEM, Capacity
from portal.accounts.models import Delegation, Membership, User
from portal.accounts.roles import ADMINISTRATORS, CASE_WORK, Permission, Role
from portal.accounts.signals import post_proposed
from portal.audit.recording import record
from portal.errors import DomainError, NotAllowed
from portal.jurisdictions.models import Jurisdiction

APART = "系统、安全、审计三类管理员互不兼任，也不兼办件岗位。"


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
    must_administer(by, Permission.MANAGE_PEOPLE, at.code)
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not locked.is_active:
        raise DomainError(f"{locked}的账号已停用，不能任岗。请先恢复账号。")
    refuse_mixed_powers(locked, role, valid_from, valid_to)
    _refuse_mixed_proposals(locked, role, valid_from, valid_to)
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
    post_proposed.send(Membership, post=post, on=on)
    return post


@transaction.atomic
def confirm_post(post: Membership, *, by: Capacity, on: datetime.date) -> Membership:
    """Confirm a proposed post: by a security administrator of the same or a higher bureau, and never by oneself."""
    locked = _proposed(post)
    must_administer(by, Permission.GRANT_ROLES, locked.region_code)
    if locked.proposed_by_id in by.people or locked.user_id in by.people:
        raise NotAllowed("提出授权的人和任岗的人都不能核准这项授权。请由另一位安全管理员核准。")
    if locked.valid_to is not None and locked.valid_to < on:
        raise DomainError(f"这项授权只到 {locked.valid_to}，期间已过，不能核准。请退回，由系统管理员重新提出。")
    if not User.objects.select_for_update(no_key=True).get(pk=locked.user_id).is_active:
        raise DomainError(f"{locked.user}的账号已停用，不能任岗。请先恢复账号。")
    refuse_mixed_powers(locked.user, locked.role, locked.valid_from, locked.valid_to)
    locked.confirmed_by, locked.confirmed_on = by.user, on
    locked.save(update_fields=["confirmed_by", "confirmed_on"])
    record("post.confirmed", locked, by=by, on=on, person=locked.user_id, role=locked.role)
    return locked


@transaction.atomic
def refuse_post(post: Membership, *, because: str, by: Capacity, on: datetime.date) -> Membership:
    """Send a proposed post back with a reason."""
    locked = _proposed(post)
    must_administer(by, Permission.GRANT_ROLES, locked.region_code)
    locked.refused_on, locked.because = on, because
    locked.save(update_fields=["refused_on", "because"])
    record("post.refused", locked, by=by, on=on, person=locked.user_id, role=locked.role, because=because)
    return locked


@transaction.atomic
def end_post(post: Membership, *, because: str, by: Capacity, on: datetime.date) -> Membership:
    """End a post; yesterday was its last day, so the very next click of its holder finds it gone.

    With it end the stand-ins it was given to, and those its holder took on as a colleague of the bureau. One that was
    only proposed is withdrawn: it never was a post, and nobody can confirm it any more. Raises DomainError if nobody
    would be left who proposes, or who confirms, posts of that bureau.
    """
    must_administer(by, Permission.MANAGE_PEOPLE, post.region_code)
    keep_one_who_appoints([post], on)
    locked = Membership.objects.select_for_update(of=("self",)).select_related("jurisdiction", "user").get(pk=post.pk)
    if locked.refused_on is not None:
        raise DomainError(f"这项授权已于 {locked.refused_on} 退回或撤回，不用再结束。")
    if locked.valid_to is not None and locked.valid_to < on:
        raise DomainError(f"这个岗位已于 {locked.valid_to} 结束。")
    if locked.confirmed_by_id is None:
        return withdraw(locked, because, by=by, on=on)
    locked.valid_to, locked.because = on - datetime.timedelta(days=1), because
    locked.save(update_fields=["valid_to", "because"])
    for delegation in _to_be_closed(locked, on):
        close(delegation, "岗位结束", by=by, on=on)
    record("post.ended", locked, by=by, on=on, person=locked.user_id, role=locked.role, because=because)
    return locked


@transaction.atomic
def appoint_first_administrators(
    people: dict[Role, Details], *, at: Jurisdiction, on: datetime.date
) -> list[Membership]:
    """Make a bureau's first system, security and audit administrator, from the console; each is confirmed by another.

    Raises DomainError if the bureau has administrators already, or if a user name or mail address is taken.
    """
    if Membership.objects.in_force(on).filter(jurisdiction=at, role__in=ADMINISTRATORS).exists():
        raise DomainError(f"{at.name}已有管理员。请由他们在“人员和岗位”里办理。")
    taken = models.Q()
    for details in people.values():
        taken |= models.Q(username__iexact=details.username) | models.Q(email__iexact=details.email)
    if somebody := User.objects.filter(taken).first():
        raise DomainError(f"用户名“{somebody.username}”或邮箱“{somebody.email}”已有人使用，请换一个。")
    made = {role: new_person(details, at.code, by=SYSTEM, on=on) for role, details in people.items()}
    confirmers = dict(zip(made, [*list(made.values())[1:], next(iter(made.values()))], strict=True))
    posts = []
    for role, person in made.items():
        post = Membership.objects.create(
            user=person, jurisdiction=at, role=role, valid_from=on, confirmed_by=confirmers[role], confirmed_on=on
        )
        record("post.confirmed", post, by=SYSTEM, on=on, person=person.pk, role=role, first=True)
        posts.append(post)
    return posts


def refuse_mixed_powers(person: User, role: str, valid_from: datetime.date, valid_to: datetime.date | None) -> None:
    """Raise NotAllowed if the post would mix an administrator's power with another's or with case work (三员分立)."""
    if role in ADMINISTRATORS:
        _refuse_stand_in(person, role, valid_from, valid_to)
    held = Membership.objects.filter(user=person, confirmed_by__isnull=False)
    if other := _mixed_with(held, role, valid_from, valid_to):
        raise NotAllowed(
            f"{person}现任{other.jurisdiction.name}“{other.get_role_display()}”，不能同时任“{Role(role).label}”："
            f"{APART}请另选一位，或先结束原岗位。"
        )


def _refuse_mixed_proposals(person: User, role: str, valid_from: datetime.date, valid_to: datetime.date | None) -> None:
    """Raise NotAllowed if another post that waits for confirmation would mix powers with this one (三员分立)."""
    if other := _mixed_with(Membership.objects.proposed().filter(user=person), role, valid_from, valid_to):
        raise NotAllowed(
            f"已为{person}提出{other.jurisdiction.name}“{other.get_role_display()}”，正等核准，"
            f"不能再提“{Role(role).label}”：{APART}请另选一位，或先撤回那一项。"
        )


def _mixed_with(
    posts: "models.QuerySet[Membership]", role: str, valid_from: datetime.date, valid_to: datetime.date | None
) -> Membership | None:
    posts = posts.filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=valid_from))
    if valid_to:
        posts = posts.filter(valid_from__lte=valid_to)
    return next((post for post in posts.select_related("jurisdiction") if _kind(post.role) != _kind(role)), None)


def _refuse_stand_in(person: User, role: str, valid_from: datetime.date, valid_to: datetime.date | None) -> None:
    taken = Delegation.objects.open(valid_from).filter(delegate=person)
    if valid_to:
        taken = taken.filter(starts_on__lte=valid_to)
    if other := taken.select_related("membership__jurisdiction", "membership__user").first():
        raise NotAllowed(
            f"{person}代{other.membership.user}办理{other.membership.jurisdiction.name}"
            f"“{other.membership.get_role_display()}”到 {other.ends_on}，不能同时任“{Role(role).label}”。"
            "请另选一位，或先终止这项委托。"
        )


def _to_be_closed(post: Membership, on: datetime.date) -> list[Delegation]:
    """Return the delegations an ended post takes along: given from it, and received by a holder left without one."""
    given = models.Q(membership=post)
    others = Membership.objects.in_force(on).filter(user=post.user, jurisdiction=post.jurisdiction)
    if not others.filter(role__in=CASE_WORK).exists():
        given |= models.Q(delegate=post.user, membership__jurisdiction=post.jurisdiction)
    return list(Delegation.objects.open(on).filter(given).select_related("membership__jurisdiction").order_by("pk"))


def _kind(role: str) -> str:
    return role if role in ADMINISTRATORS else "case"


def _proposed(post: Membership) -> Membership:
    locked = Membership.objects.select_for_update(of=("self",)).select_related("jurisdiction", "user").get(pk=post.pk)
    if locked.confirmed_by_id or locked.refused_on:
        raise DomainError("这项授权刚刚已由他人处理。请刷新页面查看。")
    return locked
