"""Checkpoints: where every chain ended on a day, written to a file that is kept outside the database.

A chain proves that nothing in its middle was changed; only a head kept elsewhere proves that its tail is still there.
"""

import datetime
import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from portal.audit.chain import Head
from portal.audit.recording import chains, head
from portal.errors import DomainError


def write_checkpoint(path: Path, *, at: datetime.datetime) -> dict[str, Head]:
    """Write where every chain ends now; return it. The file is written whole or not at all."""
    heads = {chain: head(chain) for chain in chains()}
    body: dict[str, Any] = {
        "made_at": at.isoformat(timespec="seconds"),
        "chains": {chain: asdict(end) for chain, end in heads.items()},
    }
    body["digest"] = _digest(body)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(path)
    return heads


def read_checkpoint(path: Path) -> dict[str, Head]:
    """Return the heads of a checkpoint file. Raises DomainError if it cannot be read or was altered."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        stated = body.pop("digest")
        heads = {chain: Head(**end) for chain, end in body["chains"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DomainError(f"检查点文件 {path} 读不出来：{error}。请换一份由 audit checkpoint 写出的文件。") from error
    if stated != _digest(body):
        raise DomainError(f"检查点文件 {path} 的内容与其摘要不符，被改动过。请取外存的原件。")
    return heads


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
