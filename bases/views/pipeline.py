"""The stages of revocation proceedings, and the proof on which each of them rests."""

import datetime
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bases.models import Revocation
from bases.states import RevocationStatus as R
from portal.documents.models import Letter, Service
from portal.web.parts import FileRow, Step, Tone

TONES: dict[str, Tone] = {
    R.OPENED: "now",
    R.NOTICE_ISSUED: "now",
    R.DEFENCE: "warn",
    R.WEIGHED: "warn",
    R.DECIDED: "warn",
    R.REVOKED: "bad",
    R.CLOSED: "main",
    R.SET_ASIDE: "main",
    R.LAPSED: "",
}


class Stage(NamedTuple):
    """A stage and the field that holds the day on which it was done."""

    label: object
    done: str


STAGES = (
    Stage(gettext_lazy("立案"), "opened_on"),
    Stage(gettext_lazy("事先告知送达"), "notice_served_on"),
    Stage(gettext_lazy("陈述申辩、复核"), "weighed_on"),
    Stage(gettext_lazy("决定"), "decided_on"),
    Stage(gettext_lazy("送达生效"), "served_on"),
)


def steps_of(found: Revocation, *, told: bool = False) -> list[Step]:
    """Return the stages with their days: the one in hand is `now`, the one where they ended `stop`.

    `told`: as the holder knows them, without the opening.
    """
    steps: list[Step] = []
    open_stage = False
    for stage in STAGES[1:] if told else STAGES:
        day: datetime.date | None = getattr(found, stage.done)
        if day is not None:
            steps.append(Step(str(stage.label), f"{day:%Y-%m-%d}", "done"))
            continue
        here = not open_stage
        open_stage = True
        steps.append(Step(str(stage.label), state="now" if here else "next"))
    return _ended(found, steps)


def _ended(found: Revocation, steps: list[Step]) -> list[Step]:
    """Put the end where the proceedings stopped without a revocation, or where it was undone."""
    if found.ended_on is None:
        return steps
    note = f"{found.get_status_display()} {found.ended_on:%Y-%m-%d}"
    kept = [step for step in steps if step.state == "done"]
    rest = [replace(step, state="next") for step in steps if step.state != "done"][1:]
    return [*kept, Step(_("终结") if found.status != R.SET_ASIDE else _("恢复称号"), note, "stop"), *rest]


@dataclass(frozen=True)
class Proof:
    """One step of the proceedings on record: what was done, when, by whom, what it says, what proves it."""

    title: str
    on: datetime.date | None
    who: str = ""
    text: str = ""
    letter: Letter | None = None
    number: int = 0  # of the record of service, 0 where there is none
    files: tuple[FileRow, ...] = ()


def proofs_of(found: Revocation) -> list[Proof]:
    """Return every step on record in the order of the procedure, each with its proof. Two queries for services."""
    services = _services(found)
    rows = [
        Proof(_("立案"), found.opened_on, str(found.opened_by or _("系统：事由成立，自动立案"))),
        *_paper(found, found.notice, _("制发事先告知书"), str(found.notice_by or ""), services),
        *_defences(found),
        *_paper(found, found.hearing_letter, _("通知听证"), "", services, hearing_words(found)),
        *_hearing(found),
    ]
    if found.weighed_on:
        rows.append(Proof(_("复核陈述申辩"), found.weighed_on, str(found.weighed_by), found.weighed))
    rows += _paper(found, found.decision, _("决定撤销"), str(found.decided_by or ""), services, found.reason)
    if found.plaque_recovered_on:
        rows.append(Proof(_("收回牌匾和证书"), found.plaque_recovered_on, letter=found.plaque_letter))
    if found.ended_on:
        title, who = str(found.get_status_display()), found.authority or str(found.ended_by or _("系统"))
        rows.append(Proof(title, found.ended_on, who, found.ended_because, found.ended_letter))
    return rows


def said_by(found: Revocation) -> list[Proof]:
    """Return what is to be weighed: what the holder said, each with its files, and the record of the hearing."""
    return [*_defences(found), *_hearing(found)]


def _hearing(found: Revocation) -> list[Proof]:
    return [Proof(_("听证"), found.hearing_on, text=found.hearing_record)] if found.hearing_on else []


def hearing_words(found: Revocation) -> str:
    """Return when and where the hearing is and who presides; empty while it is not set."""
    if found.hearing_set_for is None:
        return ""
    said = {"when": found.hearing_time, "where": found.hearing_place, "who": found.hearing_chair}
    return _("%(when)s，%(where)s，主持人：%(who)s") % said


def _services(found: Revocation) -> list[Service]:
    papers = [paper.pk for paper in (found.notice, found.hearing_letter, found.decision) if paper]
    rows = Service.objects.filter(letter__in=papers).select_related("letter", "recorded_by")
    return list(rows.prefetch_related("evidence").order_by("pk"))


def numbered_services(found: Revocation) -> dict[int, Service]:
    """Return the services of the papers of the proceedings by the number of their record, from 1 on."""
    return dict(enumerate(_services(found), start=1))


def _paper(
    found: Revocation, paper: Letter | None, title: str, who: str, services: list[Service], text: str = ""
) -> list[Proof]:
    """Return that a paper was issued, and each attempt to serve it."""
    if paper is None:
        return []
    rows = [Proof(title, paper.issued_on, who, text, letter=paper)]
    for number, service in enumerate(services, start=1):
        if service.letter_id != paper.pk:
            continue
        files = tuple(file_row(found, each.key, each.original_name) for each in service.evidence.all())
        method, how = str(service.get_method_display()), _how(service, services)
        record = number if service.served_on else 0
        rows.append(Proof(method, service.served_on, how, service.because, None, record, files))
    return rows


def _how(service: Service, services: list[Service]) -> str:
    if service.served_on is None:
        days = {"start": service.began_on, "end": service.ends_on}
        if any(each.letter_id == service.letter_id and each.served_on for each in services):
            return _("公告自 %(start)s 起，期间已用其他方式送达") % days
        return _("公告 %(start)s 至 %(end)s，期满视为送达") % days
    signed = _("签收人 %(who)s") % {"who": service.recipient} if service.recipient else ""
    mail = _("邮件号 %(number)s") % {"number": service.tracking} if service.tracking else ""
    return "，".join(part for part in (signed, mail) if part)


def _defences(found: Revocation) -> list[Proof]:
    rows = []
    for each in found.defences.select_related("filed_by").prefetch_related("uploads").order_by("pk"):
        title = _("陈述申辩，申请听证") if each.asks_hearing else _("陈述申辩")
        late = found.defence_ends is not None and each.filed_on > found.defence_ends
        who = _("%(who)s 代为登记（书面）") % {"who": each.filed_by} if each.entered else str(each.filed_by)
        files = tuple(file_row(found, upload.key, upload.original_name) for upload in each.uploads.all())
        title = _("%(what)s（逾期提交）") % {"what": title} if late else title
        rows.append(Proof(title, each.filed_on, who, each.statement, files=files))
    return rows


def file_row(found: Revocation, key: object, name: str) -> FileRow:
    """Return a file of the proceedings as officers open it."""
    return FileRow(name, reverse("bases:revocation_file", args=[found.pk, key]))
