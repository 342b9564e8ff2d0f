"""Tests: strict, quick, nothing leaves the process."""

from portal.settings import env
from portal.settings.base import *  # noqa: F403  settings modules extend each other
from portal.settings.base import DATABASES, MIDDLEWARE, STORAGES

DEBUG = False
DEMO = env.flag("DEMO", False)
SECRET_KEY = "tests"
OFFICERS_NEED_MFA = False  # tests of the second factor switch it on
ALLOWED_HOSTS = ["*"]
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off -c lock_timeout=20s"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CELERY_TASK_ALWAYS_EAGER = True
ALLOWANCES_REDIS = ""  # tests share no counts; those of Redis start their own
CELERY_TASK_EAGER_PROPAGATES = True
CALENDAR_RECHECK_SECONDS = 0.0
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]  # no collected files in tests
