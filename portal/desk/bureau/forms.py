"""Forms of a bureau's own settings."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.phones import public_phones
from portal.deadlines.calendar import calendar_for
from portal.deadlines.models import CalendarDay, DayKind
from portal.jurisdictions.models import AgencyProfile, Jurisdiction
from portal.web.forms import PlainForm, PlainModelForm

HINTS = {
    "name": _("文书落款用的全称。"),
    "short_name": _("页面上用的简称。"),
    "document_word": _("文号里的机关代字，例如“黔人社”。没有填时文书不编机关代字。"),
    "phone": _("公开在网站和告知书上。"),
    "discipline_phone": _("拟认定公示上的监督电话；拟公示名单时自动填好，可以改。"),
    "complaint_channel": _("群众向主管部门反映问题的方式，公开在每家基地的页面。"),
    "licence": _("名册作为开放数据的使用许可，没有就不填。"),
}


class AgencyForm(PlainModelForm[AgencyProfile]):
    """What the bureau prints about itself; what is unknown stays empty."""

    class Meta:
        model = AgencyProfile
        fields = (
            *("name", "short_name", "document_word", "phone", "discipline_phone", "address", "office_hours"),
            *("complaint_channel", "icp_number", "site_code", "licence"),
        )
        help_texts = HINTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("phone", "discipline_phone"):
            self.fields[name].validators.append(public_phones)


class DayForm(PlainForm):
    """A local day off or workday, and the document that orders it."""

    day = forms.DateField(label=_("日期"), widget=forms.DateInput({"type": "date", "class": "w8"}))
    kind = forms.ChoiceField(label=_("类型"), choices=DayKind.choices)
    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("例如“三月三”。"))
    source = forms.CharField(label=_("依据文件"), max_length=200, help_text=_("放假或上班通知的文号和名称。"))

    def __init__(self, *args: Any, today: datetime.date, place: Jurisdiction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.place = today, place

    def clean(self) -> dict[str, Any]:
        """Refuse a day off on what is a day off already, and a workday on a workday; one that is listed says so."""
        data = super().clean() or {}
        day, kind = data.get("day"), data.get("kind")
        if not day or not kind or CalendarDay.objects.filter(jurisdiction=self.place, date=day).exists():
            return data
        if calendar_for(self.place).is_workday(day) == (kind == DayKind.WORK):
            sentence = gettext("%(day)s 本来就上班，不用登记。") if kind == DayKind.WORK else None
            sentence = sentence or gettext("%(day)s 本来就不上班（周末或已有放假安排），不用登记。")
            self.add_error("day", sentence % {"day": day})
        return data

    def clean_day(self) -> datetime.date:
        """Refuse a day that cannot belong to a running year."""
        day: datetime.date = self.cleaned_data["day"]
        if not self.today.year - 1 <= day.year <= self.today.year + 2:
            raise forms.ValidationError(
                gettext("%(day)s 不在可维护的年份内，请填 %(first)s 至 %(last)s 年的日期。")
                % {"day": day, "first": self.today.year - 1, "last": self.today.year + 2}
            )
        return day


class RemoveDayForm(PlainForm):
    """Why a local day is taken out again."""

    because = forms.CharField(label=_("删除原因"), max_length=200, help_text=_("例如“通知已经调整”，留在审计记录里。"))
