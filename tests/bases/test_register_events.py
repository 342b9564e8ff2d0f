"""What officers read of a base's past: on which day of business it happened, and who decided it."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client

from bases.models import Revocation
from portal.accounts.capacity import Capacity
from tests.factories.cast import cast_at
from tests.factories.complaints import Story

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]


@pytest.mark.slow
def test_a_title_is_revoked_by_the_bureau_on_the_day_of_service_and_not_by_who_signed(sign_in: SignIn) -> None:
    story = Story(cast_at("520103"))
    story.revoked()
    found = Revocation.objects.select_related("decision", "decider").get()
    assert found.decision is not None
    events = sign_in(story.decider).get(f"/desk/register/{story.base.pk}/").context["events"]
    revoked = next(event for event in events if event.title == "撤销称号生效")
    assert (revoked.at, revoked.who) == (story.on, found.decider.name)
    assert revoked.at != datetime.datetime.now(tz=datetime.UTC).date()
    assert revoked.text == f"{found.decision.reference}，电子送达，签收人 {story.cast.wang.person}"
