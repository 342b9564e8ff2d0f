"""Counting complaints: the third one, inclusive, opens revocation; which count, and in which period."""

import pytest

from tests.factories.histories import (
    GUIZHOU,
    JIAXING,
    ORDOS,
    TIBET,
    XINJIANG,
    certified,
    complaint,
    complaints,
    grounds,
    judged,
    misconduct,
    overturned,
    recertified,
    refused,
    surrendered,
)

HELD = certified("2023-03-01")
LIMIT = {"limit": 3, "clause": "GZ-27"}


def counted(*events: dict[str, object], as_of: str = "2024-01-01") -> int:
    answer = judged(GUIZHOU, as_of, HELD, *events)
    number: int = answer["complaints"]["counted"]
    return number


def test_nothing_is_counted_before_the_title_was_ever_held() -> None:
    assert judged(GUIZHOU, "2024-01-01", *complaints("2023-05-01", "a"))["complaints"] is None


@pytest.mark.parametrize(
    ("policy", "code"), [(XINJIANG, "base"), (TIBET, "centre_region"), (JIAXING, "base"), (ORDOS, "park")]
)
def test_other_policies_do_not_count(policy: str, code: str) -> None:
    answer = judged(policy, "2024-01-01", certified("2023-01-01", code), *complaints("2023-05-01", "a", "b", "c"))
    assert answer["complaints"] is None
    assert answer["grounds"] == []


def test_other_titles_are_not_counted_against() -> None:
    answer = judged(GUIZHOU, "2024-01-01", certified("2023-01-01", "city"), *complaints("2023-05-01", "a", "b", "c"))
    assert answer["complaints"] is None


def test_two_complaints_are_below_the_limit() -> None:
    answer = judged(GUIZHOU, "2024-01-01", HELD, *complaints("2023-05-01", "a", "b"))
    assert answer["complaints"] == {"counted": 2, **LIMIT}
    assert answer["grounds"] == []


def test_third_upheld_complaint_opens_revocation() -> None:
    answer = judged(GUIZHOU, "2024-01-01", HELD, *complaints("2023-05-01", "a", "b"), complaint("2023-06-01", "c"))
    assert answer["complaints"] == {"counted": 3, **LIMIT}
    assert answer["grounds"] == [
        {"title": "provincial", "ground": "complaints", "met_on": "2023-06-01", "clause": "GZ-27"}
    ]


def test_the_ground_is_met_on_the_day_of_the_third_not_of_the_last() -> None:
    events = [*complaints("2023-05-01", "a", "b", "c"), complaint("2023-07-01", "d")]
    assert grounds(judged(GUIZHOU, "2024-01-01", HELD, *events)) == [("complaints", "2023-05-01")]


def test_an_anonymous_complaint_does_not_count() -> None:
    assert counted(complaint("2023-05-01", "a", named=False)) == 0


def test_a_complaint_by_a_stranger_does_not_count() -> None:
    assert counted(complaint("2023-05-01", "a", service_recipient=False)) == 0


@pytest.mark.parametrize("partly", [True, False, None])
def test_a_partly_true_complaint_counts(partly: bool | None) -> None:
    assert counted(complaint("2023-05-01", "a", partly=partly)) == 1


def test_the_same_fact_counts_once() -> None:
    assert counted(complaint("2023-05-01", "a", fact="电"), complaint("2023-06-01", "b", fact="电")) == 1


def test_complaints_without_a_fact_each_count() -> None:
    assert counted(complaint("2023-05-01", "a", fact=None), complaint("2023-05-01", "b")) == 2


def test_a_fact_is_used_by_the_earliest_that_otherwise_counts() -> None:
    events = [complaint("2023-05-01", "a", fact="电", named=False), complaint("2023-06-01", "b", fact="电")]
    events += complaints("2023-07-01", "c", "d")
    assert grounds(judged(GUIZHOU, "2024-01-01", HELD, *events)) == [("complaints", "2023-07-01")]


def test_when_the_earliest_is_overturned_the_next_of_the_fact_counts() -> None:
    events = [complaint("2023-05-01", "a", fact="电"), complaint("2023-08-01", "b", fact="电")]
    events += [*complaints("2023-06-01", "c", "d"), overturned("2023-09-01", "a")]
    assert grounds(judged(GUIZHOU, "2024-01-01", HELD, *events)) == [("complaints", "2023-08-01")]


def test_an_overturned_complaint_is_as_if_never_upheld() -> None:
    assert counted(*complaints("2023-05-01", "a", "b", "c"), overturned("2023-06-01", "b")) == 2


@pytest.mark.parametrize(
    ("events", "place"),
    [
        ([complaint("2023-05-01", "a"), complaint("2023-06-01", "a")], 2),
        ([complaint("2023-05-01", "a"), overturned("2023-06-01", "a"), complaint("2023-07-01", "a")], 3),
        ([complaint("2023-05-01", "a"), overturned("2023-06-01", "a"), overturned("2023-07-01", "a")], 3),
        ([overturned("2023-06-01", "a")], 1),
        ([overturned("2023-06-01", "a"), complaint("2023-06-01", "a")], 1),
    ],
)
@pytest.mark.parametrize(("policy", "code"), [(GUIZHOU, "provincial"), (GUIZHOU, "city"), (TIBET, "centre_region")])
def test_complaint_ids_are_checked_everywhere(policy: str, code: str, events: list[dict[str, str]], place: int) -> None:
    assert refused(policy, "2024-01-01", certified("2023-01-01", code), *events) == f"events[{place}]"


def test_a_complaint_before_the_certification_does_not_count() -> None:
    assert counted(complaint("2023-02-28", "a")) == 0


def test_on_the_day_of_certification_the_order_of_the_file_decides() -> None:
    before = judged(GUIZHOU, "2024-01-01", complaint("2023-03-01", "a"), HELD)
    after = judged(GUIZHOU, "2024-01-01", HELD, complaint("2023-03-01", "a"))
    assert (before["complaints"]["counted"], after["complaints"]["counted"]) == (0, 1)


def test_a_complaint_after_the_title_ended_does_not_count() -> None:
    events = [complaint("2023-05-01", "a"), surrendered("2023-06-01"), complaint("2023-06-02", "b")]
    assert counted(*events) == 1


def test_on_the_day_of_surrender_the_order_of_the_file_decides() -> None:
    assert counted(complaint("2023-06-01", "a"), surrendered("2023-06-01"), complaint("2023-06-01", "b")) == 1


def test_a_complaint_overturned_after_the_surrender_is_gone() -> None:
    assert counted(*complaints("2023-05-01", "a", "b"), surrendered("2023-06-01"), overturned("2023-07-01", "a")) == 1


RENEWED_EARLY = recertified("2027-09-01")  # the old period runs to 2028-03-01


def test_an_early_renewal_does_not_shorten_the_old_period() -> None:
    events = [complaint("2023-05-01", "a"), RENEWED_EARLY, complaint("2027-10-01", "b")]
    assert counted(*events, as_of="2028-03-01") == 2


def test_on_the_day_after_the_old_period_counting_starts_again() -> None:
    events = [complaint("2023-05-01", "a"), RENEWED_EARLY, complaint("2028-03-02", "b")]
    assert counted(*events, as_of="2028-03-02") == 1


def test_the_last_period_goes_on_until_it_is_renewed() -> None:
    events = [complaint("2023-05-01", "a"), complaint("2029-01-01", "b")]
    assert counted(*events, as_of="2029-06-01") == 2


def test_a_late_renewal_begins_the_next_period_on_the_day_after_the_old_one() -> None:
    events = [complaint("2028-03-01", "a"), complaint("2028-03-02", "b"), recertified("2029-06-01")]
    assert counted(*events, as_of="2029-06-01") == 1


def test_the_same_fact_counts_again_in_the_next_period() -> None:
    events = [complaint("2023-05-01", "a", fact="电"), RENEWED_EARLY, complaint("2028-03-02", "b", fact="电")]
    assert counted(*events, as_of="2028-12-31") == 1
    assert counted(*events[:2], as_of="2028-03-01") == 1


def test_three_complaints_of_an_old_period_are_no_ground_in_the_new_one() -> None:
    events = [HELD, *complaints("2023-05-01", "a", "b", "c"), RENEWED_EARLY]
    assert grounds(judged(GUIZHOU, "2028-03-01", *events)) == [("complaints", "2023-05-01")]
    assert grounds(judged(GUIZHOU, "2028-03-02", *events)) == []


def test_once_the_title_ended_everything_is_counted_as_of_that_day() -> None:
    events = [*complaints("2023-05-01", "a", "b"), RENEWED_EARLY, surrendered("2028-03-01")]
    assert counted(*events, as_of="2030-01-01") == 2


@pytest.mark.parametrize("ground", ["fraud", "service_breach"])
def test_established_misconduct_is_a_ground_from_that_day(ground: str) -> None:
    answer = judged(GUIZHOU, "2024-01-01", HELD, misconduct("2023-06-01", ground), misconduct("2023-07-01", ground))
    assert answer["grounds"] == [{"title": "provincial", "ground": ground, "met_on": "2023-06-01", "clause": "GZ-27"}]


def test_misconduct_before_the_title_was_held_is_a_fact_without_effect() -> None:
    assert grounds(judged(GUIZHOU, "2024-01-01", misconduct("2023-02-28"), HELD)) == []


def test_grounds_come_by_day_then_in_the_order_of_the_clause() -> None:
    events = [
        misconduct("2023-06-01", "service_breach"),
        misconduct("2023-06-01"),
        *complaints("2023-06-01", "a", "b", "c"),
    ]
    assert [ground for ground, _ in grounds(judged(GUIZHOU, "2024-01-01", HELD, *events))] == [
        "complaints",
        "fraud",
        "service_breach",
    ]
    later = [*complaints("2023-07-01", "a", "b", "c"), misconduct("2023-06-01", "service_breach")]
    assert [ground for ground, _ in grounds(judged(GUIZHOU, "2024-01-01", HELD, *later))] == [
        "service_breach",
        "complaints",
    ]
