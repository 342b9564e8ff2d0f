"""`record()` writes the one audit row of a legal act, inside the act's own transaction."""

import datetime
import hashlib
import json
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone

from portal.audit.models import AuditEvent

GENESIS = "0" * 64


class Actor(Protocol):
    """Whoever acts: a person in a capacity, or the system itself."""

    @property
    def user_id(self) -> int | None: ...

    @property
    def label(self) -> str: ...


class Recordable(Protocol):
    """A subject: a saved record that lies somewhere."""

    pk: Any
    region_code: str


def canonical(event: AuditEvent) -> bytes:
    """Return the bytes that the hash covers: every field but `id` and `hash`, keys sorted, exact."""
    fields = {f.attname: getattr(event, f.attname) for f in AuditEvent._meta.concrete_fields}
    fields = {name: value for name, value in fields.items() if name not in {"id", "hash"}}
    fields["recorded_at"] = event.recorded_at.astimezone(datetime.UTC).isoformat()
    fields["on"] = event.on.isoformat()
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder)
    return text.encode()


def digest(event: AuditEvent) -> str:
    """Return the SHA-256 of the event and the hash before it."""
    return hashlib.sha256(canonical(event)).hexdigest()


def record(
    verb: str, subject: models.Model, /, *, by: Actor, on: datetime.date, policy: str = "", **facts: Any
) -> AuditEvent:
    """Append one event to the chain of the subject's province.

    `verb` is `app.act` in the past tense (`application.submitted`). `facts` are plain JSON values: never the
    identity of a complainant, never a secret. Raises RuntimeError outside a transaction: an act and its trace are one.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() must run inside the transaction of the act it records.")
    region_code: str = getattr(subject, "region_code", "") or "000000"
    chain = region_code[:2]
    previous = _lock_head(chain)
    event = AuditEvent(
        chain=chain,
        seq=previous.seq + 1 if previous else 1,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_label=str(subject)[:200],
        region_code=region_code,
        actor_id=by.user_id,
        actor_label=by.label[:120],
        on=on,
        recorded_at=timezone.localtime(),
        policy=policy,
        facts=json.loads(json.dumps(facts, cls=DjangoJSONEncoder)),
        prev_hash=previous.hash if previous else GENESIS,
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    return event


def _lock_head(chain: str) -> AuditEvent | None:
    """Hold the chain until commit (two acts would otherwise take the same number) and return its newest event."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"audit:{chain}"])
    return AuditEvent.objects.filter(chain=chain).order_by("-seq").first()


def timeline(subject: models.Model) -> "models.QuerySet[AuditEvent]":
    """Return everything that happened to `subject`, oldest first."""
    return AuditEvent.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk)).order_by(
        "recorded_at", "seq"
    )


@transaction.atomic
def verify(chain: str) -> list[str]:
    """Recompute a whole chain; return one sentence for each break (empty: the chain is whole)."""
    problems: list[str] = []
    expected_seq, previous_hash = 1, GENESIS
    for event in AuditEvent.objects.filter(chain=chain).order_by("seq").iterator(chunk_size=2000):
        if event.seq != expected_seq:
            problems.append(f"链 {chain}：第 {expected_seq} 条缺失，下一条是第 {event.seq} 条。")
        if event.prev_hash != previous_hash:
            problems.append(f"链 {chain}：第 {event.seq} 条没有接上前一条。")
        if digest(event) != event.hash:
            problems.append(f"链 {chain}：第 {event.seq} 条的内容与其摘要不符。")
        expected_seq, previous_hash = event.seq + 1, event.hash
    return problems
