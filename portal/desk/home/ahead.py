"""What a title brings with it: the duties ahead, by the rules of its pack, and how the title stands today."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.rules import (
    AssessmentPolicy,
    Course,
    Duty,
    assessment_due,
    recertification_due,
    report_due,
    window_opens,
)
from bases.exports import PublicState, public_state
from bases.models import Certification
from bases.rules import BasePolicy, Tenure
from portal.deadlines.terms import Calendar
from portal.desk.home.standing import Situation
from portal.policies.loader import pack_of
from portal.policies.schema import Value

_QUESTIONS = re.compile(r"（[A-Z]-\d+(、[A-Z]-\d+)*）")  # the numbers of open questions are for those who answer them
DUTIES = {
    "annual_report": gettext_lazy("年度报告"),
    "assessment": gettext_lazy("绩效考核"),
    "recertification": gettext_lazy("复评"),
}


@dataclass(frozen=True)
class Ahead:
    """A duty of one title: what, by when, under which clause of which pack, with its sum and how matters stand.

    A clause that is a Value tells whether its day is assumed.
    """

    name: str
    title: str
    base: str
    due_on: datetime.date
    clause: Value[Any] | str
    pack: str
    sum: str
    now: str


def ahead_of(situation: Situation, calendar: Calendar) -> list[Ahead]:
    """Return the duties of every title that stands, the nearest first."""
    found = [each for held in situation.standing for each in _of(held, situation.today, calendar)]
    return sorted(found, key=lambda each: (each.due_on, each.base))


def _of(held: Certification, today: datetime.date, calendar: Calendar) -> Iterator[Ahead]:
    pack = pack_of(held.policy, on=held.certified_on)
    policy = pack.section(AssessmentPolicy)
    tenure = held.tenure(pack.section(BasePolicy).title(held.title))
    if policy.annual_report is not None and policy.annual_report.title == held.title:
        report = report_due(policy.annual_report, today, calendar)
        if report is not None:
            day = (policy.annual_report.month, policy.annual_report.day)
            basis = next((each for each in day if each.assumed), day[0])
            yield _line(held, report, basis, _("到时填报上一年度情况"))
    if policy.cycle is not None and policy.cycle.title == held.title:
        next_one = assessment_due(tenure, Course(), policy.cycle, calendar)
        if next_one is not None:
            yield _line(held, next_one, policy.cycle.interval_months, _assessed(next_one, today))
    renewal = recertification_due(tenure)
    if renewal is not None:
        yield _line(held, renewal, tenure.title.period_years or renewal.clause, _renewal(tenure, policy, today))


def _line(held: Certification, duty: Duty, basis: Value[Any] | str, now: str) -> Ahead:
    name = str(DUTIES.get(duty.duty, duty.duty))
    told = _QUESTIONS.sub("", duty.sum)
    return Ahead(name, held.titled, held.base.name, duty.due_on, basis, held.policy, told, now)


def _assessed(duty: Duty, today: datetime.date) -> str:
    if duty.due_on < today:
        return _("系统里没有这一次的考核记录；已经考核的，请所在地主管部门补录")
    return _("由主管部门通知，到时提交自评材料")


def _renewal(tenure: Tenure, policy: AssessmentPolicy, today: datetime.date) -> str:
    opens = window_opens(tenure, policy.cycle) if policy.cycle is not None else None
    if opens is None:
        return _("期满前申请复评")
    if today < opens:
        return _("%(day)s 起可以办理") % {"day": opens.isoformat()}
    return _("现在可以办理")


@dataclass(frozen=True)
class Held:
    """A title as the home shows it: the row and its state of today."""

    certification: Certification
    state: PublicState


def titles_held(situation: Situation) -> list[Held]:
    """Return every title the bases ever got, with its state of today."""
    return [Held(each, public_state(each, situation.today)) for each in situation.certifications]
