"""Levels and counties as a screen names them: in Chinese in the words of the place, in other languages in general."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.jurisdictions.wording import level_in_words, places_in_words


def level_label(level: str, code: str) -> str:
    """Return what a level is called in the place of a code. Raises LookupError for a level that is none."""
    if _in_chinese():
        return level_in_words(level, code)
    return {"nation": _("国家级"), "province": _("省级"), "city": _("市级"), "county": _("县级")}[level]


def county_label(code: str) -> str:
    """Return what a field for a county is called in the place of a code: 县（市、区）, 旗（区）."""
    return places_in_words("county", code) if _in_chinese() else _("县（市、区）")


def _in_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
