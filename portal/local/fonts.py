"""Chinese fonts for letters: the four faces of official documents, and Noto behind them for rare characters.

FandolFang, Kai, Hei and Song (GPL with font exception) lie in a large Debian package; only their files are taken, into
var/fonts. Where they cannot be had, letters are set in Noto Serif CJK.
"""

from pathlib import Path
from xml.sax.saxutils import escape

from portal.local.errors import LocalError
from portal.local.packages import install, take_files

FANDOL = (
    "FandolFang-Regular.otf",
    "FandolKai-Regular.otf",
    "FandolHei-Regular.otf",
    "FandolHei-Bold.otf",
    "FandolSong-Regular.otf",
    "FandolSong-Bold.otf",
)
NOTO = ("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc", "NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc")
CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}</dir>
</fontconfig>
"""
_SYSTEM = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")


def prepare_fonts(folder: Path, *, as_root: bool) -> list[str]:
    """See that the fonts are there; return what to tell the user, once, where one could not be had.

    Raises LocalError if no Chinese font can be had at all.
    """
    if not has_noto(folder):
        _get_noto(folder, as_root=as_root)
    if (folder / NOTO[0]).exists():  # not in a folder of the system, so the PDF maker must be told
        (folder / "fonts.conf").write_text(CONFIGURATION.format(folder=escape(str(folder))), encoding="utf-8")
    missing = folder / "fandol-missing"
    if all((folder / name).exists() for name in FANDOL) or missing.exists():
        return []
    print("正在取得公文字体（仿宋、楷体、黑体、宋体），约 50 MB …", flush=True)
    try:
        take_files("texlive-lang-chinese", lambda path: Path(path).name in FANDOL, folder)
    except LocalError as error:
        folder.mkdir(parents=True, exist_ok=True)
        missing.write_text(f"{error}\n", encoding="utf-8")
        return [f"未能取得公文字体，文书暂用思源宋体排版（{error}）。联网后删除 {missing} 再运行 make setup 可补装。"]
    return []


def has_noto(folder: Path) -> bool:
    """Tell whether Noto Serif CJK is installed on the machine or lies in `folder`."""
    if (folder / NOTO[0]).exists():
        return True
    return any(place.is_dir() and any(place.rglob("NotoSerifCJK*")) for place in _SYSTEM)


def _get_noto(folder: Path, *, as_root: bool) -> None:
    if as_root:
        install(["fonts-noto-cjk"])
        return
    print("正在取得中文字体（思源宋体、黑体），约 55 MB …", flush=True)
    try:
        take_files("fonts-noto-cjk", lambda path: Path(path).name in NOTO, folder)
    except LocalError as error:
        raise LocalError(
            f"{error}\n没有中文字体无法生成文书。请运行后重试：\n  sudo apt-get install -y fonts-noto-cjk"
        ) from error
