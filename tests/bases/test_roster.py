"""The roster of a base: kept by its operator, every change on record, looked at by the officers of the territory."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bases.actions import Tenancy, correct_tenant, end_tenancy, enter_tenant, strike_tenant
from bases.models import Tenant
from portal.accounts.capacity import Capacity
from portal.audit.recording import timeline
from portal.errors import DomainError, InvalidInput, NotAllowed
from tests.factories.cast import Cast
from tests.factories.register import base as make_base
from tests.factories.register import fresh_uscc

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
TODAY = datetime.date(2026, 3, 2)
IN = datetime.date(2025, 3, 1)


def entered(cast: Cast, name: str = "晨光科技", **fields: Any) -> Tenant:
    return enter_tenant(cast.base, Tenancy(name, fields.pop("entered_on", IN), **fields), by=cast.wang, on=TODAY)


def refused(cast: Cast, tenancy: Tenancy) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refusal:
        enter_tenant(cast.base, tenancy, by=cast.wang, on=TODAY)
    return refusal.value.problems


def test_each_wrong_point_is_named_with_what_was_found(cast: Cast) -> None:
    later = datetime.date(2026, 4, 1)
    assert set(refused(cast, Tenancy("  ", later))) == {"name", "entered_on"}
    assert "2026-04-01" in refused(cast, Tenancy("晨光科技", later))["entered_on"]
    assert "早于入驻日期" in refused(cast, Tenancy("晨光科技", IN, left_on=datetime.date(2024, 1, 1)))["left_on"]
    assert "uscc" in refused(cast, Tenancy("晨光科技", IN, uscc="91520103MA00000000"))


def test_nobody_stands_in_the_roster_twice_for_the_same_days(cast: Cast) -> None:
    code = fresh_uscc()
    first = entered(cast, uscc=code)
    assert "晨光科技" in refused(cast, Tenancy("晨光科技", TODAY))["name"]
    assert "晨光科技" in refused(cast, Tenancy("晨光（贵州）科技", TODAY, uscc=code.lower()))["uscc"]
    end_tenancy(first, left_on=datetime.date(2025, 12, 31), by=cast.wang, on=TODAY)
    assert entered(cast, uscc=code, entered_on=datetime.date(2026, 1, 1)).pk != first.pk


def test_only_the_operator_of_the_base_keeps_its_roster(cast: Cast) -> None:
    tenant = entered(cast)
    for stranger in (cast.other_operator, cast.county_caseworker, cast.province_caseworker):
        with pytest.raises(NotAllowed):
            enter_tenant(cast.base, Tenancy("外人登记", IN), by=stranger, on=TODAY)
        with pytest.raises(NotAllowed):
            strike_tenant(tenant, because="不想让它在册", by=stranger, on=TODAY)


def test_an_entry_changed_after_a_complaint_leaves_its_trace(cast: Cast) -> None:
    tenant = entered(cast)
    recorded_at = tenant.recorded_at
    correct_tenant(tenant, Tenancy("晨光文化", TODAY), because="名称登记有误", by=cast.wang, on=TODAY)
    tenant.refresh_from_db()
    assert (tenant.name, tenant.entered_on, tenant.recorded_at) == ("晨光文化", TODAY, recorded_at)
    facts = timeline(tenant).get(verb="tenant.corrected").facts
    assert (facts["before"]["name"], facts["after"]["name"]) == ("晨光科技", "晨光文化")
    assert facts["before"]["entered_on"] == "2025-03-01"
    with pytest.raises(InvalidInput):
        correct_tenant(tenant, Tenancy("晨光文化", IN), because=" ", by=cast.wang, on=TODAY)


def test_a_struck_entry_is_nobody_s_tenancy_and_cannot_be_changed(cast: Cast) -> None:
    tenant = strike_tenant(entered(cast), because="重复登记", by=cast.wang, on=TODAY)
    assert not Tenant.objects.present(TODAY).filter(base=cast.base).exists()
    with pytest.raises(DomainError, match="注销"):
        end_tenancy(tenant, left_on=TODAY, by=cast.wang, on=TODAY)


def test_who_left_does_not_leave_twice(cast: Cast) -> None:
    tenant = end_tenancy(entered(cast), left_on=TODAY, by=cast.wang, on=TODAY)
    assert Tenant.objects.filter(base=cast.base).present(TODAY).count() == 1
    with pytest.raises(DomainError, match="更正"):
        end_tenancy(tenant, left_on=TODAY, by=cast.wang, on=TODAY)


def test_the_operator_enters_corrects_and_strikes_on_screen(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.wang)
    page = f"/my/bases/{cast.base.pk}/tenants/"
    assert client.get("/my/tenants/").headers["Location"] == page
    typed = {"name": "晨光科技", "entered_on": "2025-03-01", "uscc": "123"}
    answer = client.post(page, typed)
    assert answer.status_code == 422
    assert 'value="晨光科技"' in answer.content.decode()
    assert client.post(page, {**typed, "uscc": ""}).status_code == 302
    tenant = Tenant.objects.get(base=cast.base)
    assert "晨光科技" in client.get(page).content.decode()
    for path, data in (
        ("correct", {"name": "晨光文化", "entered_on": "2025-03-01", "because": "名称登记有误"}),
        ("leave", {"left_on": "2025-09-01"}),
        ("strike", {"because": "重复登记"}),
    ):
        address = f"/my/tenants/{tenant.pk}/{path}/"
        assert client.get(address).status_code == 200
        assert client.post(address, {}).status_code == 422
        assert client.post(address, data).status_code == 302
    tenant.refresh_from_db()
    assert (tenant.name, tenant.left_on, bool(tenant.struck_on)) == ("晨光文化", datetime.date(2025, 9, 1), True)


def test_an_operator_with_several_bases_chooses_and_sees_no_others(cast: Cast, sign_in: SignIn) -> None:
    make_base("520103", run_by=cast.operator, name="第二处")
    page = sign_in(cast.wang).get("/my/tenants/").content.decode()
    assert "第二处" in page
    assert cast.base.name in page
    tenant = entered(cast)
    for address in (f"/my/bases/{cast.base.pk}/tenants/", f"/my/tenants/{tenant.pk}/correct/"):
        assert sign_in(cast.other_operator).get(address).status_code == 404


def test_officers_of_the_territory_see_the_roster_with_every_change(cast: Cast, sign_in: SignIn) -> None:
    tenant = entered(cast)
    correct_tenant(tenant, Tenancy("晨光文化", IN), because="名称登记有误", by=cast.wang, on=TODAY)
    strike_tenant(tenant, because="重复登记", by=cast.wang, on=TODAY)
    address = f"/desk/register/{cast.base.pk}/tenants/"
    for officer in (cast.county_caseworker, cast.province_caseworker, cast.auditor):
        page = sign_in(officer).get(address).content.decode()
        assert "晨光科技 → 晨光文化" in page
        assert "注销：重复登记" in page
    assert sign_in(cast.neighbour).get(address).status_code == 404
