"""How many kinds of papers a call asks for, said in one way on every page."""

from typing import Any

from django.utils.translation import gettext as _


def counted(papers: dict[str, list[dict[str, Any]]]) -> str:
    """Return how many kinds must and may be handed in, and how many others nobody has to; of what `papers_of` says."""
    required = sum(bool(row.get("required", True)) for row in papers["uploads"])
    optional = len(papers["uploads"]) - required
    said = [_("必交 %(n)s 类") % {"n": required}]
    if optional:
        said.append(_("选交 %(n)s 类") % {"n": optional})
    others = {
        _("%(n)s 类由系统核验"): len(papers.get("registered", ())),
        _("%(n)s 类由主管部门出具"): len(papers.get("issued", ())),
    }
    if spared := _("、").join(words % {"n": n} for words, n in others.items() if n):
        said.append(_("另有 %(others)s，不用交") % {"others": spared})
    return _("，").join(said)
