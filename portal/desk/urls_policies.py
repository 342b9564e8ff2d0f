"""Addresses of the policy pages: `urlpatterns` for officers, `public_urlpatterns` for everybody."""

from django.urls import path

from portal.desk.policies import views

app_name = "policies"
urlpatterns = [
    path("", views.settings_page, name="settings"),
    path("<slug:pack_id>/<str:path>/", views.rule_on_value, name="value"),
]
public_urlpatterns = [
    path("<str:code>/policy/", views.policy_of_place, name="policy"),
    path("policies/<slug:pack_id>/", views.public_pack, name="policy_pack"),
]
