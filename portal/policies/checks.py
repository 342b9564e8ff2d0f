"""System checks: every pack is sound, every one that a case rests on is there, every ruling still fits its file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError
from django.db.models import Model

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


@register(Tags.database)
def packs_in_use_are_installed(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse to start where a record rests on a pack whose file is gone: nothing could be reckoned by it any more."""
    if not databases:
        return []
    try:
        here = set(installed())
        missing = {(pack, str(model._meta.verbose_name)) for model in _rest_on_packs() for pack in _named(model) - here}
    except (DatabaseError, PackError):
        return []
    hint = "请把该文件放回政策包目录。政策到期或被取代的，在文件里写明终止日期，不要删除：已有的办件仍按它办理。"
    said = (f"{name}的记录依据政策包 {pack}，但政策包目录里没有这个文件。" for pack, name in sorted(missing))
    return [Error(sentence, hint=hint, id="policies.E003") for sentence in said]


def _rest_on_packs() -> list[type[Model]]:
    """Return the models whose records name the pack they rest on."""
    return [model for model in apps.get_models() if any(field.name == "policy" for field in model._meta.get_fields())]


def _named(model: type[Model]) -> set[str]:
    rows = model._default_manager.exclude(policy="").order_by()
    return set(rows.values_list("policy", flat=True).distinct())
