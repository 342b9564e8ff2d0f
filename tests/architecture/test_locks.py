"""What is installed is pinned, with hashes, and the lock names no host and no folder of any machine."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "requirements"
LOCKS = sorted(FOLDER.glob("*.txt"))


def pins(file: Path) -> dict[str, str]:
    """Return the pinned versions of a lock by normalised name."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", file.read_text(), re.M)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


def asked_for(file: Path) -> set[str]:
    """Return the names an .in file asks for."""
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith(("#", "-"))]
    return {re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~! ]", line)[0]).lower() for line in lines}


def test_every_requirements_file_has_its_lock() -> None:
    assert [file.stem for file in LOCKS] == sorted(file.stem for file in FOLDER.glob("*.in"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda file: file.stem)
def test_a_lock_names_no_host_and_no_folder(lock: Path) -> None:
    bad = [line for line in lock.read_text().splitlines() if re.search(r"://|^-|[ =](/|[A-Z]:\\)", line)]
    assert bad == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda file: file.stem)
def test_every_pin_has_a_hash(lock: Path) -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9])", lock.read_text(), flags=re.M)[1:]
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda file: file.stem)
def test_a_lock_holds_all_that_is_asked_for(lock: Path) -> None:
    assert asked_for(lock.with_suffix(".in")) - pins(lock).keys() == set()


def test_tests_run_with_the_very_versions_of_production() -> None:
    base, dev = pins(FOLDER / "base.txt"), pins(FOLDER / "dev.txt")
    assert {name: (version, dev.get(name)) for name, version in base.items() if dev.get(name) != version} == {}
