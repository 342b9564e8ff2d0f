"""Calls and applications, driven to each status through the real actions."""

import datetime
import hashlib
import io
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
from django.core.files.base import ContentFile
from PIL import Image

from applications import actions
from applications.actions.moving import procedure_of
from applications.actions.review import Said, changes
from applications.dossier import Difference
from applications.models import Application, Call, CorrectionRequest, PublicNotice
from applications.procedure import RequiredDocument
from applications.rules import ApplicationPolicy
from bases.actions import record_certification
from bases.models import Base
from portal.accounts.capacity import SYSTEM, Capacity
from portal.documents.models import ScanState, Upload
from portal.policies.loader import pack_in_force
from tests.factories.cast import Cast

CHINA = ZoneInfo("Asia/Shanghai")
OPENED = datetime.date(2026, 3, 2)  # a Monday
SAME_PAGE = {"application_form": "盖章页另送原件核对。"}  # why no new stamped page comes with a corrected answer
FILED = datetime.date(2026, 3, 9)


def moment(day: datetime.date, hour: int = 10, minute: int = 0, second: int = 0) -> datetime.datetime:
    """Return a moment of a day in China."""
    return datetime.datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=CHINA)


COMPLETE: dict[str, dict[str, Any]] = {
    "unit": {
        "legal_form": "company",
        "established_on": "2021-04-08",
        "main_business": "yes",
        "opened_on": "2022-03-01",
        "owner_type": "private",
        "government_developed": "no",
        "contact_name": "王运营",
        "contact_phone": "13900000000",
        "summary": "依托周边院校，服务青年创业者。",
    },
    "team": {
        "full_time_staff": "8",
        "qualified_staff": "5",
        "mentors": "12",
        "independent_operator": "yes",
        "service_team": "yes",
        "service_standard": "yes",
        "staff_listed": "yes",
    },
    "premises": {
        "premises_right": "lease",
        "lease_ends": "2030-12-31",
        "built_area": "3900",
        "incubation_area": "3200",
        "free_area": "1200",
        "capacity": "80",
        "facilities": ["power", "water", "fire_safety", "telecom", "network", "public_space", "shared_office"],
        "services": ["consulting"],
    },
    "tenants": {
        "tenants": "52",
        "student_founded": "31",
        "key_group_founded": "40",
        "jobs": "310",
        "graduated": "20",
        "exited": "28",
        "utilisation": "92",
        "events": "14",
    },
}


def complete_answers(**changes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return answers that pass every check, but for the changes, given by section."""
    return {section: values | changes.get(section, {}) for section, values in COMPLETE.items()}


def upload(by: Capacity, base: Base, name: str = "材料.pdf", content: bytes = b"%PDF-1.4 test") -> Upload:
    """Return an upload as if it had passed every check."""
    suffix = "." + name.rpartition(".")[2]
    row = Upload(
        jurisdiction=base.jurisdiction,
        original_name=name,
        suffix=suffix,
        media_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(name.encode() + content).hexdigest(),
        pages=1,
        scan=ScanState.CLEAN,
        uploaded_by=by.user,
        uploaded_at=moment(FILED),
    )
    row.file.save(name, ContentFile(content), save=False)
    row.save()
    return row


def publisher(cast: Cast, level: str = "province") -> tuple[Capacity, Capacity]:
    """Return who drafts and who publishes calls at a level."""
    if level == "city":
        return cast.city_caseworker, cast.city_approver
    return cast.province_caseworker, cast.approver


def draft_call(cast: Cast, title: str = "provincial", **values: Any) -> Call:
    """Return a call in draft, open from OPENED for thirty days."""
    pack = (
        pack_in_force(at=cast.province, on=OPENED) if title == "provincial" else pack_in_force(at=cast.city, on=OPENED)
    )
    level = pack.section(ApplicationPolicy).procedure(title).steps[-1].level
    drafter, _publisher = publisher(cast, level)
    fields = {
        "name": "2026 年度省级创业孵化示范基地申报",
        "year": 2026,
        "opens_at": moment(OPENED, 9),
        "closes_at": moment(OPENED + datetime.timedelta(days=30), 18),
    }
    if not pack.applies_on(OPENED):
        fields["reason"] = "依据《关于继续执行创业政策的通知》继续受理。"
    return actions.draft_call(title=title, by=drafter, at=moment(OPENED, 9), **(fields | values))


def open_call(cast: Cast, title: str = "provincial", **values: Any) -> Call:
    """Return a published call."""
    call = draft_call(cast, title, **values)
    level = "city" if call.jurisdiction.level == "city" else "province"
    return actions.publish_call(call, by=publisher(cast, level)[1], at=moment(OPENED, 9))


def city_title(cast: Cast, base: Base | None = None) -> None:
    """Have the city register its own title, which the 2024 call demands (D-01)."""
    record_certification(
        base or cast.base,
        title="city",
        policy="guizhou-2022",
        certified_on=datetime.date(2024, 5, 6),
        document="市级认定文件",
        by=cast.city_caseworker,
        on=OPENED,
    )


def fill(application: Application, by: Capacity, on: datetime.date = FILED, **changes: dict[str, Any]) -> None:
    """Fill every section and every required slot."""
    for section, typed in complete_answers(**changes).items():
        actions.save_section(application, section=section, typed=typed, by=by, at=moment(on))
    for document in required(application):
        for number in range(document.least):
            file = upload(by, application.base, f"{document.slot}{number or ''}.pdf")
            actions.attach_file(application, slot=document.slot, upload=file, by=by, at=moment(on))


def required(application: Application) -> list[RequiredDocument]:
    """Return the slots that must hold a file."""
    return [document for document in procedure_of(application).uploads() if document.required]


def draft(cast: Cast, call: Call | None = None, **changes: dict[str, Any]) -> Application:
    """Return a complete draft of cast.base."""
    call = call or open_call(cast)
    if call.title == "provincial":
        city_title(cast)
    application = actions.start_application(call, base=cast.base, by=cast.wang, at=moment(FILED))
    fill(application, cast.wang, **changes)
    return application


def submitted(cast: Cast, call: Call | None = None, on: datetime.date = FILED) -> Application:
    """Return an application that waits for the county."""
    application = draft(cast, call)
    actions.submit_application(application, by=cast.wang, at=moment(on), declared=True)
    return fresh(application)


def fresh(application: Application) -> Application:
    """Return the application as it stands in the database."""
    return Application.objects.get(pk=application.pk)


def recommended(cast: Cast, on: datetime.date = FILED) -> Application:
    """Return an application that waits for the city."""
    application = submitted(cast)
    actions.give_opinion(application, verdict="for", text="材料齐全，同意推荐。", by=cast.county_caseworker, on=on)
    return fresh(application)


def reviewed_by_city(cast: Cast, on: datetime.date = FILED) -> Application:
    """Return an application that waits for its site visit."""
    application = recommended(cast)
    actions.give_opinion(application, verdict="for", text="初审合格。", by=cast.city_caseworker, on=on)
    return fresh(application)


def visit(application: Application, cast: Cast, on: datetime.date = FILED, **changes: Any) -> None:
    """Record a site visit by two officers."""
    fields = {
        "visited_on": on,
        "officers": [cast.province_caseworker.person, cast.second_caseworker.person],
        "received_by": "王运营",
        "findings": [],
        "record_text": "实地查看场地、制度和台账，与申报一致。",
        "conclusion": "for",
        "photos": [upload(cast.province_caseworker, application.base, "现场.jpg")],
        "by": cast.province_caseworker,
        "on": on,
    }
    actions.record_visit(application, **(fields | changes))


def visited(cast: Cast, on: datetime.date = FILED) -> Application:
    """Return an application that waits for the province's review."""
    application = reviewed_by_city(cast)
    visit(application, cast, on)
    return fresh(application)


def reviewed(cast: Cast, on: datetime.date = FILED) -> Application:
    """Return an application that waits for its public notice."""
    application = visited(cast)
    actions.give_opinion(application, verdict="for", text="复审合格。", by=cast.province_caseworker, on=on)
    return fresh(application)


def publicised(cast: Cast, on: datetime.date = FILED) -> tuple[Application, PublicNotice]:
    """Return an application on public notice, and the notice."""
    application = reviewed(cast)
    notice = actions.publish_notice(
        application.call, applications=[application], contact="0851-00000000", by=cast.province_caseworker, on=on
    )
    return fresh(application), notice


def for_approval(cast: Cast) -> Application:
    """Return an application whose notice is over."""
    application, notice = publicised(cast)
    actions.conclude_notice(notice, by=SYSTEM, on=notice.ends_on + datetime.timedelta(days=1))
    return fresh(application)


def approved(cast: Cast, on: datetime.date = datetime.date(2026, 3, 18)) -> Application:
    """Return an approved application."""
    application = for_approval(cast)
    actions.approve_application(application, reason="符合认定条件。", by=second_approver(cast), on=on)
    return fresh(application)


def second_approver(cast: Cast) -> Capacity:
    """Return an approver of the province who took no part before."""
    return cast.approver


def asked_again(
    application: Application,
    items: list[dict[str, str]],
    *,
    by: Capacity,
    head: Capacity,
    on: datetime.date,
    because: str = "上次未见附图。",
) -> CorrectionRequest:
    """Return a further list of the same step, which the approver `head` consented to on the day it was drawn up."""
    said = {"items": items, "because": because, "asked_of": head.person}
    proposal = actions.propose_correction(fresh(application), by=by, on=on, **said)
    return actions.agree_to_correction(proposal, by=head, on=on)


def differences_of(application: Application) -> list[Difference]:
    """Return what changed between the last two submissions."""
    return changes(application)


def check(
    application: Application, *, place: str, accepted: bool, by: Capacity, at: datetime.datetime, note: str = ""
) -> None:
    """Say one word of one changed place."""
    actions.check_differences(application, {place: Said(accepted, note)}, by=by, at=at)


def blank_pdf() -> bytes:
    """Return a real PDF of one empty page."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


def small_photo(shade: int = 0) -> bytes:
    """Return a real JPEG; `shade` tells one from another."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (156 - 9 * shade, 194, 217)).save(out, "JPEG")
    return out.getvalue()
