"""The trail says what happened in words: whole stories are walked by their real acts, and nothing raw is shown."""

import re

import pytest

from bases import actions as bases
from complaints import actions
from complaints.actions import Person
from complaints.models import Complaint
from portal.accounts.capacity import VISITOR
from portal.audit.models import AuditEvent
from portal.desk.trail.facts import Told
from portal.desk.trail.wording import in_words
from tests.factories import dossiers
from tests.factories.cast import cast_at
from tests.factories.complaints import SUMMARY, Story

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BECAUSE = "核对了协议、收据和双方的说法。"
# Clause ids, numbers of cases and letters, credit codes, hours: what is written with letters on paper too.
WRITTEN_SO = re.compile(r"\b(?:[A-Z]{1,3}(?:-\d+)+(?:-\d+)*|TS\d[\d-]*|CX-[\d-]+|[0-9A-Z]{18}|\d+T\d+)\b", re.ASCII)
RAW = re.compile(r"[A-Za-z][A-Za-z_.]+", re.ASCII)


def raw_words() -> dict[str, set[str]]:
    """Return by verb what the trail would show that is no word: of verbs, of the names of facts, of their values."""
    events = list(AuditEvent.objects.order_by("chain", "seq"))
    told = Told(events)
    found: dict[str, set[str]] = {}
    for event in events:
        for text in (in_words(event.verb), event.subject_label, told.line(event)):
            for word in RAW.findall(WRITTEN_SO.sub("", text)):
                found.setdefault(event.verb, set()).add(f"{word} in {text}")
    return found


def walked() -> set[str]:
    return set(AuditEvent.objects.values_list("verb", flat=True))


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


def test_a_revocation_from_complaint_to_recovered_plaque_is_told_in_words(story: Story) -> None:
    revocation = story.in_defence()
    by, cast = story.cast.province_caseworker, story.cast
    bases.file_defence(revocation, statement="其中一件票据与本基地无关。", asks_hearing=True, by=cast.wang, on=story.on)
    story.heard(revocation)
    bases.weigh_defence(revocation, opinion="不采纳，理由逐条如下。", by=by, on=story.on)
    bases.decide_to_revoke(revocation, reason="三次有效投诉，事实清楚。", by=story.decider, on=story.on)
    proof = dossiers.upload(by, story.base, "退信.pdf")
    bases.announce_paper(revocation, because="邮寄退回，上门两次无人。", evidence=[proof], by=by, on=story.on)
    bases.sign_for_paper(revocation, by=cast.wang, on=story.on)
    bases.record_plaque_recovered(revocation, recovered_on=story.on, by=by, on=story.on)
    bases.set_aside_revocation(
        revocation, authority="贵州省人民政府", because="黔府行复〔2026〕1号，程序违法。", by=story.decider, on=story.on
    )
    assert {"base.revoked", "revocation.hearing_set", "revocation.set_aside", "complaint.upheld"} <= walked()
    assert raw_words() == {}


def test_a_revocation_that_ends_otherwise_is_told_in_words(story: Story) -> None:
    lost = story.opened()
    first = Complaint.objects.filter(base=story.base).order_by("pk")[0]
    actions.overturn_finding(first, because="上级复查发现票据与投诉无关。", by=story.cast.approver, on=story.on)
    lost.refresh_from_db()
    assert lost.status == "lapsed"
    for _number in range(2):
        story.upheld()
    running = story.revocation()
    assert running is not None
    bases.issue_prior_notice(
        running, facts="三件有效投诉均经核实属实。", evidence="核实记录", by=story.cast.province_caseworker, on=story.on
    )
    bases.sign_for_paper(running, by=story.cast.wang, on=story.on)
    late = Complaint.objects.filter(base=story.base, status="upheld").order_by("pk")[0]
    actions.overturn_finding(late, because="上级复查发现票据与投诉无关。", by=story.cast.approver, on=story.on)
    bases.close_revocation(running, because="其中一件事实存疑，决定不予撤销。", by=story.decider, on=story.on)
    assert {"revocation.lapsed", "revocation.closed", "complaint.overturned"} <= walked()
    assert raw_words() == {}


def test_every_way_of_a_complaint_is_told_in_words(story: Story) -> None:
    cast, on = story.cast, story.on
    county, city = cast.county_caseworker, cast.city_caseworker
    actions.reject_complaint(story.received().complaint, reason="不属于基地服务的事项。", by=county, on=on)
    actions.transfer_complaint(story.received().complaint, to="市场监管局", reason=BECAUSE, by=county, on=on)
    asked = story.received().complaint
    actions.ask_for_supplement(asked, asked="请补充入驻协议的照片。", by=county, on=on)
    actions.add_to_complaint(story.fresh(asked), text="协议照片已补上，请查看。", by=VISITOR, on=on)
    actions.withdraw_complaint(story.fresh(asked), by=VISITOR, on=on)
    person = Person("田诉线", "13911112222", business="田诉科技")
    held_back = actions.receive_complaint(
        story.base, told=SUMMARY, person=person, flags=["fast", "base_quota"], hold_back=True, by=VISITOR, on=on
    )
    actions.release_from_quarantine(held_back.complaint, by=county, on=on)
    at_once = story.accepted(anonymous=True)
    actions.verify_at_once(at_once, because="可能毁灭证据，不先问基地。", by=county, on=on)
    first = story.verifying()
    second = story.verifying(same_as=first)
    actions.extend_verification(second, because="需要向银行调取往来流水，尚未收到。", by=cast.city_approver, on=on)
    found = story.found("partly")
    actions.object_to_finding(found, text="票据是别家的，请复核。", by=cast.wang, on=story.on)
    objection = found.findings.get().objections.get()
    actions.answer_finding_objection(objection, founded=True, answer="确有出入，重新核实。", by=city, on=story.on)
    dismissed = story.upheld("untrue")
    rating = actions.rate_handling(story.fresh(dismissed), grade=1, on=story.on)
    actions.follow_up_rating(rating, text="已致电说明依据，对方表示理解。", by=cast.province_caseworker, on=story.on)
    assert raw_words() == {}


def test_misconduct_and_the_roster_are_told_in_words(story: Story) -> None:
    cast, on = story.cast, story.on
    found = actions.report_misconduct(
        story.base,
        ground="fraud",
        officers=[cast.city_caseworker.person, story.second_city.person],
        minutes="两人到场查看账册和名册。",
        conclusion="名册所列三户从未入驻。",
        by=cast.city_caseworker,
        on=on,
    )
    actions.decide_misconduct(found, established=True, reason=BECAUSE, by=cast.city_approver, on=on)
    assert raw_words() == {}
