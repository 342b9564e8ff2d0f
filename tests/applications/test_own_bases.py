"""An operator puts right what it entered of its own base, until a bureau relies on it; then the bureau enters it."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Application
from bases.actions import amend_base, register_base
from bases.models import Base
from portal.accounts.capacity import Capacity
from portal.audit.models import AuditEvent
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.jurisdictions.models import AgencyProfile
from tests.factories import dossiers, titles
from tests.factories.cast import Cast
from tests.factories.people import place, representative
from tests.factories.register import base as make_base
from tests.factories.register import operator as make_operator

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
TOMORROW = dossiers.FILED + datetime.timedelta(days=1)


def corrected(cast: Cast, by: Capacity | None = None, **said: Any) -> Base:
    """Correct the base of the cast."""
    fields = {"name": cast.base.name, "county": cast.county, "address": "中华路 1 号"} | said
    return actions.correct_own_base(cast.base, by=by or cast.wang, on=dossiers.FILED, **fields)


def fresh(cast: Cast) -> Base:
    return Base.objects.get(pk=cast.base.pk)


def test_an_operator_corrects_name_place_and_address_and_the_old_ones_stay_on_record(cast: Cast) -> None:
    corrected(cast, name="启航  孵化基地", county=place("520102"), address="中山路 2 号")
    base = fresh(cast)
    assert (base.name, base.region_code, base.address) == ("启航 孵化基地", "520102", "中山路 2 号")
    facts = AuditEvent.objects.get(verb="base.amended").facts
    assert (facts["before"]["name"], facts["after"]["name"]) == ("筑梦创业孵化基地", "启航 孵化基地")
    assert (facts["before"]["jurisdiction"], facts["after"]["jurisdiction"]) == (
        "贵州省贵阳市云岩区",
        "贵州省贵阳市南明区",
    )


def test_a_draft_moves_with_its_base(cast: Cast) -> None:
    draft = dossiers.draft(cast)
    Base.objects.get(pk=cast.base.pk).certifications.all().delete()
    corrected(cast, county=place("520302"))
    moved = Application.objects.get(pk=draft.pk)
    assert (moved.region_code, moved.jurisdiction.name) == ("520302", "红花岗区")


def test_a_base_does_not_leave_the_territory_of_the_call_its_draft_answers(cast: Cast) -> None:
    call = dossiers.open_call(cast, "city", name="2026 年度市级申报")
    actions.start_application(call, base=cast.base, by=cast.wang, at=dossiers.moment(dossiers.FILED))
    with pytest.raises(DomainError, match="请先撤回这份草稿"):
        corrected(cast, county=place("520302"))
    assert fresh(cast).region_code == "520103"


def test_once_filed_a_change_is_the_bureaus_to_enter(cast: Cast) -> None:
    application = dossiers.submitted(cast)
    AgencyProfile.objects.create(
        jurisdiction=cast.county, name="云岩区人社局（演示）", short_name="区人社局", phone="0851-00000002"
    )
    with pytest.raises(NotAllowed) as refusal:
        corrected(cast, name="新名孵化基地")
    assert application.reference in refusal.value.message
    assert "请持证明向云岩区人社局（演示）申请变更登记，联系电话：0851-00000002。" in refusal.value.message
    assert fresh(cast).name == "筑梦创业孵化基地"


def test_with_a_title_even_an_ended_one_a_change_is_the_bureaus_to_enter(cast: Cast) -> None:
    titles.revoked(cast.base)
    with pytest.raises(NotAllowed, match="名册和证书按现在的名称和所在地登记"):
        corrected(cast)


def test_an_application_that_was_withdrawn_holds_nothing_up(cast: Cast) -> None:
    call = dossiers.open_call(cast, "city", name="2026 年度市级申报")
    application = dossiers.submitted(cast, call)
    actions.withdraw_application(application, reason="暂不申报。", by=cast.wang, on=dossiers.FILED)
    assert corrected(cast, name="新名孵化基地").name == "新名孵化基地"


def test_nobody_corrects_the_base_of_another(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="只能更正本单位的基地"):
        corrected(cast, by=cast.other_operator)
    with pytest.raises(NotAllowed, match="只能更正本单位的基地"):
        corrected(cast, by=cast.county_caseworker)


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ({"name": " "}, "name"),
        ({"name": "同名基地"}, "name"),
        ({"name": "别家基地"}, "another"),
        ({"at": "520100"}, "county"),
        ({"opened_on": TOMORROW}, "opened_on"),
    ],
)
def test_a_correction_is_held_to_what_a_new_base_is_held_to(cast: Cast, said: dict[str, Any], at: str) -> None:
    make_base("520103", run_by=cast.operator, name="同名基地")
    make_base("520103", name="别家基地")
    fields: dict[str, Any] = {"county": place(said.pop("at"))} if "at" in said else {}
    with pytest.raises(InvalidInput) as refusal:
        corrected(cast, **said, **fields)
    assert list(refusal.value.problems) == [at]


def test_a_base_is_not_entered_with_an_opening_day_to_come(cast: Cast) -> None:
    said: dict[str, Any] = {"name": "新基地", "county": cast.county, "by": cast.wang, "on": dossiers.FILED}
    with pytest.raises(InvalidInput) as refusal:
        register_base(cast.operator, opened_on=TOMORROW, **said)
    assert "2026-03-10 晚于今天（2026-03-09）" in refusal.value.problems["opened_on"]
    assert register_base(cast.operator, opened_on=dossiers.FILED, **said).opened_on == dossiers.FILED


def test_the_bureau_enters_no_opening_day_to_come_either(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refusal:
        amend_base(cast.base, by=cast.county_caseworker, on=dossiers.FILED, opened_on=TOMORROW)
    assert list(refusal.value.problems) == ["opened_on"]


def test_the_register_takes_the_opening_day_that_was_certified(cast: Cast) -> None:
    Base.objects.filter(pk=cast.base.pk).update(opened_on=datetime.date(2021, 1, 1))
    dossiers.approved(cast)
    assert fresh(cast).opened_on == datetime.date(2022, 3, 1)
    event = AuditEvent.objects.get(verb="base.entered_from_dossier")
    assert (event.facts["before"], event.facts["after"]) == ({"opened_on": "2021-01-01"}, {"opened_on": "2022-03-01"})


def test_what_an_approval_enters_from_the_dossier_is_not_called_a_change_by_the_approver(
    cast: Cast, sign_in: SignIn
) -> None:
    Base.objects.filter(pk=cast.base.pk).update(opened_on=None)
    dossiers.approved(cast)
    page = sign_in(cast.county_caseworker).get(f"/desk/register/{cast.base.pk}/").content.decode()
    assert "认定时按申报材料补记" in page
    assert "开始运营：未填写 → " in page
    assert "变更基地信息" not in page
    assert "2022年3月1日" not in page


def test_a_day_the_bureau_put_right_after_the_dossier_came_in_stands(cast: Cast) -> None:
    application = dossiers.for_approval(cast)
    found = datetime.date(2021, 6, 1)
    amend_base(cast.base, by=cast.county_caseworker, on=dossiers.FILED + datetime.timedelta(days=2), opened_on=found)
    day = datetime.date(2026, 3, 18)
    actions.approve_application(application, reason="符合认定条件。", by=dossiers.second_approver(cast), on=day)
    assert fresh(cast).opened_on == found


def test_a_register_that_says_the_certified_day_already_is_left_alone(cast: Cast) -> None:
    Base.objects.filter(pk=cast.base.pk).update(opened_on=datetime.date(2022, 3, 1))
    dossiers.approved(cast)
    assert not AuditEvent.objects.filter(verb__in=["base.amended", "base.entered_from_dossier"]).exists()


def test_another_base_of_that_name_is_taken_once_it_is_said_to_be_another(cast: Cast) -> None:
    make_base("520103", name="别家基地")
    assert corrected(cast, name="别家基地", another=True).name == "别家基地"


def test_the_page_corrects_and_warns_of_a_place_where_the_operator_is_not_registered(
    cast: Cast, sign_in: SignIn
) -> None:
    client, address = sign_in(cast.wang), reverse("applications:own_base", args=[cast.base.pk])
    assert address in client.get("/my/applications/").content.decode()
    page = client.get(address).content.decode()
    assert 'value="筑梦创业孵化基地"' in page
    assert "变更由主管部门登记" in page
    form = {"name": "启航孵化基地", "county": place("520102").pk, "address": "中山路 2 号"}
    answer = client.post(address, form, follow=True).content.decode()
    assert "已更正：启航孵化基地" in answer
    assert "基地所在地是贵州省贵阳市南明区，贵单位登记在贵州省贵阳市云岩区" in answer
    again = client.post(address, {**form, "county": cast.county.pk}, follow=True).content.decode()
    assert "已更正：启航孵化基地" in again
    assert "贵单位登记在" not in again


def test_a_base_lies_in_a_county_whose_bureau_works_with_the_portal(cast: Cast, sign_in: SignIn) -> None:
    """A policy of Jiaxing alone is kept of Zhejiang: nobody could certify a base in Hangzhou."""
    run = make_operator("330402")
    client = sign_in(representative("陆嘉兴", run))
    offered = client.get("/my/bases/new/").context["form"].fields["county"].queryset
    assert {county.code[:4] for county in offered} == {"3304"}
    form = {"name": "启航孵化基地", "county": place("330102").pk, "address": "中山路 2 号"}
    assert client.post("/my/bases/new/", form).status_code == 422
    guizhou = sign_in(cast.wang).get("/my/bases/new/").context["form"].fields["county"].queryset
    assert guizhou.count() == guizhou.model.objects.within(cast.province).filter(level="county", valid_to=None).count()


def test_a_base_entered_elsewhere_keeps_its_county_while_something_else_is_corrected(sign_in: SignIn) -> None:
    run = make_operator("330402")
    base = make_base("330102", run_by=run, name="启航孵化基地")
    form = {"name": base.name, "county": base.jurisdiction_id, "address": "中山路 3 号"}
    address = reverse("applications:own_base", args=[base.pk])
    sign_in(representative("陆嘉兴", run)).post(address, form)
    assert Base.objects.get(pk=base.pk).address == "中山路 3 号"


def test_whatever_is_wrong_with_a_base_is_said_at_once(cast: Cast, sign_in: SignIn) -> None:
    said = {"name": cast.base.name, "county": cast.county.pk, "phone": "1", "opened_on": "2999-01-01"}
    page = sign_in(cast.wang).post(reverse("applications:new_base"), said).content.decode()
    for sentence in ("已有同名基地", "2999-01-01 晚于今天", "请填写详细地址", "“1”"):
        assert sentence in page


def test_a_new_base_elsewhere_is_taken_with_the_same_warning(cast: Cast, sign_in: SignIn) -> None:
    form = {"name": "启航孵化基地", "county": place("520102").pk, "address": "中山路 2 号"}
    answer = sign_in(cast.wang).post("/my/bases/new/", form, follow=True).content.decode()
    assert Base.objects.filter(name="启航孵化基地", region_code="520102").exists()
    assert "贵单位登记在贵州省贵阳市云岩区" in answer


@pytest.mark.slow
def test_the_page_says_who_enters_a_change_once_the_bureau_relies_on_it(cast: Cast, sign_in: SignIn) -> None:
    dossiers.submitted(cast)
    client, address = sign_in(cast.wang), reverse("applications:own_base", args=[cast.base.pk])
    page = client.get(address).content.decode()
    assert "请持证明向云岩区人力资源和社会保障主管部门申请变更登记" in page
    assert "保存更正" not in page
    form = {"name": "新名孵化基地", "county": cast.county.pk, "address": "中华路 1 号"}
    assert client.post(address, form).status_code == 422
    assert fresh(cast).name == "筑梦创业孵化基地"
    assert sign_in(cast.other_operator).get(address).status_code == 404


def test_the_name_of_a_base_leads_its_operator_to_the_same_page_from_everywhere(cast: Cast, sign_in: SignIn) -> None:
    own, shown = reverse("applications:own_base", args=[cast.base.pk]), reverse("public:base", args=[cast.base.slug])
    client = sign_in(cast.wang)
    assert shown not in client.get(own).content.decode()
    dossiers.city_title(cast)
    for page in (reverse("desk:operator_home"), reverse("applications:mine")):
        assert f'<a href="{own}">{cast.base.name}</a>' in client.get(page).content.decode()
    assert f'href="{shown}"' in client.get(own).content.decode()
