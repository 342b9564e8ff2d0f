"""Measurements: as in production, but on the loopback address, without TLS and without a second factor to type."""

from portal.settings import env
from portal.settings.base import *  # noqa: F403  settings modules extend each other
from portal.settings.base import STORAGES

DEBUG = False
MEASUREMENTS = True  # rows may be copied in by the hundred thousand, where no real base stands
SECRET_KEY = env.text("SECRET_KEY", "measurements-hold-no-secrets")
OFFICERS_NEED_MFA = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
