"""How many places a call has, how many of them are taken, and what it means for who would apply where none is left."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications.actions.notice import places_taken
from applications.models import Application, Call
from applications.states import ApplicationStatus


@dataclass(frozen=True)
class Places:
    """The places of a call (名额): how many there are, were awarded, and are held by a list that is not decided yet."""

    quota: int
    awarded: int
    listed: int

    @property
    def left(self) -> int:
        """Return how many a further list may name."""
        return max(self.quota - self.awarded - self.listed, 0)

    @property
    def says(self) -> str:
        """Return the numbers in words: how many there are, were awarded, are on a list, and are left."""
        said = [_("共 %(n)s 家") % {"n": self.quota}, _("已认定 %(n)s 家") % {"n": self.awarded}]
        if self.listed:
            said.append(_("已列入公示、还没有决定 %(n)s 家") % {"n": self.listed})
        said.append(_("还有 %(n)s 家") % {"n": self.left} if self.left else _("已用完"))
        return _("，").join(said)

    @property
    def means(self) -> str:
        """Return what it means that none is left: no list goes beyond the quota, yet the window stays open."""
        if self.left:
            return ""
        freed = _("列入公示的有不予认定或者撤回的，空出名额，才能再列入公示。") if self.listed else ""
        return _("申报期内仍可以提交；公示名单不能超过名额，没有名额就不能列入公示，也就不能认定。") + freed


def places_in(call: Call) -> Places | None:
    """Return the places of a call as they are taken now; None where it has no limit."""
    if call.quota is None:
        return None
    awarded = Application.objects.filter(call=call, notice__isnull=False, status=ApplicationStatus.APPROVED).count()
    return Places(call.quota, awarded, places_taken(call) - awarded)
