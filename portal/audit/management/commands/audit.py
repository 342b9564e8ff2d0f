"""manage.py audit verify [--chain 52] [--against FILE] | checkpoint FILE"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.audit.checkpoints import read_checkpoint, write_checkpoint
from portal.audit.recording import chains, head, verify
from portal.deadlines.today import business_now
from portal.errors import DomainError


class Command(BaseCommand):
    """Verify the chains of the audit trail, or write down where they end."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the two things it can do."""
        acts = parser.add_subparsers(dest="act", required=True)
        checking = acts.add_parser("verify", help="recompute every chain; exit 1 if one is broken")
        checking.add_argument("--chain", help="two digits of a province; all chains without it")
        checking.add_argument("--against", type=Path, help="a checkpoint kept outside: a cut tail is seen")
        writing = acts.add_parser("checkpoint", help="write where every chain ends, to be kept outside")
        writing.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the act that was asked for."""
        try:
            if options["act"] == "checkpoint":
                self._checkpoint(options["file"])
            else:
                self._verify(options["chain"], options["against"])
        except DomainError as error:
            raise CommandError(error.message) from error

    def _checkpoint(self, path: Path) -> None:
        heads = write_checkpoint(path, at=business_now())
        for chain, end in heads.items():
            self.stdout.write(f"链 {chain}：{end.count} 条，末条摘要 {end.hash[:16]}，业务日期 {end.on}")
        self.stdout.write(f"已写入 {path}。请存放到数据库以外的地方。")

    def _verify(self, chain: str | None, against: Path | None) -> None:
        outside = read_checkpoint(against) if against else {}
        broken = 0
        for name in [chain] if chain else sorted({*chains(), *outside}):
            problems = verify(name, outside.get(name))
            broken += bool(problems)
            for problem in problems:
                self.stderr.write(problem)
            if not problems:
                self.stdout.write(f"链 {name}：{head(name).count} 条，完整。")
        if broken:
            raise CommandError(f"{broken} 条链有问题，见上。")
