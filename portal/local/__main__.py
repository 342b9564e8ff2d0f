"""`python -m portal.local [--name NAME] [--throwaway] [--fresh] COMMAND …`: run it with a PostgreSQL of its own."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from portal.local.errors import LocalError
from portal.local.processes import stopping_on_signals
from portal.local.services import services


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status of the command."""
    parser = argparse.ArgumentParser(prog="python -m portal.local", description=__doc__)
    parser.add_argument("--name", default="dev", help="which of this checkout's databases: dev, test, demo")
    parser.add_argument("--throwaway", action="store_true", help="the data may be lost: faster")
    parser.add_argument("--fresh", action="store_true", help="begin with an empty database")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args(words)
    if not options.command:
        parser.error("no command given")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with services(options.name, durable=not options.throwaway, broker=False, fresh=options.fresh) as env:
            return run(options.command, env)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1


def run(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run one command in the foreground; Ctrl-C is its own to handle, SIGTERM is passed on."""
    child = subprocess.Popen(list(command), env=dict(env))
    with stopping_on_signals(lambda: None):
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        return child.wait()


if __name__ == "__main__":
    sys.exit(main())
