"""The register as open data: what a public entry says, its dictionary, and the files CSV and JSON.

Nothing here is about a person: organisations, places, titles and their states only. Every column is written out by
name, so that a new field of a model never becomes public by itself.
"""

import csv
import datetime
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bases.models import Certification
from bases.states import HELD, Standing
from portal.documents.workbooks import no_formula
from portal.jurisdictions.models import Level
from portal.web.parts import Tone

BOM = "\ufeff"
TONES: dict[str, Tone] = {Standing.CERTIFIED: "main", Standing.RECTIFYING: "warn", Standing.REVOKED: "bad"}


@dataclass(frozen=True)
class PublicState:
    """What the public sees of a title on a day: the state in code and word, and whether its review is overdue."""

    code: str
    word: str
    overdue: bool

    @property
    def tone(self) -> Tone:
        """Return the tone of the tag."""
        return TONES.get(self.code, "")

    @property
    def holds(self) -> bool:
        """Return whether the title is held."""
        return self.code in HELD


def public_state(certification: Certification, on: datetime.date) -> PublicState:
    """Return what the public may know of the title on that day.

    Nothing changes in public before a decision is served (M14). A title whose period ran out without a review stands
    and is called overdue (G-27, assumed).
    """
    code = certification.underlying
    ends = certification.period_ends
    return PublicState(code.value, str(code.label), overdue=code in HELD and ends is not None and ends < on)


@dataclass(frozen=True)
class Column:
    """One field of the open register: name in JSON, heading in CSV, type, what it says."""

    name: str
    heading: str | Promise
    kind: str
    meaning: str | Promise


COLUMNS = (
    Column("number", _("登记号"), "text", _("本平台的编号，全国唯一，不重复使用；由本平台发证的，也是证书编号")),
    Column("certificate_number", _("证书编号"), "text", _("证书上的编号；登记已有认定时没有填写的为空")),
    Column("base", _("基地名称"), "text", _("创业孵化基地登记的名称")),
    Column("base_id", _("基地标识"), "text", _("基地页面网址中的固定标识，名称变更后不变")),
    Column("operator", _("运营机构"), "text", _("取得认定时运营基地的机构")),
    Column("uscc", _("统一社会信用代码"), "text", _("运营机构的信用代码，18 位，GB 32100")),
    Column("province", _("省份"), "text", _("基地所在省、自治区、直辖市")),
    Column("city", _("市（州）"), "text", _("基地所在市、州、地区、盟")),
    Column("county", _("县（市、区）"), "text", _("基地所在县、市、区、旗")),
    Column("region_code", _("区划代码"), "text", _("基地所在县级区划代码，6 位，GB/T 2260")),
    Column("address", _("地址"), "text", _("基地对外公布的地址，未填写的为空")),
    Column("title", _("称号代码"), "text", _("称号在所依据政策中的代码")),
    Column("category_name", _("类别名称"), "text", _("认定时有效的类别名称")),
    Column("plaque_text", _("牌匾文字"), "text", _("认定时有效的牌匾文字")),
    Column("policy", _("政策"), "text", _("认定所依据政策在本平台的编号")),
    Column("recogniser", _("认定机关"), "text", _("作出认定的机关")),
    Column("certified_on", _("认定日期"), "date", _("认定的日期，年-月-日")),
    Column("period_ends", _("复评认定期至"), "date", _("应当复评的日期；政策未规定期限的为空")),
    Column(
        "state",
        _("状态代码"),
        "text",
        _("certified 有效、rectifying 整改中、revoked 已撤销、not_renewed 未延续、surrendered 已放弃"),
    ),
    Column("state_word", _("状态"), "text", _("数据更新当日的状态")),
    Column("overdue", _("复评逾期"), "true/false", _("复评认定期已过而尚未复评；称号仍然有效")),
    Column("ended_on", _("终止日期"), "date", _("撤销、未延续或放弃生效的日期，仍有效的为空")),
    Column("page", _("基地页面"), "url", _("基地的固定网址")),
    Column("updated_on", _("数据更新日期"), "date", _("生成这份数据的日期，状态以当日为准")),
    Column("licence", _("开放许可"), "text", _("主管部门给出的使用许可，未填写的为空")),
)


def with_places(found: QuerySet[Certification]) -> QuerySet[Certification]:
    """Fetch with each certification what its public entry shows, in the same query."""
    above = ["base__jurisdiction" + "__parent" * steps for steps in range(4)]
    return found.select_related("operator", above[-1]).only(
        *("id", "number", "title", "policy", "category_name", "plaque_text", "recogniser", "status", "region_code"),
        *("certified_on", "period_ends", "ended_on", "verify_code", "demo", "stood_as", "document", "paper_number"),
        *("operator__name", "operator__uscc", "base__name", "base__slug", "base__address"),
        *(f"{node}__{field}" for node in above for field in ("code", "name", "level")),
        f"{above[-1]}__parent",
    )


def entry(certification: Certification, *, on: datetime.date, licence: str = "") -> dict[str, Any]:
    """Return the public entry of a certification on a day, in the order of `COLUMNS`.

    Reads base, operator and the place with its parents: fetch them with `with_places()`.
    """
    base, state = certification.base, public_state(certification, on)
    place = base.jurisdiction
    return {
        "number": certification.number,
        "certificate_number": certification.certificate_number,
        "base": base.name,
        "base_id": base.slug,
        "operator": certification.operator.name,
        "uscc": certification.operator.uscc,
        "province": _name(place, Level.PROVINCE),
        "city": _name(place, Level.CITY),
        "county": _name(place, Level.COUNTY),
        "region_code": certification.region_code,
        "address": base.address,
        "title": certification.title,
        "category_name": certification.category_name,
        "plaque_text": certification.plaque_text,
        "policy": certification.policy,
        "recogniser": certification.recogniser,
        "certified_on": certification.certified_on.isoformat(),
        "period_ends": certification.period_ends.isoformat() if certification.period_ends else None,
        "state": state.code,
        "state_word": state.word,
        "overdue": state.overdue,
        "ended_on": None if state.holds or certification.ended_on is None else certification.ended_on.isoformat(),
        "page": f"{settings.SITE_URL}/base/{base.slug}/",
        "updated_on": on.isoformat(),
        "licence": licence,
    }


def _name(place: Any, level: str) -> str:
    found = next((node for node in place.lineage() if node.level == level), None)
    return found.name if found else ""


class _Echo:
    """A file that hands back what is written, so that a CSV can be sent row by row."""

    def write(self, text: str) -> str:
        return text


def csv_rows(entries: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Return the lines of the CSV file: BOM, headings in Chinese, one line for each entry."""
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow([str(column.heading) for column in COLUMNS])
    for row in entries:
        yield writer.writerow([_cell(row[column.name]) for column in COLUMNS])


def _cell(value: Any) -> str:
    """Return what a cell shows; text that a spreadsheet would run as a formula is marked as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return no_formula(str(value))


def json_parts(head: dict[str, Any], entries: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Return the JSON file in parts: what the data is (`head`), the dictionary, then `entries`."""
    opening = json.dumps({**head, "fields": dictionary()}, ensure_ascii=False, indent=1)
    yield opening[:-2] + ',\n "entries": ['
    for number, row in enumerate(entries):
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]}\n"


def dictionary() -> list[dict[str, str]]:
    """Return the dictionary of the open register."""
    return [
        {"name": column.name, "heading": str(column.heading), "type": column.kind, "meaning": str(column.meaning)}
        for column in COLUMNS
    ]
