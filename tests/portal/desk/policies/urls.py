"""The policy pages alone, with the names the shells expect."""

from django.urls import include, path

from portal.desk.urls_policies import public_urlpatterns

urlpatterns = [
    path("", include("portal.web.urls")),
    path("accounts/", include("allauth.urls")),
    path("desk/policies/", include("portal.desk.urls_policies")),
    path("", include((public_urlpatterns, "public"))),
]
