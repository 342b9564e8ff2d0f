"""What a prior notice begins with: facts and evidence as the opening of the proceedings rests on them."""

import datetime
from typing import Any

from bases.models import Revocation
from portal.deadlines.sums import in_words


def facts_of(revocation: Revocation) -> str:
    """Return the facts as a first wording, for the officer to complete; empty where the basis says nothing."""
    basis = revocation.basis
    if basis.get("counted"):
        return _counted(basis)
    if basis.get("conclusion"):
        return f"经核实，{_day(basis['established_on'])}认定：{basis['conclusion']}"
    return ""


def evidence_of(revocation: Revocation) -> str:
    """Return the evidence as a first wording, for the officer to complete."""
    numbers = "、".join(row["complaint"] for row in revocation.basis.get("counted", ()))
    if numbers:
        return f"投诉{numbers}的核实记录、核实结果告知书及其送达凭证、确认通知书。"
    return "核实记录、相关协议和票据。" if revocation.basis.get("conclusion") else ""


def _counted(basis: dict[str, Any]) -> str:
    found = "；".join(
        f"{_day(row['on'])}确认{row['complaint']}{'部分属实' if row['partly'] else '属实'}" for row in basis["counted"]
    )
    since = _day(basis["period"][0])
    return (
        f"自{since}起的本次认定期内，服务对象的投诉经两名以上工作人员核实、确认有效的有{len(basis['counted'])}件：{found}。"
        f"有效投诉已达到{basis['limit']}次。"
    )


def _day(day: str) -> str:
    return in_words(datetime.date.fromisoformat(day))
