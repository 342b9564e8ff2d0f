"""manage.py rotate_keys [--check]: encrypt stored personal data under the newest key of FIELD_KEYS."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.encryption.fields import newest_key
from portal.encryption.rotation import columns, rotate, under_older_keys


class Command(BaseCommand):
    """Rotate, or with --check only count what still needs an older key."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --check."""
        parser.add_argument("--check", action="store_true", help="only count; exit 1 if an older key is still needed")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        """Walk every column; say per column what was done."""
        self.stdout.write(f"最新密钥：{newest_key()[0]}")
        left = 0
        for column in columns():
            changed, missed = (0, 0) if check else rotate(column)
            remaining = under_older_keys(column)
            left += remaining
            self.stdout.write(f"{column}：换密 {changed} 行，同时被他人改动 {missed} 行，仍在旧密钥下 {remaining} 行")
        if left:
            raise CommandError(f"还有 {left} 行在旧密钥下，旧密钥不能删除。请再运行一次 rotate_keys。")
        self.stdout.write("全部数据都在最新密钥下，旧密钥可以从 FIELD_KEYS 删除。")
