"""Letters: drafted by the apps, previewed, then issued: number taken and wording frozen in the act's transaction."""

import datetime
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from django.conf import settings
from django.db import models, transaction

from portal.accounts.capacity import Capacity
from portal.accounts.roles import Permission
from portal.audit.recording import hold_chain, record
from portal.deadlines.today import business_today
from portal.documents.glyphs import refuse_missing_glyphs
from portal.documents.models import Letter, LetterSeries
from portal.documents.rendering import request_pdf
from portal.errors import DomainError, NotAllowed
from portal.jurisdictions.models import AgencyProfile, Jurisdiction
from portal.policies.loader import installed
from portal.policies.timeline import NoPolicyInForce, pack_at

Layout = Literal["official", "notice", "certificate"]
NUMERALS = "一二三四五六七八九十"
WORD_LENGTH = 12
AUTONOMOUS = re.compile(r"(?P<place>.+?)自治(?P<rank>[区州县旗])")
PEOPLE_NAMES = (
    "阿昌|白|保安|布朗|布依|藏|朝鲜|傣|达斡尔|德昂|东乡|侗|独龙|俄罗斯|鄂伦春|鄂温克|高山|仡佬|哈尼|哈萨克|赫哲|回|基诺|景颇|京|"
    "柯尔克孜|拉祜|傈僳|黎|珞巴|满|毛南|门巴|蒙古|苗|仫佬|纳西|怒|普米|羌|撒拉|畲|水|塔吉克|塔塔尔|土家|土|佤|维吾尔|乌孜别克|"
    "锡伯|瑶|彝|裕固|壮"
)
PEOPLES = re.compile(rf"(?:(?:{PEOPLE_NAMES})族|维吾尔|各族)+$")


@dataclass(frozen=True)
class Block:
    """One block of a letter's body: a paragraph, a heading of one of two levels, a numbered item, or a table.

    `widths` are the shares of a table's columns in percent; left out, they are even.
    """

    kind: Literal["p", "h1", "h2", "item", "table"]
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()


@dataclass(frozen=True)
class Annex:
    """A list or form that follows the letter on a new page."""

    title: str
    body: tuple[Block, ...]


@dataclass(frozen=True)
class Draft:
    """What a letter will say. `kind` names the business (`application.approval`), `layout` the sheet it is set on.

    `facts` fills the named places of a certificate (base, operator, plaque, period, verify address). `series` names the
    sequence of a paper that is no 公文 (告知书、凭证), so that it does not use up numbers of the bureau's documents.
    `reference` is a number the paper has already (a certificate); then none is taken. A paper `to_be_served` is read by
    its addressee only once there is proof of service.
    """

    kind: str
    title: str
    body: tuple[Block, ...]
    layout: Layout = "official"
    addressee: str = ""
    annexes: tuple[Annex, ...] = ()
    copies_to: str = ""
    notes: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    series: str = ""
    reference: str = ""
    to_be_served: bool = False

    def wording(self) -> dict[str, Any]:
        """Return the frozen form, plain JSON."""
        return asdict(self)


def numeral(number: int) -> str:
    """Write 1 to 99 as a heading does: 一, 十二, 二十."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{NUMERALS[tens - 1]}十"
    return head + (NUMERALS[ones - 1] if ones else "")


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Number headings 一、 and （一）, and items 1., each level beginning anew under the one above.

    The only item under its heading has nothing to be told apart from: it stands as a paragraph, without a number.
    """
    blocks = _single_items_as_paragraphs(list(blocks))
    counts = {"h1": 0, "h2": 0, "item": 0}
    below = {"h1": ("h2", "item"), "h2": ("item",)}
    done: list[Block] = []
    for block in blocks:
        if block.kind in counts:
            counts[block.kind] += 1
            counts.update(dict.fromkeys(below.get(block.kind, ()), 0))
            block = replace(block, text=_label(block.kind, counts[block.kind]) + block.text)
        done.append(block)
    return tuple(done)


def _single_items_as_paragraphs(blocks: list[Block]) -> list[Block]:
    under, seen = [], 0
    for block in blocks:
        seen += block.kind in {"h1", "h2"}
        under.append(seen)
    items = Counter(place for place, block in zip(under, blocks, strict=True) if block.kind == "item")
    return [
        replace(block, kind="p") if block.kind == "item" and items[place] == 1 else block
        for place, block in zip(under, blocks, strict=True)
    ]


def _label(kind: str, number: int) -> str:
    if kind == "item":
        return f"{number}."
    return f"{numeral(number)}、" if kind == "h1" else f"（{numeral(number)}）"


def agency_of(at: Jurisdiction) -> AgencyProfile:
    """Return what the bureau prints about itself; one that filled nothing in is named by its territory and field."""
    return AgencyProfile.objects.filter(jurisdiction=at).first() or unnamed(at)


def unnamed(at: Jurisdiction) -> AgencyProfile:
    """Return a bureau that filled nothing in, by its territory and field."""
    name = f"{at.name}{_field_of(at)}主管部门"
    return AgencyProfile(jurisdiction=at, name=name, short_name=name)


def _field_of(at: Jurisdiction) -> str:
    """Return the field of the departments that lead in a place as its policy names them, 创新创业 where it does not."""
    try:
        lead = pack_at(installed().values(), at.code, business_today()).head.lead.value or ""
    except NoPolicyInForce:
        return "人力资源和社会保障"
    return lead.removesuffix("部门") if lead.endswith("部门") else "创新创业"


def take_number(at: Jurisdiction, word: str, year: int) -> tuple[LetterSeries, int]:
    """Take the next number of a series, holding its row: two acts at once get two numbers, and none is used twice.

    Part of the caller's transaction: if that is undone nobody got the number, and the next act takes it. The chain of
    the trail is held first, as in an act that has written to it already.
    """
    hold_chain(at)
    LetterSeries.objects.bulk_create([LetterSeries(jurisdiction=at, word=word, year=year)], ignore_conflicts=True)
    series = LetterSeries.objects.select_for_update().get(jurisdiction=at, word=word, year=year)
    series.last_number += 1
    series.save(update_fields=["last_number"])
    return series, series.last_number


def series_word(draft: Draft, agency: AgencyProfile, at: Jurisdiction) -> str:
    """Return the word before 〔year〕: the bureau's 机关代字 for its documents, else place and kind of paper."""
    if not draft.series and agency.document_word:
        return agency.document_word
    kind = draft.series or "孵化"
    return place_word(at.name)[: WORD_LENGTH - len(kind)] + kind


def place_word(name: str) -> str:
    """Return a place name without the peoples it is autonomous for: 黔西南布依族苗族自治州 is 黔西南州.

    A region drops its rank as well (内蒙古自治区 is 内蒙古), as these places are called in daily use. A banner keeps
    its name (鄂温克族自治旗), and so does a county that would be left with nothing but its rank.
    """
    found = AUTONOMOUS.fullmatch(name)
    if found is None:
        return name
    place, rank = PEOPLES.sub("", found["place"]), found["rank"]
    if not place:
        return name
    return place if rank == "区" else place + rank


def _check(draft: Draft) -> None:
    if not draft.title or not (draft.body or draft.facts):
        raise DomainError("文书没有标题或正文，不能印发。请补写后重试。")
    refuse_missing_glyphs(draft.wording())


def _take_reference(
    draft: Draft, agency: AgencyProfile, at: Jurisdiction, year: int
) -> tuple[LetterSeries | None, int | None, str]:
    """Return the reference of a letter, like 黔人社发〔2026〕1号; a certificate brings its own."""
    if draft.reference:
        return None, None, draft.reference
    word = series_word(draft, agency, at)
    series, number = take_number(at, word, year)
    return series, number, f"{word}〔{year}〕{number}号"


@transaction.atomic
def issue_letter(
    draft: Draft,
    *,
    about: models.Model,
    at: Jurisdiction,
    by: Capacity,
    on: datetime.date,
    operator_id: int | None = None,
    public: bool = False,
) -> Letter:
    """Issue a letter: take its number, freeze its wording, and have the PDF made after commit.

    `at` is the issuing bureau; the place of `about` (JurisdictionOwned) decides which officers may read the letter,
    `operator_id` which operator, `public` whether everybody. Raises DomainError where no font has a character it needs.
    """
    _check(draft)
    agency = agency_of(at)
    series, number, reference = _take_reference(draft, agency, at, on.year)
    region: Jurisdiction = about.jurisdiction  # type: ignore[attr-defined]  # every subject is JurisdictionOwned
    letter = Letter.objects.create(
        jurisdiction=region,
        kind=draft.kind,
        series=series,
        number=number,
        reference=reference,
        title=draft.title,
        addressee=draft.addressee,
        issuer=agency.name,
        wording=draft.wording(),
        issued_on=on,
        issued_by=by.user,
        subject_type=about._meta.label_lower,
        subject_id=str(about.pk),
        operator_id=operator_id,
        public=public,
        demo=settings.DEMO or bool(getattr(about, "demo", False)),
    )
    record("letter.issued", letter, by=by, on=on, kind=draft.kind, reference=reference, subject=letter.subject_type)
    transaction.on_commit(lambda: request_pdf(letter.pk), robust=True)
    return letter


def preview_letter(draft: Draft, *, at: Jurisdiction, on: datetime.date) -> Letter:
    """Return the letter as it would be issued, for `sheets.sheet_of(…, preview=True)`: not saved, without a number.

    Raises DomainError where it could not be issued for its wording.
    """
    _check(draft)
    return Letter(
        jurisdiction=at,
        region_code=at.code,
        kind=draft.kind,
        reference=draft.reference or "（预览，印发时取号）",
        title=draft.title,
        addressee=draft.addressee,
        issuer=agency_of(at).name,
        wording=draft.wording(),
        issued_on=on,
        demo=settings.DEMO,
    )


@transaction.atomic
def void_letter(letter: Letter, *, because: str, by: Capacity, on: datetime.date) -> None:
    """Void an issued letter (作废): it stays on record with the reason, and its number is not given out again.

    Its PDF is made anew with the mark; the one without goes with the sweep of files. What the letter decided stands:
    that is changed by an act of its own. Raises NotAllowed for anybody but an approver of the bureau that issued it.
    """
    if not may_void(letter, by):
        raise NotAllowed(
            f"{letter.reference}由{letter.issuer}印发，只能由该机关的审批岗作废；证书随认定办理、须送达的文书随案件办理，"
            "不单独作废。"
        )
    withdraw_letter(letter, because=because, by=by, on=on)


@transaction.atomic
def withdraw_letter(letter: Letter, *, because: str, by: Capacity, on: datetime.date) -> None:
    """Void a letter as part of an act that replaces it or ends its case: the act has checked who may.

    Raises DomainError without a reason, or for a letter that was voided before.
    """
    if not because.strip():
        raise DomainError(f"作废{letter.reference}要写明原因。")
    held = Letter.objects.select_for_update().get(pk=letter.pk)
    if held.voided_on is not None:
        raise DomainError(f"{held.reference}已于{held.voided_on:%Y-%m-%d}作废，不用重复办理。")
    Letter.objects.filter(pk=letter.pk).update(
        voided_on=on, void_reason=because.strip()[:200], pdf="", pdf_sha256="", render_attempts=0, render_error=""
    )
    letter.refresh_from_db(fields=["voided_on", "void_reason", "pdf", "pdf_sha256"])
    record("letter.voided", letter, by=by, on=on, reference=letter.reference, because=because)
    transaction.on_commit(lambda: request_pdf(letter.pk), robust=True)


def may_void(letter: Letter, by: Capacity) -> bool:
    """Whether the capacity may void the letter by itself: an approver of the bureau that issued it.

    Nobody voids a certificate so, nor a letter whose service a case waits for: its case replaces it.
    """
    if letter.to_be_served:
        return False
    if by.kind != "officer" or not by.may(Permission.APPROVE) or letter.series_id is None:
        return False
    return by.jurisdiction.covers(letter.region_code) and agency_of(by.jurisdiction).name == letter.issuer
