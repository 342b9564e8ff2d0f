"""Addresses of letters."""

from django.urls import path

from portal.documents import views

app_name = "documents"

urlpatterns = [
    path("<uuid:key>/", views.letter, name="letter"),
    path("<uuid:key>/pdf/", views.letter_pdf, name="letter_pdf"),
    path("<uuid:key>/void/", views.void, name="void_letter"),
]
