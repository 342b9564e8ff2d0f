"""Why a file is not taken: which file, what was found, what is expected, how to fix it."""

from portal.errors import DomainError


class Refused(DomainError):
    """A file that is not kept. The message names it and says how to mend it."""

    def __init__(self, name: str, *, found: str, expected: str, fix: str) -> None:
        super().__init__(f"“{name}”没有收下：{found}；{expected}。{fix}。")
        self.found = found
