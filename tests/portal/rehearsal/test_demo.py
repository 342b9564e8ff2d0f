"""The demo: every role finds work, days pass, and nothing of it exists outside."""

import datetime
from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db.transaction import atomic, set_rollback
from django.test import Client, override_settings
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker
from time_machine import travel

from applications.models import Application, PublicNotice
from applications.states import ApplicationStatus
from bases.models import Certification
from complaints.models import Answer, Complaint
from complaints.states import Category
from complaints.views.for_officers.flags import flags_in_words
from portal.accounts.capacity import Capacity, capacities
from portal.accounts.demo import demo_accounts
from portal.accounts.models import User
from portal.audit.recording import verify
from portal.deadlines.today import business_today
from portal.documents.models import Letter
from portal.jurisdictions.models import Jurisdiction, Level
from portal.rehearsal.demo.days import next_deadline, pass_days
from portal.worklist.models import WorkItem

pytestmark = pytest.mark.slow
SignIn = Callable[[Capacity], Client]


@pytest.fixture(scope="module")
def _played(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the demo once for all that is asked of it here."""
    with django_db_blocker.unblock(), travel("2026-11-23T10:00+08:00"), override_settings(DEMO=True), atomic():
        call_command("demo_load", verbosity=0)
        yield
        set_rollback(True)


@pytest.fixture
def world(_played: None, db: None) -> None:
    """The demo as it was loaded; what a test changes is taken back after it."""


def test_every_step_of_the_chain_is_on_somebodys_desk(world: None, sign_in: SignIn) -> None:
    statuses = set(Application.objects.values_list("status", flat=True))
    assert statuses == set(ApplicationStatus.values)
    people = User.objects.filter(demo=True)
    items = WorkItem.objects.waiting().filter(desk__isnull=False).exclude(kind="calls.publication")
    assert items
    held = [c for person in people for c in capacities(person, business_today()) if c.kind == "officer"]
    for waiting in items:
        by_place = [c for c in held if c.jurisdiction.code[:2] == waiting.desk.code[:2]]
        assert by_place, waiting
    for chain in ("52", "65", "54", "33", "15"):
        assert verify(chain) == []


def test_what_machines_noticed_about_a_complaint_is_told_in_words(world: None) -> None:
    held_back = Complaint.objects.filter(held_back=True)
    assert held_back
    for complaint in held_back:
        assert complaint.flags
        assert not set(complaint.flags) & set(flags_in_words(complaint))


@pytest.mark.parametrize(
    "subjects",
    [["complaints.complaint", "bases.revocation"], ["applications.application", "applications.publicnotice"]],
)
def test_letters_are_numbered_in_the_order_of_their_days(world: None, subjects: list[str]) -> None:
    series: dict[str, list[tuple[int, datetime.date]]] = {}
    about = Letter.objects.filter(subject_type__in=subjects)
    for letter in about.exclude(reference=""):
        word, _bracket, number = letter.reference.partition("〕")
        series.setdefault(word, []).append((int(number.removesuffix("号")), letter.issued_on))
    assert max(len(row) for row in series.values()) > 1
    for word, row in series.items():
        days = [day for _number, day in sorted(row)]
        assert days == sorted(days), word


def test_every_base_with_the_title_of_the_province_had_that_of_its_city_before(world: None) -> None:
    titles = Certification.objects.filter(policy="guizhou-2022")
    granted = titles.filter(title="provincial")
    assert granted.count() > 2
    for held in granted:
        assert titles.filter(title="city", base=held.base, certified_on__lt=held.certified_on).exists(), held.base


def test_a_complaint_about_mentoring_is_filed_and_answered_as_such(world: None) -> None:
    about = [each for each in Complaint.objects.exclude(category="") if "辅导" in each.summary]
    assert about
    for complaint in about:
        assert complaint.category == Category.SERVICES
        assert "辅导" in Answer.objects.get(complaint=complaint).text


def test_days_pass_until_the_notice_is_over(world: None) -> None:
    notice = PublicNotice.objects.filter(closed_on__isnull=True, region_code="330400").get()
    for _jump in range(20):
        if business_today() > notice.ends_on:
            break
        pass_days(next_deadline(business_today()))
    assert business_today() > notice.ends_on
    assert notice.objections.filter(status="open").count() == 1
    assert Application.objects.filter(notice=notice, status="in_notice").count() == 1  # an objection is still open


def test_date_control_moves_the_day_from_the_page(world: None, client: Client) -> None:
    before = business_today()
    answer = client.post(reverse("rehearsal:next_day"), {"next": "/520000/"})
    assert (answer.status_code, answer["Location"]) == (302, "/520000/")
    assert business_today() == before + datetime.timedelta(days=1)
    assert client.post(reverse("rehearsal:next_day"), {"next": "//elsewhere.example/"})["Location"] == "/"


def test_date_control_goes_to_the_next_deadline_of_the_place_and_says_what_falls_on_it(
    world: None, client: Client
) -> None:
    before = business_today()
    places = Jurisdiction.objects.filter(code__in=["520000", "330400", "150600", "540000", "650000"])
    until, place = max(((next_deadline(before, within=each), each) for each in places), key=lambda found: found[0])
    assert until > next_deadline(before), "elsewhere something falls due before"
    page = {"next": f"/{place.code}/"}
    answer = client.post(reverse("rehearsal:next_deadline"), page, follow=True).content.decode()
    assert f"演示日期从 {before} 走到 {until}" in answer
    assert "这一天：" in answer


def test_seeded_addresses_differ_from_place_to_place(world: None) -> None:
    contacts = list(PublicNotice.objects.values_list("contact", flat=True).distinct())
    assert len(contacts) == PublicNotice.objects.values("jurisdiction").distinct().count() > 1


def test_the_county_of_a_third_complaint_can_be_signed_in_as(world: None) -> None:
    runs = {"base__certifications__title": "provincial", "base__certifications__status": "certified"}
    upheld = Complaint.objects.filter(status="upheld", **runs)
    counties = {complaint.base.region_code for complaint in upheld.select_related("base")}
    assert "520302" in counties
    logins = {account.user.username for group in demo_accounts() for account in group.accounts}
    assert {f"{post}-{code}" for code in counties for post in ("case", "head")} <= logins


def test_what_a_county_passes_on_is_received_by_somebody_one_can_sign_in_as(world: None) -> None:
    logins = {account.user.username for group in demo_accounts() for account in group.accounts}
    first = WorkItem.objects.waiting().filter(kind="applications.recommendation").select_related("desk")
    cities = {item.desk.ancestor(Level.CITY).code for item in first if f"case-{item.desk.code}" in logins}
    assert "540100" in cities
    assert {f"{post}-{code}" for code in cities for post in ("case", "head")} <= logins


def test_every_bureau_that_certifies_is_the_department_its_policy_names(world: None) -> None:
    """XJ-16: in Xinjiang the departments of industry certify; XZ-22: in Tibet the department of science."""
    leads = {
        "52": "人力资源和社会保障",
        "65": "经济和信息化",
        "54": "科学技术",
        "33": "人力资源和社会保障",
        "15": "人力资源和社会保障",
    }
    approvals = Letter.objects.filter(kind="application.approval")
    assert {letter.jurisdiction.code[:2] for letter in approvals} == set(leads)
    for letter in approvals:
        assert leads[letter.jurisdiction.code[:2]] in letter.issuer
