"""The demo's people: one click each on the sign-in page. Only where settings.DEMO."""

from collections import defaultdict
from dataclasses import dataclass

from django.apps import apps
from guardian.models import UserObjectPermission

from portal.accounts.capacity import REPRESENT
from portal.accounts.models import Membership, User
from portal.accounts.roles import Role
from portal.jurisdictions.models import NATION, Jurisdiction

ORDER = list(Role.values)
REPRESENTATIVE_NOTE = "申报、补正、查看进度"
NOTES = {
    Role.CASEWORKER: "推荐或初审、登记考察、发布公示、答复异议",
    Role.APPROVER: "发布申报通知、批准或不予认定、确认或变更政策里标“假定”的内容",
    Role.AUDITOR: "查看全部办件和审计记录，不办理",
    Role.SYSTEM_ADMIN: "维护人员，提出岗位授权",
    Role.SECURITY_ADMIN: "核准岗位授权",
    Role.AUDIT_ADMIN: "查看审计记录",
}


@dataclass(frozen=True)
class DemoAccount:
    """One demo person: who, in what post, what they can do."""

    user: User
    post: str
    note: str


@dataclass(frozen=True)
class DemoGroup:
    """The demo people of one jurisdiction."""

    name: str
    accounts: list[DemoAccount]


def demo_accounts(first: str = "") -> list[DemoGroup]:
    """Return the active demo people by province: operators first, then county, city, province, administrators.

    The province of the place with the code `first` comes before the others.
    """
    people = {user.pk: user for user in User.objects.filter(demo=True, is_active=True).order_by("pk")}
    groups: dict[str, list[tuple[tuple[int, int, str], DemoAccount]]] = defaultdict(list)
    seen: set[int] = set()
    posts = Membership.objects.filter(user__in=people, valid_to__isnull=True, confirmed_by__isnull=False)
    for post in posts.select_related("jurisdiction").order_by("pk"):
        if post.user_id in seen:
            continue
        seen.add(post.user_id)
        user = people[post.user_id]
        title = f"{post.jurisdiction.name} · {post.get_role_display()}"
        account = DemoAccount(user, title, user.demo_note or NOTES[Role(post.role)])
        depth = -len(post.jurisdiction.prefix)
        groups[post.jurisdiction.province_code].append(((depth, ORDER.index(post.role), str(user)), account))
    for user_id, region_code in _representatives(set(people) - seen).items():
        user = people[user_id]
        account = DemoAccount(user, "运营机构", user.demo_note or REPRESENTATIVE_NOTE)
        groups[region_code[:2]].append(((-99, 0, str(user)), account))
    names = {place.code[:2]: place.name for place in Jurisdiction.objects.filter(code__in=[f"{c}0000" for c in groups])}
    return [
        DemoGroup(names.get(code, NATION), [account for _order, account in sorted(found, key=lambda pair: pair[0])])
        for code, found in sorted(groups.items(), key=lambda item: (item[0] != first[:2], -len(item[1]), item[0]))
    ]


def _representatives(people: set[int]) -> dict[int, str]:
    """Return where the operator of each person lies."""
    app, codename = REPRESENT.split(".")
    grants = UserObjectPermission.objects.filter(
        user__in=people, permission__codename=codename, permission__content_type__app_label=app
    )
    named = list(grants.order_by("pk"))
    model = apps.get_model(app, "Operator")
    places = dict(model.objects.filter(pk__in={grant.object_pk for grant in named}).values_list("pk", "region_code"))
    found: dict[int, str] = {}
    for grant in named:
        if place := places.get(int(grant.object_pk)):
            found.setdefault(grant.user_id, place)
    return found
