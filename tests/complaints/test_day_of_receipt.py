"""The day on which a complaint came in is typed by an officer, and every clock runs from it: slips are asked about."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import Complaint
from portal.accounts.capacity import Capacity
from tests.factories.cast import Cast
from tests.factories.complaints import TOLD, Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast, sign_in: Callable[[Capacity], Client], time_machine: Any) -> Client:
    """Return the browser of the county's caseworker on 2 March 2026."""
    time_machine.move_to(datetime.datetime(2026, 3, 2, 1, 0, tzinfo=datetime.UTC), tick=False)
    return sign_in(cast.county_caseworker)


@pytest.fixture
def page(cast: Cast) -> str:
    return reverse("complaints:enter_for", args=[Story(cast).base.pk])


def entry(received_on: str, **changes: str) -> dict[str, str]:
    said = {"channel": "paper", "received_on": received_on, "told": TOLD, "name": "田某", "phone": "13912345678"}
    return said | changes


def test_day_of_receipt_long_past_is_taken_only_once_it_is_said_to_be_right(client: Client, page: str) -> None:
    assert 'name="sure"' not in client.get(page).content.decode()
    refused = client.post(page, entry("2025-03-02"))
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"sure"}
    words = refused.content.decode()
    assert "收到日期 2025-03-02 是 365 天以前" in words
    assert 'name="sure"' in words
    assert not Complaint.objects.exists()
    client.post(page, entry("2025-03-02", sure="on"))
    assert Complaint.objects.get().received_on == datetime.date(2025, 3, 2)


def test_letter_that_lay_about_for_some_weeks_is_entered_without_a_question(client: Client, page: str) -> None:
    client.post(page, entry("2026-01-01"))
    assert Complaint.objects.get().received_on == datetime.date(2026, 1, 1)


def test_day_of_receipt_before_any_policy_is_refused_at_its_field(client: Client, page: str) -> None:
    refused = client.post(page, entry("1900-01-01"))
    assert refused.status_code == 422
    assert (
        "收到日期 1900-01-01 那一天，本地还没有可以适用的政策文件" in refused.context["form"].errors["received_on"][0]
    )
