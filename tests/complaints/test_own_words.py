"""What the public form says of the words before they are sent, in the language and from the side of who reads it."""

import pytest
from django.utils import translation

from complaints import actions
from complaints.actions.telling import Content
from complaints.forms.telling import TellingForm
from complaints.views.own_words import given_away
from portal.errors import InvalidInput
from portal.jurisdictions.models import AgencyProfile
from tests.complaints.test_progress import CASE, holding, on, receipt_of, text
from tests.complaints.test_public_form import Visitor
from tests.factories.cast import Cast
from tests.factories.complaints import CONCLUSION, Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


def test_words_without_a_name_or_a_number_call_for_no_remark() -> None:
    content = Content(told="入驻协议写明首年免租，2026-03-02 起按 1200 元收取。", named=True, name="钱多多")
    assert given_away(content) == ""


def test_a_telephone_number_and_the_own_name_in_the_words_are_pointed_out() -> None:
    content = Content(told="我叫钱 多多，电话138 0000 1234，请回电。", named=True, name="钱多多", phone="13800001234")
    said = given_away(content)
    assert "您的姓名" in said
    assert "138 0000 1234" in said


def test_a_name_given_and_then_taken_back_is_not_looked_for() -> None:
    assert given_away(Content(told="我叫钱多多，房租涨了。", named=False, name="钱多多")) == ""


def test_the_screens_point_out_what_the_words_give_away_and_refuse_nothing(story: Story) -> None:
    visitor = Visitor(story.base)
    visitor.tells("我叫田小诉，电话 13900001234，房租涨了一倍没有说法。")
    second = text(visitor.client.get("/complain/who/"))
    assert "经过里好像写了像电话或邮箱的“13900001234”" in second
    visitor.says_who()
    third = text(visitor.client.get("/complain/check/"))
    assert "经过里好像写了您的姓名、像电话或邮箱的“13900001234”" in third
    assert "基地看不到" in third
    assert visitor.sends().url == "/complain/received/"


def test_hint_on_evidence_is_said_in_the_language_of_the_reader(cast: Cast) -> None:
    with translation.override("en"):
        form = TellingForm(place=cast.county, chosen=None, fixed=False)
        assert str(form.fields["evidence"].help_text).startswith("Agreements")


def test_complainant_is_spoken_to_and_not_of(story: Story) -> None:
    receipt = receipt_of(story)
    by = story.cast.county_caseworker
    actions.ask_for_supplement(receipt.complaint, asked="请补交入驻协议首页和收据。", by=by, on=story.on)
    with on(story.on):
        page = text(holding(receipt).get(CASE))
    assert "接下来：等您补充材料" in page
    assert "等投诉人补充材料" not in page


def test_day_of_a_verification_is_asked_for_in_a_sentence_that_can_be_met(story: Story) -> None:
    complaint = story.verifying()
    with pytest.raises(InvalidInput) as refused:
        actions.record_finding(
            complaint,
            outcome="true",
            visited=True,
            checked_on=story.title.certified_on,
            officers=[story.cast.city_caseworker.person, story.second_city.person],
            minutes="到场查看协议和收据，询问财务人员。",
            conclusion=CONCLUSION,
            by=story.cast.city_caseworker,
            on=story.on,
        )
    assert refused.value.problems["checked_on"] == f"核实日期只能是今天（{story.on}）。"


@pytest.mark.parametrize(("act", "says"), [("rejected", "不同意不予受理？"), ("transferred", "不同意转交？")])
def test_who_was_turned_away_is_told_which_bureau_is_above_and_how_to_reach_it(
    story: Story, act: str, says: str
) -> None:
    receipt, by = receipt_of(story), story.cast.county_caseworker
    AgencyProfile.objects.update_or_create(
        jurisdiction=story.cast.city, defaults={"name": "贵阳市人社局", "complaint_channel": "0851-87654321"}
    )
    reason = "与孵化服务无关，属于劳动争议。"
    if act == "rejected":
        actions.reject_complaint(receipt.complaint, reason=reason, by=by, on=story.on)
    else:
        actions.transfer_complaint(receipt.complaint, to="云岩区市场监管局", reason=reason, by=by, on=story.on)
    with on(story.on):
        page = text(holding(receipt).get(CASE))
    section = page[page.index('id="above"') :].split("</section>", 1)[0]
    assert says in section
    assert "贵阳市人社局" in section
    assert "0851-87654321" in section
    assert 'id="above"' not in text(holding(receipt_of(story)).get(CASE))


def test_bureau_above_is_named_where_it_has_published_nothing(story: Story) -> None:
    receipt, reason = receipt_of(story), "与孵化服务无关，属于劳动争议。"
    actions.reject_complaint(receipt.complaint, reason=reason, by=story.cast.county_caseworker, on=story.on)
    with on(story.on):
        page = text(holding(receipt).get(CASE))
    section = page[page.index('id="above"') :].split("</section>", 1)[0]
    assert "贵阳市主管部门" in section
    assert "未填写" in section
