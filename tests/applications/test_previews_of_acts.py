"""Before an act issues a numbered letter the officer can read it, and reading it changes nothing."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Application
from portal.accounts.capacity import Capacity
from portal.documents.models import Letter
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
NO_NUMBER = "预览（还没有发出，没有文号）"
REASON = "孵化面积不足申报面积的一半。"


def _unmoved(application: Application, letters: int) -> bool:
    fresh = dossiers.fresh(application)
    return (fresh.status, fresh.revision, Letter.objects.count()) == (application.status, application.revision, letters)


@pytest.mark.slow
def test_the_city_reads_that_its_opinion_issues_a_numbered_letter_and_may_read_the_letter(
    cast: Cast, sign_in: SignIn
) -> None:
    application = dossiers.recommended(cast)
    client, letters = sign_in(cast.city_caseworker), Letter.objects.count()
    page = client.get(reverse("applications:case", args=[application.pk])).content.decode()
    assert "保存时生成推荐函并编文号" in page
    said = {"verdict": "for", "text": "同意推荐申报。", "seen": application.revision, "act": "preview"}
    shown = client.post(reverse("applications:opinion", args=[application.pk]), said).content.decode()
    assert NO_NUMBER in shown
    assert "推荐意见：同意推荐申报。" in shown
    assert _unmoved(application, letters)


@pytest.mark.slow
def test_an_opinion_against_has_no_letter_to_read(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.recommended(cast)
    letters = Letter.objects.count()
    said = {"verdict": "against", "text": "不同意推荐。", "seen": application.revision, "act": "preview"}
    shown = sign_in(cast.city_caseworker).post(reverse("applications:opinion", args=[application.pk]), said)
    assert NO_NUMBER not in shown.content.decode()
    assert "选“不同意”不生成推荐函" in shown.content.decode()
    assert _unmoved(application, letters)


@pytest.mark.slow
def test_a_step_that_writes_no_letter_offers_none(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    page = sign_in(cast.county_caseworker).get(reverse("applications:case", args=[application.pk])).content.decode()
    assert "预览推荐函" not in page


@pytest.mark.slow
def test_the_approver_may_read_the_approval_and_the_refusal_first(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.for_approval(cast)
    client, letters = sign_in(cast.approver), Letter.objects.count()
    said = {"approve-reason": "条件符合。", "approve-seen": application.revision, "act": "preview"}
    shown = client.post(reverse("applications:approve", args=[application.pk]), said).content.decode()
    assert NO_NUMBER in shown
    assert "（批准时编号）" in shown
    said = {"reason": REASON, "seen": application.revision, "act": "preview"}
    shown = client.post(reverse("applications:refuse", args=[application.pk]), said).content.decode()
    assert NO_NUMBER in shown
    assert "不予认定决定书" in shown
    assert _unmoved(application, letters)
