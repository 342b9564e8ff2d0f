"""Every address of the portal, taken from the URLconf itself: new views are seen without anybody listing them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

OURS = ("portal.", "bases.", "applications.", "assessments.", "complaints.", "subsidies.")

# Views of others that stand in the URLconf as they are. Each with the reason why it needs no mark of ours.
THIRD_PARTY = {
    "django.views.i18n.set_language": "changes the reader's language cookie only; open to everybody",
    "drf_spectacular.views.SpectacularAPIView": "the public description of the public read-only API",
    "drf_spectacular.views.SpectacularJSONAPIView": "the public description of the public read-only API",
    "drf_spectacular.views.SpectacularSwaggerView": "the public documentation of the public read-only API",
    "drf_spectacular.views.SpectacularRedocView": "the public documentation of the public read-only API",
    "django.views.static.serve": "development only: files of the checkout",
}


@dataclass(frozen=True)
class Address:
    """One leaf of the URLconf: its full route, its name with namespaces, its view, its arguments' converters."""

    route: str
    name: str
    view: Callable[..., Any]
    arguments: tuple[str, ...]

    @property
    def audience(self) -> str:
        """Return the mark of the view: public, person, operator, officer; empty if it has none."""
        return str(getattr(self.view, "audience", ""))

    @property
    def permissions(self) -> frozenset[str]:
        """Return the permissions of which an officer needs one; empty if any officer may enter."""
        return frozenset(getattr(self.view, "permissions", frozenset()))

    @property
    def third_party(self) -> bool:
        """Whether the view is one of the listed ones of others."""
        return dotted(self.view) in THIRD_PARTY

    def __str__(self) -> str:
        return f"{self.name or '-'} /{self.route}"


def dotted(view: Callable[..., Any]) -> str:
    """Return the import path of a view: of its class, where it is one."""
    made_of = getattr(view, "view_class", None) or getattr(view, "cls", None) or view
    return f"{made_of.__module__}.{made_of.__qualname__}"


def every_address() -> list[Address]:
    """Return every leaf of the URLconf, in its order."""
    return list(_walk(get_resolver().url_patterns, "", ()))


def _walk(patterns: list[Any], route: str, namespaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, here, inside)
        elif isinstance(pattern, URLPattern):
            name = ":".join((*namespaces, pattern.name or ""))
            yield Address(here, name, pattern.callback, _arguments(here))


def _arguments(route: str) -> tuple[str, ...]:
    names, rest = [], route
    while "<" in rest:
        inside, _, rest = rest.partition("<")[2].partition(">")
        names.append(inside.rpartition(":")[2])
    return tuple(names)
