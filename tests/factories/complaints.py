"""Complaints brought along by the real acts, as far as a test needs them."""

import datetime
from dataclasses import dataclass, field
from itertools import count

from bases import actions as bases
from bases.models import Base, Certification, Revocation
from complaints import actions
from complaints.actions import Person, Receipt
from complaints.models import Complaint
from portal.accounts.capacity import VISITOR, Capacity
from portal.accounts.roles import Role
from portal.deadlines.calendar import calendar_for
from tests.factories.cast import Cast
from tests.factories.people import officer
from tests.factories.titles import certification

_numbers = count(1)
TOLD = "入驻协议写明首年场租减半，今年起按全额收取，问过两次没有答复。"
SUMMARY = "反映首年场租减半的承诺没有兑现，请说明收费依据。"
CONCLUSION = "入驻协议约定首年场租减半，实际按全额收取，情况属实。"


@dataclass
class Story:
    """A base of the cast with its provincial title, and the officers a complaint passes through."""

    cast: Cast
    on: datetime.date = datetime.date(2026, 3, 2)
    certified_on: datetime.date = datetime.date(2024, 12, 18)
    title: Certification = field(init=False)
    second_city: Capacity = field(init=False)
    decider: Capacity = field(init=False)

    def __post_init__(self) -> None:
        self.title = certification(self.cast.base, certified_on=self.certified_on)
        self.second_city = officer("钱市办", self.cast.city.code)
        self.decider = officer("胡省批", self.cast.province.code, Role.APPROVER)

    @property
    def base(self) -> Base:
        return self.cast.base

    def later(self, workdays: int) -> datetime.date:
        """Let so many working days pass and return the day."""
        self.on = calendar_for(self.cast.county).add_workdays(self.on, workdays)
        return self.on

    def received(self, *, anonymous: bool = False, told: str = TOLD) -> Receipt:
        """Return a complaint from the public form."""
        number = next(_numbers)
        person = (
            Person() if anonymous else Person(f"田诉{number}", f"1390000{number:04d}", business=f"田诉科技{number}")
        )
        return actions.receive_complaint(self.base, told=told, person=person, by=VISITOR, on=self.on)

    def accepted(self, **details: object) -> Complaint:
        """Return a complaint that the county accepted."""
        complaint = self.received(**details).complaint  # type: ignore[arg-type]
        return actions.accept_complaint(complaint, category="fees", by=self.cast.county_caseworker, on=self.on)

    def verifying(self, *, recipient: bool = True, same_as: Complaint | None = None, **details: object) -> Complaint:
        """Return a complaint that the base answered and the city verifies."""
        complaint = self.accepted(**details)
        complaint = actions.release_summary(complaint, summary=SUMMARY, by=self.cast.county_caseworker, on=self.on)
        actions.answer_complaint(complaint, text="减半以书面申请为条件，对方没有申请。", by=self.cast.wang, on=self.on)
        complaint = self.fresh(complaint)
        by = self.cast.city_caseworker
        if complaint.named:
            complaint = actions.settle_recipient(
                complaint, service_recipient=recipient, because="入驻协议", by=by, on=self.on
            )
        if same_as is not None:
            complaint = actions.link_same_fact(complaint, first=same_as, by=by, on=self.on)
        return complaint

    def found(self, outcome: str = "true", **details: object) -> Complaint:
        """Return a complaint with a finding that the base has signed for."""
        complaint = self.verifying(**details)  # type: ignore[arg-type]
        actions.record_finding(
            complaint,
            outcome=outcome,
            visited=True,
            checked_on=self.on,
            officers=[self.cast.city_caseworker.person, self.second_city.person],
            minutes="到场查看协议和收据，询问财务人员。",
            conclusion=CONCLUSION,
            by=self.cast.city_caseworker,
            on=self.on,
        )
        actions.sign_for_finding(complaint, by=self.cast.wang, on=self.on)
        return self.fresh(complaint)

    def confirmable(self, outcome: str = "true", **details: object) -> Complaint:
        """Return a complaint whose finding may be confirmed today."""
        complaint = self.found(outcome, **details)
        self.later(6)
        return complaint

    def upheld(self, outcome: str = "true", **details: object) -> Complaint:
        """Return a complaint whose finding the city confirmed."""
        complaint = self.confirmable(outcome, **details)
        return actions.confirm_finding(complaint, by=self.cast.city_approver, on=self.on)

    def fresh(self, complaint: Complaint) -> Complaint:
        """Return the complaint as it stands now."""
        return Complaint.objects.select_related("base__operator", "desk", "jurisdiction").get(pk=complaint.pk)

    def revocation(self) -> Revocation | None:
        """Return the proceedings that run against the title."""
        return Revocation.objects.running().filter(base=self.base).first()

    def opened(self) -> Revocation:
        """Return proceedings that three upheld complaints opened."""
        for _number in range(3):
            self.upheld()
        found = self.revocation()
        assert found is not None
        return found

    def in_defence(self) -> Revocation:
        """Return proceedings whose notice is served."""
        revocation = self.opened()
        bases.issue_prior_notice(
            revocation,
            facts="三件有效投诉均经两人核实属实。",
            evidence="核实记录、协议、收据",
            by=self.cast.province_caseworker,
            on=self.on,
        )
        return bases.sign_for_paper(revocation, by=self.cast.wang, on=self.on)

    def set_hearing(self, revocation: Revocation, workdays: int = 7) -> datetime.date:
        """Set the hearing that was asked for and let the holder sign for its notice; return the day."""
        day = calendar_for(self.cast.county).add_workdays(self.on, workdays)
        bases.set_hearing(
            revocation,
            held_on=day,
            at=datetime.time(9, 30),
            place="省厅 3 号楼 201 会议室",
            chair="法规处处长吕法",
            by=self.cast.province_caseworker,
            on=self.on,
        )
        bases.sign_for_paper(revocation, by=self.cast.wang, on=self.on)
        return day

    def heard(self, revocation: Revocation, minutes: str = "双方到场，各自陈述。") -> Revocation:
        """Return proceedings whose hearing was notified in time and held."""
        self.on = self.set_hearing(revocation)
        by = self.cast.province_caseworker
        return bases.record_hearing(revocation, held_on=self.on, minutes=minutes, by=by, on=self.on)

    def weighed(self) -> Revocation:
        """Return proceedings that wait for the decision."""
        revocation = self.in_defence()
        self.later(6)
        opinion = "对方没有提出陈述申辩，事实清楚。"
        return bases.weigh_defence(revocation, opinion=opinion, by=self.cast.province_caseworker, on=self.on)

    def decided(self) -> Revocation:
        """Return proceedings whose decision waits to be served."""
        revocation = self.weighed()
        bases.decide_to_revoke(revocation, reason="三次有效投诉，事实清楚，证据充分。", by=self.decider, on=self.on)
        return Revocation.objects.get(pk=revocation.pk)

    def revoked(self) -> Revocation:
        """Return proceedings that ended with the title revoked."""
        revocation = self.decided()
        return bases.sign_for_paper(revocation, by=self.cast.wang, on=self.on)
