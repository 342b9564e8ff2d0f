"""What an event says besides its verb: its facts as labelled rows, and the name of its subject, in words."""

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bases.rules import BasePolicy
from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.desk.trail.values import CHOICES
from portal.jurisdictions.models import AgencyProfile, Jurisdiction
from portal.policies.loader import installed
from portal.policies.packs import Pack
from portal.policies.wording import Wording, owner_of, title_name, wording
from portal.web.dates import minute
from portal.web.parts import Fact

LABELS: dict[str, str | Promise] = {
    "accepted": gettext_lazy("核对结果"),
    "accepted_on": gettext_lazy("受理日期"),
    "after": gettext_lazy("变更后"),
    "amount": gettext_lazy("金额（元）"),
    "anonymous": gettext_lazy("匿名"),
    "applications": gettext_lazy("申报编号"),
    "asked": gettext_lazy("查询条件"),
    "asks_hearing": gettext_lazy("要求听证"),
    "authority": gettext_lazy("作出决定的机关"),
    "award": gettext_lazy("补助"),
    "ban_until": gettext_lazy("暂停申报至"),
    "base": gettext_lazy("基地"),
    "basis": gettext_lazy("依据"),
    "because": gettext_lazy("原因"),
    "before": gettext_lazy("变更前"),
    "before_policy_of": gettext_lazy("早于政策施行日"),
    "by_roster": gettext_lazy("凭在孵名册认定"),
    "call": gettext_lazy("申报通知编号"),
    "category": gettext_lazy("类别"),
    "certificate": gettext_lazy("证书编号"),
    "certified_on": gettext_lazy("认定日期"),
    "changed": gettext_lazy("修改的项目"),
    "channel": gettext_lazy("来源"),
    "clause": gettext_lazy("条款"),
    "complaint": gettext_lazy("投诉"),
    "conclusion": gettext_lazy("结论"),
    "counted": gettext_lazy("计入的投诉"),
    "day": gettext_lazy("日期"),
    "defence_ends": gettext_lazy("陈述申辩截止"),
    "desk": gettext_lazy("办理机关"),
    "document": gettext_lazy("认定文件"),
    "due": gettext_lazy("到期日"),
    "due_on": gettext_lazy("到期日"),
    "ends_on": gettext_lazy("至"),
    "entered": gettext_lazy("补录"),
    "established_on": gettext_lazy("认定日期"),
    "exported": gettext_lazy("导出条数"),
    "fact": gettext_lazy("事实"),
    "factor": gettext_lazy("验证方式"),
    "fields": gettext_lazy("修改的项目"),
    "filed_on": gettext_lazy("提出日期"),
    "files": gettext_lazy("文件数"),
    "first": gettext_lazy("本机关首批管理员"),
    "flags": gettext_lazy("提示"),
    "found": gettext_lazy("查到条数"),
    "founded": gettext_lazy("异议成立"),
    "grade": gettext_lazy("评价"),
    "ground": gettext_lazy("事由"),
    "held_at": gettext_lazy("开始时间"),
    "held_back": gettext_lazy("暂缓转出"),
    "held_on": gettext_lazy("举行日期"),
    "kind": gettext_lazy("类型"),
    "late": gettext_lazy("逾期"),
    "left_on": gettext_lazy("离开日期"),
    "letter": gettext_lazy("文书编号"),
    "limit": gettext_lazy("达到次数"),
    "limit_on": gettext_lazy("办结期限"),
    "manager": gettext_lazy("管理本机构人员"),
    "met_on": gettext_lazy("达到日期"),
    "method": gettext_lazy("方式"),
    "misconduct": gettext_lazy("违规事实编号"),
    "moved": gettext_lazy("重新计算的期限（项）"),
    "name": gettext_lazy("名称"),
    "note": gettext_lazy("说明"),
    "notice": gettext_lazy("公示编号"),
    "number": gettext_lazy("编号"),
    "objection_ends": gettext_lazy("提出异议截止"),
    "officers": gettext_lazy("考察人员"),
    "on": gettext_lazy("日期"),
    "operator": gettext_lazy("运营机构"),
    "opinion": gettext_lazy("意见"),
    "outcome": gettext_lazy("结果"),
    "paper_number": gettext_lazy("证书编号"),
    "partly": gettext_lazy("部分属实"),
    "path": gettext_lazy("取值"),
    "period": gettext_lazy("期间"),
    "period_ends": gettext_lazy("复评认定期至"),
    "person": gettext_lazy("人员"),
    "place": gettext_lazy("所在项目"),
    "places": gettext_lazy("补正项目"),
    "purpose": gettext_lazy("用途"),
    "reason": gettext_lazy("理由"),
    "reason_before": gettext_lazy("此前写明的理由"),
    "receipt": gettext_lazy("回执编号"),
    "recovered_on": gettext_lazy("收回日期"),
    "reference": gettext_lazy("编号"),
    "role": gettext_lazy("岗位"),
    "same_fact_as": gettext_lazy("同一事实"),
    "served_on": gettext_lazy("送达日期"),
    "service_recipient": gettext_lazy("服务对象"),
    "side": gettext_lazy("一方"),
    "since": gettext_lazy("自"),
    "source": gettext_lazy("依据文件"),
    "starts_on": gettext_lazy("自"),
    "step": gettext_lazy("环节"),
    "subject": gettext_lazy("对象"),
    "sum": gettext_lazy("算法"),
    "term": gettext_lazy("期限"),
    "title": gettext_lazy("称号"),
    "to": gettext_lazy("交给"),
    "until": gettext_lazy("至"),
    "uscc": gettext_lazy("统一社会信用代码"),
    "valid_from": gettext_lazy("自"),
    "valid_to": gettext_lazy("至"),
    "verb": gettext_lazy("事项"),
    "verdict": gettext_lazy("结论"),
    "verify_by": gettext_lazy("核实期限"),
    "visited": gettext_lazy("到场核实"),
    "visited_on": gettext_lazy("考察日期"),
    "years": gettext_lazy("年度"),
}
PEOPLE = ("person", "to", "officers")
ANSWERS = {
    "accepted": (gettext_lazy("认可"), gettext_lazy("有疑问"))
}  # what yes and no are called, where it is not 是 and 否
RULING = "policies.assumptionruling"


class Told:
    """What a page of events says in words; the names of the people in them are fetched together."""

    def __init__(self, events: Iterable[AuditEvent]) -> None:
        ids = {each for event in events for key in PEOPLE for each in _listed(event.facts.get(key))}
        named = User.objects.filter(pk__in=[each for each in ids if isinstance(each, int)])
        self.names = {person.pk: str(person) for person in named}
        self.words = wording(Path(settings.POLICY_PACKS))

    def facts(self, event: AuditEvent) -> list[Fact]:
        """Return what was done, from what to what and why, a row for each."""
        return [Fact(label, text) for label, text in self._rows(event)]

    def line(self, event: AuditEvent) -> str:
        """Return the same in one cell."""
        return "；".join(f"{label}：{text}" for label, text in self._rows(event))

    def _rows(self, event: AuditEvent) -> list[tuple[str, str]]:
        facts = dict(event.facts)
        rows = []
        if isinstance(facts.get("before"), dict) and isinstance(facts.get("after"), dict):
            before, after = facts.pop("before"), facts.pop("after")
            for field in [*after, *(name for name in before if name not in after)]:
                if before.get(field) == after.get(field):
                    continue
                said = {"before": self._value(event, field, before.get(field))}
                said["after"] = self._value(event, field, after.get(field))
                rows.append((field_name(event, field), _("由 %(before)s 改为 %(after)s") % said))
        return rows + [(label(key), self._value(event, key, value)) for key, value in facts.items()]

    def _value(self, event: AuditEvent, key: str, value: Any) -> str:
        if isinstance(value, list):
            if key == "period":
                return " 至 ".join(str(day) if day else _("今") for day in value)
            return "、".join(self._value(event, key, each) for each in value) or _("无")
        if isinstance(value, dict):
            return "，".join(f"{label(name)} {self._value(event, name, each)}" for name, each in value.items()) or _(
                "无"
            )
        if value is None or value == "":
            return _("无")
        if isinstance(value, bool):
            yes, no = ANSWERS.get(key, (_("是"), _("否")))
            return str(yes if value else no)
        if key in PEOPLE:
            return self.names.get(value, str(value)) if isinstance(value, int) else str(value)
        if key in {"changed", "fields"}:
            return field_name(event, str(value))
        if event.subject_type == RULING and key in {"path", "before", "after"}:
            return ruled(event, str(value), self.words) if key == "path" else _content(event, str(value), self.words)
        return self._named(event, key, value)

    def _named(self, event: AuditEvent, key: str, value: Any) -> str:
        if key == "title" and (pack := pack_named(event.policy)):
            return title_name(pack, str(value), self.words)
        if key == "desk":
            return str(Jurisdiction.objects.filter(code=value).first() or value)
        if key == "subject":
            return kind_of(str(value))
        if key == "ground":
            return ground_name(event, str(value))
        return str(CHOICES.get(key, {}).get(value) or self.words.words.get(str(value)) or _moment(str(value)))


def label(key: str) -> str:
    """Return what a fact is called; its code where it has no word."""
    return str(LABELS.get(key, key))


def field_name(event: AuditEvent, field: str) -> str:
    """Return what a field of the event's subject is called: the bureau's own where a bureau changed what it prints."""
    model = AgencyProfile if event.verb == "agency.changed" else apps.get_model(event.subject_type)
    try:
        return str(getattr(model._meta.get_field(field), "verbose_name", "") or label(field))
    except FieldDoesNotExist:
        return label(field)


def kind_of(subject: str) -> str:
    """Return what a kind of record is called; what is no model (any more) as it stands."""
    try:
        return str(apps.get_model(subject)._meta.verbose_name)
    except (LookupError, ValueError):
        return subject


def ground_name(event: AuditEvent, ground: str) -> str:
    """Return what a ground of revocation is called by the policy of the event."""
    pack = pack_named(event.policy)
    policy = pack.section(BasePolicy).revocation if pack else None
    return next((str(each.name) for each in policy.grounds if each.ground == ground), ground) if policy else ground


def subject_name(event: AuditEvent, words: Wording) -> str:
    """Return the subject as it was called then; of a ruling the policy and the value, by their names."""
    pack = pack_named(event.policy) if event.subject_type == RULING else None
    if pack is None or "path" not in event.facts:
        return event.subject_label
    return f"《{pack.short_title}》{ruled(event, event.facts['path'], words)}"


def pack_named(policy: str) -> Pack | None:
    """Return the pack that an event names, its rulings (`id+7`) left aside; nothing if it is not installed."""
    return installed().get(policy.partition("+")[0])


def policy_name(policy: str) -> str:
    """Return the short title of the policy that an event names."""
    pack = pack_named(policy)
    return pack.short_title if pack else policy


def ruled(event: AuditEvent, path: str, words: Wording) -> str:
    """Return what a value of a pack is called, with what it belongs to."""
    pack = pack_named(event.policy)
    owner = owner_of(pack, path, words) if pack else ""
    return " · ".join(part for part in (owner, words.label(path)) if part)


def _content(event: AuditEvent, content: str, words: Wording) -> str:
    """Return the content of a ruling (TOML) as an officer would say it."""
    if content.strip() == "unset = true":
        return words.shown(None)
    plain = content.removeprefix("value = ").strip()
    said = {"true": words.shown(value=True), "false": words.shown(value=False)}.get(plain)
    return said or words.shown(plain.strip('"'))


def _moment(text: str) -> str:
    """Return a point in time as pages write it, anything else as it stands."""
    if len(text) < len("2026-11-24T10:42") or text[10] != "T":
        return text
    try:
        return minute(datetime.datetime.fromisoformat(text))
    except ValueError:
        return text


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
