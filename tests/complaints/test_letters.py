"""What the letters of a complaint say: who acts next, under which law, whom to turn to, true to the place."""

import pytest
from django.utils import translation

from bases.rules import BasePolicy
from complaints import actions, letters
from complaints.models import Complaint
from portal.documents.letters import agency_of
from portal.documents.models import Letter
from portal.policies.loader import pack_in_force
from tests.factories.cast import cast_at
from tests.factories.complaints import Story

pytestmark = pytest.mark.django_db
URUMQI, YUNYAN = "650102", "520103"


@pytest.fixture
def story() -> Story:
    return Story(cast_at(YUNYAN))


@pytest.fixture
def xinjiang() -> Story:
    """A story where complaints lead to nothing by themselves, and the bureaus of industry are competent."""
    story = Story(cast_at(URUMQI))
    pack = pack_in_force(at=story.cast.county, on=story.on)
    story.title.policy, story.title.title = pack.id, pack.section(BasePolicy).titles[0].code
    story.title.save()
    return story


def written(complaint: Complaint, kind: str) -> str:
    found = Letter.objects.filter(kind=f"complaint.{kind}", subject_id=str(complaint.pk)).order_by("pk").last()
    assert found is not None, kind
    return "\n".join(block["text"] for block in found.wording["body"])


def test_receipt_names_the_bureau_that_accepts_though_the_one_above_took_it_in(story: Story) -> None:
    cast = story.cast
    told = "十月起每月多收服务费，问过没有答复。"
    complaint = actions.receive_complaint(story.base, told=told, by=cast.city_caseworker, on=story.on).complaint
    letter = Letter.objects.get(kind="complaint.receipt")
    text = written(complaint, "receipt")
    assert letter.issuer == agency_of(cast.city).name
    assert f"{agency_of(cast.county).name}将在2026年3月9日前告知是否受理；逾期未告知的，视为受理" in text
    assert f"由{agency_of(cast.city).name}2名以上工作人员核实" in text


def test_acceptance_says_under_which_law_it_ends_when(story: Story) -> None:
    text = written(story.accepted(), "acceptance")
    assert "参照《信访工作条例》（2022年）第三十四条，最迟于" in text
    assert "视为受理" not in text


def test_rejection_says_whom_to_turn_to_in_a_place_of_another_department(xinjiang: Story) -> None:
    complaint = xinjiang.received().complaint
    by = xinjiang.cast.county_caseworker
    actions.reject_complaint(complaint, reason="反映的是个人劳动争议", by=by, on=xinjiang.on)
    text = written(complaint, "rejection")
    assert "理由：反映的是个人劳动争议。" in text
    assert f"可以向{agency_of(xinjiang.cast.city).name}反映" in text
    assert "人力资源" not in text


def test_acceptance_that_was_ordered_names_a_bureau_and_not_a_place(story: Story) -> None:
    complaint, cast = story.received().complaint, story.cast
    actions.reject_complaint(complaint, reason="反映的是个人劳动争议。", by=cast.county_caseworker, on=story.on)
    actions.order_acceptance(
        story.fresh(complaint), because="减免场租属于服务承诺，应当受理。", by=cast.city_approver, on=story.on
    )
    assert f"由{agency_of(cast.county).name}自2026年3月2日起受理" in written(complaint, "ordered_acceptance")


def test_the_bureau_that_overturns_does_not_speak_of_itself_as_another(story: Story) -> None:
    complaint = story.upheld()
    actions.overturn_finding(complaint, because="上级复查发现票据与投诉无关。", by=story.cast.approver, on=story.on)
    for kind in ("overturned", "overturned_to_base"):
        text = written(complaint, kind)
        assert "经本机关复查予以推翻" in text
        assert "由上级机关推翻" not in text
    assert "不再计入有效投诉" in written(complaint, "overturned_to_base")


def test_base_reads_the_place_of_the_limit_in_its_document_and_whom_to_turn_to(story: Story) -> None:
    text = written(story.upheld(), "result_to_base")
    assert "依据《贵州省创业孵化示范基地质量提升实施方案》第三部分（五）第三点，服务对象有效投诉达到3次" in text
    assert f"可以向{agency_of(story.cast.province).name}反映" in text


def test_where_complaints_are_not_counted_no_letter_speaks_of_a_count(xinjiang: Story) -> None:
    complaint = xinjiang.upheld()
    actions.overturn_finding(
        complaint, because="上级复查发现票据与投诉无关。", by=xinjiang.cast.approver, on=xinjiang.on
    )
    dismissed = xinjiang.upheld("untrue")
    told = written(complaint, "overturned_to_base") + written(dismissed, "result_to_base")
    assert "有效投诉" not in told


def test_a_procedure_the_policy_does_not_have_is_marked_as_a_sample(xinjiang: Story) -> None:
    complaint = xinjiang.received().complaint
    assert letters.receipt(complaint).notes == "投诉的办理流程为示例流程，待主管部门确认"


def test_a_procedure_of_the_policy_is_not_marked(story: Story) -> None:
    assert letters.receipt(story.received().complaint).notes == ""


def test_summary_claims_no_word_of_a_policy_that_does_not_speak_of_complainants(xinjiang: Story) -> None:
    complaint = xinjiang.verifying()
    text = written(complaint, "summary")
    assert "不得追查投诉人" in text
    assert pack_in_force(at=xinjiang.cast.county, on=xinjiang.on).title not in text


def test_officer_who_reads_english_sends_letters_in_chinese(story: Story) -> None:
    complaint = story.verifying()
    with translation.override("en"):
        actions.record_finding(
            complaint,
            outcome="partly",
            visited=True,
            checked_on=story.on,
            officers=[story.cast.city_caseworker.person, story.second_city.person],
            minutes="到场查看协议和收据，询问财务人员。",
            conclusion="入驻协议约定首年场租减半，实际按全额收取。",
            by=story.cast.city_caseworker,
            on=story.on,
        )
    assert "结果为：部分属实。" in written(complaint, "finding_to_base")
    assert "结果为：部分属实。" in written(complaint, "finding")


def test_what_the_complainant_is_to_add_keeps_its_lines(story: Story) -> None:
    complaint = story.received().complaint
    asked = "请补充：\n1. 入驻协议；\n\n2. 收据照片；"
    actions.ask_for_supplement(complaint, asked=asked, by=story.cast.county_caseworker, on=story.on)
    text = written(complaint, "supplement")
    assert "请补充：\n1. 入驻协议；\n2. 收据照片。" in text
    assert "请在2026年3月16日前（含当日）" in text
