"""Of a text that was changed, only what changed is struck through and underlined."""

import pytest

from portal.web.differences import added, struck

FIRST = "基地位于观山湖区，交通便利。孵化面积1200平方米。"


def test_a_sentence_that_stayed_is_neither_struck_nor_underlined() -> None:
    after = "基地位于观山湖区，交通便利。孵化面积1500平方米。"
    assert struck(FIRST, after) == "基地位于观山湖区，交通便利。孵化面积<del>1200</del>平方米。"
    assert added(after, FIRST) == "基地位于观山湖区，交通便利。孵化面积<ins>1500</ins>平方米。"


def test_a_sentence_that_came_is_underlined_alone() -> None:
    after = "基地位于观山湖区，交通便利。另有停车场。孵化面积1200平方米。"
    assert struck(FIRST, after) == FIRST
    assert added(after, FIRST) == "基地位于观山湖区，交通便利。<ins>另有停车场。</ins>孵化面积1200平方米。"


def test_two_sentences_that_changed_in_a_word_each_keep_the_rest() -> None:
    before, after = "可容纳企业60家。设有培训教室两间，每周开放。", "可容纳企业72家。设有培训教室三间，每周开放。"
    assert struck(before, after) == "可容纳企业<del>60</del>家。设有培训教室<del>两</del>间，每周开放。"
    assert added(after, before) == "可容纳企业<ins>72</ins>家。设有培训教室<ins>三</ins>间，每周开放。"


def test_a_sentence_written_anew_is_not_cut_to_pieces() -> None:
    before, after = "场地由园区提供，免租金。", "园区的场地收取租金，每月结算。"
    assert struck(before, after).count("<del>") == 1


@pytest.mark.parametrize(("before", "after"), [("独立园区", "商业街"), ("2024-05-06", "2024-05-16"), ("12.5", "12.75")])
def test_a_short_answer_is_struck_whole_and_no_number_or_day_is_cut_through(before: str, after: str) -> None:
    assert struck(before, after) == f"<del>{before}</del>"
    assert added(after, before) == f"<ins>{after}</ins>"


def test_what_was_typed_is_never_markup() -> None:
    assert struck("<b>甲", "<b>乙") == "&lt;b&gt;<del>甲</del>"


def test_both_sides_together_are_the_texts_themselves() -> None:
    before, after = "一、服务；\n二、场地。" * 40, "一、服务和培训；\n三、场地。" * 40
    assert struck(before, after).replace("<del>", "").replace("</del>", "") == before
    assert added(after, before).replace("<ins>", "").replace("</ins>", "") == after
