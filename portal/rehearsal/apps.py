from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    name = "portal.rehearsal"
    verbose_name = "推演"
