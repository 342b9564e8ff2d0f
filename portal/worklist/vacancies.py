"""What waits at a bureau where nobody can do it (没有在岗人员): the bureaus above are told, and their lists say so."""

import datetime
from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode

from portal.accounts.models import Delegation, Membership, User
from portal.accounts.people import officers_at, who_appoints
from portal.accounts.roles import Role, roles_with
from portal.jurisdictions.models import Jurisdiction
from portal.notifications.notify import Notice, notify
from portal.worklist.models import WorkItem


def vacant(items: Iterable[WorkItem], on: datetime.date) -> set[int]:
    """Return the keys of those items at whose desk nobody may do them on that day, stand-ins counted; one query."""
    at_desks = [item for item in items if item.desk_id is not None]
    running = Delegation.objects.running(on).by_colleagues(on).filter(delegate__is_active=True)
    stood_in = models.Exists(running.filter(membership=models.OuterRef("pk")))
    posts = Membership.objects.in_force(on).filter(jurisdiction__in={item.desk_id for item in at_desks})
    held = posts.filter(models.Q(user__is_active=True) | stood_in) if at_desks else posts.none()
    filled = set(held.values_list("jurisdiction", "role"))
    return {item.pk for item in at_desks if not any((item.desk_id, r) in filled for r in roles_with(item.permission))}


def is_vacant(desk: Jurisdiction, permission: str, on: datetime.date) -> bool:
    """Return whether nobody at a bureau may do what asks for a permission on that day, stand-ins counted."""
    return not officers_at(desk, permission, on)


def looked_after_by(desk: Jurisdiction, permission: str, on: datetime.date) -> Jurisdiction | None:
    """Return the nearest bureau above that has somebody who may do the like: it is told, and urges."""
    return next((bureau for bureau in desk.lineage()[1:] if officers_at(bureau, permission, on)), None)


def tell_of_vacancy(item: WorkItem, on: datetime.date, *, without: Collection[int] = ()) -> int:
    """Tell the bureaus above, where nobody at the desk of an item may do it: whoever does the like at the nearest one
    that has somebody, once for the item, and the system administrators who can fill the post, once a week.

    Returns how many were told. The case stays where the procedure puts it: who is above urges, and does not act.
    `without`: ids of people who had a hand in the matter and may not do this; where nobody else is there, they are told
    that instead.
    """
    desk = item.desk
    if desk is None or officers_at(desk, item.permission, on, without=without):
        return 0
    return _tell([item], desk, item.permission, on, barred=not is_vacant(desk, item.permission, on))


def tell_of_vacancies(on: datetime.date) -> int:
    """Tell of every item that waits where nobody may do it, also where the last officer left since; return how many."""
    waiting = WorkItem.objects.waiting().filter(desk__isnull=False)
    pairs = waiting.order_by("desk", "permission").values_list("desk", "permission").distinct()
    bureaus = Jurisdiction.objects.select_related("parent__parent__parent").in_bulk({desk for desk, _post in pairs})
    told = 0
    for desk, post in pairs:
        if is_vacant(bureaus[desk], post, on):
            items = waiting.filter(desk=desk, permission=post).order_by("pk")
            told += _tell(items.select_related("jurisdiction"), bureaus[desk], post, on)
    return told


def _tell(
    items: Iterable[WorkItem], desk: Jurisdiction, permission: str, on: datetime.date, *, barred: bool = False
) -> int:
    """Tell of the items of one empty post what was not told yet; whom to tell is asked once for all of them."""
    bureau = looked_after_by(desk, permission, on)
    above = officers_at(bureau, permission, on) if bureau else []
    appoints = who_appoints(desk, on)
    told, first = 0, None
    for item in items:
        first = first or item
        told += _tell_above(item, desk, above, on, told_too=bool(appoints), barred=barred)
    if first:
        told += len(notify(_to_fill(first, desk, on, barred=barred), to=appoints, about=first, on=on))
    return told


@transaction.atomic
def _tell_above(
    item: WorkItem, desk: Jurisdiction, above: list[User], on: datetime.date, *, told_too: bool, barred: bool
) -> int:
    """Tell unless the item was dealt with since it was fetched; it is held while that is looked at."""
    if not WorkItem.objects.select_for_update().waiting().filter(pk=item.pk).exists():
        return 0
    return len(notify(_to_look_after(item, desk, told_too=told_too, barred=barred), to=above, about=item, on=on))


def _to_look_after(item: WorkItem, desk: Jurisdiction, *, told_too: bool, barred: bool) -> Notice:
    others = "，系统管理员也会收到通知" if told_too else ""
    until = f"，到期日 {item.due_on}" if item.due_on else ""
    nobody = "没有可以办理的人员" if barred else "没有在岗人员"
    why = "该单位能办这一项的人员都经手过这一件，不能再办" if barred else "该单位没有在岗人员，没有人看到这一件"
    return Notice(
        kind="work.vacant",
        subject=f"{desk.name}{nobody}：{item}"[:120],
        body=f"{item.title}（{item.reference or '无受理号'}），{item.task}{until}。这一步由{desk.name}办理，"
        f"{why}。请联系该单位安排人员{others}。",
        url=f"{reverse('desk:worklist')}?{urlencode({'queue': 'below', 'q': item.reference or item.title})}",
        dedupe=f"work:{item.pk}:vacant",
    )


def _to_fill(item: WorkItem, desk: Jurisdiction, on: datetime.date, *, barred: bool) -> Notice:
    """Name the bureau alone: administrators read no cases (三员分立)."""
    with translation.override(settings.LANGUAGE_CODE):  # messages do not follow the language of whoever acted
        post = "、".join(sorted(str(Role(role).label) for role in roles_with(item.permission)))
    nobody = f"在岗的{post}人员都经手过，不能再办" if barred else f"没有在岗的{post}人员"
    return Notice(
        kind="work.vacant_post",
        subject=f"{desk.name}{'没有可以办理的人员' if barred else '没有在岗人员'}",
        body=f"有办件在{desk.name}等待办理，该单位{nobody}。请提出人员和岗位，由安全管理员核准后生效。",
        url=reverse("accounts:people"),
        dedupe=f"vacant:{desk.pk}:{item.permission}:{on:%G-%V}{':barred' if barred else ''}",
    )
