"""What a bureau changes in the register: old beside new on record, nothing saved that changes nothing."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.html import strip_tags

from bases.models import Certification, Operator
from portal.accounts.capacity import Capacity
from portal.audit.models import AuditEvent
from portal.uscc import check_character
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
RECORDED = {
    "title": "city",
    "certified_on": "2024-05-06",
    "document": "筑人社发〔2024〕5 号",
    "number": "筑认〔2024〕7号",
}


@pytest.fixture
def held(cast: Cast, sign_in: SignIn) -> Certification:
    sign_in(cast.city_caseworker).post(f"/desk/register/{cast.base.pk}/record/", RECORDED)
    return Certification.objects.get()


def test_a_change_that_changes_nothing_is_refused_and_leaves_no_trace(cast: Cast, sign_in: SignIn) -> None:
    client, url = sign_in(cast.county_caseworker), f"/desk/register/{cast.base.pk}/amend/"
    same = {
        field: client.get(url).context["form"][field].value() or "" for field in client.get(url).context["form"].fields
    }
    answer = client.post(url, same)
    assert (answer.status_code, "没有要保存的变更" in answer.content.decode()) == (422, True)
    assert not AuditEvent.objects.filter(verb="base.amended").exists()
    assert client.post(url, same | {"address": "新华路 9 号"}).status_code == 302
    assert list(AuditEvent.objects.get(verb="base.amended").facts["after"]) == ["address"]


def test_a_correction_shows_old_and_new_and_why_and_nothing_that_stayed(
    cast: Cast, sign_in: SignIn, held: Certification
) -> None:
    client = sign_in(cast.city_approver)
    url, why = f"/desk/register/titles/{held.pk}/correct/", "与文件原件核对，日期录错"
    same = client.post(url, {**RECORDED, "because": why})
    assert (same.status_code, "没有要保存的更正" in same.content.decode()) == (422, True)
    assert client.post(url, {**RECORDED, "certified_on": "2024-05-16", "because": why}).status_code == 302
    page = client.get(f"/desk/register/{cast.base.pk}/").content.decode()
    assert "认定日期：2024-05-06 → 2024-05-16" in strip_tags(page)
    assert f"原因：{why}" in page
    assert "认定文件：" not in page
    assert (
        "由 无 改为 无"
        not in sign_in(cast.audit_admin).get(f"/desk/audit/bases.certification/{held.pk}/").content.decode()
    )


def test_who_entered_a_title_is_told_who_corrects_it_instead_of_being_offered_it(
    cast: Cast, sign_in: SignIn, held: Certification
) -> None:
    own = sign_in(cast.city_caseworker).get(f"/desk/register/{cast.base.pk}/").content.decode()
    other = sign_in(cast.city_approver).get(f"/desk/register/{cast.base.pk}/").content.decode()
    link = f"/desk/register/titles/{held.pk}/correct/"
    assert (link in own, "由本单位另一位经办岗或审批岗更正" in own) == (False, True)
    assert (link in other, "由本单位另一位经办岗或审批岗更正" in other) == (True, False)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"document": "x"}, "“x”不像文号或文件名称"), ({"number": "!!!"}, "“!!!”里没有文字和数字")],
)
def test_a_title_is_not_entered_by_what_names_no_paper(
    cast: Cast, sign_in: SignIn, wrong: dict[str, str], sentence: str
) -> None:
    answer = sign_in(cast.city_caseworker).post(f"/desk/register/{cast.base.pk}/record/", RECORDED | wrong)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert not Certification.objects.exists()


def test_a_credit_code_that_needs_no_exception_gets_none(cast: Cast, sign_in: SignIn) -> None:
    client, url = sign_in(cast.county_caseworker), f"/desk/register/{cast.base.pk}/uscc/"
    body = "91520103MA6DEM777"
    right = body + check_character(body)
    answer = client.post(url, {"code": right, "because": "核对营业执照原件"})
    assert (answer.status_code, "合乎校验规则，不用特殊核准" in answer.content.decode()) == (422, True)
    unusual = body + ("0" if right[-1] != "0" else "1")
    assert client.post(url, {"code": unusual, "because": "核对营业执照原件"}).status_code == 302
    assert Operator.objects.get(pk=cast.operator.pk).uscc == unusual
