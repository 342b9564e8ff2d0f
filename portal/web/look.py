"""The living style page: every component in every state. Only with DEBUG or in the demo."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.decorators import public_view
from portal.deadlines.holidays import national_calendar
from portal.deadlines.terms import due
from portal.deadlines.today import CHINA, business_today
from portal.web.forms import PlainForm
from portal.web.pagination import Page
from portal.web.parts import Act, Change, Chip, Crumb, Event, Fact, FileRow, NextStep, Section, Step, Tab

SHELLS = {
    "public": "base_public.html",
    "task": "base_task.html",
    "desk": "base_desk.html",
    "operator": "base_operator.html",
}


def _only_at_home(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (settings.DEBUG or settings.DEMO):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


class SampleForm(PlainForm):
    """One field of each kind, bound to wrong input so that the errors show."""

    place = forms.ChoiceField(
        label="场地从哪里来", choices=[("own", "自有"), ("rent", "租赁")], widget=forms.RadioSelect, initial="rent"
    )
    area = forms.DecimalField(
        label="孵化面积", help_text="实际供创业实体使用的面积，单位：平方米", min_value=0,
        widget=forms.TextInput({"class": "w8 num", "inputmode": "decimal"}),
    )  # fmt: skip
    until = forms.DateField(
        label="租赁截止日期",
        help_text="例如 2029-12-31",
        widget=forms.TextInput({"class": "w8", "inputmode": "numeric"}),
    )
    services = forms.MultipleChoiceField(
        label="能提供哪些服务", help_text="至少选一项", choices=[("info", "信息咨询"), ("loan", "融资支持")],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    level = forms.ChoiceField(label="级别", choices=[("", "请选择"), ("p", "省级"), ("n", "国家级")])
    traits = forms.CharField(
        label="有什么特色",
        max_length=500,
        required=False,
        help_text="不超过 500 字",
        widget=forms.Textarea({"rows": 3}),
    )
    lease = forms.FileField(label="租赁合同", required=False, help_text="PDF、JPG、PNG，单个不超过 20 MB")
    promise = forms.BooleanField(label="以上内容属实", help_text="与实际不符的，按当地政策处理")


class SampleFilter(forms.Form):
    """A filter bar."""

    q = forms.CharField(label="名称、运营机构、证书编号", required=False, widget=forms.TextInput({"class": "wide"}))
    level = forms.ChoiceField(label="级别", required=False, choices=[("", "全部"), ("p", "省级"), ("n", "国家级")])


@public_view
@_only_at_home
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every component in all its states."""
    wrong = {"place": "rent", "area": "四千", "until": "2029-02-30", "traits": "依托周边三所职业院校。"}
    context = _deadlines() | _procedure() | _papers() | _acts() | {
        "form": SampleForm(wrong),
        "plain_form": SampleForm(initial={"place": "rent"}, auto_id="plain_%s"),
        "filter_form": SampleFilter({"level": "p"}),
        "page": Page(items=[], number=6, total=1234, per_page=25),
        "crumbs": [Crumb("待我办理", "#"), Crumb("申报初审", "#"), Crumb("SQ-520103-2026-0014")],
        "tabs": [Tab("待我办理", "#", "18", "2", True), Tab("即将到期", "#", "4"), Tab("已办", "#")],
        "chips": [Chip("级别：省级", "#", removes=True), Chip("全部 18", "#", current=True), Chip("申报初审 9", "#")],
        "agency": {"name": "", "phone": ""},
    }  # fmt: skip
    return render(request, "web/look.html", context)


@public_view
@_only_at_home
@require_safe
def shell(request: HttpRequest, shell: str) -> HttpResponse:
    """Show one shell around a short text."""
    if shell not in SHELLS:
        raise Http404
    return render(request, "web/look_shell.html", {"shell": SHELLS[shell]})


def _deadlines() -> dict[str, Any]:
    """Return deadlines at every level, around the business date."""
    today, calendar = business_today(), national_calendar()
    return {
        "far": due(today, 20, "workday", calendar),
        "soon": due(today, 2, "workday", calendar),
        "now": today,
        "past": today - timedelta(days=7),
    }


def _procedure() -> dict[str, Any]:
    """Return samples for what shows a procedure and its history."""
    now = datetime.now(CHINA)
    return {
        "steps": [
            Step("申报", "10-23", "done"),
            Step("县（市、区）推荐", "10-26 云岩区", "done"),
            Step("市（州）初审", "李四 办理中", "now", "20 个工作日"),
            Step("省级复审", "实地考察"),
            Step("公示", "5 个工作日"),
        ],
        "stopped": [Step("申报", "10-23", "done"), Step("县（市、区）推荐", "不予推荐 10-26", "stop")],
        "sections": [
            Section("1 单位基本情况", "#", "已完成"),
            Section("2 场地与功能", "#", "2 处要改", "warn", True),
            Section("3 核对并提交", note="尚不能开始"),
        ],
        "events": [
            Event(now + timedelta(days=30), "第一次绩效考核到期", kind="next"),
            Event(now, "补正回件", "筑梦创业园（演示）", "计时继续，已用 9 个工作日"),
            Event(now - timedelta(days=9), "退回补正", "李四", kind="pause", href="#", link="补正告知书"),
            Event(now - timedelta(days=20), "县局推荐", "云岩区人社局", kind="letter", href="#", link="推荐函"),
            Event(now - timedelta(days=40), "撤销决定", "省人社厅", kind="bad"),
        ],
    }


def _papers() -> dict[str, Any]:
    """Return samples for what shows papers and facts."""
    return {
        "files": [
            FileRow("厂房租赁合同.pdf", "#", "12 页 · 4.6 MB · 11-23 16:20 上传", state="已检查", tone="main",
                    acts=[Act("删除", kind="text", name="delete", value="1")]),
            FileRow("一层工位.jpg", note="已传 5.1 MB", icon="image", state="上传中", tone="now", percent=62),
            FileRow("平面图.dwg", error="不能收 DWG 文件。导出为 PDF，再传一次", state="没有收下", tone="bad"),
        ],
        "changes": [
            Change("孵化面积", "3,200 平方米", "3,860 平方米", "基本情况 2.4", "说明：补签租赁合同", "d1", "agreed"),
            Change("市级认定文件", "2 页", "3 页，已换", "附件 2", name="d2"),
        ],
        "facts": [
            Fact("运营机构", "贵阳筑梦创服有限公司（演示）", "#"),
            Fact("信用代码", "91520102MA6DEM001G", code=True),
            Fact("所在地", "贵阳市 云岩区"),
        ],
    }  # fmt: skip


def _acts() -> dict[str, Any]:
    """Return samples for what one may do and what comes next."""
    return {
        "next_steps": [
            NextStep("12 月 1 日前，告诉您是否受理", "收到起 5 个工作日。", "GZ-27"),
            NextStep("办结后告诉您结果，请您评价"),
        ],
        "acts": [
            Act("通过，报省厅", kind="primary", why_not="1 处改动没有核对"),
            Act("退回补正（2 项）", kind="plain"),
            Act("不予通过", kind="bad"),
            Act("转他人", kind="text"),
        ],
        "empty_acts": [Act("看已办", "#", "plain"), Act("看本科室的件", "#")],
    }
