"""The menu marks the entry to which a page belongs, also where its address begins otherwise."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from applications import actions
from portal.accounts.capacity import VISITOR, Capacity
from tests.factories import dossiers
from tests.factories.cast import Cast, cast_at
from tests.factories.complaints import Story

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
CURRENT = re.compile(r'<a[^>]*aria-current="page"[^>]*>\s*([^<]+?)\s*<')


@pytest.mark.slow
def test_the_menu_marks_where_one_is(sign_in: SignIn) -> None:
    story = Story(cast_at("520103"))
    case, base = story.in_defence().pk, story.base.pk
    officer, wang = sign_in(story.cast.county_caseworker), sign_in(story.cast.wang)
    pages = (
        (officer, f"/desk/bases/{base}/complaints/", "投诉"),
        (officer, f"/desk/bases/{base}/complaints/enter/", "投诉"),
        (officer, f"/desk/register/{base}/tenants/", "基地名册"),
        (officer, f"/desk/revocations/{case}/", "撤销"),
        (wang, f"/my/bases/{base}/tenants/", "在孵实体"),
        (wang, f"/my/bases/{base}/", "申报"),
        (wang, f"/my/revocations/{case}/", "基地投诉"),
    )
    marked = {address: CURRENT.findall(client.get(address).content.decode())[:1] for client, address, _ in pages}
    assert marked == {address: [word] for _, address, word in pages}


def test_the_menu_marks_where_the_path_of_an_objection_begins(cast: Cast, sign_in: SignIn) -> None:
    application, notice = dossiers.publicised(cast)
    said = {"name": "李某某", "contact": "13800000000", "reason": "孵化面积与实际不符，请核实。"}
    found = actions.receive_objection(notice, application=application, by=VISITOR, on=notice.ends_on, **said)
    client = sign_in(cast.province_caseworker)
    for address, word in ((f"/desk/objections/{found.pk}/", "办件"), (f"/desk/notices/{notice.pk}/", "申报批次")):
        assert CURRENT.findall(client.get(address).content.decode())[:1] == [word]
