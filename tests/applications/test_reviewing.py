"""What officers judge: by the law of the day of filing, every change looked at, and a verdict against shown as such."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from applications import actions
from applications.actions.correction import places_of
from applications.actions.review import unchecked
from applications.forms import VisitForm
from applications.models import Application, Publication
from applications.states import ApplicationStatus
from applications.views.for_officers.history import events_of
from bases.models import Certification
from portal.accounts.capacity import Capacity
from portal.audit.models import AuditEvent
from portal.desk.policies.actions import change_assumption
from portal.errors import DomainError, InvalidInput
from portal.notifications.models import Notification
from portal.policies.loader import installed
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
FILED = dossiers.FILED
PLACE = "premises.incubation_area"
ITEMS = [{"place": PLACE, "kind": "incorrect", "note": "与合同附图不一致。"}]


# --- a review that was against ---


def _against(cast: Cast) -> Application:
    application = dossiers.visited(cast)
    actions.give_opinion(application, verdict="against", text="孵化面积不足。", by=cast.province_caseworker, on=FILED)
    return dossiers.fresh(application)


def test_case_reviewed_against_is_shown_so_and_not_ticked(cast: Cast, sign_in: SignIn) -> None:
    application = _against(cast)
    client = sign_in(cast.province_caseworker)
    call = client.get(reverse("applications:call", args=[application.call_id])).content.decode()
    assert "1 件复审完毕，等待公示" in call
    assert "件复审通过" not in call
    page = client.get(reverse("applications:new_notice", args=[application.call_id]))
    assert [(line["against"], line["ticked"]) for line in page.context["waiting"]] == [(True, False)]
    assert "不同意" in page.content.decode()


def test_case_reviewed_for_is_ticked(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.reviewed(cast)
    page = sign_in(cast.province_caseworker).get(reverse("applications:new_notice", args=[application.call_id]))
    assert [(line["against"], line["ticked"]) for line in page.context["waiting"]] == [(False, True)]


def test_case_reviewed_against_is_published_only_with_a_reason(cast: Cast, sign_in: SignIn) -> None:
    application = _against(cast)
    values = {"applications": [application], "contact": "0851", "by": cast.province_caseworker, "on": FILED}
    with pytest.raises(InvalidInput) as refused:
        actions.publish_notice(application.call, **values)
    assert "筑梦创业孵化基地" in refused.value.problems["because"]
    notice = actions.publish_notice(application.call, **values, because="厅务会议定：面积已另行核实。")
    page = reverse("applications:notice", args=[notice.pk])
    assert "面积已另行核实" in sign_in(cast.approver).get(page).content.decode()
    assert "面积已另行核实" not in sign_in(cast.county_caseworker).get(page).content.decode()
    assert Publication.objects.get(application=application).because == "厅务会议定：面积已另行核实。"
    assert AuditEvent.objects.get(verb="application.publicised").facts["because"].startswith("厅务会议定")


# --- the law of the day of filing ---


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("applications.eligibility.prerequisites[0].needs", 'value = "county"'),
        ("bases.titles[2].period_years", "value = 3"),
    ],
)
def test_ruling_after_the_filing_does_not_reach_the_case(cast: Cast, path: str, content: str) -> None:
    application = dossiers.for_approval(cast)
    ruled_on, decided_on = datetime.date(2026, 3, 17), datetime.date(2026, 3, 18)
    pack = installed()["guizhou-2022"]
    change_assumption(pack, path, content, reason="经研究变更", seen=None, by=cast.approver, on=ruled_on)
    actions.approve_application(application, reason="符合认定条件。", by=cast.approver, on=decided_on)
    certification = Certification.objects.get(base=cast.base, title="provincial")
    assert certification.period_ends == datetime.date(2031, 3, 18)


# --- what may be corrected ---


def test_correction_is_not_held_up_by_what_it_may_not_change(cast: Cast) -> None:
    application = dossiers.submitted(cast)
    actions.return_for_correction(application, items=ITEMS, by=cast.county_caseworker, on=FILED)
    application.answers.filter(section="tenants").update(data={})
    attachment = application.attachments.order_by("pk").first()
    assert attachment is not None
    application.attachments.filter(pk=attachment.pk).update(removed_at=dossiers.moment(FILED))
    said, at = {PLACE: "按合同附图核对，面积无误。", **dossiers.SAME_PAGE}, dossiers.moment(FILED, 15)
    actions.submit_application(application, by=cast.wang, at=at, declared=True, replies=said)
    assert dossiers.fresh(application).status == ApplicationStatus.RECOMMENDATION


def test_correction_still_needs_what_it_was_asked_for(cast: Cast) -> None:
    application = dossiers.submitted(cast)
    actions.return_for_correction(application, items=ITEMS, by=cast.county_caseworker, on=FILED)
    application.answers.filter(section="premises").update(data={})
    with pytest.raises(InvalidInput) as refused:
        actions.submit_application(application, by=cast.wang, at=dossiers.moment(FILED, 15), declared=True)
    assert PLACE in refused.value.problems


# --- changes are looked at ---


def _changed_before_the_visit(cast: Cast) -> Application:
    application = dossiers.reviewed_by_city(cast)
    actions.return_for_correction(application, items=ITEMS, by=cast.province_caseworker, on=FILED)
    at = dossiers.moment(FILED, 15)
    typed = dossiers.complete_answers(premises={"incubation_area": "3100"})["premises"]
    actions.save_section(application, section="premises", typed=typed, by=cast.wang, at=at)
    actions.submit_application(application, by=cast.wang, at=at, declared=True, replies=dossiers.SAME_PAGE)
    return dossiers.fresh(application)


def test_visit_is_not_recorded_before_every_change_is_checked(cast: Cast) -> None:
    application = _changed_before_the_visit(cast)
    with pytest.raises(DomainError, match="1 处改动没有核对：孵化面积"):
        dossiers.visit(application, cast)
    assert dossiers.fresh(application).status == ApplicationStatus.SITE_VISIT


@pytest.mark.slow
def test_changes_are_checked_on_the_page_of_the_visit_step_and_each_word_is_on_record(
    cast: Cast, sign_in: SignIn
) -> None:
    application = _changed_before_the_visit(cast)
    client, check = sign_in(cast.province_caseworker), reverse("applications:check_changes", args=[application.pk])
    page = client.get(reverse("applications:case", args=[application.pk]))
    assert check in page.content.decode()
    assert "1 处改动没有核对" in page.context["acts"][0].why_not
    client.post(check, {f"check:{PLACE}": "doubted", f"note:{PLACE}": "与现场不符。"})
    event = AuditEvent.objects.get(verb="application.change_checked")
    assert (event.facts["place"], event.facts["accepted"], event.facts["number"]) == (PLACE, False, 2)
    assert unchecked(application) == []
    told = [event for event in events_of(application, []) if event.title == "核对补正改动"]
    assert [event.text for event in told] == [f"{places_of(application)[PLACE]}：有疑问"]
    dossiers.visit(application, cast)
    assert dossiers.fresh(application).status == ApplicationStatus.REVIEW


@pytest.mark.slow
def test_changes_are_not_judged_after_the_review(cast: Cast) -> None:
    application = _changed_before_the_visit(cast)
    at = dossiers.moment(FILED, 16)
    dossiers.check(application, place=PLACE, accepted=True, by=cast.province_caseworker, at=at)
    dossiers.visit(application, cast)
    actions.give_opinion(application, verdict="for", text="合格。", by=cast.province_caseworker, on=FILED)
    with pytest.raises(DomainError, match="现在不核对改动"):
        dossiers.check(application, place=PLACE, accepted=False, by=cast.province_caseworker, at=at)


def test_operator_and_next_desk_learn_that_the_visit_is_done(cast: Cast) -> None:
    application = dossiers.reviewed_by_city(cast)
    Notification.objects.all().delete()
    dossiers.visit(application, cast)
    told = dict(Notification.objects.values_list("recipient", "kind"))
    assert told[cast.wang.user_id] == "application.moved_on"
    assert told[cast.province_caseworker.user_id] == "application.arrived"


def test_points_of_a_visit_are_kept_in_chinese(cast: Cast) -> None:
    typed = {f"found:{code}": "yes" for code in ("premises", "facilities", "tenants", "rules", "services")}
    with translation.override("en"):
        form = VisitForm(typed, staff=[], least=2)
        form.is_valid()
        assert form.findings()[0]["point"] == "场地面积与合同一致"


def test_visit_says_how_many_officers_the_policy_demands(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.reviewed_by_city(cast)
    page = sign_in(cast.province_caseworker).get(reverse("applications:visit", args=[application.pk])).content.decode()
    assert "至少 2 名工作人员" in page
    assert "至少 2 名本单位经办人员" in page


@pytest.mark.slow
def test_letter_and_screen_call_what_is_wrong_by_the_same_words(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    page = sign_in(cast.county_caseworker).get(reverse("applications:correct", args=[application.pk])).content.decode()
    request = actions.return_for_correction(application, items=ITEMS, by=cast.county_caseworker, on=FILED)
    assert request.letter is not None
    assert "内容不符" in str(request.letter.wording)
    assert "内容不符" in page


def test_who_approves_reads_during_the_notice_from_when_a_case_can_be_decided(cast: Cast, sign_in: SignIn) -> None:
    application, notice = dossiers.publicised(cast)
    page = sign_in(cast.approver).get(reverse("applications:case", args=[application.pk])).content.decode()
    assert f"公示到 {notice.ends_on:%Y-%m-%d}（含当日），期满且异议都已答复后才能批准" in page
    other = sign_in(cast.province_caseworker).get(reverse("applications:case", args=[application.pk])).content.decode()
    assert "才能批准" not in other


def test_an_approver_without_the_post_to_draft_is_told_who_drafts_a_call(cast: Cast, sign_in: SignIn) -> None:
    assert "由认定机关的经办岗起草" in sign_in(cast.approver).get(reverse("applications:calls")).content.decode()
    assert (
        "由认定机关的经办岗起草"
        not in sign_in(cast.county_caseworker).get(reverse("applications:calls")).content.decode()
    )
