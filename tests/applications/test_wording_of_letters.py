"""How letters of an application are put: titles apart, days in Chinese, whom to ask, evidence that may be left out."""

import datetime

import pytest

from applications import actions
from applications.actions.moving import procedure_of
from applications.letters import notice_title, objection_answer
from applications.models import Call, Objection
from applications.states import ObjectionStatus
from portal.documents.models import Letter
from portal.jurisdictions.models import AgencyProfile
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.register import base
from tests.factories.titles import DAY, published_call, published_notice

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 3, 9)


def said_in(kind: str) -> list[str]:
    """Return the paragraphs of the last letter of a kind."""
    return [block["text"] for block in Letter.objects.filter(kind=kind).latest("pk").wording["body"]]


def call_named(name: str) -> Call:
    return published_call(opens=TODAY - 10 * DAY, closes=TODAY + 10 * DAY, name=name)


@pytest.mark.parametrize("ending", ["申报", "认定申报", "申报认定工作", "申报通知"])
def test_a_list_is_called_by_its_call_without_the_word_of_applying(cast: Cast, ending: str) -> None:
    call = call_named(f"2026年度省级创业孵化示范基地第二批{ending}")
    listed = published_notice(call, cast.base, base("520303"), on=TODAY).applications.all()
    assert notice_title(call, list(listed)) == "关于2026年度省级创业孵化示范基地第二批拟认定名单的公示"


def test_notices_of_one_call_are_told_apart(cast: Cast) -> None:
    call = call_named("2026年度省级创业孵化示范基地申报")
    (one,) = published_notice(call, cast.base, on=TODAY).applications.all()
    alone = f"关于{call.year}年度拟认定筑梦创业孵化基地为省级创业孵化示范基地的公示"
    several = "关于2026年度省级创业孵化示范基地拟认定名单的公示"
    assert notice_title(call, [one]) == alone
    assert notice_title(call, [one, one]) == several
    for title in (alone, several):
        call.notices.create(
            jurisdiction=call.jurisdiction,
            region_code=call.region_code,
            title=title,
            published_on=TODAY,
            ends_on=TODAY,
            term={},
            published_by=cast.province_caseworker.person,
        )
    assert notice_title(call, [one]) == f"{alone}（第二次）"
    assert notice_title(call, [one, one]) == f"{several}（第二次）"


def test_the_notice_of_a_later_batch_names_the_batch(cast: Cast) -> None:
    call_named("2026年度省级创业孵化示范基地申报")
    later = call_named("2026 年度省级创业孵化示范基地增开申报")
    one, other = published_notice(later, cast.base, base("520303"), on=TODAY).applications.order_by("pk")
    assert notice_title(later, [one]).startswith(f"关于{later.year}年度第二批拟认定{one.base.name}为")
    assert notice_title(later, [one, other]) == "关于2026年度省级创业孵化示范基地增开第二批拟认定名单的公示"


def test_the_answer_to_an_objection_names_the_notice_and_on_a_list_the_base(cast: Cast) -> None:
    application, notice = dossiers.publicised(cast)
    objection = Objection(pk=7, notice=notice, application=application, received_on=TODAY, answered_on=TODAY)
    objection.status, objection.answer = ObjectionStatus.UNFOUNDED, "经核查，情况不属实。"
    first = objection_answer(objection).body[0].text
    assert first.count(cast.base.name) == 1
    assert f"对《{objection.notice.title}》提出的异议收悉" in first
    objection.notice.title = "关于2026年度省级创业孵化示范基地拟认定名单的公示"
    assert f"名单的公示》所列{cast.base.name}提出的异议收悉" in objection_answer(objection).body[0].text


def test_a_call_says_that_days_no_policy_sets_are_its_own(cast: Cast) -> None:
    application = dossiers.draft(cast)
    assert "以上办理时限，政策没有规定的，由本机关为本批次安排。" in said_in("call.notice")
    assert any(step.workdays.assumed for step in procedure_of(application).steps)


def test_a_notice_asks_for_evidence_only_where_there_is_some(cast: Cast) -> None:
    dossiers.publicised(cast)
    said = "".join(said_in("application.public_notice"))
    assert "有证据的可以附上" in said
    assert "并附有关证据" not in said


def test_a_call_writes_days_in_chinese_and_says_its_introduction_ahead_of_its_sections(cast: Cast) -> None:
    timetable = [
        {"name": "单位填报", "until": "2026-04-01 前"},
        {"name": "各地推荐", "until": "2027 年 1 月 8 日 18:00 前"},
    ]
    dossiers.open_call(cast, timetable=timetable, introduction="本批次重点支持返乡创业。")
    body = Letter.objects.get(kind="call.notice").wording["body"]
    (table,) = (block for block in body if block["kind"] == "table")
    assert table["rows"] == [["单位填报", "2026年4月1日前"], ["各地推荐", "2027年1月8日18:00前"]]
    said = [block["text"] for block in body]
    assert said.index("本批次重点支持返乡创业。") < said.index("一、申报称号和数量")


def test_a_correction_says_who_handles_it_and_how_to_reach_it(cast: Cast) -> None:
    name = "贵阳市云岩区人力资源和社会保障局"
    told = {"name": name, "short_name": "云岩区人社局", "phone": "0851-86600001", "address": "延安东路 1 号"}
    AgencyProfile.objects.update_or_create(jurisdiction=cast.county, defaults=told)
    application = dossiers.submitted(cast)
    items = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "填3200，租赁合同为2800，请改正。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    assert said_in("application.correction")[-1].startswith(
        f"办理机关：{name}，联系电话：0851-86600001，地址：延安东路 1 号"
    )


def test_where_to_object_is_written_without_typed_blanks(cast: Cast) -> None:
    application = dossiers.reviewed(cast)
    contact = "0851-86600001，延安东路 1 号"
    actions.publish_notice(
        application.call, applications=[application], contact=contact, by=cast.province_caseworker, on=dossiers.FILED
    )
    assert "受理异议：0851-86600001，延安东路1号" in said_in("application.public_notice")
