"""The application form as it is printed, stamped, signed and scanned (D-01: the stamped page is one of the papers)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions, dossier
from applications.letters.calls import call_notice
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


def test_a_form_to_stamp_is_called_so_and_names_the_papers_to_come_and_no_button_is_printed(
    cast: Cast, sign_in: SignIn
) -> None:
    application = dossiers.draft(cast)
    client = sign_in(cast.wang)
    form = _form(client, application)
    assert "盖章用，还没有提交" in form
    assert "扫描上传到材料“推荐（申报）表盖章页”" in form
    assert "草稿" not in form
    assert "提交后产生" not in form
    for removed in application.attachments.all():
        removed.removed_at = dossiers.moment(dossiers.FILED)
        removed.save()
    form = _form(client, application)
    assert "材料（0 份）" not in form
    elsewhere = {"application_form", "city_recognition"}
    to_come = [each.name for each in dossiers.required(application) if each.slot not in elsewhere]
    assert form.count("另在平台上传") == len(to_come)
    assert all(name in form for name in to_come)
    heading = f"随附材料（除本表外 {len(to_come)} 类，另有 1 类免交）"
    assert heading in form
    listed = form.partition(heading)[2].partition("</section>")[0]
    assert listed.count("<dt>") == len(to_come) + 1
    (counted,) = [block.text for block in call_notice(application.call).body if "材料清单如下" in block.text]
    assert f"必交{len(to_come) + 1}类" in counted  # this form among them
    assert "<button" not in form
    page = client.get(reverse("applications:as_filed", args=[application.pk])).content.decode()
    assert 'class="btn no-print" type="button" data-print' in page


def test_what_is_stamped_in_a_correction_bears_the_number_and_the_base_beside_the_signature(
    cast: Cast, sign_in: SignIn
) -> None:
    application = dossiers.submitted(cast)
    items = [{"place": "unit.summary", "kind": "incomplete", "note": "请补写近三年的服务成效。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    address = reverse("applications:as_filed", args=[application.pk])
    form = sign_in(cast.wang).get(f"{address}?v=now").content.decode().partition("<article")[2]
    assert "盖章用，还没有提交" in form
    signature = form.partition('id="a-sign"')[2].partition("</section>")[0]
    assert cast.base.name in signature
    assert str(dossiers.fresh(application).reference) in signature
