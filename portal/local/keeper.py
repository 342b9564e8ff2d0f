"""A keeper outlives a parent that crashed, and stops what the parent had started. Run as a script, plain Python only.

The parent writes `watch PID SIGNAL` and `forget PID` to the keeper's standard input. When that closes, for whatever
reason, the keeper tells every watched process to stop, the latest first, and after some seconds ends what is left.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

GRACE = 10.0  # seconds a process gets to stop by itself


class Keeper:
    """Watches processes on behalf of this one. Use as a context manager; leaving it does not stop them."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-S", os.path.abspath(__file__)],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
            cwd="/",
        )

    def watch(self, pid: int, stop_signal: int) -> None:
        """Have `pid` stopped by `stop_signal` should this process die."""
        self._tell(f"watch {pid} {int(stop_signal)}")

    def forget(self, pid: int) -> None:
        """Stop watching `pid`, which has ended."""
        self._tell(f"forget {pid}")

    def close(self) -> None:
        """Dismiss the keeper; it stops at once what it still watches."""
        if self._child.stdin:
            self._child.stdin.close()
        self._child.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _tell(self, line: str) -> None:
        if self._child.stdin:
            self._child.stdin.write(line + "\n")
            self._child.stdin.flush()


def alive(pid: int) -> bool:
    """Tell whether `pid` still runs; a zombie does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return True


def listen(lines: Iterable[str]) -> dict[int, int]:
    """Follow the parent's words until it is silent; return what is left to stop: pid and signal."""
    watched: dict[int, int] = {}
    for line in lines:
        verb, pid, *rest = line.split()
        if verb == "watch":
            watched[int(pid)] = int(rest[0])
        else:
            watched.pop(int(pid), None)
    return watched


def stop_all(watched: dict[int, int], grace: float = GRACE) -> None:
    """Tell all to stop, the latest first; after `grace` seconds end the process groups that are left."""
    for pid, stop_signal in reversed(watched.items()):
        _send(os.kill, pid, stop_signal)
    deadline = time.monotonic() + grace
    while any(map(alive, watched)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in filter(alive, watched):
        _send(os.killpg, pid, signal.SIGKILL)


def _send(how: Callable[[int, int], None], pid: int, what: int) -> None:
    try:
        how(pid, what)
    except (ProcessLookupError, PermissionError):
        return


if __name__ == "__main__":
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    stop_all(listen(sys.stdin))
