"""Progress by number and code: one answer for every wrong pair, the story in plain words, what one may still do."""

import re
from datetime import date

import pytest
import time_machine
from django.test import Client

from complaints import actions, guard
from complaints.actions import Receipt
from complaints.models import FindingObjection, Rating
from complaints.states import ComplaintStatus as S
from portal.documents.models import Letter
from portal.worklist.models import WorkItem
from tests.complaints.test_public_form import photograph
from tests.factories.complaints import CONCLUSION, SUMMARY, Story

pytestmark = pytest.mark.django_db
TRACK, CASE = "/complain/progress/", "/complain/case/"


@pytest.fixture
def story(cast) -> Story:
    return Story(cast)


def text(response) -> str:
    return response.content.decode()


def holding(receipt: Receipt, **changed: str) -> Client:
    """Return the browser of somebody who gave number and code."""
    client = Client()
    client.post(TRACK, {"number": receipt.complaint.number, "code": receipt.code, **changed})
    return client


def on(day: date):
    return time_machine.travel(f"{day}T10:00:00+08:00", tick=True)


def receipt_of(story: Story) -> Receipt:
    return story.received()


def found(story: Story, outcome: str = "untrue") -> Receipt:
    """Bring a complaint to a finding that the base has signed for, and keep its code."""
    receipt = story.received()
    cast, by = story.cast, story.cast.city_caseworker
    complaint = actions.accept_complaint(receipt.complaint, category="fees", by=cast.county_caseworker, on=story.on)
    actions.release_summary(complaint, summary=SUMMARY, by=cast.county_caseworker, on=story.on)
    actions.answer_complaint(story.fresh(complaint), text="减半须书面申请，对方没有申请。", by=cast.wang, on=story.on)
    actions.settle_recipient(story.fresh(complaint), service_recipient=True, because="协议", by=by, on=story.on)
    actions.record_finding(
        story.fresh(complaint),
        outcome=outcome,
        visited=True,
        checked_on=story.on,
        officers=[by.person, story.second_city.person],
        minutes="到场查看协议和收据，询问财务人员。",
        conclusion=CONCLUSION,
        by=by,
        on=story.on,
    )
    actions.sign_for_finding(story.fresh(complaint), by=cast.wang, on=story.on)
    return receipt


# --- number and code ---


def test_number_and_code_open_the_complaint(story: Story) -> None:
    receipt = receipt_of(story)
    page = text(holding(receipt).get(CASE))
    assert receipt.complaint.number in page
    assert "投诉已收到" in page


def test_code_is_read_without_regard_to_case_spaces_dashes_and_width(story: Story) -> None:
    receipt = receipt_of(story)
    typed = f" {receipt.code[:4].lower()}-{receipt.code[4:]} "
    assert holding(receipt, code=typed).get(CASE).status_code == 200


def test_wrong_number_and_wrong_code_get_the_same_answer(story: Story) -> None:
    receipt = receipt_of(story)
    right = {"number": receipt.complaint.number, "code": receipt.code}

    def answer(**changed: str) -> tuple[int, str]:
        response = Client().post(TRACK, {**right, **changed})
        page = re.sub(r'value="[^"]*"', "", text(response))
        return response.status_code, page

    wrong_code = answer(code="A" * 26)
    wrong_number = answer(number="TS-520103-2026-9999")
    assert wrong_code == wrong_number
    assert wrong_code[0] == 422
    assert "受理号和查询码对不上" in wrong_code[1]
    assert "查询码不在回执上" in wrong_code[1]


def test_what_a_lost_code_means_is_said_where_it_is_asked_for() -> None:
    page = text(Client().get(TRACK))
    assert "任何人都查不回来" in page
    assert "核对您的身份后告诉您办到哪一步" in page


def test_neither_number_nor_code_ever_stands_in_an_address(story: Story) -> None:
    receipt = receipt_of(story)
    client = Client()
    answer = client.post(TRACK, {"number": receipt.complaint.number, "code": receipt.code})
    assert answer.url == CASE
    links = re.findall(r'(?:href|action)="([^"]*)"', text(client.get(CASE)))
    assert links
    assert not [link for link in links if receipt.complaint.number in link or receipt.code in link]


def test_tries_of_one_address_are_limited(story: Story) -> None:
    client = Client(REMOTE_ADDR="192.0.2.9")
    answers = [client.post(TRACK, {"number": "TS-1", "code": "A"}).status_code for _try in range(12)]
    assert answers[:10] == [422] * 10
    assert answers[10:] == [429] * 2
    assert client.get(TRACK).status_code == 200


def test_an_opened_complaint_shuts_after_two_hours(story: Story) -> None:
    receipt = receipt_of(story)
    client = Client()
    with time_machine.travel("2026-03-02T10:00:00+08:00", tick=False) as clock:
        client.post(TRACK, {"number": receipt.complaint.number, "code": receipt.code})
        clock.move_to("2026-03-02T11:59:00+08:00")
        assert client.get(CASE).status_code == 200
        clock.move_to("2026-03-02T12:01:00+08:00")
        assert client.get(CASE).url == TRACK


@pytest.mark.parametrize("page", ["", "add/", "withdraw/", "objection/", "rating/"])
def test_without_number_and_code_nothing_is_open(page: str) -> None:
    assert Client().get(CASE + page).url == TRACK
    assert Client().post(CASE + page).status_code in {302, 405}


# --- the story ---


def test_story_tells_every_step_with_its_day_and_nothing_internal(story: Story) -> None:
    receipt = found(story)
    actions.reveal_identity(
        story.fresh(receipt.complaint), purpose="电话核实收费", by=story.cast.city_caseworker, on=story.on
    )
    page = text(holding(receipt).get(CASE))
    for words in ("投诉已收到", "已受理", "情况摘要已发给基地", "基地已答复", "核实结果已作出", "核实结果已送达基地"):
        assert words in page
    for internal in ("电话核实收费", "李市办", "赵县办", "到场查看协议", "访客"):
        assert internal not in page


def test_letters_to_the_complainant_are_read_here_and_those_to_the_base_are_not(story: Story) -> None:
    receipt = found(story)
    client = holding(receipt)
    page = text(client.get(CASE))
    letters = {each.letter for each in receipt.complaint.letters.filter(to_complainant=True)}
    to_base = {each.letter for each in receipt.complaint.letters.filter(to_complainant=False)}
    assert len(letters) == 3
    assert to_base
    for letter in letters:
        assert f"{CASE}letters/{letter.key}/" in page
        assert letter.title in text(client.get(f"{CASE}letters/{letter.key}/"))
    for letter in to_base:
        assert client.get(f"{CASE}letters/{letter.key}/").status_code == 404
        assert client.get(f"{CASE}letters/{letter.key}/pdf/").status_code == 404


def test_letter_whose_file_is_lost_is_made_anew(story: Story) -> None:
    receipt = receipt_of(story)
    letter = receipt.complaint.letters.get().letter
    Letter.objects.filter(pk=letter.pk).update(pdf="letters/lost.pdf")
    answer = holding(receipt).get(f"{CASE}letters/{letter.key}/pdf/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")


def test_letter_that_cannot_be_made_now_is_answered_with_a_sentence(story: Story, monkeypatch) -> None:
    def fails(letter: Letter) -> bytes:
        raise OSError("no font")

    receipt = receipt_of(story)
    letter = receipt.complaint.letters.get().letter
    Letter.objects.filter(pk=letter.pk).update(pdf="")
    monkeypatch.setattr("portal.documents.rendering.drawn", fails)
    answer = holding(receipt).get(f"{CASE}letters/{letter.key}/pdf/")
    assert answer.status_code == 422
    assert "暂时不能生成" in text(answer)


def test_letters_of_another_complaint_are_not_there(story: Story) -> None:
    other = receipt_of(story).complaint.letters.get().letter
    client = holding(receipt_of(story))
    assert client.get(f"{CASE}letters/{other.key}/").status_code == 404


def test_finding_is_told_in_words_with_its_conclusion(story: Story) -> None:
    page = text(holding(found(story)).get(CASE))
    assert "<b>不属实</b>" in page
    assert CONCLUSION in page


def test_what_comes_next_leaves_out_what_is_over(story: Story) -> None:
    receipt = found(story)
    with on(story.on):
        page = text(holding(receipt).get(CASE))
    ends = story.fresh(receipt.complaint).findings.get().objection_ends
    assert f"接下来：异议期至 {ends}，期满后由审批人员确认核实结果" in page
    assert "送达核实结果" not in page
    story.later(6)
    with on(story.on):
        assert "接下来：由审批人员确认核实结果" in text(holding(receipt).get(CASE))


def test_a_heading_without_anything_to_do_is_left_out(story: Story) -> None:
    receipt = receipt_of(story)
    assert "您还可以" in text(holding(receipt).get(CASE))
    assert "您还可以" not in text(holding(found(story)).get(CASE))


def test_after_an_overturning_it_is_said_what_one_can_do(story: Story) -> None:
    receipt = found(story, outcome="true")
    story.later(6)
    by, above = story.cast.city_approver, story.cast.approver
    actions.confirm_finding(story.fresh(receipt.complaint), by=by, on=story.on)
    actions.overturn_finding(
        story.fresh(receipt.complaint), because="上级复查发现票据与投诉无关。", by=above, on=story.on
    )
    client = holding(receipt)
    page = text(client.get(CASE))
    letter = receipt.complaint.letters.filter(to_complainant=True, letter__kind="complaint.overturned").get().letter
    for words in (page, text(client.get(f"{CASE}letters/{letter.key}/"))):
        assert "上级复查发现票据与投诉无关。" in words
        assert "依法申请行政复议" in words
    assert CONCLUSION not in page


# --- what one may do ---


def test_asked_supplement_is_answered_here(story: Story) -> None:
    receipt = receipt_of(story)
    actions.ask_for_supplement(
        receipt.complaint, asked="请补交入驻协议首页和收据。", by=story.cast.county_caseworker, on=story.on
    )
    with on(story.later(2)):
        client = holding(receipt)
        assert "请补交入驻协议首页和收据。" in text(client.get(CASE))
        empty = client.post(f"{CASE}add/", {"text": ""})
        assert (empty.status_code, "请写要补充的内容" in text(empty)) == (422, True)
        assert client.post(f"{CASE}add/", {"text": "见附件", "evidence": photograph()}).url == CASE
    complaint = story.fresh(receipt.complaint)
    assert complaint.status == S.RECEIVED
    assert complaint.supplement.answer == "见附件"
    assert [each.original_name for each in complaint.evidence.all()] == ["凭证1.jpg"]


def test_additions_to_one_complaint_wait_when_they_come_too_close(story: Story) -> None:
    receipt = receipt_of(story)
    client, other = holding(receipt), holding(receipt_of(story))
    for _each in range(guard.ADDING.burst):
        assert client.post(f"{CASE}add/", {"text": "再补充一句。"}).url == CASE
    answer = client.post(f"{CASE}add/", {"text": "最后这一句还在。"})
    assert answer.status_code == 422
    assert "请过 10 分钟再提交" in text(answer)
    assert "最后这一句还在。" in text(answer)
    assert "最后这一句" not in story.fresh(receipt.complaint).told
    assert other.post(f"{CASE}add/", {"text": "另一件照收。"}).url == CASE


def test_complaint_is_withdrawn_after_reading_what_that_means(story: Story) -> None:
    receipt = receipt_of(story)
    client = holding(receipt)
    assert "没有人可以要求您撤回" in text(client.get(f"{CASE}withdraw/"))
    assert story.fresh(receipt.complaint).status == S.RECEIVED
    assert client.post(f"{CASE}withdraw/").url == CASE
    assert story.fresh(receipt.complaint).status == S.WITHDRAWN
    assert client.post(f"{CASE}withdraw/").status_code == 422


def test_finding_is_objected_to_until_its_last_day(story: Story) -> None:
    receipt = found(story)
    finding = receipt.complaint.findings.get()
    with on(finding.objection_ends):
        client = holding(receipt)
        assert f"{finding.objection_ends}（含当日）前可以提出异议" in text(client.get(CASE))
        short = client.post(f"{CASE}objection/", {"text": "不服"})
        assert (short.status_code, "不服</textarea>" in text(short)) == (422, True)
        assert client.post(f"{CASE}objection/", {"text": "财务人员没有说实话，请查银行流水。"}).url == CASE
        assert f'href="{CASE}objection/"' not in text(client.get(CASE))
    assert FindingObjection.objects.get().side == "complainant"


def test_after_the_last_day_no_objection_is_taken(story: Story) -> None:
    receipt = found(story)
    story.later(6)
    with on(story.on):
        client = holding(receipt)
        assert f"{CASE}objection/" not in text(client.get(CASE))
        late = client.post(f"{CASE}objection/", {"text": "财务人员没有说实话，请查银行流水。"})
    assert late.status_code == 422
    assert "已经过了" in text(late)
    assert not FindingObjection.objects.exists()


def rated(story: Story, grade: int) -> tuple[Receipt, Client]:
    receipt = found(story)
    story.later(6)
    actions.confirm_finding(story.fresh(receipt.complaint), by=story.cast.city_approver, on=story.on)
    client = holding(receipt)
    with on(story.on):
        answer = client.post(
            f"{CASE}rating/", {"grade": str(grade), "aspects": ["guidance", "screens"], "comment": "回得慢"}
        )
    assert answer.url == CASE
    return receipt, client


def test_handling_is_rated_once_it_is_over_and_the_rating_names_nobody(story: Story) -> None:
    receipt, client = rated(story, 5)
    rating = Rating.objects.get()
    assert (rating.grade, rating.aspects, rating.comment) == (5, ["guidance", "screens"], "回得慢")
    assert not WorkItem.objects.filter(kind="complaints.rating").exists()
    assert f"{CASE}rating/" not in text(client.get(CASE))
    assert "已经评价过" in text(client.post(f"{CASE}rating/", {"grade": "1"}))


@pytest.mark.parametrize(
    "comment", ["请打１３８－００００－１２３４", "138 0000 1234", "0851-12345678", "Tian@example.cn"]
)
def test_a_rating_takes_no_number_or_address_that_leads_to_a_person(story: Story, comment: str) -> None:
    receipt = found(story)
    story.later(6)
    actions.confirm_finding(story.fresh(receipt.complaint), by=story.cast.city_approver, on=story.on)
    with on(story.on):
        client = holding(receipt)
        assert "哪里不满意" in text(client.get(f"{CASE}rating/"))
        answer = client.post(f"{CASE}rating/", {"grade": "1", "comment": comment})
        assert (answer.status_code, "像是电话或邮箱" in text(answer)) == (422, True)
        assert not Rating.objects.exists()
        days = {"grade": "1", "comment": "2026-03-02 交的，2026-03-20 才答复，收费 120000 元没退"}
        assert client.post(f"{CASE}rating/", days).url == CASE


@pytest.mark.parametrize("grade", [1, 2])
def test_the_two_lowest_grades_open_a_follow_up(story: Story, grade: int) -> None:
    rated(story, grade)
    assert WorkItem.objects.filter(kind="complaints.rating").count() == 1


def test_nothing_is_rated_before_it_is_over(story: Story) -> None:
    client = holding(receipt_of(story))
    answer = client.post(f"{CASE}rating/", {"grade": "5"})
    assert (answer.status_code, "办结后才能评价" in text(answer)) == (422, True)
