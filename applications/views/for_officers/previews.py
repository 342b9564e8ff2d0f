"""What an act would issue, on its sheet before it is issued: nothing is kept, no number is taken."""

import datetime

from applications import letters
from applications.actions.correction import list_of
from applications.actions.moving import procedure_of
from applications.models import Application, CorrectionProposal, Decision, Opinion
from applications.states import Verdict
from bases.models import Certification
from bases.rules import BasePolicy, certify
from portal.accounts.capacity import Capacity
from portal.documents.letters import Draft, agency_of
from portal.documents.previews import preview_sheet
from portal.documents.sheets import Sheet
from portal.errors import DomainError
from portal.policies.loader import pack_of

UNNUMBERED = "（批准时编号）"


def recommendation(application: Application, *, text: str, by: Capacity, on: datetime.date) -> Sheet | None:
    """Return the letter of recommendation (推荐函) that an opinion in favour would issue."""
    said = {"verdict": Verdict.FOR, "text": text, "given_as": by.title_on_record, "given_on": on}
    opinion = Opinion(application=application, step=application.status, given_by=by.person, **said)
    return _sheet(letters.recommendation(opinion), by, on)


def further_list(proposal: CorrectionProposal, *, by: Capacity, on: datetime.date) -> Sheet | None:
    """Return the letter (补正告知书) that the consent to a further list would issue on that day."""
    asked_by, why = proposal.proposed_by, proposal.because
    request = list_of(proposal.application, proposal.items, asked_by=asked_by, again_because=why, on=on)
    return _sheet(letters.correction(request), by, on)


def refusal(application: Application, *, reason: str, by: Capacity, on: datetime.date) -> Sheet | None:
    """Return the refusal (不予认定决定书) with that reason."""
    said = {"outcome": "refused", "step": application.status, "reason": reason, "receipt": {}}
    clause = procedure_of(application).clause
    decision = Decision(application=application, clause=clause, decided_by=by.person, decided_on=on, **said)
    return _sheet(letters.refusal(decision), by, on)


def approval(application: Application, *, by: Capacity, on: datetime.date) -> Sheet | None:
    """Return the approval (认定批复) as of that day; None where the title could not be granted."""
    pack = pack_of(application.policy, on=application.first_submitted_on or on)
    section = pack.section(BasePolicy)
    title = section.title(application.title)
    try:
        tenure = certify(application.base.register(section), title, on)
    except DomainError:
        return None
    certification = Certification(
        base=application.base,
        operator=application.operator,
        title=title.code,
        category_name=title.name.value,
        plaque_text=title.plaque.value if title.plaque else title.name.value,
        recogniser=agency_of(application.call.jurisdiction).name,
        recogniser_at=application.call.jurisdiction,
        certified_on=on,
        period_ends=tenure.period_ends,
        number=UNNUMBERED,
    )
    return _sheet(letters.approval(application, certification), by, on)


def _sheet(draft: Draft, by: Capacity, on: datetime.date) -> Sheet | None:
    try:
        return preview_sheet(draft, at=by.jurisdiction, on=on)
    except DomainError:
        return None
