"""Addresses of the pages that belong to no case."""

from django.urls import path

from portal.web import health, look, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("display/", views.display, name="display"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("help/", views.help_index, name="help"),
    path("help/<slug:role>/", views.help_page, name="help_page"),
    path("look/", look.components, name="look"),
    path("look/<slug:shell>/", look.shell, name="look_shell"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
