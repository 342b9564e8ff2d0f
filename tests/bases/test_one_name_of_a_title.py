"""A title goes by one name: on the call, its letter, the certificate, the register, the verify page, every home."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications.letters.sources import title_name
from bases import letters
from bases.rules import BasePolicy
from portal.accounts.capacity import Capacity
from portal.jurisdictions.models import Level
from portal.policies.packs import all_packs
from tests.factories import dossiers, titles
from tests.factories.cast import cast_at

pytestmark = pytest.mark.django_db
PLACES = [
    ("650102", "xinjiang-2015", "base", "自治区级小企业创业基地", "小企业创业基地"),
    ("520103", "guizhou-2022", "city", "市级创业孵化基地", "创业孵化基地"),
    ("150602", "ordos-2022", "park", "创业园孵化基地", "创业园孵化基地"),
]


@pytest.mark.parametrize(("county", "policy", "title", "name", "plaque"), PLACES)
def test_a_title_has_one_name_on_every_page_and_paper(
    county: str, policy: str, title: str, name: str, plaque: str, sign_in: Callable[[Capacity], Client]
) -> None:
    cast, pack = cast_at(county), all_packs()[policy]
    call = dossiers.open_call(cast, title)
    held = titles.certification(
        cast.base,
        title=title,
        policy=policy,
        category_name=pack.section(BasePolicy).title(title).name.value,
        plaque_text=plaque,
        period_ends=None,
    )
    assert title_name(pack, title) == held.titled == name
    certificate = letters.certificate(held)
    assert f"认定为{name}。" in certificate.body[0].text
    assert certificate.facts["plaque"] == plaque
    at = cast.base.jurisdiction.ancestor(Level.CITY).code
    shown = {
        "call": Client().get(reverse("public:call", args=[call.jurisdiction.code, call.pk])),
        "verify": Client().get(f"/verify/{held.verify_code}", follow=True),
        "register": Client().get(f"/{at}/register/", follow=True),
        "base": Client().get(f"/base/{held.base.slug}/"),
        "home": sign_in(cast.wang).get("/my/"),
        "desk": sign_in(cast.city_caseworker).get("/desk/register/"),
    }
    for page, answer in shown.items():
        text = answer.content.decode()
        assert name in text, page
        assert f"{plaque}（" not in text, page
