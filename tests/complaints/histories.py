"""Random histories of one base through the real acts: what a person or the clock may do next, and what always holds."""

import datetime
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bases import actions as bases
from bases.models import Ban, Revocation
from bases.states import AFTER_NOTICE, HELD, RevocationStatus, Standing
from bases.tasks import end_announcements
from complaints import actions
from complaints.models import Complaint, Finding, Misconduct, count_of
from complaints.models.complaint import Complaint as Row
from complaints.states import ComplaintStatus as S
from complaints.tasks import open_grounds
from portal.accounts.capacity import Capacity
from portal.deadlines.terms import add_years
from portal.documents.letters import Block, Draft, issue_letter
from portal.documents.service import served_on
from portal.rehearsal.facts_of import differences
from tests.factories import dossiers, titles
from tests.factories.complaints import Story

R = RevocationStatus
BECAUSE = "事实清楚，证据充分，理由如下所述。"
FAILED = "邮寄两次退回，两人上门无人签收，电话停机。"
DAY = datetime.timedelta(days=1)


class Histories(RuleBasedStateMachine):
    """One base, its provincial and its city title, and the officers around it; undone after each history."""

    story: Story  # set by the test: people are built once

    def __init__(self) -> None:
        super().__init__()
        self.atom = transaction.atomic()
        self.atom.__enter__()
        self.cast = self.story.cast
        self.base = self.story.base
        self.on = datetime.date(2025, 1, 6)

    def teardown(self) -> None:
        """Undo it all."""
        transaction.set_rollback(True)
        self.atom.__exit__(None, None, None)

    @initialize()
    def hold_a_city_title(self) -> None:
        """The city's title is never touched by what befalls the provincial one."""
        day = datetime.date(2023, 5, 4)
        titles.certification(self.base, title="city", category_name="创业孵化基地", period_ends=None, certified_on=day)

    # --- what is there ---

    def running(self) -> Revocation | None:
        return Revocation.objects.running().filter(base=self.base).first()

    def stands_at(self, *statuses: RevocationStatus) -> bool:
        running = self.running()
        return running is not None and running.status in statuses

    def revoked(self) -> Revocation | None:
        return Revocation.objects.filter(base=self.base, status=R.REVOKED).last()

    def title(self) -> Any:
        return self.base.certifications.filter(title="provincial").order_by("certified_on", "pk").last()

    def case(self) -> Revocation:
        running = self.running()
        assert running is not None
        return running

    def upheld(self) -> list[Complaint]:
        return list(Complaint.objects.filter(base=self.base, status=S.UPHELD).order_by("pk"))

    # --- complaints and misconduct ---

    @rule(
        named=st.sampled_from([True, True, True, False]),
        recipient=st.sampled_from([True, True, True, False]),
        outcome=st.sampled_from(["true", "true", "partly", "untrue"]),
        again=st.sampled_from([False, False, True]),
    )
    def confirm(self, named: bool, recipient: bool, outcome: str, again: bool) -> None:
        """A finding that is served and whose days for an objection are over is confirmed."""
        before = Complaint.objects.filter(base=self.base).order_by("pk").first() if again else None
        complaint = self._found(named, recipient, outcome, before.same_fact_as or before if before else None)
        actions.confirm_finding(complaint, by=self.cast.city_approver, on=self.on)

    def _found(self, named: bool, recipient: bool, outcome: str, first: Complaint | None) -> Complaint:
        number = Complaint.objects.count() + 1
        received = self.on - 30 * DAY
        complaint = Row.objects.create(
            jurisdiction=self.cast.county,
            number=f"TS-{number:06d}",
            base=self.base,
            policy="guizhou-2022",
            anonymous=not named,
            service_recipient=recipient,
            same_fact_as=first,
            access_hash=f"{number:064d}",
            told="入驻协议写明首年场租减半，没有兑现。",
            received_on=received,
            received_at=dossiers.moment(received),
            accepted_on=received,
            status=S.FOUND,
            desk=self.cast.city,
            arrived_on=received,
        )
        officer = self.cast.city_caseworker
        finding = Finding.objects.create(
            complaint=complaint,
            number=1,
            visited=True,
            checked_on=received,
            record="查看协议和收据。",
            outcome=outcome,
            conclusion="没有按协议减免场租。",
            recorded_by=officer.person,
            recorded_on=received,
            base_letter=self._letter(complaint, officer, received),
            served_on=received,
            objection_ends=self.on - DAY,
        )
        finding.officers.set([officer.person, self.story.second_city.person])
        return complaint

    def _letter(self, complaint: Complaint, by: Capacity, on: datetime.date) -> Any:
        draft = Draft(kind="complaint.finding_to_base", title="核实结果", body=(Block("p", "属实。"),), series="投诉核")
        return issue_letter(draft, about=complaint, at=self.cast.city, by=by, on=on)

    @precondition(lambda self: self.upheld())
    @rule(data=st.data())
    def overturn(self, data: st.DataObject) -> None:
        """The province overturns one that was upheld."""
        complaint = data.draw(st.sampled_from(self.upheld()))
        actions.overturn_finding(complaint, because=BECAUSE, by=self.cast.approver, on=self.on)

    @rule(ground=st.sampled_from(["fraud", "service_breach"]), established=st.booleans())
    def judge_misconduct(self, ground: str, established: bool) -> None:
        """Two officers of the city report it, its approver decides."""
        by = self.cast.city_caseworker
        people = [by.person, self.story.second_city.person]
        texts = {"minutes": "两人到场查看账册和名册。", "conclusion": "名册所列三户从未入驻。"}
        found = actions.report_misconduct(self.base, ground=ground, officers=people, by=by, on=self.on, **texts)
        actions.decide_misconduct(
            found, established=established, reason=BECAUSE, by=self.cast.city_approver, on=self.on
        )

    # --- proceedings ---

    @precondition(lambda self: self.stands_at(R.OPENED))
    @rule()
    def issue_notice(self) -> None:
        facts = {"facts": "经核实的事实如告知书所列。", "evidence": "核实记录"}
        bases.issue_prior_notice(self.case(), **facts, by=self.cast.province_caseworker, on=self.on)

    @precondition(lambda self: self.stands_at(R.NOTICE_ISSUED, R.DECIDED))
    @rule()
    def sign(self) -> None:
        bases.sign_for_paper(self.case(), by=self.cast.wang, on=self.on)

    @precondition(lambda self: self.stands_at(R.NOTICE_ISSUED, R.DECIDED) and self.on > datetime.date(2025, 1, 6))
    @rule()
    def announce(self) -> None:
        """Other ways failed; the job counts it as served when the announcement is over."""
        by = self.cast.province_caseworker
        proof = dossiers.upload(by, self.base, name=f"退件{self.case().pk}.pdf")
        bases.announce_paper(self.case(), because=FAILED, evidence=[proof], by=by, on=self.on)
        self.on += 45 * DAY
        end_announcements(self.on)

    @precondition(lambda self: self.stands_at(R.DEFENCE))
    @rule(hearing=st.booleans())
    def defend(self, hearing: bool) -> None:
        case = self.case()
        bases.file_defence(
            case, statement="其中一件票据与本基地无关。", asks_hearing=hearing, by=self.cast.wang, on=self.on
        )
        if hearing and case.hearing_on is None:
            self.story.on = self.on
            self.story.heard(case)
            self.on = self.story.on

    @precondition(lambda self: self.stands_at(R.DEFENCE))
    @rule()
    def weigh(self) -> None:
        case = self.case()
        assert case.defence_ends is not None
        self.on = max(self.on, case.defence_ends + DAY)
        bases.weigh_defence(case, opinion=BECAUSE, by=self.cast.province_caseworker, on=self.on)

    @precondition(lambda self: self.stands_at(R.WEIGHED))
    @rule()
    def decide(self) -> None:
        bases.decide_to_revoke(self.case(), reason=BECAUSE, by=self.story.decider, on=self.on)

    @precondition(lambda self: self.stands_at(*AFTER_NOTICE))
    @rule()
    def close(self) -> None:
        """The job that looks for other grounds is sent after the commit; here it runs at once."""
        bases.close_revocation(self.case(), because=BECAUSE, by=self.story.decider, on=self.on)
        open_grounds(self.on)

    @precondition(lambda self: self.revoked() is not None and self.title().status == Standing.REVOKED)
    @rule()
    def set_aside(self) -> None:
        case = self.revoked()
        assert case is not None
        authority = {"authority": "贵州省人民政府", "because": "黔府行复〔2026〕1号，程序违法。"}
        bases.set_aside_revocation(case, **authority, by=self.story.decider, on=self.on)
        open_grounds(self.on)

    # --- the title, and time ---

    def at_rest(self) -> bool:
        """Nothing runs against the title and it stands."""
        return self.running() is None and self.title().status in HELD

    @precondition(lambda self: self.at_rest())
    @rule()
    def surrender(self) -> None:
        """As the register keeps a title that was given up: with its day alone, so nothing else happens on it here."""
        self.on += DAY
        self.title().advance(Standing.SURRENDERED, ended_on=self.on)
        self.on += DAY

    def renewable(self) -> bool:
        title = self.title()
        return self.at_rest() and self.on >= title.period_ends - 150 * DAY and not title.revocations.exists()

    @precondition(lambda self: self.renewable())
    @rule()
    def renew(self) -> None:
        """As the register keeps a title that was renewed for one more period."""
        title = self.title()
        years = title.period_ends.year - title.certified_on.year + 5
        title.period_ends = add_years(title.certified_on, years)
        title.save(update_fields=["period_ends"])

    @precondition(
        lambda self: self.running() is None and self.title().status in {Standing.REVOKED, Standing.SURRENDERED}
    )
    @rule()
    def certify_anew(self) -> None:
        """A ban that holds is waited for."""
        bans = Ban.objects.in_force().filter(base=self.base)
        self.on = max([self.on, *(ban.ends_on for ban in bans)]) + DAY
        bases.recognise_base(
            self.base,
            title="provincial",
            policy="guizhou-2022",
            recogniser=self.cast.province,
            by=self.cast.approver,
            on=self.on,
        )

    @rule(days=st.sampled_from([0, 1, 7, 40, 400]))
    def wait(self, days: int) -> None:
        self.on += days * DAY
        end_announcements(self.on)
        open_grounds(self.on)

    # --- what always holds ---

    @invariant()
    def at_most_one_case_runs(self) -> None:
        assert Revocation.objects.running().filter(base=self.base).count() <= 1

    @invariant()
    def ground_that_is_met_has_a_case_or_the_title_is_revoked(self) -> None:
        count = count_of(self.base, self.on)
        assert count is not None
        grounds = ["complaints", *(row.ground for row in Misconduct.objects.filter(base=self.base))]
        met = [ground for ground in grounds if count.met_on(ground)]
        assert not met or self.running() is not None or count.tenure.revocation is not None

    @invariant()
    def no_revocation_without_served_notice_and_the_defence_over(self) -> None:
        for case in Revocation.objects.filter(base=self.base, status__in=[R.REVOKED, R.SET_ASIDE]):
            assert (served_on(case.notice), served_on(case.decision)) == (case.notice_served_on, case.served_on)
            steps = [case.notice_served_on, case.defence_ends, case.weighed_on, case.decided_on, case.served_on]
            assert None not in steps
            assert steps == sorted(steps)  # type: ignore[type-var]
            assert steps[1] < steps[2]  # type: ignore[operator]

    @invariant()
    def ban_ends_five_years_after_service(self) -> None:
        for case in Revocation.objects.filter(base=self.base, status=R.REVOKED).select_related("ban"):
            assert case.ban is not None
            assert case.served_on is not None
            assert (case.ban.starts_on, case.ban.ends_on) == (case.served_on, add_years(case.served_on, 5))

    @invariant()
    def tables_say_what_the_evaluator_makes_of_the_history(self) -> None:
        assert differences(self.base, self.on) == []
