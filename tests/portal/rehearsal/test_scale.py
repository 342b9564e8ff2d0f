"""Data for measurements: it can be opened, and its trail is whole."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client

from applications.models import Application
from bases.models import Base, Certification
from portal.accounts.capacity import Capacity, officer
from portal.accounts.models import Membership
from portal.audit.recording import verify
from portal.rehearsal.scale.seed import seed
from portal.worklist.models import WorkItem


@pytest.mark.django_db
def test_seeded_data_opens_like_any_other(sign_in: Callable[[Capacity], Client]) -> None:
    seed(60, datetime.date(2026, 11, 22))
    assert (Base.objects.count(), Application.objects.count()) == (60, 60)
    assert Certification.objects.count() == Application.objects.filter(status="approved").count() > 0
    assert WorkItem.objects.count() == Application.objects.filter(due_on__isnull=False).count() > 0
    assert verify("52") == []
    post = Membership.objects.get(jurisdiction__code="520000")
    client = sign_in(officer(post))
    for application in Application.objects.order_by("status").distinct("status"):
        assert client.get(f"/desk/applications/{application.pk}/").status_code == 200
    assert client.get("/desk/").status_code == 200
    assert client.get(f"/verify/{Certification.objects.first().verify_code}/").status_code == 200


@pytest.mark.django_db
def test_seeding_goes_on_where_it_stopped() -> None:
    seed(5, datetime.date(2026, 11, 22))
    seed(5, datetime.date(2026, 11, 22))
    assert Base.objects.count() == 10
    assert verify("52") == []
