"""The browser that tests drive: Chromium of the machine, else the one Playwright fetches."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from portal.local.errors import LocalError
from portal.local.packages import install

NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")


def find_browser() -> Path | None:
    """Return a Chromium that really starts: PORTAL_BROWSER, one in PATH, or Playwright's own."""
    given = os.environ.get("PORTAL_BROWSER")
    found = [Path(given)] if given else [Path(path) for name in NAMES if (path := shutil.which(name))]
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    found += sorted(cache.glob("chromium-*/chrome-linux*/chrome"), reverse=True)
    return next((path for path in found if _starts(path)), None)


def prepare_browser() -> None:
    """Install Chromium where there is none. Raises LocalError with the line to run where that needs root."""
    if find_browser():
        return
    if os.geteuid() == 0 and not _is_ubuntu():  # Ubuntu's package only points to a snap, which containers lack
        install(["chromium"])
    else:
        extra = ["--with-deps"] if os.geteuid() == 0 else []
        print("正在取得测试用浏览器 Chromium …", flush=True)
        fetch = [sys.executable, "-m", "playwright", "install", *extra, "chromium"]
        subprocess.run(fetch, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not find_browser():
        raise LocalError(
            "没有可用的 Chromium，浏览器测试无法运行。请运行后重试：\n  sudo apt-get install -y chromium\n"
            "也可用 PORTAL_BROWSER 指定浏览器程序，或运行不含浏览器的 make test-fast。"
        )


def _starts(path: Path) -> bool:
    try:
        return subprocess.run([path, "--version"], check=False, capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _is_ubuntu() -> bool:
    try:
        return "ID=ubuntu" in Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return False
