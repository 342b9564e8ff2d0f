"""The public form between its screens: begun, kept, sent as one complaint, given up, swept (网上填写)."""

import datetime
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import count

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from bases.models import Base
from complaints.actions.receiving import Person, receive_complaint
from complaints.models import Complaint, Telling
from portal.accounts.capacity import VISITOR
from portal.documents.models import Upload
from portal.documents.names import clean_name, suffix_of
from portal.documents.uploads import accept, discard
from portal.errors import DomainError
from portal.jurisdictions.models import Jurisdiction

HOURS = 24  # what nobody sent is forgotten after a day
MOST_FILES = 5
MEGABYTES = 10
NEUTRAL = "凭证"
CODE_MINUTES = 30  # how long the receipt page can show the access code again


@dataclass
class Content:
    """What was typed on the screens; `named` is None until the second screen was answered."""

    sought: str = ""
    told: str = ""
    named: bool | None = None
    name: str = ""
    phone: str = ""
    mail: str = ""
    business: str = ""
    file_names: dict[str, str] = field(default_factory=dict)  # neutral name: what its owner called it

    def person(self) -> Person:
        """Return who complains; nobody at all where anonymity was chosen, whatever was typed."""
        return Person(self.name, self.phone, self.mail, self.business) if self.named else Person()


def content_of(telling: Telling) -> Content:
    """Return what was typed so far."""
    return Content(**json.loads(telling.content)) if telling.content else Content()


def begin_telling(place: Jurisdiction, *, shown_at: datetime.datetime | None, at: datetime.datetime) -> Telling:
    """Begin a telling on the site of a place. `shown_at` is when its first screen was shown, if that is proven."""
    return Telling.objects.create(jurisdiction=place, shown_at=shown_at, begun_at=at)


def hold_telling(telling: Telling) -> Telling | None:
    """Hold the telling until the transaction ends, as it stands now; None where it was sent or given up meanwhile.

    Without it a slow screen would write over what another tab did: a telling that was sent would be sent once more,
    and words that somebody left in haste would be there again.
    """
    unsent = Telling.objects.select_for_update(of=("self",)).select_related("base", "jurisdiction")
    return unsent.filter(pk=telling.pk, complaint__isnull=True).first()


def keep_telling(telling: Telling, content: Content, *, base: Base | None) -> Telling:
    """Keep what was typed, so that going back finds it; it then lies where the base lies.

    The caller holds the telling (`hold_telling`).
    """
    telling.content, telling.base = json.dumps(asdict(content)), base
    telling.jurisdiction = base.jurisdiction if base else telling.jurisdiction
    telling.save(update_fields=["content", "base", "jurisdiction", "region_code", "trapped", "left_out"])
    return telling


@transaction.atomic
def send_telling(
    telling: Telling, *, flags: Sequence[str] = (), hold_back: bool = False, on: datetime.date, at: datetime.datetime
) -> Complaint:
    """Hand the telling in as a complaint; one that was handed in already stays that one, pressed how often ever.

    Raises DomainError where base or words are missing or it was given up, and what `receive_complaint` raises.
    """
    found = Telling.objects.select_for_update(of=("self",)).select_related("jurisdiction").filter(pk=telling.pk).first()
    if found is None:
        raise DomainError("这一件填写的内容已经清除，没有提交。请重新填写。")
    telling = found
    if telling.complaint_id is not None:
        return Complaint.objects.get(pk=telling.complaint_id)
    content = content_of(telling)
    base = (
        Base.objects.select_related("operator", "jurisdiction__parent__parent__parent")
        .filter(pk=telling.base_id or 0)
        .first()
    )
    if base is None or content.named is None:
        raise DomainError("投诉还没有写完，请回到前面的步骤补上。")
    receipt = receive_complaint(
        base,
        told=content.told,
        person=content.person(),
        evidence=list(telling.uploads.order_by("pk")),
        by=VISITOR,
        on=on,
        flags=flags,
        hold_back=hold_back,
    )
    telling.uploads.clear()
    telling.complaint, telling.code, telling.content, telling.sent_at = receipt.complaint, receipt.code, "", at
    telling.save()
    return receipt.complaint


@transaction.atomic
def drop_telling(key: uuid.UUID) -> None:
    """Forget a telling with its files (快速离开、放弃填写); a complaint that was sent stays."""
    for telling in Telling.objects.select_for_update().filter(key=key):
        uploads = list(telling.uploads.all())
        telling.delete()
        discard(uploads)


def take_evidence(
    files: Sequence["UploadedFile[bytes]"],
    *,
    beside: Sequence[str],
    place: Jurisdiction,
    moment: datetime.datetime,
    most: int = MOST_FILES,
) -> tuple[dict[str, Upload], list[str]]:
    """Take evidence in under neutral names (凭证1.jpg): what people call their files may give them away.

    `beside` are the names of what is there already. Return the files by what their owner called them, and a sentence
    for each that is not taken: no more than `most` at a time. Runs inside the transaction of the act they belong to.
    """
    taken: dict[str, Upload] = {}
    problems: list[str] = []
    used = set(beside)
    for file in files:
        original = clean_name(file.name or "")
        if len(taken) >= most:
            problems.append(f"文件超过 {MOST_FILES} 个，“{original}”没有收下。请把多张合成一个 PDF，或先去掉别的。")
            continue
        number = next(each for each in count(1) if not _is_used(each, used))
        file.name = f"{NEUTRAL}{number}.{suffix_of(original)}"
        try:
            with transaction.atomic():
                upload = accept(file, at=place, by=VISITOR, megabytes=MEGABYTES, moment=moment)
        except DomainError as refusal:
            problems.append(refusal.message.replace(file.name, original))
            continue
        used.add(upload.original_name)
        taken[original] = upload
    return taken, problems


def _is_used(number: int, used: set[str]) -> bool:
    return any(name.startswith(f"{NEUTRAL}{number}.") for name in used)


def remove_evidence(telling: Telling, keys: Sequence[str]) -> None:
    """Remove files that were taken in by mistake."""
    for upload in telling.uploads.filter(key__in=[key for key in keys if _is_key(key)]):
        telling.uploads.remove(upload)
        discard([upload])


def sweep_tellings(at: datetime.datetime) -> int:
    """Forget what nobody sent within a day, and the codes of receipts that were shown; return how many were gone."""
    old = Telling.objects.filter(begun_at__lt=at - datetime.timedelta(hours=HOURS))
    gone = 0
    for key in list(old.order_by("pk").values_list("key", flat=True)):
        drop_telling(key)
        gone += 1
    shown = at - datetime.timedelta(minutes=CODE_MINUTES)
    Telling.objects.filter(sent_at__lt=shown).exclude(code="").update(code="")
    return gone


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
