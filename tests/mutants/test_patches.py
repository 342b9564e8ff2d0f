"""The mutants are kept fit: each still applies to the sources. Whether the tests catch them, `run.py` tells."""

from pathlib import Path

import pytest

from tests.mutants.run import ROOT, TESTS, applies, patches

PATCHES = patches([])


def test_there_are_enough_mutants() -> None:
    assert len(PATCHES) >= 20
    assert all((ROOT / name).exists() for name in TESTS)


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.stem)
def test_each_mutant_applies(patch: Path) -> None:
    assert applies(patch, ROOT, check=True)
