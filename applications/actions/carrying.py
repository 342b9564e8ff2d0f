"""Answers of an earlier application taken into a new one: what was typed is not typed again."""

import datetime

from applications import dossier
from applications.actions.moving import policy_of
from applications.models import Application, SectionAnswer
from bases.models import Base
from portal.accounts.capacity import Capacity


def earlier_answers(base: Base) -> Application | None:
    """Return the operator's latest application for the base in which something was typed; None if there is none.

    What another operator once wrote of the same base is not handed on.
    """
    typed = base.applications.filter(operator_id=base.operator_id, answers__isnull=False)
    return typed.select_related("call").order_by("-pk").first()


def carry_over(earlier: Application, application: Application, *, by: Capacity, at: datetime.datetime) -> None:
    """Copy the answers into a draft, each section checked anew by the rules of today; files are not copied."""
    lists = policy_of(application).lists
    rows = []
    for row in earlier.answers.all():
        checked = dossier.check_section(dossier.section(row.section), row.data, lists, at.date())
        stamps = {"saved_at": at, "saved_by": by.person, "complete": not checked.problems}
        rows.append(SectionAnswer(application=application, section=row.section, data=checked.values, **stamps))
    SectionAnswer.objects.bulk_create(rows)
