"""The project: settings, wiring and the platform that all case work stands on."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
