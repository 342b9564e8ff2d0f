"""How a letter names what it rests on: 《……实施方案》三（五）."""

import re

from portal.policies.packs import Pack

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
