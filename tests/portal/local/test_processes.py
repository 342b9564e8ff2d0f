"""Processes side by side: stopped together, the reason shown when one falls, a keeper when the parent crashes."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.local.broker import running_broker
from portal.local.errors import LocalError
from portal.local.folders import CHECKOUT
from portal.local.keeper import Keeper, alive, listen, stop_all
from portal.local.processes import HOST, Program, Supervisor, free_port, supervised
from portal.settings.env import broker_options

pytestmark = [pytest.mark.slow]

SLEEPER = Program("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"])
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)


def running(supervisor: Supervisor) -> list[int]:
    return [process.pid for process in supervisor._running.values()]


def test_all_are_stopped_when_the_block_is_left(tmp_path: Path) -> None:
    with supervised({}, tmp_path) as supervisor:
        supervisor.start(SLEEPER)
        supervisor.start(Program("second", SLEEPER.command))
        pids = running(supervisor)
        assert all(map(alive, pids))
    assert not any(map(alive, pids))


def test_one_that_falls_brings_down_the_others_and_its_words_are_shown(tmp_path: Path) -> None:
    with supervised({}, tmp_path) as supervisor:
        supervisor.start(SLEEPER)
        supervisor.start(Program("worker", [sys.executable, "-c", "raise SystemExit('磁盘已满')"]))
        pids = running(supervisor)
        with pytest.raises(LocalError, match=r"worker 意外结束.*\n磁盘已满"):
            supervisor.wait()
    assert not any(map(alive, pids))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_wait_in_order(tmp_path: Path, how: signal.Signals) -> None:
    with supervised({}, tmp_path) as supervisor:
        supervisor.start(SLEEPER)
        signal.raise_signal(how)
        supervisor.wait()
        pids = running(supervisor)
    assert not any(map(alive, pids))


def test_the_keeper_ends_even_one_that_does_not_listen() -> None:
    stubborn = subprocess.Popen(
        [sys.executable, "-c", STUBBORN], start_new_session=True, stdout=subprocess.PIPE, text=True
    )
    assert stubborn.stdout
    stubborn.stdout.readline()
    stop_all({stubborn.pid: signal.SIGTERM}, grace=0.3)
    assert stubborn.wait(5) == -signal.SIGKILL
    stubborn.stdout.close()


def test_the_keeper_remembers_only_what_still_runs() -> None:
    assert listen(["watch 5 15", "watch 6 2", "forget 5"]) == {6: 2}


def test_a_crash_of_the_parent_stops_its_processes(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from portal.local.processes import supervised, Program\n"
        "with supervised({}, Path(sys.argv[1])) as s:\n"
        "    s.start(Program('p', [sys.executable, '-c', 'import time; time.sleep(600)']))\n"
        "    print(*(p.pid for p in s._running.values()), flush=True); time.sleep(600)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
    )
    assert parent.stdout
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(pid)


def test_a_taken_port_is_passed_over() -> None:
    port = free_port(18_400)
    taken = subprocess.Popen([sys.executable, "-m", "http.server", str(port), "--bind", HOST], stderr=-3)
    try:
        deadline = time.monotonic() + 10
        while free_port(port) == port and time.monotonic() < deadline:
            time.sleep(0.05)
        assert free_port(port) > port
    finally:
        taken.terminate()
        taken.wait()


def test_a_broker_of_files_keeps_its_queue_under_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_BROKER", "files")
    with Keeper() as keeper, running_broker("t", tmp_path, keeper) as url:
        options = broker_options(url)
        assert url == f"filesystem://{tmp_path}/broker/t"
        assert all(Path(options[key]).is_dir() for key in ("data_folder_in", "data_folder_out", "control_folder"))


def test_a_given_redis_is_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAL_BROKER", raising=False)  # whoever runs the tests may insist on one
    monkeypatch.setenv("REDIS_URL", "redis://cache.example:6379/3")
    with Keeper() as keeper, running_broker("t", tmp_path, keeper) as url:
        assert url == "redis://cache.example:6379/3"


def test_an_unknown_broker_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_BROKER", "rabbit")
    with Keeper() as keeper, pytest.raises(LocalError, match="应为 redis 或 files"):
        running_broker("t", tmp_path, keeper).__enter__()


@pytest.mark.parametrize("kind", ["files", "redis"])
def test_a_task_goes_from_sender_to_worker(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_BROKER", kind)
    monkeypatch.delenv("REDIS_URL", raising=False)
    (tmp_path / "errand.py").write_text(
        "import os, pathlib\nfrom celery import Celery\nfrom portal.settings.env import broker_options\n"
        "url = os.environ['CELERY_BROKER_URL']\napp = Celery('errand', broker=url)\n"
        "app.conf.broker_transport_options = broker_options(url)\n"
        "@app.task\ndef run(path): pathlib.Path(path).touch()\n"
    )
    done = tmp_path / "done"
    with Keeper() as keeper:
        try:
            broker = running_broker("t", tmp_path, keeper)
            url = broker.__enter__()
        except LocalError:
            if kind != "redis" or any(shutil.which(server) for server in ("redis-server", "valkey-server")):
                raise
            pytest.skip("no redis-server on this machine")
        env = {"PATH": "/usr/bin:/bin", "CELERY_BROKER_URL": url, "PYTHONPATH": f"{tmp_path}:{CHECKOUT}"}
        with supervised(env, tmp_path / "log") as supervisor:
            supervisor.start(Program("worker", [sys.executable, "-m", "celery", "-A", "errand", "worker", "-c", "1"]))
            send = f"import errand; errand.run.delay({str(done)!r})"
            subprocess.run([sys.executable, "-c", send], env=env, check=True, timeout=120)
            deadline = time.monotonic() + 120
            while not done.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
        broker.__exit__(None, None, None)
    assert done.exists()
