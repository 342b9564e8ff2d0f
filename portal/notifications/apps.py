from importlib import import_module

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "portal.notifications"
    verbose_name = "消息"

    def ready(self) -> None:
        import_module("portal.notifications.about_posts").connect()  # it needs the models, so not before now
