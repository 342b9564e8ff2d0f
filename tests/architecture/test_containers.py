"""What runs in containers gets every setting, keeps no secret in git or the image, and may be tried without TLS."""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

ROOT = Path(__file__).parents[2]
IN_THE_IMAGE = {"PORTAL_VAR"}
NEEDED = {"SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "ALLOWED_HOSTS", "SITE_URL"}
ENVIRONMENT = {
    "SECRET_KEY": "k" * 50,
    "FIELD_KEYS": "first=" + "A" * 43 + "=",
    "INDEX_KEY": "B" * 43 + "=",
    "ALLOWED_HOSTS": "localhost",
    "SITE_URL": "http://localhost:8000",
}


def passed_on() -> dict[str, str | None]:
    """Return what the containers' environment is made of."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    found: dict[str, str | None] = compose["x-portal"]["environment"]
    return found


def production(expression: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Print a setting of production as a process of its own sees it."""
    code = f"from portal.settings import production as s; print({expression})"
    env = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_every_variable_the_settings_read_reaches_the_containers() -> None:
    files = [ROOT / "portal" / "settings" / name for name in ("base.py", "production.py")]
    reader = re.compile(r"env\.(?:text|flag|number|words)\(\"([A-Z_]+)\"")
    read = {name for file in files for name in reader.findall(file.read_text(encoding="utf-8"))}
    assert read - IN_THE_IMAGE - set(passed_on()) == set()


def test_compose_stops_with_a_sentence_where_a_needed_variable_is_missing() -> None:
    given = passed_on()
    assert [name for name in sorted(NEEDED) if f"${{{name}:?Set {name} in .env" not in str(given[name])] == []


@pytest.mark.parametrize("name", sorted(NEEDED - {"ALLOWED_HOSTS"}))
def test_production_does_not_start_without(name: str) -> None:
    done = production("s.SITE_URL", **{key: value for key, value in ENVIRONMENT.items() if key != name})
    assert done.returncode == 1
    assert f"Set the environment variable {name}." in done.stderr


def test_without_tls_cookies_have_names_a_browser_accepts() -> None:
    asked = "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE"
    assert production(asked, **ENVIRONMENT).stdout.split() == ["__Host-session", "__Host-csrf", "True", "True"]
    plain = production(asked, SECURE_SSL_REDIRECT="0", **ENVIRONMENT)
    assert plain.stdout.split() == ["session", "csrf", "False", "False"]


@pytest.mark.parametrize("file", [".gitignore", ".dockerignore"])
def test_the_secrets_of_a_deployment_stay_out_of_git_and_of_the_image(file: str) -> None:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    assert {"/.env", ".env*"} & set(lines)


def test_the_folder_of_uploads_belongs_to_who_runs_before_it_becomes_a_volume() -> None:
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    order = ["mkdir -p /var/lib/portal/media", "chown -R portal: /var/lib/portal", "\nUSER portal", "\nVOLUME /var/lib"]
    places = [image.find(step) for step in order]
    assert -1 not in places
    assert places == sorted(places)


def test_the_portal_logs_in_to_the_database_as_a_role_that_row_level_security_binds() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    login = urlsplit(str(passed_on()["DATABASE_URL"])).netloc.partition(":")[0]
    server = compose["services"]["postgres"]
    assert server["environment"]["POSTGRES_USER"] not in {login, None}
    script = compose["configs"][server["configs"][0]["source"]]["content"]
    assert f"CREATE ROLE {login} LOGIN NOSUPERUSER NOBYPASSRLS" in script
    assert f"CREATE DATABASE portal OWNER {login}" in script
