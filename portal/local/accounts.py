"""Under whose name a database server runs: PostgreSQL refuses root, so root lends it another OS user that is there."""

import os
import pwd
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.local.errors import LocalError

USUAL = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An OS user that can own and run a server."""

    name: str
    uid: int
    gid: int

    def run_as(self) -> dict[str, Any]:
        """Return the arguments of subprocess that make a child run under this user's name and nobody's folder."""
        identity = {"user": self.uid, "group": self.gid, "extra_groups": []} if os.geteuid() == 0 else {}
        return {**identity, "cwd": "/"}

    def can_enter(self, folder: Path) -> bool:
        """Tell whether this user may enter `folder`, as the kernel sees it."""
        entered = subprocess.run(
            ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)], check=False, stderr=subprocess.DEVNULL, **self.run_as()
        )
        return entered.returncode == 0

    def own(self, folder: Path) -> Path:
        """Create `folder` for this user alone (mode 0700) and return it; parents stay as they are."""
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True)
            if os.geteuid() == 0:
                os.chown(folder, self.uid, self.gid)
        return folder


def server_account(checkout: Path) -> Account:
    """Return the user that shall run the server: ourselves, or, as root, an ordinary user that exists already.

    Raises LocalError if root finds nobody to run it.
    """
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()))
    for entry in _candidates(checkout):
        if entry.pw_uid != 0:
            return _account(entry)
    raise LocalError(
        "以 root 运行时，PostgreSQL 需要另一个系统用户，但本机没有 postgres 或 nobody 用户。"
        "请改用普通用户运行，或设置 DATABASE_URL 使用已有的数据库。"
    )


def _candidates(checkout: Path) -> Iterator[pwd.struct_passwd]:
    """Yield who owns the checkout, who called sudo, and the usual users, as far as they exist."""
    for uid in (checkout.stat().st_uid, int(os.environ.get("SUDO_UID", "0"))):
        try:
            yield pwd.getpwuid(uid)
        except KeyError:
            continue
    for name in USUAL:
        try:
            yield pwd.getpwnam(name)
        except KeyError:
            continue


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
