"""What a dossier takes as a figure, a day or a text, and the sentence for everything else."""

import datetime
from typing import Any

import pytest

from applications import dossier
from applications.rules import ApplicationPolicy
from portal.policies.packs import all_packs
from tests.factories import dossiers

TODAY = datetime.date(2026, 11, 24)


def read(place: str, typed: str, **others: Any) -> tuple[Any, str]:
    """Return what is kept of a field and the sentence about it."""
    section, _, field = place.partition(".")
    found = dossier.check_section(dossier.section(section), {field: typed, **others}, (), TODAY)
    return found.values[field], found.problems.get(field, "")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("3900", "3900"),
        ("3900.50", "3900.5"),
        ("３９００．５", "3900.5"),
        ("3,900", "3900"),
        ("3，900.25", "3900.25"),
        ("1e3", "1000"),
        ("-0", "0"),
        ("100000000", "100000000"),
        ("0." + "0" * 400, "0"),
    ],
)
def test_an_area_is_read_as_people_write_it(typed: str, kept: str) -> None:
    assert read("premises.built_area", typed) == (kept, "")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1e30", "太大"),
        ("9" * 27, "太大"),
        ("9" * 5000, "太大"),
        ("1e999999999", "太大"),
        ("1e99999999999999999999", "不是数字"),
        ("-1", "是负数，这里不能小于 0"),
        ("−1.5", "是负数，这里不能小于 0"),
        ("-1e3", "是负数，这里不能小于 0"),
        ("NaN", "不是数字"),
        ("sNaN", "不是数字"),
        ("Infinity", "不是数字"),
        ("-Infinity", "不是数字"),
        ("1e-9", "最多写两位"),
        ("0.005", "最多写两位"),
        ("三百", "不是数字"),
    ],
)
def test_an_area_that_cannot_be_is_kept_as_typed_with_a_sentence(typed: str, said: str) -> None:
    kept, sentence = read("premises.built_area", typed, incubation_area=typed, free_area="12")
    assert kept == typed
    assert said in sentence
    assert len(sentence) < 100


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("²", ""),
        ("-2", "-2 是负数，这里不能小于 0，没有就填 0。"),
        ("−2", "-2 是负数"),
        ("-2.5", "-2.5 是负数"),
        ("1.5", "1.5 带小数，这里要填整数"),
        ("12人", "不是用数字写的整数"),
        ("十二", "不是用数字写的整数"),
        ("٣", "不是用数字写的整数"),
        ("9" * 5000, "太大"),
        ("10000001", "太大"),
    ],
)
def test_a_count_is_a_whole_number_that_can_be(typed: str, said: str) -> None:
    kept, sentence = read("tenants.tenants", typed)
    assert (kept == 2) if typed == "²" else (kept == typed)
    assert said in sentence
    assert bool(sentence) == bool(said)


@pytest.mark.parametrize("typed", ["99999999999-1-1", "2026-02-30", "0-1-1", "9" * 5000, "٢٠٢٦-١-١", "明年"])
def test_a_day_that_does_not_exist_is_said(typed: str) -> None:
    kept, sentence = read("unit.opened_on", typed)
    assert kept == typed
    assert sentence.endswith("写成 2022-03-01 这样。")


def test_the_example_of_a_day_is_one_that_could_be_right() -> None:
    _kept, founded = read("unit.established_on", "明年")
    _kept, ends = read("premises.lease_ends", "以后", premises_right="lease")
    assert founded.endswith("写成 2021-04-08 这样。")
    assert ends.endswith("写成 2029-12-31 这样。")


@pytest.mark.parametrize("typed", ["2022年3月1日", "2022/3/1", "２０２２．３．１", "2022-03-01"])
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert read("unit.opened_on", typed) == ("2022-03-01", "")


def test_a_text_keeps_lines_and_tabs_and_no_other_control_character() -> None:
    kept, sentence = read("unit.summary", "第一行\x00\x01\r\n\t第二\x7f行\x0c")
    assert (kept, sentence) == ("第一行\n\t第二行", "")


@pytest.mark.parametrize("typed", ["   ", "\x01", "\r\n\t"])
def test_a_required_text_without_a_visible_character_is_not_filled_in(typed: str) -> None:
    assert read("unit.contact_name", typed) == (None, "没有填“联系人”。")


@pytest.mark.parametrize(
    ("said", "place", "sentence"),
    [
        ({"free_area": "3201"}, "free_area", "3201 大于孵化面积 3200，改其中一项。"),
        ({"premises_right": "own"}, "lease_ends", "填了 2030-12-31，但场地选的是自有。"),
        ({"capacity": "0"}, "capacity", "填的是 0 户，不能接纳创业实体。"),
    ],
)
def test_what_cannot_be_of_premises_is_refused(said: dict[str, str], place: str, sentence: str) -> None:
    typed = dossiers.complete_answers(premises=said)["premises"]
    problems = dossier.check_section(dossier.section("premises"), typed, (), TODAY).problems
    assert problems.pop(place).startswith(sentence)
    assert problems.keys() <= {"services"}  # chosen from a list that this policy does not have


@pytest.mark.parametrize(
    "said",
    [{"free_area": "3200"}, {"premises_right": "own", "lease_ends": ""}, {"premises_right": "free"}, {"capacity": "1"}],
)
def test_premises_that_can_be_are_taken(said: dict[str, str]) -> None:
    typed = dossiers.complete_answers(premises=said)["premises"]
    problems = dossier.check_section(dossier.section("premises"), typed, (), TODAY).problems
    assert problems.keys() <= {"services"}


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("premises.facilities", "没有勾选“已具备的设施和条件”。"),
        ("premises.premises_right", "没有选择“场地从哪里来”。"),
        ("team.service_team", "没有选择“"),
    ],
)
def test_what_is_ticked_or_chosen_is_not_said_to_be_filled_in(place: str, sentence: str) -> None:
    assert read(place, "")[1].startswith(sentence)


def test_a_wrong_whole_is_not_compared_with_its_part() -> None:
    each = dossier.section("team")
    found = dossier.check_section(each, {"full_time_staff": "NaN", "qualified_staff": "3"}, (), TODAY)
    assert found.values["full_time_staff"] == "NaN"
    assert set(found.problems) >= {"full_time_staff"}
    assert "qualified_staff" not in found.problems


@pytest.mark.parametrize(
    "typed",
    ["13900000000", "139-0000-0000", "+86 13900000000", "0851-85600000", "０１０－６６６６８８８８", "(0851) 8560000"],
)
def test_a_mobile_or_a_line_with_its_area_code_is_a_telephone_number(typed: str) -> None:
    _kept, sentence = read("unit.contact_phone", typed)
    assert sentence == ""


@pytest.mark.parametrize("typed", ["1380000", "85600000", "139000000001", "12900000000", "0851-856000"])
def test_a_number_nobody_can_ring_is_said_with_its_digits(typed: str) -> None:
    kept, sentence = read("unit.contact_phone", typed)
    assert kept == typed
    assert f"有 {sum(sign.isdigit() for sign in typed)} 位数字" in sentence
    assert "写成 13900000000 或“区号-座机号码”这样" in sentence


@pytest.mark.parametrize(
    ("graduated", "exited", "rate"),
    [("30", "34", "88.2"), ("20", "28", "71.4"), ("5", "5", "100"), ("0", "3", "0"), ("1", "16", "6.3")],
)
def test_the_success_rate_follows_from_the_two_numbers_whatever_was_typed(
    graduated: str, exited: str, rate: str
) -> None:
    for typed in ("", "60"):
        assert read("tenants.success_rate", typed, graduated=graduated, exited=exited) == (rate, "")


@pytest.mark.parametrize(("graduated", "exited"), [("0", "0"), ("5", "3"), ("很多", "9"), ("", "9"), ("1", "9" * 5000)])
def test_no_success_rate_is_made_up_of_numbers_that_give_none(graduated: str, exited: str) -> None:
    assert read("tenants.success_rate", "60", graduated=graduated, exited=exited) == (None, "")


def test_a_rate_that_cannot_be_worked_out_is_not_called_unfilled() -> None:
    assert dossier.shown(dossier.section("tenants").field("success_rate"), None, ()) == "暂无"


@pytest.mark.parametrize(
    ("policy", "hint"),
    [
        ("jiaxing-2013", "。含高校毕业生、城镇登记失业人员、农村转移劳动力"),
        ("guizhou-2022", "。含大学生、退役军人、农民工等"),
        ("xinjiang-2015", ""),
    ],
)
def test_the_key_groups_are_those_the_policy_of_the_place_names(policy: str, hint: str) -> None:
    lists = all_packs()[policy].section(ApplicationPolicy).lists
    assert (
        dossier.hint_of(dossier.section("tenants").field("key_group_founded"), lists)
        == f"当地政策重点扶持创业的人群{hint}"
    )


def test_ways_of_building_that_their_names_do_not_tell_are_explained() -> None:
    lists = all_packs()["jiaxing-2013"].section(ApplicationPolicy).lists
    hint = dossier.hint_of(dossier.section("unit").field("formation_mode"), lists)
    for _code, name in dossier.choices_of(dossier.section("unit").field("formation_mode"), lists):
        assert name in hint
