"""What the words of a complaint give away of who wrote them: said before they are sent, never a reason to refuse."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.actions.identity import held_in
from complaints.actions.telling import Content
from complaints.contact import contact_in

KINDS = {"name": gettext_lazy("您的姓名"), "business": gettext_lazy("您的企业或项目名称")}


def given_away(content: Content) -> str:
    """Return what the words seem to hold of who wrote them, in one sentence; empty where nothing was noticed."""
    person = content.person()
    found = held_in(content.told, [(str(kind), getattr(person, field)) for field, kind in KINDS.items()])
    contact = contact_in(content.told)
    if contact:
        found.append(_("像电话或邮箱的“%(found)s”") % {"found": contact})
    return _("经过里好像写了%(what)s。") % {"what": _("、").join(found)} if found else ""
