"""The cast: who appears in the stories, at any place of the country."""

from dataclasses import dataclass, fields

from bases.models import Base, Operator
from portal.accounts.capacity import Capacity
from portal.accounts.roles import Role
from portal.jurisdictions.models import Jurisdiction, Level
from tests.factories.people import officer, place, representative
from tests.factories.register import base, operator


@dataclass(frozen=True)
class Cast:
    """Operator Wang with a base; officers of county, city and province; three administrators; strangers."""

    county: Jurisdiction
    city: Jurisdiction
    province: Jurisdiction
    operator: Operator
    base: Base
    wang: Capacity
    county_caseworker: Capacity
    city_caseworker: Capacity
    province_caseworker: Capacity
    second_caseworker: Capacity
    approver: Capacity
    city_approver: Capacity
    auditor: Capacity
    system_admin: Capacity
    security_admin: Capacity
    audit_admin: Capacity
    neighbour: Capacity
    other_province: Capacity
    other_operator: Capacity

    def capacities(self) -> dict[str, Capacity]:
        """Return everybody by the name of their part."""
        return {f.name: getattr(self, f.name) for f in fields(self) if isinstance(getattr(self, f.name), Capacity)}


def cast_at(county_code: str) -> Cast:
    """Return the cast of a county: its officers, those above it, a neighbouring county and another province."""
    county = place(county_code)
    city, province = county.ancestor(Level.CITY), county.ancestor(Level.PROVINCE)
    run = operator(county, name="筑梦创业服务有限公司")
    elsewhere = "530102" if province.code != "530000" else "520103"
    return Cast(
        county=county,
        city=city,
        province=province,
        operator=run,
        base=base(county, run_by=run, name="筑梦创业孵化基地"),
        wang=representative("王运营", run, manager=True),
        county_caseworker=officer("赵县办", county),
        city_caseworker=officer("李市办", city),
        province_caseworker=officer("孙省办", province),
        second_caseworker=officer("周省办", province),
        approver=officer("吴省批", province, Role.APPROVER),
        city_approver=officer("郑市批", city, Role.APPROVER),
        auditor=officer("冯监督", province, Role.AUDITOR),
        system_admin=officer("陈系统", province, Role.SYSTEM_ADMIN),
        security_admin=officer("褚安全", province, Role.SECURITY_ADMIN),
        audit_admin=officer("卫审计", province, Role.AUDIT_ADMIN),
        neighbour=officer("蒋邻县", _neighbour_of(county)),
        other_province=officer("沈外省", place(elsewhere).ancestor(Level.PROVINCE)),
        other_operator=representative("陈旁人", operator(elsewhere), manager=True),
    )


def _neighbour_of(county: Jurisdiction) -> Jurisdiction:
    siblings = Jurisdiction.objects.filter(parent=county.parent, level=Level.COUNTY, valid_to__isnull=True)
    return siblings.exclude(pk=county.pk).order_by("code")[0]
