"""`record()` writes the one audit row of a legal act, inside the act's own transaction."""

import datetime
import json
from collections.abc import Iterator
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone

from portal.audit.chain import COVERED, GENESIS, Head, breaks, digest
from portal.audit.models import AuditEvent
from portal.jurisdictions.models import NATION, Jurisdiction


class Actor(Protocol):
    """Whoever acts: a person in a capacity, or the system itself."""

    @property
    def user_id(self) -> int | None: ...

    @property
    def label(self) -> str: ...


def record(
    verb: str, subject: models.Model, /, *, by: Actor, on: datetime.date, policy: str = "", **facts: Any
) -> AuditEvent:
    """Append one event to the chain of the subject's province.

    `verb` is `app.act` in the past tense (`application.submitted`). `facts` are plain JSON values: never the
    identity of a complainant, never a secret. Raises RuntimeError outside a transaction: an act and its trace are one.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() must run inside the transaction of the act it records.")
    region_code = _place(subject)
    chain = region_code[:2]
    last_seq, last_hash = _lock_head(chain)
    event = AuditEvent(
        chain=chain,
        seq=last_seq + 1,
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
        facts=_plain(facts),
        prev_hash=last_hash,
    )
    event.hash = digest({name: getattr(event, name) for name in COVERED})
    event.save(force_insert=True)
    return event


def timeline(subject: models.Model) -> "models.QuerySet[AuditEvent]":
    """Return everything that happened to `subject`, oldest first."""
    return AuditEvent.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk)).order_by(
        "recorded_at", "seq"
    )


def hold_chain(place: Jurisdiction) -> None:
    """Hold the chain of a place until commit, before anything else is held that acts with a trace hold later.

    Acts take the chain again and again, and numbers of series between; were the first thing held now the one and now
    the other, two acts would wait for each other.
    """
    _lock_head(place.code[:2])


def chains() -> list[str]:
    """Return the names of all chains: two digits of a province, 00 for the nation."""
    return list(AuditEvent.objects.order_by("chain").values_list("chain", flat=True).distinct())


def head(chain: str) -> Head:
    """Return where a chain ends now."""
    last = AuditEvent.objects.filter(chain=chain).order_by("-seq").values_list("seq", "hash", "on").first()
    return Head(last[0], last[1], last[2].isoformat()) if last else Head(0, GENESIS, "")


@transaction.atomic
def verify(chain: str, outside: Head | None = None) -> list[str]:
    """Recompute a whole chain; return one sentence for each break (empty: the chain is whole)."""
    return list(breaks(chain, _rows(chain), outside))


def _rows(chain: str) -> Iterator[dict[str, Any]]:
    rows = AuditEvent.objects.filter(chain=chain).order_by("seq").values(*COVERED, "hash")
    yield from rows.iterator(chunk_size=5000)


def _place(subject: models.Model) -> str:
    if isinstance(subject, Jurisdiction):
        return subject.code
    return getattr(subject, "region_code", "") or NATION


def _lock_head(chain: str) -> tuple[int, str]:
    """Hold the chain until commit (two acts would otherwise take the same number); return its last number and hash.

    Two statements on purpose: a statement sees what was committed before it began, so the one that waited for the
    lock would still see the head of before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"audit:{chain}"])
        cursor.execute("SELECT seq, hash FROM audit_auditevent WHERE chain = %s ORDER BY seq DESC LIMIT 1", [chain])
        last = cursor.fetchone()
    return (last[0], last[1]) if last else (0, GENESIS)


def _plain(facts: dict[str, Any]) -> Any:
    """Return facts as the database will give them back: text for decimals and fractions, so that hashes stay true."""
    return json.loads(json.dumps(facts, cls=DjangoJSONEncoder), parse_float=str)
