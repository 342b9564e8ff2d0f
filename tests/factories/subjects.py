"""What stands in an address: for each argument of the URLconf, something it can name.

The permission table opens every address with these. Whoever adds an address with a new argument adds it here:
`"application": …` for every address, or `"applications:visit:pk": …` for one alone. A subject says where it lies, so
that the table knows who is a stranger to it.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from applications.models import Application, Call, Objection, PublicNotice
from applications.rules import ApplicationPolicy
from complaints.actions import Person, receive_complaint
from complaints.models import Answer, Complaint, Finding, FindingObjection, Misconduct, Rating, month_of
from portal.accounts.capacity import VISITOR
from portal.documents.models import Letter
from portal.notifications.models import Notification
from portal.policies.loader import pack_in_force
from tests.factories import dossiers, people, titles
from tests.factories.cast import Cast
from tests.factories.proceedings import proceedings

NOT_THERE = 999_999_999


@dataclass(frozen=True)
class Subject:
    """A value for an argument. `region`: where it lies; empty for what belongs to nobody (a page name, a code).

    `missing` fits the address but names nothing. `own`: who of the operators, or without a region who of all, may see
    it, by their part in the cast. `shared_below`: officers below its bureau may look at it too; `own_bureau`: only
    officers of that very bureau; `known_to_all`: no secret, so that others are refused (403).
    """

    value: Any
    region: str = ""
    missing: Any = NOT_THERE
    own: frozenset[str] = frozenset()
    shared_below: bool = False
    own_bureau: bool = False
    known_to_all: bool = False


@dataclass(frozen=True)
class CaseFile:
    """One case of the place, with everything that addresses can name."""

    call: Call
    application: Application
    notice: PublicNotice
    objection: Objection
    file: uuid.UUID
    objection_file: uuid.UUID
    letter: Letter | None
    message: Notification
    proposal: int
    complaint: "Told"


@dataclass(frozen=True)
class Told:
    """A complaint about the base, with what hangs on it."""

    complaint: Complaint
    finding_objection: FindingObjection
    file: uuid.UUID
    misconduct: Misconduct
    rating: Rating


_case_files: dict[int, CaseFile] = {}


def case_file(cast: Cast) -> CaseFile:
    """Return the case of this cast, made once through the real acts."""
    if cast.operator.pk not in _case_files:
        _case_files[cast.operator.pk] = _make_case(cast)
    return _case_files[cast.operator.pk]


def _make_case(cast: Cast) -> CaseFile:
    pack = pack_in_force(at=cast.county, on=dossiers.OPENED)
    section = pack.section(ApplicationPolicy)
    service = next((found.items[0].code for found in section.lists if found.list == "services"), "consulting")
    call = dossiers.open_call(cast, section.procedures[0].title)
    application = dossiers.draft(cast, call, premises={"services": [service]})
    dossiers.actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    notice = titles.published_notice(call, on=dossiers.FILED)
    objection = Objection.objects.create(
        jurisdiction=notice.jurisdiction,
        notice=notice,
        application=application,
        code="ABCDEFGHJKLM",
        name="异议人",
        contact="13900000000",
        reason="名单中的场地面积与实际不符。",
        received_on=dossiers.FILED,
    )
    evidence = dossiers.upload(cast.county_caseworker, cast.base, "凭证.pdf")
    objection.evidence.add(evidence)
    attached = application.attachments.order_by("pk").first()
    assert attached is not None
    message = Notification.objects.filter(recipient=cast.wang.user).order_by("pk").first()
    assert message is not None
    letters = [letter for letter in Letter.objects.order_by("pk") if letter.public]
    return CaseFile(
        call=call,
        application=Application.objects.get(pk=application.pk),
        notice=notice,
        objection=objection,
        file=attached.upload.key,
        objection_file=evidence.key,
        letter=letters[-1] if letters else None,
        message=message,
        proposal=_make_proposal(application, cast),
        complaint=_make_complaint(cast),
    )


def _make_proposal(application: Application, cast: Cast) -> int:
    """Return a further list of corrections that was taken back, put beside the case without its acts."""
    by, on = cast.county_caseworker.person, dossiers.FILED
    said = {"step": "recommendation", "items": [], "because": "上次未见附图。", "proposed_by": by, "proposed_on": on}
    who = {"asked_of": cast.approver.person, "status": "taken_back", "closed_by": by, "closed_on": on}
    return application.proposals.create(revision=application.revision, proposed_as="经办岗", **said, **who).pk


def _make_complaint(cast: Cast) -> Told:
    """Return a complaint from the public form; what comes later is put beside it, without its acts."""
    on, by = dossiers.FILED, cast.city_caseworker.person
    told, person = "入驻协议写明首年场租减半，今年按全额收取。", Person("投诉人", "13900000001")
    complaint = receive_complaint(cast.base, told=told, person=person, by=VISITOR, on=on).complaint
    said = {"record": "到场查看协议。", "conclusion": "情况属实，已告知双方。", "recorded_by": by, "recorded_on": on}
    finding = Finding.objects.create(complaint=complaint, number=1, visited=True, checked_on=on, outcome="true", **said)
    file = dossiers.upload(cast.city_caseworker, cast.base, "收据.pdf")
    answer = Answer.objects.create(
        complaint=complaint, text="减半以书面申请为条件。", answered_on=on, answered_by=cast.wang.person
    )
    answer.uploads.add(file)  # whoever reads cases reads what the base answered, not what the complainant sent
    objection = FindingObjection.objects.create(finding=finding, side="base", text="合同另有约定。", filed_on=on)
    found = Misconduct.objects.create(
        jurisdiction=cast.base.jurisdiction,
        base=cast.base,
        ground="fraud",
        policy=complaint.policy,
        record=said["record"],
        conclusion=said["conclusion"],
        reported_by=by,
        reported_on=on,
    )
    found.uploads.add(file)
    rating = Rating.objects.create(jurisdiction=cast.city, desk=cast.city, month=month_of(on), grade=1)
    return Told(complaint, objection, file.key, found, rating)


WANG = frozenset({"wang"})
Maker = Callable[[Cast], Subject]


def plain(value: Any, missing: Any = None) -> Maker:
    """Return the maker of a value that belongs to nobody."""
    return lambda cast: Subject(value, missing=missing if missing is not None else value)


def nothing(value: Any = NOT_THERE) -> Maker:
    """Return the maker of a value that names nothing, for addresses whose subject has its own tests."""
    return plain(value)


def _post(cast: Cast) -> Subject:
    made = people.post(people.person("待核准"), cast.province.code, "caseworker", confirmed_by=cast.approver.user)
    type(made).objects.filter(pk=made.pk).update(confirmed_by=None, proposed_by=cast.system_admin.user_id)
    return Subject(made.pk, cast.province.code)


def _person(cast: Cast) -> Subject:
    return Subject(cast.county_caseworker.user_id, cast.county.code)


def _own_post(cast: Cast) -> Subject:
    post = cast.county_caseworker.membership
    assert post is not None
    return Subject(post.pk, own=frozenset({"county_caseworker"}))


def _base(cast: Cast) -> Subject:
    return Subject(cast.base.pk, cast.county.code)


def _application(cast: Cast) -> Subject:
    return Subject(case_file(cast).application.pk, cast.county.code, own=WANG)


def _proposal(cast: Cast) -> Subject:
    return Subject(case_file(cast).proposal, cast.county.code)


def _draft(cast: Cast) -> Subject:
    """A draft is its operator's alone; the case that was filed is shown to officers under another address."""
    return Subject(case_file(cast).application.pk, own=WANG)


def _call(cast: Cast, **more: Any) -> Subject:
    call = case_file(cast).call
    return Subject(call.pk, call.region_code, **more)


def _pack(cast: Cast) -> Subject:
    pack = pack_in_force(at=cast.county, on=dossiers.OPENED)
    return Subject(pack.id, pack.jurisdiction, own_bureau=True, known_to_all=True)


def _own_call(cast: Cast) -> Subject:
    return _call(cast, own_bureau=True)


def _notice(cast: Cast) -> Subject:
    notice = case_file(cast).notice
    return Subject(notice.pk, notice.region_code, shared_below=True)


def _own_notice(cast: Cast) -> Subject:
    notice = case_file(cast).notice
    return Subject(notice.pk, notice.region_code, own_bureau=True)


def _objection(cast: Cast) -> Subject:
    """Who objects is known to the bureau that published the notice alone."""
    return Subject(case_file(cast).objection.pk, case_file(cast).notice.region_code, own_bureau=True)


def _told(cast: Cast, name: str = "complaint") -> Subject:
    """What belongs to a complaint lies where the base lies."""
    return Subject(getattr(case_file(cast).complaint, name).pk, cast.county.code)


def _rating(cast: Cast) -> Subject:
    """A bad rating is for the bureau that follows it up alone: the one above the rated one."""
    return Subject(case_file(cast).complaint.rating.pk, cast.province.code, own_bureau=True)


def _revocation(cast: Cast) -> Subject:
    """Where the policy of the place revokes nothing there is nothing to open."""
    found = proceedings(cast).revocation
    return Subject(found, cast.county.code) if found else Subject(NOT_THERE)


def _own(name: str) -> Maker:
    return lambda cast: Subject(getattr(proceedings(cast), name) or NOT_THERE, own=WANG)


def _file(key: str) -> Maker:
    return lambda cast: Subject(getattr(case_file(cast), key), missing=uuid.uuid4())


def _letter(cast: Cast) -> Subject:
    letter = case_file(cast).letter
    return Subject(letter.key if letter else uuid.uuid4(), missing=uuid.uuid4())


SUBJECTS: dict[str, Maker] = {
    # pages and people
    "role": plain("public"),
    "shell": plain("desk"),
    "person": _person,
    "post": _post,
    "accounts:delegate:post": _own_post,
    "delegation": nothing(),
    "accounts:end_colleague:row": nothing(),
    "accounts:reactivate_colleague:row": nothing(),
    "uidb36": plain("1"),
    "key": plain("set-password"),
    "mfa_remove_webauthn:pk": nothing(),
    "mfa_edit_webauthn:pk": nothing(),
    "message": lambda cast: Subject(case_file(cast).message.pk, own=WANG),
    "subject_type": plain("applications.application"),
    "subject_id": lambda cast: Subject(str(case_file(cast).application.pk), cast.county.code, missing="0"),
    # cases
    "applications:case:pk": _application,
    "applications:proposal:pk": _proposal,
    "applications:call:pk": lambda cast: _call(cast, shared_below=True),
    "applications:new_notice:pk": _own_call,
    "applications:notice:pk": _notice,
    "applications:enter_objection:pk": _own_notice,
    "applications:objection:pk": _objection,
    "applications:objection_file:pk": _objection,
    "applications:objection_file:key": _file("objection_file"),
    "applications:start:pk": lambda cast: Subject(case_file(cast).call.pk),
    "applications:own_base:pk": lambda cast: Subject(cast.base.pk, own=WANG),
    "applications:section:code": plain("unit"),
    "applications:my_file:key": _file("file"),
    "applications:case_file:key": _file("file"),
    "applications:submitted:number": plain(1),
    **{
        f"applications:{name}:pk": _draft
        for name in (
            "overview", "section", "files", "remove_file", "my_file", "check", "submitted", "as_filed", "withdraw",
        )
    },
    **{
        f"applications:{name}:pk": _application
        for name in (
            "case_file", "case_as_filed", "opinion", "check_changes", "correct", "visit", "approve", "refuse",
            "let_go_on", "send_back", "go_on", "assign",
        )
    },
    **{
        f"applications:{name}:pk": _own_call
        for name in ("edit_call", "publish_call", "return_call", "extend_call", "withdraw_call")
    },
    # complaints
    **{
        f"complaints:{name}:pk": _told
        for name in (
            "case", "case_file", "receipt", "accept", "reject", "transfer", "supplement", "withdraw", "summary",
            "verify_at_once", "recipient", "same_fact", "extend", "finding", "service", "confirm", "overturn",
            "identity", "enter_objection", "order_acceptance", "send_back",
        )
    },
    **{f"complaints:{name}:pk": _base for name in ("for_base", "enter_for", "report_misconduct")},
    "complaints:answer_objection:pk": lambda cast: _told(cast, "finding_objection"),
    "complaints:misconduct:pk": lambda cast: _told(cast, "misconduct"),
    "complaints:misconduct_file:pk": lambda cast: _told(cast, "misconduct"),
    "complaints:rating:pk": _rating,
    "complaints:case_file:key": lambda cast: Subject(case_file(cast).complaint.file, missing=uuid.uuid4()),
    "complaints:misconduct_file:key": lambda cast: Subject(case_file(cast).complaint.file, missing=uuid.uuid4()),
    **{f"complaints:{name}:pk": nothing() for name in ("my_complaint", "answer", "sign", "object")},
    # the public site
    "public:complain_letter:key": plain(uuid.uuid4()),
    "public:complain_letter_pdf:key": plain(uuid.uuid4()),
    "documents:letter:key": _letter,
    "documents:letter_pdf:key": _letter,
    "documents:void_letter:key": plain(uuid.uuid4()),
    "code": lambda cast: Subject(case_file(cast).call.jurisdiction.code),
    "public:short_home:code": lambda cast: Subject(cast.province.code[:2]),
    "public:verified:code": plain("ABCDEFGHJKLMNPQR"),
    "api:verify:code": plain("ABCDEFGHJKLMNPQR"),
    "slug": lambda cast: Subject(cast.base.slug),
    "number": plain(1),
    "kind": plain("csv"),
    "receipt": plain("ABCDEFGHJKLM"),
    "rest": plain("v1/nothing"),
    "public:call:pk": lambda cast: Subject(case_file(cast).call.pk),
    "public:notice:pk": lambda cast: Subject(case_file(cast).notice.pk),
    "public:object:pk": lambda cast: Subject(case_file(cast).notice.pk),
    "api:calls-detail:pk": lambda cast: Subject(case_file(cast).call.pk),
    "api:notices-detail:pk": lambda cast: Subject(case_file(cast).notice.pk),
    "pack_id": lambda cast: Subject(pack_in_force(at=cast.county, on=dossiers.OPENED).id),
    "path": plain("nothing"),
    "policies:value:pack_id": _pack,
    # the register and the desk
    **{f"bases:{name}:pk": _base for name in ("record", "amend", "accept_uscc", "roster")},
    **{
        f"bases:{name}:pk": _revocation
        for name in (
            "revocation", "revocation_file", "service_record", "prior_notice", "serve", "announce", "enter_defence",
            "hearing", "set_hearing", "weigh", "decide", "close", "set_aside", "plaque",
        )
    },
    "bases:revocation_file:key": lambda cast: Subject(proceedings(cast).file, missing=uuid.uuid4()),
    "bases:my_roster:pk": lambda cast: Subject(cast.base.pk, own=WANG),
    **{f"bases:{name}:pk": _own("tenant") for name in ("correct_tenant", "leave", "strike")},
    **{f"bases:{name}:pk": _own("revocation") for name in ("my_revocation", "sign", "defend")},
    "bases:correct:pk": nothing(),
    "desk:base:pk": _base,
    "desk:remove_day:pk": nothing(),
}  # fmt: skip


def subject_for(name: str, argument: str, cast: Cast) -> Subject:
    """Return the subject of one argument of the address `name`. Raises KeyError if nobody said what it names."""
    maker = SUBJECTS.get(f"{name}:{argument}") or SUBJECTS.get(argument)
    if maker is None:
        raise KeyError(
            f"{name}: nobody said what the argument {argument!r} names; add it to tests/factories/subjects.py"
        )
    return maker(cast)
