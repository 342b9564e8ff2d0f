"""Messages ask for something while their matter waits for their reader, and no longer."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from portal.accounts.capacity import Capacity
from portal.notifications.models import Notification
from portal.notifications.notify import Notice, notify
from portal.worklist.models import WorkItem
from portal.worklist.tasks import remind
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SignIn = Callable[[Capacity], Client]
ITEMS = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同附图不一致。"}]
SAID = {"premises.incubation_area": "按合同附图核对，面积无误。"}
LATER = datetime.date(2026, 4, 20)  # long overdue, whatever waits
ASKS = "请及时办理"


def marked(client: Client) -> int:
    return client.get(reverse("notifications:inbox")).content.decode().count(ASKS)


def test_message_of_a_correction_asks_until_the_correction_is_filed(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.recommended(cast)
    actions.return_for_correction(application, items=ITEMS, by=cast.city_caseworker, on=dossiers.FILED)
    client = sign_in(cast.wang)
    assert marked(client) == 1
    at = dossiers.moment(dossiers.FILED, 15)
    actions.submit_application(dossiers.fresh(application), by=cast.wang, at=at, declared=True, replies=SAID)
    assert Notification.objects.filter(recipient=cast.wang.user, urgent=True).exists()
    assert marked(client) == 0


def test_reminder_asks_until_the_step_is_done_and_the_word_to_the_bureau_above_likewise(
    cast: Cast, sign_in: SignIn
) -> None:
    application = dossiers.submitted(cast)
    remind(LATER)
    clients = [sign_in(who) for who in (cast.county_caseworker, cast.city_approver)]
    assert [marked(client) for client in clients] == [1, 1]
    actions.give_opinion(application, verdict="for", text="同意推荐。", by=cast.county_caseworker, on=LATER)
    assert [marked(client) for client in clients] == [0, 0]


def test_message_to_one_bureau_does_not_ask_while_the_case_waits_at_another(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    notice = Notice("application.correction_overdue", "逾期没有补正", "……", urgent=True)
    notify(notice, to=[cast.county_caseworker.person], about=application, on=LATER)
    client = sign_in(cast.county_caseworker)
    assert marked(client) == 1
    actions.give_opinion(application, verdict="for", text="同意推荐。", by=cast.county_caseworker, on=LATER)
    assert WorkItem.objects.waiting().filter(desk=cast.city).exists()
    assert marked(client) == 0


def test_message_of_which_nobody_keeps_the_end_goes_on_asking(cast: Cast, sign_in: SignIn) -> None:
    post = cast.county_caseworker.membership
    assert post is not None
    notice = Notice("delegation.given", "请您代办", "……", urgent=True)
    notify(notice, to=[cast.county_caseworker.person], about=post, on=LATER)
    assert marked(sign_in(cast.county_caseworker)) == 1
