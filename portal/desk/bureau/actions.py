"""What a bureau decides about itself: how it is reached and named in print, and its own days off."""

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.capacity import Capacity
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.deadlines.calendar import add_local_day, forget, remove_local_day
from portal.deadlines.models import CalendarDay
from portal.deadlines.reclock import reclock_place
from portal.errors import NotAllowed
from portal.jurisdictions.models import AgencyProfile, Jurisdiction


@transaction.atomic
def change_agency(place: Jurisdiction, values: Mapping[str, str], *, by: Capacity, on: datetime.date) -> AgencyProfile:
    """Enter or change what the bureau prints about itself; old and new values go on record.

    Raises NotAllowed for officers of other bureaus or other posts.
    """
    _require(place, by, Permission.MANAGE_AGENCY, _("机关信息"))
    profile = AgencyProfile.objects.select_for_update().filter(jurisdiction=place).first()
    profile = profile or AgencyProfile(jurisdiction=place)
    before = {name: getattr(profile, name) for name in values}
    changed = [name for name in values if before[name] != values[name]]
    for name in changed:
        setattr(profile, name, values[name])
    if changed or profile.pk is None:
        profile.save()
        old, new = {name: before[name] for name in changed}, {name: values[name] for name in changed}
        record("agency.changed", place, by=by, on=on, before=old, after=new)
    return profile


@transaction.atomic
def add_day(
    place: Jurisdiction, day: datetime.date, *, kind: str, name: str, source: str, by: Capacity, on: datetime.date
) -> int:
    """Enter a local day off or workday with the document that orders it; return how many deadlines moved.

    Raises DomainError if it is listed already or a field is missing, NotAllowed for other bureaus or posts.
    """
    _require(place, by, Permission.MANAGE_CALENDAR, _("地方节假日"))
    add_local_day(place, day, kind=kind, name=name, source=source)
    forget()
    moved = reclock_place(place, day, on=on)
    record("calendar.day_added", place, by=by, on=on, day=day, kind=kind, name=name, source=source, moved=moved)
    return moved


@transaction.atomic
def remove_day(row: CalendarDay, *, because: str, by: Capacity, on: datetime.date) -> int:
    """Take a local day out again, with the reason; return how many deadlines moved.

    Raises NotAllowed for a national day and for other bureaus or posts, DomainError if it is gone already.
    """
    place = row.jurisdiction
    if place is None:
        raise NotAllowed(_("全国节假日随国务院办公厅通知更新，不能在这里删除。"))
    _require(place, by, Permission.MANAGE_CALENDAR, _("地方节假日"))
    remove_local_day(place, row.date)
    forget()
    moved = reclock_place(place, row.date, on=on)
    record("calendar.day_removed", place, by=by, on=on, day=row.date, kind=row.kind, because=because, moved=moved)
    return moved


def _require(place: Jurisdiction, by: Capacity, permission: str, what: str) -> None:
    if by.kind != "officer" or not by.may(permission) or by.jurisdiction.pk != place.pk:
        raise NotAllowed(
            _("%(what)s由%(place)s主管部门有权限的岗位维护，您现在的身份不能办理。")
            % {"what": what, "place": place.name}
        )
