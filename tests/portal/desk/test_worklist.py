"""待我办理: in the order of the law's days, cheap at any length, and what a superior may do about what lies below."""

import datetime
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import actions
from bases.models import Base
from portal.accounts.capacity import VISITOR, Capacity
from portal.accounts.roles import Permission
from portal.audit.models import AuditEvent
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import due
from portal.desk.worklist import queues, views
from portal.errors import DomainError, NotAllowed, StatusMoved
from portal.notifications.models import Notification
from portal.worklist.actions import urge_work
from portal.worklist.items import close_work, open_work
from portal.worklist.models import WorkItem
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.register import base as make_base

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 24)  # a Tuesday
KIND = "applications.recommendation"
TRANSACTION = ("SAVEPOINT", "RELEASE", "SET TRANSACTION", "ROLLBACK")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "business_today", lambda: TODAY)
    monkeypatch.setattr("portal.web.context_processors.business_today", lambda: TODAY)


def work(cast: Cast, name: str, due_on: datetime.date | None, **fields: Any) -> WorkItem:
    """Return an item on the county's desk, due on a day."""
    values: dict[str, Any] = {"desk": cast.county, "permission": Permission.GIVE_OPINION, "kind": KIND, **fields}
    base = make_base(cast.county.code, run_by=cast.operator, name=name)
    item = open_work(
        base,
        values.pop("kind"),
        task="核对申报材料，写推荐意见",
        title=name,
        url="/desk/",
        by=values.pop("by", cast.wang),
        on=datetime.date(2026, 11, 2),
        due=due(datetime.date(2026, 11, 2), 10, "workday", calendar_for(cast.county)),
        **values,
    )
    WorkItem.objects.filter(pk=item.pk).update(due_on=due_on, due=None)
    item.refresh_from_db()
    return item


def subject_of(item: WorkItem) -> Base:
    """Return the base an item is about."""
    return Base.objects.get(pk=item.subject_id)


def names(client: Client, query: str = "") -> list[str]:
    return [row.item.title for row in client.get(f"/desk/{query}").context["rows"]]


def test_the_overdue_come_first_and_what_has_no_term_last(cast: Cast, sign_in: Callable[[Capacity], Client]) -> None:
    work(cast, "以后", datetime.date(2026, 12, 20))
    work(cast, "逾期", datetime.date(2026, 11, 20))
    work(cast, "今日", TODAY)
    work(cast, "无期限", None)
    client = sign_in(cast.county_caseworker)
    assert names(client) == ["逾期", "今日", "以后", "无期限"]
    assert "逾期 2 个工作日" in client.get("/desk/").content.decode()


def test_soon_means_today_to_three_working_days(cast: Cast, sign_in: Callable[[Capacity], Client]) -> None:
    for name, day in {"昨日": 23, "今日": 24, "周五": 27}.items():
        work(cast, name, datetime.date(2026, 11, day))
    work(cast, "下周一", datetime.date(2026, 11, 30))
    client = sign_in(cast.county_caseworker)
    assert names(client, "?queue=soon") == ["今日", "周五"]
    page = client.get("/desk/")
    counts = page.context["counts"]
    assert (counts["mine"], counts["overdue"], counts["today"], counts["soon"]) == ("4", "1", "1", "2")
    assert "<b>1 件逾期</b>、2 件三个工作日内到期（其中今日 1 件）</p>" in page.content.decode()


def test_a_colleagues_item_waits_for_him_and_shows_under_the_whole_desk(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    work(cast, "别人的", TODAY, assignee=cast.neighbour.user)
    work(cast, "我的", TODAY, assignee=cast.county_caseworker.user)
    work(cast, "大家的", TODAY)
    client = sign_in(cast.county_caseworker)
    assert sorted(names(client)) == ["大家的", "我的"]
    assert names(client, "?who=me") == ["我的"]
    assert len(names(client, "?who=desk")) == 3


def test_other_desks_and_other_posts_do_not_see_it(cast: Cast, sign_in: Callable[[Capacity], Client]) -> None:
    work(cast, "县里的", TODAY)
    for other in (cast.neighbour, cast.city_caseworker, cast.approver):
        assert names(sign_in(other)) == []


def test_filters_find_by_unit_kind_and_term(cast: Cast, sign_in: Callable[[Capacity], Client]) -> None:
    work(cast, "白云铝谷", datetime.date(2026, 11, 20), reference="SQ-520103-2026-0007")
    work(cast, "花溪大学城", datetime.date(2026, 12, 20), kind="applications.objection")
    client = sign_in(cast.county_caseworker)
    assert names(client, "?q=铝谷") == ["白云铝谷"]
    assert names(client, "?q=2026-0007") == ["白云铝谷"]
    assert names(client, "?kind=applications.objection") == ["花溪大学城"]
    assert names(client, "?term=overdue") == ["白云铝谷"]
    assert len(names(client, "?term=nonsense&kind=x&page=999&who=<b>")) == 2


def test_a_county_left_over_from_another_city_is_dropped_and_the_total_counts_what_is_shown(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    work(cast, "贵阳的", TODAY)
    client = sign_in(cast.province_caseworker)
    for city, county, shown in (("520300", "520103", 0), ("520100", "520103", 1), ("520100", "520302", 1)):
        page = client.get(f"/desk/?queue=below&place={city}&county={county}").context
        assert (len(page["rows"]), page["page"].total) == (shown, shown), (city, county)
        assert page["form"].is_valid()


def test_a_condition_that_cannot_be_read_never_takes_the_total_of_the_whole_queue(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    work(cast, "白云铝谷", TODAY)
    work(cast, "花溪大学城", TODAY)
    page = sign_in(cast.county_caseworker).get("/desk/?q=铝谷&kind=nonsense").context["page"]
    assert (len(page), page.total) == (1, 1)


def test_what_one_did_and_passed_on_is_kept(cast: Cast, sign_in: Callable[[Capacity], Client]) -> None:
    done = work(cast, "办过的", TODAY)
    close_work(subject_of(done), by=cast.county_caseworker, on=TODAY)
    work(cast, "报市里的", TODAY, by=cast.county_caseworker, desk=cast.city)
    client = sign_in(cast.county_caseworker)
    assert names(client) == []
    assert names(client, "?queue=done") == ["办过的"]
    assert names(client, "?queue=started") == ["报市里的"]
    assert "贵阳市" in client.get("/desk/?queue=started").content.decode()


def test_what_one_handed_on_stays_listed_while_others_deal_with_it(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    first = work(cast, "初审过的", TODAY)
    subject = subject_of(first)
    close_work(subject, by=cast.county_caseworker, on=TODAY)
    second = open_work(
        subject, "applications.review", task="复审", title="初审过的", url="/desk/", by=cast.city_caseworker, on=TODAY,
        desk=cast.province, permission=Permission.GIVE_OPINION,
    )  # fmt: skip
    client = sign_in(cast.county_caseworker)
    assert names(client, "?queue=started") == [second.title]
    close_work(subject, by=cast.province_caseworker, on=TODAY)
    assert names(client, "?queue=started") == []


def test_what_was_done_after_its_day_is_marked_late(cast: Cast, sign_in: Callable[[Capacity], Client]) -> None:
    for name, due_on in (("按期", TODAY), ("迟办", TODAY - datetime.timedelta(days=1))):
        close_work(subject_of(work(cast, name, due_on)), by=cast.county_caseworker, on=TODAY)
    page = sign_in(cast.county_caseworker).get("/desk/?queue=done").content.decode()
    assert page.count("逾期办结") == 1


def test_the_place_of_an_objection_is_where_the_base_lies(cast: Cast, sign_in: Callable[[Capacity], Client]) -> None:
    _application, notice = dossiers.publicised(cast)
    objection = actions.receive_objection(
        notice, application=_application, name="张某", contact="13800000000", reason="该基地孵化面积与公示不符。",
        by=VISITOR, on=dossiers.FILED,
    )  # fmt: skip
    item = WorkItem.objects.get(kind="applications.objection")
    assert (item.lies_at, item.jurisdiction) == (cast.base.jurisdiction, objection.jurisdiction)
    client = sign_in(cast.province_caseworker)
    assert item.title in names(client, f"?place={cast.city.code}&county={cast.county.code}")
    assert names(client, "?place=520300") == []
    assert 'class="clause"' in client.get("/desk/").content.decode()


def test_nothing_ticked_is_not_a_workbook_of_everything(cast: Cast, sign_in: Callable[[Capacity], Client]) -> None:
    work(cast, "以后", datetime.date(2026, 12, 20))
    answer = sign_in(cast.county_caseworker).get("/desk/export/?queue=mine&chosen=1", follow=True)
    assert "没有选中办件" in answer.content.decode()


@pytest.mark.parametrize("part", ["city_caseworker", "province_caseworker"])
def test_a_superior_sees_what_waits_below_but_not_above(
    part: str, cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    work(cast, "县里的", datetime.date(2026, 11, 20))
    work(cast, "省里的", TODAY, desk=cast.province, kind="applications.review")
    client = sign_in(getattr(cast, part))
    assert names(client, "?queue=below") == ["县里的"]
    assert client.get("/desk/").context["counts"]["below_overdue"] == "1"
    assert "queue=below" not in sign_in(cast.county_caseworker).get("/desk/").content.decode()


def test_whoever_supervises_sees_all_that_waits_in_the_territory_the_own_bureau_included(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    late = work(cast, "省里逾期的", datetime.date(2026, 11, 20), desk=cast.province, kind="applications.review")
    work(cast, "县里的", TODAY)
    client = sign_in(cast.auditor)
    assert names(client) == ["省里逾期的", "县里的"]
    page = client.get("/desk/").content.decode()
    assert "待我办理" not in page
    assert reverse("accounts:delegations") not in page.split("<main")[1]
    assert [each.recipient for each in urge_work(late, by=cast.auditor, on=TODAY)] == [
        cast.province_caseworker.user,
        cast.second_caseworker.user,
    ]


def test_urging_tells_the_officers_of_the_desk_once_a_day_and_goes_on_record(cast: Cast) -> None:
    item = work(cast, "县里的", datetime.date(2026, 11, 20))
    urge_work(item, by=cast.city_caseworker, on=TODAY)
    told = Notification.objects.get(kind="work.urged")
    assert (told.recipient_id, told.urgent) == (cast.county_caseworker.user_id, True)
    assert AuditEvent.objects.get(verb="work.urged").actor_label.startswith("李市办")
    with pytest.raises(DomainError, match="今天已经催办过"):
        urge_work(item, by=cast.city_caseworker, on=TODAY)
    urge_work(item, by=cast.city_caseworker, on=TODAY + datetime.timedelta(days=1))
    assert Notification.objects.filter(kind="work.urged").count() == 2


def test_an_urging_is_seen_in_the_list_and_says_why_it_was_not_sent(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    item = work(cast, "县里的", datetime.date(2026, 11, 20))
    nobody = work(cast, "没人的", datetime.date(2026, 11, 20), permission=Permission.PUBLISH_CALL)
    with pytest.raises(DomainError, match="没有能办"):
        urge_work(nobody, by=cast.city_caseworker, on=TODAY)
    client = sign_in(cast.city_caseworker)
    assert "已催办" not in client.get("/desk/?queue=below").content.decode()
    urge_work(item, by=cast.city_caseworker, on=TODAY)
    assert "已催办" in client.get("/desk/?queue=below").content.decode()


def test_nobody_urges_sideways_upwards_or_what_is_done(cast: Cast) -> None:
    item = work(cast, "县里的", datetime.date(2026, 11, 20))
    for by in (cast.county_caseworker, cast.neighbour, cast.other_province, cast.wang, cast.system_admin):
        with pytest.raises(NotAllowed):
            urge_work(item, by=by, on=TODAY)
    close_work(subject_of(item), by=cast.county_caseworker, on=TODAY)
    with pytest.raises(StatusMoved):
        urge_work(item, by=cast.city_caseworker, on=TODAY)
    assert not Notification.objects.filter(kind="work.urged").exists()


def test_urging_from_the_list_passes_over_strangers(cast: Cast, sign_in: Callable[[Capacity], Client]) -> None:
    item = work(cast, "县里的", datetime.date(2026, 11, 20))
    assert sign_in(cast.other_province).post("/desk/urge/", {"item": item.pk}).status_code == 302
    assert not Notification.objects.filter(kind="work.urged").exists()
    answer = sign_in(cast.city_caseworker).post("/desk/urge/", {"item": [item.pk, "x", "999"]}, follow=True)
    assert "已催办 1 件" in answer.content.decode()


def test_the_workbook_holds_what_the_list_shows(
    cast: Cast, sign_in: Callable[[Capacity], Client], tmp_path: Any
) -> None:
    work(cast, "=cmd()", datetime.date(2026, 11, 20))
    work(cast, "以后", datetime.date(2026, 12, 20))
    answer = sign_in(cast.county_caseworker).get("/desk/export/?term=overdue")
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))  # type: ignore[arg-type]  # a synchronous answer
    book = openpyxl.load_workbook(path)
    rows = list(book.worksheets[0].values)
    assert [row[0] for row in rows[1:]] == ["=cmd()"]
    assert book.worksheets[0]["A2"].data_type == "s"
    assert rows[1][9] == "逾期 2 个工作日"


@pytest.mark.parametrize("queue", ["mine", "soon", "started", "done", "below"])
def test_the_number_of_queries_does_not_grow_with_the_list(
    queue: str, cast: Cast, sign_in: Callable[[Capacity], Client], settings: Any
) -> None:
    settings.CALENDAR_RECHECK_SECONDS = 60  # as in production: calendar and rulings are kept for a while
    client = sign_in(cast.city_caseworker)
    client.get("/desk/")  # the session notes once a minute that somebody is there
    used = []
    for rows in (5, 495):
        _many(cast, rows)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/desk/?queue={queue}").status_code == 200
        used.append([q["sql"] for q in seen.captured_queries if not q["sql"].startswith(TRANSACTION)])
    assert len(used[0]) == len(used[1])
    assert len(used[1]) <= 10, "\n".join(used[1])


def test_what_waits_is_counted_up_to_a_number_and_every_page_is_reached_all_the_same(
    cast: Cast, sign_in: Callable[[Capacity], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(cast.city_caseworker)
    _many(cast, 60)
    tabs = {tab.label: (tab.count, tab.overdue) for tab in client.get("/desk/").context["tabs"]}
    assert (tabs["待我办理"], tabs["辖区督办"]) == (("60", "12"), ("60", "12"))
    for module in (queues, views):
        monkeypatch.setattr(module, "MOST_COUNTED", 50)
    for queue, name in (("mine", "待我办理"), ("below", "辖区督办")):
        page = client.get(f"/desk/?queue={queue}")
        tabs = {tab.label: (tab.count, tab.overdue) for tab in page.context["tabs"]}
        assert tabs[name] == ("50+", "12")
        assert "第 1–25 件，共 50 件以上" in page.content.decode()
        assert f"{name}（50+）" in page.content.decode()
        pages = [client.get(f"/desk/?queue={queue}&page={number}").context["page"] for number in (1, 2, 3, "last")]
        assert [(len(each), each.number, each.more, each.has_next) for each in pages] == [
            (25, 1, True, True),
            (25, 2, True, True),
            (10, 3, False, False),
            (10, 3, False, False),
        ]
        assert len({item.pk for each in pages for item in each}) == 60
    nothing, waiting = queues._Part(WorkItem.objects.none()), queues._Part(WorkItem.objects.waiting())
    assert queues._counted({"mine": nothing, "below": waiting, "soon": nothing}) == {"mine": 0, "below": 50, "soon": 0}
    assert queues._counted({"mine": nothing}) == {"mine": 0}


def _many(cast: Cast, rows: int) -> None:
    """Put so many items into every queue of the city's officer."""
    kinds = {"mine": (cast.city, "open"), "below": (cast.county, "open"), "done": (cast.city, "done")}
    WorkItem.objects.bulk_create(
        WorkItem(
            jurisdiction=cast.county,
            region_code=cast.county.code,
            kind=f"{KIND}-{rows}-{number}",
            task="初审",
            subject_type="bases.base",
            subject_id=f"{rows}-{number}-{queue}",
            title=f"第 {number} 家",
            url="/desk/",
            desk=desk,
            permission=Permission.GIVE_OPINION,
            state=state,
            arrived_on=TODAY,
            due_on=TODAY + datetime.timedelta(days=number % 5 - 1),
            opened_by=cast.city_caseworker.user,
            done_by=cast.city_caseworker.user if state == "done" else None,
            done_on=TODAY if state == "done" else None,
            opened_at="2026-11-24T00:00:00+00:00",
            done_at="2026-11-24T00:00:00+00:00" if state == "done" else None,
        )
        for queue, (desk, state) in kinds.items()
        for number in range(rows)
    )


def test_everybody_is_led_to_their_own_work(cast: Cast, sign_in: Callable[[Capacity], Client]) -> None:
    where = {
        "county_caseworker": "/desk/",
        "auditor": "/desk/",
        "wang": "/my/",
        "system_admin": "/account/people/",
        "security_admin": "/account/posts/",
        "audit_admin": "/audit/",
    }
    for part, address in where.items():
        answer = sign_in(getattr(cast, part)).get("/home/")
        assert (answer.status_code, answer["Location"]) == (302, address)


def test_a_workbook_that_is_cut_off_says_so(
    cast: Cast, sign_in: Callable[[Capacity], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_EXPORTED", 1)
    work(cast, "一", TODAY)
    client = sign_in(cast.county_caseworker)
    assert not any("只含前" in note for note in notes_of(client))
    work(cast, "二", TODAY)
    assert "共 2 件，本文件只含前 1 件。请按所在地、事项或期限筛选，分次导出。" in notes_of(client)


def notes_of(client: Client) -> list[str]:
    """Return the lines of the sheet 说明 of the exported worklist."""
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/desk/export/").streaming_content)))
    return [str(cell.value) for (cell,) in book["说明"].iter_rows()]


def test_a_task_with_a_number_is_said_in_the_readers_language(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    item = work(cast, "白云铝谷", TODAY)
    WorkItem.objects.filter(pk=item.pk).update(task="补正 3 处，重新提交")
    client = sign_in(cast.county_caseworker)
    assert "补正 3 处，重新提交" in client.get("/desk/").content.decode()
    client.cookies["django_language"] = "en"
    page = client.get("/desk/").content.decode()
    assert "处，重新提交" not in page
    assert "Correct and resubmit (items: 3)" in page
