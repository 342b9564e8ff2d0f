"""What officers write for calls, public notices and objections."""

import datetime
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.actions.notice import unfit_name
from applications.letters.calls import no_such_day
from applications.models import Application, Call, PublicNotice
from applications.states import ApplicationStatus
from portal.accounts.phones import public_phones
from portal.web.forms import NeededAtTimesField, PlainForm

MOMENT = {"class": "w12"}
MOST_PLACES = 9999
# 2026-03-02 09:00, 2026/3/2 9:00, 2026年3月2日上午9点, 2026年3月2日 下午3点半
WRITTEN = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]*"
    r"(?:(凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚)?[ ]*(\d{1,2})(?::|点|时)(半|(?:(\d{1,2})分?(?::\d{2})?))?整?)?"
)
Missing = Callable[[str, dict[str, Any]], dict[str, str]]  # what is wrong with a call for this title, by field
AFTERNOON = {"中午", "下午", "傍晚", "晚上", "晚"}


class MomentField(forms.DateTimeField):
    """A day and an hour, however they are commonly written; what cannot be read is answered with an example."""

    def to_python(self, value: Any) -> datetime.datetime | None:
        """Return the moment in the zone of the site. Raises ValidationError naming what was found."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        said = {"found": value.strip()[:40]}
        parts = WRITTEN.fullmatch(unicodedata.normalize("NFKC", value).strip())
        if parts is None:
            example = _("“%(found)s”读不出是哪天几点，写成 2026-03-02 09:00 或 2026年3月2日上午9点 这样。")
            raise ValidationError(example, code="unreadable", params=said)
        year, month, day, half, hour, past, minute = parts.groups()
        if hour is None:
            sentence = _("“%(found)s”没有写几点，请在日期后面加上，例如 2026-03-02 09:00。")
            raise ValidationError(sentence, code="unreadable", params=said)
        hours = (
            int(hour) + 12
            if half in AFTERNOON and int(hour) < 12 and not (half == "中午" and int(hour) > 9)
            else int(hour)
        )
        minutes = 30 if past == "半" else int(minute or 0)
        try:
            moment = datetime.datetime(int(year), int(month), int(day), hours, minutes)
        except ValueError:
            sentence = _("没有“%(found)s”这个时间，请核对月、日和钟点，例如 2026-03-02 09:00。")
            raise ValidationError(sentence, code="unreadable", params=said) from None
        return timezone.make_aware(moment)


class YearField(forms.IntegerField):
    """A year, with or without 年 or 年度 behind it."""

    def to_python(self, value: Any) -> int | None:
        """Return the year. Raises ValidationError naming what was found."""
        text = unicodedata.normalize("NFKC", str(value or "")).strip().removesuffix("度").removesuffix("年").strip()
        if text and not re.fullmatch(r"\d{4}", text, re.ASCII):
            sentence = _("“%(found)s”不是年度，写四位数字，例如 2026。")
            raise ValidationError(sentence, code="unreadable", params={"found": str(value)[:20]})
        return super().to_python(text)


class CallForm(PlainForm):
    """A call in draft. Papers and steps come from the policy pack and are not typed here."""

    title = forms.ChoiceField(label=_("申报称号"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("通知名称"), max_length=120, help_text=_("例如 2026 年度创业孵化示范基地申报"))
    year = YearField(label=_("年度"), min_value=2000, max_value=2100, widget=forms.TextInput({"class": "w4 num"}))
    opens_at = MomentField(label=_("开始时间"), help_text=_("例如 2026-03-02 09:00"), widget=forms.TextInput(MOMENT))
    closes_at = MomentField(
        label=_("截止时间"),
        help_text=_("例如 2026-04-01 18:00，过了这一刻就不再收"),
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
        help_text=_("一行一项，事项和时间用冒号隔开，例如：各地推荐：4 月 15 日前"),
    )
    contact = forms.CharField(label=_("咨询电话"), required=False, max_length=120, validators=[public_phones])
    reason = NeededAtTimesField(
        label=_("增开原因"),
        needed=_("（同一年再开一批时必填）"),
        max_length=300,
        help_text=_("同一年已经为同一称号发布过通知、再开一批时写；会写进申报通知并公开显示"),
    )

    def __init__(
        self,
        *args: Any,
        titles: list[tuple[str, str]],
        missing: Missing,
        limited: bool = True,
        ended: bool = False,
        **kwargs: Any,
    ) -> None:
        """`missing` finds what is wrong beyond each field. `limited`: the policy says how many calls there are a year
        (GZ-31). `ended`: its period is over, and a call says by what it still applies (decision 0152).
        """
        super().__init__(*args, **kwargs)
        self.missing = missing
        self._ask_for_the_reason(limited, ended)
        field = self.fields["title"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = titles

    def _ask_for_the_reason(self, limited: bool, ended: bool) -> None:
        """Say when the reason must be given, as the policy in force has it."""
        field = self.fields["reason"]
        assert isinstance(field, NeededAtTimesField)
        if ended:
            field.label, field.needed = _("继续适用的依据"), _("（必填）")
            field.help_text = _("政策期满后仍按它受理的依据文件；会写进申报通知并公开显示")
        elif not limited:
            field.needed = ""
            field.help_text = _("现行政策没有规定每年开几批，再开一批可以不写；写了会写进申报通知并公开显示")

    def clean_timetable(self) -> list[dict[str, str]]:
        """One line, one entry: what, and until when. Raises ValidationError for other lines and impossible days."""
        found = []
        for number, line in enumerate(self.cleaned_data["timetable"].splitlines(), start=1):
            if not line.strip():
                continue
            name, *until = (part.strip() for part in re.split("[：:]", line, maxsplit=1))
            if not name or not all(until) or not until:
                sentence = _("第 %(n)s 行“%(line)s”要写事项和时间，中间用冒号，例如：各地推荐：4 月 15 日前。")
                raise ValidationError(sentence, code="unreadable", params={"n": number, "line": line.strip()[:40]})
            if day := no_such_day(until[0]):
                sentence = _("第 %(n)s 行写的“%(day)s”，日历上没有这一天，请核对年、月、日，例如 2026-04-15 前。")
                raise ValidationError(sentence, code="unreadable", params={"n": number, "day": day})
            found.append({"name": name, "until": until[0]})
        return found

    def clean(self) -> dict[str, Any]:
        """Notice a name that speaks of another year than the call is for, and whatever else the act would refuse."""
        data = super().clean() or {}
        for field, demanded in self.missing(data.get("title", ""), data.copy()).items():
            self.add_error(field, demanded)
        named = {int(year) for year in re.findall(r"(20\d\d)\s*年度", data.get("name", ""))}
        year = data.get("year")
        if year and named and year not in named:
            said = {"named": "、".join(map(str, sorted(named))), "year": year}
            sentence = _("通知名称写的是 %(named)s 年度，年度填的是 %(year)s，请改其中一项。")
            self.add_error("name", ValidationError(sentence, code="unreadable", params=said))
        return data


class ExtendForm(PlainForm):
    """More time for a call."""

    closes_at = MomentField(
        label=_("新的截止时间"),
        help_text=_("例如 2026-04-10 18:00"),
        widget=forms.TextInput(MOMENT),
    )
    reason = forms.CharField(label=_("延期原因"), max_length=300, help_text=_("写进延长申报时间的通知，公开显示"))


class ReturnCallForm(PlainForm):
    """What the drafter is to change."""

    reason = forms.CharField(
        label=_("要改什么"), max_length=300, help_text=_("起草人会看到，不公开"), widget=forms.Textarea({"rows": 3})
    )


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


def a_full_name(typed: str) -> None:
    """Raise ValidationError for what nobody who objects is called: said with everything else that is wrong."""
    if sentence := unfit_name(typed):
        raise ValidationError(sentence)


class WrittenObjectionForm(PlainForm):
    """An objection that came on paper or by mail, entered by the bureau that takes objections."""

    application = forms.ModelChoiceField(
        Application.objects.none(), label=_("对哪家基地有异议"), empty_label=_("请选择")
    )
    name = forms.CharField(
        label=_("异议人姓名或单位名称"),
        max_length=80,
        validators=[a_full_name],
        help_text=_("只有办理人员能看到"),
    )
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
