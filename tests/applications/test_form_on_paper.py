"""The application form as it is printed, stamped, signed and scanned (D-01: the stamped page is one of the papers)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications import dossier
from applications.models import Application
from portal.accounts.capacity import Capacity
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]


def _form(client: Client, application: Application, page: str = "as_filed") -> str:
    shown = client.get(reverse(f"applications:{page}", args=[application.pk])).content.decode()
    return shown.partition("<article")[2].partition("</article>")[0]


@pytest.mark.parametrize(("who", "page"), [("wang", "as_filed"), ("county_caseworker", "case_as_filed")])
def test_the_form_names_the_unit_the_call_and_the_title_and_leaves_room_to_stamp_and_sign(
    cast: Cast, sign_in: SignIn, who: str, page: str
) -> None:
    application = dossiers.submitted(cast)
    form = _form(sign_in(getattr(cast, who)), application, page)
    named = (cast.operator.name, cast.operator.uscc, cast.base.name, application.call.name, application.reference)
    room = ("法定代表人（签字）", "申报单位（盖章）", "日期")
    for word in (*named, *room, *(each.name for each in dossier.SECTIONS)):
        assert str(word) in form
    assert "申报书</h1>" in form
    assert "草稿" not in form


def test_a_draft_is_marked_as_one_in_small_and_no_button_is_printed(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.draft(cast)
    client = sign_in(cast.wang)
    form = _form(client, application)
    assert '<p class="small muted">草稿，尚未提交</p>' in form
    assert "<button" not in form
    page = client.get(reverse("applications:as_filed", args=[application.pk])).content.decode()
    assert 'class="btn no-print" type="button" data-print' in page
