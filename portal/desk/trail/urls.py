"""Addresses of the audit trail."""

from django.urls import path

from portal.desk.trail import views

app_name = "audit"
urlpatterns = [
    path("", views.search, name="search"),
    path("export/", views.export, name="export"),
    path("timeline/<str:subject_type>/<str:subject_id>/", views.timeline, name="timeline"),
]
