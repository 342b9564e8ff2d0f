"""Step one of `make setup`: the virtual environment. Run by path with the machine's own Python and nothing else.

`python3 portal/local/install.py NAME …` installs requirements/NAME.txt for each name into .venv, hashes checked, and
does nothing when the files are as they were.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEEDED_NEXT = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-noto-cjk")


def main(names: list[str]) -> int:
    """Make the environment, install what is asked for, and return the exit status."""
    if sys.version_info < OLDEST:
        return fail(
            f"需要 Python {OLDEST[0]}.{OLDEST[1]} 或更高版本，当前为 {sys.version.split()[0]}。"
            "请安装后用 make PYTHON=python3.11 指定。"
        )
    if not usable() and not make():
        return fail(
            "Python 缺少建立虚拟环境的组件。请运行下面一行后重试（后面几项是文书排版所需，一并装好）：\n"
            f"  {privileged()}apt-get install -y {venv_package()} {' '.join(NEEDED_NEXT)}"
        )
    for name in names:
        stamp = VENV / f".installed-{name}"
        wanted = fingerprint(name)
        if stamp.exists() and stamp.read_text() == wanted:
            continue
        print(f"正在安装 requirements/{name}.txt …", flush=True)
        command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        if subprocess.run([*command, "-r", str(ROOT / "requirements" / f"{name}.txt")]).returncode:
            return fail(f"安装 requirements/{name}.txt 失败，原因见上。请检查网络或 pip 的软件源设置后重试。")
        stamp.write_text(wanted)
    return 0


def usable() -> bool:
    """Tell whether .venv is there, whole, and of a Python that still exists."""
    return (
        PYTHON.exists() and not subprocess.run([PYTHON, "-m", "pip", "--version"], stdout=subprocess.DEVNULL).returncode
    )


def make() -> bool:
    """Make .venv; as root, fetch Debian's package for it if that is what is missing."""
    if create():
        return True
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"正在安装系统软件包 {venv_package()} …", flush=True)
    for words in (["update"], ["install", "-y", "--no-install-recommends", venv_package()]):
        subprocess.run(
            ["apt-get", "-q", *words],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdout=subprocess.DEVNULL,
        )
    return create()


def create() -> bool:
    """Make .venv afresh; leave nothing half-made."""
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
    return made.returncode == 0


def fingerprint(name: str) -> str:
    """Return what the stamp of an installed requirements file says: its content and the Python it was for."""
    content = (ROOT / "requirements" / f"{name}.txt").read_bytes()
    return f"{hashlib.sha256(content).hexdigest()} {sys.version_info.major}.{sys.version_info.minor}\n"


def venv_package() -> str:
    """Name Debian's package with `venv` and `ensurepip` for this Python."""
    return f"python{sys.version_info.major}.{sys.version_info.minor}-venv"


def privileged() -> str:
    """Return what goes before a command that needs root."""
    return "" if os.geteuid() == 0 else "sudo "


def fail(message: str) -> int:
    """Print what is wrong and how to go on."""
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
