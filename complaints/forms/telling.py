"""The screens of the public form: what happened, who one is."""

import re
import unicodedata
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bases.models import Base
from complaints.actions.telling import MEGABYTES, MOST_FILES
from portal.jurisdictions.models import Jurisdiction
from portal.web.forms import PlainForm
from portal.web.uploading import FilesField

PHONE = re.compile(r"\+?\d(?:[- ()]?\d){6,14}")
MOBILE_DIGITS = 11
MOST_FOUND = 20


def phone_number(typed: str) -> str:
    """Return the number with half-width digits, empty for none. Raises ValidationError for what no number is."""
    given = unicodedata.normalize("NFKC", typed).strip()
    if given and not PHONE.fullmatch(given):
        raise forms.ValidationError(
            _("“%(found)s”不是电话号码，写成 13800001234 或“区号-座机号码”这样。") % {"found": given}
        )
    digits = re.sub(r"\D", "", given).removeprefix("86")
    if re.match("1[3-9]", digits) and len(digits) in {MOBILE_DIGITS - 1, MOBILE_DIGITS + 1}:  # mistyped
        raise forms.ValidationError(
            _("“%(found)s”有 %(count)d 位数字，手机号码是 11 位，请核对。") % {"found": given, "count": len(digits)}
        )
    return given


def bases_like(place: Jurisdiction, words: str) -> list[Base]:
    """Return the public bases of a place whose name, operator or address has these words, at most twenty."""
    sought = " ".join(words.split())
    if len(sought) < 2:
        return []
    fits = Q(name__icontains=sought) | Q(operator__name__icontains=sought) | Q(address__icontains=sought)
    found = Base.objects.public().within(place).filter(fits).select_related("operator", "jurisdiction__parent")
    return list(found.order_by("name", "pk")[:MOST_FOUND])


class TellingForm(PlainForm):
    """First screen: which base, what happened, evidence. `topic` is a trap: nobody sees it, programs fill it."""

    sought = forms.CharField(
        label=_("哪一家基地"),
        required=False,
        max_length=120,
        help_text=_("写名称、运营机构、地址或附近的路名都可以"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    base = forms.ChoiceField(label=_("请选一家"), required=False, widget=forms.RadioSelect)
    told = forms.CharField(
        label=_("事情经过"),
        min_length=10,
        max_length=3000,
        help_text=_(
            "什么时候、答应了什么、实际怎样。至少 10 个字。请不要写自己的姓名和电话：下一步另填，与经过分开保存"
        ),
        widget=forms.Textarea({"rows": 7}),
    )
    evidence = FilesField(
        label=_("凭证"),
        required=False,
    )
    topic = forms.CharField(required=False, widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}))
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, place: Jurisdiction, chosen: Base | None, fixed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fixed, self.chosen = fixed, chosen
        says = gettext(
            "协议、收据、聊天截图。JPG、PNG 或 PDF，最多 %(files)s 个，每个不超过 %(size)s MB。"
            "照片里的位置信息会自动去掉，文件名改为凭证1、凭证2"
        )
        self.fields["evidence"].help_text = says % {"files": MOST_FILES, "size": MEGABYTES}  # by the reader's language
        words = str(self.data.get("sought", "") if self.is_bound else self.initial.get("sought", "")).strip()
        self.found = [] if fixed else bases_like(place, words)
        if not words and chosen is not None and not fixed:
            self.found = [chosen]
        self.fields["base"].choices = [(each.slug, each.name) for each in self.found]  # type: ignore[attr-defined]  # a ChoiceField
        if fixed:
            del self.fields["sought"], self.fields["base"]

    def clean(self) -> dict[str, Any]:
        """Find the base that is meant: the one chosen, or the only one found."""
        said = super().clean() or self.cleaned_data
        earlier = self.errors.pop("base", None) is not None  # chosen from a list that other words had found
        if not self.fixed and "sought" not in self.errors:
            self._choose(str(said.get("base", "")), str(said.get("sought", "")), earlier=earlier)
        return said

    def _choose(self, slug: str, words: str, *, earlier: bool) -> None:
        only = self.found if len(self.found) == 1 and not earlier else []
        fitting = [each for each in self.found if each.slug == slug] or only
        self.chosen = fitting[0] if fitting else None
        if fitting:
            return
        if self.found:
            self.add_error("base", _("找到 %(n)s 家，请选您要投诉的一家。") % {"n": len(self.found)})
        elif words:
            self.add_error(
                "sought",
                _(
                    "名册里没有找到“%(words)s”。请换一个说法，例如只写名称里的几个字；"
                    "还找不到的，请按页面下方“不想在网上写”里的渠道联系受理单位。"
                )
                % {"words": words[:40]},
            )
        else:
            self.add_error("sought", _("请写是哪一家基地，再点“查找”。"))


class WhoForm(PlainForm):
    """Second screen: named or anonymous. A named complaint leaves a telephone number or a mail address."""

    NAMED, ANONYMOUS = "named", "anonymous"

    named = forms.ChoiceField(
        label=_("您怎样投诉"),
        choices=[(NAMED, _("实名")), (ANONYMOUS, _("匿名"))],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("您的姓名"),
        max_length=40,
        error_messages={"required": _("实名投诉请写姓名；不想写，可以选匿名。")},
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("电话"),
        required=False,
        max_length=40,
        help_text=_("电话和邮箱留一个就行"),
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    mail = forms.EmailField(
        label=_("邮箱"),
        required=False,
        max_length=120,
        error_messages={"invalid": _("这不是邮箱地址，写成 name@example.cn 这样。")},
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    business = forms.CharField(
        label=_("您所在的企业或项目"),
        required=False,
        max_length=80,
        help_text=_("现在或曾经在这家基地的企业、项目名称，用来核对您是不是服务对象，不告诉基地"),
        widget=forms.TextInput({"autocomplete": "organization"}),
    )

    def clean_phone(self) -> str:
        """Return the number with half-width digits; refuse what no number is."""
        return phone_number(str(self.cleaned_data["phone"]))

    def clean(self) -> dict[str, Any]:
        """Hold a named complaint to name and contact; of an anonymous one nothing is kept."""
        said = super().clean() or self.cleaned_data
        if said.get("named") == self.ANONYMOUS:
            for field in ("name", "phone", "mail", "business"):
                said[field] = ""
                self.errors.pop(field, None)
        elif said.get("named") == self.NAMED:
            self._demand_contact(said)
        else:
            self.errors.pop("name", None)  # first the choice
        return said

    def _demand_contact(self, said: dict[str, Any]) -> None:
        wrong = {"phone", "mail"} & self.errors.keys()
        if not wrong and not said.get("phone") and not said.get("mail"):
            self.add_error("phone", _("实名投诉请留电话或邮箱中的一个，以便核实和告知结果；不想留，可以选匿名。"))
