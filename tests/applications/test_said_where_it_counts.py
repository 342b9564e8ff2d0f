"""What a page or letter says of the bureau, of the basis and of the days, where somebody needs it."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Application, Call
from applications.views.conditions import conditions_of
from applications.views.progress import done_on, letters_about, steps_of
from portal.accounts.capacity import VISITOR, Capacity
from portal.errors import InvalidInput
from portal.jurisdictions.models import AgencyProfile
from portal.policies.packs import all_packs
from portal.policies.schema import Value
from tests.factories import dossiers
from tests.factories.cast import Cast, cast_at

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
BASIS = "《关于继续执行创业孵化政策的通知》（演示文件）"


def test_the_phone_of_supervision_the_bureau_filled_in_stands_on_the_form_of_a_notice(
    cast: Cast, sign_in: SignIn
) -> None:
    application = dossiers.reviewed(cast)
    AgencyProfile.objects.update_or_create(
        jurisdiction=application.call.jurisdiction,
        defaults={"name": "省人社厅", "short_name": "省人社厅", "discipline_phone": "0851-85990001"},
    )
    page = sign_in(cast.province_caseworker).get(reverse("applications:new_notice", args=[application.call_id]))
    assert 'value="0851-85990001"' in page.content.decode()


def test_a_notice_under_a_policy_that_ended_says_by_what_it_still_applies() -> None:
    cast = cast_at("150602")
    call = dossiers.open_call(cast, "park", reason=BASIS)
    application = dossiers.submitted(cast, call)
    Application.objects.filter(pk=application.pk).update(status="public_notice", desk=call.jurisdiction)
    notice = actions.publish_notice(
        call, applications=[application], contact="0477-8580001", by=cast.city_caseworker, on=dossiers.FILED
    )
    assert notice.letter is not None
    assert f"继续适用的依据：{BASIS}。" in str(notice.letter.wording)


def test_a_call_under_a_policy_that_ended_names_a_document_not_a_word() -> None:
    with pytest.raises(InvalidInput) as refusal:
        dossiers.draft_call(cast_at("150602"), "park", reason="有")
    assert "现在填的是“有”，看不出是哪份文件" in refusal.value.problems["reason"]
    assert not Call.objects.exists()


def test_the_page_where_one_applies_shows_by_what_an_ended_policy_still_applies(
    sign_in: SignIn, time_machine: Any
) -> None:
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    cast = cast_at("150602")
    call = dossiers.open_call(cast, "park", reason=BASIS)
    page = sign_in(cast.wang).get(reverse("applications:start", args=[call.pk])).content.decode()
    assert f"<dt>继续适用的依据</dt><dd>{BASIS}</dd>" in page


def test_a_condition_that_is_assumed_is_marked_for_the_officer_too() -> None:
    cast = cast_at("150602")
    call = dossiers.open_call(cast, "park", reason=BASIS)
    application = dossiers.draft(cast, call, unit={"government_developed": "yes"})
    actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    lines = conditions_of(application, application.submissions.latest("number"), live=False)
    share = next(line for line in lines if line.name == "免费场地占比")
    assert isinstance(share.clause, Value)
    assert share.clause.assumed
    assert share.clause.value == Decimal("0.30")


def test_the_bar_says_until_when_a_notice_ran_and_the_officer_finds_the_answer_to_an_objection(cast: Cast) -> None:
    application, notice = dossiers.publicised(cast)
    objection = actions.receive_objection(
        notice, application=application, name="张某某", contact="13800000000", reason="该基地孵化面积与公示不符。",
        by=VISITOR, on=dossiers.FILED,
    )  # fmt: skip
    objection = actions.answer_objection(
        objection,
        founded=False,
        answer="经核查，面积与合同一致，异议不成立。",
        by=cast.province_caseworker,
        on=dossiers.FILED,
    )
    actions.conclude_notice(notice, by=cast.approver, on=notice.ends_on + datetime.timedelta(days=1))
    found = dossiers.fresh(application)
    bar = {step.label: step.note for step in steps_of(found, frozenset(), done_on(found, found.opinions.all()))}
    assert bar["公示"] == f"公示至 {notice.ends_on:%m-%d}"
    assert objection.letter in letters_about(found, answers=True)
    assert objection.letter not in letters_about(found)


def test_who_changes_a_returned_call_reads_what_the_approver_asked_for(cast: Cast, sign_in: SignIn) -> None:
    call = dossiers.draft_call(cast)
    actions.return_call(call, reason="名额请改为五家。", by=cast.approver, on=dossiers.OPENED)
    page = sign_in(cast.province_caseworker).get(reverse("applications:edit_call", args=[call.pk])).content.decode()
    assert "审批岗退回，要改的：名额请改为五家。" in page


def test_the_first_page_leads_to_the_place_where_the_targets_are(client: Client) -> None:
    target = all_packs()["guizhou-2022"].targets[0]
    assert f'#{target.goal.clause}">看政策目标</a>' in client.get("/520000/").content.decode()
