"""A call is drafted in plain words, read whole before it is published, and returned to its drafter with a reason."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions, letters
from applications.forms import CallForm
from applications.models import Application, Call
from portal.accounts.capacity import Capacity
from portal.audit.models import AuditEvent
from portal.deadlines.today import business_today
from portal.errors import DomainError, InvalidInput
from portal.notifications.models import Notification
from portal.worklist.models import WorkItem
from tests.factories import dossiers
from tests.factories.cast import Cast, cast_at

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
NAME = "2026 年度省级创业孵化示范基地申报"


def _typed(**changes: str) -> CallForm:
    said = {
        "title": "provincial",
        "name": NAME,
        "year": "2026",
        "opens_at": "2026-03-02 09:00",
        "closes_at": "2026-04-01 18:00",
    }
    return CallForm(said | changes, titles=[("provincial", "省级")], missing=lambda title, said: {})


# --- days and hours as they are written ---


@pytest.mark.parametrize(
    ("written", "hour", "minute"),
    [
        ("2026-11-23 09:00", 9, 0),
        ("2026/11/23 9:05", 9, 5),
        ("2026年11月23日上午9点", 9, 0),
        ("2026年11月23日 下午3点半", 15, 30),
        ("２０２６年11月23日18时30分", 18, 30),
        ("2026年11月23日中午12点", 12, 0),
        ("2026.11.23 晚上8：15", 20, 15),
    ],
)
def test_moment_is_taken_as_it_is_commonly_written(written: str, hour: int, minute: int) -> None:
    form = _typed(closes_at=written)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["closes_at"] == dossiers.moment(datetime.date(2026, 11, 23), hour, minute)


@pytest.mark.parametrize(
    ("field", "written", "sentence"),
    [
        ("closes_at", "年底以前", "“年底以前”读不出是哪天几点，写成 2026-03-02 09:00"),
        ("closes_at", "2026-11-23", "没有写几点"),
        ("closes_at", "2026-11-31 9:00", "没有“2026-11-31 9:00”这个时间"),
        ("year", "二〇二六", "不是年度，写四位数字，例如 2026。"),
        ("timetable", "推荐：4 月 15 日前\n初审五月底", "第 2 行“初审五月底”要写事项和时间，中间用冒号"),
        ("timetable", "各地推荐：2026-02-30 前", "第 1 行写的“2026-02-30”，日历上没有这一天"),
        ("name", "2027 年度省级示范基地申报", "通知名称写的是 2027 年度，年度填的是 2026"),
    ],
)
def test_what_cannot_be_read_is_answered_with_an_example_of_its_kind(field: str, written: str, sentence: str) -> None:
    assert sentence in str(_typed(**{field: written}).errors[field])


def test_year_may_be_written_with_its_word() -> None:
    form = _typed(year="2026年度")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["year"] == 2026


# --- a further call in the year ---


def test_further_call_of_the_year_gives_its_reason_when_it_is_drafted(cast: Cast) -> None:
    dossiers.open_call(cast)
    with pytest.raises(InvalidInput) as refused:
        dossiers.draft_call(cast)
    assert "增开请先写明原因" in refused.value.problems["reason"]
    call = dossiers.draft_call(cast, reason="上半年名额没有用完。")
    with pytest.raises(InvalidInput):
        actions.amend_call(call, by=cast.province_caseworker, at=dossiers.moment(dossiers.OPENED), reason="")


def test_call_that_became_a_further_one_is_not_published_without_a_reason(cast: Cast) -> None:
    second = dossiers.draft_call(cast)
    dossiers.open_call(cast)
    with pytest.raises(DomainError, match="请退回起草人补写"):
        actions.publish_call(second, by=cast.approver, at=dossiers.moment(dossiers.OPENED))


def test_all_that_is_wrong_with_a_further_call_is_said_at_once(cast: Cast, sign_in: SignIn) -> None:
    dossiers.open_call(cast)
    typed = {"title": "provincial", "name": NAME, "year": "2026", "opens_at": "明年", "closes_at": "2026-04-01 18:00"}
    answer = sign_in(cast.province_caseworker).post(reverse("applications:new_call"), typed)
    errors = answer.context["form"].errors
    assert answer.status_code == 422
    assert "读不出" in str(errors["opens_at"])
    assert "增开请先写明原因" in str(errors["reason"])


def test_what_is_wrong_with_a_call_does_not_begin_with_the_label_again(cast: Cast, sign_in: SignIn) -> None:
    opens, early = "2999-04-01 09:00", "2999-03-31 18:00"
    typed = {"title": "provincial", "name": NAME, "year": "2026", "opens_at": opens, "closes_at": early}
    client, url = sign_in(cast.province_caseworker), reverse("applications:new_call")
    page = client.post(url, typed).content.decode()
    assert f"截止时间：{early} 不晚于开始时间 {opens}，请改其中一项。" in page
    assert "截止时间：“年底”读不出是哪天几点" in client.post(url, typed | {"closes_at": "年底"}).content.decode()


def test_everything_wrong_with_a_call_is_told_at_once_in_the_order_of_the_form(cast: Cast, sign_in: SignIn) -> None:
    dossiers.open_call(cast)
    typed = {
        "title": "provincial",
        "name": "",
        "year": "20x6",
        "opens_at": f"{business_today().year + 1}-05-02 09:00",
        "closes_at": f"{business_today().year + 1}-05-01 18:00",
        "quota": "-3",
        "contact": "abc",
        "reason": "",
    }
    Call.objects.update(year=business_today().year)
    page = sign_in(cast.province_caseworker).post(reverse("applications:new_call"), typed).content.decode()
    summary = page.partition('id="errors-title"')[2].partition("</ul>")[0]
    told = ["name", "year", "closes_at", "quota", "contact", "reason"]
    assert [part.partition('"')[0] for part in summary.split('href="#id_')[1:]] == told


def test_a_call_is_not_drafted_to_begin_on_a_day_that_is_over(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refused:
        dossiers.draft_call(cast, opens_at=dossiers.moment(dossiers.OPENED - datetime.timedelta(days=1), 9))
    assert set(refused.value.problems) == {"opens_at"}
    assert "2026-03-01 09:00 已经过去，今天是 2026-03-02" in refused.value.problems["opens_at"]


def test_a_notice_is_not_published_after_the_day_on_which_it_says_applying_begins(cast: Cast) -> None:
    call = dossiers.draft_call(cast)
    day = dossiers.OPENED + datetime.timedelta(days=1)
    with pytest.raises(DomainError, match="申报开始时间 2026-03-02 09:00 已过，今天是 2026-03-03.*退回起草人"):
        actions.publish_call(call, by=cast.approver, at=dossiers.moment(day))
    call.refresh_from_db()
    assert (call.status, call.letter_id) == ("draft", None)


@pytest.mark.parametrize(
    ("county", "mark", "told"),
    [
        ("520103", "（同一年再开一批时必填）", "再开一批时写"),
        ("650102", "（选填）", "现行政策没有规定每年开几批"),
        ("150602", "（必填）", "政策期满后仍按它受理的依据文件"),
    ],
)
def test_the_form_asks_for_the_reason_of_a_further_call_as_the_policy_does(
    county: str, mark: str, told: str, sign_in: SignIn
) -> None:
    bureau = cast_at(county)
    drafter = bureau.city_caseworker if county == "150602" else bureau.province_caseworker
    page = sign_in(drafter).get(reverse("applications:new_call")).content.decode()
    field = page[page.index('for="id_reason"') : page.index('name="reason"')]
    assert mark in field
    assert told in field


def test_the_reason_of_a_call_is_called_by_what_it_was_given_for(cast: Cast, client: Client) -> None:
    dossiers.open_call(cast)
    call = dossiers.open_call(cast, reason="上半年名额没有用完。")
    address = reverse("public:call", args=[cast.province.code, call.pk])
    assert "<b>增开原因：</b>上半年名额没有用完。" in client.get(address).content.decode()
    actions.withdraw_call(call, reason="条件写错了。", by=cast.approver, on=dossiers.FILED)
    assert "<b>这一批次已撤回。</b>条件写错了。" in client.get(address).content.decode()


def test_the_page_that_changes_a_call_is_called_so_by_the_browser_too(cast: Cast, sign_in: SignIn) -> None:
    call = dossiers.draft_call(cast)
    page = sign_in(cast.province_caseworker).get(reverse("applications:edit_call", args=[call.pk])).content.decode()
    assert "修改申报通知" in page.partition("<title>")[2].partition("</title>")[0]


def test_the_notice_of_a_further_call_says_which_of_the_year_it_is_and_why(cast: Cast) -> None:
    first = dossiers.open_call(cast)
    second = dossiers.draft_call(cast, reason="上半年名额没有用完。")
    draft = letters.call_notice(second)
    said = "\n".join(block.text for block in draft.body)
    assert draft.title == "关于开展2026年度第二批省级创业孵化示范基地申报工作的通知"
    assert "增开本批申报的原因：上半年名额没有用完。" in said
    assert "批" not in letters.call_notice(first).title
    actions.withdraw_call(first, reason="重新发布。", by=cast.approver, on=dossiers.OPENED)
    assert "第二批" not in letters.call_notice(second).title


def test_who_publishes_twice_is_told_who_did_it_when(cast: Cast) -> None:
    call = dossiers.open_call(cast)
    with pytest.raises(DomainError, match=f"{cast.approver.person}已于 {dossiers.OPENED} 发布这份申报通知，不用再发布"):
        actions.publish_call(call, by=cast.approver, at=dossiers.moment(dossiers.OPENED))


# --- the approver sees it whole, and may return it ---


def _draft(cast: Cast, **more: Any) -> Call:
    rows = [{"name": "县（市、区）推荐", "until": "4 月 15 日前"}]
    return dossiers.draft_call(cast, introduction="重点支持返乡创业。", timetable=rows, **more)


def test_approver_reads_the_whole_notice_before_publishing_it(cast: Cast, sign_in: SignIn) -> None:
    call = _draft(cast, reason="上半年名额没有用完。")
    page = sign_in(cast.approver).get(reverse("applications:call", args=[call.pk])).content.decode()
    assert all(words in page for words in ("重点支持返乡创业。", "4月15日前", "增开原因：上半年名额没有用完。"))


def test_a_draft_with_a_day_that_no_calendar_has_can_still_be_read_and_says_it_as_typed(
    cast: Cast, sign_in: SignIn
) -> None:
    call = dossiers.draft_call(cast, timetable=[{"name": "各地推荐", "until": "2026-02-30 前"}])
    assert sign_in(cast.approver).get(reverse("applications:call", args=[call.pk])).status_code == 200
    (table,) = (block for block in letters.call_notice(call).body if block.kind == "table")
    assert table.rows == (("各地推荐", "2026-02-30前"),)


def test_returned_draft_comes_back_to_its_drafter_with_the_reason_and_then_to_the_approver(
    cast: Cast, sign_in: SignIn
) -> None:
    call = _draft(cast)
    client = sign_in(cast.approver)
    answer = client.post(reverse("applications:return_call", args=[call.pk]), {"return-reason": "截止日改到四月底。"})
    assert answer.status_code == 302
    assert AuditEvent.objects.get(verb="call.returned").facts["reason"] == "截止日改到四月底。"
    told = Notification.objects.get(kind="call.returned")
    assert (told.recipient_id, "截止日改到四月底。" in told.body) == (cast.province_caseworker.user_id, True)
    assert WorkItem.objects.waiting().get().kind == "calls.returned"
    assert [row.task for row in client.get("/desk/?queue=done").context["rows"]] == ["退回起草人修改"]
    drafter = sign_in(cast.province_caseworker)
    assert "截止日改到四月底。" in drafter.get(reverse("applications:call", args=[call.pk])).content.decode()
    actions.amend_call(
        call,
        by=cast.province_caseworker,
        at=dossiers.moment(dossiers.OPENED),
        closes_at=dossiers.moment(dossiers.FILED),
    )
    assert WorkItem.objects.waiting().get().kind == "calls.publication"


def test_draft_is_not_returned_without_a_reason_nor_twice(cast: Cast) -> None:
    call = _draft(cast)
    with pytest.raises(InvalidInput):
        actions.return_call(call, reason=" ", by=cast.approver, on=dossiers.OPENED)
    actions.return_call(call, reason="改截止日。", by=cast.approver, on=dossiers.OPENED)
    with pytest.raises(DomainError, match="已经退回起草人"):
        actions.return_call(call, reason="改截止日。", by=cast.approver, on=dossiers.OPENED)


def test_returned_draft_is_not_published_before_it_was_changed(cast: Cast) -> None:
    call = _draft(cast)
    actions.return_call(call, reason="改截止日。", by=cast.approver, on=dossiers.OPENED)
    with pytest.raises(DomainError, match="等起草人修改"):
        actions.publish_call(call, by=cast.approver, at=dossiers.moment(dossiers.OPENED))


# --- a case that came back stands so on the list ---


def test_resubmitted_case_stands_as_such_on_the_list(cast: Cast) -> None:
    application: Application = dossiers.submitted(cast)
    items = [{"place": "premises.capacity", "kind": "incorrect", "note": "请核对。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    at = dossiers.moment(dossiers.FILED, 15)
    typed = dossiers.complete_answers(premises={"capacity": "90"})["premises"]
    actions.save_section(application, section="premises", typed=typed, by=cast.wang, at=at)
    actions.submit_application(application, by=cast.wang, at=at, declared=True, replies=dossiers.SAME_PAGE)
    task = WorkItem.objects.waiting().get(subject_id=str(application.pk)).task
    assert task == "补正后核对，写推荐意见"
