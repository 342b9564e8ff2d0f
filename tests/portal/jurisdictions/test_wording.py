"""Levels are called as in their place: 自治区级 in an autonomous region, 旗 where the counties are banners."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from applications.forms import BaseForm
from applications.rules import ApplicationPolicy
from portal.desk.home.doing import first_thing
from portal.desk.home.standing import situation_of
from portal.desk.policies.pages import policy_page
from portal.desk.worklist.forms import WorklistForm
from portal.desk.worklist.queues import MINE, Desk
from portal.documents.addressees import bureaus_below
from portal.documents.models import Letter
from portal.jurisdictions.labels import county_label
from portal.jurisdictions.models import Jurisdiction
from portal.jurisdictions.wording import level_in_words, places_in_words
from portal.policies.packs import all_packs
from portal.policies.wording import title_name, wording
from tests.factories import dossiers
from tests.factories.cast import cast_at
from tests.factories.people import officer

LEVELS = re.compile("省级|自治区级|地（[^）]+）级|盟（市）级|(?<!）)市级|县级")


@pytest.mark.parametrize(
    ("code", "province", "city", "county"),
    [
        ("520000", "省级", "市级", "县级"),
        ("522600", "省级", "州级", "县级"),
        ("650000", "自治区级", "地（州、市）级", "县级"),
        ("540000", "自治区级", "地（市）级", "县级"),
        ("542500", "自治区级", "地区级", "县级"),
        ("330400", "省级", "市级", "县级"),
        ("150600", "自治区级", "市级", "旗（区）级"),
        ("150621", "自治区级", "市级", "旗（区）级"),
        ("150000", "自治区级", "盟（市）级", "旗（县、市、区）级"),
        ("110000", "市级", "市级", "区级"),
        ("000000", "省级", "市级", "县级"),
    ],
)
def test_a_level_is_called_as_in_its_place(code: str, province: str, city: str, county: str) -> None:
    assert [level_in_words(level, code) for level in ("province", "city", "county")] == [province, city, county]
    assert level_in_words("nation", code) == "国家级"


@pytest.mark.parametrize(
    ("code", "counties"), [("520000", "县（市、区）"), ("540102", "县（区）"), ("150600", "旗（区）"), ("110000", "区")]
)
def test_counties_are_called_as_in_their_place(code: str, counties: str) -> None:
    assert places_in_words("county", code) == counties


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "called"),
    [
        ("540000", "各地（市）主管部门"),
        ("650000", "各地（州、市）主管部门"),
        ("520000", "各市（州）主管部门"),
        ("150600", "各旗（区）主管部门"),
        ("330400", "各县（市、区）主管部门"),
        ("540102", ""),
    ],
)
def test_a_notice_goes_to_the_bureaus_below_as_every_page_calls_them(code: str, called: str) -> None:
    assert bureaus_below(Jurisdiction.objects.get(code=code)) == called


def test_other_languages_keep_the_general_word() -> None:
    assert county_label("150600") == "旗（区）"
    with translation.override("en"):
        assert county_label("150600") == "County or district"


@pytest.mark.parametrize("pack", sorted(all_packs()))
def test_no_step_of_a_policy_is_named_after_a_level_its_place_does_not_have(pack: str) -> None:
    here = all_packs()[pack]
    for procedure in here.section(ApplicationPolicy).procedures:
        for step in procedure.steps:
            assert set(LEVELS.findall(step.name)) <= {level_in_words(step.level, here.jurisdiction)}


def test_the_settings_name_a_title_as_every_page_and_letter_does() -> None:
    words = wording()
    assert title_name(all_packs()["tibet-2019"], "centre_region", words) == "自治区级双创中心"
    assert title_name(all_packs()["xinjiang-2015"], "base", words) == "自治区级小企业创业基地"
    assert title_name(all_packs()["guizhou-2022"], "city", words) == "市级创业孵化基地"


@pytest.mark.django_db
def test_the_settings_show_the_level_of_a_title_in_words_of_the_place() -> None:
    page = str(policy_page(all_packs()["tibet-2019"], dossiers.FILED, names=False))
    assert "自治区级" in page
    assert "'省级'" not in page


@pytest.mark.django_db
def test_a_call_in_an_autonomous_region_never_speaks_of_a_province() -> None:
    cast = cast_at("650102")
    call = dossiers.open_call(cast, "base", name="2026 年度小企业创业基地申报")
    wording = str(Letter.objects.get(kind="call.notice").wording)
    page = Client().get(reverse("public:call", args=["650000", call.pk])).content.decode()
    for text in (wording, page):
        assert "自治区级实地考察" in text
        assert "省级" not in text


@pytest.mark.django_db
def test_a_base_in_a_banner_is_entered_under_its_banner_and_filed_with_it() -> None:
    cast = cast_at("150621")
    form = BaseForm(operator=cast.base.operator, on=dossiers.FILED, initial={})
    assert form.fields["county"].label == "所在旗（县、市、区）"
    application = dossiers.draft(cast, dossiers.open_call(cast, "park", name="2026 年度创业园孵化基地申报"))
    first = first_thing(situation_of(cast.operator, dossiers.moment(dossiers.FILED)), [], [])
    assert first.key == f"case:{application.pk}"
    assert f"提交后先由{cast.county.name}办理" in [fact.value for fact in first.facts][-1]


@pytest.mark.django_db
def test_a_worklist_of_a_region_of_banners_filters_by_banner() -> None:
    desk = Desk(officer("布区办", "150000"), dossiers.FILED, dossiers.FILED)
    form = WorklistForm({"place": "150600"}, desk=desk, name=MINE)
    assert form.fields["county"].label == "旗（区）"
