"""Applies each hand-made mutant of the rules in turn to a copy of the sources and expects the tests to notice.

    python tests/mutants/run.py [name ...]

Exit status 0 if every mutant was caught, 1 otherwise. Nothing in the working copy is touched.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COPIED = ("bases", "applications", "assessments", "complaints", "subsidies", "portal", "fixtures", "tests", "templates")
FILES = ("manage.py", "pyproject.toml")
RULES = "bases/rules.py", "complaints/rules.py", "assessments/rules.py", "applications/rules.py", "subsidies/rules"
TESTS = (
    "tests/bases/test_rules.py",
    "tests/bases/test_rules_revocation.py",
    "tests/complaints/test_rules.py",
    "tests/assessments/test_rules.py",
    "tests/applications/test_rules.py",
    "tests/subsidies/test_rules_certification.py",
    "tests/subsidies/test_rules_windows.py",
    "tests/subsidies/test_rules_households.py",
)


def patches(names: list[str]) -> list[Path]:
    """Return the patches asked for, all if none is named."""
    found = sorted(HERE.glob("*.patch"))
    return [path for path in found if not names or path.stem in names]


def applies(patch: Path, root: Path, *, check: bool) -> bool:
    """Apply a patch below a folder, or only see whether it would."""
    command = ["git", "apply", *(["--check"] if check else []), str(patch)]
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(root.parent)}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False).returncode == 0


def tests_pass(root: Path) -> bool:
    """Run the tests of the rules on a copy, until the first failure."""
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider", *TESTS]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False).returncode == 0


def copied(into: Path) -> Path:
    """Copy what the tests of the rules need."""
    root = into / "copy"
    root.mkdir()
    for name in COPIED:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "static"))
    for name in FILES:
        shutil.copy(ROOT / name, root / name)
    return root


def caught(patch: Path, root: Path) -> str:
    """Return what became of a mutant; the copy is as before afterwards."""
    if not applies(patch, root, check=False):
        return "does not apply any more"
    verdict = "SURVIVED" if tests_pass(root) else "caught"
    for name in RULES:
        source, target = ROOT / name, root / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return verdict


def main(names: list[str]) -> int:
    """Try every mutant and print what became of it."""
    with tempfile.TemporaryDirectory() as folder:
        root = copied(Path(folder))
        if not tests_pass(root):
            print("The tests fail without any mutant; nothing can be learnt.")
            return 1
        verdicts = {}
        for patch in patches(names):
            verdicts[patch.stem] = caught(patch, root)
            print(f"{verdicts[patch.stem]:<12} {patch.stem}", flush=True)
    return 0 if all(verdict == "caught" for verdict in verdicts.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
