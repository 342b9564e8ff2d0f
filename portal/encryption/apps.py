from importlib import import_module

from django.apps import AppConfig


class EncryptionConfig(AppConfig):
    name = "portal.encryption"
    verbose_name = "加密"

    def ready(self) -> None:
        import_module("portal.encryption.checks")  # registers itself with Django's system checks
