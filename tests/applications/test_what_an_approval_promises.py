"""What a letter of approval promises and asks for: what its pack has for this very grant, and nothing else."""

import datetime

import pytest

from applications.letters import approval
from applications.models import Application
from applications.rules import ApplicationPolicy
from assessments.rules import AssessmentPolicy
from bases.models import Base, Certification
from bases.rules import BasePolicy, certify
from portal.accounts.capacity import SYSTEM
from portal.deadlines.calendar import calendar_for
from portal.desk.home.ahead import ahead_of
from portal.desk.home.standing import Situation
from portal.policies.packs import all_packs
from subsidies.actions import record_entitlements
from tests.factories import dossiers, register, titles
from tests.factories.people import place

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
GRANTED = datetime.date(2026, 3, 18)
COUNTY = {"52": "520103", "65": "650102", "54": "540102", "33": "330402", "15": "150602"}
ALL = [
    (pack.id, procedure.title)
    for pack in all_packs().values()
    if not pack.head.example
    for procedure in pack.section(ApplicationPolicy).procedures
]


def granted(policy: str, title: str, on: datetime.date = GRANTED, base: Base | None = None) -> Certification:
    """Return a title granted on a day under a pack, as an approval enters it."""
    pack = all_packs()[policy]
    county = place(COUNTY[pack.jurisdiction[:2]])
    base = base or register.base(county.code)
    section = pack.section(BasePolicy)
    held = section.title(title)
    row = titles.certification(
        base,
        title=title,
        policy=policy,
        category_name=held.name.value,
        certified_on=on,
        period_ends=certify(base.register(section), held, on).period_ends,
    )
    row.recogniser_at = base.jurisdiction.ancestor(held.level.value)
    row.save(update_fields=["recogniser_at"])
    return row


def letter(held: Certification, reason: str = "") -> str:
    """Return the sentences of the approval of a title."""
    day = held.certified_on
    call = titles.published_call(
        held.recogniser_at.code, opens=day - 30 * DAY, closes=day - 9 * DAY, title=held.title, policy=held.policy
    )
    call.reason = reason
    case = Application(call=call, base=held.base, operator=held.operator, jurisdiction=held.base.jurisdiction)
    case.title, case.policy, case.first_submitted_on = held.title, held.policy, day - 9 * DAY
    return "\n".join(block.text for block in approval(case, held).body)


@pytest.mark.parametrize(("policy", "title"), ALL)
def test_approval_asks_for_a_duty_exactly_where_the_home_of_the_operator_counts_one(policy: str, title: str) -> None:
    held = granted(policy, title)
    found = letter(held)
    now = dossiers.moment(GRANTED + DAY)
    home = ahead_of(Situation(held.operator, now, certifications=[held]), calendar_for(held.jurisdiction))
    duties = {each.name for each in home}
    assert ("按年度报送" in found) == ("年度报告" in duties)
    assert ("绩效考核" in found) == ("绩效考核" in duties)
    assert ("应当办理复评" in found) == ("复评" in duties)


@pytest.mark.parametrize(("policy", "title"), ALL)
def test_approval_promises_money_exactly_where_an_award_arises(policy: str, title: str) -> None:
    held = granted(policy, title)
    found = letter(held)
    awards = record_entitlements(held, by=SYSTEM, on=GRANTED)
    assert ("取得申领" in found) == bool(awards)
    assert ("申领" in found) == bool(awards)


def test_approval_names_the_award_its_clause_and_what_it_is_spent_on() -> None:
    found = letter(granted("guizhou-2022", "provincial"))
    assert (
        "按《贵州省创业孵化示范基地质量提升实施方案》第三部分（六）第二点的规定，"
        "取得申领省级创业孵化示范基地一次性补助50万元的资格。" in found
    )
    assert "资金主要用于为服务对象提供的场租" in found
    assert "申领和拨付的办法由主管部门另行通知。" in found
    assert "按年度报送基地建设和工作开展情况（第三部分（五）第一点）" in found
    assert "参加每2年一次的绩效考核（第三部分（五）第四点）" in found


def test_second_certification_promises_no_second_award() -> None:
    first = granted("guizhou-2022", "provincial", datetime.date(2023, 3, 1))
    Certification.objects.filter(pk=first.pk).update(status="surrendered", ended_on=datetime.date(2025, 3, 1))
    found = letter(granted("guizhou-2022", "provincial", base=first.base))
    assert "只在首次认定时产生，本次认定不再产生（第三部分（六）第二点）" in found
    assert "50万元" not in found


def test_approval_under_a_policy_that_ended_says_by_what_it_applies_and_that_no_money_arises() -> None:
    found = letter(granted("ordos-2022", "park"), reason="市人社局关于继续执行方案的通知")
    assert "上述规定的施行期限已满，继续适用的依据：市人社局关于继续执行方案的通知。" in found
    assert "本次认定不产生新的补助资金。" in found


def test_approval_claims_no_basis_where_the_call_names_none() -> None:
    found = letter(granted("ordos-2022", "park"))
    assert "上述规定的施行期限至2025年12月31日。" in found
    assert "继续适用的依据" not in found


def test_case_called_while_the_policy_applied_says_so_when_it_is_decided_later() -> None:
    found = letter(granted("ordos-2022", "park", datetime.date(2026, 1, 9)))
    assert "上述规定的施行期限至2025年12月31日，本批次申报通知在施行期限内发布。" in found


def test_a_pack_without_assessment_asks_for_none() -> None:
    without = [policy for policy, _title in ALL if all_packs()[policy].section(AssessmentPolicy).cycle is None]
    assert {"xinjiang-2015", "ordos-2022"} <= set(without)
    found = letter(granted("xinjiang-2015", "base"))
    for word in ("绩效", "补助", "报送基地建设", "专款专用", "请督促"):
        assert word not in found
