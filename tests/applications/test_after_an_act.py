"""After an act the officer reads what was done with which case, and opens the next one only by choice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from applications import actions
from portal.accounts.capacity import VISITOR, Capacity
from portal.jurisdictions.models import JurisdictionOwned
from portal.worklist.items import open_work
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.people import officer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SignIn = Callable[[Capacity], Client]
OTHER = "/desk/applications/4711/"


def _another_waits(subject: JurisdictionOwned, by: Capacity, permission: str) -> None:
    """Put another case on the desk, as the next in line."""
    details: dict[str, Any] = {"task": "初审，写审核意见", "title": "另一家基地", "url": OTHER}
    open_work(
        subject, "calls.publication", desk=by.jurisdiction, permission=permission, by=by, on=dossiers.FILED, **details
    )


def _says(answer: HttpResponse, client: Client, *words: str) -> None:
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("desk:worklist")
    shown = client.get(answer.headers["Location"]).content.decode()
    assert all(each in shown for each in (*words, f'<a href="{OTHER}">下一件：另一家基地'))


def test_after_an_opinion(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    _another_waits(cast.base, cast.county_caseworker, "applications.give_opinion")
    client = sign_in(cast.county_caseworker)
    said = {"verdict": "for", "text": "材料齐全。", "seen": application.revision}
    answer = client.post(reverse("applications:opinion", args=[application.pk]), said)
    _says(answer, client, f"{cast.base.name}：意见已保存，已报下一环节，现由贵阳市", "待初审")


def test_after_an_objection_was_answered(cast: Cast, sign_in: SignIn) -> None:
    application, notice = dossiers.publicised(cast)
    objection = actions.receive_objection(
        notice,
        application=application,
        name="张某",
        contact="13800000000",
        reason="该基地孵化面积与公示不符。",
        by=VISITOR,
        on=notice.published_on,
    )
    _another_waits(cast.base, cast.province_caseworker, "applications.give_opinion")
    client = sign_in(cast.province_caseworker)
    said = {"founded": "no", "answer": "经核实相符。"}
    answer = client.post(reverse("applications:objection", args=[objection.pk]), said)
    _says(answer, client, f"{cast.base.name}：对它的公示异议已答复。")


def test_course_of_a_case_names_objection_and_answer_but_nobody_who_objected(cast: Cast, sign_in: SignIn) -> None:
    application, notice = dossiers.publicised(cast)
    said = {"name": "张某", "contact": "13800000000", "reason": "该基地孵化面积与公示不符。"}
    objection = actions.receive_objection(notice, application=application, by=VISITOR, on=notice.published_on, **said)
    on = notice.published_on
    actions.answer_objection(objection, founded=False, answer="经核实相符。", by=cast.province_caseworker, on=on)
    page = sign_in(cast.approver).get(reverse("applications:case", args=[application.pk]))
    events = [(event.title, event.who) for event in page.context["events"]]
    assert events[-2] == ("收到公示异议", "")
    assert events[-1][0] == "答复公示异议"
    assert "张某" not in page.content.decode()


def test_officers_never_see_the_code_that_opens_an_objection_to_who_made_it(cast: Cast, sign_in: SignIn) -> None:
    application, notice = dossiers.publicised(cast)
    said = {"name": "张某", "contact": "13800000000", "reason": "该基地孵化面积与公示不符。"}
    objection = actions.receive_objection(notice, application=application, by=VISITOR, on=notice.published_on, **said)
    client = sign_in(cast.province_caseworker)
    addresses = [
        reverse("desk:worklist"),
        reverse("notifications:inbox"),
        reverse("applications:case", args=[application.pk]),
        reverse("applications:notice", args=[notice.pk]),
        reverse("applications:objection", args=[objection.pk]),
    ]
    for address in addresses:
        page = client.get(address).content.decode()
        assert objection.code not in page, address
        assert objection.number in page, address


def test_work_one_has_is_handed_to_others_only(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    client, url = sign_in(cast.county_caseworker), f"/desk/applications/{application.pk}/assign/"
    page = client.get(url).content.decode()
    assert "没有别的同事有权办理这一步" in page
    assert "转给他办理" not in page
    colleague = officer("钱同事", cast.county.code)
    assert list(client.get(url).context["form"].fields["to"].queryset) == [colleague.user]


def test_a_stale_page_says_the_business_day_of_the_act_that_came_first(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    colleague = officer("钱同事", cast.county.code)
    client, url = sign_in(colleague), reverse("applications:opinion", args=[application.pk])
    said = {"verdict": "for", "text": "材料齐全。", "seen": application.revision}
    on = dossiers.FILED  # entered on another day than the one the machine shows
    actions.give_opinion(application, verdict="for", text="同意。", by=cast.county_caseworker, on=on)
    late = client.post(url, said)
    assert late.status_code == 409
    assert f"{cast.county_caseworker.label}于 2026-03-09 已办理这件申报" in late.content.decode()
