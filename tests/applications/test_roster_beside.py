"""The number of tenants that was filed stands beside the roster, which is what assessments go by."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Application
from bases.models import Tenant
from portal.accounts.capacity import Capacity
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
ENTERED = datetime.date(2024, 5, 6)


def enter(cast: Cast, how_many: int) -> None:
    rows = [
        Tenant(base=cast.base, jurisdiction=cast.base.jurisdiction, name=f"第{n}户", entered_on=ENTERED)
        for n in range(how_many)
    ]
    Tenant.objects.bulk_create(rows)


def shown(client: Client, page: str, application: Application, *more: str) -> str:
    return client.get(reverse(f"applications:{page}", args=[application.pk, *more])).content.decode()


def test_an_officer_sees_the_roster_beside_what_was_filed(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    client = sign_in(cast.county_caseworker)
    said = shown(client, "case", application)
    assert "申报书填 52 户，在孵实体名册现有 0 户。在孵实体名册少于申报书所填" in said
    assert reverse("bases:roster", args=[cast.base.pk]) in said
    enter(cast, 52)
    said = shown(client, "case", application)
    assert "申报书填 52 户，在孵实体名册现有 52 户。" in said
    assert "名册少于申报书" not in said
    assert '<td role="cell" data-label="查到的">名册里有，有效</td>' in said, "the register, not the roster of a base"


def test_an_operator_is_reminded_of_its_roster_and_may_file_all_the_same(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.draft(cast)
    client = sign_in(cast.wang)
    for page in (shown(client, "section", application, "tenants"), shown(client, "check", application)):
        assert "申报书填在孵实体 52 户，在孵实体名册现有 0 户。" in page
        assert reverse("bases:my_roster", args=[cast.base.pk]) in page
    assert "名册现有" not in shown(client, "section", application, "unit")
    actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    assert dossiers.fresh(application).status == "recommendation"


def test_a_roster_that_holds_as_many_asks_nothing_of_the_operator(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.draft(cast)
    enter(cast, 52)
    assert "名册现有" not in shown(sign_in(cast.wang), "check", application)


def test_assessment_and_re_certification_are_spoken_of_only_where_the_title_has_a_period(
    cast: Cast, sign_in: SignIn
) -> None:
    dated = dossiers.draft(cast)
    page = shown(sign_in(cast.wang), "check", dated)
    assert "考核、复评也以在孵实体名册为准" in page
    Application.objects.filter(pk=dated.pk).update(title="city")  # the title of a city has no period (G-27)
    page = shown(sign_in(cast.wang), "check", dated)
    assert "请在名册里逐户登记。不影响提交。" in page
    assert "复评" not in page
