"""好差评 is asked for when it can be given: once, after the end, a withdrawal too; never after it was written."""

import pytest

from complaints import actions
from complaints.models import Rating
from portal.accounts.capacity import VISITOR
from tests.complaints.test_progress import CASE, holding, on, receipt_of, text
from tests.factories.cast import cast_at
from tests.factories.complaints import Story

pytestmark = pytest.mark.django_db
RATING = f"{CASE}rating/"


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


def test_handling_of_a_complaint_that_was_withdrawn_is_rated(story: Story) -> None:
    receipt = receipt_of(story)
    actions.withdraw_complaint(receipt.complaint, by=VISITOR, on=story.on)
    with on(story.on):
        client = holding(receipt)
        assert f'href="{RATING}"' in text(client.get(CASE))
        assert client.post(RATING, {"grade": "4"}).url == CASE
    assert Rating.objects.get().grade == 4


def test_form_of_a_rating_is_shown_only_while_it_can_be_sent(story: Story) -> None:
    receipt = receipt_of(story)
    with on(story.on):
        client = holding(receipt)
        assert "现在不能评价" in text(client.get(RATING))
        actions.withdraw_complaint(receipt.complaint, by=VISITOR, on=story.on)
        assert 'name="grade"' in text(client.get(RATING))
        client.post(RATING, {"grade": "4"})
        page = text(client.get(RATING))
    assert "现在不能评价" in page
    assert 'name="grade"' not in page
