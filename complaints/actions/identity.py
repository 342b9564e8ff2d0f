"""Who complains: masked on every page, revealed with a purpose, each reveal on record; purged when its time is over."""

import datetime
from collections.abc import Iterator

from django.db import transaction

from complaints.models import Complainant, Complaint
from portal.accounts.capacity import Capacity
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.errors import InvalidInput, NotAllowed

KINDS = {"name": "姓名", "phone": "电话", "mail": "邮箱", "business": "企业或项目名称"}


def may_reveal(complaint: Complaint, by: Capacity) -> bool:
    """Whether the officer handles complaints where the base lies: the bureaus of its own line alone."""
    handles = by.may(Permission.HANDLE_COMPLAINT) or by.may(Permission.CONFIRM_FINDING)
    return by.kind == "officer" and handles and by.jurisdiction.covers(complaint.region_code)


@transaction.atomic
def reveal_identity(complaint: Complaint, *, purpose: str, by: Capacity, on: datetime.date) -> Complainant | None:
    """Show who complains, for a stated purpose; on record, so that the audit administrator sees it.

    None where nobody is named. Raises NotAllowed for who does not handle it, InvalidInput without a purpose.
    """
    if not may_reveal(complaint, by):
        raise NotAllowed("只有办理这件投诉的工作人员可以查看投诉人信息。")
    if len(purpose.strip()) < 4:
        raise InvalidInput("没有显示。", {"purpose": "请写明为什么要看，例如“电话核实收费凭证”。"})
    record("complaint.identity_revealed", complaint, by=by, on=on, policy=complaint.policy, purpose=purpose.strip())
    return _read(complaint, by)


def traits_of(complaint: Complaint, *, by: Capacity) -> Iterator[tuple[str, str]]:
    """Yield what is known of the complainant as (kind in words, text), for checking that a text holds none of it."""
    identity = _read(complaint, by)
    for field, kind in KINDS.items():
        if identity is not None and getattr(identity, field):
            yield kind, getattr(identity, field)


def _read(complaint: Complaint, by: Capacity) -> Complainant | None:
    return Complainant.objects.filter(complaint=complaint).first()


def purge_identities(on: datetime.date, *, by: Capacity) -> int:
    """Delete the identities whose time is over (保存期满); return how many. The complaint itself stays.

    Safe to run twice. Each purge is on record with the complaint, without a word of what it held.
    """
    purged = 0
    for identity in Complainant.objects.filter(purge_on__lt=on).select_related("complaint"):
        with transaction.atomic():
            complaint = identity.complaint
            if Complainant.objects.filter(pk=identity.pk).delete()[0]:
                record("complaint.identity_purged", complaint, by=by, on=on, policy=complaint.policy)
                purged += 1
    return purged
