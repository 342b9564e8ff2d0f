"""What happens to a complaint by when, as its pack says it: for the receipt and the progress page."""

import datetime

from django.utils.translation import gettext as _

from complaints.actions.handling import law_of, term
from complaints.models import Complaint
from portal.jurisdictions.models import Jurisdiction
from portal.web.parts import NextStep


def promised(complaint: Complaint) -> list[NextStep]:
    """Return the steps of handling from receipt to the end, with their days and clauses."""
    law = law_of(complaint).handling
    start = complaint.due_on or complaint.received_on
    aim = term(complaint, start, law.verify_days.value, "day").on
    hard = term(complaint, start, law.limit_days.value, "day").on
    verifier = _bureau(complaint.jurisdiction, law.verifier.value)
    return [
        NextStep(
            _("%(day)s 前，告诉您是否受理") % {"day": _short(start)},
            _("收到次日起 %(n)s 个工作日。不受理要写理由；材料不够，一次说全。") % {"n": law.accept_workdays.value},
            law.accept_workdays,
        ),
        NextStep(
            _("受理后，基地在 %(n)s 个工作日内答复") % {"n": law.answer_workdays.value},
            _("基地只看到工作人员写的摘要，不知道您是谁。不答复的，照样核实。"),
            law.answer_workdays,
        ),
        NextStep(
            _("受理后 %(n)s 日内，%(bureau)s %(people)s 人核实")
            % {"n": law.verify_days.value, "bureau": verifier, "people": law.verifying_officers.value},
            _("最后一天受理的，%(aim)s 前核实，最迟 %(hard)s；经批准延长的，最多再加 %(more)s 日，会先告诉您。")
            % {"aim": _short(aim), "hard": _short(hard), "more": law.extension_days.value},
            law.verify_days,
        ),
        NextStep(
            _("办结后告诉您结果，请您评价"),
            _("不同意核实结果的，可以在进度页提出异议。评价不会和您的姓名放在一起。"),
            law.rating_workdays,
        ),
    ]


def _bureau(place: Jurisdiction, level: str) -> str:
    return place.ancestor(level).name


def _short(day: datetime.date) -> str:
    return day.isoformat()
