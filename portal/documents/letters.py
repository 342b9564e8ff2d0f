"""Letters: drafted by the apps, previewed, then issued: number taken and wording frozen in the act's transaction."""

import datetime
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from django.conf import settings
from django.db import models, transaction

from portal.accounts.capacity import Capacity
from portal.documents.models import Letter, LetterSeries
from portal.documents.tasks import render_letter
from portal.jurisdictions.models import AgencyProfile, Jurisdiction

Layout = Literal["official", "notice", "certificate"]


@dataclass(frozen=True)
class Block:
    """One block of a letter's body: a paragraph, a heading of one of two levels, or a table."""

    kind: Literal["p", "h1", "h2", "table"]
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Draft:
    """What a letter will say. `kind` names the business (`application.approval`), `layout` the sheet it is set on.

    `facts` fills the named places of a certificate (base, operator, plaque, period, verify address).
    """

    kind: str
    title: str
    body: tuple[Block, ...]
    layout: Layout = "official"
    addressee: str = ""
    annexes: tuple[str, ...] = ()
    copies_to: str = ""
    notes: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    def wording(self) -> dict[str, Any]:
        """Return the frozen form, plain JSON."""
        return asdict(self)


def agency_of(at: Jurisdiction) -> AgencyProfile:
    """Return what the bureau prints about itself; a bureau that filled nothing in is named by its territory."""
    profile = AgencyProfile.objects.filter(jurisdiction=at).first()
    if profile:
        return profile
    name = f"{at.name}人力资源和社会保障主管部门"
    return AgencyProfile(jurisdiction=at, name=name, short_name=name)


def take_number(at: Jurisdiction, word: str, year: int) -> tuple[LetterSeries, int]:
    """Take the next number of a series, holding its row: two acts at once get two numbers, and none is used twice."""
    LetterSeries.objects.get_or_create(jurisdiction=at, word=word, year=year)
    series = LetterSeries.objects.select_for_update().get(jurisdiction=at, word=word, year=year)
    series.last_number += 1
    series.save(update_fields=["last_number"])
    return series, series.last_number


@transaction.atomic
def issue_letter(draft: Draft, *, about: models.Model, at: Jurisdiction, by: Capacity, on: datetime.date) -> Letter:
    """Issue a letter: take its number, freeze its wording, and have the PDF made after commit.

    `at` is the issuing bureau, `about` the record it concerns (JurisdictionOwned: its place decides who may read it).
    Numbers look like 黔人社发〔2026〕1号; a bureau that has not set its 机关代字 gets a plain series of its code.
    """
    agency = agency_of(at)
    word = agency.document_word or f"孵化{at.code}"
    series, number = take_number(at, word, on.year)
    region: Jurisdiction = about.jurisdiction  # type: ignore[attr-defined]  # every subject is JurisdictionOwned
    letter = Letter.objects.create(
        jurisdiction=region,
        kind=draft.kind,
        series=series,
        number=number,
        reference=f"{word}〔{on.year}〕{number}号",
        title=draft.title,
        addressee=draft.addressee,
        issuer=agency.name,
        wording=draft.wording(),
        issued_on=on,
        issued_by=by.user,
        subject_type=about._meta.label_lower,
        subject_id=str(about.pk),
        demo=settings.DEMO or bool(getattr(about, "demo", False)),
    )
    transaction.on_commit(lambda: render_letter.delay(letter.pk), robust=True)
    return letter
