"""What each letter of an application says, taken from a case that went the real way."""

import datetime
import re
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from applications import actions
from applications.letters import approval
from applications.models import CorrectionRequest, Decision
from bases.models import Certification
from portal.accounts.capacity import VISITOR
from portal.documents.glyphs import missing_glyphs
from portal.documents.models import Letter
from portal.documents.rendering import drawn
from portal.jurisdictions.models import AgencyProfile
from tests.factories import dossiers
from tests.factories.cast import Cast, cast_at
from tests.factories.register import base, operator

INTERNAL = re.compile(r"\b(GZ|XJ|XZ|JX|ER|L|D)-\d|None|\{|\}|provincial|workday")


@pytest.fixture(autouse=True)
def bureaus(cast: Cast) -> None:
    """Bureaus that have said what they are called."""
    for place, name in ((cast.province, "贵州省人力资源和社会保障厅"), (cast.city, "贵阳市人力资源和社会保障局")):
        AgencyProfile.objects.update_or_create(
            jurisdiction=place, defaults={"name": name, "short_name": name, "document_word": "演示发"}
        )


def letter_of(kind: str) -> Letter:
    return Letter.objects.filter(kind=kind).latest("pk")


def text(letter: Letter) -> str:
    """Return every sentence of a letter, tables included."""
    wording = letter.wording
    lines = [letter.title, letter.addressee, wording["notes"], wording["copies_to"], *wording["facts"].values()]
    for block in wording["body"]:
        lines += [block["text"], *block["columns"], *(cell for row in block["rows"] for cell in row)]
    return "\n".join(lines)


def sound(letter: Letter) -> str:
    """Return the text of a letter after looking for what must never reach paper."""
    found = text(letter)
    assert not INTERNAL.search(found), INTERNAL.search(found)
    assert missing_glyphs(found) == ""
    assert "！" not in found
    assert "。。" not in found
    return found


def test_call_names_window_conditions_papers_and_steps(cast: Cast) -> None:
    dossiers.open_call(cast, quota=12, contact="创业指导处 0851-00000000")
    letter = letter_of("call.notice")
    found = sound(letter)
    assert letter.public
    assert letter.title == "关于开展2026年度省级创业孵化示范基地申报工作的通知"
    assert letter.addressee == "各市（州）人力资源和社会保障局，各有关单位"
    assert "根据《贵州省创业孵化示范基地质量提升实施方案》第三部分（五）第四点的规定" in found
    assert "自2026年3月2日9时起至2026年4月1日18时止" in found
    assert "不超过12家" in found
    assert "已获“市级创业孵化基地”认定且称号有效" in found
    assert "市（州）推荐函（由市级主管部门出具，申报单位不用上传）" in found
    assert "视频短片（选交）" in found
    assert "县（市、区）推荐：收到后20个工作日内办理" in found
    assert "公示5个工作日" in found
    assert "咨询电话：创业指导处 0851-00000000。" in found


@pytest.mark.parametrize(
    ("county", "title", "head"),
    [
        ("650102", "base", "《新疆维吾尔自治区“大众创业、万众就业”行动方案》"),
        ("540102", "centre_region", "《西藏自治区双创中心实施意见》"),
    ],
)
def test_call_of_a_pack_without_procedure_is_marked_as_a_sample(cast: Cast, county: str, title: str, head: str) -> None:
    elsewhere = cast_at(county)
    call = actions.draft_call(
        title=title,
        name="申报",
        year=2026,
        opens_at=dossiers.moment(dossiers.OPENED, 9),
        closes_at=dossiers.moment(dossiers.FILED, 18),
        by=elsewhere.province_caseworker,
        at=dossiers.moment(dossiers.OPENED),
    )
    actions.publish_call(call, by=elsewhere.approver, at=dossiers.moment(dossiers.OPENED))
    found = sound(letter_of("call.notice"))
    assert head in found
    assert "示例流程，待主管部门确认" in found


def test_receipt_lists_every_file_with_its_check_value(cast: Cast) -> None:
    application = dossiers.submitted(cast)
    letter = letter_of("application.receipt")
    found = sound(letter)
    assert letter.operator_id == cast.operator.pk
    assert letter.addressee == "筑梦创业服务有限公司"
    assert f"受理号：{application.reference}" in found
    assert "2026年3月9日10时" in found
    assert "文件校验值是文件内容SHA-256值的前16位" in found
    on_paper = PdfReader(BytesIO(drawn(letter))).pages[0].extract_text()
    for row in application.submissions.get().files:
        value = " ".join(row["sha256"][at : at + 4] for at in (0, 4, 8, 12))
        assert value in found
        assert value in on_paper, "on one line"


def test_correction_lists_everything_once_with_the_last_day(cast: Cast) -> None:
    application = dossiers.submitted(cast)
    items = [
        {"place": "premises.incubation_area", "kind": "incorrect", "note": "填3200，租赁合同为2800，请改正。"},
        {"place": "city_recognition", "kind": "incomplete", "note": "缺盖章页，请补传。"},
    ]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    request = CorrectionRequest.objects.get()
    found = sound(letter_of("application.correction"))
    assert "下列2项需要补正" in found  # the stamped page that prints the area is asked for apart
    assert "填3200，租赁合同为2800，请改正。" in found
    assert "内容不全" in found
    due = request.due_on
    assert f"请于{due.year}年{due.month}月{due.day}日前（10个工作日）" in found
    assert "现参照《行政许可法》（2019年）第三十二条一次告知" in found
    assert "条，请于" not in found, "the ten days are no law's: they are assumed"
    assert "在“县（市、区）推荐”环节，本告知书未列明的内容不再要求补正" in found  # another bureau has its own list


@pytest.mark.slow
def test_city_recommends_to_the_province(cast: Cast) -> None:
    dossiers.reviewed_by_city(cast)
    letter = letter_of("application.recommendation")
    found = sound(letter)
    assert letter.title == "关于推荐筑梦创业孵化基地申报省级创业孵化示范基地的函"
    assert letter.addressee == "贵州省人力资源和社会保障厅"
    assert letter.issuer == "贵阳市人力资源和社会保障局"
    assert "推荐意见：初审合格。" in found


def test_notice_lists_who_is_to_be_certified_and_how_to_object(cast: Cast) -> None:
    _application, notice = dossiers.publicised(cast)
    letter = letter_of("application.public_notice")
    found = sound(letter)
    assert letter.public
    assert letter.reference == "贵州省孵化公示〔2026〕1号"
    for part in ("筑梦创业孵化基地", "筑梦创业服务有限公司", "贵州省贵阳市云岩区", "受理异议：0851-00000000"):
        assert part in found
    assert f"2026年3月9日至2026年3月{notice.ends_on.day}日（发布次日起5个工作日，末日含在内）" in found
    assert "异议人的身份信息依法保密" in found
    opened_by = notice.call.letter
    assert opened_by is not None
    assert f"和《{opened_by.title}》（{opened_by.reference}）的安排" in found


def test_answer_to_an_objection_never_says_who_objected(cast: Cast) -> None:
    application, notice = dossiers.publicised(cast)
    objection = actions.receive_objection(
        notice,
        application=application,
        name="张三丰",
        contact="13800001111",
        reason="户数重复计算，请核实。",
        by=VISITOR,
        on=dossiers.FILED + datetime.timedelta(days=1),
    )
    actions.answer_objection(
        objection,
        founded=False,
        answer="经核查，在孵实体52户，没有重复计算",
        by=cast.province_caseworker,
        on=dossiers.FILED + datetime.timedelta(days=2),
    )
    letter = letter_of("application.objection_answer")
    found = sound(letter)
    assert objection.number in letter.addressee
    assert "核查结论：异议不成立。" in found
    assert "没有重复计算。" in found
    assert "张三丰" not in str(letter.wording)
    assert "13800001111" not in str(letter.wording)


@pytest.mark.slow
def test_approval_goes_to_the_city_and_names_period_and_plaque(cast: Cast) -> None:
    dossiers.approved(cast)
    letter = letter_of("application.approval")
    found = sound(letter)
    assert letter.title == "关于同意认定筑梦创业孵化基地为省级创业孵化示范基地的批复"
    assert letter.addressee == "贵阳市人力资源和社会保障局"
    assert letter.wording["copies_to"] == "云岩区人力资源和社会保障局，筑梦创业服务有限公司。"
    assert "复评认定期为5年，自认定次日起算，至2031年3月18日止" in found
    assert "牌匾文字为“贵州省创业孵化示范基地”" in found
    assert [block["text"] for block in letter.wording["body"]][-1] == "此复。"
    assert re.fullmatch(r"演示发〔2026〕\d+号", letter.reference)


def test_an_approval_says_nothing_of_a_period_that_the_policy_does_not_set(cast: Cast) -> None:
    application = dossiers.for_approval(cast)
    of_the_city = Certification.objects.get(base=application.base, title="city")
    found = "".join(block.text for block in approval(application, of_the_city).body)
    assert "该称号自认定之日起生效。" in found
    assert "复评认定期" not in found


def test_certificate_carries_number_code_and_address(cast: Cast, settings: Any) -> None:
    settings.SITE_URL = "https://portal.example"
    application = dossiers.approved(cast)
    letter = letter_of("certification.certificate")
    facts = letter.wording["facts"]
    sound_text = sound(letter)
    assert letter.reference == application.certification.number
    assert facts["address"] == f"https://portal.example/verify/{application.certification.verify_code}"
    assert facts["code"].replace("-", "") == application.certification.verify_code
    assert facts["period"] == "5年，2026年3月18日认定，至2031年3月18日止"
    assert "筑梦创业孵化基地" in sound_text
    assert letter.operator_id == cast.operator.pk


def test_refusal_gives_facts_law_and_both_remedies(cast: Cast) -> None:
    application = dossiers.for_approval(cast)
    reason = "实地考察发现1500平方米未用于孵化，在孵实体就业人数无法核实"
    actions.refuse_application(application, reason=reason, by=cast.approver, on=datetime.date(2026, 3, 18))
    letter = letter_of("application.refusal")
    found = sound(letter)
    assert Decision.objects.get().letter == letter
    assert f"{reason}。" in found
    assert "依据《贵州省创业孵化示范基地质量提升实施方案》" in found
    assert "60日内，向贵州省人民政府申请行政复议（《行政复议法》第二十条）" in found
    assert "6个月内，依法向有管辖权的人民法院提起行政诉讼（《行政诉讼法》第四十六条）" in found


def test_withdrawal_is_confirmed(cast: Cast) -> None:
    application = dossiers.submitted(cast)
    actions.withdraw_application(application, reason="材料准备不足", by=cast.wang, on=dossiers.FILED)
    found = sound(letter_of("application.withdrawal"))
    assert f"受理号：{application.reference}" in found
    assert "现确认该申报已经撤回" in found


def test_long_names_and_rare_characters_reach_paper(cast: Cast) -> None:
    run = operator("520103", name="堃喆玥昇瑄頔犇赟祎㛃䶮创新创业孵化服务股份有限责任公司" * 2)
    cast.base.operator.name = run.name
    cast.base.operator.save()
    assert base("520103", run_by=run, name="甲").pk
    dossiers.submitted(cast)
    assert letter_of("application.receipt").addressee == f"{run.name}"
