"""The manual of the open interface: written out from the schema, readable without script; and an explorer with it."""

import re
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from portal.accounts.decorators import public_view

CHOICE = re.compile(r"\* `(?P<code>[^`]+)` - (?P<word>.+)")  # as the schema lists the codes of a field, in Markdown


@cache
def schema() -> dict[str, Any]:
    """Return the OpenAPI schema of the open interface; it is the same until the program changes."""
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-any-return]  # untyped library


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    """Return the schema a reference leads to."""
    reference = node.get("$ref") or next((part["$ref"] for part in node.get("allOf", []) if "$ref" in part), "")
    return schema()["components"]["schemas"].get(reference.rsplit("/", 1)[-1], node) if reference else node


def _told(words: str) -> dict[str, Any]:
    """Return what a description says: its words, and each code it lists with the word for it."""
    choices = [match.group("code", "word") for match in CHOICE.finditer(words)]
    return {"meaning": "" if CHOICE.match(words) else words.split("\n\n")[0], "choices": choices}


def _fields(node: dict[str, Any], prefix: str = "") -> list[dict[str, Any]]:
    """Return the fields of an answer, those of parts with a dot, those of lists with brackets."""
    rows: list[dict[str, Any]] = []
    for name, field in _resolved(node).get("properties", {}).items():
        inner = field.get("items", field)
        target = _resolved(inner)
        kind = field.get("format") or field.get("type") or target.get("type", "")
        words = field.get("description") or target.get("description", "")
        rows.append({"name": prefix + name, "kind": str(kind), **_told(words)})
        mark = "[]." if "items" in field else "."
        rows += _fields(inner, f"{prefix}{name}{mark}") if target.get("properties") else []
    return rows


def _operations() -> list[dict[str, Any]]:
    found = []
    for address, methods in schema()["paths"].items():
        operation = methods["get"]
        answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
        results = _resolved(answer).get("properties", {}).get("results")
        found.append(
            {
                "id": operation["operationId"],
                "address": address,
                "words": operation.get("description", ""),
                "parameters": [{**each, **_told(each["description"])} for each in operation["parameters"]],
                "is_list": results is not None,
                "fields": _fields(results["items"] if results else answer),
            }
        )
    return found


def as_yaml() -> bytes:
    """Return the schema as the file docs/openapi.yaml holds it."""
    return OpenApiYamlRenderer().render(schema(), renderer_context={})  # type: ignore[no-any-return]  # untyped library


@public_view
@require_safe
def schema_file(request: HttpRequest) -> HttpResponse:
    """Give the OpenAPI 3.1 schema, as JSON where it is asked for (Accept or ?format=json), else as YAML."""
    kinds = ["application/vnd.oai.openapi", "application/yaml", "application/json"]
    wants = "application/json" if request.GET.get("format") == "json" else request.get_preferred_type(kinds)
    if wants == "application/json":
        return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False})
    return HttpResponse(as_yaml(), content_type="application/vnd.oai.openapi; charset=utf-8")


@public_view
@require_safe
def manual(request: HttpRequest) -> HttpResponse:
    """Show every address with its conditions and the fields of its answer."""
    return render(request, "web/api_docs.html", {"operations": _operations(), "info": schema()["info"]})


@public_view
@require_safe
def explorer(request: HttpRequest) -> HttpResponse:
    """Show the schema in Swagger UI, served from here, for trying addresses out."""
    return render(request, "web/api_explorer.html")
