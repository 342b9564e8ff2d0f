"""What holds for every lawful history, whatever happened in it."""

import copy
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.rehearsal.laws import laws
from tests.factories.histories import (
    GUIZHOU,
    ORDOS,
    XINJIANG,
    Answer,
    Event,
    answered,
    at,
    certified,
    claim,
    complaint,
    granted,
    internship,
    line,
    overturned,
    paid,
    surrendered,
    tenant,
)

FIRST, AS_OF = date(2021, 6, 1), date(2034, 6, 30)
DAYS = st.integers(0, (AS_OF - FIRST).days).map(lambda number: str(FIRST + timedelta(days=number)))
TITLES = st.sampled_from(["county", "city", "provincial", "provincial", "provincial", "national"])
GROUNDS = st.sampled_from(["complaints", "fraud", "service_breach", "rectification_failed"])
FACTS = st.sampled_from([None, "电", "水"])
NAMES = st.sampled_from(["a", "b", "c", "d", "e", "f"])
VERDICTS = st.sampled_from(["pass", "fail"])
MONEY = st.sampled_from(["0.01", "250000.00", "5000.00", "500000.00"])
STEPS = ["prior_notice_served", "revocation_decided", "revocation_served", "proceedings_closed", "revocation_set_aside"]


def events_of(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Event]:
    return st.builds(lambda on, given: at(on, kind, **given), DAYS, st.fixed_dictionaries(fields))


GUIZHOU_EVENTS = st.one_of(
    events_of("certified", title=TITLES),
    events_of("certified", title=st.just("provincial")),
    events_of("surrendered", title=TITLES),
    events_of("recertified", title=TITLES, outcome=st.sampled_from(["renewed", "refused"])),
    events_of("assessed", title=st.just("provincial"), verdict=VERDICTS),
    events_of("rectification_ordered", title=st.just("provincial"), days=st.none() | st.integers(1, 400)),
    events_of("rectification_checked", title=st.just("provincial"), verdict=VERDICTS),
    events_of("complaint_upheld", complaint=NAMES, fact=FACTS, named=st.booleans(), service_recipient=st.booleans()),
    events_of("complaint_overturned", complaint=NAMES),
    events_of("misconduct_established", ground=st.sampled_from(["fraud", "service_breach"])),
    *(events_of(kind, title=st.just("provincial"), ground=GROUNDS) for kind in STEPS),
    st.builds(paid, DAYS, st.sampled_from(["provincial_award", "national_award"]), st.just("operator"), MONEY),
    st.builds(granted, DAYS, st.just("provincial_award"), st.just("operator"), st.booleans()),
)
TENANTS = st.sampled_from(["甲", "乙"])
PLACES = ["entered", "registered", "moved_out", "graduated", "cancelled", "high_tech_certified"]
TENANT_EVENTS = st.one_of(
    st.builds(tenant, DAYS, st.sampled_from(PLACES), TENANTS),
    st.builds(
        lambda on, name, board: tenant(on, "listed", name, board=board),
        DAYS,
        TENANTS,
        st.sampled_from(["regional", "neeq"]),
    ),
    st.builds(lambda on, name, count: tenant(on, "jobs_added", name, count=count), DAYS, TENANTS, st.integers(1, 9)),
    st.builds(
        lambda on, name, group: claim(on, name, group=group), DAYS, TENANTS, st.sampled_from(["veteran", "other"])
    ),
    st.builds(lambda on, name: at(on, "startup_subsidy_paid", tenant=name), DAYS, TENANTS),
    st.builds(
        lambda on, months, registered: internship(on, months, registered),
        DAYS,
        st.lists(
            st.sampled_from([f"{year}-{month:02d}" for year in (2022, 2024, 2025) for month in (1, 6, 11, 12)]),
            max_size=9,
        ),
        st.none() | DAYS,
    ),
    *(
        st.builds(paid, DAYS, st.just(code), st.just(payee), MONEY, TENANTS)
        for code, payee in (
            ("listing_award", "tenant"),
            ("incubation_subsidy", "operator"),
            ("startup_subsidy", "founder"),
            ("job_subsidy", "tenant"),
        )
    ),
    st.builds(granted, DAYS, st.sampled_from(["incubation_subsidy"]), st.just("operator"), st.booleans(), TENANTS),
)


def lawful(policy: str, proposed: list[Event]) -> list[Event]:
    """Return the proposed events that can be, in order of their days: each is kept if the law accepts it so far."""
    kept: list[Event] = []
    for event in sorted(proposed, key=lambda one: one["on"]):
        if "error" not in answered(line(policy, str(AS_OF), *kept, event)):
            kept.append(event)
    return kept


def histories(policy: str, events: st.SearchStrategy[Event]) -> st.SearchStrategy[list[Event]]:
    return st.lists(events, max_size=18).map(lambda proposed: lawful(policy, proposed))


GUIZHOU_HISTORIES = histories(GUIZHOU, GUIZHOU_EVENTS)
ANY_HISTORY = st.one_of(
    st.tuples(st.just(GUIZHOU), GUIZHOU_HISTORIES),
    st.tuples(st.just(ORDOS), histories(ORDOS, TENANT_EVENTS)),
    st.tuples(st.just(XINJIANG), histories(XINJIANG, TENANT_EVENTS)),
)
OUTPUT = [
    "id",
    "policy",
    "as_of",
    "titles",
    "complaints",
    "grounds",
    "bans",
    "may_apply",
    "duties",
    "awards",
    "conditions",
    "warnings",
    "trace",
]
HELD = certified("2022-08-01")


def judged(policy: str, events: list[Event]) -> Answer:
    answer = answered(line(policy, str(AS_OF), *events))
    assert "error" not in answer, answer
    return answer


@given(ANY_HISTORY)
def test_a_lawful_history_has_a_whole_answer(history: tuple[str, list[Event]]) -> None:
    policy, events = history
    answer = judged(policy, events)
    assert list(answer) == OUTPUT
    citable = laws()[policy].pack.clauses
    for part in ("titles", "grounds", "bans", "duties", "awards", "conditions", "warnings", "trace"):
        assert all(row["clause"] in citable for row in answer[part])
    assert all(entry["says"].endswith("。") and entry["on"] <= str(AS_OF) for entry in answer["trace"])
    assert [entry["on"] for entry in answer["trace"]] == sorted(entry["on"] for entry in answer["trace"])


@given(GUIZHOU_HISTORIES, st.sampled_from([certified, surrendered]))
def test_an_event_on_a_title_not_concerned_changes_nothing_about_the_others(
    events: list[Event], act: Callable[[str, str], Event]
) -> None:
    before = judged(GUIZHOU, events)
    after = answered(line(GUIZHOU, str(AS_OF), *events, act(str(AS_OF), "county")))
    if "error" in after:
        return
    for part in ("complaints", "grounds", "bans", "duties", "awards", "warnings"):
        assert after[part] == before[part]
    assert [row for row in after["titles"] if row["title"] != "county"] == [
        row for row in before["titles"] if row["title"] != "county"
    ]
    assert {**after["may_apply"], "county": 0} == {**before["may_apply"], "county": 0}


@given(GUIZHOU_HISTORIES, st.lists(st.tuples(DAYS, NAMES, FACTS), max_size=6))
def test_a_fact_is_never_counted_twice(events: list[Event], more: list[tuple[str, str, str | None]]) -> None:
    events = lawful(GUIZHOU, [HELD, *events, *(complaint(on, name, fact=fact) for on, name, fact in more)])
    answer = judged(GUIZHOU, events)
    if answer["complaints"] is None:
        return
    upheld = [event for event in events if event["type"] == "complaint_upheld"]
    facts = {event["fact"] for event in upheld if event["fact"] is not None}
    alone = sum(event["fact"] is None for event in upheld)
    assert answer["complaints"]["counted"] <= len(facts) + alone


@given(GUIZHOU_HISTORIES, st.lists(st.tuples(DAYS, NAMES, FACTS), max_size=6))
def test_overturning_never_adds_and_a_repeated_fact_changes_nothing(
    events: list[Event], more: list[tuple[str, str, str | None]]
) -> None:
    events = lawful(GUIZHOU, [HELD, *events, *(complaint(on, name, fact=fact) for on, name, fact in more)])
    counting = judged(GUIZHOU, events)["complaints"]
    repeats = [complaint(str(AS_OF), f"{number}r", fact="电", named=False) for number in range(3)]
    assert judged(GUIZHOU, [*events, *repeats])["complaints"] == counting
    names = {event["complaint"] for event in events if event["type"] == "complaint_upheld"}
    gone = {event["complaint"] for event in events if event["type"] == "complaint_overturned"}
    every = judged(GUIZHOU, [*events, *(overturned(str(AS_OF), name) for name in sorted(names - gone))])
    assert every["complaints"] is None or every["complaints"]["counted"] == 0


@given(ANY_HISTORY, st.randoms(use_true_random=False))
def test_the_order_in_the_file_of_different_days_does_not_matter(history: tuple[str, list[Event]], random: Any) -> None:
    policy, events = history
    days: set[str] = set()
    apart = [event for event in events if not (event["on"] in days or days.add(event["on"]))]
    if "error" in answered(line(policy, str(AS_OF), *apart)):
        return
    shuffled = copy.copy(apart)
    random.shuffle(shuffled)
    assert judged(policy, shuffled) == judged(policy, apart)


@given(ANY_HISTORY)
def test_amounts_are_never_negative_and_payable_never_exceeds_what_is_left(history: tuple[str, list[Event]]) -> None:
    for row in judged(*history)["awards"]:
        amount, already, payable = (Decimal(row[key]) for key in ("amount", "paid", "payable"))
        assert amount > 0
        assert already >= 0
        assert 0 <= payable <= max(amount - already, Decimal(0))
        assert payable == (0 if row["why"] else max(amount - already, Decimal(0)))


@given(ANY_HISTORY)
def test_no_award_stands_twice(history: tuple[str, list[Event]]) -> None:
    rows = judged(*history)["awards"]
    assert len({(row["award"], row["beneficiary"], row["of"]) for row in rows}) == len(rows)


ASIDE = {"requires_title", "condition_unmet", "condition_unknown"}


@given(GUIZHOU_HISTORIES)
def test_one_may_apply_if_and_only_if_certified_would_be_accepted(events: list[Event]) -> None:
    for code, row in judged(GUIZHOU, events)["may_apply"].items():
        aside = ASIDE | ({"banned"} if code == "national" else set())
        accepted = "error" not in answered(line(GUIZHOU, str(AS_OF), *events, certified(str(AS_OF), code)))
        assert accepted == (not set(row["reasons"]) - aside), code
        assert row["allowed"] == (row["reasons"] == [])


@given(GUIZHOU_HISTORIES, st.integers(0, 30))
def test_the_past_does_not_change_when_time_goes_by(events: list[Event], years: int) -> None:
    now = judged(GUIZHOU, events)
    later = answered(line(GUIZHOU, str(AS_OF.replace(year=AS_OF.year + years)), *events))
    for part in ("titles", "bans", "warnings"):
        assert later[part] == now[part]


@settings(max_examples=40)
@given(st.integers(3, 40), st.integers(0, 3))
def test_only_complaints_not_overturned_count_towards_the_limit(number: int, gone: int) -> None:
    upheld = [complaint("2023-01-01", f"c{place}") for place in range(number)]
    taken_back = [overturned("2023-02-01", f"c{place}") for place in range(gone)]
    answer = judged(GUIZHOU, [HELD, *upheld, *taken_back])
    assert answer["complaints"]["counted"] == number - gone
    assert bool(answer["grounds"]) is (number - gone >= 3)
