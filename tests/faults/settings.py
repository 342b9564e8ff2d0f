"""A worker of its own process for the tests that kill it: real jobs, mails and papers written to a folder."""

from portal.settings import env
from portal.settings.test import *  # noqa: F403  settings modules extend each other

CELERY_TASK_ALWAYS_EAGER = False
EMAIL_BACKEND = "tests.faults.outside.Post"
LETTER_WRITER = "tests.faults.outside.paper"
MEDIA_ROOT = env.text("FAULTS_FOLDER")
CELERY_IMPORTS = ["tests.faults.naive"]
