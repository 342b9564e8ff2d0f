"""The shell: what every page shares."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Static files, components, lists, forms and the pages that belong to nobody else."""

    name = "portal.web"
    label = "web"
    verbose_name = "页面外壳"
