"""`make demo`: everything on one machine, with demo data, date control and one-click sign-in."""

from portal.settings import env
from portal.settings.base import *  # noqa: F403  settings modules extend each other
from portal.settings.base import STORAGES, VAR

DEMO = True
OFFICERS_NEED_MFA = False  # one click signs in; see docs/decisions
DEBUG = False
SECRET_KEY = env.text("SECRET_KEY", "the-demo-holds-no-secrets")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False  # from one demo person to the next
# Packing the files takes the better part of a minute and saves nothing on one machine.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
# The next year is nearly always unpublished when a visitor tries the demo; the calendar page says so where it matters.
SILENCED_SYSTEM_CHECKS = ["deadlines.W001"]
