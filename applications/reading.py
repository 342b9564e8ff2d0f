"""How a typed answer of the dossier is read: a clean value, or a ValueError with the sentence for the page.

How a kept one is read again: as a figure or a day, or as nothing where it was kept although it is wrong.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Protocol

from portal.typed_text import is_phone, quoted, with_plain_dashes

NEGATIVE = re.compile(r"-(\d+\.?\d*|\.\d+)", re.ASCII)
DECIMAL = re.compile(r"\d*\.\d+|\d+\.", re.ASCII)


class Question(Protocol):
    """What reading an answer needs to know of its field."""

    @property
    def kind(self) -> str:
        """Say what is asked for: a count, an area, a percentage …"""

    @property
    def unit(self) -> str:
        """Return the unit, empty where there is none."""

    @property
    def longest(self) -> int:
        """Return how many characters there may be."""

    @property
    def example(self) -> str:
        """Return an answer that could be right, of a day."""


def _read_text(field: Question, raw: Any, choices: Mapping[str, str]) -> str:
    text = "\n".join(line.rstrip() for line in str(raw).strip().splitlines())
    if len(text) > field.longest:
        raise ValueError(f"写了 {len(text)} 字，最多 {field.longest} 字，请删去 {len(text) - field.longest} 字。")
    return text


def _read_phone(field: Question, raw: Any, choices: Mapping[str, str]) -> str:
    text = with_plain_dashes(str(raw))
    if not is_phone(text):
        digits = sum(sign.isdigit() for sign in text)
        raise ValueError(
            f"“{quoted(text)}”有 {digits} 位数字，不是手机（11 位）也不是带区号的座机（区号加 7 或 8 位），"
            "写成 13900000000 或“区号-座机号码”这样。"
        )
    return text


def _read_mail(field: Question, raw: Any, choices: Mapping[str, str]) -> str:
    text = str(raw).strip()
    name, at, host = text.partition("@")
    if not (name and at and "." in host) or " " in text or len(text) > field.longest:
        raise ValueError(f"“{quoted(text)}”不像邮箱地址，写成 name@example.cn 这样。")
    return text


def _figure(raw: Any) -> str:
    return str(raw).strip().replace(",", "").replace("，", "").replace("−", "-")


def _read_count(field: Question, raw: Any, choices: Mapping[str, str]) -> int:
    text = _figure(raw)
    if not text.isascii() or not text.isdigit():
        raise ValueError(_no_count(text))
    if len(text.lstrip("0")) > 8 or int(text) > 10_000_000:
        raise ValueError(f"{quoted(raw)} 太大，请核对单位（{field.unit}）。")
    return int(text)


def _no_count(text: str) -> str:
    if NEGATIVE.fullmatch(text):
        return f"{quoted(text)} 是负数，这里不能小于 0，没有就填 0。"
    if DECIMAL.fullmatch(text):
        return f"{quoted(text)} 带小数，这里要填整数，写成 12 这样。"
    return f"“{quoted(text)}”不是用数字写的整数，写成 12 这样，不带单位，没有就填 0。"


def _read_decimal(field: Question, raw: Any, choices: Mapping[str, str]) -> str:
    text = _figure(raw).rstrip("%％")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(_no_number(field, raw)) from None
    if not number.is_finite():
        raise ValueError(_no_number(field, raw))
    if number < 0:
        raise ValueError(f"{quoted(text)} 是负数，这里不能小于 0，没有就填 0。")
    if field.kind == "percent" and number > 100:
        raise ValueError(f"{quoted(text)} 大于 100，比率按百分数填写，例如 85。")
    if number > 100_000_000:  # before the places are counted: no precision reaches the end of a number without end
        raise ValueError(f"{quoted(raw)} 太大，请核对单位（{field.unit}）。")
    if number != round(number, 2):
        raise ValueError(f"“{quoted(raw)}”小数太多，最多写两位。")
    return format(abs(round(number, 2).normalize()), "f")


def _no_number(field: Question, raw: Any) -> str:
    example = "85 或 85.5" if field.kind == "percent" else "3900 或 3900.5"
    return f"“{quoted(raw)}”不是数字，写成 {example} 这样，不带单位。"


def _read_date(field: Question, raw: Any, choices: Mapping[str, str]) -> str:
    text = str(raw).strip().replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").rstrip("日")
    parts = text.split("-")
    if len(parts) == 3 and all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        try:
            return date(*(int(part) for part in parts)).isoformat()
        except ValueError:
            raise ValueError(f"没有 {raw} 这一天，写成 {field.example} 这样。") from None
    raise ValueError(f"“{quoted(raw)}”不是日期，写成 {field.example} 这样。")


def _read_yes_no(field: Question, raw: Any, choices: Mapping[str, str]) -> bool:
    if raw in (True, "yes", "True", "true"):
        return True
    if raw in (False, "no", "False", "false"):
        return False
    raise ValueError("请选“是”或“否”。")


def _read_one(field: Question, raw: Any, choices: Mapping[str, str]) -> str:
    if str(raw) not in choices:
        raise ValueError(f"“{quoted(raw)}”不在选项里，请从列出的选项中选一项。")
    return str(raw)


def _read_many(field: Question, raw: Any, choices: Mapping[str, str]) -> list[str]:
    picked = [str(code) for code in (raw if isinstance(raw, list | tuple) else [raw])]
    strange = [code for code in picked if code not in choices]
    if strange:
        raise ValueError(f"“{quoted(strange[0])}”不在选项里，请从列出的选项中选。")
    return [code for code in choices if code in picked]


READERS: dict[str, Callable[[Question, Any, Mapping[str, str]], Any]] = {
    "text": _read_text,
    "long": _read_text,
    "phone": _read_phone,
    "mail": _read_mail,
    "count": _read_count,
    "area": _read_decimal,
    "percent": _read_decimal,
    "date": _read_date,
    "yes_no": _read_yes_no,
    "one": _read_one,
    "many": _read_many,
}


def number_of(value: Any) -> Decimal | None:
    """Return a kept figure; None for what was kept although it is wrong, NaN and Infinity with it."""
    try:
        number = Decimal(str(value))  # None and True are no figures either
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def day_of(value: Any) -> date | None:
    """Return a kept day; None for what was kept although it is none."""
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def rate_of(part: Any, whole: Any) -> str | None:
    """Return a share in percent, to one place; None while its two numbers are wrong or the whole is nothing."""
    if not isinstance(part, int) or not isinstance(whole, int) or part > whole or whole == 0:
        return None  # what is wrong is kept as the text that was typed
    share = (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return format(share, "f").removesuffix(".0")
