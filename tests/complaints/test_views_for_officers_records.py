"""Who complains, the count of a base, misconduct and ratings on the officers' screens."""

import datetime
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bases.models import Revocation
from complaints import actions
from complaints.actions import Person
from complaints.models import Complaint, Misconduct, Rating
from complaints.states import MisconductStatus
from portal.accounts.capacity import VISITOR, Capacity
from portal.accounts.models import Membership
from portal.audit.models import AuditEvent
from portal.worklist.models import WorkItem
from tests.factories.cast import Cast
from tests.factories.complaints import CONCLUSION, TOLD, Story
from tests.factories.register import base

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
NAME, PHONE = "田甲乙", "13912345678"


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


@pytest.fixture(autouse=True)
def on_the_day(story: Story, time_machine: Any) -> Callable[[], None]:
    """Let the clock stand at the day of the story; called again after the story went on."""

    def move() -> None:
        time_machine.move_to(datetime.datetime.combine(story.on, datetime.time(1, 0), datetime.UTC), tick=False)

    move()
    return move


def url(name: str, *arguments: object) -> str:
    return reverse(f"complaints:{name}", args=arguments)


@pytest.fixture
def complaint(story: Story) -> Complaint:
    person = Person(NAME, PHONE, "tian@example.cn", "甲乙科技")
    return actions.receive_complaint(story.base, told=TOLD, person=person, by=VISITOR, on=story.on).complaint


def reauthenticated(client: Client) -> Client:
    """Return the client as after the password was asked for once more."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()
    return client


# --- who complains ---


def test_identity_is_masked_until_the_password_is_given_again(
    complaint: Complaint, cast: Cast, sign_in: SignIn
) -> None:
    cast.county_caseworker.person.set_password("qing shan lv shui 9!")
    cast.county_caseworker.person.save()
    client = sign_in(cast.county_caseworker)
    page = client.get(url("case", complaint.pk)).content.decode()
    assert "田*" in page
    assert "139****5678" in page
    for secret in (NAME, PHONE, "tian@example.cn", "甲乙科技"):
        assert secret not in page
    asked = client.get(url("identity", complaint.pk))
    assert asked.status_code == 302
    assert asked.url.startswith(reverse("account_reauthenticate"))
    asked = client.post(url("identity", complaint.pk), {"purpose": "电话核实收费凭证"})
    assert asked.status_code == 302
    assert not AuditEvent.objects.filter(verb="complaint.identity_revealed").exists()


def test_identity_is_shown_once_for_a_purpose_and_on_record(complaint: Complaint, cast: Cast, sign_in: SignIn) -> None:
    client = reauthenticated(sign_in(cast.county_caseworker))
    refused = client.post(url("identity", complaint.pk), {"purpose": "看"})
    assert refused.status_code == 422
    assert NAME not in refused.content.decode()
    shown = client.post(url("identity", complaint.pk), {"purpose": "电话核实收费凭证"})
    assert NAME in shown.content.decode()
    assert PHONE in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert NAME not in client.get(url("identity", complaint.pk)).content.decode()
    event = AuditEvent.objects.get(verb="complaint.identity_revealed")
    assert event.facts["purpose"] == "电话核实收费凭证"
    assert NAME not in str(event.facts)


def test_audit_administrator_finds_who_looked(complaint: Complaint, cast: Cast, sign_in: SignIn) -> None:
    client = reauthenticated(sign_in(cast.county_caseworker))
    client.post(url("identity", complaint.pk), {"purpose": "电话核实收费凭证"})
    page = sign_in(cast.audit_admin).get(f"{reverse('audit:search')}?verb=complaint.identity_revealed")
    assert "赵县办" in page.content.decode()
    assert page.context["page"].total == 1


@pytest.mark.parametrize("who", ["auditor", "audit_admin", "system_admin", "wang"])
def test_nobody_else_may_ask_who_complains(complaint: Complaint, cast: Cast, sign_in: SignIn, who: str) -> None:
    client = reauthenticated(sign_in(getattr(cast, who)))
    assert client.post(url("identity", complaint.pk), {"purpose": "想知道是谁投诉的"}).status_code == 403


def test_neighbouring_county_finds_no_such_complaint(complaint: Complaint, cast: Cast, sign_in: SignIn) -> None:
    client = reauthenticated(sign_in(cast.neighbour))
    assert client.post(url("identity", complaint.pk), {"purpose": "想知道是谁投诉的"}).status_code == 404


# --- the count ---


@pytest.mark.slow
def test_count_of_a_base_says_which_count_and_why_others_do_not(
    story: Story, cast: Cast, sign_in: SignIn, on_the_day: Callable[[], None]
) -> None:
    counts, partly = story.upheld(), story.upheld("partly")
    anonymous, same = story.upheld(anonymous=True), story.upheld(same_as=counts)
    on_the_day()
    page = sign_in(cast.auditor).get(url("for_base", story.base.pk))
    lines = {line.complaint.number: (line.counts, line.why) for line in page.context["count"].lines}
    assert lines == {
        counts.number: (True, ""),
        partly.number: (True, ""),
        anonymous.number: (False, "属匿名投诉（G-04，假定）"),
        same.number: (False, "同一事实已计一次"),
    }
    words = page.content.decode()
    assert "有效投诉 2 件，达到 3 件启动撤销程序" in words
    assert "同一事实已计一次" in words


def test_base_without_a_counted_title_says_so(cast: Cast, sign_in: SignIn) -> None:
    untitled = base("520103", run_by=cast.operator, name="云岩新创空间")
    page = sign_in(cast.county_caseworker).get(url("for_base", untitled.pk)).content.decode()
    assert "没有按投诉次数撤销的称号" in page
    assert sign_in(cast.neighbour).get(url("for_base", untitled.pk)).status_code == 404


def test_page_of_a_base_leads_to_its_count(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.auditor).get(reverse("desk:base", args=[cast.base.pk])).content.decode()
    assert url("for_base", cast.base.pk) in page


# --- misconduct ---


def report(story: Story, **changes: Any) -> dict[str, Any]:
    officers = [story.cast.city_caseworker.user_id, story.second_city.user_id]
    said = {"ground": "fraud", "officers": officers, "minutes": "核对合同原件与申报件。", "conclusion": CONCLUSION}
    return said | changes


def test_misconduct_is_reported_by_two_and_established_by_another(story: Story, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.city_caseworker)
    one = client.post(url("report_misconduct", story.base.pk), report(story, officers=[cast.city_caseworker.user_id]))
    assert one.status_code == 422
    assert "核实须有本机关 2 名以上现任" in one.content.decode()
    client.post(url("report_misconduct", story.base.pk), report(story))
    found = Misconduct.objects.get()
    assert "作出审定" not in client.get(url("misconduct", found.pk)).content.decode()
    decision = {"established": "yes", "reason": "合同系事后补签，事实清楚。"}
    assert client.post(url("misconduct", found.pk), decision).status_code == 422
    approver = sign_in(cast.city_approver)
    assert "认定后立即启动撤销程序" in approver.get(url("misconduct", found.pk)).content.decode()
    approver.post(url("misconduct", found.pk), decision)
    assert Misconduct.objects.get().status == MisconductStatus.ESTABLISHED
    assert Revocation.objects.running().filter(base=story.base, ground="fraud").exists()


def test_report_keeps_in_the_course_of_which_complaint(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint = story.verifying()
    address = f"{url('report_misconduct', story.base.pk)}?complaint={complaint.pk}"
    sign_in(cast.city_caseworker).post(address, report(story))
    found = Misconduct.objects.get()
    assert found.complaint == complaint
    assert sign_in(cast.neighbour).get(url("misconduct", found.pk)).status_code == 404


# --- ratings ---


def rated(cast: Cast, grade: int, n: int = 1) -> list[Rating]:
    return [
        Rating.objects.create(
            jurisdiction=cast.city, desk=cast.city, month=datetime.date(2026, 3, 1), grade=grade, comment="没有回音。"
        )
        for _each in range(n)
    ]


def test_few_ratings_are_not_told_apart(cast: Cast, sign_in: SignIn) -> None:
    rated(cast, 1, 2)
    client = sign_in(cast.province_caseworker)
    assert "份数少，不显示" in client.get(url("ratings")).content.decode()
    rated(cast, 5, 2)
    page = client.get(url("ratings"))
    assert page.context["rows"][0]["n"] == 4
    assert "3.0" in page.content.decode()


def test_bad_ratings_of_a_month_are_not_counted_where_the_rest_would_be_one(cast: Cast, sign_in: SignIn) -> None:
    rated(cast, 1, 3)
    rated(cast, 5)
    client = sign_in(cast.province_caseworker)
    assert client.get(url("ratings")).context["rows"][0]["bad"] is None
    rated(cast, 5, 2)
    assert client.get(url("ratings")).context["rows"][0]["bad"] == 3


def test_bad_rating_is_followed_up_once(cast: Cast, sign_in: SignIn) -> None:
    (bad,), (good,) = rated(cast, 1), rated(cast, 5)
    client = sign_in(cast.province_caseworker)
    assert client.get(url("rating", good.pk)).status_code == 404
    assert "没有回音。" in client.get(url("rating", bad.pk)).content.decode()
    assert client.post(url("rating", bad.pk), {"text": "短"}).status_code == 422
    client.post(url("rating", bad.pk), {"text": "已约谈经办人员，改为三日内回电。"})
    assert "已约谈经办人员" in client.get(url("rating", bad.pk)).content.decode()
    assert sign_in(cast.neighbour).get(url("rating", bad.pk)).status_code == 404


def test_county_is_told_who_reports_misconduct(story: Story, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.county_caseworker)
    assert "上报弄虚作假" not in client.get(url("for_base", story.base.pk)).content.decode()
    page = client.get(url("report_misconduct", story.base.pk)).content.decode()
    assert "由核实投诉的机关或其上级机关的经办岗核实上报" in page
    assert "<textarea" not in page
    assert client.post(url("report_misconduct", story.base.pk), report(story)).status_code == 422
    assert not Misconduct.objects.exists()


def test_words_of_a_rating_are_for_the_bureau_that_follows_it_up_alone(cast: Cast, sign_in: SignIn) -> None:
    county = Rating.objects.create(
        jurisdiction=cast.county, desk=cast.county, month=datetime.date(2026, 3, 1), grade=1, comment="没有回音。"
    )
    above = sign_in(cast.city_caseworker)
    assert "没有回音。" in above.get(url("rating", county.pk)).content.decode()
    assert [each.pk for each in above.get(url("ratings")).context["page"]] == [county.pk]
    for other in (cast.county_caseworker, cast.province_caseworker, cast.city_approver):
        client = sign_in(other)
        assert client.get(url("rating", county.pk)).status_code in {403, 404}
        assert "差评（1）" not in client.get(url("ratings")).content.decode()


def test_rating_of_the_province_is_followed_up_by_the_province_itself(
    story: Story, cast: Cast, sign_in: SignIn, on_the_day: Callable[[], None]
) -> None:
    Membership.objects.filter(user=cast.city_approver.person).update(user=story.second_city.person)
    complaint = story.confirmable("untrue")
    assert complaint.desk == cast.province
    actions.confirm_finding(complaint, by=cast.approver, on=story.on)
    rating = actions.rate_handling(complaint, grade=1, on=story.on)
    on_the_day()
    item = WorkItem.objects.waiting().get(kind="complaints.rating")
    assert (rating.desk, item.desk) == (cast.province, cast.province)
    done = {"text": "已约谈经办人员，改为三日内回电。"}
    sign_in(cast.province_caseworker).post(url("rating", rating.pk), done)
    rating.refresh_from_db()
    assert rating.followed_up_on == story.on


def test_aspects_of_a_rating_are_told_in_words(cast: Cast, sign_in: SignIn) -> None:
    (bad,) = rated(cast, 1)
    Rating.objects.filter(pk=bad.pk).update(aspects=["guidance", "papers"])
    page = sign_in(cast.province_caseworker).get(url("rating", bad.pk)).content.decode()
    assert "办事指引、要交的材料" in page
    assert "guidance" not in page


def test_follow_up_of_a_rating_is_listed_under_its_clause_in_words(
    story: Story, cast: Cast, sign_in: SignIn, on_the_day: Callable[[], None]
) -> None:
    actions.rate_handling(story.upheld(), grade=2, on=story.on)
    on_the_day()
    page = sign_in(cast.province_caseworker).get("/desk/").content.decode()
    assert "好差评意见（国办发〔2019〕51号）</a>" in page
    assert ">L-14-33<" not in page
