from importlib import import_module

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "portal.policies"
    verbose_name = "政策"

    def ready(self) -> None:
        import_module("portal.policies.checks")  # registers itself with Django's system checks
