"""System check: every pack parses, fits every section and does not speak for the same days as another."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from portal.policies.inspection import inspect
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
