"""The dossier (申报书): its sections and fields, what each must hold, and how two versions differ. Plain Python.

The fields are those that real application forms of several provinces share; lists that a source names come from the
pack (`[[applications.lists]]`). Places are written `section.field` everywhere: in answers, corrections and differences.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from applications.choices import FACILITIES, KEY_GROUPS, LEGAL_FORMS, OWNERS, RIGHTS
from applications.procedure import ChoiceList
from applications.reading import READERS, day_of, number_of, rate_of
from portal.typed_text import writable

Kind = Literal["text", "long", "phone", "mail", "count", "area", "percent", "date", "yes_no", "one", "many"]
Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Field:
    """One question. `choices` are code–name pairs; `listed` names the pack's list they come from instead.

    `named` is the pack's list whose entries the hint names. What is `derived` follows from other answers and is shown,
    never typed.
    """

    code: str
    label: str
    kind: Kind
    hint: str = ""
    required: bool = True
    unit: str = ""
    longest: int = 120
    choices: tuple[tuple[str, str], ...] = ()
    listed: str = ""
    named: str = ""
    example: str = "2022-03-01"  # of a day
    derived: bool = False
    sometimes: bool = False  # asked of some only, as its hint says: neither required of all nor left to choice


@dataclass(frozen=True)
class Section:
    """One page of the form."""

    code: str
    name: str
    introduction: str
    fields: tuple[Field, ...]

    def field(self, code: str) -> Field:
        """Return the field of that code. Raises LookupError."""
        for field in self.fields:
            if field.code == code:
                return field
        raise LookupError(code)


SECTIONS: tuple[Section, ...] = (
    Section(
        "unit",
        "单位基本情况",
        "照营业执照或法人证书填写。",
        (
            Field("legal_form", "法人类型", "one", choices=LEGAL_FORMS),
            Field("established_on", "成立日期", "date", "证照上的成立日期，例如 2021-04-08", example="2021-04-08"),
            Field("main_business", "以创业孵化为主营业务", "yes_no"),
            Field("opened_on", "基地开始运营日期", "date", "例如 2022-03-01"),
            Field("host_park_type", "依托的园区", "one", required=False, listed="host_park_types"),
            Field("formation_mode", "建设方式", "one", required=False, listed="formation_modes"),
            Field("owner_type", "基地由谁投资建设", "one", choices=OWNERS),
            Field("government_developed", "场地由政府开发", "yes_no"),
            Field("contact_name", "联系人", "text", longest=50),
            Field("contact_phone", "联系电话", "phone", "手机或带区号的座机"),
            Field("contact_mail", "电子邮箱", "mail", required=False),
            Field("summary", "基地简介", "long", "建设过程、服务特色，不超过 500 字", longest=500),
        ),
    ),
    Section(
        "team",
        "运营团队",
        "按填报当天的在岗人数填写。",
        (
            Field("full_time_staff", "专职服务人员", "count", unit="人"),
            Field("qualified_staff", "其中持有创业指导类证书", "count", unit="人"),
            Field("mentors", "创业导师", "count", "已签聘任协议的导师", unit="人"),
            Field("independent_operator", "有独立的运营机构", "yes_no"),
            Field("service_team", "有专门的服务团队", "yes_no"),
            Field("service_standard", "有服务标准和流程", "yes_no"),
            Field("staff_listed", "有专兼职人员名单", "yes_no"),
            Field(
                "rule_documents",
                "已建立的制度",
                "many",
                "这里只列政策写明的制度；没有列出的，需要时在“材料上传”提供",
                required=False,
                listed="rule_documents",
            ),
        ),
    ),
    Section(
        "premises",
        "场地与功能",
        "照产权证或租赁合同和现场情况填写。",
        (
            Field("premises_right", "场地从哪里来", "one", choices=RIGHTS),
            Field(
                "lease_ends",
                "租赁截止日期",
                "date",
                "场地是租赁的才填，例如 2029-12-31",
                required=False,
                example="2029-12-31",
                sometimes=True,
            ),
            Field("built_area", "建筑面积", "area", "合同或产权证上的面积", unit="平方米"),
            Field("incubation_area", "孵化面积", "area", "实际供创业实体使用的面积，不含物业和设备用房", unit="平方米"),
            Field("free_area", "免费提供的面积", "area", "免费给创业者使用的面积，没有填 0", unit="平方米"),
            Field("capacity", "最多可容纳", "count", unit="户"),
            Field("facilities", "已具备的设施和条件", "many", choices=FACILITIES),
            Field("services", "提供的服务", "many", "至少选一项；选中的会公开在基地“服务和场地”页", listed="services"),
            Field("features", "有什么特色", "long", "不超过 500 字", required=False, longest=500),
        ),
    ),
    Section(
        "tenants",
        "在孵实体与就业",
        "按填报当天的台账填写；写明“近一年”的按近一年填写。",
        (
            Field("tenants", "在孵实体", "count", unit="户"),
            Field("student_founded", "其中毕业 5 年内高校毕业生和在校生创办", "count", unit="户"),
            Field("key_group_founded", "其中重点群体创办", "count", KEY_GROUPS, unit="户", named="beneficiary_groups"),
            Field("jobs", "带动就业", "count", unit="人"),
            Field("graduated", "累计孵化成功", "count", "注册登记并搬离基地的户数", unit="户"),
            Field("exited", "累计退出", "count", "包括孵化成功和其他退出", unit="户"),
            Field(
                "success_rate",
                "孵化成功率",
                "percent",
                "累计孵化成功占累计退出的比率，由系统算出，保存后显示；仍在基地里的实体不计入",
                unit="%",
                derived=True,
            ),
            Field("utilisation", "场地利用率", "percent", "正在使用的面积占孵化面积的比率，例如 92", unit="%"),
            Field("events", "近一年创业活动", "count", unit="场"),
            Field("key_groups", "服务的重点群体", "many", required=False, listed="beneficiary_groups"),
        ),
    ),
)

# Public once the title is granted, as the form says at each: about the place and its services, never about a person.
PUBLIC_FIELDS = (
    ("premises", ("services", "facilities", "incubation_area", "free_area", "capacity", "features")),
    ("unit", ("summary",)),
)

_HOW_ANSWERED = {"many": "勾选", "one": "选择", "yes_no": "选择"}  # everything else is filled in

# What hangs on another answer is corrected together with it; what is derived, through the answers it follows from.
FOLLOWS = {
    "premises.premises_right": ("premises.lease_ends",),
    "tenants.graduated": ("tenants.success_rate",),
    "tenants.exited": ("tenants.success_rate",),
    "tenants.success_rate": ("tenants.graduated", "tenants.exited"),
    # Of two answers unlikely beside each other (`plausibility`) nobody knows beforehand which one is wrong.
    "premises.capacity": ("tenants.tenants",),
    "tenants.tenants": ("premises.capacity", "tenants.jobs"),
    "tenants.jobs": ("tenants.tenants",),
    "unit.established_on": ("unit.opened_on",),
    "unit.opened_on": ("unit.established_on",),
}


def opened_with(place: str) -> tuple[str, ...]:
    """Return the places corrected together with a place: what hangs on it, and what it is held against.

    A part and its whole open together, else a list that names one of them could ask for what is impossible.
    """
    opened = [each for at in (place, *FOLLOWS.get(place, ())) for each in (at, *_parts_with(at))]
    return tuple(each for each in dict.fromkeys(opened) if each != place)


def _parts_with(place: str) -> list[str]:
    code, _dot, name = place.partition(".")
    return [f"{code}.{each}" for pair in _PARTS.get(code, ()) if name in pair for each in pair if each != name]


def fields_with(place: str) -> dict[str, Field]:
    """Return the fields corrected together with a place, by their places; none of a paper's."""
    parts = [each.partition(".") for each in opened_with(place)]
    return {f"{code}.{name}": section(code).field(name) for code, _dot, name in parts}


def called(place: str) -> str:
    """Return what a field is called outside its section: of a part (其中…) with the whole it belongs to."""
    code, _dot, name = place.partition(".")
    label = section(code).field(name).label
    whole = next((whole for part, whole in _PARTS.get(code, ()) if part == name), "")
    return label.replace("其中", f"{section(code).field(whole).label}中", 1) if whole else label


def section(code: str) -> Section:
    """Return the section of that code. Raises LookupError."""
    for each in SECTIONS:
        if each.code == code:
            return each
    raise LookupError(code)


def label_of(code: str) -> str:
    """Return what the form calls the field of that code, in whichever section it stands. Raises LookupError."""
    for each in SECTIONS:
        for field in each.fields:
            if field.code == code:
                return field.label
    raise LookupError(code)


def choices_of(field: Field, lists: tuple[ChoiceList, ...]) -> tuple[tuple[str, str], ...]:
    """Return what may be chosen: the field's own choices, or the pack's list, with 其他 where the list is open.

    Empty if the pack names no such list: the field is then left out of the form.
    """
    if not field.listed:
        return field.choices
    for each in lists:
        if each.list == field.listed:
            named = tuple((item.code, item.name) for item in each.items)
            return (*named, ("other", "其他")) if each.open else named
    return ()


def hint_of(field: Field, lists: tuple[ChoiceList, ...]) -> str:
    """Return the hint of a field, with what the pack adds: whom its list names, or how its choices are told apart."""
    parts = [field.hint]
    for each in lists:
        if each.list == field.named:
            parts.append("含" + "、".join(item.name for item in each.items) + ("等" if each.open else ""))
        if each.list == field.listed:
            parts.append(each.hint)
    return "。".join(filter(None, parts))


def asked(each: Section, lists: tuple[ChoiceList, ...]) -> tuple[Field, ...]:
    """Return the fields of a section that this jurisdiction asks: those whose list it names."""
    return tuple(field for field in each.fields if not field.listed or choices_of(field, lists))


class Checked(NamedTuple):
    """What a section holds after checking: clean JSON values, and a sentence for each place that is wrong."""

    values: dict[str, Any]
    problems: dict[str, str]


def check_section(
    each: Section,
    typed: Mapping[str, Any],
    lists: tuple[ChoiceList, ...],
    on: date,
    closed: frozenset[str] = frozenset(),
) -> Checked:
    """Hold what was typed against the fields and against each other; keep every value that can be read.

    What is wrong between a field that is `closed` and one that is not is said at the one that can be changed.
    """
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field in asked(each, lists):
        if field.derived:
            continue
        raw = typed.get(field.code)
        raw = writable(raw).strip() if isinstance(raw, str) else raw
        if raw in (None, "", [], ()):
            values[field.code] = None
            if field.required:
                problems[field.code] = f"没有{_HOW_ANSWERED.get(field.kind, '填')}“{field.label}”。"
            continue
        if isinstance(raw, str) and field.kind not in {"text", "long"}:
            raw = unicodedata.normalize("NFKC", raw)
        try:
            values[field.code] = READERS[field.kind](field, raw, dict(choices_of(field, lists)))
        except ValueError as problem:
            values[field.code] = raw
            problems[field.code] = str(problem)
    for place, sentence in _across(each.code, values, on, closed):
        problems.setdefault(place, sentence)
    if each.code == "tenants":
        values["success_rate"] = rate_of(values.get("graduated"), values.get("exited"))
    return Checked(values, problems)


def _across(code: str, values: Mapping[str, Any], on: date, closed: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong between fields: a part larger than its whole, a day to come, a lease that has run out."""
    for part, whole in (*_PARTS.get(code, ()), *_WITHIN.get(code, ())):
        smaller, larger = number_of(values.get(part)), number_of(values.get(whole))
        if smaller is None or larger is None or smaller <= larger:
            continue
        if part in closed:
            yield whole, _bounded(code, whole, "小于", part, values)
        elif whole in closed:
            yield part, _bounded(code, part, "大于", whole, values)
        else:
            yield part, f"{values[part]} 大于{section(code).field(whole).label} {values[whole]}，改其中一项。"
    for place in ("established_on", "opened_on"):
        day = day_of(values.get(place))
        if day is not None and day > on:
            yield place, f"{day} 晚于今天，请核对。"
    if code == "premises":
        yield from _of_premises(values, on)


def _of_premises(values: Mapping[str, Any], on: date) -> Iterator[tuple[str, str]]:
    ends, right = day_of(values.get("lease_ends")), values.get("premises_right")
    if right == "lease" and ends is None:
        yield "lease_ends", "场地是租赁的，要填租赁截止日期。"
    elif right == "lease" and ends is not None and ends < on:
        yield "lease_ends", f"租赁已于 {ends} 到期，请填续租后的截止日期。"
    elif right == "own" and ends is not None:
        yield "lease_ends", f"填了 {ends}，但场地选的是自有。自有的请清空这一项；租赁的请改选租赁。"
    if values.get("capacity") == 0:
        yield "capacity", "填的是 0 户，不能接纳创业实体。请填场地最多能容纳的户数。"


def _bounded(code: str, at: str, word: str, closed: str, values: Mapping[str, Any]) -> str:
    """Return the sentence for a number out of step with one that the correction list leaves closed."""
    label, bound = section(code).field(closed).label, values[closed]
    return (
        f"{values[at]} {word}“{label}” {bound}，请填不{word} {bound} 的数。"
        f"“{label}”不在补正清单里，也要改的，请联系办理机关。"
    )


# Held against each other as well, but not corrected together: either can be put right alone.
_WITHIN = {"premises": (("free_area", "incubation_area"),)}

_PARTS = {
    "team": (("qualified_staff", "full_time_staff"),),
    "premises": (("incubation_area", "built_area"), ("free_area", "built_area")),
    "tenants": (("student_founded", "tenants"), ("key_group_founded", "tenants"), ("graduated", "exited")),
}


def shown(field: Field, value: Any, lists: tuple[ChoiceList, ...]) -> str:
    """Return a kept value in words, as pages, letters and differences show it; 未填写 where there is none."""
    if value in (None, "", []):
        return "暂无" if field.derived else "未填写"
    if field.kind == "yes_no":
        return "是" if value else "否"
    if field.kind in {"one", "many"}:
        names = dict(choices_of(field, lists))
        return "、".join(names.get(code, str(code)) for code in (value if isinstance(value, list) else [value]))
    return f"{value} {field.unit}".rstrip()


class Difference(NamedTuple):
    """One place that changed between two submissions, in words."""

    place: str
    label: str
    section: str
    before: str
    after: str


def differences(before: Answers, after: Answers, lists: tuple[ChoiceList, ...]) -> list[Difference]:
    """Return every changed field between two versions of the answers, in the order of the form."""
    found = []
    for each in SECTIONS:
        old, new = before.get(each.code, {}), after.get(each.code, {})
        for field in each.fields:
            if old.get(field.code) != new.get(field.code):
                words = (shown(field, old.get(field.code), lists), shown(field, new.get(field.code), lists))
                place = f"{each.code}.{field.code}"
                found.append(Difference(place, called(place), each.name, *words))
    return found


def facts(answers: Answers) -> dict[str, bool | int | Decimal | tuple[str, ...]]:
    """Return the figures that conditions of a pack are held against, by the names the packs use for them."""
    team, premises, tenants = (answers.get(code, {}) for code in ("team", "premises", "tenants"))
    found: dict[str, Any] = {
        "government_developed": answers.get("unit", {}).get("government_developed"),
        "tenants": tenants.get("tenants"),
        "student_founded": tenants.get("student_founded"),
        "area": number_of(premises.get("built_area")),
        "free_area": number_of(premises.get("free_area")),
        "rules": tuple(team["rule_documents"] or ()) if "rule_documents" in team else None,
    }
    for name in ("independent_operator", "service_team", "service_standard", "staff_listed"):
        found[name] = team.get(name)
    if premises.get("facilities") is not None:
        found |= {code: code in premises["facilities"] for code, _name in FACILITIES}
    return {name: value for name, value in found.items() if value is not None}
