"""The officers' side: opinions, differences, site visits, hand-over."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from django.db import transaction

from applications import dossier, letters, notices
from applications.actions.moving import (
    decision_kind,
    held,
    policy_of,
    procedure_of,
    require_desk,
    require_nothing_proposed,
    stay_began,
)
from applications.actions.referring import pass_on
from applications.models import Application, DifferenceCheck, Opinion, SiteVisit, Submission
from applications.states import REVIEWING, ApplicationStatus, Verdict
from portal.accounts.capacity import Capacity
from portal.accounts.models import User
from portal.accounts.people import officers_at, people_representing
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.documents.letters import issue_letter
from portal.documents.models import Upload
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.notifications.notify import notify
from portal.worklist.models import WorkItem, WorkState

OPINION_STEPS = frozenset(
    {ApplicationStatus.RECOMMENDATION, ApplicationStatus.PRELIMINARY_REVIEW, ApplicationStatus.REVIEW}
)


def latest_submission(application: Application) -> Submission:
    """Return the version that is judged now."""
    return application.submissions.latest("number")


def changes(application: Application) -> list[dossier.Difference]:
    """Return what changed between the last two submissions, files included; empty for a first submission."""
    return changes_between(application, list(application.submissions.order_by("-number")[:2]))


def changes_between(application: Application, versions: Sequence[Submission]) -> list[dossier.Difference]:
    """Return what changed between the two newest of `versions`, newest first; empty where there is only one."""
    if len(versions) < 2:
        return []
    after, before = versions[0], versions[1]
    found = dossier.differences(before.answers, after.answers, policy_of(application).lists)
    for document in procedure_of(application).uploads():
        files = files_between(before, after, document.slot)
        if files.dropped or files.added:
            found.append(dossier.Difference(document.slot, document.name, "材料上传", *files.in_words()))
    return found


class FileChange(NamedTuple):
    """What became of the files in a slot between two submissions, as rows of `Submission.files`."""

    dropped: list[dict[str, Any]]
    added: list[dict[str, Any]]
    kept: list[dict[str, Any]]

    def in_words(self) -> tuple[str, str]:
        """Return what is no longer there, and what is new and how many stayed."""
        none = "没有提交"
        before = _names(self.dropped) or (f"原有 {len(self.kept)} 份，没有删去" if self.kept else none)
        after = _names(self.added) or ("没有新增" if self.kept else none)
        return before, f"{after}；原有 {len(self.kept)} 份没有变" if self.kept else after


def files_between(before: Submission, after: Submission, slot: str) -> FileChange:
    """Return what became of the files in a slot; a file is the same if its content is, whatever it is called."""
    old, new = _files(before, slot), _files(after, slot)
    dropped, added = _without(old, new), _without(new, old)
    return FileChange(dropped, added, [row for row in new if row not in added])


def _without(rows: list[dict[str, Any]], others: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the files that are not among the others, whatever they are called there."""
    known = {row["sha256"] for row in others}
    return [row for row in rows if row["sha256"] not in known]


def _files(submission: Submission, slot: str) -> list[dict[str, Any]]:
    return [row for row in submission.files if row["slot"] == slot]


def _names(rows: list[dict[str, Any]]) -> str:
    return "、".join(row["name"] for row in rows)


def marks_on(submission: Submission) -> dict[str, list[DifferenceCheck]]:
    """Return what the steps said of each changed place of a resubmission, the earliest first."""
    found: dict[str, list[DifferenceCheck]] = {}
    for check in submission.checks.select_related("checked_by").order_by("checked_at", "pk"):
        found.setdefault(check.place, []).append(check)
    return found


class Word(Protocol):
    """What a step said of a changed place, kept or as a page shows it."""

    @property
    def step(self) -> str:
        """The step whose word it is."""

    @property
    def accepted(self) -> bool:
        """Whether the change was accepted, not doubted."""


def waits_for(marks: Sequence[Word], step: str) -> bool:
    """Whether the step owes its word on a place: nobody said one yet, or the last word is a doubt of another step."""
    return not any(mark.step == step for mark in marks) and (not marks or not marks[-1].accepted)


def unchecked(application: Application) -> list[dossier.Difference]:
    """Return the changed places on which the present step owes its word."""
    found = changes(application)
    if not found:
        return []
    marks = marks_on(latest_submission(application))
    return [each for each in found if waits_for(marks.get(each.place, []), application.status)]


class Said(NamedTuple):
    """What an officer says of one changed place: accepted (认可), in doubt (有疑问) with its words, or nothing yet."""

    accepted: bool | None
    note: str = ""


@transaction.atomic
def check_differences(
    application: Application, words: Mapping[str, Said], *, by: Capacity, at: datetime.datetime
) -> list[DifferenceCheck]:
    """Keep what is said of changed places, by place, as the word of this step: all of it or nothing.

    Return what is new: what the step has said before is not put on record again. Raises DomainError for a place that
    did not change and once the review is over, InvalidInput naming every place that was not judged or doubted unsaid.
    """
    application = held(application, seen=None)
    require_desk(application, by, Permission.GIVE_OPINION)
    if application.status not in REVIEWING:
        raise DomainError(f"这件申报{application.get_status_display()}，现在不核对改动。")
    if words.keys() - {difference.place for difference in changes(application)}:
        raise DomainError("这一处在本次补正中没有改动，不用核对。")
    if problems := {place: sentence for place, said in words.items() if (sentence := _unsaid(said))}:
        raise InvalidInput("没有保存。", problems)
    submission = latest_submission(application)
    held_words = {row.place: Said(row.accepted, row.note) for row in submission.checks.filter(step=application.status)}
    plain = {place: Said(said.accepted, "" if said.accepted else said.note.strip()) for place, said in words.items()}
    news = {place: said for place, said in plain.items() if held_words.get(place) != said}
    return [_keep_word(submission, place, said, application.status, by=by, at=at) for place, said in news.items()]


def _unsaid(said: Said) -> str:
    """Return what is missing in an answer; nothing where it is whole."""
    if said.accepted is None:
        return "没有选，请选“认可”或“有疑问”。"
    if not said.accepted and not said.note.strip():
        return "选了有疑问，请写明疑问是什么，后面的环节会看到。"
    return ""


def _keep_word(
    submission: Submission, place: str, said: Said, step: str, *, by: Capacity, at: datetime.datetime
) -> DifferenceCheck:
    application = submission.application
    check, _created = DifferenceCheck.objects.update_or_create(
        submission=submission,
        step=step,
        place=place,
        defaults={**said._asdict(), "checked_by": by.person, "checked_at": at},
    )
    facts = {"number": submission.number, "place": place, **said._asdict()}
    record("application.change_checked", application, by=by, on=at.date(), policy=application.policy, **facts)
    return check


@transaction.atomic
def give_opinion(
    application: Application, *, verdict: str, text: str, by: Capacity, on: datetime.date, seen: int | None = None
) -> Opinion:
    """Write the opinion of this step (推荐、初审、复审) and pass the application on; once, by the desk it lies on.

    A negative opinion does not end the case: it goes on to the bureau that decides, which weighs it; that bureau's own
    goes before its approvers (0159). Raises InvalidInput without a text, DomainError while changes are unchecked.
    """
    application = held(application, seen=seen)
    require_desk(application, by, Permission.GIVE_OPINION)
    if application.status not in OPINION_STEPS:
        raise DomainError(f"这件申报{application.get_status_display()}，现在不写审核意见。")
    require_nothing_proposed(application)
    _require_grounds(application, verdict, text)
    step = application.status
    opinion = Opinion.objects.create(
        application=application,
        submission=latest_submission(application),
        step=step,
        verdict=verdict,
        text=text.strip(),
        given_by=by.person,
        given_as=by.title_on_record,
        given_on=on,
    )
    _issue_recommendation(application, opinion, by=by, on=on)
    pass_on(application, by=by, on=on)
    record(
        "application.opinion_given",
        application,
        by=by,
        on=on,
        policy=application.policy,
        step=step,
        verdict=verdict,
        opinion=text.strip(),
    )
    _tell_next(application, step, on=on)
    return opinion


def _require_grounds(application: Application, verdict: str, text: str) -> None:
    if verdict not in Verdict.values:
        raise InvalidInput("没有保存意见。", {"verdict": "请选择“同意”或“不同意”。"})
    if not text.strip():
        raise InvalidInput("没有保存意见。", {"text": "请写明意见和依据，申报单位和上级机关会看到。"})
    _require_checked(application)


def _require_checked(application: Application) -> None:
    if left := unchecked(application):
        raise DomainError(f"补正回件还有 {len(left)} 处改动没有核对：{'、'.join(each.label for each in left)}。")


def recommends(application: Application, step: str) -> bool:
    """Whether the list of papers has the bureau of this step write a letter of recommendation (推荐函)."""
    procedure = procedure_of(application)
    level = procedure.step(step).level
    return any(document.issued_by == level for document in procedure.documents)


def _issue_recommendation(application: Application, opinion: Opinion, *, by: Capacity, on: datetime.date) -> None:
    """Issue the letter of recommendation (推荐函) with an opinion in favour, where this step writes one."""
    if recommends(application, opinion.step) and opinion.verdict == Verdict.FOR:
        issue_letter(
            letters.recommendation(opinion),
            about=application,
            at=by.jurisdiction,
            by=by,
            on=on,
            operator_id=application.operator_id,
        )


def _tell_next(application: Application, step: str, *, on: datetime.date) -> None:
    people = people_representing(application.operator)
    notify(notices.moved_on(application, step), to=people, about=application, on=on)
    if application.desk is not None:
        officers = officers_at(application.desk, Permission.GIVE_OPINION, on)
        notify(notices.arrived(application, latest_submission(application)), to=officers, about=application, on=on)


@transaction.atomic
def record_visit(
    application: Application,
    *,
    visited_on: datetime.date,
    officers: Sequence[User],
    received_by: str,
    findings: Sequence[dict[str, Any]],
    record_text: str,
    conclusion: str,
    photos: Sequence[Upload],
    by: Capacity,
    on: datetime.date,
    seen: int | None = None,
) -> SiteVisit:
    """Enter the site visit (实地考察), pass the application on. Raises InvalidInput: `_visit_problems` has the list."""
    application = held(application, seen=seen)
    require_desk(application, by, Permission.RECORD_VISIT)
    _require_visit_step(application)
    said = (visited_on, officers, received_by, record_text, conclusion, photos, findings)
    _require_record(_visit_problems(application, *said, on))
    visit = SiteVisit.objects.create(
        application=application,
        visited_on=visited_on,
        received_by=received_by.strip(),
        findings=list(findings),
        record=record_text.strip(),
        conclusion=conclusion,
        recorded_by=by.person,
        recorded_on=on,
    )
    visit.officers.set(officers)
    visit.photos.set(photos)
    pass_on(application, by=by, on=on)
    facts = {"visited_on": visited_on, "officers": [each.pk for each in officers], "conclusion": conclusion}
    record("application.visited", application, by=by, on=on, policy=application.policy, **facts)
    _tell_next(application, ApplicationStatus.SITE_VISIT, on=on)
    return visit


def _require_visit_step(application: Application) -> None:
    if application.status != ApplicationStatus.SITE_VISIT:
        raise DomainError(f"这件申报{application.get_status_display()}，现在不登记实地考察。")
    require_nothing_proposed(application)
    _require_checked(application)


def _require_record(problems: dict[str, str]) -> None:
    if problems:
        raise InvalidInput("考察记录有误，没有保存。", problems)


def _visit_problems(
    application: Application,
    visited_on: datetime.date,
    officers: Sequence[User],
    received_by: str,
    record_text: str,
    conclusion: str,
    photos: Sequence[Upload],
    findings: Sequence[dict[str, Any]],
    on: datetime.date,
) -> dict[str, str]:
    problems = {}
    if not received_by.strip():
        problems["received_by"] = "没有填现场接待人，请填写姓名和职务。"
    rule = procedure_of(application).visit_officers
    present = {officer.pk for officer in officers}
    staff = (
        {user.pk for user in officers_at(application.desk, Permission.RECORD_VISIT, on)} if application.desk else set()
    )
    if len(present) < rule.value:
        problems["officers"] = f"考察人员至少 {rule.value} 名，现在选了 {len(present)} 名。"
    elif not present <= staff:
        problems["officers"] = "考察人员须是本单位在岗的经办人员，请重新选择。"
    if visited_on > on:
        problems["visited_on"] = f"考察日期 {visited_on} 晚于今天，请在考察后登记。"
    elif visited_on < (arrived := stay_began(application, on)):
        before = f"考察日期 {visited_on} 早于这件申报到达考察环节的 {arrived}"
        problems["visited_on"] = f"{before}，请填到达以后去现场的日期。"
    if not record_text.strip():
        problems["record_text"] = "没有写考察记录，请写明看了什么、问了什么、结果怎样。"
    if conclusion not in Verdict.values:
        problems["conclusion"] = "请选择考察结论。"
    if not photos:
        problems["photos"] = "没有上传现场照片，至少一张。"
    silent = [str(each["point"]) for each in findings if not each["agrees"] and not str(each["found"]).strip()]
    if silent:
        problems["findings"] = f"{'、'.join(silent)}不相符，请写明现场是怎样的。"
    return problems


@transaction.atomic
def assign_application(
    application: Application, *, to: User, by: Capacity, on: datetime.date, seen: int | None = None
) -> Application:
    """Hand the work to a colleague of the same desk (转他人). Raises NotAllowed if that person may not do the step."""
    application = held(application, seen=seen)
    if by.kind != "officer" or application.desk_id != by.jurisdiction.pk:
        raise NotAllowed("这件申报不在您的办理机关，不能转办。")
    require_nothing_proposed(application)
    about = WorkItem.objects.filter(subject_type=application._meta.label_lower, subject_id=str(application.pk))
    item = about.filter(state=WorkState.OPEN).exclude(kind=decision_kind(application)).first()
    if item is None or to.pk not in {user.pk for user in officers_at(by.jurisdiction, item.permission, on)}:
        raise NotAllowed(f"{to}的岗位不能办理这一步，请选择其他同事。")
    item.assignee, item.handed_by = to, by.user
    item.save(update_fields=["assignee", "handed_by"])
    record("application.assigned", application, by=by, on=on, to=to.pk)
    notify(notices.assigned(application, by.label), to=[to], about=application, on=on)
    return application
