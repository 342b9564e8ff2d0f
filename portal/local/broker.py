"""The broker between web and worker: Redis where there is one, else files under var/."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.local.accounts import server_account
from portal.local.errors import LocalError
from portal.local.folders import CHECKOUT, socket_folder
from portal.local.keeper import Keeper

START_SECONDS = 10.0


@contextmanager
def running_broker(name: str, var: Path, keeper: Keeper) -> Iterator[str]:
    """Give a CELERY_BROKER_URL: REDIS_URL if it is set, a private redis-server if one is installed, else files.

    PORTAL_BROKER=redis or files insists on one of the two. Raises LocalError if that one cannot be had.
    """
    wanted = os.environ.get("PORTAL_BROKER", "")
    if wanted not in {"", "redis", "files"}:
        raise LocalError(f"PORTAL_BROKER 的值为“{wanted}”，应为 redis 或 files。")
    given = os.environ.get("REDIS_URL")
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if given and wanted != "files":
        yield given
    elif program and wanted != "files":
        with _redis(program, var / "broker" / name, keeper) as url:
            yield url
    elif wanted == "redis":
        raise LocalError("未找到 redis-server。请安装（apt-get install redis-server），或设置 PORTAL_BROKER=files。")
    else:
        yield _files(var / "broker" / name)


def _files(home: Path) -> str:
    """Return the address of a broker that is a folder; what lies in it survives a restart."""
    for folder in (home / "queue", home / "control"):
        folder.mkdir(parents=True, exist_ok=True)
    return f"filesystem://{home}"


@contextmanager
def _redis(program: str, home: Path, keeper: Keeper) -> Iterator[str]:
    home.mkdir(parents=True, exist_ok=True)
    folder = socket_folder(home, server_account(CHECKOUT))
    address = folder / "redis.sock"
    address.unlink(missing_ok=True)
    command = [program, "--port", "0", "--unixsocket", str(address), "--unixsocketperm", "700", "--save", ""]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--daemonize", "no", "--dir", str(home)], stdout=log, stderr=log, start_new_session=True
        )
    keeper.watch(server.pid, signal.SIGTERM)
    try:
        _wait(server, address, home / "log")
        yield f"redis+socket://{address}"
    finally:
        server.terminate()
        server.wait()
        keeper.forget(server.pid)
        if folder.parent != home:
            shutil.rmtree(folder, ignore_errors=True)


def _wait(server: subprocess.Popen[bytes], address: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with socket.socket(socket.AF_UNIX) as client:
            if client.connect_ex(str(address)) == 0:
                return
        time.sleep(0.02)
    raise LocalError(f"redis-server 未能启动：\n{log.read_text(errors='replace')[-600:]}")
