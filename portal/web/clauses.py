"""The way from a rule on screen to its article: 〔方案三（五）3〕."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.policies.packs import Pack, all_packs
from portal.policies.schema import Value
from portal.web.navigation import address


def clause_link(pack: Pack | str | None, reference: Value[Any] | str | None) -> SafeString:
    """Return the article of a clause of `pack` (or of a law it cites), linked to the public page of the policy.

    A Value that is assumed carries the word 假定 with its reasoning. An unknown clause shows its id as it is.
    """
    if not reference:
        return SafeString("")
    found = all_packs().get(pack) if isinstance(pack, str) else pack
    clause_id = reference.clause if isinstance(reference, Value) else reference
    link = _link(found, clause_id)
    if isinstance(reference, Value) and reference.assumed:
        return format_html('{} <span class="assumed" title="{}">{}</span>', link, reference.because, _("假定"))
    return link


def article_of(pack: str, clause_id: str) -> str:
    """Return how a clause of the pack is cited, without a link, as for a workbook."""
    return _article(all_packs().get(pack), clause_id)[0]


def _link(pack: Pack | None, clause_id: str) -> SafeString:
    article, summary = _article(pack, clause_id)
    href = address("public:policy_pack", (pack.id,)) if pack else ""
    if not href:
        return format_html('<span class="clause" title="{}">{}</span>', summary, article)
    return format_html('<a class="clause" href="{}#{}" title="{}">{}</a>', href, clause_id, summary, article)


def _article(pack: Pack | None, clause_id: str) -> tuple[str, str]:
    """Return how the clause is cited, and of which document it is and what it says in our own words."""
    if pack is not None and clause_id in pack.clauses:
        clause = pack.clauses[clause_id]
        said = _("《%(document)s》%(article)s：%(summary)s")
        whole = {"document": pack.short_title, "article": clause.article, "summary": clause.summary}
        return clause.article, said % whole
    if pack is not None and clause_id in pack.sources:
        source = pack.sources[clause_id]
        return f"{source.title}{source.article}", source.summary
    return clause_id, ""
