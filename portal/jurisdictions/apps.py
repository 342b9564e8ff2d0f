from django.apps import AppConfig


class JurisdictionsConfig(AppConfig):
    name = "portal.jurisdictions"
    verbose_name = "区划"
