"""Counties as a screen names them: in Chinese in the words of the place, in other languages in general."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.jurisdictions.wording import places_in_words


def county_label(code: str) -> str:
    """Return what a field for a county is called in the place of a code: 县（市、区）, 旗（区）."""
    return places_in_words("county", code) if _in_chinese() else _("县（市、区）")


def _in_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
