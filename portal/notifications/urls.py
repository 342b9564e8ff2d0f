"""Addresses of the inbox."""

from django.urls import path

from portal.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("bell/", views.bell, name="bell"),
    path("<int:message>/open/", views.open_message, name="open"),
    path("read-all/", views.read_all, name="read_all"),
]
