"""Data for measurements: it can be opened, and its trail is whole."""

import datetime
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from applications.models import Application
from bases.models import Base, Certification
from portal.accounts.capacity import Capacity, officer
from portal.accounts.models import Membership
from portal.audit.recording import verify
from portal.rehearsal.scale.seed import seed
from portal.worklist.models import WorkItem
from tests.factories.register import base as make_base
from tests.factories.register import operator as make_operator


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.django_db
def test_seeding_goes_on_where_it_stopped() -> None:
    seed(5, datetime.date(2026, 11, 22))
    seed(5, datetime.date(2026, 11, 22))
    assert Base.objects.count() == 10
    assert verify("52") == []


@pytest.mark.django_db
@pytest.mark.parametrize("command", [("seed_scale", "--bases", "1"), ("bench", "--sizes", "1", "--no-report")])
def test_rows_for_measurements_are_refused_outside_of_measurements(command: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"不是用来测量的.*portal\.settings\.bench"):
        call_command(*command)
    assert not Base.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("command", [("seed_scale", "--bases", "1"), ("bench", "--sizes", "2", "--no-report")])
def test_rows_for_measurements_are_refused_beside_a_real_base(command: tuple[str, ...], settings) -> None:
    settings.MEASUREMENTS = True
    make_base("520103", run_by=make_operator("520103"))
    with pytest.raises(CommandError, match="1 家正式登记的基地"):
        call_command(*command)
    assert Base.objects.count() == 1


@pytest.mark.django_db
def test_rows_for_measurements_go_beside_rows_for_measurements(settings) -> None:
    settings.MEASUREMENTS = True
    for _again in range(2):
        call_command("seed_scale", "--bases", "1", stdout=StringIO())
    assert Base.objects.count() == 2
