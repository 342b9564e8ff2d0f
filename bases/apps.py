from django.apps import AppConfig


class BasesConfig(AppConfig):
    name = "bases"
    verbose_name = "基地名册"
