"""Addresses of the register for officers. The public ones stand in portal/public_urls.py."""

from django.urls import path

from bases.views import for_officers

app_name = "bases"
urlpatterns = [
    path("desk/register/", for_officers.register, name="register"),
    path("desk/register/<int:pk>/record/", for_officers.record_title, name="record"),
    path("desk/register/titles/<int:pk>/correct/", for_officers.correct_title, name="correct"),
    path("desk/register/<int:pk>/amend/", for_officers.amend, name="amend"),
    path("desk/register/<int:pk>/uscc/", for_officers.accept_uscc, name="accept_uscc"),
]
