"""Where services keep their files: under var/, and sockets where their path is short enough."""

import hashlib
import os
import tempfile
from pathlib import Path

from portal.local.accounts import Account
from portal.local.errors import LocalError

CHECKOUT = Path(__file__).resolve().parents[2]
LONGEST_SOCKET_FOLDER = 80  # of the 107 bytes a socket path may have


def var_folder() -> Path:
    """Return the folder for everything that running leaves behind: PORTAL_VAR, else var/ in the checkout."""
    return Path(os.environ.get("PORTAL_VAR") or CHECKOUT / "var").resolve()


def server_folder(var: Path, account: Account) -> Path:
    """Return a folder that the server's user can reach: in `var`, else one in /var/tmp that belongs to `var` alone.

    No folder's mode is widened on the way. Raises LocalError if the folder cannot be had.
    """
    try:
        inside = var / "postgres"
        inside.mkdir(parents=True, exist_ok=True)
        if account.can_enter(inside):
            return inside
        key = hashlib.sha256(str(var).encode()).hexdigest()[:12]
        outside = Path("/var/tmp") / f"portal-{key}"
        if not outside.exists():
            outside.mkdir()
            outside.chmod(0o711)  # whatever the umask: the server's user passes through, nobody looks around
    except OSError as error:
        raise LocalError(
            f"无法在 {var} 中建立数据库文件夹：{error.strerror}。"
            "请换用建立该文件夹的用户，或把 PORTAL_VAR 设为可写的文件夹。"
        ) from error
    if outside.stat().st_uid != os.geteuid() or outside.is_symlink():
        raise LocalError(f"{outside} 属于其他用户，不能使用。请删除它，或把 PORTAL_VAR 设为其他文件夹。")
    return outside


def socket_folder(home: Path, account: Account) -> Path:
    """Return a private folder for a server's socket: in `home`, or a temporary one where that path is too long."""
    folder = home / "run"
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
        return account.own(folder)
    short = Path(tempfile.mkdtemp(prefix="portal-"))
    if os.geteuid() == 0:
        os.chown(short, account.uid, account.gid)
    return short
