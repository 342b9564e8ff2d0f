"""Where a case stands: with whom it lies, what is over and what is waited for, the same on every page of officers."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Application, Objection, PublicNotice
from portal.accounts.capacity import VISITOR, Capacity
from portal.worklist.models import WorkItem
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SignIn = Callable[[Capacity], Client]
ITEMS = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同附图不一致。"}]


def objected(cast: Cast) -> tuple[Application, PublicNotice, datetime.date]:
    """Return a case to which somebody objected on the last day of its notice; and until when the answer is due."""
    application, notice = dossiers.publicised(cast)
    said = {"name": "李某某", "contact": "13800000000", "reason": "孵化面积与实际不符，请核实。"}
    found = actions.receive_objection(notice, application=application, by=VISITOR, on=notice.ends_on, **said)
    item = WorkItem.objects.get(subject_type=Objection._meta.label_lower, subject_id=str(found.pk))
    assert item.due_on is not None
    return application, notice, item.due_on


def on_that_day(monkeypatch: pytest.MonkeyPatch, day: datetime.date) -> None:
    for where in ("cases", "publicity", "calls"):
        monkeypatch.setattr(f"applications.views.for_officers.{where}.business_today", lambda: day)
    monkeypatch.setattr("applications.views.progress.business_today", lambda: day)
    monkeypatch.setattr("portal.web.context_processors.business_today", lambda: day)


def pages(client: Client, application: Application, notice: PublicNotice) -> dict[str, str]:
    addresses = {
        "case": reverse("applications:case", args=[application.pk]),
        "notice": reverse("applications:notice", args=[notice.pk]),
        "call": reverse("applications:call", args=[application.call_id]),
        "base": reverse("desk:base", args=[application.base_id]),
    }
    return {name: client.get(address).content.decode() for name, address in addresses.items()}


def test_notice_is_never_overdue_its_end_and_what_is_waited_for_are_said(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, notice, until = objected(cast)
    on_that_day(monkeypatch, notice.ends_on + datetime.timedelta(days=5))
    found = pages(sign_in(cast.province_caseworker), application, notice)
    for name, page in found.items():
        assert "公示期已满" in page, name
        assert ">公示中<" not in page, name
    assert "公示期已满 1<" in found["call"]
    for name in ("case", "notice"):
        assert "逾期" not in found[name]
        assert f"公示期到 {notice.ends_on}（含当日），已满。" in found[name]
        assert f"还有 1 件异议没有答复，答复期限 {until}（含当日）；全部答复后转入下一环节。" in found[name]


def test_notice_that_runs_says_until_when(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    application, notice, _until = objected(cast)
    on_that_day(monkeypatch, notice.ends_on)
    found = pages(sign_in(cast.province_caseworker), application, notice)
    for name, page in found.items():
        assert "公示期已满" not in page, name
        assert "公示中" in page, name
    assert "公示中 1<" in found["call"]
    for name in ("call", "base"):
        assert f"公示到 {notice.ends_on}（含当日）" in found[name]


def test_answer_to_an_objection_that_is_late_is_said_to_be_late(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, notice, until = objected(cast)
    on_that_day(monkeypatch, until + datetime.timedelta(days=1))
    found = pages(sign_in(cast.province_caseworker), application, notice)
    assert f"答复期限 {until}（含当日）已过；全部答复后转入下一环节。" in found["case"]


def test_case_in_correction_lies_with_its_operator_on_every_page(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.recommended(cast)
    actions.return_for_correction(application, items=ITEMS, by=cast.city_caseworker, on=dossiers.FILED)
    client = sign_in(cast.city_caseworker)
    said = f"{application.operator.name}（{cast.city.name}退回补正）"
    assert said in client.get(reverse("applications:case", args=[application.pk])).content.decode()
    assert said in client.get(reverse("applications:call", args=[application.call_id])).content.decode()
    assert said in client.get(reverse("desk:base", args=[application.base_id])).content.decode()
    (row,) = [row for row in client.get("/desk/?queue=started").context["rows"] if row.item.operator_id]
    assert row.holder == application.operator.name


def test_officer_of_another_post_reads_whose_step_it_is(cast: Cast, sign_in: SignIn) -> None:
    address = reverse("applications:case", args=[dossiers.for_approval(cast).pk])
    said = "待批准：这一步由本单位审批岗办理，您现在的岗位不办这一步。"
    assert said in sign_in(cast.province_caseworker).get(address).content.decode()
    assert said not in sign_in(cast.approver).get(address).content.decode()
    assert said not in sign_in(cast.city_caseworker).get(address).content.decode()


def test_case_on_public_notice_waits_for_nobody_and_the_list_says_where_it_is(cast: Cast, sign_in: SignIn) -> None:
    application, notice = dossiers.publicised(cast)
    client = sign_in(cast.county_caseworker)
    page = client.get("/desk/?queue=started")
    assert (page.context["rows"], "在公示期内的办件不列在这里" in page.content.decode()) == ([], True)
    assert "办结以前都列在这里" not in page.content.decode()
    call = client.get(reverse("applications:call", args=[application.call_id])).content.decode()
    assert reverse("applications:notice", args=[notice.pk]) in call
    assert "在公示期内的办件" not in client.get("/desk/").content.decode()
