"""Every record belongs to a bureau, so that a stranger can be told apart: itself, or through what it hangs on."""

import pytest
from django.apps import apps
from django.db import models

from portal.jurisdictions.models import Jurisdiction, JurisdictionOwned
from tests.architecture.addresses import OURS

# Models that belong to no bureau. Each with the reason.
NOBODYS = {
    "jurisdictions.Jurisdiction": "it is the territory itself",
    "deadlines.CalendarDay": "days of the whole nation; a local day names its jurisdiction",
    "notifications.Digest": "that a person got their mail of a day; shown to nobody",
    "web.Allowance": "a count of attempts by a network address; lives for minutes",
    "web.Pulse": "when a job of the machinery last ran; holds no case",
    "deadlines.BusinessClock": "the one clock of the demo",
    "accounts.User": "a person; may hold posts in several bureaus; region_code names who keeps the login",
    "accounts.PasswordUsed": "hashes of a person's own former passwords; shown to nobody",
}


def our_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith(OURS) and not model._meta.proxy and not model._meta.auto_created
    ]


def owned(model: type[models.Model], seen: frozenset[type[models.Model]] = frozenset()) -> bool:
    """Whether the model names its place, or hangs by a required foreign key on one that does."""
    if issubclass(model, JurisdictionOwned) or hasattr(model, "region_code"):
        return True
    links = [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey) and not field.null]
    return any(
        link.related_model is Jurisdiction
        or (link.related_model not in seen | {model} and owned(link.related_model, seen | {model}))
        for link in links
        if link.related_model._meta.label not in NOBODYS or link.related_model is Jurisdiction
    )


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_record_is_owned(model: type[models.Model]) -> None:
    if model._meta.label in NOBODYS:
        return
    assert owned(model), (
        f"{model._meta.label} belongs to no bureau: derive it from JurisdictionOwned, give it region_code, "
        "or hang it on something that has one"
    )


def test_every_exception_still_exists() -> None:
    labels = {model._meta.label for model in our_models()}
    assert set(NOBODYS) - labels == set()
