"""manage.py appoint CODE --system U:NAME:MAIL --security … --audit …: a bureau's first three administrators.

Everybody after them is made on screen, proposed by one and confirmed by another. Prints for each a link to set a
password.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.accounts.actions import Details, appoint_first_administrators
from portal.accounts.mailing import password_link
from portal.accounts.roles import Role
from portal.deadlines.today import business_today
from portal.errors import DomainError
from portal.jurisdictions.models import Jurisdiction

PARTS = {"system": Role.SYSTEM_ADMIN, "security": Role.SECURITY_ADMIN, "audit": Role.AUDIT_ADMIN}


class Command(BaseCommand):
    """Appoint the first three administrators of a bureau."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the place and the three people."""
        parser.add_argument("code", help="division code of the bureau, such as 520000")
        for part in PARTS:
            parser.add_argument(f"--{part}", required=True, metavar="USER:NAME:MAIL")

    @transaction.atomic
    def handle(self, *args: Any, code: str, **options: Any) -> None:
        """Make the three and print their links."""
        at = Jurisdiction.objects.filter(code=code, valid_to__isnull=True).first()
        if at is None:
            raise CommandError(f"没有代码为 {code} 的现行区划。请核对区划代码。")
        people = {role: self._details(part, options[part]) for part, role in PARTS.items()}
        try:
            made = appoint_first_administrators(people, at=at, on=business_today())
        except DomainError as error:
            raise CommandError(error.message) from error
        for post in made:
            self.stdout.write(f"{post}：{password_link(post.user)}")

    def _details(self, part: str, text: str) -> Details:
        pieces = text.split(":")
        if len(pieces) != 3 or not all(pieces):
            raise CommandError(f"--{part} 应写作 用户名:姓名:邮箱，现为“{text}”。")
        username, name, mail = pieces
        return Details(name, username, mail)
