"""A step that was handed to a colleague comes back to them when a further list is not sent (0157)."""

import datetime
from collections.abc import Callable

import pytest

from applications import actions
from applications.models import Application, CorrectionProposal
from portal.accounts.capacity import Capacity
from portal.accounts.models import Membership
from portal.worklist.models import WorkItem
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.people import officer

pytestmark = pytest.mark.django_db
ITEMS = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同附图不一致。"}]
BACK = datetime.date(2026, 3, 12)
ON = datetime.date(2026, 3, 13)
End = Callable[[CorrectionProposal, Cast], object]


def _declined(proposal: CorrectionProposal, cast: Cast) -> object:
    return actions.decline_correction(proposal, reason="附图上次已在。", by=cast.city_approver, on=ON)


def _taken_back(proposal: CorrectionProposal, cast: Cast) -> object:
    return actions.take_back_proposal(proposal, by=cast.city_caseworker, on=ON)


ENDS = pytest.mark.parametrize("end", [_declined, _taken_back])


@pytest.fixture
def colleague(cast: Cast) -> Capacity:
    """A second caseworker of the city."""
    return officer("吴市办", cast.city)


@pytest.fixture
def answered(cast: Cast) -> Application:
    """A case at the city that was returned there once and came back unchanged, with an explanation."""
    application = dossiers.recommended(cast)
    actions.return_for_correction(application, items=ITEMS, by=cast.city_caseworker, on=dossiers.FILED)
    replies = {ITEMS[0]["place"]: "按合同附图核对，面积无误。"}
    actions.submit_application(application, by=cast.wang, at=dossiers.moment(BACK), declared=True, replies=replies)
    return dossiers.fresh(application)


def _proposed(application: Application, cast: Cast) -> CorrectionProposal:
    head, by = cast.city_approver.person, cast.city_caseworker
    return actions.propose_correction(
        dossiers.fresh(application), items=ITEMS, because="上次未见附图。", asked_of=head, by=by, on=ON
    )


def _step() -> WorkItem:
    return WorkItem.objects.waiting().get(kind="applications.preliminary_review")


@ENDS
def test_a_step_that_was_handed_over_comes_back_to_who_had_it(
    cast: Cast, answered: Application, colleague: Capacity, end: End
) -> None:
    actions.assign_application(answered, to=colleague.person, by=cast.city_caseworker, on=BACK)
    end(_proposed(answered, cast), cast)
    assert (_step().assignee, _step().due_on) == (colleague.user, answered.due_on)


@ENDS
def test_a_step_that_the_desk_had_comes_back_to_the_desk(cast: Cast, answered: Application, end: End) -> None:
    end(_proposed(answered, cast), cast)
    assert _step().assignee is None


@ENDS
def test_a_step_of_who_left_meanwhile_comes_back_to_the_desk(
    cast: Cast, answered: Application, colleague: Capacity, end: End
) -> None:
    actions.assign_application(answered, to=colleague.person, by=cast.city_caseworker, on=BACK)
    proposal = _proposed(answered, cast)
    Membership.objects.filter(user=colleague.person).update(valid_to=BACK)
    end(proposal, cast)
    assert _step().assignee is None
