"""A bureau's own settings: its profile in print, and its local days, which move what runs."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client

from portal.accounts.capacity import Capacity
from portal.audit.models import AuditEvent
from portal.deadlines.calendar import calendar_for, forget
from portal.deadlines.models import CalendarDay
from portal.desk.bureau import actions, views
from portal.errors import DomainError, NotAllowed
from portal.jurisdictions.models import AgencyProfile
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 3, 18)  # a Wednesday within the term of twenty working days from 9 March
ON = datetime.date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _calendar(monkeypatch: pytest.MonkeyPatch):
    forget()
    monkeypatch.setattr(views, "business_today", lambda: ON)
    yield
    forget()


def add(cast: Cast, day: datetime.date = DAY, kind: str = "off") -> int:
    return actions.add_day(
        cast.province, day, kind=kind, name="三月三", source="×办发〔2026〕1 号", by=cast.approver, on=ON
    )


def test_a_local_day_off_moves_every_term_that_runs_over_it_and_its_removal_moves_it_back(cast: Cast) -> None:
    application = dossiers.submitted(cast)
    before = application.due_on
    assert before is not None
    assert before > DAY
    assert add(cast) == 1  # the case and its item on the list are one matter
    moved = dossiers.fresh(application)
    assert moved.due_on == calendar_for(cast.county).add_workdays(before, 1)
    assert moved.due is not None
    assert AuditEvent.objects.filter(verb="application.reclocked_locally").count() == 1
    assert AuditEvent.objects.get(verb="calendar.day_added").facts["moved"] == 1
    row = CalendarDay.objects.get(jurisdiction=cast.province)
    assert actions.remove_day(row, because="通知已经调整", by=cast.approver, on=ON) == 1
    assert dossiers.fresh(application).due_on == before
    assert AuditEvent.objects.get(verb="calendar.day_removed").facts["because"] == "通知已经调整"


def test_terms_elsewhere_and_terms_that_do_not_meet_the_day_stay(cast: Cast) -> None:
    application = dossiers.submitted(cast)
    assert add(cast, datetime.date(2026, 12, 1)) == 0
    assert add(cast, datetime.date(2026, 3, 9)) == 0  # the day it was filed is not counted
    assert dossiers.fresh(application).due_on == application.due_on


def test_a_day_stands_once_and_only_where_it_holds(cast: Cast) -> None:
    add(cast)
    with pytest.raises(DomainError, match="已有一条"):
        add(cast)
    assert not calendar_for(cast.county).is_workday(DAY)
    assert calendar_for(cast.other_province.jurisdiction).is_workday(DAY)


@pytest.mark.parametrize("part", ["city_approver", "province_caseworker", "wang", "system_admin"])
def test_only_the_approvers_of_the_bureau_change_its_days_and_profile(part: str, cast: Cast) -> None:
    by = getattr(cast, part)
    with pytest.raises(NotAllowed):
        actions.add_day(cast.province, DAY, kind="off", name="三月三", source="文件", by=by, on=ON)
    with pytest.raises(NotAllowed):
        actions.change_agency(cast.province, {"phone": "1"}, by=by, on=ON)


def test_the_page_enters_a_day_and_takes_it_out_with_a_reason(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    client = sign_in(cast.approver)
    form = {"day": "2026-03-18", "kind": "off", "name": "三月三", "source": "×办发〔2026〕1 号"}
    assert client.post("/desk/calendar/", form).status_code == 302
    assert "三月三" in client.get("/desk/calendar/?year=2026").content.decode()
    again = client.post("/desk/calendar/", form)
    assert (again.status_code, "已有一条" in again.content.decode()) == (422, True)
    assert client.post("/desk/calendar/", {**form, "day": "1999-01-01"}).status_code == 422
    row = CalendarDay.objects.get(jurisdiction=cast.province)
    assert sign_in(cast.city_approver).get(f"/desk/calendar/{row.pk}/remove/").status_code == 404
    assert client.post(f"/desk/calendar/{row.pk}/remove/", {}).status_code == 422
    assert client.post(f"/desk/calendar/{row.pk}/remove/", {"because": "通知调整"}).status_code == 302
    assert not CalendarDay.objects.filter(jurisdiction=cast.province).exists()


def test_a_day_off_within_a_notice_is_put_before_the_approver(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    _application, notice = dossiers.publicised(cast)
    client = sign_in(cast.approver)
    assert notice.title not in client.get("/desk/calendar/?year=2026").content.decode()
    form = {"day": "2026-03-13", "kind": "off", "name": "三月三", "source": "×办发〔2026〕1 号"}
    page = client.post("/desk/calendar/", form, follow=True).content.decode()
    assert notice.title in page
    assert "只有 4 个工作日，应为 5 个" in page
    ends_on = notice.ends_on
    notice.refresh_from_db()
    assert notice.ends_on == ends_on


def test_a_day_that_changes_nothing_is_refused_and_a_past_one_is_remarked(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    client = sign_in(cast.approver)
    form = {"day": "2026-03-21", "kind": "off", "name": "三月三", "source": "×办发〔2026〕1 号"}
    saturday = client.post("/desk/calendar/", form)
    assert (saturday.status_code, "本来就不上班" in saturday.content.decode()) == (422, True)
    monday = client.post("/desk/calendar/", {**form, "day": "2026-03-23", "kind": "work"})
    assert (monday.status_code, "本来就上班" in monday.content.decode()) == (422, True)
    past = client.post("/desk/calendar/", {**form, "day": "2026-03-09"}, follow=True)
    assert "已经过去" in past.content.decode()


def test_the_profile_is_kept_with_its_old_values_on_record(cast: Cast, sign_in: Callable[[Capacity], Client]) -> None:
    client = sign_in(cast.approver)
    form = {"name": "贵州省人力资源和社会保障厅", "short_name": "省人社厅", "phone": "0851-00000000"}
    assert client.post("/desk/agency/", form).status_code == 302
    assert client.post("/desk/agency/", {**form, "phone": "0851-11111111"}).status_code == 302
    assert AgencyProfile.objects.get(jurisdiction=cast.province).phone == "0851-11111111"
    facts = AuditEvent.objects.filter(verb="agency.changed").order_by("seq").last().facts
    assert (facts["before"], facts["after"]) == ({"phone": "0851-00000000"}, {"phone": "0851-11111111"})
    assert client.post("/desk/agency/", {"name": ""}).status_code == 422


def test_the_next_days_off_come_first_the_form_after_them_and_what_is_over_is_folded(cast: Cast, sign_in) -> None:
    answer = sign_in(cast.approver).get("/desk/calendar/")
    days, page = answer.context["days"], answer.content.decode()
    assert len(days["coming"]) == views.NEXT_DAYS
    assert [day.date for day in days["coming"]] == sorted(day.date for day in days["coming"])
    assert days["past"][0].date < ON <= days["coming"][0].date
    assert days["later"][0].date > days["coming"][-1].date
    shown, folded = page.split("<details", 1)
    assert str(days["coming"][-1].date) in shown
    assert f"再往后 {len(days['later'])} 天" in folded
    assert f"已经过去 {len(days['past'])} 天" in folded
    assert "<details open" not in page


def test_a_year_that_is_over_is_shown_and_one_without_days_left_leads_on(
    cast: Cast, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(cast.approver)
    over = client.get("/desk/calendar/?year=2025").content.decode()
    assert '<details class="panel white" open>' in over
    monkeypatch.setattr(views, "business_today", lambda: datetime.date(2026, 12, 30))
    late = client.get("/desk/calendar/").content.decode()
    assert '2026 年余下没有放假或调休。 <a href="?year=2027">看 2027 年</a>' in late
