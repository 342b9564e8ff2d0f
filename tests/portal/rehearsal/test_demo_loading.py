"""The demo is loaded on any day, and nothing of it exists outside."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from applications.models import Application
from applications.states import ApplicationStatus
from portal.audit.models import AuditEvent
from portal.deadlines.today import business_today

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.parametrize("day", ["2027-01-03", "2027-02-09", "2028-02-29"])
def test_the_demo_starts_in_the_middle_of_a_holiday_too(day: str, settings: Any, time_machine: Any) -> None:
    time_machine.move_to(f"{day}T10:00+08:00")
    settings.DEMO = True
    call_command("demo_load", verbosity=0)
    assert set(Application.objects.values_list("status", flat=True)) == set(ApplicationStatus.values)
    assert not AuditEvent.objects.filter(on__gt=business_today()).exists()


def test_outside_the_demo_there_is_no_date_control(client: Client) -> None:
    assert client.post(reverse("rehearsal:next_day")).status_code == 404
