"""The server that is flooded: as it is measured, but without packing static files first."""

from portal.settings import env
from portal.settings.bench import *  # noqa: F403  settings modules extend each other
from portal.settings.bench import STORAGES

COMPLAINT_GUARD = env.flag("COMPLAINT_GUARD", True)
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
