"""``manage.py policies``: the packs listed, shown, checked, and held against what implements them."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.policies.coverage import coverage, read_declared
from portal.policies.inspection import inspect
from portal.policies.listing import coverage_lines, pack_lines, pack_page, problem_lines, target_lines
from portal.policies.packs import Pack, all_packs
from portal.policies.problems import PackError
from portal.policies.sections import surroundings


class Command(BaseCommand):
    help = "列出、查看、检查政策文件，核对每一条由什么实现：list | show 编号 | check 文件… | coverage | targets 编号"
    requires_system_checks = []  # a broken pack must not keep its author from checking it

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="list|show|check|coverage|targets")
        acts.add_parser("list", help="列出政策文件")
        acts.add_parser("show", help="逐条查看一份政策文件").add_argument("id")
        acts.add_parser("check", help="检查政策文件").add_argument("files", nargs="+", type=Path)
        acts.add_parser("coverage", help="核对每一条由什么实现")
        acts.add_parser("targets", help="列出一份政策文件的目标").add_argument("id")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ACTS[options["act"]](self, options)
        except PackError as error:
            self._say(problem_lines(error.problems))
            raise CommandError(f"{error.source or '政策文件'} 有 {len(error.problems)} 处问题。") from error

    def print_list(self, options: dict[str, Any]) -> None:
        """Print one line for each pack."""
        self._say(pack_lines(self._packs().values()))

    def print_show(self, options: dict[str, Any]) -> None:
        """Print one pack clause by clause."""
        self._say(pack_page(self._pack(options["id"])))

    def print_targets(self, options: dict[str, Any]) -> None:
        """Print the targets of one pack."""
        self._say(target_lines(self._pack(options["id"])))

    def check_files(self, options: dict[str, Any]) -> None:
        """Print every problem of the given files; fail when there is one."""
        around = surroundings()
        found = 0
        for path in options["files"]:
            problems = inspect(path, around)
            found += len(problems)
            self.stdout.write(f"{path}：{f'{len(problems)} 处问题' if problems else '通过'}")
            self._say(problem_lines(problems))
        if found:
            raise CommandError(f"共 {found} 处问题，未装入任何内容。")

    def print_coverage(self, options: dict[str, Any]) -> None:
        """Print every clause with what implements it; fail when one is not accounted for."""
        rows = coverage(self._packs().values(), read_declared(Path(settings.POLICY_PACKS)))
        self._say(coverage_lines(rows))
        carried = [row for row in rows if row.implemented]
        partly = sum(row.open is not None for row in carried)
        lost = [row.clause.id for row in rows if not row.accounted]
        waiting = len(rows) - len(carried) - len(lost)
        self.stdout.write(
            f"共 {len(rows)} 条：已有实现 {len(carried)} 条（其中 {partly} 条尚有待建部分），"
            f"待建 {waiting} 条，没有着落 {len(lost)} 条。"
        )
        if lost:
            raise CommandError(
                f"没有着落的条款：{'、'.join(lost)}。请在 coverage.toml 中写明由什么实现，或待建的能力。"
            )

    def _packs(self) -> dict[str, Pack]:
        return all_packs(Path(settings.POLICY_PACKS))

    def _pack(self, pack_id: str) -> Pack:
        packs = all_packs(Path(settings.POLICY_PACKS), with_template=True)
        if pack_id not in packs:
            raise CommandError(f"没有编号为 {pack_id} 的政策文件。现有：{'、'.join(packs)}。")
        return packs[pack_id]

    def _say(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.stdout.write(line)


ACTS: dict[str, Callable[[Command, dict[str, Any]], None]] = {
    "list": Command.print_list,
    "show": Command.print_show,
    "check": Command.check_files,
    "coverage": Command.print_coverage,
    "targets": Command.print_targets,
}
