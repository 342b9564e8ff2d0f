"""The operator's side: the door, drafts, submission, correction, withdrawal."""

import datetime

import pytest

from applications import actions
from applications.models import Application, Submission
from applications.states import ApplicationStatus
from bases.models import Ban
from portal.audit.models import AuditEvent
from portal.documents.models import Letter
from portal.errors import DomainError, InvalidInput, NotAllowed, StatusMoved
from portal.worklist.models import WorkItem, WorkState
from tests.factories import dossiers
from tests.factories.cast import Cast, cast_at
from tests.factories.register import base as new_base

pytestmark = pytest.mark.django_db


def _start(cast: Cast) -> Application:
    call = dossiers.open_call(cast)
    return actions.start_application(call, base=cast.base, by=cast.wang, at=dossiers.moment(dossiers.FILED))


def test_without_a_city_title_the_door_is_shut_with_the_clause(cast: Cast) -> None:
    with pytest.raises(DomainError, match="市级") as refused:
        _start(cast)
    assert refused.value.clause == "D-01"
    assert not Application.objects.exists()


def _ban(cast: Cast, ends_on: datetime.date, **fields: object) -> Ban:
    values = {
        "jurisdiction": cast.county,
        "base": cast.base,
        "operator_uscc": cast.operator.uscc,
        "title": "provincial",
        "policy": "guizhou-2022",
        "clause": "GZ-30",
        "ground": "complaints",
        "starts_on": datetime.date(2021, 3, 9),
        "ends_on": ends_on,
    }
    return Ban.objects.create(**(values | fields))


def test_banned_base_is_told_the_last_day_of_the_ban(cast: Cast) -> None:
    dossiers.city_title(cast)
    _ban(cast, dossiers.FILED)
    with pytest.raises(DomainError, match="2026-03-09（含当日）") as refused:
        _start(cast)
    assert refused.value.clause == "GZ-30"


def test_the_day_after_the_ban_the_door_is_open(cast: Cast) -> None:
    dossiers.city_title(cast)
    _ban(cast, dossiers.FILED - datetime.timedelta(days=1))
    assert _start(cast).status == ApplicationStatus.DRAFT


def test_operator_under_a_new_base_name_is_stopped_at_the_door(cast: Cast) -> None:
    other = new_base("520103", run_by=cast.operator, name="换名孵化基地")
    dossiers.city_title(cast, other)
    _ban(cast, dossiers.FILED)
    call = dossiers.open_call(cast)
    with pytest.raises(DomainError, match="暂停申报期"):
        actions.start_application(call, base=other, by=cast.wang, at=dossiers.moment(dossiers.FILED))


def test_ban_served_between_draft_and_submission_stops_the_submission(cast: Cast) -> None:
    application = dossiers.draft(cast)
    _ban(cast, dossiers.FILED, starts_on=dossiers.FILED)
    with pytest.raises(DomainError, match="暂停申报期"):
        actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    assert dossiers.fresh(application).status == ApplicationStatus.DRAFT


def test_call_that_closed_a_second_ago_takes_nothing(cast: Cast) -> None:
    application = dossiers.draft(cast)
    closes = application.call.closes_at
    late = closes.astimezone(dossiers.CHINA) + datetime.timedelta(seconds=1)
    with pytest.raises(DomainError, match="18:00:00 截止，现在是 2026-04-01 18:00:01"):
        actions.submit_application(application, by=cast.wang, at=late, declared=True)
    assert not Submission.objects.exists()
    in_time = closes.astimezone(dossiers.CHINA)
    actions.submit_application(application, by=cast.wang, at=in_time, declared=True)
    assert dossiers.fresh(application).status == ApplicationStatus.RECOMMENDATION


def test_incomplete_dossier_is_refused_with_every_missing_place(cast: Cast) -> None:
    dossiers.city_title(cast)
    application = _start(cast)
    with pytest.raises(InvalidInput) as refused:
        actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    problems = refused.value.problems
    assert "premises.built_area" in problems
    assert "application_form" in problems
    assert "city_recognition" not in problems  # the register holds the city's title
    assert "premises.features" not in problems  # optional
    assert "video" not in problems  # optional
    assert dossiers.fresh(application).reference is None


def test_without_the_declaration_nothing_is_submitted(cast: Cast) -> None:
    application = dossiers.draft(cast)
    with pytest.raises(InvalidInput, match="没有提交"):
        actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=False)
    assert not Submission.objects.exists()


def test_submission_is_whole_or_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    application = dossiers.draft(cast)
    events, letters = AuditEvent.objects.count(), Letter.objects.count()
    monkeypatch.setattr("applications.actions.filing.notify", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    assert dossiers.fresh(application).status == ApplicationStatus.DRAFT
    assert (AuditEvent.objects.count(), Letter.objects.count()) == (events, letters)
    assert not WorkItem.objects.waiting().filter(subject_type="applications.application").exists()


def test_second_click_finds_the_first(cast: Cast) -> None:
    application = dossiers.draft(cast)
    at = dossiers.moment(dossiers.FILED)
    actions.submit_application(application, by=cast.wang, at=at, declared=True, seen=application.revision)
    with pytest.raises(StatusMoved, match="王运营"):
        actions.submit_application(application, by=cast.wang, at=at, declared=True, seen=application.revision)
    assert Submission.objects.count() == 1


def test_one_open_application_per_base_and_title(cast: Cast) -> None:
    application = dossiers.draft(cast)
    with pytest.raises(DomainError, match="已有一件同一称号的申报"):
        actions.start_application(application.call, base=cast.base, by=cast.wang, at=dossiers.moment(dossiers.FILED))


def test_call_of_another_province_does_not_reach_the_base(cast: Cast) -> None:
    elsewhere = cast_at("330402")
    call = dossiers.open_call(elsewhere, "base")
    with pytest.raises(DomainError, match="只受理嘉兴市的基地"):
        actions.start_application(call, base=cast.base, by=cast.wang, at=dossiers.moment(dossiers.FILED))


def test_strangers_cannot_write_in_the_draft(cast: Cast) -> None:
    application = dossiers.draft(cast)
    with pytest.raises(NotAllowed):
        actions.save_section(
            application, section="unit", typed={}, by=cast.other_operator, at=dossiers.moment(dossiers.FILED)
        )


def test_autosave_keeps_what_is_wrong_and_says_so(cast: Cast) -> None:
    application = dossiers.draft(cast)
    typed = dossiers.complete_answers(premises={"incubation_area": "4200", "lease_ends": "2029-02-30"})["premises"]
    checked = actions.save_section(
        application, section="premises", typed=typed, by=cast.wang, at=dossiers.moment(dossiers.FILED)
    )
    assert checked.problems == {
        "incubation_area": "4200 大于建筑面积 3900，改其中一项。",
        "lease_ends": "没有 2029-02-30 这一天，写成 2029-12-31 这样。",
    }
    row = application.answers.get(section="premises")
    assert row.data["lease_ends"] == "2029-02-30"
    assert not row.complete


ITEMS = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同附图不一致。"}]


def _returned(cast: Cast) -> Application:
    application = dossiers.recommended(cast)
    actions.return_for_correction(application, items=ITEMS, by=cast.city_caseworker, on=datetime.date(2026, 3, 12))
    return dossiers.fresh(application)


def test_returned_application_waits_for_the_operator_with_the_clock_paused(cast: Cast) -> None:
    application = _returned(cast)
    assert application.status == ApplicationStatus.RETURNED
    assert application.due_on == datetime.date(2026, 3, 26)  # ten working days
    item = WorkItem.objects.get(state=WorkState.OPEN, subject_type="applications.application")
    assert item.operator_id == cast.operator.pk


def test_only_what_the_list_names_may_be_changed(cast: Cast) -> None:
    application = _returned(cast)
    with pytest.raises(DomainError, match="补正清单没有列这一项"):
        actions.save_section(application, section="tenants", typed={}, by=cast.wang, at=dossiers.moment(dossiers.FILED))


def _resubmitted(cast: Cast) -> Application:
    application = _returned(cast)
    back = datetime.date(2026, 3, 19)
    typed = dossiers.complete_answers(premises={"incubation_area": "3100"})["premises"]
    actions.save_section(application, section="premises", typed=typed, by=cast.wang, at=dossiers.moment(back))
    at = dossiers.moment(back)
    actions.submit_application(application, by=cast.wang, at=at, declared=True, replies=dossiers.SAME_PAGE)
    return dossiers.fresh(application)


def test_resubmission_goes_back_to_the_desk_that_asked_and_shows_what_changed(cast: Cast) -> None:
    application = _resubmitted(cast)
    assert application.status == ApplicationStatus.PRELIMINARY_REVIEW
    assert application.desk == cast.city
    differences = dossiers.differences_of(application)
    assert [(each.place, each.before, each.after) for each in differences] == [
        ("premises.incubation_area", "3200 平方米", "3100 平方米")
    ]


def test_days_of_the_correction_do_not_count(cast: Cast) -> None:
    application = _resubmitted(cast)
    # Came to the city on 9 March; returned on the 12th, back on the 19th: five working days (13, 16–19) do not count.
    assert application.due_on == datetime.date(2026, 4, 14)
    assert len(application.due["pauses"]) == 1


def test_no_opinion_before_every_change_is_checked(cast: Cast) -> None:
    application = _resubmitted(cast)
    on = datetime.date(2026, 3, 20)
    with pytest.raises(DomainError, match="1 处改动没有核对：孵化面积"):
        actions.give_opinion(application, verdict="for", text="同意", by=cast.city_caseworker, on=on)
    dossiers.check(
        application,
        place="premises.incubation_area",
        accepted=True,
        by=cast.city_caseworker,
        at=dossiers.moment(on),
    )
    actions.give_opinion(application, verdict="for", text="同意", by=cast.city_caseworker, on=on)
    assert dossiers.fresh(application).status == ApplicationStatus.SITE_VISIT


def test_second_return_at_the_same_step_is_not_sent_without_an_approvers_consent(cast: Cast) -> None:
    application = _resubmitted(cast)
    on = datetime.date(2026, 3, 20)
    with pytest.raises(DomainError, match="送本单位审批岗，本人同意后才发出"):
        actions.return_for_correction(application, items=ITEMS, by=cast.city_caseworker, on=on)
    assert dossiers.fresh(application).status == ApplicationStatus.PRELIMINARY_REVIEW


@pytest.mark.parametrize(
    ("items", "place"),
    [
        ([], "items"),
        ([{"place": "premises.incubation_area", "kind": "incorrect", "note": " "}], "premises.incubation_area"),
    ],
)
def test_empty_list_of_corrections_is_refused(cast: Cast, items: list[dict[str, str]], place: str) -> None:
    application = dossiers.recommended(cast)
    with pytest.raises(InvalidInput) as refused:
        actions.return_for_correction(application, items=items, by=cast.city_caseworker, on=dossiers.FILED)
    assert place in refused.value.problems
    assert dossiers.fresh(application).status == ApplicationStatus.PRELIMINARY_REVIEW


def test_visit_needs_two_officers_of_the_bureau_and_a_photograph(cast: Cast) -> None:
    application = dossiers.reviewed_by_city(cast)
    with pytest.raises(InvalidInput) as refused:
        dossiers.visit(application, cast, officers=[cast.province_caseworker.person], photos=[])
    assert set(refused.value.problems) == {"officers", "photos"}
    with pytest.raises(InvalidInput) as refused:
        dossiers.visit(application, cast, officers=[cast.province_caseworker.person, cast.city_caseworker.person])
    assert set(refused.value.problems) == {"officers"}


def test_withdrawn_base_may_apply_again_while_the_call_is_open(cast: Cast) -> None:
    application = dossiers.submitted(cast)
    actions.withdraw_application(application, reason="场地搬迁。", by=cast.wang, on=dossiers.FILED)
    assert not WorkItem.objects.waiting().filter(subject_type="applications.application").exists()
    again = actions.start_application(
        application.call, base=cast.base, by=cast.wang, at=dossiers.moment(dossiers.FILED, 11)
    )
    assert again.status == ApplicationStatus.DRAFT


def test_drafter_cannot_publish_the_call(cast: Cast) -> None:
    call = dossiers.draft_call(cast)
    call.drafted_by = cast.approver.person
    call.save()
    with pytest.raises(NotAllowed, match="起草人不能自己发布"):
        actions.publish_call(call, by=cast.approver, at=dossiers.moment(dossiers.OPENED))


def test_second_call_of_a_year_needs_a_reason(cast: Cast) -> None:
    dossiers.open_call(cast)
    with pytest.raises(InvalidInput) as refused:
        dossiers.open_call(cast)
    assert "原则上每年 1 次" in refused.value.problems["reason"]
    dossiers.open_call(cast, reason="补充认定边远县。")


def test_quota_limits_the_list_of_the_notice(cast: Cast) -> None:
    application, _notice = dossiers.publicised(cast)
    call = application.call
    call.quota = 1
    call.save()
    Application.objects.filter(pk=application.pk).update(status=ApplicationStatus.PUBLIC_NOTICE)
    with pytest.raises(DomainError, match="名额 1 家"):
        actions.publish_notice(
            call, applications=[application], contact="0851", by=cast.province_caseworker, on=dossiers.FILED
        )
