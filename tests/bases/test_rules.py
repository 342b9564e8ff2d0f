"""Titles: how long they stand, what starts anew, and for how long a base is barred."""

from datetime import date

import pytest

from bases.rules import Ban, BasePolicy, Register
from portal.policies.packs import all_packs
from tests.factories.histories import (
    GUIZHOU,
    JIAXING,
    ORDOS,
    TIBET,
    XINJIANG,
    assessed,
    certified,
    checked,
    failed_check,
    judged,
    misconduct,
    notice,
    ordered,
    recertified,
    refused,
    revoked,
    standing,
    surrendered,
    title,
)

CLAUSES = [
    (GUIZHOU, "county", "GZ-07"),
    (GUIZHOU, "city", "GZ-07"),
    (GUIZHOU, "provincial", "GZ-34"),
    (GUIZHOU, "national", "GZ-08"),
    (XINJIANG, "base", "XJ-02"),
    (XINJIANG, "platform", "XJ-02"),
    (TIBET, "centre_region", "XZ-22"),
    (TIBET, "centre_prefecture", "XZ-28"),
    (JIAXING, "base", "JX-16"),
    (JIAXING, "student_park", "JX-19"),
    (JIAXING, "online_base", "JX-22"),
    (ORDOS, "park", "ER-16"),
    (ORDOS, "student_park", "ER-24"),
]


@pytest.mark.parametrize(("policy", "code", "clause"), CLAUSES)
def test_each_title_names_its_clause(policy: str, code: str, clause: str) -> None:
    row = title(judged(policy, "2024-01-01", certified("2023-01-01", code)), code)
    assert (row["standing"], row["certified_on"], row["clause"]) == ("certified", "2023-01-01", clause)


@pytest.mark.parametrize(("policy", "code", "clause"), CLAUSES)
def test_only_the_provincial_title_has_a_period(policy: str, code: str, clause: str) -> None:
    row = title(judged(policy, "2024-01-01", certified("2023-01-01", code)), code)
    assert row["period_ends"] == ("2028-01-01" if clause == "GZ-34" else None)


@pytest.mark.parametrize("policy", [GUIZHOU, XINJIANG, TIBET, JIAXING, ORDOS])
def test_titles_of_a_policy_are_listed_in_its_order(policy: str) -> None:
    assert list(judged(policy, "2024-01-01")["may_apply"]) == [code for pack, code, _ in CLAUSES if pack == policy]


def test_titles_come_in_order_of_first_certification() -> None:
    answer = judged(
        GUIZHOU,
        "2024-01-01",
        certified("2023-02-01", "national"),
        certified("2023-01-01", "city"),
        surrendered("2023-03-01", "city"),
        certified("2023-04-01", "city"),
        certified("2023-03-15", "county"),
    )
    assert [row["title"] for row in answer["titles"]] == ["city", "national", "county"]
    assert title(answer, "city")["certified_on"] == "2023-04-01"


@pytest.mark.parametrize(
    ("granted", "ends"),
    [("2024-02-29", "2029-02-28"), ("2023-03-01", "2028-03-01"), ("2022-12-31", "2027-12-31")],
)
def test_a_period_ends_on_the_same_day_five_years_later(granted: str, ends: str) -> None:
    assert title(judged(GUIZHOU, "2024-12-31", certified(granted)))["period_ends"] == ends


def test_a_title_does_not_lapse_by_time() -> None:
    answer = judged(GUIZHOU, "2050-01-01", certified("2022-03-01"))
    assert standing(answer) == "certified"
    assert title(answer)["period_ends"] == "2027-03-01"


def test_a_renewal_on_the_first_day_of_the_window_adds_a_period() -> None:
    answer = judged(GUIZHOU, "2027-12-31", certified("2023-03-01"), recertified("2027-09-01"))
    assert title(answer)["period_ends"] == "2033-03-01"


def test_a_renewal_on_the_day_before_the_window_is_refused() -> None:
    assert refused(GUIZHOU, "2027-12-31", certified("2023-03-01"), recertified("2027-08-31")) == "events[1]"


def test_the_window_of_a_period_that_ends_on_the_31st_opens_on_the_last_day_of_a_short_month() -> None:
    events = [certified("2023-08-31"), recertified("2028-02-29")]
    assert title(judged(GUIZHOU, "2029-01-01", *events))["period_ends"] == "2033-08-31"
    assert refused(GUIZHOU, "2029-01-01", certified("2023-08-31"), recertified("2028-02-28")) == "events[1]"


def test_a_renewal_years_late_counts_from_the_first_day() -> None:
    answer = judged(GUIZHOU, "2031-06-01", certified("2023-03-01"), recertified("2031-05-31"))
    assert title(answer)["period_ends"] == "2033-03-01"


def test_two_periods_late_takes_two_renewals() -> None:
    answer = judged(
        GUIZHOU, "2034-06-01", certified("2023-03-01"), recertified("2034-05-31"), recertified("2034-05-31")
    )
    assert title(answer)["period_ends"] == "2038-03-01"


def test_renewals_keep_the_29th_of_february() -> None:
    answer = judged(
        GUIZHOU, "2044-12-31", certified("2024-02-29"), *(recertified(f"{year}-01-15") for year in (2029, 2034, 2039))
    )
    assert title(answer)["period_ends"] == "2044-02-29"


def test_the_period_stays_as_computed_when_the_title_ends() -> None:
    answer = judged(GUIZHOU, "2024-01-01", certified("2023-03-01"), surrendered("2023-04-01"))
    assert (standing(answer), title(answer)["period_ends"]) == ("surrendered", "2028-03-01")


def test_renewal_refused_without_a_failed_check_ends_the_title_without_a_ban() -> None:
    answer = judged(GUIZHOU, "2028-01-01", certified("2023-03-01"), recertified("2027-09-01", "refused"))
    assert standing(answer) == "not_renewed"
    assert answer["bans"] == []
    assert answer["grounds"] == []


def test_an_extraordinary_recertification_leaves_the_period() -> None:
    history = [certified("2023-03-01"), *failed_check("2024-03-01", "2024-03-10", "2024-06-20")]
    answer = judged(GUIZHOU, "2025-01-01", *history, recertified("2024-07-01"))
    assert (standing(answer), title(answer)["period_ends"]) == ("certified", "2028-03-01")


def test_after_a_failed_check_a_renewal_inside_the_window_adds_a_period() -> None:
    history = [certified("2023-03-01"), *failed_check("2027-03-01", "2027-03-10", "2027-06-20")]
    answer = judged(GUIZHOU, "2028-01-01", *history, recertified("2027-09-01"))
    assert title(answer)["period_ends"] == "2033-03-01"


def test_a_renewal_consumes_the_failed_check() -> None:
    history = [
        certified("2023-03-01"),
        *failed_check("2024-03-01", "2024-03-10", "2024-06-20"),
        recertified("2024-07-01"),
    ]
    assert refused(GUIZHOU, "2025-01-01", *history, recertified("2024-08-01")) == "events[5]"


STANDING_ONLY = [
    recertified("2023-05-01"),
    surrendered("2023-05-01"),
    assessed("2023-05-01"),
    ordered("2023-05-01"),
    checked("2023-05-01", "pass"),
]


@pytest.mark.parametrize("event", STANDING_ONLY, ids=lambda event: event["type"])
def test_an_event_for_a_title_never_held_is_refused(event: dict[str, str]) -> None:
    assert refused(GUIZHOU, "2024-01-01", event) == "events[0]"


@pytest.mark.parametrize("event", STANDING_ONLY, ids=lambda event: event["type"])
def test_an_event_for_a_title_given_up_is_refused(event: dict[str, str]) -> None:
    assert refused(GUIZHOU, "2024-01-01", certified("2022-08-01"), surrendered("2023-04-01"), event) == "events[2]"


@pytest.mark.parametrize("event", STANDING_ONLY, ids=lambda event: event["type"])
def test_an_event_while_proceedings_run_is_refused(event: dict[str, str]) -> None:
    history = [certified("2022-08-01"), misconduct("2023-01-01"), notice("2023-04-01")]
    assert refused(GUIZHOU, "2024-01-01", *history, event) == "events[3]"


def test_certified_again_while_it_stands_is_refused() -> None:
    assert refused(GUIZHOU, "2024-01-01", certified("2022-08-01"), certified("2023-08-01")) == "events[1]"


def test_certified_again_while_proceedings_run_after_a_surrender_is_refused() -> None:
    history = [certified("2022-08-01"), misconduct("2023-01-01"), surrendered("2023-03-01"), notice("2023-04-01")]
    assert refused(GUIZHOU, "2024-01-01", *history, certified("2023-05-01")) == "events[4]"


REVOKED = [certified("2023-01-01"), misconduct("2024-01-10"), *revoked("2024-01-11", "2024-02-20", "2024-02-29")]


def test_a_ban_runs_from_service_and_ends_on_the_same_day_five_years_later() -> None:
    assert judged(GUIZHOU, "2040-01-01", *REVOKED)["bans"] == [
        {"title": "provincial", "from": "2024-02-29", "until": "2029-02-28", "clause": "GZ-30"}
    ]


def test_on_the_last_day_of_the_ban_a_certification_is_refused() -> None:
    assert refused(GUIZHOU, "2030-01-01", *REVOKED, certified("2029-02-28")) == "events[5]"


def test_on_the_day_after_the_ban_a_certification_is_granted() -> None:
    answer = judged(GUIZHOU, "2030-01-01", *REVOKED, certified("2029-03-01"))
    assert (standing(answer), title(answer)["period_ends"]) == ("certified", "2034-03-01")
    assert len(answer["bans"]) == 1


def test_on_the_day_of_service_a_certification_is_refused() -> None:
    assert refused(GUIZHOU, "2030-01-01", *REVOKED, certified("2024-02-29")) == "events[5]"


def test_a_ban_on_the_provincial_title_is_no_error_for_a_national_certification() -> None:
    answer = judged(GUIZHOU, "2025-01-01", *REVOKED, certified("2024-06-01", "national"))
    assert standing(answer, "national") == "certified"


def test_failed_rectification_bars_for_three_years() -> None:
    history = [certified("2023-01-01"), *failed_check("2024-01-10", "2024-01-20", "2024-05-01")]
    history += [
        recertified("2024-05-10", "refused"),
        *revoked("2024-05-11", "2024-06-20", "2024-06-30", "rectification_failed"),
    ]
    assert judged(GUIZHOU, "2025-01-01", *history)["bans"] == [
        {"title": "provincial", "from": "2024-06-30", "until": "2027-06-30", "clause": "GZ-37"}
    ]


def test_a_ban_that_ends_on_a_day_off_is_not_moved() -> None:
    history = [certified("2022-08-01"), misconduct("2022-09-01"), *revoked("2022-09-02", "2022-09-20", "2022-10-01")]
    assert judged(GUIZHOU, "2023-01-01", *history)["bans"][0]["until"] == "2027-10-01"


def test_of_several_bans_that_hold_the_longest_is_told() -> None:
    section = next(iter(all_packs().values())).section(BasePolicy)
    short, long, over = (Ban("provincial", date(2025, 1, 1), date(year, 6, 30), "GZ-30") for year in (2026, 2029, 2025))
    for bans in ([short, long, over], [long, over, short]):
        register = Register(section, bans=bans)
        assert register.banned("provincial", date(2026, 6, 30)) == long
    assert Register(section, bans=[over]).banned("provincial", date(2026, 1, 1)) is None
