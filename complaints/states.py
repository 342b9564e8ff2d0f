"""Statuses of a complaint (投诉), of a finding's objection, and the words for how it came in and what was found."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ComplaintStatus(models.TextChoices):
    """Where a complaint is."""

    RECEIVED = "received", _("待受理")
    SUPPLEMENTING = "supplementing", _("待补充材料")
    REJECTED = "rejected", _("不予受理")
    TRANSFERRED = "transferred", _("已转交其他部门")
    ACCEPTED = "accepted", _("已受理")
    ANSWERING = "answering", _("待基地答复")
    VERIFYING = "verifying", _("核实中")
    FOUND = "found", _("已出核实结果")
    UPHELD = "upheld", _("投诉有效")
    DISMISSED = "dismissed", _("不予认定")
    WITHDRAWN = "withdrawn", _("已撤回")
    OVERTURNED = "overturned", _("认定已推翻")


S = ComplaintStatus

NEXT: dict[str, frozenset[str]] = {
    S.RECEIVED: frozenset({S.SUPPLEMENTING, S.REJECTED, S.TRANSFERRED, S.ACCEPTED, S.WITHDRAWN}),
    S.SUPPLEMENTING: frozenset({S.RECEIVED, S.REJECTED, S.TRANSFERRED, S.ACCEPTED, S.WITHDRAWN}),
    S.REJECTED: frozenset({S.ACCEPTED}),  # the bureau above orders it to be accepted
    S.TRANSFERRED: frozenset(),
    S.ACCEPTED: frozenset({S.ANSWERING, S.VERIFYING, S.WITHDRAWN}),
    S.ANSWERING: frozenset({S.VERIFYING, S.WITHDRAWN}),
    S.VERIFYING: frozenset({S.FOUND, S.WITHDRAWN}),
    S.FOUND: frozenset({S.UPHELD, S.DISMISSED, S.VERIFYING}),
    S.UPHELD: frozenset({S.OVERTURNED}),
    S.DISMISSED: frozenset({S.VERIFYING}),  # the bureau above orders it to be verified anew
    S.WITHDRAWN: frozenset(),
    S.OVERTURNED: frozenset(),
}

OPEN = frozenset({S.RECEIVED, S.SUPPLEMENTING, S.ACCEPTED, S.ANSWERING, S.VERIFYING, S.FOUND})
AT_ACCEPTOR = frozenset({S.RECEIVED, S.SUPPLEMENTING, S.ACCEPTED, S.ANSWERING})
WITHDRAWABLE = AT_ACCEPTOR | {S.VERIFYING}
KNOWN_TO_BASE = frozenset({S.ANSWERING, S.VERIFYING, S.FOUND, S.UPHELD, S.DISMISSED, S.OVERTURNED, S.WITHDRAWN})


class Channel(models.TextChoices):
    """How it came in."""

    WEB = "web", _("网上填写")
    PHONE = "phone", _("电话")
    PAPER = "paper", _("信件")
    VISIT = "visit", _("来访")
    HOTLINE = "hotline", _("12345 热线转来")


class Category(models.TextChoices):
    """What it is about; the officer says it, the complainant need not know."""

    FEES = "fees", _("收费、租金")
    SPACE = "space", _("场地、设施")
    SERVICES = "services", _("孵化服务")
    SUBSIDY = "subsidy", _("补贴、政策落实")
    CONDUCT = "conduct", _("工作人员作风")
    FALSE_CLAIMS = "false_claims", _("弄虚作假")
    OTHER = "other", _("其他")


class Outcome(models.TextChoices):
    """What the verification found."""

    TRUE = "true", _("属实")
    PARTLY = "partly", _("部分属实")
    UNTRUE = "untrue", _("不属实")


class Side(models.TextChoices):
    """Who objects to a finding."""

    BASE = "base", _("基地")
    COMPLAINANT = "complainant", _("投诉人")


class Flag(models.TextChoices):
    """What a machine noticed about a complaint from the public form; an officer judges what it is worth."""

    TRAP = "trap", _("填了网页上看不见的一栏，多半是程序填写")
    FAST = "fast", _("从打开到提交只有几秒，或不是从填写页开始的")
    ADDRESS = "address", _("同一网络地址短时间内提交多件")
    UNPROVEN = "unproven", _("提交密集时没有通过人机核对（例如浏览器不支持脚本）")
    BASE_QUOTA = "base_quota", _("这家基地一小时内收到的投诉过多")
    DESK_QUOTA = "desk_quota", _("本机关一小时内收到的投诉过多")
    REPEAT = "repeat", _("与另一件投诉的文字相同")
    SAME_PHONE = "same_phone", _("同一电话近日投诉过同一家基地")


class MisconductStatus(models.TextChoices):
    """Where the establishing of misconduct is: reported by those who verified it, established or not by another."""

    REPORTED = "reported", _("待审定")
    ESTABLISHED = "established", _("已认定")
    DISMISSED = "dismissed", _("不予认定")


MISCONDUCT_NEXT: dict[str, frozenset[str]] = {
    MisconductStatus.REPORTED: frozenset({MisconductStatus.ESTABLISHED, MisconductStatus.DISMISSED}),
    MisconductStatus.ESTABLISHED: frozenset(),
    MisconductStatus.DISMISSED: frozenset(),
}
