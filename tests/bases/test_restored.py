"""A title that was restored: nobody is barred, the restoring is what came last, and it is said who restored it."""

from collections.abc import Callable

import pytest
from django.test import Client

from bases import actions
from bases.models import Revocation
from bases.views.base_events import base_events
from portal.accounts.capacity import Capacity
from portal.documents.letters import agency_of
from portal.documents.models import Letter
from portal.worklist.models import WorkItem
from tests.factories.cast import cast_at
from tests.factories.complaints import Story

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SignIn = Callable[[Capacity], Client]
BECAUSE = "其中一件投诉的认定已被推翻。"


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


@pytest.fixture(autouse=True)
def _today(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages live on the day of the story."""
    for module in ("revocations", "revoking", "for_operators"):
        monkeypatch.setattr(f"bases.views.{module}.business_today", lambda: story.on)


def restored(story: Story, authority: str) -> Letter:
    revocation = story.revoked()
    return actions.set_aside_revocation(revocation, authority=authority, because=BECAUSE, by=story.decider, on=story.on)


def words(letter: Letter) -> str:
    return "\n".join(block["text"] for block in letter.wording["body"])


def test_the_case_of_a_restored_title_names_no_ban(story: Story, sign_in: SignIn) -> None:
    case = f"/desk/revocations/{story.revoked().pk}/"
    page = sign_in(story.decider)
    assert "暂停申报至" in page.get(case).content.decode()
    authority = {"authority": "贵州省人民政府", "because": BECAUSE}
    actions.set_aside_revocation(Revocation.objects.get(), by=story.decider, on=story.on, **authority)
    assert "暂停申报至" not in page.get(case).content.decode()


def test_restored_on_the_day_it_was_revoked_the_restoring_stands_first(story: Story) -> None:
    restored(story, "贵州省人民政府")
    titles = [event.title for event in base_events(story.base, story.base.certifications.all(), story.on)]
    name = story.title.category_name
    assert titles.index(f"恢复{name}") < titles.index(f"撤销{name}")


@pytest.mark.parametrize("own", [True, False])
def test_a_bureau_that_undoes_its_own_decision_says_so(story: Story, own: bool) -> None:
    letter = restored(story, "本机关" if own else "贵州省人民政府")
    bureau = agency_of(story.cast.province).name
    assert ("本机关自行撤销" in words(letter)) is own
    assert ("已由贵州省人民政府撤销" in words(letter)) is not own
    assert Revocation.objects.get().authority == (bureau if own else "贵州省人民政府")


def test_a_plaque_that_was_demanded_back_stays_where_it_is(story: Story) -> None:
    letter = restored(story, "贵州省人民政府")
    demanded = Revocation.objects.get().plaque_letter
    assert demanded is not None
    assert demanded.voided_on == story.on
    assert f"{demanded.reference}）作废，牌匾和证书不用交回。" in words(letter)
    assert not WorkItem.objects.waiting().filter(kind="bases.plaque_recovery").exists()
