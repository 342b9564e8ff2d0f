"""Short films (mp4): every box of the file must be whole, and nothing may follow the last one."""

from pathlib import Path

from portal.documents.refusals import Refused

NEEDED = {b"ftyp", b"moov"}
MOST_BOXES = 10_000


def inspect_film(path: Path, name: str) -> None:
    """Raise Refused unless the file is a whole mp4 from its first byte to its last."""
    kinds = _boxes(path)
    if kinds is None or not kinds >= NEEDED:
        raise Refused(
            name,
            found="视频已损坏、不完整，或者夹带了其他数据",
            expected="要能正常播放的 MP4 视频",
            fix="请重新导出为 MP4（H.264）再上传",
        )


def _boxes(path: Path) -> set[bytes] | None:
    """Return the kinds of the top boxes; None if they do not fill the file exactly."""
    size, place = path.stat().st_size, 0
    kinds: set[bytes] = set()
    with path.open("rb") as file:
        for _count in range(MOST_BOXES):
            if place == size:
                return kinds
            file.seek(place)
            head = file.read(16)
            length = int.from_bytes(head[:4])
            if length == 1:
                length = int.from_bytes(head[8:16])
            if len(head) < 8 or length < 8 or place + length > size or not head[4:8].isascii():
                return None
            kinds.add(head[4:8])
            place += length
    return None
