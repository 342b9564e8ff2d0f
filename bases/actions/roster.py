"""The roster of a base (入驻/在孵实体名册), kept by its operator: who is there, since when, until when.

Complaints of a tenant count, so an entry made or changed afterwards must show: nothing is overwritten without a trace.
"""

import datetime
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import transaction

from bases.models import Base, Tenant
from portal import uscc
from portal.accounts.capacity import Capacity
from portal.audit.recording import record
from portal.errors import DomainError, InvalidInput, NotAllowed


@dataclass(frozen=True)
class Tenancy:
    """What is entered of a tenant; `left_on` only of one that has left."""

    name: str
    entered_on: datetime.date
    uscc: str = ""
    contact: str = ""
    left_on: datetime.date | None = None


@transaction.atomic
def enter_tenant(base: Base, tenancy: Tenancy, *, by: Capacity, on: datetime.date) -> Tenant:
    """Enter a tenant in the roster (登记入驻). When it was entered is kept beside the day it came.

    Raises InvalidInput for what cannot be, or one who stands in the roster for the same days; NotAllowed for others
    than the operator of the base.
    """
    base = _own(base, by)
    tenancy = _tidy(tenancy)
    _check(base, tenancy, on)
    tenant = Tenant.objects.create(base=base, jurisdiction=base.jurisdiction, entered_by=by.person, **asdict(tenancy))
    record("tenant.entered", tenant, by=by, on=on, base=base.name, **asdict(tenancy))
    return tenant


@transaction.atomic
def correct_tenant(tenant: Tenant, tenancy: Tenancy, *, because: str, by: Capacity, on: datetime.date) -> Tenant:
    """Correct what stands in the roster (更正), with the reason; what stood before goes on record.

    Raises InvalidInput as `enter_tenant` does or without a reason, DomainError for an entry that was struck.
    """
    tenant = _held(tenant, by)
    tenancy = _tidy(tenancy)
    _require_reason(because, "请写明为什么更正，例如名称登记有误。", "没有保存。")
    _check(tenant.base, tenancy, on, besides=tenant)
    before = {each.name: getattr(tenant, each.name) for each in fields(Tenancy)}
    after = asdict(tenancy)
    for name, value in after.items():
        setattr(tenant, name, value)
    tenant.save(update_fields=[*after])
    facts: dict[str, Any] = {"before": before, "after": after, "because": because.strip()}
    record("tenant.corrected", tenant, by=by, on=on, base=tenant.base.name, **facts)
    return tenant


@transaction.atomic
def end_tenancy(tenant: Tenant, *, left_on: datetime.date, by: Capacity, on: datetime.date) -> Tenant:
    """Enter the day a tenant left (登记离开). Raises InvalidInput for a day that cannot be, DomainError if it left."""
    tenant = _held(tenant, by)
    if tenant.left_on is not None:
        raise DomainError(f"{tenant.name}已登记于 {tenant.left_on} 离开。日期有误的，用“更正”。")
    if problem := _leaving_problem(tenant.entered_on, left_on, on):
        raise InvalidInput("没有保存。", {"left_on": problem})
    tenant.left_on = left_on
    tenant.save(update_fields=["left_on"])
    record("tenant.left", tenant, by=by, on=on, base=tenant.base.name, left_on=left_on)
    return tenant


@transaction.atomic
def strike_tenant(tenant: Tenant, *, because: str, by: Capacity, on: datetime.date) -> Tenant:
    """Strike an entry that was a mistake (注销误登), with the reason; officers still see it, struck through."""
    tenant = _held(tenant, by)
    _require_reason(because, "请写明为什么注销，例如重复登记。", "没有注销。")
    tenant.struck_on, tenant.struck_because = on, because.strip()[:200]
    tenant.save(update_fields=["struck_on", "struck_because"])
    record("tenant.struck", tenant, by=by, on=on, base=tenant.base.name, because=because.strip())
    return tenant


def _own(base: Base, by: Capacity) -> Base:
    base = Base.objects.locked(base.pk)
    if by.kind != "operator" or by.operator is None or by.operator.pk != base.operator_id:
        raise NotAllowed("名册由基地的运营机构登记和更正。")
    return base


def _held(tenant: Tenant, by: Capacity) -> Tenant:
    base = _own(tenant.base, by)
    found = Tenant.objects.select_for_update(of=("self",)).get(pk=tenant.pk)
    if found.struck_on is not None:
        raise DomainError(f"{found.name}已于 {found.struck_on} 注销，不能再改。需要的重新登记。")
    found.base = base
    return found


def _tidy(tenancy: Tenancy) -> Tenancy:
    words = {"name": " ".join(tenancy.name.split()), "contact": " ".join(tenancy.contact.split())}
    return Tenancy(**{**asdict(tenancy), **words, "uscc": uscc.normalised(tenancy.uscc)})


def _require_reason(because: str, sentence: str, message: str) -> None:
    if not because.strip():
        raise InvalidInput(message, {"because": sentence})


def _check(base: Base, tenancy: Tenancy, on: datetime.date, *, besides: Tenant | None = None) -> None:
    problems = {}
    if not tenancy.name:
        problems["name"] = "没有填名称。请照营业执照填写；没有注册的写项目名称。"
    if tenancy.uscc and (sentence := uscc.problem(tenancy.uscc)):
        problems["uscc"] = sentence
    if tenancy.entered_on > on:
        problems["entered_on"] = f"入驻日期 {tenancy.entered_on} 晚于今天 {on}，请照入驻协议填写，入驻以后再登记。"
    if tenancy.left_on and (sentence := _leaving_problem(tenancy.entered_on, tenancy.left_on, on)):
        problems["left_on"] = sentence
    if not problems and (twin := _twin(base, tenancy, besides)):
        place = "uscc" if tenancy.uscc and twin.uscc == tenancy.uscc else "name"
        until = f"至 {twin.left_on}" if twin.left_on else "起"
        problems[place] = (
            f"名册里已有{twin.name}（{twin.entered_on} {until}），同一时间不重复登记。请更正原来的那一条。"
        )
    if problems:
        raise InvalidInput("名册没有保存。", problems)


def _leaving_problem(entered_on: datetime.date, left_on: datetime.date, on: datetime.date) -> str:
    if left_on < entered_on:
        return f"离开日期 {left_on} 早于入驻日期 {entered_on}，请核对两个日期。"
    return f"离开日期 {left_on} 晚于今天 {on}，离开以后再登记。" if left_on > on else ""


def _twin(base: Base, tenancy: Tenancy, besides: Tenant | None) -> Tenant | None:
    """Return who stands in the roster already for one of the same days, by credit code or by name."""
    others = Tenant.objects.filter(base=base, struck_on__isnull=True)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    alike = others.filter(name=tenancy.name)
    if tenancy.uscc:
        alike |= others.filter(uscc=tenancy.uscc)
    until = tenancy.left_on or datetime.date.max
    return next((each for each in alike if each.entered_on <= until and _end(each) >= tenancy.entered_on), None)


def _end(tenant: Tenant) -> datetime.date:
    return tenant.left_on or datetime.date.max
