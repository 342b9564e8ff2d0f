"""Objections at the desk: entered when they come on paper, opened by the bureau that answers them and nobody else."""

import datetime
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Objection
from portal.accounts.capacity import VISITOR, Capacity
from portal.documents.models import Upload
from portal.worklist.models import WorkItem
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_the_day_of_the_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("applications.views.for_officers.publicity.business_today", lambda: dossiers.FILED)


def _said(application_id: int, **changes: object) -> dict[str, object]:
    return {
        "application": application_id,
        "name": "来信人张某",
        "contact": "13800000000",
        "reason": "来信反映该基地孵化面积与公示不符。",
        **changes,
    }


def test_written_objection_is_entered_with_its_scan(cast: Cast, sign_in: SignIn) -> None:
    application, notice = dossiers.publicised(cast)
    client = sign_in(cast.province_caseworker)
    address = reverse("applications:enter_objection", args=[notice.pk])
    assert address in client.get(reverse("applications:notice", args=[notice.pk])).content.decode()
    scan = SimpleUploadedFile("来信.pdf", dossiers.blank_pdf(), "application/pdf")
    answer = client.post(address, _said(application.pk, evidence=scan))
    objection = Objection.objects.get()
    assert answer.url == reverse("applications:objection", args=[objection.pk])
    assert (objection.entered_by, objection.name) == (cast.province_caseworker.user, "来信人张某")
    assert objection.evidence.count() == 1


def test_scan_of_an_objection_that_is_not_taken_is_not_kept(cast: Cast, sign_in: SignIn) -> None:
    application, notice = dossiers.publicised(cast)
    client, kept = sign_in(cast.province_caseworker), Upload.objects.count()
    notice.closed_on = dossiers.FILED
    notice.save()
    scan = SimpleUploadedFile("来信.pdf", dossiers.blank_pdf(), "application/pdf")
    answer = client.post(
        reverse("applications:enter_objection", args=[notice.pk]), _said(application.pk, evidence=scan)
    )
    assert answer.status_code == 422
    assert "现在不在公示期内" in answer.content.decode()
    assert (Objection.objects.count(), Upload.objects.count()) == (0, kept)


def test_only_who_answers_objections_enters_them(cast: Cast, sign_in: SignIn) -> None:
    _application, notice = dossiers.publicised(cast)
    address = reverse("applications:enter_objection", args=[notice.pk])
    assert sign_in(cast.city_caseworker).get(address).status_code == 404
    assert sign_in(cast.approver).get(address).status_code == 403
    page = sign_in(cast.approver).get(reverse("applications:notice", args=[notice.pk])).content.decode()
    assert address not in page


@pytest.mark.slow
@pytest.mark.parametrize(
    "reader", ["county_caseworker", "city_caseworker", "auditor", "province_caseworker", "approver"]
)
def test_code_and_page_of_an_objection_are_shown_to_who_may_open_it(cast: Cast, sign_in: SignIn, reader: str) -> None:
    application, notice = dossiers.publicised(cast)
    objection = actions.receive_objection(
        notice,
        application=application,
        name="张某",
        contact="13800000000",
        reason="该基地孵化面积与公示不符。",
        by=VISITOR,
        on=dossiers.FILED,
    )
    client = sign_in(getattr(cast, reader))
    target = reverse("applications:objection", args=[objection.pk])
    may_open = client.get(target).status_code == 200
    assert may_open == (reader in {"province_caseworker", "approver"})
    for name, subject in (("notice", notice), ("case", application)):
        page = client.get(reverse(f"applications:{name}", args=[subject.pk])).content.decode()
        assert (target in page) == may_open, name
        assert (objection.number in page) == may_open, name
        assert "待答复" in page, name


def test_whoever_answers_an_objection_sees_until_when_why_and_under_which_clause(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, notice = dossiers.publicised(cast)
    said = {"name": "张某", "contact": "13800000000", "reason": "该基地孵化面积与公示不符。"}
    objection = actions.receive_objection(notice, application=application, by=VISITOR, on=dossiers.FILED, **said)
    monkeypatch.setattr("portal.web.context_processors.business_today", lambda: dossiers.FILED)
    client = sign_in(cast.province_caseworker)
    address = reverse("applications:objection", args=[objection.pk])
    page = client.get(address).content.decode()
    due = WorkItem.objects.get(subject_id=str(objection.pk), kind="applications.objection").due
    assert '<dt>最迟答复</dt><dd>2026-03-16 <a class="clause' in page
    assert due["sum"] in page
    assert "，2026-03-16</span>" in page  # the chip beside the heading, as on every page that waits
    actions.answer_objection(
        objection, founded=False, answer="经现场核实，面积相符。", by=cast.province_caseworker, on=dossiers.FILED
    )
    assert "最迟答复" not in client.get(address).content.decode()
