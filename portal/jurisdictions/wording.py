"""What a level of government is called in a place: 自治区级 in Xinjiang, 旗（区） in Ordos.

Plain Python over the division table: no Django, no query.
"""

from functools import cache

from portal.jurisdictions.divisions import read_divisions

KINDS = {
    "city": (("盟", "盟"), ("地区", "地"), ("自治州", "州"), ("市", "市")),
    "county": (("旗", "旗"), ("县", "县"), ("市", "市"), ("区", "区")),
}
COMMONEST = {"city": "市", "county": "县（市、区）"}


def level_in_words(level: str, code: str) -> str:
    """Return what a level is called in the place of a code: 省级 or 自治区级, 市级 or 地（市）级, 县级 or 旗（区）级.

    Raises LookupError for a level that is none.
    """
    if level == "nation":
        return "国家级"
    if level == "province":
        return _province_in_words(code)
    places = places_in_words(level, code)
    if places in {"市（州）", "县（市、区）", "县（市）", "县（区）"}:
        return f"{places[0]}级"  # 县级、市级: as the law itself writes (GZ-07)
    return "县级" if level == "county" and places == "市" else f"{places}级"


def places_in_words(level: str, code: str) -> str:
    """Return what the cities or counties of a place are called together: 市（州）, 地（市）, 县（市、区）, 旗（区）.

    From a city on down a city is what it is called itself, and counties are those of that city. The nation and a place
    that the table does not know get the commonest words. Raises LookupError for any other level.
    """
    found = _found(level, code)
    kinds = [short for suffix, short in KINDS[level] if suffix in found]
    if level == "city" and "地" not in kinds:
        kinds.sort(key="盟市州".index)
    if not kinds:
        return COMMONEST[level]
    if len(kinds) == 1:
        return "地区" if kinds == ["地"] else kinds[0]
    return f"{kinds[0]}（{'、'.join(kinds[1:])}）"


def _province_in_words(code: str) -> str:
    name = _names().get(f"{code[:2]}0000", "")
    if name.endswith("自治区"):
        return "自治区级"
    return "市级" if name.endswith("市") else "省级"


@cache
def _found(level: str, code: str) -> frozenset[str]:
    """Return with which words the divisions of a level end there; functional zones and old ones do not count."""
    if code.startswith("00"):
        return frozenset()
    in_city = code[2:4] not in {"", "00"}
    near = code[:4] if in_city else code[:2]
    names = [
        row["name"]
        for row in read_divisions()
        if row["level"] == level
        and row["code"].startswith(near)
        and not row["is_functional_zone"]
        and not row["valid_to"]
    ]
    return frozenset(suffix for suffix, _short in KINDS[level] if any(name.endswith(suffix) for name in names))


@cache
def _names() -> dict[str, str]:
    return {row["code"]: row["name"] for row in read_divisions()}
