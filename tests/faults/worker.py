"""A real Celery worker on the test's database, killed with SIGKILL while it works, and started again."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from celery import Celery

from portal.local.folders import CHECKOUT
from portal.settings.env import broker_options
from tests.factories.database import address_of_test_database

LONGEST = 60.0  # seconds to wait for a worker to get going


class Worker:
    """One worker process; the broker is a folder, which forgets what a killed worker had taken from it."""

    def __init__(self, folder: Path) -> None:
        broker = folder / "broker"
        for name in ("queue", "control"):
            (broker / name).mkdir(parents=True)
        self.broker = f"filesystem://{broker}"
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": address_of_test_database(),
            "CELERY_BROKER_URL": self.broker,
            "FAULTS_FOLDER": str(folder),
        }
        self.app = Celery("faults", broker=self.broker)
        self.app.conf.broker_transport_options = broker_options(self.broker)
        self.log = folder / "worker.log"
        self.process: subprocess.Popen[bytes] | None = None

    def send(self, *tasks: str | tuple[str, int]) -> None:
        """Put jobs into the queue."""
        for task in tasks:
            name, arguments = (task, []) if isinstance(task, str) else (task[0], [task[1]])
            self.app.send_task(name, arguments, ignore_result=True)

    def start(self) -> None:
        """Start the process."""
        quiet = ["-P", "solo", "-l", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "celery", "-A", "portal", "worker", *quiet]
            self.process = subprocess.Popen(command, env=self.env, cwd=CHECKOUT, stdout=log, stderr=log)

    def kill(self) -> None:
        """End it where it stands."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def kill_at_work(self, progress: Callable[[], int], chance: random.Random, longest: float = 0.1) -> None:
        """Start it, wait until it has done something new, and kill it within `longest` seconds."""
        before = progress()
        self.start()
        self.wait(lambda: progress() > before)
        time.sleep(chance.uniform(0, longest))
        self.kill()

    def wait(self, until: Callable[[], bool]) -> None:
        """Wait for something. Raises AssertionError with the worker's last words if it does not come."""
        deadline = time.monotonic() + LONGEST
        while not until():
            assert time.monotonic() < deadline, self.log.read_text()[-2000:]
            time.sleep(0.02)


@contextmanager
def worker(folder: Path) -> Iterator[Worker]:
    """Give a worker that is gone when the block is left."""
    hand = Worker(folder)
    try:
        yield hand
    finally:
        hand.kill()
