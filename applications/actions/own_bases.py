"""What an operator said of a base of its own, put right by itself while nothing rests on it yet (更正)."""

import datetime

from django.db import models, transaction

from applications.models import Application
from applications.states import FINAL, ApplicationStatus
from bases.actions.registering import require_fit, unfit_base
from bases.models import Base
from portal.accounts.capacity import Capacity
from portal.audit.recording import record
from portal.documents.contacts import contact_of
from portal.errors import DomainError, NotAllowed
from portal.jurisdictions.models import Jurisdiction


@transaction.atomic
def correct_own_base(
    base: Base,
    *,
    name: str,
    county: Jurisdiction,
    by: Capacity,
    on: datetime.date,
    address: str = "",
    phone: str = "",
    opened_on: datetime.date | None = None,
    another: bool = False,
) -> Base:
    """Correct a base that has no title and no application at a bureau; its drafts move with it, old values on record.

    Raises NotAllowed for other people's bases and once the bureau relies on what was entered (see `why_the_bureau`);
    InvalidInput for a name, a place or an opening day that would not be taken of a new base; DomainError where a
    draft's call does not reach the new place.
    """
    drafts = Application.objects.filter(base_id=base.pk, status=ApplicationStatus.DRAFT).order_by("pk")
    list(drafts.select_for_update())  # before the base, as filing does: neither waits for the other
    base = Base.objects.locked(base.pk)
    if by.kind != "operator" or by.operator is None or base.operator_id != by.operator.pk:
        raise NotAllowed("只能更正本单位的基地。")
    if why := why_the_bureau(base):
        raise NotAllowed(why)
    name = " ".join(name.split())
    require_fit(unfit_base(base.operator, name, county, on=on, another=another, opened_on=opened_on, base=base))
    _require_reached(drafts, county)
    said = {"name": name, "address": address.strip(), "phone": phone.strip(), "opened_on": opened_on}
    before = {field: getattr(base, field) for field in said} | {"jurisdiction": base.jurisdiction.full_name}
    for field, value in said.items():
        setattr(base, field, value)
    base.jurisdiction = county
    base.save()
    drafts.update(jurisdiction=county, region_code=county.code)
    record("base.amended", base, by=by, on=on, before=before, after={**said, "jurisdiction": county.full_name})
    return base


def why_the_bureau(base: Base) -> str:
    """Return why a change of the base is the bureau's to enter (变更登记), and whom to call; empty while it is not."""
    pending = base.applications.exclude(status__in=FINAL).filter(first_submitted_on__isnull=False).first()
    if pending is not None:
        reason = f"基地正在申报（受理号 {pending.reference}），材料按提交时的名称和所在地办理"
    elif base.certifications.exists():
        reason = "基地已有称号，名册和证书按现在的名称和所在地登记"
    else:
        return ""
    bureau = contact_of(base.jurisdiction)
    asked = bureau.besides
    phone = f"，联系电话：{bureau.phone}" if bureau.phone else ""
    besides = f"也可以问{asked.name}，联系电话：{asked.phone}。" if asked else ""
    return f"{reason}。需要变更的，请持证明向{bureau.name}申请变更登记{phone}。{besides}"


def _require_reached(drafts: "models.QuerySet[Application]", county: Jurisdiction) -> None:
    for draft in drafts.select_related("call__jurisdiction"):
        if not draft.call.jurisdiction.covers(county.code):
            raise DomainError(
                f"草稿“{draft.call.name}”只受理{draft.call.jurisdiction.name}的基地，{county.full_name}不在其中。"
                "请先撤回这份草稿，再改所在地。"
            )
