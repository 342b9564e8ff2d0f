"""What a base knows of a complaint: the released summary, the served finding, how many count. Nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from complaints import actions
from complaints.models import Complaint
from portal.accounts.capacity import VISITOR, Capacity
from tests.factories.cast import cast_at
from tests.factories.complaints import CONCLUSION, SUMMARY, TOLD, Story
from tests.factories.people import LONG_AGO

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SignIn = Callable[[Capacity], Client]


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


@pytest.fixture
def wang(story: Story, sign_in: SignIn) -> Client:
    return sign_in(story.cast.wang)


@pytest.fixture
def today(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages live on the day of the story."""
    monkeypatch.setattr("complaints.views.for_operators.business_today", lambda: story.on)


def released(story: Story) -> Complaint:
    complaint = story.accepted()
    return actions.release_summary(complaint, summary=SUMMARY, by=story.cast.county_caseworker, on=story.on)


def found(story: Story) -> Complaint:
    """Return a complaint whose finding waits for the base's signature."""
    complaint = story.verifying()
    actions.record_finding(
        complaint,
        outcome="true",
        visited=True,
        checked_on=story.on,
        officers=[story.cast.city_caseworker.person, story.second_city.person],
        minutes="到场查看协议和收据，询问财务人员。",
        conclusion=CONCLUSION,
        by=story.cast.city_caseworker,
        on=story.on,
    )
    return story.fresh(complaint)


def page_of(client: Client, complaint: Complaint) -> str:
    answer = client.get(f"/my/complaints/{complaint.pk}/")
    return answer.content.decode() if answer.status_code == 200 else ""


def test_a_complaint_does_not_exist_for_the_base_before_its_summary_is_released(story: Story, wang: Client) -> None:
    for complaint in (story.received().complaint, story.accepted()):
        assert wang.get(f"/my/complaints/{complaint.pk}/").status_code == 404
        assert complaint.number not in wang.get("/my/complaints/").content.decode()
    complaint = released(story)
    assert complaint.number in wang.get("/my/complaints/").content.decode()
    assert SUMMARY in page_of(wang, complaint)


def test_another_operator_and_officers_do_not_reach_the_page(story: Story, sign_in: SignIn) -> None:
    complaint = released(story)
    assert sign_in(story.cast.other_operator).get(f"/my/complaints/{complaint.pk}/").status_code == 404
    assert sign_in(story.cast.county_caseworker).get(f"/my/complaints/{complaint.pk}/").status_code == 403


@pytest.mark.usefixtures("today")
def test_the_base_reads_no_word_and_no_trait_of_who_complained(story: Story, wang: Client) -> None:
    pages = []
    complaint = released(story)
    pages.append(page_of(wang, complaint))
    complaint = found(story)
    pages += [page_of(wang, complaint), wang.get("/my/complaints/").content.decode()]
    actions.sign_for_finding(complaint, by=story.cast.wang, on=story.on)
    pages.append(page_of(wang, complaint))
    for page in pages:
        assert page
        assert SUMMARY[:10] in page
        for secret in (TOLD, TOLD[:8], "田诉", "1390000", "询问财务人员"):
            assert secret not in page


@pytest.mark.usefixtures("today")
def test_the_answer_is_taken_with_its_files_and_what_was_typed_comes_back(story: Story, wang: Client) -> None:
    complaint = released(story)
    page = page_of(wang, complaint)
    assert str(complaint.due_on) in page
    assert "自2026年3月2日起5个工作日" in page
    address = f"/my/complaints/{complaint.pk}/answer/"
    bad = SimpleUploadedFile("协议.pdf", b"not a pdf", "application/pdf")
    refused = wang.post(address, {"text": "减半以书面申请为条件，对方没有申请。", "uploads": bad})
    assert refused.status_code == 422
    assert "减半以书面申请为条件" in refused.content.decode()
    assert "协议.pdf" in refused.content.decode()
    assert not hasattr(story.fresh(complaint), "answer")
    assert wang.post(address, {"text": "短"}).status_code == 422
    assert wang.post(address, {"text": "减半以书面申请为条件，对方没有申请。"}).status_code == 302
    assert story.fresh(complaint).status == "verifying"
    assert "减半以书面申请为条件" in page_of(wang, complaint)


@pytest.mark.usefixtures("today")
def test_the_finding_is_read_once_it_is_signed_for_and_contested_until_its_day(story: Story, wang: Client) -> None:
    complaint = found(story)
    finding = complaint.findings.get()
    assert finding.base_letter is not None
    page = page_of(wang, complaint)
    assert finding.base_letter.title in page
    assert "签收就是送达" in page
    assert CONCLUSION not in page
    assert wang.get(f"/letters/{finding.base_letter.key}/").status_code == 403
    assert wang.post(f"/my/complaints/{complaint.pk}/sign/").status_code == 302
    page = page_of(wang, complaint)
    finding.refresh_from_db()
    assert CONCLUSION in page
    assert f"{finding.objection_ends}（含当日）" in page
    assert wang.get(f"/letters/{finding.base_letter.key}/").status_code == 200
    address = f"/my/complaints/{complaint.pk}/objection/"
    assert wang.post(address, {"text": "收据不是我们开的，请核对印章。"}).status_code == 302
    page = page_of(wang, complaint)
    assert "还没有答复" in page
    assert 'name="text"' not in page


@pytest.mark.usefixtures("today")
def test_the_base_objects_only_to_what_it_has_signed_for(story: Story, wang: Client) -> None:
    complaint = found(story)
    address, said = f"/my/complaints/{complaint.pk}/objection/", {"text": "收据不是我们开的，请核对印章。"}
    refused = wang.post(address, said)
    words = refused.content.decode()
    assert refused.status_code == 422
    assert "请先签收核实结果，看过以后再提异议。" in words
    assert said["text"] in words
    assert CONCLUSION not in words
    assert "（含当日）前可以提一次" not in words
    wang.post(f"/my/complaints/{complaint.pk}/sign/")
    assert wang.post(address, said).status_code == 302


@pytest.mark.usefixtures("today")
def test_after_the_last_day_no_objection_is_offered_or_taken(story: Story, wang: Client) -> None:
    complaint = story.found()
    story.later(6)
    assert 'name="text"' not in page_of(wang, complaint)
    answer = wang.post(f"/my/complaints/{complaint.pk}/objection/", {"text": "收据不是我们开的，请核对印章。"})
    assert answer.status_code == 422
    assert "已经过了" in answer.content.decode()


@pytest.mark.usefixtures("today")
def test_the_base_sees_how_many_count_and_the_clause_not_which(story: Story, wang: Client) -> None:
    story.upheld()
    story.upheld(anonymous=True)
    page = wang.get("/my/complaints/").content.decode()
    assert "有效投诉 <b>1</b> 次，达到 3 次启动撤销程序" in page
    assert "匿名" not in page


@pytest.mark.usefixtures("today")
def test_a_small_base_learns_days_by_the_week_whatever_it_enters_afterwards(story: Story, wang: Client) -> None:
    complaint = released(story)
    page = page_of(wang, complaint)
    assert "2026-03-02起的一周" in page
    assert "<dd>2026-03-02</dd>" not in page
    for number in range(6):
        story.base.tenants.create(jurisdiction=story.base.jurisdiction, name=f"补登{number}", entered_on=LONG_AGO)
    assert "2026-03-02起的一周" in page_of(wang, complaint)
    another = released(story)
    assert "<dd>2026-03-02</dd>" in page_of(wang, another)


def test_page_of_a_complaint_costs_the_same_however_long_its_history(
    story: Story, wang: Client, today: None, settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.CALENDAR_RECHECK_SECONDS = 60  # as in production: what rarely changes is read rarely
    complaint = story.found(same_as=story.upheld())
    actions.object_to_finding(complaint, text="合同写明以申请为条件。", by=story.cast.wang, on=story.on)
    page_of(wang, complaint)
    with django_assert_max_num_queries(7 + 15):  # what every page asks, three of them for the savepoint of the test
        assert "合同写明以申请为条件" in page_of(wang, complaint)
    story.upheld("partly")
    with django_assert_max_num_queries(7 + 15):
        page_of(wang, complaint)


def test_base_is_told_that_nothing_is_to_be_done_of_what_was_withdrawn(story: Story, wang: Client) -> None:
    complaint = actions.withdraw_complaint(story.verifying(), by=VISITOR, on=story.on)
    assert "不再核实，也不计入有效投诉。您不用再办理。" in page_of(wang, complaint)
