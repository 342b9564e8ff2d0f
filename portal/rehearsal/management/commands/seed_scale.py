"""`manage.py seed_scale --bases N`: believable data for measurements, fast."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.deadlines.today import business_today
from portal.errors import DomainError
from portal.rehearsal.scale.guard import refuse_real_data
from portal.rehearsal.scale.seed import seed


class Command(BaseCommand):
    """Adds N bases of Guizhou with an application each."""

    help = "为测量加入 N 家演示基地，每家一件申报，分布在各环节。"

    def add_arguments(self, parser: CommandParser) -> None:
        """How many."""
        parser.add_argument("--bases", type=int, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed and say how long it took."""
        count: int = options["bases"]
        if not 1 <= count <= 5_000_000:
            raise CommandError(f"--bases {count}：请写 1 到 5000000 之间的整数。")
        try:
            refuse_real_data()
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        started = time.perf_counter()
        seed(count, business_today())
        self.stdout.write(f"{count} 家基地，{time.perf_counter() - started:.1f} 秒。")
