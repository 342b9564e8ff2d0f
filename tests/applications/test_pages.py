"""Every page of an application shows itself at every status, to those who may see it; to others it does not exist."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Application
from portal.accounts.capacity import VISITOR, Capacity
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SignIn = Callable[[Capacity], Client]


def _returned(cast: Cast) -> Application:
    application = dossiers.submitted(cast)
    items = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同附图不一致。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    return dossiers.fresh(application)


def _resubmitted(cast: Cast) -> Application:
    application = _returned(cast)
    typed = dossiers.complete_answers(premises={"incubation_area": "3100"})["premises"]
    at = dossiers.moment(dossiers.FILED, 15)
    actions.save_section(application, section="premises", typed=typed, by=cast.wang, at=at)
    actions.submit_application(application, by=cast.wang, at=at, declared=True, replies=dossiers.SAME_PAGE)
    return dossiers.fresh(application)


def _objected(cast: Cast) -> Application:
    application, notice = dossiers.publicised(cast)
    actions.receive_objection(
        notice,
        application=application,
        name="张某",
        contact="13800000000",
        reason="该基地孵化面积与公示不符。",
        by=VISITOR,
        on=notice.published_on,
    )
    return application


def _refused(cast: Cast) -> Application:
    application = dossiers.for_approval(cast)
    on = datetime.date(2026, 3, 18)
    actions.refuse_application(application, reason="孵化面积不足申报面积的一半。", by=cast.approver, on=on)
    return dossiers.fresh(application)


STATES: dict[str, Callable[[Cast], Application]] = {
    "draft": dossiers.draft,
    "submitted": dossiers.submitted,
    "returned": _returned,
    "resubmitted": _resubmitted,
    "recommended": dossiers.recommended,
    "reviewed by city": dossiers.reviewed_by_city,
    "visited": dossiers.visited,
    "reviewed": dossiers.reviewed,
    "objected": _objected,
    "for approval": dossiers.for_approval,
    "approved": dossiers.approved,
    "refused": _refused,
}
MINE = ["overview", "files", "check", "as_filed", "withdraw"]
DESK = ["case", "case_as_filed"]
ACTS = {"correct": "county_caseworker", "visit": "province_caseworker", "refuse": "approver", "send_back": "approver"}


@pytest.mark.parametrize("state", STATES)
def test_every_page_at_every_status(cast: Cast, sign_in: SignIn, state: str) -> None:
    application = STATES[state](cast)
    wang, stranger = sign_in(cast.wang), sign_in(cast.other_operator)
    assert wang.get(reverse("applications:mine")).status_code == 200
    for name in MINE:
        url = reverse(f"applications:{name}", args=[application.pk])
        assert wang.get(url).status_code in {200, 302}, name
        assert stranger.get(url).status_code == 404, name
    for section in ("unit", "team", "premises", "tenants"):
        assert wang.get(reverse("applications:section", args=[application.pk, section])).status_code == 200
    if state != "draft":
        _officers_pages(cast, sign_in, application)


def _officers_pages(cast: Cast, sign_in: SignIn, application: Application) -> None:
    county, city, province = (sign_in(who) for who in (cast.county_caseworker, cast.city_caseworker, cast.approver))
    neighbour, elsewhere = sign_in(cast.neighbour), sign_in(cast.other_province)
    for name in DESK:
        url = reverse(f"applications:{name}", args=[application.pk])
        assert [client.get(url).status_code for client in (county, city, province)] == [200] * 3, name
        assert [client.get(url).status_code for client in (neighbour, elsewhere)] == [404] * 2, name
    for name, who in ACTS.items():
        url = reverse(f"applications:{name}", args=[application.pk])
        assert sign_in(getattr(cast, who)).get(url).status_code == 200, name
    call = reverse("applications:call", args=[application.call_id])
    assert [client.get(call).status_code for client in (county, province)] == [200, 200]
    if application.notice_id:
        assert province.get(reverse("applications:notice", args=[application.notice_id])).status_code == 200
    for objection in application.objections.all():
        url = reverse("applications:objection", args=[objection.pk])
        assert sign_in(cast.province_caseworker).get(url).status_code == 200
        assert county.get(url).status_code == 404


def test_draft_is_nobodys_business_but_the_operators(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.draft(cast)
    assert sign_in(cast.approver).get(reverse("applications:case", args=[application.pk])).status_code == 404


def test_dossier_costs_a_constant_number_of_queries(
    cast: Cast, sign_in: SignIn, settings: Any, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    settings.CALENDAR_RECHECK_SECONDS = 60  # as in production: what rarely changes is read rarely
    application = dossiers.for_approval(cast)
    client = sign_in(cast.approver)
    url = reverse("applications:case", args=[application.pk])
    client.get(url)
    with django_assert_max_num_queries(3 + 17):  # two for the savepoint of the test, one says how to plan
        assert client.get(url).status_code == 200


def test_tab_left_open_since_yesterday_is_told_who_was_first(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.recommended(cast)
    seen = application.revision
    client = sign_in(cast.city_caseworker)
    items = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同附图不一致。"}]
    actions.return_for_correction(application, items=items, by=cast.city_caseworker, on=dossiers.FILED)
    answer = client.post(
        reverse("applications:opinion", args=[application.pk]), {"verdict": "for", "text": "同意", "seen": seen}
    )
    assert answer.status_code == 409
    assert "李市办" in answer.content.decode()
    assert dossiers.fresh(application).status == "returned"


@pytest.mark.parametrize("page", ["case", "case_as_filed"])
def test_an_officer_sees_which_paper_the_register_itself_proves(cast: Cast, sign_in: SignIn, page: str) -> None:
    application = dossiers.draft(cast)
    application.attachments.get(slot="city_recognition").delete()
    actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    title = cast.base.certifications.get(title="city")
    shown = sign_in(cast.city_caseworker).get(reverse(f"applications:{page}", args=[application.pk])).content.decode()
    assert "<dt>市（州）级认定文件</dt>" in shown
    assert f"名册里已登记：市级创业孵化基地，2024-05-06 认定，编号 {title.number}（免交）" in shown


def test_a_paper_that_was_uploaded_is_not_called_exempt(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    page = sign_in(cast.city_caseworker).get(reverse("applications:case", args=[application.pk])).content.decode()
    assert "city_recognition.pdf" in page
    assert "（免交）" not in page
