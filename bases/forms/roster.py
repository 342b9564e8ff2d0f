"""What a base enters of its tenants."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal import uscc
from portal.web.forms import PlainForm

DAY = {"class": "w8"}


class TenantForm(PlainForm):
    """One business or project: who it is, from when to when it was there. With `correcting`, why it is corrected."""

    name = forms.CharField(
        label=_("名称"), max_length=120, help_text=_("企业、个体工商户照营业执照；没有注册的写项目名称。")
    )
    uscc = forms.CharField(
        label=_("统一社会信用代码"), max_length=40, required=False, help_text=_("18 位；没有注册的项目不填。")
    )
    contact = forms.CharField(label=_("负责人"), max_length=50, required=False)
    entered_on = forms.DateField(
        label=_("入驻日期"), help_text=_("照入驻协议，例如 2026-03-09。"), widget=forms.TextInput(DAY)
    )
    left_on = forms.DateField(
        label=_("离开日期"), required=False, help_text=_("还在的不填；例如 2026-03-09。"), widget=forms.TextInput(DAY)
    )
    because = forms.CharField(
        label=_("更正原因"), max_length=200, help_text=_("改前改后的内容和原因都会留存，主管部门看得到。")
    )

    def __init__(self, *args: Any, correcting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not correcting:
            del self.fields["because"]

    def clean_uscc(self) -> str:
        """Return the code as it is compared; say what is wrong with it at its very place."""
        code = uscc.normalised(self.cleaned_data["uscc"])
        if code and (sentence := uscc.problem(code)):
            raise forms.ValidationError(sentence)
        return code


class LeavingForm(PlainForm):
    """The day a tenant left."""

    left_on = forms.DateField(
        label=_("离开日期"),
        help_text=_("照退出协议或实际搬离的日期，含当日，例如 2026-03-09。"),
        widget=forms.TextInput(DAY),
    )

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"left_on": today}, **kwargs})


class StrikingForm(PlainForm):
    """Why an entry was a mistake."""

    because = forms.CharField(
        label=_("注销原因"), max_length=200, help_text=_("例如重复登记。原内容和原因都会留存，主管部门看得到。")
    )
