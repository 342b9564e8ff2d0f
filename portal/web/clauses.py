"""The way from a rule on screen to its article: 〔方案三（五）3〕."""

from functools import lru_cache
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.deadlines.today import business_today
from portal.jurisdictions.models import Jurisdiction
from portal.policies.loader import installed, pack_in_force, with_rulings
from portal.policies.models import Outcome
from portal.policies.packs import Pack, all_packs
from portal.policies.schema import Ruled, Value
from portal.policies.timeline import NoPolicyInForce
from portal.web.navigation import address


def clause_link(pack: Pack | str | None, reference: Value[Any] | str | None) -> SafeString:
    """Return the article of a clause of `pack` (or of a law it cites), linked to the public page of the policy.

    A Value that is assumed carries the word 假定 with its reasoning; one that the bureau fixed says so, with the day.
    An unknown clause shows its id as it is.
    """
    if not reference:
        return SafeString("")
    clause_id = reference.clause if isinstance(reference, Value) else reference
    link = _known_link(pack, clause_id, get_language()) if isinstance(pack, str) else _link(pack, clause_id)
    if isinstance(reference, Value) and reference.assumed:
        return format_html('{} <span class="assumed" title="{}">{}</span>', link, reference.because, _("假定"))
    if isinstance(reference, Value) and reference.ruled:
        told = ruled_in_words(reference.ruled)
        return format_html('{} <span class="small muted" title="{}">{}</span>', link, reference.because, told)
    return link


def ruled_in_words(ruled: Ruled) -> str:
    """Return who fixed a value and since when: what its clause alone does not say."""
    said = _("（主管部门变更，%(day)s）") if ruled.outcome == Outcome.CHANGED else _("（主管部门确认，%(day)s）")
    return said % {"day": ruled.on.isoformat()}


def article_of(pack: str, reference: Value[Any] | str) -> str:
    """Return how a clause of the pack is cited, without a link, as for a workbook, with 假定 or who fixed the value."""
    clause_id = reference.clause if isinstance(reference, Value) else reference
    article = _article(all_packs().get(pack), clause_id)[0]
    if isinstance(reference, Value) and reference.ruled:
        return f"{article}{ruled_in_words(reference.ruled)}"
    return f"{article}（假定）" if isinstance(reference, Value) and reference.assumed else article


@lru_cache(maxsize=10_000)
def _known_link(pack_id: str, clause_id: str, language: str | None) -> SafeString:
    """Return the link in the language of the page; lists show the same few again and again."""
    return _link(all_packs().get(pack_id), clause_id)


def _link(pack: Pack | None, clause_id: str) -> SafeString:
    article, summary = _article(pack, clause_id)
    href = address("public:policy_pack", (pack.id,)) if pack else ""
    if not href:
        return format_html('<span class="clause" title="{}">{}</span>', summary, article)
    return format_html('<a class="clause" href="{}#{}" title="{}">{}</a>', href, clause_id, summary, article)


def policy_ended(of: Pack | Jurisdiction | str | None) -> SafeString:
    """Return the notice that the policy of a pack or place is over (期满), nothing while it applies or is unknown."""
    pack = _today(of)
    if pack is None or pack.applies_on(business_today()) or pack.applies_until.value is None:
        return SafeString("")
    says = _(
        "《%(policy)s》已于 %(day)s 期满%(how)s，还没有接续的政策。已认定的称号不因此失效；"
        "施行期限内发布的批次，在申报期内仍可申报；期满后发布申报通知，须写明继续适用的依据文件。"
    )
    end = pack.applies_until
    how = _("（期满日为假定，待主管部门确认）") if end.assumed else ruled_in_words(end.ruled) if end.ruled else ""
    sentence = says % {"policy": pack.short_title, "day": pack.applies_until.value.isoformat(), "how": how}
    return format_html('<div class="notice" data-tone="warn"><p>{}</p></div>', sentence)


def _today(of: Pack | Jurisdiction | str | None) -> Pack | None:
    """Return the pack meant with what the bureau holds to today, also where a page shows the terms of another day."""
    if of is None or isinstance(of, Jurisdiction):
        return _governing(of) if of else None
    pack = installed().get(of) if isinstance(of, str) else of
    return with_rulings(installed().get(pack.id, pack), business_today()) if pack else None


def _governing(place: Jurisdiction) -> Pack | None:
    try:
        return pack_in_force(at=place, on=business_today())
    except NoPolicyInForce:
        return None


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
