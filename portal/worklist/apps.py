from django.apps import AppConfig


class WorklistConfig(AppConfig):
    name = "portal.worklist"
    verbose_name = "待办"
