"""统一社会信用代码 (GB 32100): what is right, what is wrong, and where."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal import uscc

VALID = ["91520102MA900045X0", "N2520102MA9000011X"]


@pytest.mark.parametrize("code", VALID)
def test_right_codes_are_right_also_those_that_begin_with_a_letter(code: str) -> None:
    assert uscc.problem(code) is None


@pytest.mark.parametrize("code", [" 91520102ma900045x0 ", "９１５２０１０２ＭＡ９０００４５Ｘ０"])
def test_full_width_small_letters_and_blanks_are_forgiven(code: str) -> None:
    assert uscc.is_valid(code)


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_that_never_occur_are_named_with_their_place(letter: str) -> None:
    assert f"第 9 位“{letter}”" in (uscc.problem(f"91520102{letter}A900045X0") or "")


def test_wrong_check_character_is_told_the_right_one() -> None:
    sentence = uscc.problem("91350211M0000XUF46") or ""
    assert "末位应为“R”，现为“6”" in sentence


def test_wrong_length_is_counted() -> None:
    assert "现为 17 位" in (uscc.problem("91520102MA900045X") or "")


def test_letter_in_the_division_is_refused() -> None:
    assert "第 3 位应是数字" in (uscc.problem("91A20102MA900045X0") or "")


@given(st.text(alphabet=uscc.ALPHABET, min_size=9, max_size=9), st.integers(100_000, 999_999))
def test_exactly_one_check_character_fits(body: str, division: int) -> None:
    first17 = f"91{division}{body}"
    fitting = [last for last in uscc.ALPHABET if uscc.is_valid(first17 + last)]
    assert fitting == [uscc.check_character(first17)]


@given(st.text(max_size=30))
def test_no_input_crashes(code: str) -> None:
    uscc.problem(code)


@pytest.mark.parametrize("code", ["9152", "91520103MA0000001I", "91A20103MA00000011", "915201030000000000"])
def test_what_is_wrong_with_a_code_is_said_in_the_readers_language(code: str) -> None:
    said = uscc.problem(code)
    with translation.override("en"):
        in_english = uscc.problem(code)
    assert said
    assert in_english
    assert said.startswith("统一社会信用代码")
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in in_english)
