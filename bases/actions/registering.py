"""How operators and their bases enter the register (登记、建档), and how what it says of them is corrected."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from bases.models import Ban, Base, Operator
from portal import uscc
from portal.accounts.actions import Details, create_representative
from portal.accounts.capacity import Capacity, representative
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.jurisdictions.models import Jurisdiction, Level


@dataclass(frozen=True)
class Organisation:
    """What an operator says of itself when it registers."""

    name: str
    uscc: str
    legal_representative: str = ""
    phone: str = ""


@transaction.atomic
def register_base(
    operator: Operator,
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
    """Enter a base of an operator in the register (建档). It holds no title yet.

    Raises InvalidInput for an empty name, a place that is no county or functional zone, a name the operator already
    uses in that county, one that another operator uses there unless it is said to be `another` base, or an opening day
    to come.
    """
    name = " ".join(name.split())
    require_fit(unfit_base(operator, name, county, on=on, another=another, opened_on=opened_on))
    base = Base.objects.create(
        jurisdiction=county,
        operator=operator,
        name=name,
        address=address.strip(),
        phone=phone.strip(),
        opened_on=opened_on,
        demo=settings.DEMO or operator.demo,
    )
    record("base.registered", base, by=by, on=on, operator=operator.uscc)
    return base


def not_open_yet(opened_on: object, on: datetime.date) -> dict[str, str]:
    """Return what is wrong with an opening day that lies after the day `on`, at its field; nothing of any other."""
    if not isinstance(opened_on, datetime.date) or opened_on <= on:
        return {}
    return {"opened_on": f"{opened_on} 晚于今天（{on}）。请填已经开始运营的日期；还没有开始运营的先不填。"}


def require_fit(problems: dict[str, str]) -> None:
    """Raise InvalidInput, field by field, if anything was found wrong with a base."""
    if problems:
        raise InvalidInput("基地信息有误，没有保存。", problems)


def unfit_base(
    operator: Operator,
    name: str,
    county: Jurisdiction,
    *,
    on: datetime.date,
    another: bool,
    opened_on: datetime.date | None,
    base: Base | None = None,
) -> dict[str, str]:
    """Return by field what a base of the operator cannot be called, lie in or have opened on: a new one, or `base` as
    it is to be; empty if nothing is wrong.
    """
    problems = not_open_yet(opened_on, on)
    alike = Base.objects.named_alike(name, county)
    alike = alike.exclude(pk=base.pk) if base else alike
    if not name:
        problems["name"] = "没有填基地名称，请照挂牌或协议上的名称填写。"
    elif alike.filter(operator=operator).exists():
        problems["name"] = f"贵单位在{county.name}已有同名基地，请直接使用，或换一个能区分的名称。"
    elif not another and alike.exists():
        problems["another"] = (
            f"{county.name}已登记一家同名基地，由另一家运营机构运营。如是同一家，请勿重复登记，向主管部门申请变更；"
            "如是另一家，请勾选确认后再保存。"
        )
    if county.level != Level.COUNTY or (county.valid_to and county.valid_to < on):
        problems["county"] = f"“{county.name}”不是现行的县（市、区），请选择基地所在的县（市、区）。"
    return problems


@transaction.atomic
def amend_base(base: Base, *, by: Capacity, on: datetime.date, **changes: object) -> Base:
    """Correct what the register says of a base: name, address, phone, opening day (变更登记); old values go on record.

    Raises InvalidInput if the new name is empty or the opening day is to come, DomainError if nothing would change.
    """
    base, facts = _change(base, changes, on)
    record("base.amended", base, by=by, on=on, **facts)
    return base


@transaction.atomic
def enter_from_dossier(base: Base, *, by: Capacity, on: datetime.date, **changes: object) -> Base:
    """Enter what the dossier of a title says of its base, as part of granting it: whoever approves typed none of it.

    The old values go on record. Raises like `amend_base`.
    """
    base, facts = _change(base, changes, on)
    record("base.entered_from_dossier", base, by=by, on=on, **facts)
    return base


def _change(base: Base, changes: dict[str, object], on: datetime.date) -> tuple[Base, dict[str, Any]]:
    """Save the changes under a lock; return the base and what goes on record of it."""
    base = Base.objects.locked(base.pk)
    require_fit(not_open_yet(changes.get("opened_on"), on))
    if not str(changes.get("name", base.name)).strip():
        raise InvalidInput("基地信息有误，没有保存。", {"name": "没有填基地名称，请填写后再保存。"})
    after = {field: value for field, value in changes.items() if getattr(base, field) != value}
    if not after:
        raise DomainError("内容与现在登记的一样，没有要保存的变更。改了内容再保存，不改的请返回。")
    before = {field: getattr(base, field) for field in after}
    for field, value in after.items():
        setattr(base, field, value)
    base.save(update_fields=[*after])
    return base, {"before": before, "after": after}


@transaction.atomic
def accept_unusual_uscc(operator: Operator, *, code: str, because: str, by: Capacity, on: datetime.date) -> Operator:
    """Accept a credit code whose check character is wrong on the licence itself, with the reason on record.

    Raises InvalidInput without a reason, for what no code can be but for its check character, for a code that needs no
    exception, or for one that another operator has; NotAllowed for other posts.
    """
    if not by.may(Permission.MANAGE_REGISTER) or not by.jurisdiction.covers(operator.region_code):
        raise NotAllowed("您现在的岗位不能核准这家运营机构的信用代码。")
    code = uscc.normalised(code)
    if not because.strip():
        raise InvalidInput("没有保存。", {"because": "请写明核对了什么证件、为什么照原样采用。"})
    if sentence := uscc.malformed(code):
        raise InvalidInput("没有保存。", {"uscc": sentence})
    if Operator.objects.filter(uscc=code).exclude(pk=operator.pk).exists():
        raise InvalidInput("没有保存。", {"uscc": f"信用代码 {code} 已登记在另一家运营机构名下，请核对。"})
    if uscc.is_valid(code):
        raise InvalidInput("没有保存。", {"uscc": f"{code} 合乎校验规则，不用特殊核准。请核对要核准的代码。"})
    held = Operator.objects.select_for_update().get(pk=operator.pk)
    Ban.objects.filter(operator_uscc=held.uscc).update(operator_uscc=code)  # a bar follows the operator to its code
    operator.uscc, operator.uscc_accepted_because = code, because.strip()
    operator.save(update_fields=["uscc", "uscc_accepted_because"])
    record("operator.uscc_accepted", operator, by=by, on=on, uscc=code, because=because.strip())
    return operator


def unregistrable(code: str) -> str:
    """Return why a newcomer cannot register a normalised credit code: malformed, or registered; empty if it can."""
    if sentence := uscc.problem(code):
        return sentence
    taken = Operator.objects.filter(uscc=code).exists()
    return "这个信用代码已经登记。请由本机构的人员管理员邀请您，不用再登记。" if taken else ""


@transaction.atomic
def register_operator(
    organisation: Organisation, person: Details, *, password: str, at: Jurisdiction, on: datetime.date
) -> Capacity:
    """Let a newcomer register itself: the operator, and the login of the person who acts for it and keeps its people.

    It may draft at once; the bureau checks the papers with the first application. Raises InvalidInput for a code that
    is malformed or registered already.
    """
    code = uscc.normalised(organisation.uscc)
    if sentence := unregistrable(code):
        raise InvalidInput("没有登记。", {"uscc": sentence})
    operator = Operator.objects.create(
        jurisdiction=at,
        name=organisation.name,
        uscc=code,
        legal_representative=organisation.legal_representative,
        phone=organisation.phone,
    )
    newcomer = create_representative(person, operator, password=password, on=on)
    by = representative(newcomer, operator)
    record("operator.registered", operator, by=by, on=on, uscc=code)
    return by
