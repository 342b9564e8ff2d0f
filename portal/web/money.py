"""Amounts as the reader expects them: figures, 万元 in prose, capitals (大写) on payment papers. Plain Python."""

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿")
LIMIT = Decimal("1000000000000")
CENT = Decimal("0.01")


def _cents(amount: Decimal | int) -> Decimal:
    """Return `amount` with exactly two decimals; a float is refused because it cannot hold money."""
    if isinstance(amount, float):
        raise TypeError("Money is Decimal, never float.")
    return Decimal(amount).quantize(CENT, rounding=ROUND_HALF_UP)


def figures(amount: Decimal | int) -> str:
    """Return `amount` in yuan as ￥500,000.00."""
    value = _cents(amount)
    return f"{'-' if value < 0 else ''}￥{abs(value):,.2f}"


def in_prose(amount: Decimal | int) -> str:
    """Return `amount` in yuan as prose writes it: 50万元 where three decimals of 万 hold it, else 4,999.50元."""
    value = _cents(amount)
    wan = value / 10_000
    if abs(wan) >= 1 and wan * 1000 % 1 == 0:
        return f"{wan.normalize():,f}万元"
    text = f"{value:,.2f}"
    return f"{text.removesuffix('.00')}元"


def _group(number: int) -> str:
    """Return four digits in capitals, one 零 for each run of zeros inside, none at the ends."""
    text = ""
    pending = False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if pending and text else "") + DIGITS[digit] + PLACES[place]
        pending = digit == 0
    return text


def _whole(number: int) -> str:
    """Return whole yuan in capitals, without the word 元."""
    text = ""
    gap = False
    for index in (2, 1, 0):
        part = number // 10_000**index % 10_000
        if not part:
            gap = bool(text)
            continue
        if text and (gap or part < 1000):
            text += "零"
        text += _group(part) + GROUPS[index]
        gap = False
    return text


def in_capitals(amount: Decimal | int) -> str:
    """Return `amount` in yuan in capitals after the rules for bills: 人民币伍拾万元整.

    Raises ValueError below zero and from one trillion yuan on. Source: 正确填写票据和结算凭证的基本规定.
    """
    value = _cents(amount)
    if not 0 <= value < LIMIT:
        raise ValueError(f"{value} cannot be written on a payment paper.")
    yuan, cents = divmod(int(value * 100), 100)
    jiao, fen = divmod(cents, 10)
    text = _whole(yuan) + "元" if yuan else ""
    if not cents:
        return f"人民币{text or '零元'}整"
    if text and (yuan % 10 == 0 or not jiao):
        text += "零"
    if jiao:
        text += DIGITS[jiao] + "角"
    if fen:
        text += DIGITS[fen] + "分"
    return f"人民币{text}"
