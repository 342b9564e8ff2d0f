"""A further list at a step (再次补正): the approver it waits for sends it, nobody else; until then nothing moves."""

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.actions.decision import took_part
from applications.models import Application, CorrectionProposal
from applications.states import ApplicationStatus, ProposalStatus
from portal.accounts import capacity
from portal.accounts.actions import delegate
from portal.accounts.capacity import Capacity
from portal.accounts.models import Delegation, Membership
from portal.accounts.roles import Role
from portal.audit.models import AuditEvent
from portal.documents.models import Letter
from portal.errors import DomainError, InvalidInput, NotAllowed, StatusMoved
from portal.notifications.models import Notification
from portal.worklist.models import WorkItem, WorkState
from portal.worklist.tasks import release_items, remind_due
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.people import officer, post

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
AREA = "premises.incubation_area"
ITEMS = [{"place": AREA, "kind": "incorrect", "note": "与合同附图不一致。"}]
SAID = {AREA: "按合同附图核对，面积无误。"}
BACK = datetime.date(2026, 3, 12)
ON = datetime.date(2026, 3, 13)
LATER = datetime.date(2026, 3, 16)
WHY = "上次未见附图。"


@pytest.fixture
def answered(cast: Cast) -> Application:
    """A case at the city that was returned there once and came back unchanged, with an explanation."""
    application = dossiers.recommended(cast)
    actions.return_for_correction(application, items=ITEMS, by=cast.city_caseworker, on=dossiers.FILED)
    at = dossiers.moment(BACK)
    actions.submit_application(application, by=cast.wang, at=at, declared=True, replies=SAID)
    return dossiers.fresh(application)


def propose(application: Application, cast: Cast, **changes: Any) -> CorrectionProposal:
    said = {"items": ITEMS, "because": WHY, "asked_of": cast.city_approver.person, "by": cast.city_caseworker, "on": ON}
    return actions.propose_correction(dossiers.fresh(application), **(said | changes))


def corrections(application: Application) -> int:
    return application.corrections.count()


def waiting() -> WorkItem:
    return WorkItem.objects.get(state=WorkState.OPEN, subject_type="applications.application")


def test_proposed_list_waits_before_the_approver_and_the_operator_hears_nothing(
    cast: Cast, answered: Application
) -> None:
    told = Notification.objects.filter(recipient=cast.wang.user).count()
    propose(answered, cast)
    application, item = dossiers.fresh(answered), waiting()
    assert (application.status, application.due_on) == (ApplicationStatus.PRELIMINARY_REVIEW, answered.due_on)
    assert (corrections(answered), Letter.objects.filter(kind="application.correction").count()) == (1, 1)
    assert Notification.objects.filter(recipient=cast.wang.user).count() == told
    assert (item.assignee, item.desk, item.due_on) == (cast.city_approver.user, cast.city, answered.due_on)
    assert item.clause == WorkItem.objects.filter(kind="applications.preliminary_review").latest("pk").clause
    message = Notification.objects.get(kind="application.consent_asked")
    assert (message.recipient_id, message.urgent) == (cast.city_approver.user_id, True)


def test_approver_sends_the_list_by_his_own_act(cast: Cast, answered: Application) -> None:
    request = actions.agree_to_correction(propose(answered, cast), by=cast.city_approver, on=LATER)
    assert (request.asked_by, request.consent_by) == (cast.city_caseworker.user, cast.city_approver.user)
    assert (request.asked_on, request.again_because) == (LATER, WHY)
    assert dossiers.fresh(answered).status == ApplicationStatus.RETURNED
    assert AuditEvent.objects.get(verb="application.correction_agreed").actor_id == cast.city_approver.user_id
    issued = AuditEvent.objects.filter(verb="application.returned").latest("seq")
    assert issued.actor_id == cast.city_approver.user_id
    assert {cast.city_caseworker.user_id, cast.city_approver.user_id} <= took_part(answered)
    assert Notification.objects.filter(recipient=cast.city_caseworker.user, kind="application.consent_given").exists()


def test_letter_of_a_further_list_says_why_and_repeats_no_promise_of_the_first(
    cast: Cast, answered: Application
) -> None:
    dossiers.asked_again(answered, ITEMS, by=cast.city_caseworker, head=cast.city_approver, on=ON)
    first, second = Letter.objects.filter(kind="application.correction").order_by("pk")
    said = [json.dumps(letter.wording, ensure_ascii=False) for letter in (first, second)]
    assert "一次告知：" in said[0]
    assert "本告知书未列明的内容不再要求补正" in said[0]
    assert "一次告知：" not in said[1]
    assert "不再要求补正" not in said[1]
    assert "本机关已于2026年3月9日告知补正（第1次）。下列1项还需要补正，现再次告知：" in said[1]
    assert "再次告知的原因：上次未见附图。本次告知经本机关审批岗同意后发出。" in said[1]
    assert second.title == "补正告知书（第2次）"


def test_declined_list_is_not_sent_and_the_step_goes_on_with_the_day_it_had(cast: Cast, answered: Application) -> None:
    proposal = propose(answered, cast)
    with pytest.raises(InvalidInput) as refused:
        actions.decline_correction(proposal, reason=" ", by=cast.city_approver, on=LATER)
    assert "reason" in refused.value.problems
    actions.decline_correction(proposal, reason="上次附图已在第 3 页。", by=cast.city_approver, on=LATER)
    item = waiting()
    assert (item.kind, item.due_on) == ("applications.preliminary_review", answered.due_on)
    message = Notification.objects.get(kind="application.consent_refused")
    assert message.recipient_id == cast.city_caseworker.user_id
    assert "上次附图已在第 3 页" in message.body
    assert corrections(answered) == 1
    assert cast.city_approver.user_id not in took_part(answered)
    actions.give_opinion(answered, verdict="for", text="初审合格。", by=cast.city_caseworker, on=LATER)


def test_step_waits_while_the_list_waits(cast: Cast, answered: Application) -> None:
    propose(answered, cast)
    colleague = officer("钱市办", cast.city)
    with pytest.raises(DomainError, match="再次补正清单待郑市批同意"):
        actions.give_opinion(answered, verdict="for", text="初审合格。", by=cast.city_caseworker, on=ON)
    with pytest.raises(DomainError, match="再次补正清单待郑市批同意"):
        actions.assign_application(answered, to=colleague.person, by=cast.city_caseworker, on=ON)
    with pytest.raises(DomainError, match="再次补正清单待郑市批同意"):
        propose(answered, cast, by=colleague)


def test_visit_is_not_recorded_while_a_list_waits(cast: Cast) -> None:
    application = dossiers.reviewed_by_city(cast)
    actions.return_for_correction(application, items=ITEMS, by=cast.province_caseworker, on=dossiers.FILED)
    at = dossiers.moment(BACK)
    actions.submit_application(application, by=cast.wang, at=at, declared=True, replies=SAID)
    propose(application, cast, by=cast.province_caseworker, asked_of=cast.approver.person)
    with pytest.raises(DomainError, match="再次补正清单待吴省批同意"):
        dossiers.visit(dossiers.fresh(application), cast, ON)


def test_any_officer_of_the_step_takes_the_list_back_and_then_it_cannot_be_agreed_to(
    cast: Cast, answered: Application
) -> None:
    proposal = propose(answered, cast)
    with pytest.raises(NotAllowed):
        actions.take_back_proposal(proposal, by=cast.county_caseworker, on=ON)
    actions.take_back_proposal(proposal, by=officer("钱市办", cast.city), on=ON)
    assert waiting().kind == "applications.preliminary_review"
    with pytest.raises(StatusMoved, match="钱市办于 2026-03-13 办过了：已撤回"):
        actions.agree_to_correction(proposal, by=cast.city_approver, on=LATER)
    assert corrections(answered) == 1


def test_only_the_approver_it_waits_for_consents(cast: Cast, answered: Application) -> None:
    proposal = propose(answered, cast)
    strangers = (cast.approver, cast.city_caseworker, officer("尤市批", cast.city, Role.APPROVER))
    for stranger in strangers:
        with pytest.raises(NotAllowed):
            actions.agree_to_correction(proposal, by=stranger, on=ON)
        with pytest.raises(NotAllowed):
            actions.decline_correction(proposal, reason="不必。", by=stranger, on=ON)
    assert CorrectionProposal.objects.get().status == ProposalStatus.WAITING


def test_who_holds_both_posts_does_not_consent_to_his_own_list(cast: Cast, answered: Application) -> None:
    both = officer("李两岗", cast.city)
    post(both.person, cast.city.code, Role.APPROVER, confirmed_by=cast.security_admin.person)
    heads = actions.may_consent(answered, both, ON)
    assert heads == [cast.city_approver.user]
    with pytest.raises(InvalidInput) as refused:
        propose(answered, cast, by=both, asked_of=both.person)
    assert "另一位审批岗人员" in refused.value.problems["asked_of"]


def stand_in(who: Capacity, absent: Capacity) -> Capacity:
    """Return who acts for an approver during an absence."""
    assert absent.membership is not None
    days = {"starts_on": ON, "ends_on": LATER, "reason": "休假"}
    given = delegate(absent.membership, to=who.person, by=absent, on=ON, **days)
    return capacity.officer(absent.membership, user=who.person, delegation=given)


def test_stand_in_of_the_approver_consents_unless_the_list_is_their_own(cast: Cast, answered: Application) -> None:
    proposal = propose(answered, cast)
    with pytest.raises(NotAllowed, match="是您自己送的"):
        actions.agree_to_correction(proposal, by=stand_in(cast.city_caseworker, cast.city_approver), on=ON)
    Delegation.objects.all().delete()
    actions.agree_to_correction(proposal, by=stand_in(officer("钱市办", cast.city), cast.city_approver), on=ON)
    assert dossiers.fresh(answered).status == ApplicationStatus.RETURNED


def leaves(approver: Capacity) -> None:
    """Let the day on which the list is drawn up be the last of an approver's post."""
    assert approver.membership is not None
    Membership.objects.filter(pk=approver.membership.pk).update(valid_to=ON)


def test_stand_in_is_not_asked_by_name(cast: Cast, answered: Application) -> None:
    colleague = officer("钱市办", cast.city)
    stand_in(colleague, cast.city_approver)
    assert actions.may_consent(answered, cast.city_caseworker, ON) == [cast.city_approver.user]


def test_once_the_one_asked_left_any_approver_of_the_bureau_but_the_author_answers(
    cast: Cast, answered: Application
) -> None:
    both, second = officer("李两岗", cast.city), officer("尤市批", cast.city, Role.APPROVER)
    own = post(both.person, cast.city.code, Role.APPROVER, confirmed_by=cast.security_admin.person)
    proposal = propose(answered, cast, by=both)
    leaves(cast.city_approver)
    assert not actions.may_answer(proposal, second, ON)
    assert not actions.may_answer(proposal, capacity.officer(own), LATER)
    assert not actions.may_answer(proposal, cast.approver, LATER)
    assert actions.may_answer(proposal, second, LATER)
    request = actions.agree_to_correction(proposal, by=second, on=LATER)
    assert request.consent_by == second.user


def test_list_of_an_approver_who_left_stands_on_the_worklist_of_the_others(
    cast: Cast, answered: Application, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = officer("尤市批", cast.city, Role.APPROVER)
    proposal = propose(answered, cast)
    assert release_items(ON) == 0
    leaves(cast.city_approver)
    monkeypatch.setattr("portal.worklist.tasks.business_today", lambda: LATER)
    remind_due()
    assert waiting().assignee is None
    client, url = sign_in(second), reverse("applications:proposal", args=[proposal.pk])
    assert url in client.get(reverse("desk:worklist")).content.decode()


def test_page_of_the_list_and_of_the_case_let_another_approver_answer_for_one_whose_account_is_closed(
    cast: Cast, answered: Application, sign_in: SignIn
) -> None:
    client, proposal = sign_in(officer("尤市批", cast.city, Role.APPROVER)), propose(answered, cast)
    case, url = reverse("applications:case", args=[answered.pk]), reverse("applications:proposal", args=[proposal.pk])
    assert "看再次补正清单，同意或者不同意" not in client.get(case).content.decode()
    cast.city_approver.person.is_active = False
    cast.city_approver.person.save()
    assert "看再次补正清单，同意或者不同意" in client.get(case).content.decode()
    page = client.get(url).content.decode()
    assert "同意，发出补正告知书" in page
    assert "已不在本单位审批岗" in page
    assert client.post(url, {"act": "agree"}).status_code == 302
    assert corrections(answered) == 2


def test_drawing_up_a_further_list_is_not_recorded_as_the_opinion_of_the_step(
    cast: Cast, answered: Application
) -> None:
    propose(answered, cast)
    done = WorkItem.objects.filter(done_by=cast.city_caseworker.user, kind="applications.preliminary_review")
    assert done.latest("done_at").task == "送审批岗同意再次补正"


def test_refusal_by_the_bureau_that_decides_ends_the_list(cast: Cast) -> None:
    application = dossiers.visited(cast)
    actions.return_for_correction(application, items=ITEMS, by=cast.province_caseworker, on=dossiers.FILED)
    at = dossiers.moment(BACK)
    actions.submit_application(application, by=cast.wang, at=at, declared=True, replies=SAID)
    propose(application, cast, by=cast.province_caseworker, asked_of=cast.approver.person)
    second = officer("第二审批", cast.province, Role.APPROVER)
    actions.refuse_application(application, reason="孵化面积不足申报面积的一半。", by=second, on=LATER)
    assert CorrectionProposal.objects.get().status == ProposalStatus.OVERTAKEN
    item = WorkItem.objects.get(kind="applications.review_consent")
    assert (item.state, item.done_by) == (WorkState.CANCELLED, None)
    assert Notification.objects.get(kind="application.consent_spared").recipient_id == cast.approver.user_id


@pytest.mark.parametrize(
    ("changes", "place"),
    [({"because": " "}, "again_because"), ({"items": []}, "items"), ({"asked_of": None}, "asked_of")],
)
def test_list_without_reason_items_or_approver_is_not_put_before_anybody(
    cast: Cast, answered: Application, changes: dict[str, Any], place: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        propose(answered, cast, **changes)
    assert place in refused.value.problems
    assert not CorrectionProposal.objects.exists()


def test_first_list_of_a_step_needs_no_consent(cast: Cast) -> None:
    with pytest.raises(DomainError, match="可以直接发出"):
        propose(dossiers.recommended(cast), cast)


def test_withdrawn_application_ends_the_list_and_the_approver_learns_who_was_first(
    cast: Cast, answered: Application
) -> None:
    proposal = propose(answered, cast)
    actions.withdraw_application(answered, reason="场地搬迁。", by=cast.wang, on=ON)
    assert CorrectionProposal.objects.get().status == ProposalStatus.OVERTAKEN
    assert not WorkItem.objects.waiting().filter(subject_type="applications.application").exists()
    message = Notification.objects.get(kind="application.consent_spared")
    assert message.recipient_id == cast.city_approver.user_id
    assert "已作废，不用您同意了" in message.subject
    with pytest.raises(StatusMoved, match="王运营"):
        actions.agree_to_correction(proposal, by=cast.city_approver, on=LATER)


def test_consent_to_a_list_about_a_case_that_moved_is_refused(cast: Cast, answered: Application) -> None:
    proposal = propose(answered, cast)
    Application.objects.filter(pk=answered.pk).update(revision=answered.revision + 1)
    with pytest.raises(StatusMoved, match="李市办"):
        actions.agree_to_correction(proposal, by=cast.city_approver, on=LATER)
    assert corrections(answered) == 1


def test_case_worker_sends_the_list_to_the_approver_and_the_page_of_the_case_says_so(
    cast: Cast, answered: Application, sign_in: SignIn
) -> None:
    client, url = sign_in(cast.city_caseworker), reverse("applications:correct", args=[answered.pk])
    ticked = {f"pick:{AREA}": "on", f"kind:{AREA}": "incorrect", f"note:{AREA}": "与附图不一致。"}
    said = {"seen": answered.revision, "again_because": WHY, "asked_of": cast.city_approver.user_id}
    assert "送审批岗同意" in client.get(url).content.decode()
    assert client.post(url, ticked | said | {"act": "send"}).status_code == 302
    proposal = CorrectionProposal.objects.get()
    page = client.get(reverse("applications:case", args=[answered.pk])).content.decode()
    assert "再次补正清单待郑市批同意" in page
    assert reverse("applications:opinion", args=[answered.pk]) not in page
    assert client.get(url).headers["Location"] == reverse("applications:proposal", args=[proposal.pk])


def test_list_written_while_a_colleagues_list_waits_is_refused_and_what_was_typed_stays(
    cast: Cast, answered: Application, sign_in: SignIn
) -> None:
    colleague = sign_in(officer("钱市办", cast.city))
    propose(answered, cast)
    typed = {f"pick:{AREA}": "on", f"kind:{AREA}": "incorrect", f"note:{AREA}": "附图缺第 4 页。"}
    said = {"seen": answered.revision, "again_because": WHY, "asked_of": cast.city_approver.user_id, "act": "send"}
    answer = colleague.post(reverse("applications:correct", args=[answered.pk]), typed | said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "再次补正清单待郑市批同意（李市办于" in page
    assert "附图缺第 4 页。" in page
    assert CorrectionProposal.objects.count() == 1


def test_stamped_page_that_follows_is_not_among_what_was_told_before(
    cast: Cast, answered: Application, sign_in: SignIn
) -> None:
    stamped = [item for item in answered.corrections.get().items if "follows" in item]
    assert stamped
    url = reverse("applications:proposal", args=[propose(answered, cast).pk])
    page = sign_in(cast.city_approver).get(url).content.decode()
    before = page.split('id="h-before"')[1].split("</section>")[0]
    assert f"<b>{stamped[0]['label']}</b>" not in before
    assert f"另要求改后重新盖章：{stamped[0]['label']}" in before


def test_approver_reads_list_reason_and_letter_and_agrees_on_one_page(
    cast: Cast, answered: Application, sign_in: SignIn
) -> None:
    proposal = propose(answered, cast)
    client, url = sign_in(cast.city_approver), reverse("applications:proposal", args=[proposal.pk])
    assert url in client.get(reverse("desk:worklist")).content.decode()
    page = client.get(url).content.decode()
    for said in ("与合同附图不一致。", WHY, "现再次告知：", "同意，发出补正告知书"):
        assert said in page
    assert "同意，发出补正告知书" not in sign_in(cast.city_caseworker).get(url).content.decode()
    assert client.post(url, {"act": "decline", "reason": ""}).status_code == 422
    assert client.post(url, {"act": "agree"}).status_code == 302
    assert corrections(answered) == 2
    assert client.post(url, {"act": "agree"}).status_code == 409
    page = client.get(reverse("applications:case", args=[answered.pk])).content.decode()
    assert f"再次退回，经郑市批同意。原因：{WHY}" in page


def test_reason_of_a_declined_list_stands_on_the_case(cast: Cast, answered: Application, sign_in: SignIn) -> None:
    proposal = propose(answered, cast)
    url = reverse("applications:proposal", args=[proposal.pk])
    sign_in(cast.city_approver).post(url, {"act": "decline", "reason": "附图已在第 3 页。"})
    page = sign_in(cast.city_caseworker).get(reverse("applications:case", args=[answered.pk])).content.decode()
    assert "附图已在第 3 页。" in page
    assert "再次补正清单待" not in page


def test_bureau_without_an_approver_says_whom_to_ask(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    actions.return_for_correction(application, items=ITEMS, by=cast.county_caseworker, on=dossiers.FILED)
    at = dossiers.moment(BACK)
    actions.submit_application(application, by=cast.wang, at=at, declared=True, replies=SAID)
    url = reverse("applications:correct", args=[application.pk])
    page = sign_in(cast.county_caseworker).get(url).content.decode()
    assert "本单位现在没有可以同意的审批岗人员" in page
    assert 'value="send" disabled' in page
    assert "请找系统管理员陈系统" in page
