"""The demo's complaints: at every step from the form to a revocation, played through the real acts."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from bases import actions as register
from bases.models import Base, Revocation, Tenant
from complaints import actions
from complaints.actions import Person
from complaints.models import Complaint
from complaints.states import Category, Flag, Outcome
from portal.accounts.capacity import VISITOR, Capacity, representative
from portal.accounts.people import people_representing
from portal.deadlines.calendar import calendar_for
from portal.jurisdictions.models import Jurisdiction, Level
from portal.policies.loader import pack_in_force
from portal.rehearsal.demo.order import side_by_side
from portal.rehearsal.demo.people import Bureau, demo_address, demo_phone, open_operator
from portal.rehearsal.demo.stage import Stage, enter_city_title

TOLD = (
    "入驻协议写明首年场租减半，今年起按全额收，问过两次，答复说名额满了。",
    "答应提供的会议室和打印服务一直没有，物业费照收。",
    "孵化服务写了每月一次辅导，半年只来过一次，还要我们签满勤。",
    "空调坏了两个月没人修，电费按商用价加收。",
)
CATEGORIES = (Category.FEES, Category.SPACE, Category.SERVICES, Category.SPACE)
SUMMARIES = (
    "反映首年场租减半的承诺没有兑现，请说明收费依据。",
    "反映协议写明的公共服务没有提供，请说明情况。",
    "反映每月辅导的承诺没有履行，请说明安排和记录。",
    "反映设施维修不及时、电费加价，请说明情况。",
)
ANSWERS = (
    "已转财务核对，收费按补充协议执行，协议附后。",
    "会议室正在整修，打印室下月开放，物业费按合同收取。",
    "辅导老师已经调离，正在另聘，上半年的签到记录附后。",
    "空调已报修待配件，电费按合同约定的价格代收。",
)
FOUND = (
    "入驻协议约定首年场租减半，实际按全额收取，投诉属实。",
    "公共会议室长期挪作他用，打印服务未提供，投诉属实。",
    "辅导记录只有一次，与承诺每月一次不符，投诉属实。",
    "设施维修确有拖延，电费系按合同收取，投诉部分属实。",
)
NAMES = ("田小雨", "顾一帆", "骆青", "梁可")


@dataclass
class Hands:
    """Who handles complaints about one base."""

    county: Bureau
    city: Bureau
    province: Bureau
    wang: Capacity


def play_complaints(stage: Stage) -> None:
    """Play the complaints of Guizhou: new ones, two upheld and a third to confirm, proceedings, a revocation."""
    if stage.place.code != "520000":
        return
    third = _holder("红花岗长征创业园（演示）")
    running = _older(stage, "522301", "兴义万峰创业园", "撤销程序：签收告知书后可以陈述申辩")
    gone = _older(stage, "522601", "凯里苗岭创业孵化园", "称号已撤销：看决定、救济途径和暂停申报")
    stories = (
        _new_ones(stage, _holder("南明青创孵化基地（演示）")),
        _three(_hands(stage, third), third, _back(stage, 20), confirm=2),
        _proceed(stage, running, until="defence"),
        _proceed(stage, gone, until="revoked"),
    )
    for _day in side_by_side(stories):
        pass


def _back(stage: Stage, workdays: int) -> datetime.date:
    """Return the day so many working days ago, so that terms counted in them fit whatever the holidays."""
    return calendar_for(stage.home).add_workdays(stage.today, -workdays)


def _holder(name: str) -> Base:
    return Base.objects.select_related("operator", "jurisdiction").get(name=name)


def _hands(stage: Stage, base: Base) -> Hands:
    county, person = base.jurisdiction, people_representing(base.operator)[0]
    desks = [stage.bureau(county.ancestor(level)) for level in (Level.COUNTY, Level.CITY, Level.PROVINCE)]
    return Hands(desks[0], desks[1], desks[2], representative(person, base.operator))


def _older(stage: Stage, county_code: str, name: str, note: str) -> Base:
    """Return a base whose provincial title was granted years ago and entered from its document."""
    county = Jurisdiction.objects.get(code=county_code)
    stage.bureau(county)
    wang = open_operator(stage.directory, f"{name}运营公司", county, demo_note=note)
    on = stage.workday(90)
    base = register.register_base(
        wang.operator,  # type: ignore[arg-type]  # a bases.Operator
        name=f"{name}（演示）",
        county=county,
        by=wang,
        on=on,
        address=demo_address(county, name),
        phone=demo_phone(county, line=2),
    )
    enter_city_title(stage, base, on)
    register.record_certification(
        base,
        title="provincial",
        policy=pack_in_force(at=stage.home, on=on).id,
        certified_on=datetime.date(stage.today.year - 2, 12, 20),
        document="省级认定文件（演示）",
        by=stage.bureau(stage.home).caseworkers[0],
        on=on,
    )
    return base


def _roster(base: Base, by: Capacity, since: datetime.date) -> None:
    for name in NAMES:
        Tenant.objects.create(
            jurisdiction=base.jurisdiction,
            base=base,
            name=f"{name}工作室（演示）",
            contact=name,
            entered_on=since,
            entered_by=by.user,
        )


def _new_ones(stage: Stage, base: Base) -> Iterator[datetime.date]:
    """One to be verified, one that waits for the base's answer, one to accept, one in quarantine."""
    hands = _hands(stage, base)
    _roster(base, hands.wang, _back(stage, 40))
    return side_by_side(
        (
            _told(hands, base, 2, [_back(stage, days) for days in (10, 9, 7)]),
            _told(hands, base, 1, [_back(stage, days) for days in (3, 2)]),
            _told(hands, base, 0, [_back(stage, 1)]),
            _noise(base, _back(stage, 1)),
        )
    )


def _noise(base: Base, on: datetime.date) -> Iterator[datetime.date]:
    """Tell what the machines hold back."""
    yield on
    actions.receive_complaint(
        base,
        told="垃圾基地垃圾基地垃圾基地垃圾基地",
        by=VISITOR,
        on=on,
        flags=[Flag.REPEAT.value, Flag.FAST.value],
        hold_back=True,
    )


def _told(hands: Hands, base: Base, number: int, days: list[datetime.date]) -> Iterator[datetime.date]:
    """Play one complaint: received, then released and answered, then found and confirmed, as far as there are days."""
    name = NAMES[number]
    person = Person(name, f"1380000000{number}", business=f"{name}工作室（演示）")
    yield days[0]
    receipt = actions.receive_complaint(base, told=TOLD[number], person=person, by=VISITOR, on=days[0])
    for act, day in zip((_release, _answer, _find, _confirm), days[1:], strict=False):
        yield day
        act(hands, Complaint.objects.get(pk=receipt.complaint.pk), number, day)


def _release(hands: Hands, complaint: Complaint, number: int, on: datetime.date) -> None:
    first = hands.county.caseworkers[0]
    complaint = actions.accept_complaint(complaint, category=CATEGORIES[number], by=first, on=on)
    actions.release_summary(complaint, summary=SUMMARIES[number], by=first, on=on)


def _answer(hands: Hands, complaint: Complaint, number: int, on: datetime.date) -> None:
    actions.answer_complaint(complaint, text=ANSWERS[number], by=hands.wang, on=on)


def _find(hands: Hands, complaint: Complaint, number: int, on: datetime.date) -> None:
    first, second = hands.city.caseworkers
    tenant = Tenant.objects.filter(base=complaint.base, contact=NAMES[number]).first()
    complaint = actions.settle_recipient(
        complaint, service_recipient=True, because="在孵实体名册", tenant=tenant, by=first, on=on
    )
    actions.record_finding(
        complaint,
        outcome=Outcome.PARTLY if number == 3 else Outcome.TRUE,
        visited=True,
        checked_on=on,
        officers=[first.person, second.person],
        minutes="到场查看协议、收据和服务记录，询问基地负责人和财务人员。",
        conclusion=FOUND[number],
        by=first,
        on=on,
    )
    actions.sign_for_finding(complaint, by=hands.wang, on=on)


def _confirm(hands: Hands, complaint: Complaint, _number: int, on: datetime.date) -> None:
    actions.confirm_finding(complaint, by=hands.city.approver, on=on)


def _three(hands: Hands, base: Base, begun: datetime.date, *, confirm: int) -> Iterator[datetime.date]:
    """Play three complaints to their findings, and confirm so many of them."""
    add = calendar_for(base.jurisdiction).add_workdays
    _roster(base, hands.wang, begun)
    stories = []
    for number in range(3):
        days = [begun, add(begun, 1), add(begun, 3), add(begun, 6 + number)]
        last = [add(begun, 14 + number)] if number < confirm else []
        stories.append(_told(hands, base, number, days + last))
    return side_by_side(stories)


def _proceed(stage: Stage, base: Base, *, until: str) -> Iterator[datetime.date]:
    """Let three upheld complaints open proceedings, and bring them so far."""
    hands, add = _hands(stage, base), calendar_for(stage.home).add_workdays
    begun = _back(stage, 45 if until == "revoked" else 19)
    yield from _three(hands, base, begun, confirm=3)
    revocation, first = Revocation.objects.get(base=base), hands.province.caseworkers[0]
    yield (on := add(revocation.opened_on, 1))
    facts = "服务对象实名投诉三件，均经市级两名工作人员到场核实并确认有效，事实各不相同。"
    evidence = "投诉核实记录三份、入驻协议、收据和服务记录。"
    register.issue_prior_notice(revocation, facts=facts, evidence=evidence, by=first, on=on)
    revocation = register.sign_for_paper(revocation, by=hands.wang, on=on)
    if until == "defence":
        return
    yield (on := add(on, 2))
    statement = "前两件属实，已经退还多收的场租；第三件辅导记录不全，请从轻处理。"
    register.file_defence(revocation, statement=statement, by=hands.wang, on=on)
    yield (on := add(on, 5))
    opinion = "退还场租不改变已核实的事实；辅导记录由基地保存而未能提供，不予采纳。"
    register.weigh_defence(revocation, opinion=opinion, by=first, on=on)
    reason = "三次有效投诉，事实清楚，证据充分。"
    register.decide_to_revoke(revocation, reason=reason, by=hands.province.approver, on=on)
    yield (on := add(on, 2))
    register.sign_for_paper(Revocation.objects.get(pk=revocation.pk), by=hands.wang, on=on)
