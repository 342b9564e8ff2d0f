"""Telephone numbers on forms: one check wherever a person, an organisation or a bureau gives one."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.typed_text import are_public_phones, is_phone, quoted


def a_phone(typed: str) -> None:
    """Raise ValidationError unless it is a telephone number: a validator of a form field."""
    if not is_phone(typed):
        _refuse(typed, _("写成 13900000000 或“区号-座机号码”这样。"))


def public_phones(typed: str) -> None:
    """Raise ValidationError unless it is one or several numbers that a bureau prints, service numbers among them."""
    if not are_public_phones(typed):
        _refuse(typed, _("写成“区号-座机号码”或 12333 这样，几个号码用顿号隔开。"))


def _refuse(typed: str, example: str) -> None:
    sentence = _("“%(found)s”不是能拨通的电话号码：手机 11 位，座机是区号加 7 或 8 位。%(example)s")
    raise ValidationError(sentence % {"found": quoted(typed), "example": example})
