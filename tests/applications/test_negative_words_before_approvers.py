"""After a negative word of the bureau that decides, its approvers know and decide: refuse, or let it go on (0159)."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.actions.referring import WEIGHED_AT, own_step_before
from applications.models import Application, Call
from applications.rules import ApplicationPolicy
from applications.states import ApplicationStatus
from applications.tasks import refer_negative_words
from portal.accounts.capacity import Capacity
from portal.accounts.roles import Role
from portal.audit.models import AuditEvent
from portal.errors import DomainError, InvalidInput, NotAllowed, StatusMoved
from portal.notifications.models import Notification
from portal.policies.packs import all_packs
from portal.worklist.models import WorkItem, WorkState
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.dossiers import FILED
from tests.factories.people import officer, place

pytestmark = pytest.mark.django_db
PLACES = [
    ("520103", "guizhou-2022"),
    ("330402", "jiaxing-2013"),
    ("150602", "ordos-2022"),
    ("540102", "tibet-2019"),
    ("650102", "xinjiang-2015"),
]
SignIn = Callable[[Capacity], Client]
DECISION = "applications.public_notice_decision"
AREA = "premises.incubation_area"
WHY = "面积差额在允许的误差以内，可以继续办理。"
TOLD = "孵化面积不足。"


def _against(cast: Cast) -> Application:
    """A case that the province visited, and reviewed against."""
    application = dossiers.visited(cast)
    actions.give_opinion(application, verdict="against", text=TOLD, by=cast.province_caseworker, on=FILED)
    return dossiers.fresh(application)


def _open(application: Application) -> list[str]:
    items = WorkItem.objects.waiting().filter(subject_type="applications.application", subject_id=str(application.pk))
    return sorted(items.values_list("kind", flat=True))


def _told(who: Capacity, kind: str) -> list[Notification]:
    return list(Notification.objects.filter(recipient=who.user, kind=f"application.{kind}"))


def _publish(cast: Cast, application: Application, on: datetime.date = FILED) -> None:
    said = {"contact": "0851-12345678", "because": "复核后认为符合条件。"}
    actions.publish_notice(application.call, applications=[application], by=cast.province_caseworker, on=on, **said)


def test_approver_learns_of_a_negative_review_at_once_and_has_it_on_the_list(cast: Cast, sign_in: SignIn) -> None:
    application = _against(cast)
    (message,) = _told(cast.approver, "decision_asked")
    assert message.url == reverse("applications:case", args=[application.pk])
    assert "省级复审不同意" in message.subject
    item = WorkItem.objects.get(kind=DECISION)
    assert (item.desk, item.due_on, item.state) == (cast.province, application.due_on, WorkState.OPEN)
    listed = sign_in(cast.approver).get(reverse("desk:worklist")).content.decode()
    assert "本单位意见为“不同意”，决定是否不予认定" in listed
    assert _told(cast.city_approver, "decision_asked") == []


def test_a_favourable_review_asks_the_approver_nothing(cast: Cast) -> None:
    application = dossiers.reviewed(cast)
    assert _open(application) == ["applications.public_notice"]
    assert _told(cast.approver, "decision_asked") == []


def test_a_negative_word_of_a_bureau_below_asks_nobody_yet(cast: Cast) -> None:
    application = dossiers.recommended(cast)
    actions.give_opinion(application, verdict="against", text=TOLD, by=cast.city_caseworker, on=FILED)
    assert _open(application) == ["applications.site_visit"]


def test_a_negative_site_visit_goes_before_the_approver_and_a_review_ends_the_question(cast: Cast) -> None:
    application = dossiers.reviewed_by_city(cast)
    dossiers.visit(application, cast, conclusion="against")
    assert _open(application) == ["applications.review", "applications.review_decision"]
    (message,) = _told(cast.approver, "decision_asked")
    assert "省级实地考察不同意" in message.subject
    application = dossiers.fresh(application)
    actions.give_opinion(application, verdict="for", text="整改后符合。", by=cast.province_caseworker, on=FILED)
    assert _open(application) == ["applications.public_notice"]
    assert WorkItem.objects.get(kind="applications.review_decision").state == WorkState.CANCELLED
    assert len(_told(cast.approver, "decision_spared")) == 1


@pytest.mark.parametrize(("county", "policy"), PLACES)
def test_under_every_policy_visit_and_review_are_words_of_the_bureau_that_certifies(county: str, policy: str) -> None:
    there = place(county)
    for procedure in all_packs()[policy].section(ApplicationPolicy).procedures:
        call = Call(jurisdiction=there.ancestor(procedure.steps[-1].level), title=procedure.title)
        case = Application(call=call, jurisdiction=there, policy=policy, title=procedure.title, started_on=FILED)
        before = {}
        for status in WEIGHED_AT:
            case.status = status
            before[str(status)] = own_step_before(case)
        assert before == {"site_visit": "", "review": "site_visit", "public_notice": "review"}, procedure.title


def test_refusing_closes_the_question(cast: Cast) -> None:
    application = _against(cast)
    actions.refuse_application(
        application, reason="孵化面积不足，不符合认定条件。", by=cast.approver, on=FILED, seen=application.revision
    )
    assert _open(application) == []
    item = WorkItem.objects.get(kind=DECISION)
    assert (item.state, item.done_by) == (WorkState.DONE, cast.approver.user)
    assert _told(cast.approver, "decision_spared") == []


def test_letting_it_go_on_needs_a_reason_and_leaves_the_step_to_the_caseworker(cast: Cast) -> None:
    application = _against(cast)
    with pytest.raises(InvalidInput):
        actions.let_go_on(application, reason=" ", by=cast.approver, on=FILED)
    actions.let_go_on(application, reason=WHY, by=cast.approver, on=FILED, seen=application.revision)
    assert _open(application) == ["applications.public_notice"]
    assert dossiers.fresh(application).status == ApplicationStatus.PUBLIC_NOTICE
    assert AuditEvent.objects.get(verb="application.let_go_on").facts["reason"] == WHY
    (message,) = _told(cast.province_caseworker, "let_go_on")
    assert WHY.rstrip("。") in message.body


def test_who_let_it_go_on_may_still_decide_after_the_notice(cast: Cast) -> None:
    application = _against(cast)
    actions.let_go_on(application, reason=WHY, by=cast.approver, on=FILED)
    _publish(cast, application)
    notice = dossiers.fresh(application).notice
    assert notice is not None
    after = notice.ends_on + datetime.timedelta(days=1)
    actions.conclude_notice(notice, by=cast.province_caseworker, on=after)
    actions.refuse_application(application, reason="公示后查实面积不足，不予认定。", by=cast.approver, on=after)
    assert dossiers.fresh(application).status == ApplicationStatus.REFUSED


def test_only_an_approver_of_that_bureau_who_had_no_hand_in_the_case_lets_it_go_on(cast: Cast) -> None:
    application = _against(cast)
    for by in (cast.province_caseworker, cast.city_approver, cast.auditor):
        with pytest.raises(NotAllowed):
            actions.let_go_on(application, reason=WHY, by=by, on=FILED)
    visited = application.visits.get()
    visited.officers.add(cast.approver.person)
    with pytest.raises(NotAllowed, match="您经手过"):
        actions.let_go_on(application, reason=WHY, by=cast.approver, on=FILED)


def test_of_two_approvers_at_once_the_second_reads_what_the_first_did(cast: Cast) -> None:
    application, second = _against(cast), dossiers.second_approver(cast)
    seen = application.revision
    actions.let_go_on(application, reason=WHY, by=cast.approver, on=FILED, seen=seen)
    with pytest.raises(StatusMoved, match=cast.approver.label):
        actions.refuse_application(application, reason="孵化面积不足，不予认定。", by=second, on=FILED, seen=seen)
    with pytest.raises(DomainError, match="没有等审批岗决定"):
        actions.let_go_on(application, reason=WHY, by=second, on=FILED)


def test_publication_takes_the_question_back_and_says_so(cast: Cast) -> None:
    application = _against(cast)
    _publish(cast, application)
    assert WorkItem.objects.get(kind=DECISION).state == WorkState.CANCELLED
    (message,) = _told(cast.approver, "decision_spared")
    assert cast.province_caseworker.label in message.body


def test_withdrawal_takes_the_question_back(cast: Cast) -> None:
    application = _against(cast)
    actions.withdraw_application(application, reason="另行选址后再报。", by=cast.wang, on=FILED)
    assert _open(application) == []


def test_refusal_answers_the_question_also_while_a_further_list_waits(cast: Cast) -> None:
    application = dossiers.reviewed_by_city(cast)
    dossiers.visit(application, cast, conclusion="against")
    items, by = [{"place": AREA, "kind": "incorrect", "note": "与附图不一致。"}], cast.province_caseworker
    actions.return_for_correction(dossiers.fresh(application), items=items, by=by, on=FILED)
    at = dossiers.moment(FILED, 15)
    actions.submit_application(application, by=cast.wang, at=at, declared=True, replies={AREA: "面积无误。"})
    WorkItem.objects.filter(kind="applications.review_decision").delete()
    assert refer_negative_words(FILED) == 1
    because, head = "上次未见附图。", officer("钱省批", cast.province, Role.APPROVER).person
    actions.propose_correction(
        dossiers.fresh(application), items=items, because=because, asked_of=head, by=by, on=FILED
    )
    actions.refuse_application(application, reason="实地面积不足，不符合认定条件。", by=cast.approver, on=FILED)
    item = WorkItem.objects.get(kind="applications.review_decision")
    assert (item.state, item.done_by) == (WorkState.DONE, cast.approver.user)
    assert WorkItem.objects.get(kind="applications.review_consent").state == WorkState.CANCELLED


def test_a_case_handed_to_a_colleague_leaves_the_question_with_the_approvers(cast: Cast) -> None:
    application = _against(cast)
    actions.assign_application(application, to=cast.second_caseworker.person, by=cast.province_caseworker, on=FILED)
    assert WorkItem.objects.get(kind="applications.public_notice").assignee == cast.second_caseworker.user
    assert WorkItem.objects.get(kind=DECISION).assignee is None


def test_cases_on_file_come_before_the_approvers_by_the_daily_job_and_only_once(cast: Cast) -> None:
    application = _against(cast)
    WorkItem.objects.filter(kind=DECISION).delete()
    Notification.objects.filter(kind="application.decision_asked").delete()
    assert refer_negative_words(FILED) == 1
    assert len(_told(cast.approver, "decision_asked")) == 1
    assert refer_negative_words(FILED) == 0
    actions.let_go_on(application, reason=WHY, by=cast.approver, on=FILED)
    assert refer_negative_words(FILED) == 0
    assert _open(application) == ["applications.public_notice"]


def test_the_page_says_what_may_happen_next_to_both(cast: Cast, sign_in: SignIn) -> None:
    application = _against(cast)
    url = reverse("applications:case", args=[application.pk])
    officer = sign_in(cast.province_caseworker).get(url).content.decode()
    assert "省级复审的意见是“不同意”，等审批岗决定" in officer
    assert "须写明理由" in officer
    head = sign_in(cast.approver).get(url).content.decode()
    go_on = reverse("applications:let_go_on", args=[application.pk])
    assert f'href="{go_on}"' in head
    assert f'href="{go_on}"' not in officer
    assert "等审批岗决定" not in sign_in(cast.city_caseworker).get(url).content.decode()


def test_who_gave_the_negative_review_reads_that_the_approvers_were_asked(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.visited(cast)
    said = {"verdict": "against", "text": TOLD, "seen": application.revision}
    client = sign_in(cast.province_caseworker)
    page = client.post(reverse("applications:opinion", args=[application.pk]), said, follow=True).content.decode()
    assert "已列入本单位审批岗的待我办理，由其决定是否不予认定" in page


def test_the_approver_lets_it_go_on_from_the_page(cast: Cast, sign_in: SignIn) -> None:
    application = _against(cast)
    client, url = sign_in(cast.approver), reverse("applications:let_go_on", args=[application.pk])
    asked = client.get(url).content.decode()
    assert "同意继续办理" in asked
    assert TOLD in asked  # the word that is weighed
    assert reverse("applications:refuse", args=[application.pk]) in asked
    client.post(url, {"reason": WHY, "seen": application.revision})
    assert _open(application) == ["applications.public_notice"]
    shown = client.get(reverse("applications:case", args=[application.pk])).content.decode()
    assert f"已同意继续办理：{WHY}" in shown
    assert "等审批岗决定" not in shown
    assert "没有等审批岗决定" in client.get(url).content.decode()
