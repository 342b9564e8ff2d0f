"""Statuses move one way: over a table of allowed moves, and only if nobody moved them first."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models

from portal.errors import StatusMoved


class HasStatus(models.Model):
    """A model whose `status` follows the table `NEXT` (status → statuses it may become)."""

    NEXT: ClassVar[Mapping[str, frozenset[str]]]

    class Meta:
        abstract = True

    def advance(self, status: str, **stamps: Any) -> Self:
        """Move to `status` and set `stamps` together, or raise StatusMoved if that is not (or no longer) possible.

        Uses `UPDATE … WHERE status = old`, so no `save()` runs: every changed field must stand in `stamps`.
        """
        if status not in self.NEXT[self.status]:
            raise StatusMoved(f"{self}现为“{self.get_status_display()}”，不能再办理这一步。请刷新页面查看最新情况。")
        changes = {"status": status, **stamps}
        manager = type(self)._base_manager
        if not manager.filter(pk=self.pk, status=self.status).update(**changes):
            raise StatusMoved(f"{self}刚刚已由他人办理。请刷新页面查看最新情况。")
        for field, value in changes.items():
            setattr(self, field, value)
        return self

    # Django makes these for a field with choices; declared here so that advance() can use them.
    status: Any

    def get_status_display(self) -> str:  # pragma: no cover  replaced by Django on every concrete model
        """Return the status in words."""
        return str(self.status)
