"""How a letter names what it rests on: 《……实施方案》三（五）."""

import re

from portal.policies.packs import Pack

YEAR = re.compile(r"^(?P<title>.+?)(?P<year>（[^（）]*年[^（）]*）)?$")


def cited(pack: Pack, clause_id: str) -> str:
    """Return how a letter cites a clause of the pack, or of a law the pack cites: title and article.

    An id the pack does not know is left out, so that no internal code reaches paper.
    """
    if clause_id in pack.clauses:
        return f"《{pack.title}》{pack.clauses[clause_id].article}"
    if clause_id in pack.sources:
        source = pack.sources[clause_id]
        return f"{_bracketed(source.title)}{source.article}"
    return ""


def _bracketed(title: str) -> str:
    found = YEAR.match(title)
    if found is None:
        return f"《{title}》"
    return f"《{found['title']}》{found['year'] or ''}"
