"""Who is to be told or asked: the people behind an operator, and the officers of a bureau who may do a thing."""

import datetime
from collections.abc import Collection

from django.db import models
from guardian.shortcuts import get_users_with_perms

from portal.accounts.models import Delegation, Membership, User
from portal.accounts.roles import ADMINISTRATORS, CASE_WORK, Permission, roles_with
from portal.jurisdictions.models import Jurisdiction

REPRESENT_CODENAME = "represent_operator"


def people_representing(operator: models.Model) -> list[User]:
    """Return the active people who represent an operator (grants per object), in a steady order."""
    people = get_users_with_perms(
        operator, only_with_perms_in=[REPRESENT_CODENAME], with_group_users=False, with_superusers=False
    )
    return list(User.objects.filter(pk__in=people, is_active=True).order_by("pk"))


def officers_at(
    jurisdiction: Jurisdiction, permission: str, on: datetime.date, *, without: Collection[int] = ()
) -> list[User]:
    """Return the active officers whose post at that very bureau gives `permission` on that day, stand-ins included.

    Officers of bureaus above or below are not meant: work lies on one desk. `without`: ids of people who may not do it
    this time, neither themselves nor by a stand-in for them.
    """
    posts = Membership.objects.in_force(on).filter(jurisdiction=jurisdiction, role__in=roles_with(permission))
    posts = posts.exclude(user__in=without)
    stand_ins = Delegation.objects.running(on).by_colleagues(on).filter(membership__in=posts)
    return list(
        User.objects.filter(
            models.Q(pk__in=posts.values("user")) | models.Q(pk__in=stand_ins.values("delegate")), is_active=True
        )
        .exclude(pk__in=without)
        .order_by("pk")
    )


def who_appoints(jurisdiction: Jurisdiction, on: datetime.date) -> list[User]:
    """Return the system administrators of the nearest bureau, from this one upwards, that has any: they propose who
    takes a post that nobody holds.
    """
    for bureau in jurisdiction.lineage():
        if found := officers_at(bureau, Permission.MANAGE_PEOPLE, on):
            return found
    return []


def who_confirms(post: Membership, on: datetime.date) -> list[User]:
    """Return the security administrators of the nearest bureau, from the post's own upwards, that has one who may
    confirm it: neither whoever proposed it nor its holder.
    """
    for bureau in post.jurisdiction.lineage():
        officers = officers_at(bureau, Permission.GRANT_ROLES, on)
        if found := [each for each in officers if each.pk not in {post.proposed_by_id, post.user_id}]:
            return found
    return []


def stand_ins_for(post: Membership, on: datetime.date) -> "models.QuerySet[User]":
    """Return who may act in a post during an absence: active, with a post of case work at the same bureau on that day,
    and not its holder. Administrators (三员分立) and those who only supervise are never among them.
    """
    held = Membership.objects.in_force(on)
    colleagues = held.filter(jurisdiction=post.jurisdiction, role__in=CASE_WORK)
    return (
        User.objects.filter(pk__in=colleagues.values("user"), is_active=True)
        .exclude(pk__in=held.filter(role__in=ADMINISTRATORS).values("user"))
        .exclude(pk=post.user_id)
    )
