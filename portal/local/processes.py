"""The portal's own processes side by side: web, worker, beat. If one falls, all are stopped and the reason is shown."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from portal.local.errors import LocalError
from portal.local.folders import CHECKOUT, var_folder
from portal.local.keeper import GRACE, Keeper

HOST = "127.0.0.1"
PATIENCE = 3.0  # seconds to finish what is at hand; jobs are safe to run again


@dataclass(frozen=True)
class Program:
    """A process to run: its name in messages and log files, and its command."""

    name: str
    command: Sequence[str]


def web(port: int, workers: int = 2) -> Program:
    """Return the web server on the loopback address."""
    bind = ["--bind", f"{HOST}:{port}", "--workers", str(workers), "--timeout", "120"]
    return Program("web", [sys.executable, "-m", "gunicorn", "portal.wsgi", *bind])


def worker() -> Program:
    """Return the Celery worker."""
    return Program("worker", [sys.executable, "-m", "celery", "-A", "portal", "worker", "-l", "INFO", "-c", "1"])


def beat() -> Program:
    """Return the scheduler of recurring jobs; its memory of what ran when lies under var/."""
    schedule = var_folder() / "beat"
    return Program("beat", [sys.executable, "-m", "celery", "-A", "portal", "beat", "-l", "INFO", "-s", str(schedule)])


def free_port(first: int = 8000) -> int:
    """Return the first free port of the loopback address from `first` on. Raises LocalError if a hundred are taken."""
    for port in range(first, first + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise LocalError(f"{HOST} 的 {first} 至 {first + 99} 端口都被占用，请用 PORT 指定一个空闲端口。")


class Supervisor:
    """Runs programs until one of them ends or someone asks to stop, then stops all of them."""

    def __init__(self, env: Mapping[str, str], logs: Path, keeper: Keeper) -> None:
        self._env = dict(env)
        self._logs = logs
        self._keeper = keeper
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._asked_to_stop = threading.Event()
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, program: Program) -> None:
        """Start a program with its output in a log file of its own."""
        with self._log(program.name).open("wb") as log:
            process = subprocess.Popen(
                list(program.command), env=self._env, cwd=CHECKOUT, stdout=log, stderr=log, start_new_session=True
            )
        self._keeper.watch(process.pid, signal.SIGTERM)
        self._running[program.name] = process

    def wait_for_port(self, port: int, seconds: float = 60.0) -> None:
        """Wait until something answers on the port. Raises LocalError if a program ends first or nothing does."""
        for _ in range(int(seconds / 0.05)):
            self._check()
            with socket.socket() as client:
                if client.connect_ex((HOST, port)) == 0:
                    return
            if self._asked_to_stop.wait(0.05):
                return
        raise LocalError(f"网站在 {seconds:.0f} 秒内没有启动，日志见 {self._log('web')}。")

    def wait(self) -> None:
        """Wait until Ctrl-C, SIGTERM or `ask_to_stop`. Raises LocalError as soon as a program ends by itself."""
        while not self._asked_to_stop.wait(0.5):
            self._check()

    @property
    def stopping(self) -> bool:
        """Tell whether someone asked to stop."""
        return self._asked_to_stop.is_set()

    def ask_to_stop(self) -> None:
        """Make `wait` return."""
        self._asked_to_stop.set()

    def stop(self) -> None:
        """Stop all programs, the latest first; those that take their time are hurried, then ended."""
        for how, seconds in ((signal.SIGTERM, PATIENCE), (signal.SIGQUIT, GRACE), (signal.SIGKILL, GRACE)):
            for process in reversed(self._running.values()):
                if process.poll() is None:
                    os.killpg(process.pid, how) if how == signal.SIGKILL else process.send_signal(how)
            deadline = time.monotonic() + seconds
            while any(process.poll() is None for process in self._running.values()) and time.monotonic() < deadline:
                time.sleep(0.02)
        for process in self._running.values():
            self._keeper.forget(process.pid)
        self._running.clear()

    def _check(self) -> None:
        for name, process in self._running.items():
            if process.poll() is not None:
                told = self._log(name).read_text(errors="replace").strip().splitlines()[-12:]
                raise LocalError(
                    f"{name} 意外结束（退出码 {process.returncode}），其余进程一并停止。\n" + "\n".join(told)
                )

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"


@contextmanager
def supervised(env: Mapping[str, str], logs: Path | None = None) -> Iterator[Supervisor]:
    """Give a supervisor that stops on Ctrl-C and SIGTERM, and whose programs are gone when the block is left."""
    with Keeper() as keeper:
        supervisor = Supervisor(env, logs or var_folder() / "log", keeper)
        with stopping_on_signals(supervisor.ask_to_stop):
            try:
                yield supervisor
            finally:
                supervisor.stop()


def serve(env: Mapping[str, str], announce: Callable[[str], None], first_port: int = 8000) -> None:
    """Run web, worker and beat until Ctrl-C or SIGTERM; call `announce` with the address once the website answers.

    Raises LocalError if one of them does not start or falls.
    """
    with supervised(env) as supervisor:
        port = free_port(first_port)
        for program in (web(port), worker(), beat()):
            supervisor.start(program)
        supervisor.wait_for_port(port)
        if not supervisor.stopping:
            announce(f"http://{HOST}:{port}/")
        supervisor.wait()


@contextmanager
def stopping_on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` on Ctrl-C and SIGTERM instead of dying of them."""

    def handle(number: int, frame: FrameType | None) -> None:
        stop()

    before = {each: signal.signal(each, handle) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, former in before.items():
            signal.signal(each, former)
