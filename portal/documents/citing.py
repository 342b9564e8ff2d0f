"""How a letter names what it rests on: 《……实施方案》三（五）."""

import re
from typing import Any

from portal.deadlines.sums import in_words
from portal.policies.packs import Pack
from portal.policies.schema import Value

PLACE = re.compile(
    r"^(?P<part>[一二三四五六七八九十]+)(?P<item>（[一二三四五六七八九十]+）)?(?P<point>[一二三四五六七八九十]+是|\d+)?$"
)
YEAR = re.compile(r"^(?P<title>.+?)(?P<year>（[^（）]*年[^（）]*）)?$")


def cited(pack: Pack, clause_id: str) -> str:
    """Return how a letter cites a clause of the pack, or of a law the pack cites: title and article.

    An id the pack does not know is left out, so that no internal code reaches paper.
    """
    if clause_id in pack.clauses:
        return f"《{pack.title}》{place_in_words(pack.clauses[clause_id].article)}"
    if clause_id in pack.sources:
        source = pack.sources[clause_id]
        return f"{_bracketed(source.title)}{source.article}"
    return ""


def resting_on(pack: Pack, value: Value[Any]) -> str:
    """Return on what a value rests, as a letter says it: 依据 its clause, 参照 it where the value is assumed.

    Where the bureau fixed the value, its decision is named beside the clause. Empty for an id the pack does not know.
    """
    law = cited(pack, value.clause)
    if not law:
        return ""
    if value.ruled:
        law += f"和主管部门{in_words(value.ruled.on)}的决定"
    return f"{'参照' if value.assumed else '依据'}{law}"


def place_in_words(article: str) -> str:
    """Write a place as running text does: 三（五）四是 is 第三部分（五）第四点. Other places stand as they are."""
    found = PLACE.match(article)
    if found is None:
        return article
    point = found["point"]
    last = f"第{point.removesuffix('是')}点" if point else ""
    return f"第{found['part']}部分{found['item'] or ''}{last}"


def _bracketed(title: str) -> str:
    found = YEAR.match(title)
    if found is None:
        return f"《{title}》"
    return f"《{found['title']}》{found['year'] or ''}"
