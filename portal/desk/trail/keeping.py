"""The trail is checked every night against the newest checkpoint, and a new one is written where it is whole."""

import datetime
import logging
from pathlib import Path

from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.audit.checkpoints import read_checkpoint, write_checkpoint
from portal.audit.recording import chains, verify
from portal.errors import DomainError
from portal.notifications.notify import Notice, notify

NAME = "checkpoint-{day:%Y-%m-%d}.json"
MOST_TOLD = 5
log = logging.getLogger("portal.audit")


def check_trail(folder: Path, *, at: datetime.datetime) -> list[str]:
    """Verify every chain against the newest checkpoint in `folder`; return one sentence for each break.

    Where all are whole, the checkpoint of that day is written, once. Else none is, so that the last good one stays
    the newest, and the audit administrators are told.
    """
    folder.mkdir(parents=True, exist_ok=True)
    problems = _problems(folder)
    today = folder / NAME.format(day=at)
    if problems:
        for problem in problems:
            log.error(problem)
        _tell(problems, at.date())
    elif not today.exists():
        write_checkpoint(today, at=at)
    return problems


def _problems(folder: Path) -> list[str]:
    kept = sorted(folder.glob("checkpoint-*.json"))
    try:
        outside = read_checkpoint(kept[-1]) if kept else {}
    except DomainError as error:
        return [error.message]
    return [problem for name in sorted({*chains(), *outside}) for problem in verify(name, outside.get(name))]


def _tell(problems: list[str], on: datetime.date) -> None:
    """Tell every audit administrator, once a day: what is broken may concern the chain of any province."""
    more = f"另有 {len(problems) - MOST_TOLD} 处，见日志。" if len(problems) > MOST_TOLD else ""
    notice = Notice(
        kind="audit.broken",
        subject=f"审计记录核验发现 {len(problems)} 处问题",
        body="".join(problems[:MOST_TOLD]) + more + "请保存数据库和检查点的现状，并报告负责人。",
        urgent=True,
        dedupe=f"audit.broken:{on}",
    )
    for post in Membership.objects.in_force(on).filter(role=Role.AUDIT_ADMIN).select_related("user", "jurisdiction"):
        notify(notice, to=[post.user], about=post, on=on)
