"""Calls at the desk: whose drafts are seen, what may be extended or withdrawn, and what counts as filed."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.forms import CallForm
from applications.models import Application, Call
from applications.states import ApplicationStatus, CallStatus
from portal.accounts.capacity import Capacity
from portal.audit.recording import record
from portal.documents.models import Letter
from portal.errors import DomainError, InvalidInput, StatusMoved
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
DURING = dossiers.moment(dossiers.FILED)
LATER = dossiers.moment(datetime.date(2026, 5, 8), 18)


def _extend(call: Call, cast: Cast, closes_at: datetime.datetime = LATER, at: datetime.datetime = DURING) -> Call:
    return actions.extend_call(call, closes_at=closes_at, reason="多地反映材料准备不及。", by=cast.approver, at=at)


def test_published_or_closed_call_is_extended(cast: Cast) -> None:
    call = _extend(dossiers.open_call(cast), cast)
    assert call.closes_at == LATER
    after = dossiers.moment(datetime.date(2026, 5, 9))
    assert actions.close_call(call, by=cast.approver, on=after.date())
    assert _extend(call, cast, LATER + datetime.timedelta(days=9), after).status == CallStatus.PUBLISHED


@pytest.mark.parametrize("status", [CallStatus.DRAFT, CallStatus.WITHDRAWN])
def test_call_that_is_not_published_is_not_extended(cast: Cast, status: str) -> None:
    call = dossiers.draft_call(cast)
    Call.objects.filter(pk=call.pk).update(status=status)
    with pytest.raises(DomainError, match="不能延期"):
        _extend(call, cast)


def test_call_is_not_extended_to_a_moment_that_is_past(cast: Cast) -> None:
    call = dossiers.open_call(cast)
    now = dossiers.moment(datetime.date(2026, 5, 8), 19)
    with pytest.raises(InvalidInput) as refused:
        _extend(call, cast, LATER, now)
    assert "已经过去" in refused.value.problems["closes_at"]


def test_closed_call_can_be_extended_but_not_withdrawn(cast: Cast, sign_in: SignIn) -> None:
    call = dossiers.open_call(cast)
    client, address = sign_in(cast.approver), reverse("applications:call", args=[call.pk])
    page = client.get(address)
    assert (page.context["may_extend"], page.context["may_withdraw"]) == (True, True)
    Call.objects.filter(pk=call.pk).update(status=CallStatus.CLOSED)
    page = client.get(address)
    assert (page.context["may_extend"], page.context["may_withdraw"]) == (True, False)
    assert reverse("applications:withdraw_call", args=[call.pk]) not in page.content.decode()


def test_draft_is_read_at_its_own_bureau_alone(cast: Cast, sign_in: SignIn) -> None:
    call = dossiers.draft_call(cast)
    address = reverse("applications:call", args=[call.pk])
    for reader in (cast.province_caseworker, cast.approver):
        client = sign_in(reader)
        assert client.get(address).status_code == 200
        assert call.name in client.get(reverse("applications:calls")).content.decode()
    for stranger in (cast.city_caseworker, cast.city_approver, cast.county_caseworker, cast.auditor):
        client = sign_in(stranger)
        assert client.get(address).status_code == 404
        assert call.name not in client.get(reverse("applications:calls")).content.decode()
    dossiers.actions.publish_call(call, by=cast.approver, at=dossiers.moment(dossiers.OPENED))
    assert sign_in(cast.county_caseworker).get(address).status_code == 200


def test_call_of_a_city_in_draft_is_not_read_by_its_province(cast: Cast, sign_in: SignIn) -> None:
    call = dossiers.draft_call(cast)
    Call.objects.filter(pk=call.pk).update(jurisdiction=cast.city, region_code=cast.city.code)
    assert sign_in(cast.approver).get(reverse("applications:call", args=[call.pk])).status_code == 404


def test_draft_given_up_stays_nobodys_business_and_is_not_counted_as_filed(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.draft(cast)
    actions.withdraw_application(application, reason="", by=cast.wang, on=dossiers.FILED)
    client = sign_in(cast.approver)
    assert client.get(reverse("applications:case", args=[application.pk])).status_code == 404
    assert [row.filed for row in client.get(reverse("applications:calls")).context["page"].items] == [0]
    assert client.get(reverse("applications:call", args=[application.call_id])).context["counts"] == []


def test_filed_case_that_was_withdrawn_is_still_shown_and_counted(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    actions.withdraw_application(application, reason="场地搬迁。", by=cast.wang, on=dossiers.FILED)
    client = sign_in(cast.approver)
    assert client.get(reverse("applications:case", args=[application.pk])).status_code == 200
    assert [row.filed for row in client.get(reverse("applications:calls")).context["page"].items] == [1]


def test_withdrawn_case_frees_its_place_in_the_quota(cast: Cast) -> None:
    application, _notice = dossiers.publicised(cast)
    call = application.call
    call.quota = 1
    call.save()
    actions.withdraw_application(application, reason="场地搬迁。", by=cast.wang, on=dossiers.FILED)
    second = actions.start_application(call, base=cast.base, by=cast.wang, at=DURING)
    stamps = {"reference": "SQ-2", "first_submitted_on": dossiers.FILED, "desk": cast.province}
    Application.objects.filter(pk=second.pk).update(status=ApplicationStatus.PUBLIC_NOTICE, **stamps)
    actions.publish_notice(call, applications=[second], contact="0851", by=cast.province_caseworker, on=dossiers.FILED)
    assert dossiers.fresh(second).status == ApplicationStatus.IN_NOTICE


def _this_morning(cast: Cast) -> Call:
    opens, closes = dossiers.moment(dossiers.OPENED, 6), dossiers.moment(dossiers.OPENED, 7, 10)
    by, at = cast.province_caseworker, dossiers.moment(dossiers.OPENED, 6)
    call = dossiers.draft_call(cast)
    return actions.amend_call(call, by=by, at=at, opens_at=opens, closes_at=closes)


def test_call_that_closes_this_morning_can_still_be_published(cast: Cast) -> None:
    at = dossiers.moment(dossiers.OPENED, 7, 9)
    assert actions.publish_call(_this_morning(cast), by=cast.approver, at=at).status == CallStatus.PUBLISHED


@pytest.mark.parametrize("minute", [10, 50])
def test_call_whose_last_minute_of_today_is_over_is_not_published(cast: Cast, minute: int) -> None:
    call, at = _this_morning(cast), dossiers.moment(dossiers.OPENED, 7, minute)
    with pytest.raises(DomainError, match=f"截止时间 2026-03-02 07:10 已过，现在是 2026-03-02 07:{minute}.*退回起草人"):
        actions.publish_call(call, by=cast.approver, at=at)
    call.refresh_from_db()
    assert (call.status, call.letter_id) == (CallStatus.DRAFT, None)


def test_call_is_not_drafted_for_hours_of_today_that_are_over(cast: Cast, sign_in: SignIn, time_machine: Any) -> None:
    time_machine.move_to(dossiers.moment(dossiers.OPENED, 7, 50))
    said = {"title": "provincial", "name": "申报", "year": "2026", "opens_at": "2026-03-02 07:00"}
    typed = said | {"closes_at": "2026-03-02 07:10"}
    client, address = sign_in(cast.province_caseworker), reverse("applications:new_call")
    assert (
        "截止时间：2026-03-02 07:10 已经过去，现在是 2026-03-02 07:50" in client.post(address, typed).content.decode()
    )
    assert not Call.objects.exists()
    assert client.post(address, typed | {"closes_at": "2026-03-02 07:51"}).status_code == 302


@pytest.mark.parametrize("length", [300, 301, 2000])
def test_reason_of_a_withdrawal_has_its_length(cast: Cast, sign_in: SignIn, length: int) -> None:
    call = dossiers.open_call(cast)
    client = sign_in(cast.approver)
    answer = client.post(reverse("applications:withdraw_call", args=[call.pk]), {"withdraw-reason": "停" * length})
    assert answer.status_code == (302 if length == 300 else 422)
    call.refresh_from_db()
    assert call.status == (CallStatus.WITHDRAWN if length == 300 else CallStatus.PUBLISHED)


def _typed(**changes: Any) -> CallForm:
    typed = {
        "title": "provincial",
        "name": "2026 年度申报",
        "year": "2026",
        "opens_at": "2026-03-02 09:00",
        "closes_at": "2026-04-01 18:00",
        **changes,
    }
    return CallForm(typed, titles=[("provincial", "省级创业孵化示范基地")], missing=lambda title, said: {})


def test_quota_beyond_what_can_be_kept_is_told(cast: Cast) -> None:
    assert _typed(quota="9999").is_valid()
    assert "quota" in _typed(quota="32768").errors


def test_hours_of_the_timetable_stand_as_they_were_typed() -> None:
    form = _typed(timetable="推荐：4 月 15 日 18:00 前\n初审: 4 月 30 日\n")
    assert form.is_valid()
    assert form.cleaned_data["timetable"] == [
        {"name": "推荐", "until": "4 月 15 日 18:00 前"},
        {"name": "初审", "until": "4 月 30 日"},
    ]


def test_operator_sees_the_day_on_which_a_call_closes_here(cast: Cast, sign_in: SignIn) -> None:
    call = dossiers.open_call(cast, closes_at=dossiers.moment(datetime.date(2026, 4, 1), 7))
    application = dossiers.draft(cast, call)
    page = sign_in(cast.wang).get(reverse("applications:overview", args=[application.pk])).content.decode()
    chip = page[page.index('class="due"') :][:400]
    assert "4月1日" in chip or "2026-04-01" in chip


@pytest.mark.parametrize("act", ["extend_call", "withdraw_call", "return_call"])
def test_who_clicked_too_late_is_not_told_that_it_was_done(
    act: str, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(*_call: object, **_facts: object) -> None:
        raise StatusMoved("孙审批于 09:00 已撤回。", by_whom="孙审批", when="09:00")

    call = dossiers.open_call(cast)
    monkeypatch.setattr(actions, act, too_late)
    said = {"reason": "多地反映材料准备不及。", "closes_at": "2027-05-01 18:00"}
    prefix = act.partition("_")[0]
    client = sign_in(cast.approver)
    address = reverse(f"applications:{act}", args=[call.pk])
    answer = client.post(address, {f"{prefix}-{name}": value for name, value in said.items()})
    assert answer.status_code == 409
    page = client.get(reverse("applications:call", args=[call.pk])).content.decode()
    assert not any(done in page for done in ("已延期，", "申报通知已撤回", "已退回起草人"))


# --- more time: what the notice says, and what holds ---


def test_more_time_is_given_by_a_notice_of_its_own_and_the_first_stays_as_it_was(cast: Cast) -> None:
    call = dossiers.open_call(cast)
    assert call.letter is not None
    before = Letter.objects.get(pk=call.letter_id).wording
    _extend(call, cast)
    issued = Letter.objects.get(kind="call.extension")
    said = "\n".join(block["text"] for block in issued.wording["body"])
    assert issued.title == "关于延长2026年度省级创业孵化示范基地申报时间的通知"
    assert f"《{call.letter.title}》（{call.letter.reference}）的申报截止时间原为2026年4月1日18时" in said
    assert "现延长至2026年5月8日18时。" in said
    assert "延期原因：多地反映材料准备不及。" in said
    assert issued.public
    assert issued.number == (call.letter.number or 0) + 1
    call.letter.refresh_from_db()
    assert call.letter.wording == before


def test_the_notice_of_more_time_names_the_batch_as_the_first_notice_did(cast: Cast) -> None:
    first = dossiers.open_call(cast)
    dossiers.open_call(cast, reason="上半年名额没有用完。")
    _extend(first, cast)
    assert "批" not in Letter.objects.get(kind="call.extension").title


def test_the_notice_of_more_time_for_a_second_batch_names_it_also_once_the_first_was_withdrawn(cast: Cast) -> None:
    first = dossiers.open_call(cast)
    second = dossiers.open_call(cast, reason="上半年名额没有用完。")
    actions.withdraw_call(first, reason="名额有误。", by=cast.approver, on=dossiers.FILED)
    _extend(second, cast)
    assert "第二批" in Letter.objects.get(kind="call.extension").title


def test_who_opens_a_notice_whose_deadline_was_extended_is_led_to_the_one_that_holds(
    cast: Cast, client: Client
) -> None:
    call = dossiers.open_call(cast)
    assert call.letter is not None
    first, later = (reverse("documents:letter", args=[call.letter.key]), "文中的截止时间后来已延长")
    assert later not in client.get(first).content.decode()
    _extend(call, cast)
    _extend(call, cast, LATER + datetime.timedelta(days=9))
    earlier, last = Letter.objects.filter(kind="call.extension").order_by("pk")
    holds = reverse("documents:letter", args=[last.key])
    for address in (first, reverse("documents:letter", args=[earlier.key])):
        shown = client.get(address).content.decode()
        assert later in shown
        assert f'href="{holds}"' in shown
    assert later not in client.get(holds).content.decode()


@pytest.mark.parametrize("reader", ["public", "wang", "province_caseworker"])
def test_every_page_that_names_a_call_says_until_when_it_was_extended_on_which_day_why_and_by_which_notice(
    cast: Cast, sign_in: SignIn, client: Client, reader: str
) -> None:
    dossiers.open_call(cast)
    call = dossiers.open_call(cast, reason="上半年名额没有用完。")
    _extend(call, cast)
    _extend(call, cast, LATER + datetime.timedelta(days=9))
    pages = {
        "public": reverse("public:call", args=[cast.province.code, call.pk]),
        "wang": reverse("applications:start", args=[call.pk]),
        "province_caseworker": reverse("applications:call", args=[call.pk]),
    }
    shown = (client if reader == "public" else sign_in(getattr(cast, reader))).get(pages[reader]).content.decode()
    text = re.sub(r"<[^>]+>|[\s\u2060]", "", shown)
    why = "延期原因：多地反映材料准备不及。"
    holds = f"截止时间已延长至2026-05-1718:00。2026-03-09延期，原为2026-05-0818:00。{why}"
    earlier = f"此前延长至2026-05-0818:00。2026-03-09延期，原为2026-04-0118:00。{why}"
    assert holds in text
    assert earlier in text.partition(holds)[2]
    assert text.count("截止时间已延长至") == 1
    for letter in Letter.objects.filter(kind="call.extension"):
        assert reverse("documents:letter", args=[letter.key]) in shown
        assert letter.reference in shown


@pytest.mark.parametrize("reader", ["public", "province_caseworker"])
def test_why_there_is_a_further_call_is_still_said_after_it_was_given_more_time(
    cast: Cast, sign_in: SignIn, client: Client, reader: str
) -> None:
    dossiers.open_call(cast)
    call = dossiers.open_call(cast, reason="上半年名额没有用完。")
    call = _extend(call, cast)
    assert (call.reason, call.extension_reason) == ("上半年名额没有用完。", "多地反映材料准备不及。")
    if reader == "public":
        shown = client.get(reverse("public:call", args=[cast.province.code, call.pk])).content.decode()
        assert "<b>增开原因：</b>上半年名额没有用完。" in shown
    else:
        shown = sign_in(cast.province_caseworker).get(reverse("applications:call", args=[call.pk])).content.decode()
        assert "<dt>增开原因</dt><dd>上半年名额没有用完。</dd>" in shown
    assert "延期原因：多地反映材料准备不及。" in shown


def test_a_call_extended_when_the_reason_was_written_over_shows_both_again(cast: Cast, client: Client) -> None:
    dossiers.open_call(cast)
    call = dossiers.open_call(cast, reason="上半年名额没有用完。")
    said = {"reason": "准备不及。", "reason_before": call.reason, "before": call.closes_at, "after": LATER}
    record("call.extended", call, by=cast.approver, on=dossiers.FILED, **said)
    Call.objects.filter(pk=call.pk).update(closes_at=LATER, reason="准备不及。")
    shown = client.get(reverse("public:call", args=[cast.province.code, call.pk])).content.decode()
    assert "<b>增开原因：</b>上半年名额没有用完。" in shown
    assert shown.count("准备不及。") == shown.count("延期原因：准备不及。") == 1
