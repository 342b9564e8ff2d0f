"""`manage.py demo_accounts`: the demo people, as the sign-in page shows them."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.accounts.demo import demo_accounts


class Command(BaseCommand):
    """Prints who one may sign in as."""

    help = "列出演示账号。"

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each person, by place."""
        for group in demo_accounts():
            self.stdout.write(f"{group.name}")
            for account in group.accounts:
                self.stdout.write(f"  {account.user.name}（{account.user.username}）　{account.post}：{account.note}")
