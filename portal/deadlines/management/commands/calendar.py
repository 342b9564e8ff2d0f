"""`manage.py calendar load FILE` takes in a year's days off; `manage.py calendar show YEAR` lists them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.deadlines.calendar import calendar_for
from portal.deadlines.holidays import read_holidays
from portal.deadlines.models import CalendarDay
from portal.deadlines.reclock import load_and_reclock
from portal.deadlines.today import business_today
from portal.errors import DomainError

_STATUS = {"official": "正式公布", "estimate": "预估", "missing": "无数据，按周一至周五计"}


class Command(BaseCommand):
    help = "节假日与调休日历：load FILE 导入（CSV：date,kind,name,status,source），show YEAR 查看一年。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        load = commands.add_parser("load", help="导入日历文件，并重新计算受影响的期限")
        load.add_argument("file", type=Path)
        load.add_argument("--check", action="store_true", help="只检查文件并说明将有哪些变化，不写入")
        show = commands.add_parser("show", help="列出一年的放假和调休日期")
        show.add_argument("year", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["command"] == "load":
                self._load(options["file"], check=options["check"])
            else:
                self._show(options["year"])
        except DomainError as refused:
            raise CommandError(refused.message) from refused

    @transaction.atomic
    def _load(self, file: Path, *, check: bool) -> None:
        years, reclocked = load_and_reclock(read_holidays(file), on=business_today())
        transaction.set_rollback(check)
        if not years:
            self.stdout.write("文件内容与现有日历一致，没有变化。")
            return
        verb = "将更新" if check else "已更新"
        self.stdout.write(f"{verb}{'、'.join(map(str, years))}年日历，重新计算期限 {reclocked} 项。")

    def _show(self, year: int) -> None:
        if not 1 <= year <= 9999:
            raise CommandError(f"年份为 {year}，应在 1 至 9999 之间。")
        self.stdout.write(f"{year}年 {_STATUS[calendar_for(None).status(year)]}")
        days = CalendarDay.objects.filter(date__year=year).select_related("jurisdiction").order_by("date")
        for day in days:
            place = day.jurisdiction.name if day.jurisdiction else "全国"
            cells = (day.date.isoformat(), day.get_kind_display(), day.name, place, day.get_status_display())
            self.stdout.write("  ".join(cells))
