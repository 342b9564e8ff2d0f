"""What officers write for calls, public notices and objections."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Call, PublicNotice
from applications.states import ApplicationStatus
from portal.web.forms import PlainForm

MOMENT = {"class": "w8", "inputmode": "numeric"}
MOST_PLACES = 9999
FORMATS = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y/%m/%d %H:%M"]


class CallForm(PlainForm):
    """A call in draft. Papers and steps come from the policy pack and are not typed here."""

    title = forms.ChoiceField(label=_("申报称号"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("通知名称"), max_length=120, help_text=_("例如 2026 年度省级创业孵化示范基地申报"))
    year = forms.IntegerField(
        label=_("年度"), min_value=2000, max_value=2100, widget=forms.TextInput({"class": "w4 num"})
    )
    opens_at = forms.DateTimeField(
        label=_("开始时间"), input_formats=FORMATS, help_text=_("例如 2026-03-02 09:00"), widget=forms.TextInput(MOMENT)
    )
    closes_at = forms.DateTimeField(
        label=_("截止时间"),
        input_formats=FORMATS,
        help_text=_("例如 2026-04-01 18:00，到这一秒为止"),
        widget=forms.TextInput(MOMENT),
    )
    quota = forms.IntegerField(
        label=_("名额"),
        required=False,
        max_value=MOST_PLACES,
        help_text=_("不限名额就留空"),
        widget=forms.TextInput({"class": "w4 num"}),
    )
    introduction = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("写进申报通知"),
    )
    timetable = forms.CharField(
        label=_("工作安排"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("一行一项，事项和时间用冒号隔开，例如：县（市、区）推荐：4 月 15 日前"),
    )
    contact = forms.CharField(label=_("咨询电话"), required=False, max_length=120)
    reason = forms.CharField(
        label=_("增开批次的原因"),
        required=False,
        max_length=300,
        help_text=_("同一年同一称号已有申报通知时才要写"),
    )

    def __init__(self, *args: Any, titles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["title"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = titles

    def clean_timetable(self) -> list[dict[str, str]]:
        """One line, one entry: what, and until when."""
        lines = [line.strip() for line in self.cleaned_data["timetable"].splitlines()]
        parts = [[*re.split("[：:]", line, maxsplit=1), ""] for line in lines if line]
        return [{"name": name.strip(), "until": until.strip()} for name, until, *_rest in parts]


class ExtendForm(PlainForm):
    """More time for a call."""

    closes_at = forms.DateTimeField(
        label=_("新的截止时间"),
        input_formats=FORMATS,
        help_text=_("例如 2026-04-10 18:00"),
        widget=forms.TextInput(MOMENT),
    )
    reason = forms.CharField(label=_("延期原因"), max_length=300, help_text=_("会公开显示"))


class WithdrawCallForm(PlainForm):
    """Why a call is withdrawn."""

    reason = forms.CharField(
        label=_("撤回原因"), max_length=300, help_text=_("会公开显示"), widget=forms.Textarea({"rows": 4})
    )


class NoticeForm(PlainForm):
    """Which applications go on public notice, and whom one may turn to."""

    applications = forms.ModelMultipleChoiceField(
        Application.objects.none(), label=_("公示名单"), widget=forms.CheckboxSelectMultiple
    )
    contact = forms.CharField(label=_("受理异议的电话和地址"), max_length=160)
    discipline_contact = forms.CharField(label=_("监督电话"), max_length=160, required=False)
    because = forms.CharField(
        label=_("复审不同意仍列入公示的理由"),
        required=False,
        max_length=300,
        help_text=_("名单里有复审意见为“不同意”的才要写；记入留痕，不写进公示"),
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["applications"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        waiting = Application.objects.filter(call=call, status=ApplicationStatus.PUBLIC_NOTICE)
        self.waiting = field.queryset = waiting.select_related("base", "operator").order_by("reference")


class WrittenObjectionForm(PlainForm):
    """An objection that came on paper or by mail, entered by the bureau that takes objections."""

    application = forms.ModelChoiceField(
        Application.objects.none(), label=_("对哪家基地有异议"), empty_label=_("请选择")
    )
    name = forms.CharField(label=_("异议人姓名或单位名称"), max_length=80, help_text=_("只有办理人员能看到"))
    contact = forms.CharField(label=_("异议人的电话或邮箱"), max_length=120, help_text=_("用来核实情况和告知答复"))
    reason = forms.CharField(
        label=_("理由"),
        min_length=10,
        max_length=3000,
        help_text=_("照来信写明什么事、有什么依据，至少 10 个字"),
        widget=forms.Textarea({"rows": 6}),
    )
    evidence = forms.FileField(
        label=_("来信和证据的扫描件"), required=False, help_text=_("PDF 或图片，一个文件，不超过 20 MB")
    )

    def __init__(self, *args: Any, notice: PublicNotice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["application"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = notice.applications.filter(notice=notice).select_related("base").order_by("reference")


class AnswerForm(PlainForm):
    """The answer to an objection."""

    founded = forms.ChoiceField(
        label=_("核实结果"), choices=[("no", _("异议不成立")), ("yes", _("异议成立"))], widget=forms.RadioSelect
    )
    answer = forms.CharField(
        label=_("答复"),
        widget=forms.Textarea({"rows": 6}),
        max_length=3000,
        help_text=_("写明核实的经过、结果和依据；会答复异议人"),
    )
