"""A bureau confirms or changes what its pack assumes; every case keeps the law of the day it was filed."""

from datetime import date

import pytest

from assessments.rules import AssessmentPolicy
from complaints.rules import ComplaintPolicy
from portal.accounts.roles import Role
from portal.audit.models import AuditEvent
from portal.desk.policies.actions import change_assumption, confirm_assumption, may_rule
from portal.errors import DomainError, InvalidInput, NotAllowed, StatusMoved
from portal.jurisdictions.models import Jurisdiction
from portal.policies.entries import entries
from portal.policies.loader import installed, pack_in_force, policy_in_force
from portal.policies.models import AssumptionRuling
from portal.policies.problems import PackError

RECTIFICATION = "assessments.cycle.rectification_days"
LIMIT = "complaints.counting.limit"
DAY = date(2026, 11, 23)


@pytest.fixture
def pack():
    return installed()["guizhou-2022"]


@pytest.fixture
def province(db):
    return Jurisdiction.objects.get(code="520000")


def rectification_days(place, on):
    return policy_in_force(AssessmentPolicy, at=place, on=on).cycle.rectification_days


@pytest.mark.django_db
def test_a_county_reads_the_policy_of_its_province(pack):
    county = Jurisdiction.objects.get(code="520103")
    assert pack_in_force(at=county, on=DAY) is pack
    assert policy_in_force(ComplaintPolicy, at=county, on=DAY).counting.limit.value == 3


def test_a_confirmed_assumption_is_no_longer_assumed(pack, province, approver):
    confirm_assumption(pack, RECTIFICATION, reason="经厅务会研究确认", seen=None, by=approver, on=DAY)
    days = rectification_days(province, DAY)
    assert (days.value, days.assumed) == (90, False)
    assert "经厅务会研究确认" in days.because
    assert days.clause == "GZ-36"


def test_a_change_governs_cases_filed_from_its_day_on_and_no_earlier_case(pack, province, approver):
    change_assumption(pack, RECTIFICATION, "value = 60", reason="缩短整改期限", seen=None, by=approver, on=DAY)
    assert rectification_days(province, date(2026, 11, 22)).value == 90
    assert rectification_days(province, DAY).value == 60
    assert rectification_days(province, date(2030, 1, 1)).value == 60


def test_the_next_ruling_supersedes_the_first_from_its_own_day(pack, province, approver):
    first = change_assumption(pack, RECTIFICATION, "value = 60", reason="缩短整改期限", seen=None, by=approver, on=DAY)
    later = date(2026, 12, 1)
    change_assumption(pack, RECTIFICATION, "value = 120", reason="改回较长期限", seen=first.pk, by=approver, on=later)
    assert rectification_days(province, date(2026, 11, 30)).value == 60
    assert rectification_days(province, later).value == 120
    first.refresh_from_db()
    assert first.superseded_on == later


def test_the_version_of_the_pack_names_the_newest_ruling(pack, province, approver):
    ruling = confirm_assumption(pack, LIMIT, reason="按民法典第1259条", seen=None, by=approver, on=DAY)
    assert pack_in_force(at=province, on=date(2026, 11, 22)).version == "guizhou-2022"
    assert pack_in_force(at=province, on=DAY).version == f"guizhou-2022+{ruling.pk}"


def test_every_ruling_leaves_one_audit_record(pack, approver):
    change_assumption(pack, RECTIFICATION, "value = 60", reason="缩短整改期限", seen=None, by=approver, on=DAY)
    event = AuditEvent.objects.get(verb="policy.assumption_changed")
    assert event.region_code == "520000"
    assert event.facts == {
        "path": RECTIFICATION,
        "before": "value = 90",
        "after": "value = 60",
        "reason": "缩短整改期限",
    }


def test_a_document_number_that_was_found_can_be_filled_in(pack, province, approver):
    content = 'value = "黔人社发〔2022〕1号"'
    change_assumption(pack, "policy.doc_number", content, reason="查到原件扫描件", seen=None, by=approver, on=DAY)
    assert pack_in_force(at=province, on=DAY).head.doc_number.value == "黔人社发〔2022〕1号"


@pytest.mark.parametrize("content", ["value = 0", "value = -1", 'value = "九十"', "value = 1.5", "unset = true"])
def test_a_value_that_does_not_fit_the_section_is_refused_and_nothing_is_kept(pack, approver, content):
    with pytest.raises(PackError) as caught:
        change_assumption(pack, RECTIFICATION, content, reason="试填一个数", seen=None, by=approver, on=DAY)
    assert caught.value.path.startswith(RECTIFICATION)
    assert not AssumptionRuling.objects.exists()
    assert not AuditEvent.objects.filter(verb__startswith="policy.").exists()


def test_a_condition_cannot_name_a_title_the_policy_does_not_have(pack, approver):
    path = next(entry.path for entry in entries(pack.tables) if entry.path.endswith(".needs"))
    with pytest.raises(PackError) as caught:
        change_assumption(pack, path, 'value = "cityy"', reason="试填一个称号", seen=None, by=approver, on=DAY)
    assert (caught.value.path, caught.value.found) == (f"{path}.value", "“cityy”")
    assert "city" in caught.value.fix
    assert not AssumptionRuling.objects.exists()


@pytest.mark.parametrize("content", ["value = 1001", "value = 99999999"])
def test_a_term_no_calendar_can_hold_is_refused(pack, approver, content):
    with pytest.raises(PackError) as caught:
        change_assumption(pack, RECTIFICATION, content, reason="试填一个数", seen=None, by=approver, on=DAY)
    assert caught.value.expected == "1 至 1000 之间（含）"
    assert not AssumptionRuling.objects.exists()


def test_a_ruling_that_is_no_toml_is_refused_with_a_sentence(pack, approver):
    with pytest.raises(PackError, match="第 1 行"):
        change_assumption(
            pack, "policy.doc_number", 'value = "\x01"', reason="试填文号", seen=None, by=approver, on=DAY
        )


def test_a_change_to_the_same_value_is_refused(pack, approver):
    with pytest.raises(InvalidInput):
        change_assumption(pack, RECTIFICATION, "value = 90", reason="没有变化", seen=None, by=approver, on=DAY)


def test_what_the_source_itself_says_cannot_be_changed_here(pack, approver):
    with pytest.raises(DomainError, match="原文"):
        change_assumption(
            pack, "assessments.cycle.interval", "value = 12", reason="每年一次", seen=None, by=approver, on=DAY
        )
    with pytest.raises(DomainError, match="原文"):
        confirm_assumption(pack, "bases.titles[2].level", reason="确认层级", seen=None, by=approver, on=DAY)


@pytest.mark.parametrize("reason", ["", "  ", "同意"])
def test_a_ruling_needs_a_reason(pack, approver, reason):
    with pytest.raises(InvalidInput):
        confirm_assumption(pack, LIMIT, reason=reason, seen=None, by=approver, on=DAY)


@pytest.mark.parametrize(
    ("code", "role"),
    [
        ("520100", Role.APPROVER),
        ("520103", Role.APPROVER),
        ("650000", Role.APPROVER),
        ("520000", Role.CASEWORKER),
        ("520000", Role.AUDITOR),
        ("520000", Role.SYSTEM_ADMIN),
    ],
)
def test_only_an_approver_of_the_bureau_whose_policy_it_is_may_rule(pack, post, code, role):
    stranger = post("李四", code, role)
    assert not may_rule(pack, stranger)
    with pytest.raises(NotAllowed):
        confirm_assumption(pack, LIMIT, reason="按民法典第1259条", seen=None, by=stranger, on=DAY)
    assert not AssumptionRuling.objects.exists()


def test_whoever_did_not_see_the_ruling_of_a_colleague_is_told_of_it(pack, approver, post):
    confirm_assumption(pack, LIMIT, reason="按民法典第1259条", seen=None, by=approver, on=DAY)
    with pytest.raises(StatusMoved, match="张三"):
        change_assumption(pack, LIMIT, "value = 4", reason="改为第四次", seen=None, by=post("王五", "520000"), on=DAY)
    assert AssumptionRuling.objects.count() == 1


def test_two_rulings_of_one_day_leave_the_second(pack, province, approver):
    first = change_assumption(pack, LIMIT, "value = 4", reason="改为第四次", seen=None, by=approver, on=DAY)
    change_assumption(pack, LIMIT, "value = 5", reason="改为第五次", seen=first.pk, by=approver, on=DAY)
    assert policy_in_force(ComplaintPolicy, at=province, on=DAY).counting.limit.value == 5
