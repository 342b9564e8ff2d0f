"""Which awards arise from the facts of a base, on which day, for whom and how much: one function for each kind."""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from bases.rules import Register
from subsidies.rules.ledger import Ledger, Refusal, Tenant, internship_arises
from subsidies.rules.policy import InternshipAward, StartupAward, SubsidyPolicy, WindowAward

_NOT_APPLYING = "当日本方案不适用（P-1，假定）"


class Entitlement(NamedTuple):
    """An award that arose. `fen` is its amount, `sum` how it adds up; with `judgement` it waits for an officer."""

    award: str
    beneficiary: str
    of: str | None
    arose_on: date
    fen: int
    clause: str
    judgement: bool = False
    sum: str = ""


def arising(ledger: Ledger, register: Register) -> Iterator[Entitlement]:
    """Yield every award that arose; why others did not is added to the refusals of the ledger."""
    policy = ledger.policy
    yield from _from_certifications(ledger, register)
    if not (ledger.tenants or ledger.internships or ledger.grants or ledger.studios):
        return
    for name, tenant in ledger.tenants.items():
        yield from _from_high_tech(ledger, name, tenant)
        yield from _from_listing(ledger, name, tenant)
        yield from _from_leaving(ledger, name, tenant)
        yield from _from_jobs(ledger, name, tenant)
        yield from _from_claim(policy, name, tenant)
    yield from _from_internships(ledger)
    if policy.project is not None:
        for project, (on, fen) in ledger.grants.items():
            yield Entitlement(policy.project.award, "project", project, on, fen, policy.project.amounts.clause)
    if policy.studio is not None:
        amount = policy.studio.amount
        for studio, on in ledger.studios.items():
            yield Entitlement(policy.studio.award, "studio", studio, on, in_fen(amount.value), amount.clause)


def _from_certifications(ledger: Ledger, register: Register) -> Iterator[Entitlement]:
    """Once, for the first ever certification; one outside the plan's dates uses it up."""
    for rule in ledger.policy.certifications:
        on = register.first_certified.get(rule.title)
        if on is None:
            continue
        if ledger.plan.holds(on):
            yield Entitlement(rule.award, "operator", None, on, rule.fen, rule.amount.clause)
        else:
            why = f"首次认定{_NOT_APPLYING}，以后再认定也不产生"
            ledger.refusals.append(Refusal(on, rule.award, None, why))


def _from_high_tech(ledger: Ledger, name: str, tenant: Tenant) -> Iterator[Entitlement]:
    """For the first certificate only, if it falls into incubation or the years after graduation."""
    rule, on = ledger.policy.high_tech, tenant.high_tech
    if rule is None or on is None:
        return
    why = _why_not_then(ledger, tenant, on, rule)
    if why is None:
        yield from _for_each(rule, name, on)
    else:
        ledger.refusals.append(Refusal(on, rule.award, name, f"首次取得证书{why}"))


def _from_listing(ledger: Ledger, name: str, tenant: Tenant) -> Iterator[Entitlement]:
    """For the first listing that falls into incubation or the years after graduation while the plan applies."""
    rule = ledger.policy.listing
    if rule is None:
        return
    for place, listing in enumerate(tenant.listings):
        why = _why_not_then(ledger, tenant, listing.on, rule)
        if why is None:
            yield from _for_each(rule, name, listing.on)
            yield from _from_transfer(ledger, name, tenant, place)
            return
        ledger.refusals.append(Refusal(listing.on, rule.award, name, f"挂牌{why}"))


def _from_transfer(ledger: Ledger, name: str, tenant: Tenant, place: int) -> Iterator[Entitlement]:
    """For the first later listing on the higher board before which the award for the first had been paid."""
    rule = ledger.policy.transfer
    if rule is None or tenant.listings[place].board != rule.from_board.value:
        return
    for listing in tenant.listings[place + 1 :]:
        if listing.board != rule.to_board.value:
            continue
        if listing.rewarded and ledger.plan.holds(listing.on):
            fen, clause = in_fen(rule.amount.value), rule.amount.clause
            for beneficiary in rule.beneficiaries:
                yield Entitlement(rule.award, beneficiary, name, listing.on, fen, clause)
            return
        why = "转板前企业尚未得到区域股权市场挂牌奖励（X-4，假定）" if not listing.rewarded else f"转板{_NOT_APPLYING}"
        ledger.refusals.append(Refusal(listing.on, rule.award, name, why))


def _from_leaving(ledger: Ledger, name: str, tenant: Tenant) -> Iterator[Entitlement]:
    """For a household that entered, registered and moved out, on the later of the two last, unless struck by then."""
    rule = ledger.policy.incubation
    if rule is None or tenant.moved_out is None:
        return
    why = None
    arose_on = tenant.moved_out
    if tenant.entered is None or tenant.moved_out < tenant.entered:
        why = "迁出前没有入驻记录"
    elif tenant.registered is None:
        why = "迁出户尚未登记注册"
    else:
        arose_on = max(tenant.registered, tenant.moved_out)
        if tenant.cancelled is not None and tenant.cancelled <= arose_on:
            why = "登记并迁出之前已经注销（E-6）"
        elif not ledger.plan.holds(arose_on):
            why = f"登记并迁出{_NOT_APPLYING}"
    if why is not None:
        ledger.refusals.append(Refusal(arose_on, rule.award, name, why))
        return
    fen, judgement = in_fen(rule.amount.value), rule.judgement.value
    yield Entitlement(rule.award, "operator", name, arose_on, fen, rule.amount.clause, judgement)


def _from_jobs(ledger: Ledger, name: str, tenant: Tenant) -> Iterator[Entitlement]:
    """For the jobs added in incubation while the plan applies: one row, dated by the first."""
    rule = ledger.policy.jobs
    if rule is None or not tenant.jobs:
        return
    first, total = None, 0
    for on, count in tenant.jobs:
        if not tenant.incubated(on):
            ledger.refusals.append(Refusal(on, rule.award, name, "新增就业时不在孵"))
        elif not ledger.plan.holds(on):
            ledger.refusals.append(Refusal(on, rule.award, name, f"新增就业{_NOT_APPLYING}"))
        else:
            first, total = first or on, total + count
    if first is not None:
        fen = total * in_fen(rule.amount.value)
        said = f"新增就业{shown_number(total)}人，每人{rule.amount.value}元"
        yield Entitlement(rule.award, "tenant", name, first, fen, rule.amount.clause, rule.judgement.value, said)


def _from_claim(policy: SubsidyPolicy, name: str, tenant: Tenant) -> Iterator[Entitlement]:
    """For the first claim that qualifies; a group that is not on the open list waits for an officer."""
    rule, claim = policy.startup, tenant.claim
    if rule is None or claim is None:
        return
    judged = startup_needs_judgement(claim.group, rule)
    fen = in_fen(rule.amount.value)
    yield Entitlement(rule.award, "founder", name, claim.on, fen, rule.amount.clause, judged)


def startup_needs_judgement(group: str, rule: StartupAward) -> bool:
    """Tell whether a founder's group is not on the list, which the source leaves open."""
    return group not in rule.groups.value


def _from_internships(ledger: Ledger) -> Iterator[Entitlement]:
    """One row for a person: the months of all internships that qualify, each once, the earliest twelve."""
    rule = ledger.policy.internship
    if rule is None:
        return
    for person, internships in ledger.internships.items():
        arose_on = min(internship_arises(internship) for internship in internships)
        months = {month for internship in internships for month in internship.months}
        earliest = tuple(sorted(months)[: rule.months_at_most.value])
        fen, said = internship_sum(earliest, rule)
        yield Entitlement(rule.award, "person", person, arose_on, fen, rule.wage_share.clause, sum=said)


def internship_sum(months: tuple[str, ...], rule: InternshipAward) -> tuple[int, str]:
    """Return the award for these months in fen, and the sum in words: each month at the wage of that month (E-4).

    Raises KeyError for a month before the first known wage.
    """
    rates: dict[int, int] = {}
    for month in months:
        rate = _month_rate(month, rule)
        rates[rate] = rates.get(rate, 0) + 1
    said = "＋".join(f"{count}个月×{in_yuan(rate)}元" for rate, count in rates.items())
    total = sum(rate * count for rate, count in rates.items())
    return total, f"{said}＝{in_yuan(total)}元（按见习当月最低工资标准，E-4）"


def _month_rate(month: str, rule: InternshipAward) -> int:
    wages = [wage for wage in rule.wages if wage.since <= month]
    if not wages:
        raise KeyError(month)
    wage = max(wages, key=lambda wage: wage.since)
    exact = wage.monthly.value * rule.wage_share.value * 100
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _why_not_then(ledger: Ledger, tenant: Tenant, on: date, rule: WindowAward) -> str | None:
    if not tenant.within(on, rule.window_years.value):
        return f"时既不在孵，也不在毕业后{rule.window_years.value}年内（X-1，含期满当日）"
    return None if ledger.plan.holds(on) else _NOT_APPLYING


def _for_each(rule: WindowAward, name: str, on: date) -> Iterator[Entitlement]:
    for beneficiary in rule.beneficiaries:
        yield Entitlement(rule.award, beneficiary, name, on, in_fen(rule.amount.value), rule.amount.clause)


@lru_cache(maxsize=64)
def in_fen(amount: Decimal) -> int:
    """Return an amount in yuan as whole fen (分)."""
    return int(amount * 100)


@lru_cache(maxsize=10_000)
def in_yuan(fen: int) -> str:
    """Return whole fen as yuan with two decimals, such as 500000.00, however large."""
    if fen < _LARGE:
        return f"{fen // 100}.{fen % 100:02d}"
    digits = shown_number(fen)
    return f"{digits[:-2]}.{digits[-2:]}"


def shown_number(number: int) -> str:
    """Return a whole number in digits; `str` gives up beyond some thousand of them."""
    return f"{Decimal(number):f}"


_LARGE = 10**15
