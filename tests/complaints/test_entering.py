"""A letter or call entered by an officer: once, with its own code, however often the button is pressed."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints import actions
from complaints.actions.receiving import hash_of
from complaints.models import Complaint
from portal.accounts.capacity import Capacity
from tests.factories.cast import Cast
from tests.factories.complaints import TOLD, Story

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
ENTRY = {"channel": "paper", "received_on": "2026-03-02", "told": TOLD, "name": "", "phone": "", "mail": ""}


@pytest.fixture
def story(cast: Cast, time_machine: Any) -> Story:
    """Return a story on whose day the clock stands."""
    story = Story(cast)
    time_machine.move_to(datetime.datetime.combine(story.on, datetime.time(1, 0), datetime.UTC), tick=False)
    return story


def url(name: str, *arguments: object) -> str:
    return reverse(f"complaints:{name}", args=arguments)


def test_one_letter_entered_twice_is_one_complaint_and_its_code_is_still_there(
    story: Story, cast: Cast, sign_in: SignIn
) -> None:
    client, page = sign_in(cast.county_caseworker), url("enter_for", story.base.pk)
    assert 'name="another"' not in client.get(page).content.decode()
    client.post(page, ENTRY)
    again = client.post(page, ENTRY)
    complaint = Complaint.objects.get()
    words = again.content.decode()
    assert again.status_code == 422
    assert f"文字与 {complaint.number}（2026-03-02 收到）相同，没有再登记" in words
    assert 'name="another"' in words
    assert f'href="{url("receipt", complaint.pk)}"' in words
    assert hash_of(client.get(url("receipt", complaint.pk)).context["code"]) == complaint.access_hash


def test_another_letter_with_the_same_words_is_entered_once_that_is_said_and_flagged(
    story: Story, cast: Cast, sign_in: SignIn
) -> None:
    client, page = sign_in(cast.county_caseworker), url("enter_for", story.base.pk)
    client.post(page, ENTRY)
    client.post(page, ENTRY | {"another": "on"})
    first, second = Complaint.objects.order_by("pk")
    assert (second.flags, second.held_back) == ([f"repeat:{first.number}"], False)


def test_codes_of_two_letters_wait_until_each_is_read_out(story: Story, cast: Cast, sign_in: SignIn) -> None:
    client, page = sign_in(cast.county_caseworker), url("enter_for", story.base.pk)
    client.post(page, ENTRY)
    client.post(page, ENTRY | {"told": "另一封来信说宽带费重复收取，问过没有答复。"})
    first, second = Complaint.objects.order_by("pk")
    client.post(url("receipt", second.pk))
    assert client.get(url("receipt", second.pk)).context["code"] == ""
    assert hash_of(client.get(url("receipt", first.pk)).context["code"]) == first.access_hash


def test_whoever_did_not_enter_it_reads_that_the_code_is_shown_once_to_who_did(
    story: Story, cast: Cast, sign_in: SignIn
) -> None:
    sign_in(cast.county_caseworker).post(url("enter_for", story.base.pk), ENTRY)
    page = sign_in(cast.city_caseworker).get(url("receipt", Complaint.objects.get().pk)).content.decode()
    assert "查询码只在登记的人登记后显示一次" in page
    assert "已经念过" not in page


def test_receipt_names_the_public_page_as_it_is_called(story: Story, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.county_caseworker)
    receipt = client.post(url("enter_for", story.base.pk), ENTRY, follow=True).content.decode()
    named = re.search("公开网站“(.+?)”里", receipt)
    assert named is not None
    assert f"<h1>{named[1]}</h1>" in Client().get(reverse("public:complain_track")).content.decode()


def test_what_is_no_number_is_no_contact_of_a_named_complaint(story: Story, cast: Cast, sign_in: SignIn) -> None:
    client, page = sign_in(cast.county_caseworker), url("enter_for", story.base.pk)
    refused = client.post(page, ENTRY | {"name": "田某", "phone": "不详"})
    assert refused.status_code == 422
    assert "“不详”不是电话号码" in refused.content.decode()
    client.post(page, ENTRY | {"name": "田某", "phone": "１３９１２３４５６７８"})
    identity = actions.reveal_identity(
        Complaint.objects.get(), purpose="电话核实收费凭证", by=cast.county_caseworker, on=story.on
    )
    assert identity is not None
    assert identity.phone == "13912345678"
