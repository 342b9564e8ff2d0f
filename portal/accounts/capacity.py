"""In what capacity a person acts now: an officer in a post, an operator's representative, or neither."""

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import translation
from guardian.shortcuts import get_objects_for_user

from portal.accounts.models import Delegation, Membership, User, in_force
from portal.accounts.roles import permissions_of
from portal.errors import NotAllowed
from portal.jurisdictions.models import Jurisdiction

if TYPE_CHECKING:
    from django.db.models import Model

SESSION_KEY = "capacity"
REPRESENT = "bases.represent_operator"
LONGEST_KEY = 18  # digits; more do not fit a primary key


@dataclass(frozen=True)
class Capacity:
    """Who acts, as what. Passed to every action as `by=`; its label goes into the audit trail."""

    kind: str  # officer | operator | system | visitor
    key: str = ""
    user: User | None = None
    membership: Membership | None = None
    delegation: Delegation | None = None
    operator: "Model | None" = None
    permissions: frozenset[str] = field(default_factory=frozenset)

    @property
    def user_id(self) -> int | None:
        """The person's id; None for the system and for visitors."""
        return self.user.pk if self.user else None

    @property
    def person(self) -> User:
        """The person, where an act needs one. Raises NotAllowed for the system and for visitors."""
        if self.user is None:
            raise NotAllowed("这一步要由登录的人员办理，请先登录。")
        return self.user

    @property
    def people(self) -> frozenset[int]:
        """Whose hands these are: the person and, for a stand-in, the absent officer too.

        Separation of duties compares sets: `by.people` must not meet those who did the step before.
        """
        ids = {self.user.pk} if self.user else set()
        if self.membership:
            ids.add(self.membership.user_id)
        return frozenset(ids)

    @property
    def jurisdiction(self) -> Jurisdiction:
        """The officer's territory. Raises AttributeError for anybody else: check `kind` first."""
        if self.membership is None:
            raise AttributeError("只有工作人员有管辖区域。")
        return self.membership.jurisdiction

    @property
    def label(self) -> str:
        """The person and the capacity in one line, as audit trail and timeline show it: always in Chinese."""
        name = str(self.user) if self.user else ""
        if self.membership:
            with translation.override(settings.LANGUAGE_CODE):  # records do not follow the reader's language
                post = f"{self.membership.jurisdiction.name} {self.membership.get_role_display()}"
            on_behalf = f"（代{self.membership.user}）" if self.delegation else ""
            return f"{name}{on_behalf} · {post}"
        if self.operator:
            return f"{name} · {self.operator}"
        return name or ("系统" if self.kind == "system" else "访客")

    @property
    def title(self) -> str:
        """The capacity alone, as the switcher shows it."""
        if self.membership:
            post = f"{self.membership.jurisdiction.name} · {self.membership.get_role_display()}"
            return f"{post}（代{self.membership.user}）" if self.delegation else post
        return str(self.operator) if self.operator else ""

    @property
    def title_on_record(self) -> str:
        """The capacity alone, as an opinion keeps it: in Chinese, whatever language the person reads."""
        with translation.override(settings.LANGUAGE_CODE):
            return self.title

    def may(self, permission: str) -> bool:
        """Whether the capacity holds the permission (its territory is checked by the fetch, the desk by the act)."""
        return permission in self.permissions


SYSTEM = Capacity(kind="system")
VISITOR = Capacity(kind="visitor")


def officer(membership: Membership, *, user: User | None = None, delegation: Delegation | None = None) -> Capacity:
    """Return the capacity of a post; with `delegation`, of its stand-in."""
    key = f"delegate:{delegation.pk}" if delegation else f"officer:{membership.pk}"
    return Capacity(
        kind="officer",
        key=key,
        user=user or membership.user,
        membership=membership,
        delegation=delegation,
        permissions=permissions_of(membership.role),
    )


def representative(user: User, operator: "Model") -> Capacity:
    """Return the capacity of a person who represents an operator."""
    return Capacity(kind="operator", key=f"operator:{operator.pk}", user=user, operator=operator)


def operators_of(user: User) -> "models.QuerySet[Model]":
    """Return the operators a person represents: a grant per object, kept by guardian."""
    model = apps.get_model("bases", "Operator")
    return get_objects_for_user(user, REPRESENT, klass=model, use_groups=False, with_superuser=False)


def capacities(user: User, on: datetime.date) -> list[Capacity]:
    """Return every capacity in which the person may act on that day: posts, stand-ins, operators."""
    found = [officer(post, user=user) for post in _posts(user, on).order_by("jurisdiction__code", "role")]
    found += [_stand_in(user, delegation) for delegation in _stand_ins(user, on).order_by("pk")]
    found += [representative(user, operator) for operator in operators_of(user).order_by("pk")]
    return found


def capacity_by_key(user: User, key: str, on: datetime.date) -> Capacity | None:
    """Return the capacity of that key if the person holds it on that day, with one query; None if they do not."""
    kind, _, raw = key.partition(":")
    if not (raw.isascii() and raw.isdigit() and len(raw) <= LONGEST_KEY):
        return None
    if kind == "officer":
        post = _posts(user, on).filter(pk=int(raw)).first()
        return officer(post, user=user) if post else None
    if kind == "delegate":
        delegation = _stand_ins(user, on).filter(pk=int(raw)).first()
        return _stand_in(user, delegation) if delegation else None
    operator = operators_of(user).filter(pk=int(raw)).first() if kind == "operator" else None
    return representative(user, operator) if operator else None


def _posts(user: User, on: datetime.date) -> "models.QuerySet[Membership]":
    return Membership.objects.in_force(on).filter(user=user).select_related("jurisdiction")


def _stand_ins(user: User, on: datetime.date) -> "models.QuerySet[Delegation]":
    open_posts = Delegation.objects.running(on).filter(in_force(on, "membership__"), delegate=user)
    return open_posts.by_colleagues(on).select_related("membership__jurisdiction", "membership__user")


def _stand_in(user: User, delegation: Delegation) -> Capacity:
    return officer(delegation.membership, user=user, delegation=delegation)
