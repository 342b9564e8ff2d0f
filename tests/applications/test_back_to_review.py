"""What follows when a case goes back to review: a term of its own, and nothing of the first round forgotten."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Application, PublicNotice
from applications.states import ApplicationStatus
from portal.accounts.capacity import VISITOR, Capacity
from portal.deadlines.calendar import calendar_for
from portal.errors import NotAllowed
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
RETURNED = datetime.date(2026, 3, 10)
BACK = datetime.date(2026, 3, 12)
DECIDED = datetime.date(2026, 3, 31)
ITEMS = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同附图不一致。"}]
DAY = datetime.timedelta(days=1)


def _corrected_at_review(cast: Cast) -> Application:
    """Return a case that was returned by the review once, and reviewed after it came back."""
    application = dossiers.visited(cast)
    actions.return_for_correction(application, items=ITEMS, by=cast.province_caseworker, on=RETURNED)
    typed = dossiers.complete_answers(premises={"incubation_area": "3100"})["premises"]
    at = dossiers.moment(BACK)
    actions.save_section(application, section="premises", typed=typed, by=cast.wang, at=at)
    actions.submit_application(application, by=cast.wang, at=at, declared=True, replies=dossiers.SAME_PAGE)
    dossiers.check(application, place="premises.incubation_area", accepted=True, by=cast.province_caseworker, at=at)
    actions.give_opinion(application, verdict="for", text="复审合格。", by=cast.province_caseworker, on=BACK)
    return dossiers.fresh(application)


def _for_approval(cast: Cast, application: Application, on: datetime.date) -> PublicNotice:
    notice = actions.publish_notice(
        application.call, applications=[application], contact="0851", by=cast.province_caseworker, on=on
    )
    actions.conclude_notice(notice, by=cast.approver, on=notice.ends_on + DAY)
    return notice


def _sent_back(cast: Cast, application: Application) -> Application:
    actions.send_back_to_review(application, reason="异议成立，请复核面积。", by=cast.approver, on=DECIDED)
    return dossiers.fresh(application)


@pytest.mark.parametrize("corrected", [False, True], ids=["never corrected", "corrected at the first review"])
def test_review_after_a_send_back_has_its_whole_term_from_that_day(cast: Cast, corrected: bool) -> None:
    application = _corrected_at_review(cast) if corrected else dossiers.reviewed(cast)
    _for_approval(cast, application, BACK)
    application = _sent_back(cast, dossiers.fresh(application))
    assert application.due_on == calendar_for(cast.province).add_workdays(DECIDED, 20)
    assert application.due is not None
    assert application.due["pauses"] == []


def test_second_correction_of_one_stay_keeps_the_days_of_the_first_out_of_the_term(cast: Cast) -> None:
    application = dossiers.visited(cast)
    said = {ITEMS[0]["place"]: "按合同附图核对，面积无误。"}
    filed = {"by": cast.wang, "declared": True, "replies": said}
    actions.return_for_correction(application, items=ITEMS, by=cast.province_caseworker, on=RETURNED)
    actions.submit_application(application, at=dossiers.moment(BACK), **filed)
    again, back = datetime.date(2026, 3, 13), datetime.date(2026, 3, 17)
    dossiers.asked_again(application, ITEMS, by=cast.province_caseworker, head=cast.approver, on=again)
    actions.submit_application(application, at=dossiers.moment(back), **filed)
    application = dossiers.fresh(application)
    # Twenty working days from 9 March, and the four that it lay with the operator: 11, 12, 16 and 17 March.
    assert application.due_on == calendar_for(cast.province).add_workdays(dossiers.FILED, 24)


def _objected(cast: Cast) -> tuple[Application, PublicNotice]:
    application, notice = dossiers.publicised(cast)
    objection = actions.receive_objection(
        notice,
        application=application,
        name="邻居张某",
        contact="13800000000",
        reason="该基地孵化面积与公示不符，二楼已转租。",
        by=VISITOR,
        on=notice.ends_on,
    )
    after = notice.ends_on + DAY
    actions.answer_objection(objection, founded=True, answer="经核实属实。", by=cast.province_caseworker, on=after)
    return _sent_back(cast, dossiers.fresh(application)), notice


def test_reviewers_still_see_the_founded_objection(cast: Cast, sign_in: SignIn) -> None:
    application, _notice = _objected(cast)
    page = sign_in(cast.province_caseworker).get(reverse("applications:case", args=[application.pk]))
    assert [each.get_status_display() for each in page.context["objections"]] == ["已答复，异议成立"]


def test_published_list_keeps_a_base_that_was_sent_back(cast: Cast, client: Client) -> None:
    _application, notice = _objected(cast)
    assert cast.base.name in client.get(f"/520000/notices/{notice.pk}/").content.decode()
    listed = client.get(f"/api/v1/notices/{notice.pk}/").json()
    assert cast.base.name in str(listed)


def test_who_published_the_first_list_does_not_decide_after_the_second(cast: Cast) -> None:
    application, notice = _objected(cast)
    PublicNotice.objects.filter(pk=notice.pk).update(published_by=cast.approver.person)
    actions.give_opinion(application, verdict="for", text="复核合格。", by=cast.second_caseworker, on=DECIDED)
    second = _for_approval(cast, dossiers.fresh(application), DECIDED)
    application = dossiers.fresh(application)
    assert application.status == ApplicationStatus.APPROVAL
    with pytest.raises(NotAllowed, match="不能再作决定"):
        actions.approve_application(application, reason="符合。", by=cast.approver, on=second.ends_on + DAY)


def test_a_case_sent_back_leaves_its_place_in_the_quota_to_its_next_list(cast: Cast) -> None:
    application, _notice = _objected(cast)
    application.call.quota = 1
    application.call.save()
    actions.give_opinion(application, verdict="for", text="复核合格。", by=cast.second_caseworker, on=DECIDED)
    _for_approval(cast, dossiers.fresh(application), DECIDED)
    assert dossiers.fresh(application).status == ApplicationStatus.APPROVAL
