"""Histories for the evaluator, written as short as the regulation allows, and what the law makes of them."""

import json
from typing import Any

from portal.rehearsal.evaluate import evaluate_line

GUIZHOU, XINJIANG, TIBET, JIAXING, ORDOS = "guizhou-2022", "xinjiang-2015", "tibet-2019", "jiaxing-2013", "ordos-2022"

Event = dict[str, Any]
Answer = dict[str, Any]


def at(on: str, kind: str, **fields: Any) -> Event:
    """Return an event of a kind on a day."""
    return {"on": on, "type": kind, **fields}


def certified(on: str, title: str = "provincial") -> Event:
    return at(on, "certified", title=title)


def surrendered(on: str, title: str = "provincial") -> Event:
    return at(on, "surrendered", title=title)


def recertified(on: str, outcome: str = "renewed", title: str = "provincial") -> Event:
    return at(on, "recertified", title=title, outcome=outcome)


def assessed(on: str, verdict: str = "pass", title: str = "provincial") -> Event:
    return at(on, "assessed", title=title, verdict=verdict)


def ordered(on: str, **fields: Any) -> Event:
    return at(on, "rectification_ordered", title="provincial", **fields)


def checked(on: str, verdict: str) -> Event:
    return at(on, "rectification_checked", title="provincial", verdict=verdict)


def failed_check(failed: str, order: str, check: str) -> list[Event]:
    """Return a failed assessment, its order and the failed check."""
    return [assessed(failed, "fail"), ordered(order), checked(check, "fail")]


def complaint(on: str, name: str, **fields: Any) -> Event:
    return at(on, "complaint_upheld", **{"complaint": name, "named": True, "service_recipient": True, **fields})


def complaints(on: str, *names: str) -> list[Event]:
    """Return complaints that count, one for each name, on one day."""
    return [complaint(on, name) for name in names]


def overturned(on: str, name: str) -> Event:
    return at(on, "complaint_overturned", complaint=name)


def misconduct(on: str, ground: str = "fraud") -> Event:
    return at(on, "misconduct_established", ground=ground)


def step(on: str, kind: str, ground: str = "fraud", title: str = "provincial") -> Event:
    return at(on, kind, title=title, ground=ground)


def notice(on: str, ground: str = "fraud") -> Event:
    return step(on, "prior_notice_served", ground)


def decided(on: str, ground: str = "fraud") -> Event:
    return step(on, "revocation_decided", ground)


def served(on: str, ground: str = "fraud") -> Event:
    return step(on, "revocation_served", ground)


def closed(on: str, ground: str = "fraud") -> Event:
    return step(on, "proceedings_closed", ground)


def set_aside(on: str, ground: str = "fraud") -> Event:
    return step(on, "revocation_set_aside", ground)


def revoked(notice_on: str, decided_on: str, served_on: str, ground: str = "fraud") -> list[Event]:
    """Return the three steps of a revocation."""
    return [notice(notice_on, ground), decided(decided_on, ground), served(served_on, ground)]


def paid(on: str, award: str, beneficiary: str, amount: str, of: str | None = None) -> Event:
    return at(on, "award_paid", award=award, beneficiary=beneficiary, of=of, amount=amount)


def granted(on: str, award: str, beneficiary: str, yes: bool = True, of: str | None = None) -> Event:
    return at(on, "award_decided", award=award, beneficiary=beneficiary, of=of, granted=yes)


def tenant(on: str, step_taken: str, name: str = "甲", **fields: Any) -> Event:
    return at(on, f"tenant_{step_taken}", tenant=name, **fields)


def claim(on: str, name: str = "甲", **fields: Any) -> Event:
    """Return a founder's claim that meets every condition, but for the fields given."""
    whole = {"group": "veteran", "first_success": True, "employees": 1, "tax_normal": True, "normal_operation": True}
    return at(on, "startup_subsidy_claimed", tenant=name, **{**whole, **fields})


def internship(on: str, months: list[str], registered_on: str | None, **fields: Any) -> Event:
    """Return an internship that meets every condition, but for the fields given."""
    return at(
        on,
        "internship_completed",
        **{
            "person": "丁",
            "group": "student",
            "host": True,
            "months": months,
            "registered_on": registered_on,
            **fields,
        },
    )


def line(policy: str, as_of: str, *events: Event, base: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a history as the evaluator reads it."""
    parts = {"id": "t", "policy": policy, "as_of": as_of, "events": list(events)}
    return parts if base is None else {**parts, "base": base}


def answered(parts: dict[str, Any]) -> Answer:
    """Return what the evaluator answers to a line."""
    answer: Answer = json.loads(evaluate_line(json.dumps(parts, ensure_ascii=False).encode()))
    return answer


def judged(policy: str, as_of: str, *events: Event, base: dict[str, Any] | None = None) -> Answer:
    """Return what the law makes of a history that is in order."""
    answer = answered(line(policy, as_of, *events, base=base))
    assert "error" not in answer, answer["error"]
    return answer


def refused(policy: str, as_of: str, *events: Event, base: dict[str, Any] | None = None) -> str:
    """Return the path at which a history is refused."""
    answer = answered(line(policy, as_of, *events, base=base))
    assert "error" in answer, answer
    path: str = answer["error"]["path"]
    return path


def title(answer: Answer, code: str = "provincial") -> Answer:
    """Return the row of a title."""
    found: Answer = next(row for row in answer["titles"] if row["title"] == code)
    return found


def standing(answer: Answer, code: str = "provincial") -> str:
    """Return where a title stands."""
    found: str = title(answer, code)["standing"]
    return found


def grounds(answer: Answer) -> list[tuple[str, str]]:
    """Return the grounds that are met, each with its day."""
    return [(row["ground"], row["met_on"]) for row in answer["grounds"]]


def reasons(answer: Answer, code: str = "provincial") -> list[str]:
    """Return why a title may not be applied for."""
    found: list[str] = answer["may_apply"][code]["reasons"]
    return found


def duties(answer: Answer) -> dict[str, str]:
    """Return what is due and when."""
    return {row["duty"]: row["due_on"] for row in answer["duties"]}


def award(answer: Answer, code: str, beneficiary: str = "operator", of: str | None = None) -> Answer | None:
    """Return the row of an award, None if it did not arise."""
    rows = [row for row in answer["awards"] if (row["award"], row["beneficiary"], row["of"]) == (code, beneficiary, of)]
    assert len(rows) <= 1
    return rows[0] if rows else None


def says(answer: Answer, *words: str) -> bool:
    """Tell whether one sentence of the trace has all the words in it."""
    return any(all(word in entry["says"] for word in words) for entry in answer["trace"])
