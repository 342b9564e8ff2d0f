from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    verbose_name = "人员"

    def ready(self) -> None:
        import_module("portal.accounts.receivers").connect()  # they need the models, so not before now
