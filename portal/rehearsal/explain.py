"""A readable rendering of one answer, in Chinese, for the person who asks why."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from applications.rules import Checklist, ShareCondition
from portal.rehearsal.award_rows import PAYEES
from portal.rehearsal.laws import Law, laws

_STANDING = {
    "certified": "有效",
    "rectifying": "整改中",
    "in_proceedings": "撤销程序中",
    "revoked": "已撤销",
    "not_renewed": "未延续",
    "surrendered": "已放弃",
}
_REASONS = {
    "banned": "在暂停申报期内",
    "holds_title": "称号仍有效或程序未结束",
    "requires_title": "缺少前置称号",
    "condition_unmet": "条件未达到",
    "condition_unknown": "条件数据不全",
}
_DUTIES = {
    "annual_report": "年度报告",
    "assessment": "绩效考核",
    "recertification": "复评",
    "rectification": "限时整改",
}
_WHY = {
    "revoked": "称号已撤销",
    "in_proceedings": "撤销程序中停拨",
    "period_over": "已满年限，待主管部门决定",
    "excluded": "已享受不得重复的另一项",
    "judgement": "待经办人员判断",
    "declined": "经办人员不予发放",
}

Row = Mapping[str, Any]


def explained(answer: Row) -> str:
    """Return an answer of the evaluator as text: what stands, what is due, what is payable, and why."""
    return "\n".join(_lines(answer)) + "\n"


def _lines(answer: Row) -> Iterator[str]:
    if "error" in answer:
        where = answer["error"]["path"] or "整行"
        yield f"未能理解（id：{answer['id']}）"
        yield f"  位置 {where}：{answer['error']['message']}"
        return
    law = laws()[answer["policy"]]
    yield f"{law.pack.title}　截至 {answer['as_of']}　id：{answer['id']}"
    if "targets" in answer:
        yield from _section("目标", [_target(row, law) for row in answer["targets"]])
        return
    names = {code: title.label for code, title in law.titles.items()}
    yield from _section("称号", [_title(row, names) for row in answer["titles"]])
    yield from _section("投诉和撤销事由", [*_complaints(answer), *(_ground(row, law) for row in answer["grounds"])])
    yield from _section("暂停申报", [_ban(row, names) for row in answer["bans"]])
    yield from _section("能否申报", [_may(code, row, names) for code, row in answer["may_apply"].items()])
    yield from _section("待办", [_duty(row) for row in answer["duties"]])
    yield from _section("补助", [_award(row, law) for row in answer["awards"]])
    yield from _section("条件", [_condition(row, law) for row in answer["conditions"]])
    yield from _section("提醒", [f"{row['on']} 陈述申辩期不足（{row['clause']}）" for row in answer["warnings"]])
    yield from _section("经过", [f"{row['on']} [{row['clause']}] {row['says']}" for row in answer["trace"]])


def _section(heading: str, rows: Sequence[str]) -> Iterator[str]:
    if rows:
        yield f"\n{heading}"
        yield from (f"  {row}" for row in rows)


def _title(row: Row, names: Mapping[str, str]) -> str:
    period = f"，复评认定期至 {row['period_ends']}" if row["period_ends"] else ""
    return f"{names[row['title']]}：{_STANDING[row['standing']]}，{row['certified_on']} 认定{period}（{row['clause']}）"


def _complaints(answer: Row) -> list[str]:
    row = answer["complaints"]
    return [] if row is None else [f"有效投诉 {row['counted']} 次，上限 {row['limit']} 次（含，{row['clause']}）"]


def _ground(row: Row, law: Law) -> str:
    return f"撤销事由成立：{law.revocation_grounds[row['ground']].name}，{row['met_on']}（{row['clause']}）"


def _ban(row: Row, names: Mapping[str, str]) -> str:
    return f"{names[row['title']]}：{row['from']} 至 {row['until']}（含，{row['clause']}）"


def _may(code: str, row: Row, names: Mapping[str, str]) -> str:
    if row["allowed"]:
        return f"{names[code]}：可以"
    opens = f"，自 {row['from']} 起可以" if row["from"] else ""
    return f"{names[code]}：不可以，{'、'.join(_REASONS[reason] for reason in row['reasons'])}{opens}"


def _duty(row: Row) -> str:
    return f"{_DUTIES[row['duty']]}：{row['due_on']} 前（{row['clause']}）。{row['sum']}"


def _award(row: Row, law: Law) -> str:
    of = f"（{row['of']}，{PAYEES[row['beneficiary']]}）" if row["of"] is not None else ""
    why = f"，{_WHY[row['why']]}" if row["why"] else ""
    name = law.subsidies.names[row["award"]]
    return f"{name}{of}：{row['amount']} 元，已付 {row['paid']} 元，可付 {row['payable']} 元{why}（{row['clause']}）"


def _condition(row: Row, law: Law) -> str:
    verdict = "达到" if row["met"] else "未达到"
    rules: tuple[ShareCondition | Checklist, ...] = (*law.eligibility.shares, *law.eligibility.checklists)
    rule = next(rule for rule in rules if rule.condition == row["condition"])
    if not isinstance(rule, Checklist):
        return f"{rule.name}：{row['found']}，要求 {row['required']}，{verdict}（{row['clause']}）"
    lacking = f"，缺{'、'.join(rule.labels[code] for code in row['found'])}" if row["found"] else ""
    return f"{rule.name}：{verdict}{lacking}（{row['clause']}）"


def _target(row: Row, law: Law) -> str:
    name = next(target.name for target in law.pack.targets if target.indicator == row["indicator"])
    verdict = {True: "达到", False: "未达到", None: "不作判断"}[row["met"]]
    goal = "未定数" if row["goal"] is None else row["goal"]
    value = "未填报" if row["value"] is None else row["value"]
    return f"{name}：目标 {goal}，现为 {value}，{verdict}（{row['clause']}）"
