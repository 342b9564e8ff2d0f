"""`manage.py load_historic FILE`: what public sources say was certified, piloted or proposed before this register."""

import csv
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from bases.models import HistoricEntry
from portal.jurisdictions.models import Jurisdiction, Level

FILE = Path(__file__).resolve().parents[3] / "fixtures" / "reference" / "certified-bases.csv"
PILOT = "试点"  # named as a pilot unit: nobody certified it, and the source does not say who chose it
COLUMNS = (
    *("name", "title", "level", "province", "city", "county", "year", "recogniser", "status", "note"),
    *("source_id", "source_title", "source_url", "source_quality"),
)
NEEDED = ("name", "title", "province", "status", "source_id", "source_title")
Row = dict[str, str]


class Places:
    """Finds a division by the names a source writes, which are often short (黔南州, 伊犁州伊宁市)."""

    def __init__(self) -> None:
        self.all = list(Jurisdiction.objects.filter(valid_to__isnull=True).exclude(level=Level.NATION))

    def find(self, province: str, city: str, county: str) -> Jurisdiction:
        """Return the lowest division the names lead to. Raises LookupError for an unknown province."""
        place = next((each for each in self.all if each.level == Level.PROVINCE and each.name == province), None)
        if place is None:
            raise LookupError(province)
        if city:
            below = self._below(place, Level.CITY)
            place = next((each for each in below if city.startswith(each.name[:2])), place)
        written = county or city
        counties = self._below(place, Level.COUNTY)
        return next((each for each in counties if written and written.endswith(each.name)), place)

    def _below(self, place: Jurisdiction, level: str) -> Iterable[Jurisdiction]:
        return [each for each in self.all if each.level == level and place.covers(each.code)]


class Command(BaseCommand):
    """Loads the historic entries; run again, it corrects what is there and never makes a second entry."""

    help = "把公开来源中的历史名录（CSV）载入名册的“历史名录”。不产生任何有效称号。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file; without one the list that comes with the portal is loaded."""
        parser.add_argument("file", nargs="?", type=Path, default=FILE, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the whole file or nothing of it."""
        rows = _read(options["file"])
        places = Places()
        with transaction.atomic():
            made = sum(_keep(line, row, places) for line, row in rows)
        pilots = sum(row["status"] == PILOT for _line, row in rows)
        self.stdout.write(
            f"历史名录 {len(rows)} 条（新增 {made}，核对 {len(rows) - made}），"
            f"其中试点单位 {pilots} 条；均不是有效称号。"
        )


def _read(path: Path) -> list[tuple[int, Row]]:
    """Return the rows with their line numbers. Raises CommandError saying where and what is wrong."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
            if missing:
                raise CommandError(f"{path.name} 缺少列：{'、'.join(missing)}。第一行应是列名：{','.join(COLUMNS)}。")
            rows = [(line, {k: (row[k] or "").strip() for k in COLUMNS}) for line, row in enumerate(reader, start=2)]
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"读不了文件 {path}：{error}。请给出 UTF-8 编码的 CSV 文件。") from error
    for line, row in rows:
        _refuse_unfit(line, row)
    return rows


def _refuse_unfit(line: int, row: Row) -> None:
    empty = [name for name in NEEDED if not row[name]]
    if empty:
        raise CommandError(f"第 {line} 行的 {'、'.join(empty)} 是空的，请照来源填写。")
    if row["year"] and not (row["year"].isascii() and row["year"].isdigit() and len(row["year"]) == 4):
        raise CommandError(f"第 {line} 行的年份是“{row['year']}”，应为四位数字，例如 2021；不知道就留空。")
    for name in COLUMNS:
        limit = getattr(HistoricEntry._meta.get_field(name), "max_length", None) if name in KEPT else None
        if limit and len(row[name]) > limit:
            raise CommandError(f"第 {line} 行的 {name} 有 {len(row[name])} 字，最多 {limit} 字，请删短。")


KEPT = frozenset(COLUMNS) - {"province", "city", "county"}


def _keep(line: int, row: Row, places: Places) -> bool:
    """Write one entry as its source has it; return whether it is new."""
    try:
        place = places.find(row["province"], row["city"], row["county"])
    except LookupError as error:
        raise CommandError(f"第 {line} 行的省份“{error.args[0]}”不在区划表中，请写全称，例如 贵州省。") from None
    values: dict[str, Any] = {
        "jurisdiction": place,
        "level": row["level"],
        "place": "".join(part for part in (row["province"], row["city"], row["county"]) if part),
        "year": int(row["year"]) if row["year"] else None,
        "recogniser": "" if row["status"] == PILOT else row["recogniser"],
        "status": row["status"],
        "note": row["note"],
        "source_title": row["source_title"],
        "source_url": row["source_url"] if row["source_url"].startswith(("http://", "https://")) else "",
        "source_quality": row["source_quality"],
    }
    _entry, made = HistoricEntry.objects.update_or_create(
        defaults=values, name=row["name"], title=row["title"], source_id=row["source_id"]
    )
    return made
