"""Amounts on payment papers, against the examples of the rules for bills."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.money import DIGITS, figures, in_capitals, in_prose


@pytest.mark.parametrize(
    ("amount", "capitals"),
    [
        ("1409.50", "人民币壹仟肆佰零玖元伍角"),
        ("6007.14", "人民币陆仟零柒元壹角肆分"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "人民币叁佰贰拾伍元零肆分"),
        ("1680.32", "人民币壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "人民币壹拾万柒仟元零伍角叁分"),
        ("500000", "人民币伍拾万元整"),
        ("1000000", "人民币壹佰万元整"),
        ("5000", "人民币伍仟元整"),
        ("3000", "人民币叁仟元整"),
        ("1000010.05", "人民币壹佰万零壹拾元零伍分"),
        ("100000000", "人民币壹亿元整"),
        ("100000005", "人民币壹亿零伍元整"),
        ("1020304050", "人民币壹拾亿贰仟零叁拾万肆仟零伍拾元整"),
        ("0", "人民币零元整"),
        ("0.05", "人民币伍分"),
        ("0.50", "人民币伍角"),
        ("10.00", "人民币壹拾元整"),
    ],
)
def test_capitals_follow_the_rules_for_bills(amount: str, capitals: str) -> None:
    assert in_capitals(Decimal(amount)) == capitals


@given(st.integers(min_value=1, max_value=99_999_999_999))
def test_capitals_never_double_a_zero_and_never_end_in_one(cents: int) -> None:
    words = in_capitals(Decimal(cents) / 100)
    assert "零零" not in words
    assert "零元" not in words
    assert not words.endswith("零")
    assert set(words) <= set(DIGITS) | set("人民币拾佰仟万亿元角分整")


@given(st.integers(min_value=0, max_value=99_999_999), st.integers(min_value=0, max_value=99_999_999))
def test_different_amounts_read_differently(one: int, other: int) -> None:
    assert (in_capitals(Decimal(one) / 100) == in_capitals(Decimal(other) / 100)) == (one == other)


def test_an_amount_no_paper_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="payment paper"):
        in_capitals(Decimal("-1"))
    with pytest.raises(ValueError, match="payment paper"):
        in_capitals(Decimal("1000000000000"))


def test_money_is_never_a_float() -> None:
    with pytest.raises(TypeError):
        in_capitals(0.1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "shown", "prose"),
    [
        ("500000", "￥500,000.00", "50万元"),
        ("1000000", "￥1,000,000.00", "100万元"),
        ("5000", "￥5,000.00", "5,000元"),
        ("4999.5", "￥4,999.50", "4,999.50元"),
        ("186000", "￥186,000.00", "18.6万元"),
        ("-25000", "-￥25,000.00", "-2.5万元"),
        ("12345.67", "￥12,345.67", "12,345.67元"),
    ],
)
def test_figures_and_prose(amount: str, shown: str, prose: str) -> None:
    assert figures(Decimal(amount)) == shown
    assert in_prose(Decimal(amount)) == prose
