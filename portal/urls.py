"""Every address of the portal."""

from django.urls import URLPattern, URLResolver, include, path

from bases.views import for_registration

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("account/", include("portal.accounts.urls")),
    path("register/", for_registration.register, name="register_operator"),
    path("messages/", include("portal.notifications.urls")),
    path("audit/", include("portal.desk.trail.urls")),
    path("letters/", include("portal.documents.urls")),
    path("api/", include("portal.api_urls")),
    path("", include("portal.web.urls")),
    path("", include("portal.public_urls")),
    path("", include("applications.urls")),
    path("", include("bases.urls")),
    path("", include("complaints.urls")),
    path("", include("portal.desk.urls")),
    path("desk/policies/", include("portal.desk.urls_policies")),
    path("demo/", include("portal.rehearsal.urls")),
]

handler400 = "portal.web.error_pages.bad_request"
handler403 = "portal.web.error_pages.denied"
handler404 = "portal.web.error_pages.not_found"
handler500 = "portal.web.error_pages.server_error"
