"""The addresses of the open interface, namespace `api`: read-only data under /api/v1/, its schema and its manual."""

from typing import Any

from django.urls import URLPattern, path, re_path

from applications import api as applications
from bases import api as bases
from portal.web import api, api_docs

app_name = "api"


def both(address: str, lookup: str, view_set: Any, name: str) -> list[URLPattern]:
    """Return the addresses of a list and of one of its entries."""
    return [
        path(f"v1/{address}/", api.open_api(view_set.as_view({"get": "list"})), name=f"{name}-list"),
        path(f"v1/{address}/<{lookup}>/", api.open_api(view_set.as_view({"get": "retrieve"})), name=f"{name}-detail"),
    ]


urlpatterns = [
    *both("jurisdictions", "str:code", bases.JurisdictionViewSet, "jurisdictions"),
    *both("bases", "str:slug", bases.BaseViewSet, "bases"),
    *both("certifications", "str:number", bases.CertificationViewSet, "certifications"),
    *both("calls", "int:pk", applications.CallViewSet, "calls"),
    *both("notices", "int:pk", applications.NoticeViewSet, "notices"),
    path("v1/verify/<str:code>/", api.open_api(bases.VerifyViewSet.as_view({"get": "retrieve"})), name="verify"),
    path("schema/", api_docs.schema_file, name="schema"),
    path("docs/", api_docs.manual, name="docs"),
    path("explorer/", api_docs.explorer, name="explorer"),
    re_path(r"^(?P<rest>.*)$", api.unknown_address, name="unknown"),
]
