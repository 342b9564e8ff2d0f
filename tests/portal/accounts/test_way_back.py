"""A form that was refused leads back to the page that held it."""

import pytest
from django.urls import reverse

from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("referer", "back"),
    [("http://testserver/account/people/?q=a", "/account/people/?q=a"), ("https://evil.example/", "/"), (None, "/")],
)
def test_a_refused_form_leads_back_to_the_page_that_held_it(
    sign_in, cast: Cast, referer: str | None, back: str
) -> None:
    post_only = reverse("accounts:end_post", args=[cast.county_caseworker.membership.pk])
    headers = {"Referer": referer} if referer else {}
    page = sign_in(cast.system_admin).post(post_only, {"reason": ""}, headers=headers)
    assert page.status_code == 422
    assert f'<a class="btn" href="{back}">' in page.content.decode()
    assert f'href="{post_only}"' not in page.content.decode()
