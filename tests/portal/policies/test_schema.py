"""A section is read by the annotations of its dataclass, and every problem is told with its place."""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.policies.entries import toml
from portal.policies.schema import (
    AtLeastOne,
    Between,
    Code,
    Money,
    NonEmpty,
    PackError,
    Reader,
    Share,
    Unfit,
    Value,
    read_section,
)


class Level(StrEnum):
    COUNTY = "county"
    CITY = "city"


@dataclass(frozen=True)
class Window:
    opens: Value[date]
    closes: Value[date | None]

    def __post_init__(self) -> None:
        if self.closes.value and self.closes.value < self.opens.value:
            raise Unfit("closes", found=str(self.closes.value), expected="不早于 opens", fix="核对日期。")


@dataclass(frozen=True)
class Sample:
    SECTION: ClassVar[str] = "sample"
    limit: Value[AtLeastOne]
    amount: Value[Money]
    share: Value[Share]
    inclusive: Value[bool]
    mode: Value[Literal["any", "all"]]
    level: Level
    code: Code
    name: NonEmpty
    window: Window
    kinds: tuple[str, ...]
    steps: tuple[Window, ...] = ()
    by_name: dict[str, Window] | None = None
    note: str | None = None


def cited(value: object, **more: object) -> dict[str, object]:
    return {"value": value, "clause": "GZ-01", **more}


def table(**changes: object) -> dict[str, object]:
    good: dict[str, object] = {
        "limit": cited(3, ambiguity="G-01"),
        "amount": cited("500000.00"),
        "share": cited("0.30"),
        "inclusive": cited(True),
        "mode": cited("any"),
        "level": "county",
        "code": "city_bases",
        "name": "示例",
        "window": {"opens": cited(date(2022, 7, 22)), "closes": {"unset": True, "clause": "GZ-01"}},
        "kinds": ["a", "b"],
    }
    return good | changes


def problem_of(**changes: object):
    with pytest.raises(PackError) as caught:
        read_section(Sample, table(**changes), "sample", {"GZ-01", "GZ-27"})
    assert len(caught.value.problems) == 1, caught.value.problems
    return caught.value.problems[0]


def test_a_good_table_becomes_a_typed_section():
    section = read_section(Sample, table(), "sample", {"GZ-01"})
    assert section.limit == Value(3, "GZ-01", ambiguity="G-01")
    assert section.amount.value == Decimal("500000.00")
    assert section.level is Level.COUNTY
    assert section.window.opens.value == date(2022, 7, 22)
    assert section.window.closes.value is None
    assert section.kinds == ("a", "b")
    assert section.note is None


def test_tables_nest_in_arrays_and_by_name():
    window = {"opens": cited(date(2022, 1, 1)), "closes": cited(date(2022, 2, 1))}
    section = read_section(Sample, table(steps=[window, window], by_name={"first": window}), "sample")
    assert len(section.steps) == 2
    assert section.by_name is not None
    assert section.by_name["first"].closes.value == date(2022, 2, 1)


def test_an_unknown_key_is_named_with_the_key_that_was_meant():
    problem = problem_of(levle="county")
    assert problem.path == "sample.levle"
    assert "未知" in problem.found


def test_a_misspelt_key_is_matched_with_the_missing_one():
    raw = table()
    raw["limti"] = raw.pop("limit")
    with pytest.raises(PackError) as caught:
        read_section(Sample, raw, "sample")
    unknown, missing = caught.value.problems
    assert "limit" in unknown.fix
    assert missing.path == "sample.limit"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"limit": cited("3")}, "sample.limit.value"),
        ({"limit": cited(True)}, "sample.limit.value"),
        ({"limit": cited(0)}, "sample.limit.value"),
        ({"limit": cited(-1)}, "sample.limit.value"),
        ({"limit": 3}, "sample.limit"),
        ({"limit": {"clause": "GZ-01"}}, "sample.limit.value"),
        ({"limit": {"value": 3}}, "sample.limit.clause"),
        ({"limit": cited(3, claus="x")}, "sample.limit.claus"),
        ({"limit": {"unset": True, "clause": "GZ-01"}}, "sample.limit.unset"),
        ({"limit": cited(3, unset=True)}, "sample.limit.unset"),
        ({"limit": cited(3, assumed=True)}, "sample.limit.because"),
        ({"limit": cited(3, assumed="yes")}, "sample.limit.assumed"),
        ({"limit": cited(3, ambiguity="g1")}, "sample.limit.ambiguity"),
        ({"limit": {"value": 3, "clause": "GZ-72"}}, "sample.limit.clause"),
        ({"amount": cited(500000.5)}, "sample.amount.value"),
        ({"amount": cited("50万")}, "sample.amount.value"),
        ({"amount": cited("NaN")}, "sample.amount.value"),
        ({"amount": cited("-1.00")}, "sample.amount.value"),
        ({"share": cited("1.01")}, "sample.share.value"),
        ({"inclusive": cited(1)}, "sample.inclusive.value"),
        ({"mode": cited("either")}, "sample.mode.value"),
        ({"level": "village"}, "sample.level"),
        ({"code": "City"}, "sample.code"),
        ({"name": "  "}, "sample.name"),
        ({"kinds": "a"}, "sample.kinds"),
        ({"kinds": ["a", 1]}, "sample.kinds[1]"),
        ({"window": []}, "sample.window"),
        ({"window": {"opens": cited("2022-07-22"), "closes": cited(date(2023, 1, 1))}}, "sample.window.opens.value"),
        ({"window": {"opens": cited(date(2022, 7, 22)), "closes": cited(date(2022, 1, 1))}}, "sample.window.closes"),
        ({"steps": [{"opens": cited(date(2022, 7, 22))}]}, "sample.steps[0].closes"),
    ],
)
def test_a_wrong_value_is_reported_at_its_place_with_a_way_out(changes, path):
    problem = problem_of(**changes)
    assert problem.path == path
    assert problem.found
    assert problem.expected
    assert problem.fix


def test_a_cited_clause_that_does_not_exist_names_the_close_one():
    assert "GZ-27" in problem_of(limit={"value": 3, "clause": "GZ-72"}).fix


def test_all_problems_are_reported_at_once():
    with pytest.raises(PackError) as caught:
        read_section(Sample, table(limit=cited("3"), amount=cited("x"), level="z"), "sample")
    assert [problem.path for problem in caught.value.problems] == [
        "sample.limit.value",
        "sample.amount.value",
        "sample.level",
    ]


def test_the_sentence_of_an_error_says_where_what_and_how():
    sentence = str(problem_of(limit=cited("3")))
    assert sentence == "sample.limit.value：现为 “3”，应为 整数，例如 3。请去掉引号。"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**10))
def test_amounts_are_read_exactly(amount):
    @dataclass(frozen=True)
    class Award:
        amount: Value[Money]

    assert read_section(Award, {"amount": cited(str(amount))}).amount.value == amount


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    )
)
def test_whatever_stands_in_a_table_is_read_or_reported_never_a_crash(raw):
    for key in ("limit", "window", "kinds", "by_name", "level", "amount"):
        reader = Reader({"GZ-01"})
        reader.table(Sample, table(**{key: raw}), "sample")
        assert all(problem.path.startswith(f"sample.{key}") for problem in reader.problems)


def test_a_range_says_its_ends():
    assert str(Between(1, 12)) == "1 至 12 之间（含）"
    assert str(Between(None, 12)) == "不大于 12"
    assert 12 in Between(1, 12)
    assert 13 not in Between(1, 12)


def test_an_optional_limit_is_checked_only_when_set():
    @dataclass(frozen=True)
    class Cap:
        ratio: Value[Annotated[Decimal, Between(0, 1)] | None]

    assert read_section(Cap, {"ratio": {"unset": True, "clause": "GZ-24"}}).ratio.value is None
    with pytest.raises(PackError):
        read_section(Cap, {"ratio": cited("2")})


@pytest.mark.parametrize("amount", ["10000000000.01", "1E+400", "0." + "0" * 20 + "1"])
def test_an_amount_no_column_can_hold_is_refused(amount):
    assert problem_of(amount=cited(amount)).path == "sample.amount.value"


@pytest.mark.parametrize("text", ["tab\there", "return\r", "null\x00", "del\x7f", 'quote " and \\ slash\n'])
def test_every_text_is_written_as_toml_reads_it_back(text):
    assert tomllib.loads(f"value = {toml(text)}")["value"] == text
