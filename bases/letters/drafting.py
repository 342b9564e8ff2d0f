"""What a prior notice begins with: facts and evidence as the opening of the proceedings rests on them."""

import datetime
from collections.abc import Mapping
from typing import Any

from bases.models import Revocation
from portal.deadlines.sums import in_words
from portal.documents.wording import closed


def facts_of(revocation: Revocation, conclusions: Mapping[str, str]) -> str:
    """Return the facts as a first wording, for the officer to complete; empty where the basis says nothing.

    `conclusions` holds what was found of each complaint, by its number.
    """
    basis = revocation.basis
    if basis.get("counted"):
        return _counted(basis, conclusions)
    if basis.get("conclusion"):
        return f"经核实，{_day(basis['established_on'])}认定：{basis['conclusion']}"
    return ""


def evidence_of(revocation: Revocation) -> str:
    """Return the evidence as a first wording, for the officer to complete."""
    numbers = "、".join(row["complaint"] for row in revocation.basis.get("counted", ()))
    if numbers:
        return f"投诉{numbers}的核实记录、核实结果告知书及其送达凭证、确认通知书。"
    return "核实记录、相关协议和票据。" if revocation.basis.get("conclusion") else ""


def _counted(basis: dict[str, Any], conclusions: Mapping[str, str]) -> str:
    since, counted = _day(basis["period"][0]), basis["counted"]
    lines = [f"（{number}）{_one(row, conclusions)}" for number, row in enumerate(counted, start=1)]
    return "\n".join(
        [
            f"自{since}起的本复评认定期内，服务对象的投诉经两名以上工作人员核实、确认有效的有{len(counted)}件：",
            *lines,
            f"有效投诉已达到{basis['limit']}次。",
        ]
    )


def _one(row: dict[str, Any], conclusions: Mapping[str, str]) -> str:
    held = f"{row['complaint']}，{_day(row['on'])}确认{'部分属实' if row['partly'] else '属实'}"
    found = conclusions.get(row["complaint"], "")
    return f"{held}：{closed(found)}" if found else f"{held}。"


def _day(day: str) -> str:
    return in_words(datetime.date.fromisoformat(day))
