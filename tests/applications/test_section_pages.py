"""The pages of the sections: whom to ask, what is filled in already, and what nobody has to type or upload."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Application
from bases.models import Base, Operator
from portal.accounts.capacity import Capacity
from portal.jurisdictions.models import AgencyProfile
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]


def page(client: Client, application: Application, section: str) -> str:
    return client.get(reverse("applications:section", args=[application.pk, section])).content.decode()


def of_field(body: str, name: str) -> str:
    """Return what a page says of one field of its form."""
    return body.partition(f'id="id_{name}')[2].partition('<div class="field"')[0]


def slot(body: str, name: str) -> str:
    return body.partition(f'<section class="stack s" id="{name}"')[2].partition("</section>")[0]


def test_who_is_stuck_is_told_the_bureau_that_receives_it_and_who_can_be_called_besides(
    cast: Cast, sign_in: SignIn, begun: Application
) -> None:
    client = sign_in(cast.wang)
    asked = page(client, begun, "unit").partition("填不下去，找谁")[2].partition("</aside>")[0]
    assert "云岩区人力资源和社会保障主管部门" in asked
    assert "电话" not in asked  # what the bureau has not published is left out
    AgencyProfile.objects.create(
        jurisdiction=cast.province, name="贵州省人力资源和社会保障厅", short_name="省人社厅", phone="0851-00000000"
    )
    for body in (page(client, begun, "unit"), client.get(f"/my/calls/{begun.call_id}/").content.decode()):
        asked = body.partition("，找谁")[2].partition("</aside>")[0]
        assert "贵州省人力资源和社会保障厅" in asked
        assert "0851-00000000" in asked


def test_every_page_of_a_draft_says_which_it_is_and_until_when_it_can_be_submitted(
    cast: Cast, sign_in: SignIn, begun: Application
) -> None:
    client = sign_in(cast.wang)
    until = f'<span class="nowrap">{begun.call.closes_at.astimezone(dossiers.CHINA):%Y-%m-%d %H:%M} 截止</span>'
    addresses = {
        1: reverse("applications:section", args=[begun.pk, "unit"]),
        5: reverse("applications:files", args=[begun.pk]),
        6: reverse("applications:check", args=[begun.pk]),
    }
    for number, address in addresses.items():
        body = client.get(address).content.decode()
        assert f"第 {number} 节，共 6 节" in body
        assert until in body


def test_a_page_promises_to_save_by_itself_only_where_a_script_runs(
    cast: Cast, sign_in: SignIn, begun: Application
) -> None:
    body = page(sign_in(cast.wang), begun, "unit")
    assert "<span data-autosaves hidden>填到一半可以离开，内容自动保存。</span>" in body
    assert "<noscript>填到一半要离开，先点“保存，稍后再填”。</noscript>" in body


def test_what_was_registered_is_not_asked_again(cast: Cast, sign_in: SignIn, begun: Application) -> None:
    Base.objects.filter(pk=cast.base.pk).update(opened_on="2022-03-01")
    Operator.objects.filter(pk=cast.operator.pk).update(phone="0573-82000000")
    client = sign_in(cast.wang)
    form = client.get(reverse("applications:section", args=[begun.pk, "unit"])).context["form"]
    assert (form["opened_on"].value(), form["contact_phone"].value()) == ("2022-03-01", "0573-82000000")
    dossiers.fill(begun, cast.wang, unit={"contact_phone": "13900000001"})
    form = client.get(reverse("applications:section", args=[begun.pk, "unit"])).context["form"]
    assert form["contact_phone"].value() == "13900000001"


def test_a_choice_that_may_be_left_out_can_be_taken_back(cast: Cast, sign_in: SignIn, begun: Application) -> None:
    client, address = sign_in(cast.wang), reverse("applications:section", args=[begun.pk, "unit"])
    assert ("", "不填") in client.get(address).context["form"]["host_park_type"].field.choices
    assert ("", "不填") not in client.get(address).context["form"]["legal_form"].field.choices
    dossiers.fill(begun, cast.wang, unit={"host_park_type": "science_park"})
    client.post(address, dossiers.complete_answers()["unit"] | {"host_park_type": "", "section_seen": "1"})
    assert begun.answers.get(section="unit").data["host_park_type"] is None


def test_the_success_rate_is_shown_and_not_typed(cast: Cast, sign_in: SignIn, begun: Application) -> None:
    client, address = sign_in(cast.wang), reverse("applications:section", args=[begun.pk, "tenants"])
    typed = dossiers.complete_answers()["tenants"] | {"success_rate": "12", "events": "不少"}
    answer = client.post(address, typed)
    assert answer.status_code == 422
    field = answer.context["form"]["success_rate"]
    assert (field.value(), field.field.disabled) == ("71.4", True)
    client.post(address, typed | {"events": "14", "section_seen": "1"})
    assert begun.answers.get(section="tenants").data["success_rate"] == "71.4"
    assert begun.answers.get(section="tenants").complete


@pytest.mark.parametrize(
    ("place", "answer", "rate"),
    [
        ("tenants.jobs", {"jobs": "311"}, "71"),
        ("tenants.graduated", {"graduated": "21"}, "75"),
        ("tenants.exited", {"graduated": "21"}, "75"),
    ],
)
def test_a_rate_filed_earlier_stays_unless_the_list_opens_what_it_follows_from(
    cast: Cast, place: str, answer: dict[str, str], rate: str
) -> None:
    application = dossiers.submitted(cast)
    row = application.answers.get(section="tenants")
    row.data["success_rate"] = "71"  # as it was once typed, to the whole percent
    row.save()
    items = [{"place": place, "kind": "incorrect", "note": "请核对。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    typed = dossiers.complete_answers(tenants=answer)["tenants"]
    actions.save_section(application, section="tenants", typed=typed, by=cast.wang, at=dossiers.moment(dossiers.FILED))
    assert application.answers.get(section="tenants").data["success_rate"] == rate


def test_no_upload_is_offered_for_a_title_that_the_register_alone_shows(
    cast: Cast, sign_in: SignIn, begun: Application
) -> None:
    client = sign_in(cast.wang)
    cast.base.certifications.all().delete()
    paper = slot(client.get(reverse("applications:files", args=[begun.pk])).content.decode(), "city_recognition")
    assert "以名册登记的称号为准，不用上传，也不能用上传代替登记。" in paper
    assert 'type="file"' not in paper
    assert "（选交）" not in paper
    checked = client.get(reverse("applications:check", args=[begun.pk])).content.decode()
    assert "没有上传“市（州）级认定文件”" not in checked
    assert ">必交还差 5 类<" in checked


def test_the_check_names_what_nobody_has_begun_and_how_many_papers_lack(
    cast: Cast, sign_in: SignIn, begun: Application
) -> None:
    answers = dossiers.complete_answers()
    for each in ("unit", "premises", "tenants"):
        moment = dossiers.moment(dossiers.FILED)
        actions.save_section(begun, section=each, typed=answers[each], by=cast.wang, at=moment)
    checked = sign_in(cast.wang).get(reverse("applications:check", args=[begun.pk])).content.decode()
    assert "还没有填：运营团队、材料上传（必交还差 5 类）。都填好才能提交。" in checked


def test_a_paper_the_bureau_asks_for_by_name_can_be_uploaded(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    items = [{"place": "city_recognition", "kind": "incomplete", "note": "盖章页不清楚。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    body = sign_in(cast.wang).get(reverse("applications:files", args=[application.pk])).content.decode()
    assert 'type="file"' in slot(body, "city_recognition")
