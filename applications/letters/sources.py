"""What all letters of an application look up: the pack it is judged by, the name of its title, words for moments."""

import datetime

from django.utils import timezone

from applications.models import Application, Call
from applications.procedure import Procedure
from applications.rules import ApplicationPolicy
from bases.rules import BasePolicy
from portal.audit.recording import timeline
from portal.deadlines.sums import in_words
from portal.documents.contacts import Contact, contact_of
from portal.jurisdictions.models import Jurisdiction
from portal.policies.loader import pack_of
from portal.policies.packs import Pack


def call_pack(call: Call) -> Pack:
    """Return the pack a call rests on, with the rulings of the day it was published (of its first day, before)."""
    return pack_of(call.policy, on=call.published_on or timezone.localdate(call.opens_at))


def case_pack(application: Application) -> Pack:
    """Return the pack an application is judged by, with the rulings of the day it was first filed."""
    return pack_of(application.policy, on=application.first_submitted_on or application.started_on)


def asked_at(desk: Jurisdiction, call: Call) -> Contact:
    """Return how the bureau that has a case is reached: the call's own bureau by the number the call names."""
    return contact_of(desk, phone=call.contact if desk.pk == call.jurisdiction_id else "")


def continued(call: Call, pack: Pack, on: datetime.date) -> str:
    """Say by what a policy whose period is over still applies on a day (decision 0152); nothing while it applies.

    A call published within that period needed to give no reason.
    """
    end = pack.applies_until.value
    if end is None or on <= end:
        return ""
    if call.published_on and call.published_on <= end:
        return f"上述规定的施行期限至{in_words(end)}，本批次申报通知在施行期限内发布。"
    if basis := basis_of_continuation(call, pack).strip().rstrip("。"):
        return f"上述规定的施行期限已满，继续适用的依据：{basis}。"
    return f"上述规定的施行期限至{in_words(end)}。"


def basis_of_continuation(call: Call, pack: Pack) -> str:
    """Return by what a policy that had ended when a call was published still applies to it (decision 0152).

    That is the reason the call was published with, not the one it was given more time for. Empty for a call that is
    not published, and for one published within the period: its reason, if any, is why it was a further one (GZ-31).
    A withdrawal writes its reason over it, but nothing is decided under a call that was withdrawn.
    """
    end = pack.applies_until.value
    if end is None or call.published_on is None or call.published_on <= end:
        return ""
    return reason_at_publication(call)


def reason_at_publication(call: Call) -> str:
    """Return the reason a call was published with, empty if it needed none.

    Before an extension had a field of its own it wrote its reason over that one, and its trail kept what was there.
    """
    extended = timeline(call).filter(verb="call.extended", facts__has_key="reason_before").first()
    return str(extended.facts["reason_before"]) if extended else call.reason


def title_name(pack: Pack, code: str) -> str:
    """Return what the pack calls a title, so that it is not taken for another: 市级创业孵化基地."""
    return pack.section(BasePolicy).title(code).label


def procedure_of(pack: Pack, title: str) -> Procedure:
    """Return how the title is applied for."""
    return pack.section(ApplicationPolicy).procedure(title)


def moment_in_words(moment: datetime.datetime) -> str:
    """Write a moment as letters do: 2026年4月30日17时30分, minutes left out on the full hour, seconds unless told."""
    local = timezone.localtime(moment)
    minute = f"{local.minute}分" if local.minute or local.second else ""
    second = f"{local.second}秒" if local.second else ""
    return f"{in_words(local.date())}{local.hour}时{minute}{second}"


def sample_note(procedure: Procedure) -> str:
    """Return the mark of a procedure that the source policy does not have."""
    return "本批次的办理流程为示例流程，待主管部门确认" if procedure.sample else ""
