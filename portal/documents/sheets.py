"""How a letter stands on its sheet: lines of head and title, marks, code. Worked out from frozen wording only."""

import itertools
import re
from dataclasses import dataclass
from math import ceil
from typing import Any

import segno

from portal.deadlines.sums import in_words
from portal.documents.models import Letter

UNSEALED = "打印件 / 无电子印章，以正式印发文件为准"
ORIGINAL = {False: "即同一文号的纸质原件", True: "即同一编号的纸质证书"}
TITLE_CHARS = 19  # 22 pt on a line of 156 mm, a little air left
HEAD_SIZES = ((10, "xl"), (13, "l"), (16, "m"), (18, "s"))  # most characters on one line, class of the size
CROWDED = 5  # lines of head and title together
# fmt: off
BREAK_AFTER = (
    "关于", "同意", "认定", "推荐", "开展", "申报", "的", "等", "、", "，", "》", "）", "年度", "厅",
    "局", "省", "自治区", "市", "自治州", "县", "地区", "盟", "旗", "大学生", "农民工", "军人", "基地", "园",
    "中心", "公司",
)
BREAK_BEFORE = (
    "关于", "认定", "申报", "为", "《", "（", "的通知", "的批复", "的函", "省级", "市级", "国家级", "自治区级",
    "大学生", "返乡", "退役", "拟认定", "名单", "公示",
)
# fmt: on
NEVER_FIRST = "、，。；：）》”的了等级"
NEVER_LAST = "（《“、"
NEVER_PARTED = ("园区",)  # one word, although a name may end with its first character
OFFICE = re.compile(r"^(?P<place>.+?)(?P<office>(?:人力资源|科学技术|经济和信息化|就业|创新).+)$")


@dataclass(frozen=True)
class Sheet:
    """What the templates of a letter read. `preview`: not issued, no number; `tight`: set closer, to save a page."""

    letter: Letter
    wording: dict[str, Any]
    head: tuple[str, ...]
    head_size: str
    title: tuple[str, ...]
    date: str
    status: str
    preview: bool
    marks: tuple[str, ...]
    qr: str
    qr_size: int
    tight: bool = False

    @property
    def crowded(self) -> bool:
        """Whether head and title take so much room that the first page must be set closer to show some text."""
        return len(self.head) + len(self.title) > CROWDED

    @property
    def issuer_words(self) -> tuple[str, ...]:
        """Return the name of the bureau in the words between which a narrow screen may break it: place and office."""
        found = OFFICE.match(self.letter.issuer)
        return (found["place"], found["office"]) if found else (self.letter.issuer,)

    @property
    def check_at(self) -> str:
        """Return the page on which anybody can type the number, as people write it: portal.example/verify/."""
        page = self.wording.get("facts", {}).get("address", "").rpartition("/")[0]
        return f"{page.partition('://')[2]}/" if page else ""

    @property
    def annexes(self) -> list[dict[str, Any]]:
        """Return the annexes, each with its title and blocks."""
        return list(self.wording.get("annexes", []))


def sheet_of(letter: Letter, *, preview: bool = False) -> Sheet:
    """Return how `letter` stands on its sheet. It need not be saved: a preview has no number."""
    head = head_lines(letter.issuer)
    title = title_lines(letter.title)
    if letter.wording["layout"] == "official":
        title = (*((letter.issuer,) if len(letter.issuer) <= TITLE_CHARS else head), *title)
    path, size = qr_path(letter.wording.get("facts", {}).get("address", ""))
    marks = ("演示数据",) * letter.demo + ("预览",) * preview + ("作废",) * (letter.voided_on is not None)
    return Sheet(
        letter=letter,
        wording=letter.wording,
        head=head,
        head_size=head_size(head),
        title=title,
        date=in_words(letter.issued_on),
        status=f"{UNSEALED}（{ORIGINAL[letter.wording['layout'] == 'certificate']}）",
        preview=preview,
        marks=marks,
        qr=path,
        qr_size=size,
    )


def head_lines(issuer: str) -> tuple[str, ...]:
    """Return the red head: one line, or place and office on two where one would be too long."""
    if len(issuer) <= HEAD_SIZES[-1][0]:
        return (issuer,)
    found = OFFICE.match(issuer)
    if found:
        return (found["place"], found["office"])
    return title_lines(issuer, HEAD_SIZES[-1][0])


def head_size(lines: tuple[str, ...]) -> str:
    """Return the class of the largest size at which every line of the head fits between the margins."""
    longest = max(map(len, lines))
    return next((name for most, name in HEAD_SIZES if longest <= most), "xs")


def title_lines(title: str, most: int = TITLE_CHARS) -> tuple[str, ...]:
    """Return a title in lines of at most `most` characters, broken between words and about evenly.

    GB/T 9704: 回行时做到词意完整、排列对称、长短适宜.
    """
    length = len(title)
    count = ceil(length / most)
    if count <= 1:
        return (title,)
    for lines in (count, count + 1):
        breaks = _best_breaks(title, lines, most)
        if breaks:
            places = (0, *breaks, length)
            return tuple(title[start:end] for start, end in itertools.pairwise(places))
    return tuple(title[start : start + most] for start in range(0, length, most))


def _best_breaks(title: str, lines: int, most: int) -> tuple[int, ...]:
    """Return where to break so that the lines are even and no break parts a word, by the cheapest way to each place."""
    even = len(title) / lines
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for line in range(lines):
        reached: dict[int, tuple[float, tuple[int, ...]]] = {}
        ends = range(1, len(title)) if line < lines - 1 else [len(title)]
        for end in ends:
            ways = [
                (cost + (end - start - even) ** 2 + _break_cost(title, end), (*breaks, end))
                for start, (cost, breaks) in best.items()
                if 0 < end - start <= most
            ]
            if ways:
                reached[end] = min(ways)
        best = reached
    return best[len(title)][1][:-1] if len(title) in best else ()


def _break_cost(title: str, place: int) -> float:
    if place == len(title):
        return 0.0
    if title[place] in NEVER_FIRST or title[place - 1] in NEVER_LAST or title[place - 1 : place + 1] in NEVER_PARTED:
        return 1000.0
    good = title[:place].endswith(BREAK_AFTER) or title[place:].startswith(BREAK_BEFORE)
    return 0.0 if good else 60.0


def qr_path(address: str) -> tuple[str, int]:
    """Return an address as the path of a QR code, one unit a module, and its side with the quiet zone."""
    if not address:
        return "", 0
    code = segno.make(address, error="m", micro=False)
    border = 2
    runs = []
    for row, modules in enumerate(code.matrix):
        column = 0
        for dark, group in itertools.groupby(modules):
            width = len(list(group))
            if dark:
                runs.append(f"M{column + border} {row + border}h{width}v1h-{width}z")
            column += width
    return "".join(runs), len(code.matrix) + 2 * border
