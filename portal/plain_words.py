"""What a form says of wrong input: a sentence about this field and this input, in place of the framework's own."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.typed_text import quoted, writable

CHOOSERS = (forms.ChoiceField, forms.ModelChoiceField)
A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")  # the example a form gives beside its field
NEGATIVE = re.compile(r"[-－−]\d+([.．]\d+)?")
WHOLE = re.compile(r"\d+…?")  # what is long is quoted in part
FRACTION = re.compile(r"\d*[.．]\d+")
EXAMPLE = 12


class PlainSentences(forms.BaseForm):
    """Replaces the framework's general errors by sentences about this field and this input."""

    def full_clean(self) -> None:
        """Check as usual, then say it in plain words."""
        super().full_clean()
        for name, errors in self.errors.items():
            if name in self.fields:
                for error in errors.as_data():
                    self._say(name, error)

    def _say(self, name: str, error: ValidationError) -> None:
        field = self.fields[name]
        label = field.label or name
        found = self.data.get(self.add_prefix(name), "")
        sentence = sentence_for(field, error, str(label), quoted(found))
        if sentence:
            error.message, error.params = sentence, None


class PlainWords(PlainSentences):
    """Leaves control characters out of every text besides: pasted along unseen, they would break letters, feeds and
    workbooks. Before it is measured: browsers send two characters for the end of a line and count one.
    """

    def __getitem__(self, name: str) -> forms.BoundField:
        """Return the field as it is shown. A browser would cut what is pasted into a long text without a word:
        instead the page counts along, and the form says what is too long.
        """
        field = self.fields.get(name)
        if field is not None and isinstance(field.widget, forms.Textarea) and "maxlength" in field.widget.attrs:
            field.widget.attrs["data-limit"] = field.widget.attrs.pop("maxlength")
        return super().__getitem__(name)

    def _widget_data_value(self, widget: forms.Widget, html_name: str) -> Any:
        value = super()._widget_data_value(widget, html_name)  # type: ignore[misc]  # not in the stubs
        return writable(value) if isinstance(value, str) else value


def sentence_for(field: forms.Field, error: ValidationError, label: str, found: str) -> str:
    """Return the sentence for a general error of `field`; an empty string keeps the words the form itself gave."""
    if error.code in {"required", "invalid"} and not _is_general(field, error.code):
        return ""
    if error.code == "required":
        return _required(field, label)
    if error.code == "invalid":
        return _invalid(field, label, found)
    if error.code == "invalid_choice":
        return _("%(label)s只能从列出的几项里选。") % {"label": label}
    return _limit(error, label, found)


def _required(field: forms.Field, label: str) -> str:
    if isinstance(field, forms.BooleanField):
        return _("请勾选“%(label)s”。") % {"label": label}
    if isinstance(field, forms.FileField):
        return _("请上传%(label)s。") % {"label": label}
    if isinstance(field, CHOOSERS):
        return _("请选择%(label)s。") % {"label": label}
    return _("请填写%(label)s。") % {"label": label}


def _invalid(field: forms.Field, label: str, found: str) -> str:
    if isinstance(field, forms.DateField):
        hinted = A_DAY.search(str(field.help_text))
        example = hinted.group() if hinted else "2026-11-30"
        return _("没有“%(found)s”这一天，写成 %(example)s 这样。") % {"found": found, "example": example}
    if isinstance(field, forms.IntegerField):
        return _no_number(field, label, found)
    if isinstance(field, forms.EmailField):
        return _("“%(found)s”不是邮箱地址，写成 name@example.cn 这样。") % {"found": found}
    return ""


def _no_number(field: forms.IntegerField, label: str, found: str) -> str:
    """Say why it is none of the numbers that are asked for; a DecimalField is an IntegerField to the framework."""
    said, text = {"found": found, "label": label, "example": _believable(field)}, found.strip()
    if NEGATIVE.fullmatch(text):
        return _("%(found)s 是负数，%(label)s不能是负数。") % said
    if WHOLE.fullmatch(text):
        return _("%(found)s 太大，%(label)s没有这么多，请核对。") % said
    if FRACTION.fullmatch(text):
        return _("%(found)s 带小数，%(label)s要填整数，例如 %(example)s。") % said
    return _("“%(found)s”不是数字，%(label)s只写数字，例如 %(example)s。") % said


def _believable(field: forms.IntegerField) -> int:
    """Return a number the field would take."""
    low = field.min_value if isinstance(field.min_value, int) else 0
    high = field.max_value if isinstance(field.max_value, int) else EXAMPLE
    return max(low, min(EXAMPLE, high))


def _limit(error: ValidationError, label: str, found: str) -> str:
    params = error.params or {}
    limit, length = params.get("limit_value"), params.get("show_value")
    if error.code == "min_value" and NEGATIVE.fullmatch(found.strip()):
        return _("%(found)s 是负数，%(label)s最少填 %(limit)s。") % {"found": found, "limit": limit, "label": label}
    words = {
        "min_value": _("%(found)s 小于 %(limit)s，%(label)s最少填 %(limit)s。"),
        "max_value": _("%(found)s 大于 %(limit)s，%(label)s最多填 %(limit)s。"),
        "max_length": _("%(label)s写了 %(n)s 字，最多 %(limit)s 字，请删短。"),
        "min_length": _("%(label)s写了 %(n)s 字，至少 %(limit)s 字，请补充。"),
    }.get(error.code or "")
    return words % {"found": found, "limit": limit, "label": label, "n": length} if words else ""


def _is_general(field: forms.Field, code: str) -> bool:
    """Return whether the field has kept the framework's message for `code`, compared as objects: they are lazy.

    What is no mail address is said by the field's validator, so that the field itself has no message for it.
    """
    if code == "invalid" and isinstance(field, forms.EmailField):
        return code not in field.error_messages
    message = field.error_messages.get(code)
    return any(
        getattr(kind, "default_error_messages", {}).get(code) is message for kind in type(field).__mro__ if message
    )
