"""`manage.py histories`: the histories of the bases in the tables, as lines for `manage.py evaluate`; or a check."""

import datetime
import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.deadlines.today import business_today
from portal.rehearsal.facts_of import differences, history_of
from portal.rehearsal.replays import to_check


class Command(BaseCommand):
    """Writes a line for each base, or, with --check, a sentence for each difference; exit status 1 if there is one."""

    help = "把登记册里各基地的经过逐行写成 evaluate 的输入；--check 与按规则评判的结论核对，写出不一致之处。只读。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day, one base, and whether to check."""
        parser.add_argument("--check", action="store_true", help="只核对，写出不一致之处；有不一致时退出状态为 1。")
        parser.add_argument("--on", type=datetime.date.fromisoformat, metavar="日期", help="截止日期，默认今天。")
        parser.add_argument("--base", metavar="代码", help="只看一家基地，代码是公开页面地址里的八位。")

    def handle(
        self, *args: Any, check: bool = False, on: datetime.date | None = None, base: str | None = None, **options: Any
    ) -> None:
        """Go through the bases."""
        day, different = on or business_today(), 0
        for each in to_check(base):
            if check:
                for sentence in differences(each, day):
                    different += 1
                    self.stdout.write(sentence)
            elif history := history_of(each, day):
                self.stdout.write(json.dumps(history, ensure_ascii=False))
        if different:
            sys.exit(1)
