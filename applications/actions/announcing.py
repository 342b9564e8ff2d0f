"""Who learns of a call that was published: who may answer it, and the bureaus that will handle the answers."""

import datetime

from guardian.models import UserObjectPermission

from applications import notices
from applications.models import Call
from applications.rules import ApplicationPolicy
from bases.models import Operator
from portal.accounts.models import Membership, User
from portal.accounts.people import REPRESENT_CODENAME
from portal.accounts.roles import Permission, roles_with
from portal.notifications.notify import notify
from portal.policies.loader import pack_of


def announce(call: Call, *, on: datetime.date) -> None:
    """Tell of a call: the operators of the bases it reaches, and below its bureau those who give opinions on it.

    Two queries however many there are; what is told waits for the daily digest.
    """
    notify(notices.call_published(call), to=_operators(call), about=call, on=on)
    notify(notices.call_ahead(call), to=_officers_below(call, on), about=call, on=on)


def _operators(call: Call) -> list[User]:
    reached = Operator.objects.filter(bases__region_code__startswith=call.jurisdiction.prefix)
    keys = [str(pk) for pk in reached.values_list("pk", flat=True).distinct()]
    grants = UserObjectPermission.objects.filter(
        permission__codename=REPRESENT_CODENAME,
        content_type__app_label=Operator._meta.app_label,
        content_type__model=Operator._meta.model_name,
        object_pk__in=keys,
    )
    return list(User.objects.filter(pk__in=grants.values("user"), is_active=True).order_by("pk"))


def _officers_below(call: Call, on: datetime.date) -> list[User]:
    procedure = pack_of(call.policy, on=on).section(ApplicationPolicy).procedure(call.title)
    levels = {step.level for step in procedure.steps} - {call.jurisdiction.level}
    posts = Membership.objects.in_force(on).within(call.jurisdiction)
    posts = posts.filter(jurisdiction__level__in=levels, role__in=roles_with(Permission.GIVE_OPINION))
    return list(User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("pk"))
