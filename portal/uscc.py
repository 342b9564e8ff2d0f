"""统一社会信用代码 (GB 32100-2015, amendment 1 of 2016): 18 characters, the last a check character."""

import re
import unicodedata

from django.utils.translation import gettext as _

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FORM = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
# Pairs of registration authority and kind of body seen in practice; others earn a warning only.
KNOWN_KINDS = frozenset(
    [
        "11",
        "12",
        "13",
        "19",
        "21",
        "29",
        "31",
        "32",
        "33",
        "34",
        "35",
        "39",
        "41",
        "49",
        "51",
        "52",
        "53",
        "59",
        "61",
        "62",
        "69",
        "71",
        "72",
        "79",
        "81",
        "89",
        "91",
        "92",
        "93",
        "A1",
        "A9",
        "N1",
        "N2",
        "N3",
        "N9",
        "Y1",
    ]
)


def normalised(code: str) -> str:
    """Return the code as it is compared: half-width, upper case, without spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", code)).upper()


def check_character(first17: str) -> str:
    """Return the 18th character that belongs to the first 17 (weights 3^i mod 31)."""
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(first17))
    return ALPHABET[(31 - total % 31) % 31]


def problem(code: str) -> str | None:
    """Return what is wrong with a code, as a sentence that says where and what to write; None if it is right.

    Positions 3 to 8 are not held against today's divisions: codes keep the division of the day of registration.
    """
    code = normalised(code)
    if wrong := malformed(code):
        return wrong
    expected = check_character(code[:17])
    if code[17] != expected:
        sentence = _("统一社会信用代码校验不通过：按前 17 位计算末位应为“%(expected)s”，现为“%(found)s”。请逐位核对。")
        return sentence % {"expected": expected, "found": code[17]}
    return None


def malformed(code: str) -> str | None:
    """Return what no code can be, whatever its check character: length, letters, the digits of the division."""
    code = normalised(code)
    if len(code) != 18:
        return _("统一社会信用代码应为 18 位，现为 %(n)d 位，请照营业执照或法人证书核对。") % {"n": len(code)}
    for place, character in enumerate(code, start=1):
        if character not in ALPHABET:
            sentence = _(
                "统一社会信用代码第 %(place)d 位“%(found)s”不会出现（代码不用字母 I、O、S、V、Z），请核对是否写错。"
            )
            return sentence % {"place": place, "found": character}
        if 3 <= place <= 8 and not character.isdigit():
            sentence = _("统一社会信用代码第 %(place)d 位应是数字，现为“%(found)s”，请核对。")
            return sentence % {"place": place, "found": character}
    return None


def is_valid(code: str) -> bool:
    """Whether a code is well formed and its check character right."""
    return problem(code) is None


def warning(code: str) -> str | None:
    """Return a doubt that does not bar the code: an unusual first pair, or a wrong inner check (GB 11714)."""
    code = normalised(code)
    if code[:2] not in KNOWN_KINDS:
        return _("开头“%(found)s”不常见，请核对登记管理部门和机构类别。") % {"found": code[:2]}
    if _organisation_check(code[8:16]) != code[16]:
        return _("第 9–17 位（组织机构代码）的内部校验不符，请核对。")
    return None


def _organisation_check(body: str) -> str:
    values = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(
        values.index(character) * weight for character, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    remainder = 11 - total % 11
    return {10: "X", 11: "0"}.get(remainder, str(remainder))
