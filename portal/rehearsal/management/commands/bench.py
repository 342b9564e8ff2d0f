"""`manage.py bench`: measure our pages beside bare floors at growing sizes and write docs/bench.md."""

import os
import platform
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.urls import reverse

from applications.models import Application
from bases.models import Base, Certification
from portal.deadlines.today import business_today
from portal.errors import DomainError
from portal.local.processes import free_port, supervised, web
from portal.rehearsal.pace import report as pace
from portal.rehearsal.scale.bench import Pages, Reading, readings, signed_in, under_load
from portal.rehearsal.scale.guard import refuse_real_data
from portal.rehearsal.scale.seed import seed
from portal.rehearsal.scale.tables import settle

REPORT = Path(settings.ROOT) / "docs" / "bench.md"
PER_PAGE = 25
LOAD_GOAL = 300.0  # ms at the 95th percentile, eight clients on two cores


class Command(BaseCommand):
    """Seeds up to each size, measures, and writes the report with the goals beside the figures."""

    help = "测量各页面与裸视图的比值，写入 docs/bench.md。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Which sizes, and whether to write the report."""
        parser.add_argument("--sizes", default="10000,100000")
        parser.add_argument("--histories", type=int, default=100_000)
        parser.add_argument("--no-report", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure every size in turn on the same database."""
        if settings.DEBUG:
            raise CommandError("测量须关闭 DEBUG：DJANGO_SETTINGS_MODULE=portal.settings.bench。")
        try:
            refuse_real_data()
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        call_command("collectstatic", interactive=False, verbosity=0)
        parts = []
        for size in sorted(int(word) for word in options["sizes"].split(",")):
            missing = size - Base.objects.count()
            if missing > 0:
                seed(missing, business_today())
                settle()
            parts.append(self._measure(size))
        parts.append("## Histories judged by `manage.py evaluate`\n\n" + "\n".join(pace(options["histories"])) + "\n")
        self.stdout.write(parts[-1])
        if not options["no_report"]:
            REPORT.write_text(_report(parts), encoding="utf-8")
            self.stdout.write(f"已写入 {REPORT.relative_to(settings.ROOT)}。")

    def _measure(self, size: int) -> str:
        client, cookie = signed_in()
        pages = _pages()
        found = readings(pages, client)
        port = free_port(8700)
        with supervised(dict(os.environ)) as supervisor:
            supervisor.start(web(port, workers=2))
            supervisor.wait_for_port(port)
            load = under_load(port, pages, cookie)
        text = _table(size, found, load)
        self.stdout.write(text)
        return text


def _pages() -> Pages:
    application = Application.objects.filter(status="approval", submissions__number=2).order_by("-pk")[0]
    certification = Certification.objects.order_by("-pk")[0]
    register = reverse("public:register", args=["520000"])
    worklist = reverse("desk:worklist")
    last = -(-Certification.objects.filter(region_code__startswith="52").count() // PER_PAGE)
    return Pages(
        worklist=worklist,
        worklist_last=f"{worklist}?page=999999",
        register=register,
        register_last=f"{register}?page={last}",
        officers_register=reverse("bases:register"),
        dossier=reverse("applications:case", args=[application.pk]),
        verify=reverse("public:verified", args=[certification.verify_code]),
    )


def _table(size: int, found: list[Reading], load: dict[str, tuple[float, float]]) -> str:
    lines = [
        f"## {size:,} applications",
        "",
        "| page | p50 ms | p95 ms | F beside it | × F | goal × F | queries | goal | kB | |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for each in found:
        limit = f"{each.limit / each.floor:.1f}" if each.limit else ""
        held = "" if each.limit is None else "held" if _held(each) else "**missed**"
        lines.append(
            f"| {each.name} | {each.p50:.1f} | {each.p95:.1f} | {each.floor:.1f} | {each.p50 / each.floor:.2f} "
            f"| {limit} | {each.queries} | {each.most_queries or ''} | {each.size / 1024:.1f} | {held} |"
        )
    lines += ["", f"Eight clients on a server with two workers, 95th percentile ≤ {LOAD_GOAL:.0f} ms:", ""]
    lines += ["| page | p50 ms | p95 ms | |", "|---|---|---|---|"]
    for name, (p50, p95) in load.items():
        lines.append(f"| {name} | {p50:.0f} | {p95:.0f} | {'held' if p95 <= LOAD_GOAL else '**missed**'} |")
    return "\n".join(lines) + "\n"


def _held(each: Reading) -> bool:
    in_time = each.limit is None or each.p50 <= each.limit
    return in_time and (each.most_queries is None or each.queries <= each.most_queries)


def _report(parts: list[str]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    head = (
        "# What the pages cost\n\n"
        "Written by `make bench`. Compare ratios, never milliseconds across machines: F is a bare list view of 25\n"
        "rows out of all, on the same data, asked in turns with the page beside which it stands. A last page is held\n"
        "against the first in the same way.\n\n"
        f"{os.cpu_count()} cores, Python {platform.python_version()}, "
        f"PostgreSQL {version.split()[0]}.\n"
    )
    return "\n".join([head, *parts])
