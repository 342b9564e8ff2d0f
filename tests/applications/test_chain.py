"""From the call to the certificate, step by step, as the 2024 call and the plan have it (GZ-31, GZ-32, D-01)."""

import datetime

import pytest
from django.db import connection

from applications import actions
from applications.models import Objection
from applications.states import ApplicationStatus
from bases.models import Certification
from portal.accounts.capacity import VISITOR
from portal.audit.models import AuditEvent
from portal.audit.recording import verify
from portal.documents.models import Letter
from portal.errors import DomainError, InvalidInput, NotAllowed, StatusMoved
from portal.notifications.models import Notification
from portal.worklist.models import WorkItem
from tests.factories import dossiers
from tests.factories.cast import Cast, cast_at

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_whole_chain_ends_in_a_certificate_for_five_years(cast: Cast) -> None:
    application = dossiers.approved(cast)
    certification = Certification.objects.get(base=cast.base, title="provincial")
    assert application.status == ApplicationStatus.APPROVED
    assert certification.certified_on == datetime.date(2026, 3, 18)
    assert certification.period_ends == datetime.date(2031, 3, 18)
    assert certification.plaque_text == "贵州省创业孵化示范基地"
    assert certification.letter is not None
    assert certification.certificate is not None
    assert not WorkItem.objects.waiting().filter(subject_type="applications.application").exists()
    assert verify("52") == []


def test_each_step_lies_on_the_desk_of_its_level(cast: Cast) -> None:
    application = dossiers.submitted(cast)
    desks = [application.desk.name]
    actions.give_opinion(application, verdict="for", text="同意", by=cast.county_caseworker, on=dossiers.FILED)
    application = dossiers.fresh(application)
    desks.append(application.desk.name)
    actions.give_opinion(application, verdict="for", text="同意", by=cast.city_caseworker, on=dossiers.FILED)
    desks.append(dossiers.fresh(application).desk.name)
    assert desks == ["云岩区", "贵阳市", "贵州省"]


def test_city_writes_the_letter_of_recommendation(cast: Cast) -> None:
    application = dossiers.reviewed_by_city(cast)
    assert Letter.objects.filter(subject_id=str(application.pk), kind="application.recommendation").count() == 1


def test_county_cannot_give_the_citys_opinion(cast: Cast) -> None:
    application = dossiers.recommended(cast)
    with pytest.raises(NotAllowed, match="由贵阳市办理"):
        actions.give_opinion(application, verdict="for", text="同意", by=cast.county_caseworker, on=dossiers.FILED)


def test_neighbouring_county_cannot_recommend(cast: Cast) -> None:
    application = dossiers.submitted(cast)
    with pytest.raises(NotAllowed):
        actions.give_opinion(application, verdict="for", text="同意", by=cast.neighbour, on=dossiers.FILED)


def test_notice_runs_five_working_days_and_holds_the_approval(cast: Cast) -> None:
    application, notice = dossiers.publicised(cast)
    assert notice.ends_on == datetime.date(2026, 3, 16)
    assert actions.conclude_notice(notice, by=VISITOR, on=notice.ends_on) == 0
    with pytest.raises(DomainError):
        actions.approve_application(application, reason="符合", by=cast.approver, on=notice.ends_on)
    assert actions.conclude_notice(notice, by=VISITOR, on=notice.ends_on + DAY) == 1
    assert dossiers.fresh(application).status == ApplicationStatus.APPROVAL


def _objection(cast: Cast) -> Objection:
    application, notice = dossiers.publicised(cast)
    return actions.receive_objection(
        notice,
        application=application,
        name="邻居张某",
        contact="13800000000",
        reason="该基地孵化面积与公示不符，二楼已转租。",
        by=VISITOR,
        on=notice.ends_on,
    )


def test_open_objection_holds_the_approval_until_it_is_answered(cast: Cast) -> None:
    objection = _objection(cast)
    after = objection.notice.ends_on + DAY
    assert actions.conclude_notice(objection.notice, by=VISITOR, on=after) == 0
    actions.answer_objection(
        objection, founded=False, answer="经核实，二楼未转租。", by=cast.province_caseworker, on=after
    )
    application = dossiers.fresh(objection.application)
    assert application.status == ApplicationStatus.APPROVAL
    actions.approve_application(application, reason="符合认定条件。", by=cast.approver, on=after)
    assert dossiers.fresh(application).status == ApplicationStatus.APPROVED


def test_who_objects_is_ciphertext_in_the_database_and_absent_from_messages(cast: Cast) -> None:
    objection = _objection(cast)
    assert Objection.objects.get(pk=objection.pk).name == "邻居张某"
    with connection.cursor() as cursor:
        cursor.execute("SELECT objection::text FROM applications_objection objection WHERE id = %s", [objection.pk])
        (row,) = cursor.fetchone()
    assert "邻居张某" not in row
    assert "13800000000" not in row
    from_messages = "".join(Notification.objects.values_list("body", flat=True))
    trail = str(list(AuditEvent.objects.values("facts", "actor_label", "subject_label")))
    assert "邻居张某" not in from_messages
    assert "邻居张某" not in trail
    assert "13800000000" not in trail


@pytest.mark.parametrize("part", ["name", "contact", "reason"])
def test_objection_needs_name_contact_and_reason(cast: Cast, part: str) -> None:
    application, notice = dossiers.publicised(cast)
    fields = {"name": "张某", "contact": "13800000000", "reason": "该基地孵化面积与公示不符。"} | {part: " "}
    with pytest.raises(InvalidInput) as refused:
        actions.receive_objection(notice, application=application, by=VISITOR, on=notice.published_on, **fields)
    assert part in refused.value.problems
    assert not Objection.objects.exists()


def test_objection_after_the_last_day_is_told_the_days(cast: Cast) -> None:
    application, notice = dossiers.publicised(cast)
    with pytest.raises(DomainError, match="2026-03-16"):
        actions.receive_objection(
            notice,
            application=application,
            name="张某",
            contact="13800000000",
            reason="该基地孵化面积与公示不符。",
            by=VISITOR,
            on=notice.ends_on + DAY,
        )


def test_who_reviewed_cannot_approve(cast: Cast) -> None:
    application = dossiers.for_approval(cast)
    application.opinions.update(given_by=cast.approver.person)
    with pytest.raises(NotAllowed, match="不能再作决定"):
        actions.approve_application(application, reason="符合", by=cast.approver, on=datetime.date(2026, 3, 18))


def test_second_approval_sees_who_was_first(cast: Cast) -> None:
    application = dossiers.for_approval(cast)
    seen = application.revision
    on = datetime.date(2026, 3, 18)
    actions.approve_application(application, reason="符合认定条件。", by=cast.approver, on=on, seen=seen)
    with pytest.raises(StatusMoved, match="吴省批"):
        actions.approve_application(application, reason="符合认定条件。", by=cast.approver, on=on, seen=seen)


def test_refusal_gives_reasons_and_remedies_in_a_letter(cast: Cast) -> None:
    application = dossiers.for_approval(cast)
    decision = actions.refuse_application(
        application, reason="实地考察发现孵化面积不足申报面积的一半。", by=cast.approver, on=datetime.date(2026, 3, 18)
    )
    assert dossiers.fresh(application).status == ApplicationStatus.REFUSED
    assert decision.letter is not None
    assert "行政复议" in str(decision.letter.wording)


def test_approval_puts_nothing_on_record_if_any_part_fails(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    application = dossiers.for_approval(cast)
    letters_before, events_before = Letter.objects.count(), AuditEvent.objects.count()
    monkeypatch.setattr("bases.actions.certifying.notify", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.approve_application(application, reason="符合", by=cast.approver, on=datetime.date(2026, 3, 18))
    assert dossiers.fresh(application).status == ApplicationStatus.APPROVAL
    assert (Letter.objects.count(), AuditEvent.objects.count()) == (letters_before, events_before)
    assert not Certification.objects.filter(title="provincial").exists()


@pytest.mark.parametrize(
    ("county", "title", "steps"),
    [
        ("330402", "base", ["recommendation", "site_visit", "review", "public_notice", "approval"]),
        ("150602", "park", ["recommendation", "site_visit", "review", "public_notice", "approval"]),
    ],
)
def test_steps_differ_by_pack_and_samples_say_so(county: str, title: str, steps: list[str]) -> None:
    cast = cast_at(county)
    call = dossiers.open_call(cast, title)
    application = actions.start_application(call, base=cast.base, by=cast.wang, at=dossiers.moment(dossiers.FILED))
    procedure = dossiers.procedure_of(application)
    assert [step.step for step in procedure.steps] == steps
    assert procedure.sample
