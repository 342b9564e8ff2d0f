"""Who had a hand in a case does not decide it; who wrote a call does not publish it."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Application, CorrectionRequest, DifferenceCheck, Objection, PublicNotice
from applications.views.for_officers.deciding import barred_from_deciding
from portal.accounts import capacity
from portal.accounts.actions import delegate
from portal.accounts.capacity import VISITOR, Capacity
from portal.accounts.roles import Role
from portal.errors import NotAllowed
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.people import officer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SignIn = Callable[[Capacity], Client]
ITEMS = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同附图不一致。"}]
DAY = datetime.timedelta(days=1)
DECIDED = datetime.date(2026, 3, 31)


@pytest.fixture
def application(cast: Cast) -> Application:
    """A case that waits for approval after a correction, a check of what changed, and an answered objection."""
    application = dossiers.visited(cast)
    on, at = dossiers.FILED, dossiers.moment(dossiers.FILED, 15)
    actions.return_for_correction(application, items=ITEMS, by=cast.province_caseworker, on=on)
    typed = dossiers.complete_answers(premises={"incubation_area": "3100"})["premises"]
    actions.save_section(application, section="premises", typed=typed, by=cast.wang, at=at)
    actions.submit_application(application, by=cast.wang, at=at, declared=True, replies=dossiers.SAME_PAGE)
    dossiers.check(application, place="premises.incubation_area", accepted=True, by=cast.province_caseworker, at=at)
    actions.give_opinion(application, verdict="for", text="复审合格。", by=cast.province_caseworker, on=on)
    notice = actions.publish_notice(
        application.call, applications=[application], contact="0851", by=cast.province_caseworker, on=on
    )
    objection = actions.receive_objection(
        notice,
        application=dossiers.fresh(application),
        name="张某",
        contact="13800000000",
        reason="该基地孵化面积与公示不符。",
        by=VISITOR,
        on=on,
    )
    actions.answer_objection(objection, founded=False, answer="经核实相符。", by=cast.province_caseworker, on=on)
    actions.conclude_notice(notice, by=cast.province_caseworker, on=notice.ends_on + DAY)
    return dossiers.fresh(application)


PARTS = {
    "asked for the correction": "补正",
    "consented to asking again": "补正",
    "went on without the correction": "补正",
    "judged what was changed": "改动核对",
    "answered an objection": "公示异议",
    "published the list": "公示",
}
HANDS = {
    "asked for the correction": lambda who: CorrectionRequest.objects.update(asked_by=who),
    "consented to asking again": lambda who: CorrectionRequest.objects.update(consent_by=who),
    "went on without the correction": lambda who: CorrectionRequest.objects.update(lapsed_by=who),
    "judged what was changed": lambda who: DifferenceCheck.objects.update(checked_by=who),
    "answered an objection": lambda who: Objection.objects.update(answered_by=who),
    "published the list": lambda who: PublicNotice.objects.update(published_by=who),
}


@pytest.mark.parametrize("hand", HANDS)
def test_nobody_decides_what_their_own_hands_prepared(
    cast: Cast, sign_in: SignIn, application: Application, hand: str
) -> None:
    client = sign_in(cast.approver)
    address = reverse("applications:case", args=[application.pk])
    assert client.get(address).context["acts"][0].why_not == ""
    HANDS[hand](cast.approver.person)
    with pytest.raises(NotAllowed, match="不能再作决定"):
        actions.approve_application(application, reason="符合。", by=cast.approver, on=DECIDED)
    with pytest.raises(NotAllowed, match="不能再作决定"):
        actions.refuse_application(application, reason="孵化面积不足申报面积的一半。", by=cast.approver, on=DECIDED)
    shown = client.get(address).context
    assert shown["acts"][0].why_not == f"您经手过这件申报的{PARTS[hand]}，须由另一位审批人员办理"
    assert shown["refuse_act"].why_not == shown["acts"][0].why_not
    page = client.get(reverse("applications:refuse", args=[application.pk])).content.decode()
    assert "须由另一位审批人员办理" in page
    assert "作出不予认定决定" not in page


def test_a_stand_in_reads_whose_hands_were_in_the_case_and_what_they_did(cast: Cast, application: Application) -> None:
    def stand_in(who: Capacity, day: datetime.date) -> Capacity:
        assert cast.approver.membership is not None
        days: dict[str, Any] = {"starts_on": day, "ends_on": day, "reason": "出差"}
        given = delegate(cast.approver.membership, to=who.person, by=cast.approver, on=DECIDED, **days)
        return capacity.officer(cast.approver.membership, user=who.person, delegation=given)

    said = barred_from_deciding(application, stand_in(cast.province_caseworker, DECIDED))
    assert said.startswith("您经手过这件申报的审核、考察、补正、改动核对、公示、公示异议，")
    newcomer = stand_in(officer("周省批", cast.province, Role.APPROVER), DECIDED + DAY)
    assert barred_from_deciding(application, newcomer) == ""
    PublicNotice.objects.update(published_by=cast.approver.person)
    assert barred_from_deciding(application, newcomer).startswith("委托您代办的人经手过这件申报的公示，")


def test_who_rewrote_a_draft_does_not_publish_it(cast: Cast, sign_in: SignIn) -> None:
    call = dossiers.draft_call(cast)
    actions.amend_call(
        call, by=cast.second_caseworker, at=dossiers.moment(dossiers.OPENED), introduction="重点支持高校毕业生。"
    )
    call.amended_by.set([cast.approver.person])
    page = sign_in(cast.approver).get(reverse("applications:call", args=[call.pk]))
    assert page.context["is_writer"]
    with pytest.raises(NotAllowed, match="改过草稿的人也不能"):
        actions.publish_call(call, by=cast.approver, at=dossiers.moment(dossiers.OPENED))


def test_everybody_who_changed_a_draft_is_kept(cast: Cast) -> None:
    call = dossiers.draft_call(cast)
    for who in (cast.province_caseworker, cast.second_caseworker):
        actions.amend_call(call, by=who, at=dossiers.moment(dossiers.OPENED), introduction=f"{who.person}改。")
    assert set(call.amended_by.all()) == {cast.province_caseworker.person, cast.second_caseworker.person}


def test_the_reason_of_an_approval_says_where_it_goes_and_stays_before_the_officers(
    cast: Cast, sign_in: SignIn
) -> None:
    application = dossiers.for_approval(cast)
    address = reverse("applications:case", args=[application.pk])
    assert "记入办件记录" in sign_in(cast.approver).get(address).content.decode()
    reason = "逐项核对场地和名册，符合条件。"
    actions.approve_application(application, reason=reason, by=cast.approver, on=DECIDED)
    assert reason in sign_in(cast.county_caseworker).get(address).content.decode()
    mine = sign_in(cast.wang).get(reverse("applications:overview", args=[application.pk])).content.decode()
    assert reason not in mine
