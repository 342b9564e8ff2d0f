"""Only an approver who may decide is asked after a negative word (0159), and is told one thing at a time."""

import datetime

import pytest

from applications import actions
from applications.actions.referring import refer_again
from applications.models import Application
from applications.tasks import refer_negative_words
from portal.accounts.capacity import SYSTEM, Capacity
from portal.accounts.roles import Role
from portal.desk.worklist.kinds import kind_in_words
from portal.notifications.models import Notification
from portal.worklist.models import WorkItem, WorkState
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.dossiers import FILED
from tests.factories.people import officer

pytestmark = pytest.mark.django_db
AREA = "premises.incubation_area"
ITEMS = [{"place": AREA, "kind": "incorrect", "note": "与附图不一致。"}]
QUESTIONS = ["site_visit_decision", "review_decision", "public_notice_decision"]


def _told(who: Capacity, kind: str) -> list[Notification]:
    return list(Notification.objects.filter(recipient=who.user, kind=kind).order_by("pk"))


def _item(kind: str) -> WorkItem:
    return WorkItem.objects.get(kind=f"applications.{kind}")


def _corrected(application: Application, cast: Cast) -> Application:
    at = dossiers.moment(FILED, 15)
    actions.submit_application(application, by=cast.wang, at=at, declared=True, replies={AREA: "面积无误。"})
    return dossiers.fresh(application)


def _told_once(cast: Cast, conclusion: str = "for") -> Application:
    """A case at the review of the province, which asked for one correction there; it is in."""
    application = dossiers.reviewed_by_city(cast)
    dossiers.visit(application, cast, conclusion=conclusion)
    actions.return_for_correction(dossiers.fresh(application), items=ITEMS, by=cast.province_caseworker, on=FILED)
    return _corrected(application, cast)


def _asked_once_more(cast: Cast, head: Capacity) -> Application:
    """That case where the visit was against, before the approvers by the daily job; a further list waits for `head`."""
    application = _told_once(cast, "against")
    WorkItem.objects.filter(kind="applications.review_decision").delete()
    assert refer_negative_words(FILED) == 1
    said = {"items": ITEMS, "because": "上次未见附图。", "asked_of": head.person}
    actions.propose_correction(dossiers.fresh(application), by=cast.province_caseworker, on=FILED, **said)
    return application


def _reviewed_against_after_consent(cast: Cast) -> Application:
    """A case reviewed against, to a further list of which the approver of the cast consented."""
    application = _told_once(cast)
    dossiers.asked_again(application, ITEMS, by=cast.province_caseworker, head=cast.approver, on=FILED)
    application = _corrected(application, cast)
    for difference in dossiers.differences_of(application):
        at = dossiers.moment(FILED, 16)
        dossiers.check(application, place=difference.place, accepted=True, by=cast.province_caseworker, at=at)
    actions.give_opinion(application, verdict="against", text="面积不足。", by=cast.province_caseworker, on=FILED)
    return dossiers.fresh(application)


def test_an_approver_who_consented_to_a_further_list_is_not_asked_to_decide(cast: Cast) -> None:
    second = officer("钱省批", cast.province, Role.APPROVER)
    _reviewed_against_after_consent(cast)
    assert _told(cast.approver, "application.decision_asked") == []
    assert len(_told(second, "application.decision_asked")) == 1
    assert _told(cast.system_admin, "work.vacant_post") == []


def test_where_every_approver_had_a_hand_in_the_case_who_appoints_learns_it(cast: Cast) -> None:
    _reviewed_against_after_consent(cast)
    assert _item("public_notice_decision").state == WorkState.OPEN
    assert _told(cast.approver, "application.decision_asked") == []
    (message,) = _told(cast.system_admin, "work.vacant_post")
    assert "都经手过，不能再办" in message.body


def test_who_was_not_asked_is_not_told_that_the_question_is_over(cast: Cast) -> None:
    application, second = _reviewed_against_after_consent(cast), officer("钱省批", cast.province, Role.APPROVER)
    said = {"contact": "0851-12345678", "because": "复核后认为符合条件。"}
    actions.publish_notice(application.call, applications=[application], by=cast.province_caseworker, on=FILED, **said)
    assert _item("public_notice_decision").state == WorkState.CANCELLED
    assert _told(cast.approver, "application.decision_spared") == []
    assert _told(second, "application.decision_spared") == []


def test_consent_to_a_further_list_does_not_answer_whether_to_refuse(cast: Cast) -> None:
    second = officer("钱省批", cast.province, Role.APPROVER)
    application = _asked_once_more(cast, cast.approver)
    actions.agree_to_correction(application.proposals.get(), by=cast.approver, on=FILED)
    question = _item("review_decision")
    assert (question.state, question.done_by) == (WorkState.CANCELLED, None)
    assert len(_told(second, "application.decision_spared")) == 2  # the first list took it off too
    assert len(_told(cast.approver, "application.decision_spared")) == 1


def test_two_negative_words_in_a_row_ask_twice_and_take_nothing_back(cast: Cast) -> None:
    application = dossiers.reviewed_by_city(cast)
    dossiers.visit(application, cast, conclusion="against")
    application = dossiers.fresh(application)
    actions.give_opinion(application, verdict="against", text="面积不足。", by=cast.province_caseworker, on=FILED)
    assert len(_told(cast.approver, "application.decision_asked")) == 2
    assert _told(cast.approver, "application.decision_spared") == []
    assert _item("review_decision").state == WorkState.CANCELLED
    assert _item("public_notice_decision").state == WorkState.OPEN


def test_a_case_put_before_the_approvers_late_names_no_day_that_is_past(cast: Cast) -> None:
    application = _told_once(cast, "against")
    WorkItem.objects.filter(kind="applications.review_decision").delete()
    Notification.objects.filter(kind="application.decision_asked").delete()
    assert application.due_on is not None
    late = application.due_on + datetime.timedelta(days=1)
    assert refer_again(application, by=SYSTEM, on=late)
    (message,) = _told(cast.approver, "application.decision_asked")
    assert str(application.due_on) not in message.body
    assert message.body.endswith("请尽快决定。")
    assert _item("review_decision").due_on == application.due_on


def test_a_case_that_goes_on_while_a_further_list_waits_is_not_said_to_be_done_as_usual(cast: Cast) -> None:
    application = _asked_once_more(cast, officer("钱省批", cast.province, Role.APPROVER))
    actions.let_go_on(dossiers.fresh(application), reason="面积差额在误差以内。", by=cast.approver, on=FILED)
    (message,) = _told(cast.province_caseworker, "application.let_go_on")
    assert "请照常办下一步" not in message.body


@pytest.mark.parametrize("kind", QUESTIONS)
def test_the_question_is_called_by_where_it_waits_not_by_the_step_before(kind: str) -> None:
    assert kind_in_words(f"applications.{kind}").startswith("本单位不同意，是否不予认定")
