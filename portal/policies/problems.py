"""What can be wrong with a policy pack, said so that its author can mend it."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.errors import DomainError


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a pack: where, what was found, what is expected, how to mend it."""

    path: str
    found: str
    expected: str
    fix: str

    def __str__(self) -> str:
        place = self.path or "整个文件"
        return f"{place}：现为 {self.found}，应为 {self.expected}。{self.fix}"


class PackError(DomainError):
    """A pack or one of its sections cannot be used; ``problems`` names everything wrong with it."""

    def __init__(self, *problems: Problem, source: str = "") -> None:
        self.problems = problems
        self.source = source
        head = f"政策文件 {source} 有 {len(problems)} 处问题：" if source else ""
        super().__init__(head + "；".join(str(problem) for problem in problems))

    @property
    def path(self) -> str:
        """Return the dotted path of the first problem."""
        return self.problems[0].path

    @property
    def found(self) -> str:
        """Return what stood at the place of the first problem."""
        return self.problems[0].found

    @property
    def expected(self) -> str:
        """Return what should have stood there."""
        return self.problems[0].expected

    @property
    def fix(self) -> str:
        """Return how the first problem is mended."""
        return self.problems[0].fix


class Unfit(ValueError):
    """Raised by a section's ``__post_init__`` when its fields, each right alone, contradict each other."""

    def __init__(self, field: str, *, found: str, expected: str, fix: str) -> None:
        super().__init__(f"{field}：{found}")
        self.field, self.found, self.expected, self.fix = field, found, expected, fix


def shown(raw: object) -> str:
    """Return a raw TOML value as the author of the pack would recognise it, shortened."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, Mapping):
        return "{ " + "、".join(raw) + " }" if raw else "空表 { }"
    if isinstance(raw, list):
        return f"{len(raw)} 项的数组"
    text = f"“{raw}”" if isinstance(raw, str) else str(raw)
    return text if len(text) <= 60 else text[:57] + "…"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the closest of the known words, or lists them."""
    words = list(known)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if close:
        return f"是否想写 {close[0]}？"
    return f"可用：{'、'.join(words)}。" if words else ""
