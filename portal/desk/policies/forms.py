"""One form: confirm an open value, or put another in its place, with the reason."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.plain_words import PlainSentences
from portal.policies.models import Outcome
from portal.policies.problems import PackError
from portal.policies.typed import Typed


class RulingForm(PlainSentences, forms.Form):
    """Confirm or change; the control of the new value fits its type. `names` says what its choices are called."""

    outcome = forms.ChoiceField(label=_("您的决定"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明依据的文件、会议或答复；理由随取值公开显示。"),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, typed: Typed, names: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typed = typed
        self.fields["content"] = _control(typed, names)
        self.order_fields(["outcome", "content", "reason", "seen"])

    def clean(self) -> dict[str, Any]:
        """Turn the new value into the content of a ruling, or say what is wrong with it."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("outcome") == Outcome.CONFIRMED and "content" in self.data and "content" in cleaned:
            self._refuse_another_value(str(cleaned["content"] or ""))
        if cleaned.get("outcome") == Outcome.CHANGED and "content" in cleaned:
            try:
                cleaned["toml"] = self.typed.toml_of(str(cleaned["content"] or ""))
            except PackError as error:
                self.add_error("content", misfit(error))
        return cleaned

    def _refuse_another_value(self, typed: str) -> None:
        """Say that confirming leaves the value as it is, where another was typed beside it."""
        held = self.typed.text()
        if typed.strip() == held or (not typed.strip() and not self.typed.optional):
            return
        with suppress(PackError):
            if self.typed.toml_of(typed) == self.typed.toml_of(held):
                return
        said = {"found": self._in_words(typed), "held": self._in_words(held)}
        sentence = gettext(
            "您选的是“确认”，却填了另一个取值“%(found)s”，现取“%(held)s”。要改请选“变更”，不改请恢复原值。"
        )
        self.add_error("content", sentence % said)

    def _in_words(self, typed: str) -> str:
        field = self.fields["content"]
        named = dict(field.widget.choices) if isinstance(field, forms.ChoiceField) else {}
        return str(named.get(typed, typed)) or gettext("未定")


def misfit(error: PackError) -> str:
    """Say what was found, what is expected and how to mend it, for the field of the new value."""
    said = {"found": error.found, "expected": error.expected, "fix": error.fix}
    return gettext("现为%(found)s，应为%(expected)s。%(fix)s") % said


def _control(typed: Typed, names: Mapping[str, str]) -> forms.Field:
    settings: dict[str, Any] = {"label": _("改为"), "required": False, "initial": typed.text()}
    if typed.optional:
        settings["help_text"] = _("只在变更时填写；留空表示未定。")
    else:
        settings["help_text"] = _("只在变更时填写。")
    if typed.control == "flag":
        return forms.ChoiceField(choices=[("true", _("是")), ("false", _("否"))], **settings)
    if typed.control == "choice":
        unset = [("", _("未定"))] if typed.optional else []
        return forms.ChoiceField(choices=[*unset, *((code, names[code]) for code in typed.choices)], **settings)
    if typed.control == "date":
        return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **settings)
    if typed.control in ("whole", "decimal"):
        return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "w8"}), **settings)
    return forms.CharField(**settings)
