"""System checks: every pack is sound, and every ruling in force still fits the file it was made on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from portal.deadlines.today import business_today
from portal.policies.inspection import inspect
from portal.policies.loader import installed, left_out
from portal.policies.packs import pack_files
from portal.policies.problems import PackError
from portal.policies.sections import surroundings


@register
def packs_are_sound(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with a pack that would not load; every problem of every file is named."""
    try:
        around = surroundings()
    except PackError as error:
        return [Error(str(error), id="policies.E002")]
    return [
        Error(
            f"{path.name}：{problem.path or '整个文件'} 现为 {problem.found}，应为 {problem.expected}",
            hint=problem.fix,
            id="policies.E001",
        )
        for path in pack_files(Path(settings.POLICY_PACKS))
        for problem in inspect(path, around)
    ]


@register(Tags.database)
def rulings_fit(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn of each ruling that is left out because the file was edited since it was made."""
    if not databases:
        return []
    try:
        today = business_today()
        rows = [row for pack in installed().values() for row in left_out(pack, today)]
    except (DatabaseError, PackError):  # before the first migration; a broken pack is told above
        return []
    hint = "请该地区主管部门的审批岗在“政策”页面核对后重新确认或变更。"
    said = (f"{row.pack}：第 {row.pk} 号对 {row.path} 的决定与现在的文件不符，未适用。" for row in rows)
    return [Warning(sentence, hint=hint, id="policies.W001") for sentence in said]
