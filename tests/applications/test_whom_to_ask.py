"""Whom an applicant asks: one bureau at a time, by what it has published, the same on every page and on paper."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from applications import actions
from applications.actions.own_bases import why_the_bureau
from portal.accounts.capacity import Capacity
from portal.accounts.models import Membership
from portal.documents.models import Letter
from portal.jurisdictions.models import AgencyProfile
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.people import place

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
DAY = datetime.timedelta(days=1)


def _agency(code: str, name: str, phone: str, **more: str) -> None:
    said = {"name": name, "short_name": name, "phone": phone, **more}
    AgencyProfile.objects.update_or_create(jurisdiction=place(code), defaults=said)


def _asked(client: Client, page: str) -> tuple[str, str]:
    answer = client.get(page)
    ask, shown = answer.context["ask"], answer.content.decode()
    assert ask.name in shown
    assert not ask.phone or ask.phone in shown
    return ask.name, ask.phone


def _words(answer: HttpResponse) -> str:
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def _correction() -> str:
    return str(Letter.objects.get(kind="application.correction").wording["body"])


def test_the_bureau_that_has_the_case_is_the_one_to_ask_on_every_page(cast: Cast, sign_in: SignIn) -> None:
    _agency("520000", "贵州省人社厅", "0851-11111111")
    _agency(cast.city.code, "贵阳市人社局", "0851-00000000")
    _agency(cast.county.code, "云岩区人社局", "0851-33333333")
    application = dossiers.draft(cast, dossiers.open_call(cast, contact="0851-22222222"))
    client, pages = sign_in(cast.wang), ("/my/", f"/my/applications/{application.pk}/")
    section = f"/my/applications/{application.pk}/sections/unit/"
    for page in (*pages, section):
        assert _asked(client, page) == ("云岩区人社局", "0851-33333333")
    actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    for page in (*pages, section, f"/my/applications/{application.pk}/submitted/1/"):
        assert _asked(client, page) == ("云岩区人社局", "0851-33333333")
    here = {"by": cast.county_caseworker, "on": dossiers.FILED}
    actions.give_opinion(dossiers.fresh(application), verdict="for", text="材料齐全，同意推荐。", **here)
    for page in pages:
        assert _asked(client, page) == ("贵阳市人社局", "0851-00000000")


def test_before_anything_is_handed_in_the_bureau_that_receives_it_first_is_the_one_to_ask_throughout(
    cast: Cast, sign_in: SignIn, time_machine: Any
) -> None:
    _agency("520000", "贵州省人社厅", "0851-11111111")
    _agency(cast.county.code, "云岩区人社局", "0851-33333333")
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    client, nearest = sign_in(cast.wang), ("云岩区人社局", "0851-33333333")
    assert _asked(client, "/my/") == nearest  # no call yet
    call = dossiers.open_call(cast, contact="0851-22222222")
    for page in ("/my/", f"/my/calls/{call.pk}/"):  # the city title is missing: nothing can be begun
        assert _asked(client, page) == nearest
    application = dossiers.draft(cast, call)
    for page in ("/my/", f"/my/applications/{application.pk}/"):
        assert _asked(client, page) == nearest
    actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    assert _asked(client, "/my/") == nearest


def test_what_the_bureau_published_stands_on_the_page_as_in_its_letter(cast: Cast, sign_in: SignIn) -> None:
    where = {"address": "延安东路 1 号", "office_hours": "工作日 9:00–17:00"}
    _agency(cast.county.code, "云岩区人社局", "0851-00000103", **where)
    application = dossiers.submitted(cast)
    items = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "填3200，租赁合同为2800，请改正。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    letter = _correction()
    client = sign_in(cast.wang)
    base_page = client.get(f"/my/bases/{cast.base.pk}/").content.decode()
    for word in ("云岩区人社局", "0851-00000103", *where.values()):
        assert word in letter
        for page in ("/my/", f"/my/applications/{application.pk}/"):
            assert word in client.get(page).content.decode()
    assert "0851-00000103" in base_page


def test_where_the_bureau_has_published_no_phone_the_nearest_above_that_has_one_is_named_too(
    cast: Cast, sign_in: SignIn
) -> None:
    _agency(cast.city.code, "贵阳市人社局", "")
    _agency("520000", "贵州省人社厅", "0851-11111111")
    application = dossiers.submitted(cast)
    besides = "也可以问贵州省人社厅"
    for page in ("/my/", f"/my/applications/{application.pk}/", f"/my/applications/{application.pk}/submitted/1/"):
        shown = _words(sign_in(cast.wang).get(page))
        assert f"{besides}：0851-11111111" in shown
    assert f"{besides}，联系电话：0851-11111111。" in why_the_bureau(cast.base)
    items = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "填3200，租赁合同为2800，请改正。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    assert f"{besides}，联系电话：0851-11111111。" in _correction()


def test_a_case_that_ended_is_asked_about_at_the_same_bureau_on_the_home_and_on_its_own_page(
    cast: Cast, sign_in: SignIn, time_machine: Any
) -> None:
    _agency("520000", "贵州省人社厅", "0851-11111111")
    _agency(cast.county.code, "云岩区人社局", "0851-33333333")
    application = dossiers.approved(cast)
    assert application.decided_on is not None
    time_machine.move_to(dossiers.moment(application.decided_on + DAY))
    client = sign_in(cast.wang)
    assert _asked(client, "/my/") == _asked(client, f"/my/applications/{application.pk}/")
    assert _asked(client, "/my/")[0] == "贵州省人社厅"


def _nobody_in_the_county(cast: Cast) -> None:
    assert cast.county_caseworker.membership is not None
    Membership.objects.filter(pk=cast.county_caseworker.membership.pk).update(valid_to=dossiers.OPENED)


def test_where_the_first_office_has_nobody_in_post_it_is_said_before_the_first_field_and_refuses_nothing(
    cast: Cast, sign_in: SignIn, time_machine: Any
) -> None:
    call = dossiers.open_call(cast)
    dossiers.city_title(cast)
    _agency(cast.city.code, "贵阳市人社局", "0851-00000100")
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    page = f"/my/calls/{call.pk}/"
    assert "还没有能办理这一步的在岗人员" not in sign_in(cast.wang).get(page).content.decode()
    _nobody_in_the_county(cast)
    shown = _words(sign_in(cast.wang).get(page))
    assert "在本平台还没有能办理这一步的在岗人员，由贵阳市人社局督促办理" in shown
    assert "也可以问贵阳市人社局：0851-00000100" in shown
    answer = sign_in(cast.wang).post(page, {"base": cast.base.pk})
    assert answer.status_code == 302
    assert "在本平台还没有能办理这一步的在岗人员" in sign_in(cast.wang).get("/my/").content.decode()


def test_where_no_bureau_has_published_a_phone_nobody_is_told_to_call_before_the_first_field(
    cast: Cast, sign_in: SignIn, time_machine: Any
) -> None:
    call = dossiers.open_call(cast)
    dossiers.city_title(cast)
    AgencyProfile.objects.update(phone="")
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    _nobody_in_the_county(cast)
    shown = _words(sign_in(cast.wang).get(f"/my/calls/{call.pk}/"))
    assert "可以照常申报。" in shown
    assert "先打电话问" not in shown
    _agency(cast.city.code, "贵阳市人社局", "0851-00000100")
    assert "先打电话问：" in _words(sign_in(cast.wang).get(f"/my/calls/{call.pk}/"))


def test_the_receipt_promises_nothing_in_the_name_of_an_office_where_nobody_is(
    cast: Cast, sign_in: SignIn, time_machine: Any
) -> None:
    _agency(cast.city.code, "贵阳市人社局", "0851-00000100")
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    application = dossiers.submitted(cast)
    page = f"/my/applications/{application.pk}/submitted/1/"
    promise = f"云岩区办理，{application.due_on} 前（含当日）办结。"
    assert promise in _words(sign_in(cast.wang).get(page))
    _nobody_in_the_county(cast)
    for address in (page, f"/my/applications/{application.pk}/"):
        shown = _words(sign_in(cast.wang).get(address))
        assert promise not in shown
        assert f"期限是 {application.due_on}（含当日）" in shown
        assert "在本平台还没有能办理这一步的在岗人员，由贵阳市人社局督促办理" in shown
    assert "在本平台还没有能办理这一步的在岗人员" in sign_in(cast.wang).get("/my/").content.decode()
