"""Forms of the portal: one field template, and errors that say what was found and what to write."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _

CHOOSERS = (forms.ChoiceField, forms.ModelChoiceField)


class Renderer(TemplatesSetting):
    """Named by FORM_RENDERER: `{{ form }}` and `{{ field.as_field_group }}` give label, hint, error, control."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


class PlainWords(forms.BaseForm):
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
        sentence = sentence_for(field, error, str(label), str(found))
        if sentence:
            error.message, error.params = sentence, None


def sentence_for(field: forms.Field, error: ValidationError, label: str, found: str) -> str:
    """Return the sentence for a general error of `field`; an empty string keeps the words the form itself gave."""
    own = field.error_messages.get(error.code or "") not in _GENERAL.get(error.code or "", _NONE)
    if own and error.code in {"required", "invalid"}:
        return ""
    if error.code == "required":
        return _required(field, label)
    if error.code == "invalid":
        return _invalid(field, found)
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


def _invalid(field: forms.Field, found: str) -> str:
    if isinstance(field, forms.DateField):
        return _("没有“%(found)s”这一天，写成 2026-11-30 这样。") % {"found": found}
    if isinstance(field, forms.DecimalField | forms.IntegerField):
        return _("“%(found)s”不是数字，只写数字，例如 3860。") % {"found": found}
    if isinstance(field, forms.EmailField):
        return _("“%(found)s”不是邮箱地址，写成 name@example.cn 这样。") % {"found": found}
    return ""


def _limit(error: ValidationError, label: str, found: str) -> str:
    limit = (error.params or {}).get("limit_value")
    words = {
        "min_value": _("%(found)s 小于 %(limit)s，%(label)s最少填 %(limit)s。"),
        "max_value": _("%(found)s 大于 %(limit)s，%(label)s最多填 %(limit)s。"),
        "max_length": _("%(label)s写了 %(n)s 字，最多 %(limit)s 字，请删短。"),
        "min_length": _("%(label)s写了 %(n)s 字，至少 %(limit)s 字，请补充。"),
    }.get(error.code or "")
    return words % {"found": found, "limit": limit, "label": label, "n": len(found)} if words else ""


def _general_messages() -> dict[str, frozenset[Any]]:
    """Return the framework's own messages by code, to tell them from those a form has set itself."""
    kinds = (
        forms.Field, forms.CharField, forms.DateField, forms.DecimalField, forms.IntegerField, forms.FileField,
        forms.ChoiceField, forms.MultipleChoiceField, forms.ModelChoiceField, forms.ModelMultipleChoiceField,
        forms.DateTimeField, forms.EmailField,
    )  # fmt: skip
    found: dict[str, set[Any]] = {}
    for kind in kinds:
        for code, message in kind.default_error_messages.items():
            found.setdefault(code, set()).add(message)
    return {code: frozenset(messages) for code, messages in found.items()}


_NONE: frozenset[Any] = frozenset()
_GENERAL = _general_messages()


class PlainForm(PlainWords, forms.Form):
    """A form with plain words."""


class PlainModelForm(PlainWords, forms.ModelForm):  # type: ignore[type-arg]  # the model is named by each form's Meta
    """A model form with plain words."""
