"""The trail only grows, its chain shows any change, and a checkpoint kept outside shows a cut tail."""

import datetime
import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.capacity import SYSTEM
from portal.audit.chain import GENESIS, Head, breaks, digest
from portal.audit.models import AuditEvent
from portal.audit.recording import chains, head, record, verify
from portal.web.dates import minute
from tests.factories.cast import Cast
from tests.factories.people import place

DAY = datetime.date(2026, 11, 23)
GUARD = "ALTER TABLE audit_auditevent %s TRIGGER USER"


def act(cast: Cast, verb: str = "base.registered", **facts: object) -> AuditEvent:
    with transaction.atomic():
        return record(verb, cast.base, by=cast.county_caseworker, on=DAY, **facts)


def tamper(sql: str) -> None:
    """Do what only the owner of the table can: switch the guard off, change, switch it on again."""
    with connection.cursor() as cursor:
        cursor.execute(GUARD % "DISABLE")
        cursor.execute(sql)
        cursor.execute(GUARD % "ENABLE")


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record("base.registered", place("520103"), by=SYSTEM, on=DAY)
    assert AuditEvent.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_auditevent SET actor_label = 'x'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent",
    ],
)
def test_the_database_refuses_change_deletion_and_emptying(cast: Cast, sql: str) -> None:
    act(cast)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db
def test_events_of_one_province_form_one_chain(cast: Cast) -> None:
    first, second = act(cast), act(cast)
    assert (first.chain, first.seq, first.prev_hash) == ("52", 1, GENESIS)
    assert (second.seq, second.prev_hash) == (2, first.hash)
    assert second.actor_label == "赵县办 · 云岩区 经办岗"
    assert verify("52") == []


@pytest.mark.django_db
def test_facts_come_back_as_they_were_hashed(cast: Cast) -> None:
    act(
        cast,
        area=Decimal("3860.50"),
        share=0.1,
        huge=1e16,
        day=DAY,
        name="筑梦 “甲”",
        none=None,
        deep={"b": 1, "a": [2]},
    )
    assert verify("52") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "seen"),
    [
        ("UPDATE audit_auditevent SET actor_label = '别人' WHERE seq = 2", "第 2 条的内容与其摘要不符"),
        ("UPDATE audit_auditevent SET facts = '{\"n\": 9}' WHERE seq = 3", "第 3 条的内容与其摘要不符"),
        ('UPDATE audit_auditevent SET "on" = "on" - 1 WHERE seq = 1', "第 1 条的内容与其摘要不符"),
        ("DELETE FROM audit_auditevent WHERE seq = 3", "第 3 条缺失"),
        ("UPDATE audit_auditevent SET hash = repeat('a', 64) WHERE seq = 2", "第 3 条没有接上前一条"),
    ],
)
def test_tampering_by_the_owner_of_the_table_is_found(cast: Cast, sql: str, seen: str) -> None:
    for n in range(5):
        act(cast, n=n)
    assert verify("52") == []
    tamper(sql)
    assert any(seen in problem for problem in verify("52"))


@pytest.mark.django_db
def test_a_cut_tail_is_seen_only_against_a_checkpoint(cast: Cast, tmp_path: Path) -> None:
    for n in range(4):
        act(cast, n=n)
    file = tmp_path / "checkpoint.json"
    call_command("audit", "checkpoint", str(file), stdout=StringIO())
    tamper("DELETE FROM audit_auditevent WHERE seq > 2")
    assert verify("52") == [], "the chain alone cannot know"
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("audit", "verify", "--against", str(file), stdout=StringIO(), stderr=err)
    assert "检查点有 4 条，现在只有 2 条" in err.getvalue()


@pytest.mark.django_db
def test_a_chain_written_anew_does_not_fit_the_checkpoint(cast: Cast) -> None:
    for n in range(3):
        act(cast, n=n)
    before = head("52")
    tamper("DELETE FROM audit_auditevent")
    for n in range(4):
        act(cast, n=n + 10)
    assert verify("52") == []
    assert "检查点之前的记录被改写过" in verify("52", before)[0]


@pytest.mark.django_db
def test_growth_after_the_checkpoint_is_no_break(cast: Cast, tmp_path: Path) -> None:
    act(cast)
    file = tmp_path / "checkpoint.json"
    call_command("audit", "checkpoint", str(file), stdout=StringIO())
    act(cast)
    out = StringIO()
    call_command("audit", "verify", "--against", str(file), stdout=out)
    assert "链 52：2 条，完整。" in out.getvalue()
    assert chains() == ["52"]


@pytest.mark.django_db
def test_an_altered_or_foreign_checkpoint_file_is_refused(cast: Cast, tmp_path: Path) -> None:
    act(cast)
    file = tmp_path / "checkpoint.json"
    call_command("audit", "checkpoint", str(file), stdout=StringIO())
    body = json.loads(file.read_text())
    body["chains"]["52"]["count"] = 0
    file.write_text(json.dumps(body))
    with pytest.raises(CommandError, match="被改动过"):
        call_command("audit", "verify", "--against", str(file))
    file.write_text("not json")
    with pytest.raises(CommandError, match="读不出来"):
        call_command("audit", "verify", "--against", str(file))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_acts_at_once_take_numbers_one_after_another() -> None:
    subject = place("520103")

    def several() -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    record("base.registered", subject, by=SYSTEM, on=DAY)
        finally:
            connection.close()

    threads = [threading.Thread(target=several) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert head("52").count == 40
    assert verify("52") == []


@pytest.mark.django_db
def test_recording_costs_little(cast: Cast, django_assert_num_queries) -> None:
    with transaction.atomic(), django_assert_num_queries(3):
        record("base.registered", cast.base, by=cast.county_caseworker, on=DAY)


def made(count: int) -> Iterator[dict[str, object]]:
    previous = GENESIS
    for seq in range(1, count + 1):
        event = {
            "actor_id": 1, "actor_label": "甲", "chain": "52", "facts": {"n": seq}, "on": DAY, "policy": "",
            "prev_hash": previous, "recorded_at": datetime.datetime(2026, 11, 23, seq, tzinfo=datetime.UTC),
            "region_code": "520103", "seq": seq, "subject_id": "1", "subject_label": "乙", "subject_type": "t",
            "verb": "base.registered",
        }  # fmt: skip
        previous = digest(event)
        yield {**event, "hash": previous}


@given(st.integers(2, 12), st.data())
def test_whatever_is_changed_in_whichever_event_is_seen(count: int, data: st.DataObject) -> None:
    events = list(made(count))
    assert list(breaks("52", events)) == []
    outside = Head(count, str(events[-1]["hash"]), "2026-11-23")
    victim = data.draw(st.integers(0, count - 1))
    field = data.draw(st.sampled_from(["actor_label", "verb", "subject_id", "policy", "prev_hash", "hash"]))
    changed = [dict(event) for event in events]
    changed[victim][field] = "0" * 63 + "f"
    assert list(breaks("52", changed, outside))
    without = events[:victim] + events[victim + 1 :]
    assert list(breaks("52", without, outside))


def test_an_act_is_told_by_its_business_day_with_the_hour_only_where_it_was_entered_on_that_day() -> None:
    night = datetime.datetime(2026, 11, 22, 17, 36, tzinfo=datetime.UTC)  # the 23rd in China
    assert minute(AuditEvent(on=DAY, recorded_at=night).moment) == "2026-11-23 01:36"
    assert minute(AuditEvent(on=datetime.date(2026, 11, 24), recorded_at=night).moment) == "2026-11-24"
