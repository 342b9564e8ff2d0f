"""Setting up: exact lines for those who are not root, fonts with a fallback said once, stamps that make it a no-op."""

import io
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from portal.local import fonts, install, packages, setup
from portal.local.errors import LocalError
from portal.local.folders import CHECKOUT


@pytest.fixture
def as_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(packages.shutil, "which", lambda name: f"/usr/bin/{name}")


@pytest.mark.usefixtures("as_user")
def test_without_root_missing_libraries_are_named_in_one_line_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "_loads", lambda library: library == "libpango-1.0.so.0")
    with pytest.raises(LocalError) as missing:
        setup.prepare_libraries()
    line = "apt-get install -y --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0"
    assert f"sudo sh -c 'apt-get update && {line}'" in str(missing.value)


def test_nothing_is_installed_where_all_libraries_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "_loads", lambda library: True)
    monkeypatch.setattr(setup, "install", lambda names: pytest.fail(f"installed {names}"))
    setup.prepare_libraries()


def test_a_machine_without_apt_is_told_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages.shutil, "which", lambda name: None)
    with pytest.raises(LocalError, match=r"fonts-noto-cjk.*软件包管理器"):
        packages.install(["fonts-noto-cjk"])


def test_missing_document_fonts_are_said_once_and_letters_go_on_in_noto(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "has_noto", lambda folder: True)
    monkeypatch.setattr(fonts, "take_files", _unreachable)
    notes = fonts.prepare_fonts(tmp_path / "fonts", as_root=False)
    assert len(notes) == 1
    assert "思源宋体" in notes[0]
    assert fonts.prepare_fonts(tmp_path / "fonts", as_root=False) == []


def test_no_chinese_font_at_all_stops_with_the_line_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "has_noto", lambda folder: False)
    monkeypatch.setattr(fonts, "take_files", _unreachable)
    with pytest.raises(LocalError, match="sudo apt-get install -y fonts-noto-cjk"):
        fonts.prepare_fonts(tmp_path, as_root=False)


def _unreachable(*_: object) -> list[Path]:
    raise LocalError("无法下载")


def test_only_the_wanted_files_are_taken_out_of_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "content.tar"
    with tarfile.open(archive, "w") as content:
        for name in ("./usr/share/fonts/FandolFang-Regular.otf", "./usr/share/doc/changelog", "./../FandolKai.otf"):
            member = tarfile.TarInfo(name)
            member.size = 4
            content.addfile(member, io.BytesIO(b"font"))
    program = tmp_path / "dpkg-deb"
    program.write_text('#!/bin/sh\nexec cat "$2"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    taken = packages._extract(archive, lambda path: path.endswith(".otf"), tmp_path / "out")
    assert sorted(file.name for file in taken) == ["FandolFang-Regular.otf", "FandolKai.otf"]
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["FandolFang-Regular.otf", "FandolKai.otf"]


def test_installing_again_does_nothing_until_a_lock_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    (tmp_path / "requirements").mkdir()
    lock = tmp_path / "requirements" / "base.txt"
    lock.write_text("one==1\n")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "usable", lambda: True)
    monkeypatch.setattr(install.subprocess, "run", lambda words: ran.append(words) or _done())
    assert [install.main(["base"]), install.main(["base"]), len(ran)] == [0, 0, 1]
    assert "--require-hashes" in ran[0]
    lock.write_text("one==2\n")
    assert [install.main(["base"]), len(ran)] == [0, 2]


def _done() -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess([], 0)


def test_an_old_python_is_told_what_is_needed(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(install, "OLDEST", (99, 0))
    assert install.main(["base"]) == 1
    assert "需要 Python 99.0" in capsys.readouterr().err


def test_the_first_step_needs_nothing_but_python() -> None:
    read = f"import runpy; runpy.run_path({str(CHECKOUT / 'portal' / 'local' / 'install.py')!r})"
    assert subprocess.run([sys.executable, "-S", "-I", "-c", read], check=False).returncode == 0


def test_translations_are_compiled_when_they_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n')
    monkeypatch.setattr(setup, "CHECKOUT", tmp_path)
    setup.compile_messages()
    written = (folder / "django.mo").stat().st_mtime_ns
    setup.compile_messages()
    assert (folder / "django.mo").stat().st_mtime_ns == written


def test_fonts_fetched_without_root_are_made_known_to_the_pdf_maker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a & b" / "fonts"
    monkeypatch.setattr(fonts, "has_noto", lambda folder: False)

    def take(package: str, wanted: object, target: Path) -> list[Path]:
        target.mkdir(parents=True, exist_ok=True)
        names = fonts.NOTO if package == "fonts-noto-cjk" else fonts.FANDOL
        return [(target / name, (target / name).touch())[0] for name in names]

    monkeypatch.setattr(fonts, "take_files", take)
    assert fonts.prepare_fonts(folder, as_root=False) == []
    assert f"<dir>{tmp_path}/a &amp; b/fonts</dir>" in (folder / "fonts.conf").read_text()


def test_a_command_with_services_chooses_its_own_settings() -> None:
    ask = [sys.executable, "-c", "import os; print(os.environ.get('DJANGO_SETTINGS_MODULE'))"]
    bare = {"PATH": "/usr/bin:/bin", "DATABASE_URL": "postgres://given/already"}
    run = [sys.executable, "-m", "portal.local", *ask]
    for given, passed_on in (
        ({}, "None"),
        ({"DJANGO_SETTINGS_MODULE": "portal.settings.demo"}, "portal.settings.demo"),
    ):
        told = subprocess.run(run, cwd=CHECKOUT, env=bare | given, check=True, capture_output=True, text=True)
        assert told.stdout.strip() == passed_on
