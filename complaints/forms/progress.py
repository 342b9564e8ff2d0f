"""What a complainant writes after the complaint was sent: its number and code, more words, an objection, a rating."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PlainForm
from portal.web.uploading import FilesField

GRADES = [
    ("5", _("非常满意")),
    ("4", _("满意")),
    ("3", _("基本满意")),
    ("2", _("不满意")),
    ("1", _("非常不满意")),
]
ASPECTS = [("guidance", _("办事指引")), ("papers", _("要交的材料")), ("screens", _("网上界面"))]


class TrackForm(PlainForm):
    """Number and access code, as the receipt gave them."""

    number = forms.CharField(
        label=_("受理号"),
        max_length=40,
        help_text=_("例如 TS-520103-2026-0017"),
        widget=forms.TextInput({"class": "code", "autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=60,
        help_text=_("提交时给的 26 位字母和数字，不分大小写，空格和横线可以不写"),
        widget=forms.TextInput({"class": "code", "autocomplete": "off"}),
    )


class AddForm(PlainForm):
    """More words or files for a complaint that is not decided."""

    text = forms.CharField(label=_("补充的内容"), required=False, max_length=3000, widget=forms.Textarea({"rows": 6}))
    evidence = FilesField(
        label=_("凭证"),
        required=False,
        help_text=_("JPG、PNG 或 PDF。照片里的位置信息会自动去掉，文件名改为凭证1、凭证2"),
    )


class ObjectionForm(PlainForm):
    """Why one does not agree with what was found."""

    text = forms.CharField(
        label=_("不同意哪一点，有什么依据"),
        min_length=10,
        max_length=3000,
        help_text=_("至少 10 个字"),
        widget=forms.Textarea({"rows": 6}),
    )


class RatingForm(PlainForm):
    """好差评: five grades, three aspects, a comment."""

    grade = forms.ChoiceField(
        label=_("您对这次办理满意吗"),
        choices=GRADES,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择是否满意。")},
    )
    aspects = forms.MultipleChoiceField(
        label=_("满意的，哪些做得好；不满意的，哪里不满意"),
        choices=ASPECTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    comment = forms.CharField(
        label=_("还想说什么"),
        required=False,
        max_length=500,
        help_text=_("请不要写姓名、单位、电话、邮箱和受理号：评价不与您的投诉放在一起，写了的不能提交"),
        widget=forms.Textarea({"rows": 4}),
    )
