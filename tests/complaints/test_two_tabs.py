"""One telling in two tabs: what one of them sent or gave up is not undone by a slow screen of the other."""

import re

import pytest

from complaints import guard
from complaints.actions.telling import content_of, drop_telling
from complaints.models import Complaint, Telling
from complaints.views import for_public
from portal.documents.models import Upload
from tests.complaints.test_public_form import ANONYMOUS, Visitor, photograph, text
from tests.factories.complaints import Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(cast) -> Visitor:
    return Visitor(Story(cast).base)


@pytest.fixture
def meanwhile(monkeypatch):
    """Let something happen in another tab between the reading of a screen and its keeping."""

    def happens(where: str, act) -> None:
        place = guard if where in vars(guard) else for_public
        really, done = getattr(place, where), []

        def slow(*given, **named):
            if not done:
                done.append(1)
                act()
            return really(*given, **named)

        monkeypatch.setattr(place, where, slow)

    return happens


def test_a_slow_first_screen_does_not_send_what_another_tab_has_sent_once_more(visitor: Visitor, meanwhile) -> None:
    visitor.tells()
    visitor.says_who()
    meanwhile("note_screen", visitor.sends)
    assert visitor.tells(evidence=photograph()).url == "/complain/received/"
    assert visitor.sends().url == "/complain/received/"
    assert Complaint.objects.count() == 1
    assert re.search(r'id="code">[0-9A-Z]{4}-', text(visitor.client.get("/complain/received/")))
    assert not Upload.objects.filter(original_name__startswith="凭证").exists()


def test_a_slow_second_screen_does_not_send_what_another_tab_has_sent_once_more(visitor: Visitor, meanwhile) -> None:
    visitor.tells()
    visitor.says_who()
    meanwhile("_governing", visitor.sends)
    assert visitor.says_who(**ANONYMOUS).url == "/complain/received/"
    assert Complaint.objects.get().named
    assert Telling.objects.get().complaint is not None


@pytest.mark.parametrize("screen", ["first", "second", "third"])
def test_what_was_forgotten_in_haste_stays_forgotten_whatever_screen_was_on_its_way(
    visitor: Visitor, meanwhile, screen: str
) -> None:
    visitor.tells()
    visitor.says_who()
    key, leaves = Telling.objects.get().key, lambda: drop_telling(key)
    meanwhile({"first": "note_screen", "second": "_governing", "third": "judge"}[screen], leaves)
    answer = {"first": visitor.tells, "second": visitor.says_who, "third": visitor.sends}[screen]()
    assert (answer.status_code, answer.url) == (302, "/")
    assert not Telling.objects.exists()
    assert not Complaint.objects.exists()


def test_a_screen_keeps_what_another_screen_kept_meanwhile(visitor: Visitor, meanwhile) -> None:
    visitor.tells()
    meanwhile("note_screen", visitor.says_who)
    visitor.tells("场租全额收取，协议写的是首年减半。")
    kept = content_of(Telling.objects.get())
    assert (kept.told, kept.name) == ("场租全额收取，协议写的是首年减半。", "田小诉")


def test_second_press_in_a_flood_is_led_to_the_receipt_of_the_first(visitor: Visitor, monkeypatch) -> None:
    visitor.tells()
    visitor.says_who()
    really = guard.judge

    def after_the_first(*_given, **_named) -> guard.Verdict:
        monkeypatch.setattr(guard, "judge", really)
        visitor.sends()
        return guard.Verdict(wait=600)

    monkeypatch.setattr(guard, "judge", after_the_first)
    assert visitor.sends().url == "/complain/received/"
    assert Complaint.objects.count() == 1
