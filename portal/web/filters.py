"""The chosen conditions of a list, in words, each with the way to drop it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest

from portal.web.parts import Chip


def chips(request: HttpRequest, form: forms.Form) -> list[Chip]:
    """Return one chip for each filled field of a valid filter form: label：value, linked to the list without it."""
    if not form.is_bound or not form.is_valid():
        return []
    shown = [name for name, field in form.fields.items() if not field.widget.is_hidden]
    chosen = ((name, form.cleaned_data.get(name)) for name in shown)
    return [
        Chip(f"{form.fields[name].label}：{_words(form.fields[name], value)}", without(request, name), removes=True)
        for name, value in chosen
        if value not in (None, "", [], ()) and value != form.fields[name].initial
    ]


def without(request: HttpRequest, *names: str) -> str:
    """Return the query string of this list without `names`, back on the first page."""
    query = request.GET.copy()
    for name in (*names, "page"):
        query.pop(name, None)
    return f"?{query.urlencode()}"


def _words(field: forms.Field, value: Any) -> str:
    """Return the value of a filter as its reader knows it: the label of a choice, the name of an object."""
    choices = getattr(field, "choices", None)
    if choices is not None:
        labels = {str(key): str(label) for key, label in _flat(choices)}
        values = value if isinstance(value, list | tuple) else [value]
        return "、".join(labels.get(str(getattr(one, "pk", one)), str(one)) for one in values)
    return str(value)


def _flat(choices: Iterable[tuple[Any, Any]]) -> Iterable[tuple[Any, Any]]:
    """Return choices without their groups."""
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label
