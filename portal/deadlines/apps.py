from importlib import import_module

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "portal.deadlines"
    verbose_name = "期限"

    def ready(self) -> None:
        import_module("portal.deadlines.checks")  # registers itself; it needs the models, so not before now
