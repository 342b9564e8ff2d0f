"""`manage.py demo_load`: play the demo's stories into an empty database, once."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from applications.models import Call
from portal.deadlines.today import business_today
from portal.rehearsal.demo.grievances import play_complaints
from portal.rehearsal.demo.people import Directory
from portal.rehearsal.demo.stage import play, stage_of
from portal.rehearsal.demo.stories import PLACES


class Command(BaseCommand):
    """Makes the demo's world through the real actions."""

    help = "把演示数据装进空数据库（只装一次）。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Load everything or nothing; does nothing if it is there."""
        if not settings.DEMO:
            raise CommandError("demo_load 只能在演示环境运行：DJANGO_SETTINGS_MODULE=portal.settings.demo。")
        if Call.objects.exists():
            self.stdout.write("演示数据已在库中。")
            return
        directory = Directory()
        with transaction.atomic():
            call_command("load_historic", verbosity=0)
            for place in PLACES:
                stage = stage_of(place, business_today(), directory)
                call = play(stage)
                play_complaints(stage)
                self.stdout.write(f"  {call.name}：{call.applications.count()} 件申报")
