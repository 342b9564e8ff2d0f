"""The cast, strict settings, and a database: what every test stands on."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db.backends.postgresql.operations import DatabaseOperations
from django.template import engines
from django.test import Client
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from portal.accounts.capacity import SESSION_KEY, Capacity
from portal.celery import app
from portal.local.browser import find_browser
from portal.local.services import services
from portal.settings import env
from tests.factories.cast import Cast, cast_at

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# Loaded by migrations: a test that commits must leave them as they were. They refer to nothing outside themselves.
KEPT_TABLES = frozenset(
    {
        "jurisdictions_jurisdiction",
        "deadlines_calendarday",
        "deadlines_calendaryear",
        "deadlines_calendarversion",
        "django_content_type",
        "auth_permission",
        "django_migrations",
    }
)

_services = ExitStack()

# A busy machine must not fail a property, and whoever runs the suite again sees what the first run saw.
settings.register_profile("portal", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("portal")


def pytest_configure(config: pytest.Config) -> None:
    """Start a PostgreSQL of our own if none is named; workers of xdist inherit its address."""
    if os.environ.get("DATABASE_URL") or hasattr(config, "workerinput"):
        return
    found = _services.enter_context(services("pytest", durable=False, broker=False))
    os.environ["DATABASE_URL"] = found["DATABASE_URL"]
    django_settings.DATABASES["default"].update(env.database(found["DATABASE_URL"]))


@pytest.fixture(scope="session", autouse=True)
def _tasks_run_at_once() -> None:
    """Let Celery read its settings before a test changes them: it reads them once, when it is first asked."""
    assert app.conf.task_always_eager


def pytest_unconfigure() -> None:
    """Stop what was started."""
    _services.close()


class UndefinedVariable(AssertionError):
    """A template names something that the view did not give."""


class Undefined(str):
    """Stands for a template variable that does not exist: showing it fails the test, `|default` may replace it."""

    def __contains__(self, part: object) -> bool:
        return True

    def __bool__(self) -> bool:
        frame = sys._getframe(1)
        filters = getattr(frame.f_locals.get("self"), "filters", ())
        replaced = bool(filters) and filters[0][0].__name__ == "default"
        return frame.f_code.co_name != "default" and not replaced

    def __mod__(self, variable: Any) -> str:
        raise UndefinedVariable(f"Undefined template variable: {variable}")


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_fail() -> None:
    """Make an undefined template variable a failure, as it would be in Python."""
    django_settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()  # for engines made anew, as for DEBUG
    engines["django"].engine.string_if_invalid = Undefined()


@pytest.fixture(autouse=True, scope="session")
def _files_of_this_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give each process a folder of its own for what is uploaded; pytest clears away the folders of old runs."""
    django_settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True, scope="session")
def _flush_keeps_reference_data() -> Iterator[None]:
    """Let tests that commit empty the tables although audit events refuse it, and keep what migrations loaded."""
    original = DatabaseOperations.sql_flush

    def sql_flush(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        emptied = [table for table in tables if table not in KEPT_TABLES]
        guard = "ALTER TABLE audit_auditevent %s TRIGGER USER"
        return [guard % "DISABLE", *original(self, style, emptied, **options), guard % "ENABLE"]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]
    yield
    DatabaseOperations.sql_flush = original  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _nobody_tried_before() -> None:
    """Forget the attempts that limits counted in other tests."""
    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    """The people of the stories: in Guizhou, Guiyang, Yunyan district."""
    return cast_at("520103")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The one browser of this process: playwright refuses a second while the first runs."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright keeps a loop in this thread; the tests do not
        browser = driver.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def sign_in(client: Client) -> Callable[[Capacity], Client]:
    """Return a function that gives a client signed in as a capacity: `sign_in(cast.county_caseworker).get(…)`."""

    def signed_in(capacity: Capacity) -> Client:
        fresh = Client()
        fresh.force_login(get_user_model().objects.get(pk=capacity.user_id), backend=BACKEND)
        session = fresh.session
        session[SESSION_KEY] = capacity.key
        session.save()
        return fresh

    return signed_in
