"""The values of a pack in the words of a page: amounts as prose writes them, shares in per cent, titles by name."""

import re
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from portal.policies.entries import Entry, at
from portal.policies.inspection import names_title
from portal.policies.packs import Pack, parse
from portal.policies.wording import Wording, title_name, wording
from portal.web.money import in_prose

A_FIGURE = re.compile(r"\d+(\.\d+)?")


def shown(pack: Pack, entry: Entry, words: Wording) -> str:
    """Return a value as an officer would say it; the code of a title by the title's name."""
    return _said(pack, entry.path, entry.raw.get("value"), words)


def _said(pack: Pack, path: str, value: object, words: Wording) -> str:
    """Return the value at a path in words: amounts as prose writes them, shares in per cent, goals with their unit."""
    if isinstance(value, list | tuple):
        return "、".join(_said(pack, path, item, words) for item in value)
    if isinstance(value, str) and names_title(path):
        return title_name(pack, value, words)
    if value is None or isinstance(value, bool) or not A_FIGURE.fullmatch(str(value)):
        return words.shown(value)
    goal = re.fullmatch(r"(targets\[\d+\])\.goal", path)
    unit = at(pack.tables, goal[1])["unit"] if goal else ""
    if unit == "元" or words.label(path).endswith("（元）"):
        return in_prose(Decimal(str(value)))
    share = Decimal(str(value)) < 1 and "." in str(value)
    return f"{(Decimal(str(value)) * 100).normalize():f}%" if share else f"{value}{unit}"


def content_in_words(pack: Pack, path: str, content: str) -> str:
    """Return the content of a ruling (TOML) as an officer would say it."""
    return _said(pack, path, parse(content).get("value"), wording(Path(settings.POLICY_PACKS)).at(pack.jurisdiction))
