"""The page of a base: what holds today, and what has happened."""

import pytest
from django.test import Client

from portal.deadlines.today import business_today
from tests.factories.titles import DAY, certification

pytestmark = pytest.mark.django_db


def test_the_record_of_changes_ends_today_and_the_period_to_come_stands_with_the_title(client: Client) -> None:
    held = certification(period_ends=business_today() + 400 * DAY)
    page = client.get(f"/base/{held.base.slug}/").content.decode()
    titles, changes = page.split('id="titles"')[1].split('id="events"')
    assert str(held.period_ends) in titles
    assert "认定为省级创业孵化示范基地" in changes
    assert str(held.period_ends) not in changes
