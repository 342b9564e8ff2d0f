"""What the base answers: to the summary of a complaint, and to what was found."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PlainForm
from portal.web.uploading import FilesField

LONG = 5000


class AnswerForm(PlainForm):
    """The answer to the summary (基地答复)."""

    text = forms.CharField(
        label=_("答复"),
        max_length=LONG,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("事情的经过、你们的做法、依据是什么，至少 10 个字。核实人员会看到。"),
    )
    uploads = FilesField(
        label=_("证明材料"),
        required=False,
        help_text=_("协议、票据、记录等，PDF、JPG、PNG，可多选，每个不超过 20 MB。"),
    )


class ObjectionForm(PlainForm):
    """An objection to the finding (对核实结果的异议)."""

    text = forms.CharField(
        label=_("异议"),
        max_length=LONG,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("不同意哪一点、有什么依据，至少 10 个字。只能提一次。"),
    )
