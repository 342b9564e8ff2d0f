"""A private PostgreSQL: starts, keeps its data, survives being killed, and is used by one process at a time."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from portal.local import folders
from portal.local.accounts import server_account
from portal.local.binaries import find_binaries
from portal.local.cluster import ADMIN, running_cluster
from portal.local.errors import LocalError
from portal.local.folders import CHECKOUT, server_folder
from portal.local.keeper import Keeper, alive
from portal.settings.env import database

pytestmark = [pytest.mark.slow]

CRASHING = """
import sys, time
from pathlib import Path
from portal.local.cluster import running_cluster
from portal.local.keeper import Keeper
with Keeper() as keeper, running_cluster("t", Path(sys.argv[1]), keeper, durable=False) as url:
    print(url, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    with Keeper() as keeper:
        yield keeper


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A folder for one test; as root the server may keep its data outside it, and that goes too."""
    folder = tmp_path / "var"
    yield folder
    shutil.rmtree(server_folder(folder, server_account(CHECKOUT)))


def ask(url: str, sql: str, *, user: str = "") -> object:
    """Run one statement as the portal would connect, and return the first cell if there is one."""
    parts = database(url)
    connection = psycopg2.connect(host=parts["HOST"], user=user or parts["USER"], dbname=parts["NAME"])
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def pid_file(url: str) -> Path:
    return Path(str(ask(url, "SHOW data_directory", user=ADMIN))) / "postmaster.pid"


def wait_until_gone(pid: int, seconds: float = 15.0) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not alive(pid)


def test_data_is_there_after_a_restart_and_the_server_is_gone_in_between(var: Path, keeper: Keeper) -> None:
    with running_cluster("t", var, keeper) as url:
        ask(url, "CREATE TABLE kept AS SELECT '黔'::text AS word")
        file = pid_file(url)
        pid = int(file.read_text().split("\n")[0])
    assert not alive(pid)
    assert not file.exists()
    with running_cluster("t", var, keeper) as url:
        assert ask(url, "SELECT word FROM kept") == "黔"


def test_a_server_killed_outright_recovers(var: Path, keeper: Keeper) -> None:
    with running_cluster("t", var, keeper) as url:
        ask(url, "CREATE TABLE kept AS SELECT 7 AS number")
        ask(url, "CHECKPOINT", user=ADMIN)
        os.kill(int(pid_file(url).read_text().split("\n")[0]), signal.SIGKILL)
    with running_cluster("t", var, keeper) as url:
        assert ask(url, "SELECT number FROM kept") == 7


def test_a_stale_pid_file_that_names_another_process_is_no_obstacle(var: Path, keeper: Keeper) -> None:
    with running_cluster("t", var, keeper) as url:
        file = pid_file(url)
    file.write_text(f"{os.getpid()}\n{file.parent}\n")
    with running_cluster("t", var, keeper) as url:
        assert ask(url, "SELECT 1") == 1
    assert alive(os.getpid())


def test_a_second_process_is_told_who_uses_the_database(var: Path, keeper: Keeper) -> None:
    second = running_cluster("t", var, keeper)
    with running_cluster("t", var, keeper), pytest.raises(LocalError, match=f"进程号 {os.getpid()}"):
        second.__enter__()


def test_two_run_side_by_side(var: Path, keeper: Keeper) -> None:
    with running_cluster("a", var, keeper) as one, running_cluster("b", var, keeper) as two:
        ask(one, "CREATE TABLE only_here ()")
        assert ask(two, "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'") == 0


def test_a_crash_of_the_parent_stops_the_server(var: Path, keeper: Keeper) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", CRASHING, str(var)], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
    )
    assert parent.stdout
    url = parent.stdout.readline().strip()
    pid = int(pid_file(url).read_text().split("\n")[0])
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert wait_until_gone(pid)
    with running_cluster("t", var, keeper) as url:
        assert ask(url, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_gets_it_elsewhere(
    var: Path, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "LONGEST_SOCKET_FOLDER", 8)
    with running_cluster("t", var, keeper) as url:
        assert ask(url, "SELECT 1") == 1
        sockets = Path(database(url)["HOST"])
    assert not sockets.exists()


def test_chinese_text_is_found_whatever_the_machine_s_locale(var: Path, keeper: Keeper) -> None:
    with running_cluster("t", var, keeper) as url:
        assert ask(url, "SHOW server_encoding") == "UTF8"
        assert ask(url, "SELECT '贵阳高新区创业孵化基地' ILIKE '%创业%'") is True


def test_an_unknown_source_is_refused() -> None:
    with pytest.raises(LocalError, match="应为 binaries"):
        find_binaries("docker")


def test_a_fresh_database_is_empty(var: Path, keeper: Keeper) -> None:
    with running_cluster("t", var, keeper) as url:
        ask(url, "CREATE TABLE left_over ()")
    with running_cluster("t", var, keeper, fresh=True) as url:
        assert ask(url, "SELECT count(*) FROM pg_tables WHERE tablename = 'left_over'") == 0


def test_the_portal_logs_in_as_no_superuser_and_owns_its_database(var: Path, keeper: Keeper) -> None:
    for _time in range(2):  # new, and as it was left
        with running_cluster("t", var, keeper) as url:
            what = "rolsuper OR rolbypassrls OR rolcreaterole"
            assert ask(url, f"SELECT {what} FROM pg_roles WHERE rolname = current_user") is False
            assert (
                ask(url, "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()") == "portal"
            )
            ask(url, "CREATE TABLE IF NOT EXISTS held_back (word text)")
            ask(url, "ALTER TABLE held_back ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
            ask(url, "INSERT INTO held_back SELECT 'x' WHERE false")
            assert ask(url, "SELECT row_security_active('held_back')") is True
