"""Revocation: notice, defence, decision, service; closing, setting aside; and nobody escapes by giving up."""

import pytest

from tests.factories.histories import (
    GUIZHOU,
    JIAXING,
    ORDOS,
    TIBET,
    XINJIANG,
    assessed,
    award,
    certified,
    closed,
    complaint,
    complaints,
    decided,
    failed_check,
    grounds,
    judged,
    misconduct,
    notice,
    overturned,
    recertified,
    refused,
    revoked,
    says,
    served,
    set_aside,
    standing,
    step,
    surrendered,
)

HELD = [certified("2022-08-01")]
FRAUD = [*HELD, misconduct("2022-09-01")]
NOTICED = [*FRAUD, notice("2022-09-29")]
DECIDED = [*NOTICED, decided("2022-10-20")]
SERVED = [*DECIDED, served("2022-10-25")]
BREACH = "service_breach"


def test_notice_puts_the_title_in_proceedings() -> None:
    assert standing(judged(GUIZHOU, "2023-01-01", *NOTICED)) == "in_proceedings"


def test_a_decision_leaves_the_title_in_proceedings_until_it_is_served() -> None:
    assert standing(judged(GUIZHOU, "2023-01-01", *DECIDED)) == "in_proceedings"


def test_service_revokes_the_title() -> None:
    answer = judged(GUIZHOU, "2023-01-01", *SERVED)
    assert standing(answer) == "revoked"
    assert answer["complaints"] is None
    assert answer["grounds"] == []
    assert answer["duties"] == []


@pytest.mark.parametrize(
    ("events", "place"),
    [
        ([*HELD, notice("2022-09-29")], 1),  # the ground is not met
        ([misconduct("2022-07-01"), *HELD, notice("2022-09-29")], 2),  # established before the title was held
        ([*FRAUD, notice("2022-09-29", BREACH)], 2),  # another ground is met, not this one
        ([*FRAUD, decided("2022-09-29")], 2),  # no notice
        ([*FRAUD, served("2022-09-29")], 2),
        ([*FRAUD, closed("2022-09-29")], 2),
        ([*FRAUD, set_aside("2022-09-29")], 2),
        ([*NOTICED, notice("2022-09-30")], 3),  # repeated
        ([*NOTICED, served("2022-10-20")], 3),  # no decision
        ([*NOTICED, decided("2022-10-20", BREACH)], 3),  # other ground
        ([*NOTICED, closed("2022-10-20", BREACH)], 3),
        ([*DECIDED, decided("2022-10-21")], 4),  # repeated
        ([*DECIDED, served("2022-10-21", BREACH)], 4),
        ([*DECIDED, notice("2022-10-21")], 4),
        ([*SERVED, served("2022-10-26")], 5),
        ([*SERVED, notice("2022-10-26")], 5),
        ([*SERVED, closed("2022-10-26")], 5),
        ([*SERVED, decided("2022-10-26")], 5),
        ([*SERVED, set_aside("2022-10-26", BREACH)], 5),  # revoked on another ground
        ([notice("2022-09-29")], 0),  # never held
    ],
)
def test_a_step_missing_repeated_or_of_another_ground_is_refused(events: list[dict[str, str]], place: int) -> None:
    assert refused(GUIZHOU, "2023-01-01", *events) == f"events[{place}]"


KINDS = ["prior_notice_served", "revocation_decided", "revocation_served", "proceedings_closed", "revocation_set_aside"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", ["county", "city", "national"])
def test_steps_for_other_titles_are_refused(kind: str, code: str) -> None:
    events = [certified("2022-08-01", code), misconduct("2022-09-01"), step("2022-10-01", kind, title=code)]
    assert refused(GUIZHOU, "2023-01-01", *events) == "events[2]"


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("policy", "code"), [(XINJIANG, "base"), (TIBET, "centre_region"), (JIAXING, "base"), (ORDOS, "park")]
)
def test_steps_in_other_policies_are_refused(kind: str, policy: str, code: str) -> None:
    events = [certified("2022-08-01", code), misconduct("2022-09-01"), step("2022-10-01", kind, title=code)]
    assert refused(policy, "2023-01-01", *events) == "events[2]"


def test_a_decision_on_the_fifth_working_day_is_too_early() -> None:
    # 29 September is a Thursday; after the holiday week Saturday and Sunday the 8th and 9th are worked (调休)
    answer = judged(GUIZHOU, "2023-01-01", *NOTICED, decided("2022-10-11"))
    assert answer["warnings"] == [{"on": "2022-10-11", "warning": "defence_too_short", "clause": "GZ-28"}]


def test_a_decision_on_the_sixth_working_day_is_in_order() -> None:
    assert judged(GUIZHOU, "2023-01-01", *NOTICED, decided("2022-10-12"))["warnings"] == []


def test_a_warning_stays_after_the_revocation_is_set_aside() -> None:
    events = [*NOTICED, decided("2022-09-30"), served("2022-10-25"), set_aside("2023-03-01")]
    assert [row["on"] for row in judged(GUIZHOU, "2024-01-01", *events)["warnings"]] == ["2022-09-30"]


def test_notice_and_the_ground_on_one_day_follow_the_file() -> None:
    both = judged(GUIZHOU, "2023-01-01", *HELD, misconduct("2022-09-01"), notice("2022-09-01"))
    assert standing(both) == "in_proceedings"
    assert refused(GUIZHOU, "2023-01-01", *HELD, notice("2022-09-01"), misconduct("2022-09-01")) == "events[1]"


def test_a_surrender_before_the_notice_does_not_escape_the_ban() -> None:
    events = [*FRAUD, surrendered("2022-09-10"), *revoked("2022-09-29", "2022-10-20", "2022-10-25")]
    answer = judged(GUIZHOU, "2023-01-01", *events)
    assert standing(answer) == "revoked"
    assert answer["bans"][0]["until"] == "2027-10-25"


def test_misconduct_established_after_a_surrender_is_still_a_ground() -> None:
    events = [*HELD, surrendered("2022-09-10"), misconduct("2022-09-20")]
    assert grounds(judged(GUIZHOU, "2023-01-01", *events)) == [("fraud", "2022-09-20")]
    assert standing(judged(GUIZHOU, "2023-01-01", *events, notice("2022-09-29"))) == "in_proceedings"


def test_notice_is_possible_after_renewal_was_refused() -> None:
    events = [certified("2022-08-01"), recertified("2027-03-01", "refused"), misconduct("2027-04-01")]
    assert standing(judged(GUIZHOU, "2027-06-01", *events, notice("2027-05-01"))) == "in_proceedings"


@pytest.mark.parametrize("ends", [[], [surrendered("2022-09-10")]], ids=["held", "surrendered"])
def test_closing_puts_back_what_stood_before(ends: list[dict[str, str]]) -> None:
    events = [*FRAUD, *ends, notice("2022-09-29"), decided("2022-10-20"), closed("2022-10-25")]
    answer = judged(GUIZHOU, "2023-01-01", *events)
    assert standing(answer) == ("surrendered" if ends else "certified")
    assert grounds(answer) == []


def test_closing_puts_a_title_back_into_rectification() -> None:
    events = [*FRAUD, assessed("2022-09-15", "fail"), notice("2022-09-29"), closed("2022-10-25")]
    assert standing(judged(GUIZHOU, "2023-01-01", *events)) == "rectifying"


def test_closing_spends_only_its_own_ground() -> None:
    events = [*FRAUD, misconduct("2022-09-02", BREACH), notice("2022-09-29"), closed("2022-10-25")]
    assert grounds(judged(GUIZHOU, "2023-01-01", *events)) == [(BREACH, "2022-09-02")]


def test_misconduct_after_closing_is_a_new_ground() -> None:
    events = [*NOTICED, closed("2022-10-25"), misconduct("2022-10-25")]
    assert grounds(judged(GUIZHOU, "2023-01-01", *events)) == [("fraud", "2022-10-25")]


def test_misconduct_during_proceedings_is_spent_with_them() -> None:
    events = [*NOTICED, misconduct("2022-10-01"), closed("2022-10-25")]
    assert grounds(judged(GUIZHOU, "2023-01-01", *events)) == []


def test_closing_on_complaints_spends_all_upheld_before_and_keeps_their_facts_used() -> None:
    three = [complaint("2022-09-01", "a", fact="电"), *complaints("2022-09-02", "b", "c", "d")]
    events = [*HELD, *three, notice("2022-09-29", "complaints"), closed("2022-10-25", "complaints")]
    later = [complaint("2022-11-01", "e", fact="电"), complaint("2022-11-02", "f", fact="水")]
    answer = judged(GUIZHOU, "2023-01-01", *events, *later)
    assert answer["complaints"]["counted"] == 1
    assert grounds(answer) == []


def test_a_spent_complaint_that_is_overturned_frees_its_fact() -> None:
    three = [complaint("2022-09-01", "a", fact="电"), *complaints("2022-09-02", "b", "c")]
    events = [*HELD, *three, notice("2022-09-29", "complaints"), closed("2022-10-25", "complaints")]
    later = [complaint("2022-11-01", "e", fact="电"), overturned("2022-11-02", "a")]
    assert judged(GUIZHOU, "2023-01-01", *events, *later)["complaints"]["counted"] == 1


def test_a_complaint_overturned_meanwhile_does_not_stop_the_proceedings() -> None:
    events = [*HELD, *complaints("2022-09-01", "a", "b", "c"), notice("2022-09-29", "complaints")]
    events += [overturned("2022-10-01", "a"), decided("2022-10-20", "complaints"), served("2022-10-25", "complaints")]
    assert standing(judged(GUIZHOU, "2023-01-01", *events)) == "revoked"


def test_closing_on_a_failed_rectification_spends_the_refusal() -> None:
    ground = "rectification_failed"
    events = [*HELD, *failed_check("2022-09-01", "2022-09-02", "2022-09-03"), recertified("2022-09-04", "refused")]
    events += [notice("2022-09-29", ground), closed("2022-10-25", ground)]
    answer = judged(GUIZHOU, "2023-01-01", *events)
    assert grounds(answer) == []
    assert standing(answer) == "rectifying"
    again = judged(GUIZHOU, "2023-01-01", *events, recertified("2022-11-01", "refused"))
    assert grounds(again) == [(ground, "2022-11-01")]


def test_set_aside_brings_back_what_was_before_the_notice() -> None:
    answer = judged(GUIZHOU, "2024-01-01", *SERVED, set_aside("2023-06-01"))
    assert standing(answer) == "certified"
    assert answer["bans"] == []
    assert grounds(answer) == []
    assert award(answer, "provincial_award")["why"] is None


def test_set_aside_brings_back_a_surrender() -> None:
    events = [*FRAUD, surrendered("2022-09-10"), *revoked("2022-09-29", "2022-10-20", "2022-10-25")]
    assert standing(judged(GUIZHOU, "2024-01-01", *events, set_aside("2023-06-01"))) == "surrendered"


def test_set_aside_twice_or_after_a_new_certification_is_refused() -> None:
    assert refused(GUIZHOU, "2024-01-01", *SERVED, set_aside("2023-06-01"), set_aside("2023-06-02")) == "events[6]"
    anew = [*SERVED, certified("2027-10-26")]
    assert refused(GUIZHOU, "2028-01-01", *anew, set_aside("2027-11-01")) == "events[6]"


def test_complaints_upheld_while_revoked_count_again_when_another_ground_is_set_aside() -> None:
    events = [*SERVED, *complaints("2022-12-01", "a", "b"), set_aside("2023-06-01")]
    assert judged(GUIZHOU, "2024-01-01", *events)["complaints"]["counted"] == 2


def test_the_trace_says_that_facts_after_a_revocation_have_no_effect() -> None:
    events = [*SERVED, complaint("2022-12-01", "a"), misconduct("2022-12-02")]
    answer = judged(GUIZHOU, "2024-01-01", *events)
    assert says(answer, "投诉“a”", "称号已撤销", "不产生效果")
    assert says(answer, "弄虚作假", "称号已撤销", "不产生效果")


def test_a_later_certification_starts_anew() -> None:
    old = [*HELD, *complaints("2022-09-01", "a", "b", "c"), misconduct("2022-09-01"), surrendered("2022-10-01")]
    answer = judged(GUIZHOU, "2024-01-01", *old, certified("2023-01-01"))
    assert answer["complaints"]["counted"] == 0
    assert grounds(answer) == []


def test_a_set_aside_of_an_earlier_tenure_after_reapplying_is_refused() -> None:
    events = [*SERVED, certified("2027-10-26"), misconduct("2027-11-01")]
    events += [notice("2027-11-02"), decided("2027-12-20"), served("2027-12-21")]
    answer = judged(GUIZHOU, "2029-01-01", *events, set_aside("2028-01-01"))
    assert [ban["from"] for ban in answer["bans"]] == ["2022-10-25"]
