"""Debian packages: installed as root, else named in the exact line that installs them; files taken out without root."""

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from portal.local.errors import LocalError

_QUIET = {"DEBIAN_FRONTEND": "noninteractive"}


def install(packages: Sequence[str]) -> None:
    """Install packages as root. Raises LocalError with the line to run where that is not possible."""
    line = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise LocalError(
            f"缺少系统软件包：{' '.join(packages)}（Debian/Ubuntu 名称）。请用本机的软件包管理器安装后重试。"
        )
    if os.geteuid() != 0:
        raise LocalError(f"缺少系统软件包。请运行下面一行后重试：\n  sudo sh -c '{line}'")
    print(f"正在安装系统软件包 {' '.join(packages)} …", flush=True)
    commands = [["update"], ["install", "-y", "--no-install-recommends", *packages]]
    for command in commands:
        done = subprocess.run(
            ["apt-get", "-q", *command],
            check=False,
            env={**os.environ, **_QUIET},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode and command[0] == "install":
            last = "\n".join(done.stdout.strip().splitlines()[-6:])
            raise LocalError(f"安装系统软件包失败：\n{last}\n请检查网络后运行：{line}")


def take_files(package: str, wanted: Callable[[str], bool], target: Path) -> list[Path]:
    """Put the files of a package whose path is `wanted` flat into `target`, without installing it and without root.

    Raises LocalError if the package cannot be had or holds none of them; then nothing is in `target`.
    """
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise LocalError(f"本机没有 apt-get，无法取得 {package}。")
    with tempfile.TemporaryDirectory(prefix="portal-") as scratch:
        archive = _download(package, Path(scratch))
        taken = _extract(archive, wanted, Path(scratch) / "files")
        if not taken:
            raise LocalError(f"软件包 {package} 中没有所需的文件。")
        target.mkdir(parents=True, exist_ok=True)
        return [Path(shutil.move(file, target / file.name)) for file in taken]


def _download(package: str, scratch: Path) -> Path:
    """Fetch the .deb; if the machine's package lists are empty, with lists of our own."""
    own = [f"Dir::State::Lists={scratch}/lists", f"Dir::Cache={scratch}/cache"]
    options = [word for option in own for word in ("-o", option)]
    (scratch / "lists" / "partial").mkdir(parents=True)
    (scratch / "cache" / "archives" / "partial").mkdir(parents=True)
    attempts = [[["download", package]], [[*options, "update"], [*options, "download", package]]]
    for attempt in attempts:
        for words in attempt:
            subprocess.run(
                ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "-o", "Acquire::http::Timeout=30", *words],
                check=False,
                cwd=scratch,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        found = sorted(scratch.glob(f"{package}_*.deb"))
        if found:
            return found[0]
    raise LocalError(f"无法下载软件包 {package}，请检查网络和软件源设置。")


def _extract(archive: Path, wanted: Callable[[str], bool], target: Path) -> list[Path]:
    """Write the wanted files of a .deb under their bare names."""
    target.mkdir()
    taken = []
    with (
        subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(archive)], stdout=subprocess.PIPE) as unpacked,
        tarfile.open(fileobj=unpacked.stdout, mode="r|") as members,
    ):
        for member in members:
            if member.isfile() and wanted(member.name):
                file = target / Path(member.name).name
                file.write_bytes(cast(tarfile.ExFileObject, members.extractfile(member)).read())
                taken.append(file)
    return taken
