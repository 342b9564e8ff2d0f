"""The demo's complaints: at every step from the form to a revocation, played through the real acts."""

import datetime
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
from portal.rehearsal.demo.people import Bureau, open_operator
from portal.rehearsal.demo.stage import Stage

TOLD = (
    "入驻协议写明首年场租减半，今年起按全额收，问过两次，答复说名额满了。",
    "答应提供的会议室和打印服务一直没有，物业费照收。",
    "孵化服务写了每月一次辅导，半年只来过一次，还要我们签满勤。",
    "空调坏了两个月没人修，电费按商用价加收。",
)
SUMMARIES = (
    "反映首年场租减半的承诺没有兑现，请说明收费依据。",
    "反映协议写明的公共服务没有提供，请说明情况。",
    "反映每月辅导的承诺没有履行，请说明安排和记录。",
    "反映设施维修不及时、电费加价，请说明情况。",
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
    _new_ones(stage, _holder("南明青创孵化基地（演示）"))
    third = _holder("红花岗长征创业园（演示）")
    _three(stage, third, _back(stage, 20), confirm=2)
    running = _older(stage, "522301", "兴义万峰创业园", "撤销程序：签收告知书后可以陈述申辩")
    _proceed(stage, running, until="defence")
    gone = _older(stage, "522601", "凯里苗岭创业孵化园", "称号已撤销：看决定、救济途径和暂停申报")
    _proceed(stage, gone, until="revoked")


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
        address=f"{county.name}演示路 6 号",
        phone="0000-00000000",
    )
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


def _new_ones(stage: Stage, base: Base) -> None:
    """One to accept, one in quarantine, one that waits for the base's answer, one to be verified."""
    hands = _hands(stage, base)
    _roster(base, hands.wang, _back(stage, 40))
    _receive(base, 0, _back(stage, 1))
    actions.receive_complaint(
        base,
        told="垃圾基地垃圾基地垃圾基地垃圾基地",
        by=VISITOR,
        on=_back(stage, 1),
        flags=[Flag.REPEAT.value, Flag.FAST.value],
        hold_back=True,
    )
    _released(hands, _receive(base, 1, _back(stage, 3)), 1, _back(stage, 2))
    _verifying(hands, _receive(base, 2, _back(stage, 10)), 2, _back(stage, 9), _back(stage, 7))


def _receive(base: Base, number: int, on: datetime.date) -> Complaint:
    person = Person(NAMES[number], f"1380000000{number}", business=f"{NAMES[number]}工作室（演示）")
    return actions.receive_complaint(base, told=TOLD[number], person=person, by=VISITOR, on=on).complaint


def _released(hands: Hands, complaint: Complaint, number: int, on: datetime.date) -> Complaint:
    first = hands.county.caseworkers[0]
    complaint = actions.accept_complaint(complaint, category=Category.FEES, by=first, on=on)
    return actions.release_summary(complaint, summary=SUMMARIES[number], by=first, on=on)


def _verifying(
    hands: Hands, complaint: Complaint, number: int, accepted: datetime.date, answered: datetime.date
) -> Complaint:
    complaint = _released(hands, complaint, number, accepted)
    answer = "已转财务核对，收费按补充协议执行，协议附后。"
    actions.answer_complaint(complaint, text=answer, by=hands.wang, on=answered)
    return Complaint.objects.get(pk=complaint.pk)


def _found(hands: Hands, complaint: Complaint, number: int, on: datetime.date) -> Complaint:
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
    return Complaint.objects.get(pk=complaint.pk)


def _three(stage: Stage, base: Base, begun: datetime.date, *, confirm: int) -> datetime.date:
    """Play three complaints to their findings, and confirm so many of them; return the day of the last."""
    hands, add = _hands(stage, base), calendar_for(base.jurisdiction).add_workdays
    _roster(base, hands.wang, begun)
    on = begun
    for number in range(3):
        complaint = _verifying(hands, _receive(base, number, begun), number, add(begun, 1), add(begun, 3))
        complaint = _found(hands, complaint, number, add(begun, 6 + number))
        on = add(begun, 14 + number)
        if number < confirm:
            actions.confirm_finding(complaint, by=hands.city.approver, on=on)
    return on


def _proceed(stage: Stage, base: Base, *, until: str) -> None:
    """Let three upheld complaints open proceedings, and bring them so far."""
    hands, add = _hands(stage, base), calendar_for(stage.home).add_workdays
    on = _three(stage, base, _back(stage, 45 if until == "revoked" else 19), confirm=3)
    revocation = Revocation.objects.get(base=base)
    first = hands.province.caseworkers[0]
    on = add(on, 1)
    register.issue_prior_notice(
        revocation,
        facts="服务对象实名投诉三件，均经市级两名工作人员到场核实并确认有效，事实各不相同。",
        evidence="投诉核实记录三份、入驻协议、收据和服务记录。",
        by=first,
        on=on,
    )
    revocation = register.sign_for_paper(revocation, by=hands.wang, on=on)
    if until == "defence":
        return
    on = add(on, 2)
    statement = "前两件属实，已经退还多收的场租；第三件辅导记录不全，请从轻处理。"
    register.file_defence(revocation, statement=statement, by=hands.wang, on=on)
    on = add(on, 5)
    opinion = "退还场租不改变已核实的事实；辅导记录由基地保存而未能提供，不予采纳。"
    register.weigh_defence(revocation, opinion=opinion, by=first, on=on)
    register.decide_to_revoke(
        revocation, reason="三次有效投诉，事实清楚，证据充分。", by=hands.province.approver, on=on
    )
    register.sign_for_paper(Revocation.objects.get(pk=revocation.pk), by=hands.wang, on=add(on, 2))
