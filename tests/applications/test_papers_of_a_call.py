"""The papers of a call: every page that counts them counts what the applicant has to upload."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.capacity import Capacity
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db


def test_home_call_and_application_name_the_same_number_of_papers(
    cast: Cast, sign_in: Callable[[Capacity], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    call = dossiers.open_call(cast)
    for module in ("for_public", "for_operators.cases"):
        monkeypatch.setattr(f"applications.views.{module}.business_now", lambda: dossiers.moment(dossiers.FILED))
    monkeypatch.setattr("applications.views.for_operators.cases.business_today", lambda: dossiers.FILED)
    code = cast.county.code
    pages = {
        "home": (Client(), reverse("public:home", args=[code]), r"等 (\d+) 类材料"),
        "call": (Client(), reverse("public:call", args=[code, call.pk]), r"要准备其中 (\d+) 类"),
        "start": (sign_in(cast.wang), f"/my/calls/{call.pk}/", r"要准备的材料（(\d+) 类）"),
    }
    told = {name: re.findall(words, client.get(url).content.decode()) for name, (client, url, words) in pages.items()}
    assert told["home"] == told["call"] == told["start"]
    assert told["start"] != [f"{len(call.documents)}"]  # the register shows one, a bureau issues another
