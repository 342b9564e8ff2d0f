"""The chain itself, plain Python: what the hash covers, and what must hold from one event to the next.

It needs neither Django nor a database, so that a copy of the rows can be verified anywhere.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64
# Named one by one: a field that is added later must not change the hashes of what was written before.
COVERED = (
    "actor_id",
    "actor_label",
    "chain",
    "facts",
    "on",
    "policy",
    "prev_hash",
    "recorded_at",
    "region_code",
    "seq",
    "subject_id",
    "subject_label",
    "subject_type",
    "verb",
)


@dataclass(frozen=True)
class Head:
    """The end of a chain: how many events it has, the hash of the last, and its day."""

    count: int
    hash: str
    on: str


def canonical(event: Mapping[str, Any]) -> bytes:
    """Return the bytes that the hash covers: the covered fields, keys sorted, moments in UTC, exact."""
    fields = {name: event[name] for name in COVERED}
    fields["recorded_at"] = event["recorded_at"].astimezone(datetime.UTC).isoformat()
    fields["on"] = event["on"].isoformat()
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(event: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the event and the hash before it."""
    return hashlib.sha256(canonical(event)).hexdigest()


def breaks(chain: str, events: Iterable[Mapping[str, Any]], outside: Head | None = None) -> Iterator[str]:
    """Yield one sentence for each break of a chain (none: it is whole). `events` come in the order of `seq`.

    With `outside`, a checkpoint kept elsewhere, a tail that was cut off or a chain written anew is seen.
    """
    expected, previous = 1, GENESIS
    met = outside is None or outside.count == 0
    for event in events:
        seq = event["seq"]
        if seq != expected:
            yield f"链 {chain}：第 {expected} 条缺失，下一条是第 {seq} 条。"
        if event["prev_hash"] != previous:
            yield f"链 {chain}：第 {seq} 条没有接上前一条。"
        if digest(event) != event["hash"]:
            yield f"链 {chain}：第 {seq} 条的内容与其摘要不符。"
        if outside is not None and seq == outside.count:
            met = True
            if event["hash"] != outside.hash:
                yield f"链 {chain}：第 {seq} 条与外存检查点的摘要不符，检查点之前的记录被改写过。"
        expected, previous = seq + 1, event["hash"]
    if not met and outside is not None:
        yield f"链 {chain}：检查点有 {outside.count} 条，现在只有 {expected - 1} 条，末尾被截去。"
