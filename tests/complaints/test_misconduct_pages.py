"""Misconduct is reported where a policy says who verifies; elsewhere the page does not exist, as its link does not."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.capacity import Capacity
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("year", "answer"), [(2021, 404), (2026, 200)])
def test_misconduct_is_reported_only_where_a_policy_is_in_force(
    cast: Cast, sign_in: Callable[[Capacity], Client], time_machine: Any, year: int, answer: int
) -> None:
    time_machine.move_to(datetime.datetime(year, 3, 2, 1, 0, tzinfo=datetime.UTC), tick=False)
    client = sign_in(cast.city_caseworker)
    assert client.get(reverse("complaints:report_misconduct", args=[cast.base.pk])).status_code == answer
