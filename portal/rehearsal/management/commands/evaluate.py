"""`manage.py evaluate`: histories in, standings out, one JSON line for each."""

import gc
import os
import sys
from argparse import ArgumentParser
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand

from portal.rehearsal.evaluate import answer
from portal.rehearsal.explain import explained
from portal.rehearsal.json_lines import parse
from portal.rehearsal.pace import report
from portal.rehearsal.streaming import answer_all, lines_of

_RARELY = (50_000, 20, 50)  # judging leaves next to no cycles behind; looking for them often costs a tenth of the time


class Command(BaseCommand):
    """Reads JSON lines on stdin and writes one for each on stdout; exit status 1 if any was not understood."""

    help = "逐行读入基地经历或指标测量值（JSON lines），逐行给出依政策得出的结论。格式见 docs/evaluate.md。"
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the one choice there is."""
        parser.add_argument("--explain", action="store_true", help="用中文说明，不输出 JSON，供人阅读。")
        parser.add_argument("--pace", type=int, metavar="行数", help="测速：评判这么多行编造的经历，不读标准输入。")

    def handle(self, *args: Any, explain: bool = False, pace: int | None = None, **options: Any) -> None:
        """Answer every line; a reader that goes away ends the run quietly."""
        gc.freeze()
        gc.set_threshold(*_RARELY)
        if pace is not None:
            self.stdout.writelines(f"{line}\n" for line in report(max(pace, 1)))
            return
        try:
            understood = (
                _explain_all(sys.stdin.buffer, sys.stdout.buffer)
                if explain
                else answer_all(sys.stdin.buffer, sys.stdout.buffer)
            )
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            understood = False
        if not understood:
            sys.exit(1)


def _explain_all(source: BinaryIO, target: BinaryIO) -> bool:
    understood = True
    for lines in lines_of(source):
        for line in lines:
            text, good = answer(line)
            understood = understood and good
            target.write(explained(parse(text)).encode(errors="backslashreplace") + b"\n")
        target.flush()
    return understood
