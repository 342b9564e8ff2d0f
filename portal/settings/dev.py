"""Development on one machine: `manage.py` uses these."""

from portal.settings import env
from portal.settings.base import *  # noqa: F403  settings modules extend each other
from portal.settings.base import STORAGES

DEBUG = env.flag("DEBUG", True)
SECRET_KEY = env.text("SECRET_KEY", "only-for-development-never-in-production")
ALLOWED_HOSTS = ["*"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
