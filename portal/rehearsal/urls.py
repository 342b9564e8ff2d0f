"""Addresses of the demo's date control."""

from django.urls import path

from portal.rehearsal import views

app_name = "rehearsal"

urlpatterns = [
    path("next-day/", views.next_day, name="next_day"),
    path("next-deadline/", views.to_next_deadline, name="next_deadline"),
]
