"""The sections that the apps declare, and what a pack of this installation must fit."""

from datetime import date
from pathlib import Path
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from portal.jurisdictions.divisions import read_divisions
from portal.policies.ambiguities import all_ambiguities
from portal.policies.following import Brings, Following, Grant
from portal.policies.inspection import Surroundings
from portal.policies.packs import Pack, Section, load_pack, pack_files
from portal.policies.problems import PackError


def declared_sections() -> list[type[Section]]:
    """Return the section dataclasses named in the setting POLICY_SECTIONS."""
    return [cast("type[Section]", import_string(name)) for name in settings.POLICY_SECTIONS]


def brought_by(pack: Pack, grant: Grant) -> list[Following]:
    """Return what the grant of a title brings with it, from every section of the pack that says something of it."""
    declared = (pack.section(section) for section in declared_sections() if section.SECTION in pack.tables)
    return [each for section in declared if isinstance(section, Brings) for each in section.follows(grant)]


def surroundings() -> Surroundings:
    """Return what a pack must fit here: sections, sound packs beside it, open questions and divisions."""
    folder = Path(settings.POLICY_PACKS)
    ends: dict[str, date | None] = {row["code"]: row["valid_to"] for row in read_divisions()}
    return Surroundings(declared_sections(), sound_packs(folder), frozenset(all_ambiguities(folder)), ends)


def sound_packs(folder: Path) -> list[Pack]:
    """Return the packs of a folder that can be read at all, examples left out; the broken ones are checked by name."""
    found = []
    for path in pack_files(folder):
        try:
            pack = load_pack(path)
        except PackError:
            continue
        if not pack.head.example:
            found.append(pack)
    return found
