"""A private PostgreSQL: made once, started in a moment, stopped when its user is done, even when that user crashed."""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import psycopg2

from portal.local.accounts import Account, server_account
from portal.local.binaries import Binaries, find_binaries
from portal.local.errors import LocalError
from portal.local.folders import CHECKOUT, server_folder, socket_folder
from portal.local.keeper import Keeper, alive

USER = "portal"  # what the portal logs in as: bound by row-level security, owner of what it creates
ADMIN = "postgres"  # made with the cluster; nothing but this file logs in as it
START_SECONDS = 60.0
STOP_SECONDS = 15.0
TUNING = {
    "listen_addresses": "",
    "jit": "off",
    "lc_messages": "C",
    "max_connections": "100",
    "synchronous_commit": "off",
    "timezone": "UTC",
}


@dataclass(frozen=True)
class Cluster:
    """One data folder and the programs and user that serve it."""

    binaries: Binaries
    account: Account
    home: Path

    @property
    def data(self) -> Path:
        """Return the data folder of the server."""
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        """Return the file the server writes its log to."""
        return self.home / "log"


@contextmanager
def running_cluster(
    name: str, var: Path, keeper: Keeper, *, durable: bool = True, fresh: bool = False
) -> Iterator[str]:
    """Run a private PostgreSQL called `name` under `var` and give its DATABASE_URL; stop it on leaving.

    `durable` false trades safety on power loss for speed, for tests; `fresh` empties the database first. Raises
    LocalError if it does not start, or if another process of this checkout is using it.
    """
    cluster = _prepare(name, var)
    with _alone(cluster):
        _end_leftover(cluster)
        if not cluster.data.exists():
            _create(cluster)
        sockets = socket_folder(cluster.home, cluster.account)
        server = _start(cluster, sockets, durable=durable)
        keeper.watch(server.pid, signal.SIGINT)
        try:
            _create_database(sockets, fresh=fresh)
            yield f"postgres://{USER}@/{USER}?host={quote(str(sockets), safe='')}"
        finally:
            _stop(server)
            keeper.forget(server.pid)
            if sockets.parent != cluster.home:
                shutil.rmtree(sockets, ignore_errors=True)


def _prepare(name: str, var: Path) -> Cluster:
    account = server_account(CHECKOUT)
    folder = server_folder(var, account)
    binaries = _within_reach(find_binaries(), account, folder)
    home = folder / f"{name}-{binaries.label}"
    try:
        return Cluster(binaries, account, account.own(home))
    except OSError as error:
        raise LocalError(f"无法建立 {home}：{error.strerror}。请换用建立该文件夹的用户，或设置 PORTAL_VAR。") from error


def _within_reach(binaries: Binaries, account: Account, folder: Path) -> Binaries:
    """Return the programs where the server's user can run them: a copy, if the original lies in a closed folder."""
    if account.can_enter(binaries.folder):
        return binaries
    copy = folder / f"programs-{binaries.label}"
    if not copy.exists():
        half = copy.with_name(copy.name + ".new")
        shutil.rmtree(half, ignore_errors=True)
        for part in binaries.parts:  # their places beside each other stay: programs find their libraries that way
            shutil.copytree(part, half / part.relative_to(binaries.root), symlinks=True)
        for path in (half, *half.rglob("*")):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
        half.rename(copy)
    return replace(binaries, folder=copy / binaries.folder.relative_to(binaries.root))


@contextmanager
def _alone(cluster: Cluster) -> Iterator[None]:
    """Hold the cluster for this process alone; the lock ends with the process, however it ends."""
    try:
        handle = os.open(cluster.home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as error:
        raise LocalError(f"{cluster.home} 属于其他用户。请换用该用户运行，或设置 PORTAL_VAR。") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.truncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    except BlockingIOError:
        holder = os.read(handle, 20).decode(errors="replace").strip() or "未知"
        raise LocalError(
            f"本检出目录的数据库正由另一进程使用（进程号 {holder}，{cluster.home}）。"
            "请先结束它，或设置 PORTAL_VAR 使用另一个文件夹。"
        ) from None
    finally:
        os.close(handle)


def _end_leftover(cluster: Cluster) -> None:
    """End a server that a crashed run left behind, and clear the pid file of one that is gone."""
    pid = _pid_on_file(cluster)
    if pid is None:
        return
    if alive(pid) and _serves(pid, cluster):
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        while alive(pid):
            if time.monotonic() > deadline:
                raise LocalError(f"上次未正常结束的数据库（进程号 {pid}）无法停止，请手动结束该进程后重试。")
            time.sleep(0.05)
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)


def _pid_on_file(cluster: Cluster) -> int | None:
    try:
        return int((cluster.data / "postmaster.pid").read_text().split("\n")[0])
    except (OSError, ValueError):
        return None


def _serves(pid: int, cluster: Cluster) -> bool:
    """Tell whether `pid` is the server of this data folder and not a newcomer with the same number."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        asked = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], check=False, capture_output=True, text=True)
        command = asked.stdout.split()
    return str(cluster.data) in command


def _create(cluster: Cluster) -> None:
    """Make the data folder whole or not at all; its accounts need no password behind a private socket."""
    half = cluster.home / "cluster.new"
    told = ""
    for locale in ("--locale=C.UTF-8", "--no-locale"):
        shutil.rmtree(half, ignore_errors=True)
        made = subprocess.run(
            [cluster.binaries.folder / "initdb", "-D", half, "-U", ADMIN, "-E", "UTF8", locale, "-A", "trust", "-N"],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **cluster.account.run_as(),
        )
        told = made.stdout
        if made.returncode == 0:
            half.rename(cluster.data)
            return
    raise LocalError(f"无法建立数据库（{cluster.data}）：\n{_last_lines(told)}")


def _start(cluster: Cluster, sockets: Path, *, durable: bool) -> subprocess.Popen[bytes]:
    """Start the server and wait until it takes connections; once more if a dead one's memory is not yet free."""
    settings = {**TUNING, "unix_socket_directories": str(sockets), "fsync": "on" if durable else "off"}
    command = [str(cluster.binaries.folder / "postgres"), "-D", str(cluster.data)]
    command += [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    deadline = time.monotonic() + START_SECONDS
    while True:
        with cluster.log.open("wb") as log:
            server = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True, **cluster.account.run_as()
            )
        if _ready(server, cluster, deadline):
            return server
        told = cluster.log.read_text(errors="replace")
        if "pre-existing shared memory" not in told or time.monotonic() > deadline:
            _stop(server)
            raise LocalError(f"PostgreSQL 未能启动（{cluster.data}）：\n{_last_lines(told)}")
        time.sleep(0.2)


def _ready(server: subprocess.Popen[bytes], cluster: Cluster, deadline: float) -> bool:
    """Wait for the word "ready" that the server writes on the eighth line of its pid file."""
    while server.poll() is None and time.monotonic() < deadline:
        try:
            lines = (cluster.data / "postmaster.pid").read_text().split("\n")
        except OSError:
            lines = []
        if len(lines) > 7 and lines[7].strip() == "ready" and lines[0] == str(server.pid):
            return True
        time.sleep(0.02)
    return False


def _create_database(sockets: Path, *, fresh: bool) -> None:
    """Make the portal's login, no superuser, and a database that it owns; both stay if they are there."""
    connection = psycopg2.connect(host=str(sockets), user=ADMIN, dbname="postgres")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [USER])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE ROLE "{USER}" LOGIN NOSUPERUSER CREATEDB NOBYPASSRLS')
            if fresh:
                cursor.execute(f'DROP DATABASE IF EXISTS "{USER}"')
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [USER])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{USER}" OWNER "{USER}"')
    finally:
        connection.close()


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server: politely to itself, abruptly to its clients; harder if it does not listen."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(how)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue


def _last_lines(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-8:])
