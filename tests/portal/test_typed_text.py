"""Texts as people type them: when one copies another."""

import pytest

from portal.typed_text import copied

TOLD = "首年场租减半，是开业那天主任当着二十几户的面说的；到今年四月按全额收。"


@pytest.mark.parametrize(
    "text",
    [
        "投诉人说：是开业那天主任当着二十几户的面说的。",
        "是开业那天 主任，当着二十几户 的面说",
        "是開是开业那天主任当着二十几户的面",
    ],
)
def test_fifteen_letters_in_a_row_are_a_copy_whatever_stands_between_them(text: str) -> None:
    assert "开业那天主任当着二十几户的面" in copied(text, TOLD, run=15)


@pytest.mark.parametrize("text", ["", "反映首年场租减半没有兑现。", "开业那天主任当着二十几户", "到今年四月按全额"])
def test_fewer_are_none(text: str) -> None:
    assert copied(text, TOLD, run=15) == ""


def test_the_name_of_the_base_is_nobodys_own_words() -> None:
    name = "贵州省大学生创业孵化示范基地"
    told = f"我在{name}租的办公室漏水三个月"
    assert copied(f"反映在{name}租用的房间漏水", told, run=15, apart_from=[name]) == ""
    assert copied(f"反映在{name}租的办公室漏水", told, run=15) != ""


def test_no_names_take_nothing_away() -> None:
    assert copied(TOLD, TOLD, run=15, apart_from=["", "。"]) == copied(TOLD, TOLD, run=15) != ""
