"""Plays the stories: each act is the one a person would do, on a working day of the past weeks."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from applications import actions
from applications.actions.moving import policy_of, procedure_of
from applications.actions.papers import proven, registered_alone
from applications.models import Application, Call
from applications.procedure import RequiredDocument, Step
from applications.rules import ApplicationPolicy
from bases.actions import record_certification, register_base
from bases.models import Base
from portal.accounts.capacity import SYSTEM, VISITOR, Capacity
from portal.deadlines.calendar import calendar_for
from portal.deadlines.today import CHINA
from portal.documents.models import Upload
from portal.jurisdictions.models import Jurisdiction, Level
from portal.policies.loader import pack_in_force
from portal.rehearsal.demo.answers import answers
from portal.rehearsal.demo.order import side_by_side
from portal.rehearsal.demo.papers import handed_in
from portal.rehearsal.demo.people import (
    Bureau,
    Directory,
    demo_address,
    demo_phone,
    open_bureau,
    open_operator,
    staff_oversight,
)
from portal.rehearsal.demo.stories import Place, Story

OPENED_DAYS_AGO = 75
CLOSES_IN_DAYS = 20


@dataclass
class Stage:
    """One jurisdiction being played: its bureaus, its call, today."""

    place: Place
    today: datetime.date
    directory: Directory
    home: Jurisdiction
    bureaus: dict[str, Bureau] = field(default_factory=dict)

    def bureau(self, at: Jurisdiction) -> Bureau:
        """Return the bureau of a place, opened when it is first needed; those of the first story have demo logins."""
        if at.code not in self.bureaus:
            known = {self.home.code, *self._shown()}
            self.bureaus[at.code] = open_bureau(self.directory, at, demo=at.code in known)
        return self.bureaus[at.code]

    def _shown(self) -> set[str]:
        """Return the bureaus where work waits, and the city to which the county passes it on: one can sign in there."""
        waiting = {story.until: story.county for story in reversed(self.place.stories)}
        shown = {waiting["recommendation"]} if "recommendation" in waiting else set()
        for status in ("recommendation", "preliminary_review", "resubmitted"):
            if status in waiting:
                shown.add(Jurisdiction.objects.get(code=waiting[status]).ancestor(Level.CITY).code)
        return shown | set(self.place.shown)

    def workday(self, days_ago: int) -> datetime.date:
        """Return the working day at or before so many days ago: never one to come, however long the holiday."""
        return calendar_for(self.home).add_workdays(self.today - datetime.timedelta(days=days_ago - 1), -1)

    def later(self, day: datetime.date, workdays: int) -> datetime.date:
        """Return the day so many working days later, but never after today."""
        return min(calendar_for(self.home).add_workdays(day, workdays), self.today)


def moment(day: datetime.date, hour: int = 10) -> datetime.datetime:
    """Return an hour of a day in China."""
    return datetime.datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)


def stage_of(place: Place, today: datetime.date, directory: Directory) -> Stage:
    """Return the stage of a jurisdiction, before anything is played."""
    return Stage(place, today, directory, Jurisdiction.objects.get(code=place.code))


def play(stage: Stage) -> Call:
    """Play all applications of a jurisdiction in the order of their days and return its call."""
    call = _publish(stage)
    staff_oversight(stage.directory, stage.home)
    for _day in side_by_side(_tell(stage, story, call) for story in stage.place.stories):
        pass
    return call


def _publish(stage: Stage) -> Call:
    bureau, on = stage.bureau(stage.home), stage.workday(OPENED_DAYS_AGO)
    closes = calendar_for(stage.home).next_workday(stage.today + datetime.timedelta(days=CLOSES_IN_DAYS))
    pack = pack_in_force(at=stage.home, on=on)
    goes_on = f"《关于继续执行〈{pack.short_title}〉的通知》（演示文件，不是真实文件）。"
    call = actions.draft_call(
        title=stage.place.title,
        by=bureau.caseworkers[0],
        at=moment(on, 9),
        name=stage.place.call.format(year=stage.today.year),
        year=stage.today.year,
        opens_at=moment(on, 9),
        closes_at=moment(closes, 18),
        introduction="演示用的申报通知。申报单位在线填报，各级按办理环节逐级办理。",
        timetable=[
            {"name": "单位填报", "until": f"{closes:%Y-%m-%d} 18:00 前"},
            {"name": "逐级推荐和审核", "until": "收到材料后按环节时限办理"},
            {"name": "公示和认定", "until": "审核通过后"},
        ],
        contact=f"{demo_phone(stage.home)}（演示）",
        reason="" if pack.applies_on(on) else goes_on,
    )
    return actions.publish_call(call, by=bureau.approver, at=moment(on, 9))


def _tell(stage: Stage, story: Story, call: Call) -> Iterator[datetime.date]:
    """Make the base at once, then bring its application as far as the story goes, day by day."""
    county = Jurisdiction.objects.get(code=story.county)
    for place in county.lineage():  # somebody must be there to receive what is filed and what is passed on
        if stage.home.covers(place.code):
            stage.bureau(place)
    wang = open_operator(stage.directory, f"{story.base}运营公司", county, demo_note=story.note)
    base = _register(stage, story, wang, county)
    if story.until == "none":
        return
    yield (filed := stage.workday(story.days_ago))
    application = actions.start_application(call, base=base, by=wang, at=moment(filed, 9))
    _fill(stage, story, application, wang, filed)
    if story.until == "draft":
        return
    actions.submit_application(application, by=wang, at=moment(filed, 16), declared=True)
    if story.until == "withdrawn":
        yield (on := stage.later(filed, 3))
        actions.withdraw_application(application, reason="场地正在搬迁，明年再报。", by=wang, on=on)
        return
    yield from _review(stage, story, application, wang, filed)
    if story.until in {"in_notice", "approval", "approved", "refused"}:
        yield from _finish(stage, story, Application.objects.get(pk=application.pk))


def _register(stage: Stage, story: Story, wang: Capacity, county: Jurisdiction) -> Base:
    on = stage.workday(90)
    assert wang.operator is not None
    base = register_base(
        wang.operator,  # type: ignore[arg-type]  # a bases.Operator
        name=f"{story.base}（演示）",
        county=county,
        by=wang,
        on=on,
        address=demo_address(county, story.base),
        phone=demo_phone(county, line=2),
    )
    if stage.place.needs_city_title:
        enter_city_title(stage, base, on)
    return base


def enter_city_title(stage: Stage, base: Base, on: datetime.date) -> None:
    """Let the city enter the title it granted, without which no base may apply for that of the province (D-01)."""
    city = base.jurisdiction.ancestor(Level.CITY)
    record_certification(
        base,
        title="city",
        policy=pack_in_force(at=city, on=on).id,
        certified_on=datetime.date(2024, 6, 3),
        document="市级认定文件（演示）",
        by=stage.bureau(city).caseworkers[0],
        on=on,
    )


def _fill(stage: Stage, story: Story, application: Application, wang: Capacity, on: datetime.date) -> None:
    policy: ApplicationPolicy = policy_of(application)
    half = story.until == "draft"
    for number, (section, typed) in enumerate(answers(story.base, policy).items()):
        if half and number > 1:
            return
        actions.save_section(application, section=section, typed=typed, by=wang, at=moment(on, 11))
    shown = proven(application).keys() | registered_alone(application, on)
    for document in policy.procedure(application.title).uploads():
        if not document.required or document.slot in shown:
            continue
        for number in range(document.least):
            upload = _of_paper(document, number, at=application.jurisdiction, by=wang, moment=moment(on, 14))
            actions.attach_file(application, slot=document.slot, upload=upload, by=wang, at=moment(on, 14))


def _of_paper(
    document: RequiredDocument, number: int, *, at: Jurisdiction, by: Capacity, moment: datetime.datetime
) -> Upload:
    """Send a file of a paper through the pipeline: of several no two are the same."""
    name = f"{document.name}（{number + 1}）" if document.least > 1 else document.name
    picture = "pdf" not in document.types
    return handed_in(name, name, at=at, by=by, moment=moment, picture=picture, shade=12 * number)


def _review(
    stage: Stage, story: Story, application: Application, wang: Capacity, filed: datetime.date
) -> Iterator[datetime.date]:
    """Pass the steps one by one until the story's status is reached."""
    on = filed
    for step in procedure_of(application).steps:
        if story.until == step.step or step.step == "public_notice":
            return
        desk = stage.bureau(application.jurisdiction.ancestor(step.level))
        on = stage.later(on, 2)
        if story.until in {"returned", "resubmitted"} and step.step == _returning(application):
            yield from _return(stage, story, application, desk, wang, on)
            return
        yield on
        _pass(stage, application, step, desk, on)


def _returning(application: Application) -> str:
    """Return the step whose officer sends the story's application back: the second one."""
    return procedure_of(application).steps[1 if procedure_of(application).steps[1].step != "site_visit" else 0].step


def _return(
    stage: Stage, story: Story, application: Application, desk: Bureau, wang: Capacity, on: datetime.date
) -> Iterator[datetime.date]:
    items = [
        {"place": "premises.incubation_area", "kind": "incorrect", "note": "与租赁合同附图不一致，请按合同面积填写。"},
        {"place": "application_form", "kind": "incomplete", "note": "缺第 3 页盖章页，请补齐后重新扫描。"},
    ]
    asked = on if story.until == "resubmitted" else stage.later(stage.today, 0) - datetime.timedelta(days=6)
    yield (asked := max(on, asked))
    actions.return_for_correction(application, items=items, by=desk.caseworkers[0], on=asked)
    if story.until != "resubmitted":
        return
    yield (back := stage.later(on, 4))
    typed = answers(story.base, policy_of(application))["premises"]
    typed["incubation_area"] = str(int(typed["incubation_area"]) - 120)
    actions.save_section(application, section="premises", typed=typed, by=wang, at=moment(back, 9))
    upload = handed_in("盖章页（补齐）", "盖章页", at=application.jurisdiction, by=wang, moment=moment(back, 9))
    actions.attach_file(application, slot="application_form", upload=upload, by=wang, at=moment(back, 9))
    actions.submit_application(application, by=wang, at=moment(back, 15), declared=True)


def _pass(stage: Stage, application: Application, step: Step, desk: Bureau, on: datetime.date) -> None:
    first, second = desk.caseworkers
    if step.step == "site_visit":
        photo = handed_in("现场", "现场", at=application.jurisdiction, by=first, moment=moment(on), picture=True)
        actions.record_visit(
            application,
            visited_on=on,
            officers=[first.person, second.person],
            received_by="演示联系人，总经理",
            findings=[{"point": "场地面积与合同一致", "agrees": True, "found": "现场丈量一致"}],
            record_text="实地查看办公区、公共服务区和在孵企业，抽查台账十户，与申报一致。",
            conclusion="for",
            photos=[photo],
            by=first,
            on=on,
        )
    else:
        actions.give_opinion(application, verdict="for", text="材料齐全，情况属实，同意。", by=second, on=on)


def _finish(stage: Stage, story: Story, application: Application) -> Iterator[datetime.date]:
    """Public notice, its end, the decision."""
    bureau = stage.bureau(application.call.jurisdiction)
    published = stage.workday(2) if story.until == "in_notice" else stage.later(stage.workday(story.days_ago), 12)
    yield published
    notice = actions.publish_notice(
        application.call,
        applications=[application],
        contact=f"{demo_phone(bureau.place)}（演示），{demo_address(bureau.place, bureau.place.name)}",
        discipline_contact=f"{demo_phone(bureau.place, line=1)}（演示）",
        by=bureau.caseworkers[0],
        on=published,
    )
    application = Application.objects.get(pk=application.pk)
    if story.until == "in_notice":
        yield stage.today
        actions.receive_objection(
            notice,
            application=application,
            name="演示异议人",
            contact="13800000000",
            reason="该基地公示的孵化面积与实际不符，二楼长期空置，请核实。",
            by=VISITOR,
            on=stage.today,
        )
        return
    yield (after := calendar_for(stage.home).next_workday(notice.ends_on + datetime.timedelta(days=1)))
    actions.conclude_notice(notice, by=SYSTEM, on=after)
    yield (decided := stage.later(after, 2))
    if story.until == "approved":
        actions.approve_application(application, reason="符合认定条件，公示无异议。", by=bureau.approver, on=decided)
    if story.until == "refused":
        reason = "复核发现在孵实体名册与社保记录差距较大，未达到申报条件。"
        actions.refuse_application(application, reason=reason, by=bureau.approver, on=decided)
