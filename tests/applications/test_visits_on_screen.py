"""The record of a site visit: held against what was filed, every error at once, what disagrees with its words."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.forms.reviewing import POINTS
from applications.models import Application, SiteVisit
from portal.accounts.capacity import Capacity
from portal.documents.models import Upload
from portal.errors import InvalidInput
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
DISAGREES = {"point": "场地面积与合同一致", "agrees": False, "found": ""}


def _post(client: Client, application: Application, **changes: Any) -> HttpResponse:
    said: dict[str, Any] = {f"found:{code}": "yes" for code, _label in POINTS}
    said |= {"visited_on": "2026-03-09", "received_by": "王运营", "record_text": "逐项看过。", "conclusion": "for"}
    return client.post(reverse("applications:visit", args=[application.pk]), said | {"seen": 0} | changes)


def test_what_was_filed_stands_beside_each_point(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.reviewed_by_city(cast)
    page = sign_in(cast.province_caseworker).get(reverse("applications:visit", args=[application.pk])).content.decode()
    for filed in ("建筑面积 3900 平方米", "孵化面积 3200 平方米", "在孵实体 52 户", "已具备的设施和条件 供电、供水"):
        assert filed in page


def test_point_that_disagrees_needs_what_was_found(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.reviewed_by_city(cast)
    with pytest.raises(InvalidInput) as refused:
        dossiers.visit(application, cast, findings=[DISAGREES])
    assert "不相符，请写明现场是怎样的" in refused.value.problems["findings"]
    answer = _post(sign_in(cast.province_caseworker), application, **{"found:premises": "no", "note:premises": " "})
    assert answer.status_code == 422
    assert "“场地面积与合同一致”的说明：选了不相符，请写明现场是怎样的" in answer.content.decode()
    assert not SiteVisit.objects.exists()


def test_every_error_of_a_visit_is_said_at_once_and_lost_photographs_too(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.reviewed_by_city(cast)
    one = cast.province_caseworker.user_id
    paper = SimpleUploadedFile("现场.docx", b"text", "application/octet-stream")
    client = sign_in(cast.province_caseworker)
    page = _post(client, application, officers=[one], received_by="", photos=[paper]).content.decode()
    for sentence in ("考察人员：至少 2 名，现在选了 1 名。", "请填写现场接待人。", "“现场.docx”不是 JPG 或 PNG 照片"):
        assert sentence in page
    assert "照片没有保存，改好以后请重新选择照片。" in page


def test_what_was_not_checked_on_a_visit_is_asked_for_without_an_answer_in_the_question(
    cast: Cast, sign_in: SignIn
) -> None:
    application = dossiers.reviewed_by_city(cast)
    page = _post(sign_in(cast.province_caseworker), application, **{"found:facilities": ""}).content.decode()
    assert "设施齐全，能正常使用：还没有选，请选相符或不相符。" in page
    assert "请选择设施齐全" not in page


def test_photographs_stay_when_something_else_has_to_be_mended(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.reviewed_by_city(cast)
    two = [cast.province_caseworker.user_id, cast.second_caseworker.user_id]
    client = sign_in(cast.province_caseworker)
    photo = SimpleUploadedFile("大门.jpg", dossiers.small_photo(), "image/jpeg")
    asked = _post(client, application, officers=two, visited_on="2026-03-02", photos=[photo], seen=application.revision)
    page = asked.content.decode()
    assert "早于这件申报到达考察环节的 2026-03-09" in page
    assert "照片没有保存" not in page
    assert "大门.jpg" in page
    kept = str(Upload.objects.get(original_name="大门.jpg").key)
    assert f'value="{kept}"' in page
    done = _post(client, application, officers=two, kept=[kept], seen=application.revision)
    assert done.status_code == 302
    assert [each.original_name for each in SiteVisit.objects.get().photos.all()] == ["大门.jpg"]


def test_what_has_to_be_mended_of_a_visit_is_named_in_the_order_of_the_page(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.reviewed_by_city(cast)
    wrong = {"found:rules": "no", "found:tenants": "", "received_by": "", "record_text": "", "conclusion": ""}
    page = _post(sign_in(cast.province_caseworker), application, **wrong).content.decode()
    named = re.findall(r'<li><a href="#id_([a-z_:]+)', page.partition('class="errors')[2].partition("</ul>")[0])
    assert named == ["officers", "received_by", "found:tenants", "note:rules", "record_text", "photos", "conclusion"]
    where = [page.index(f'id="id_{name}') for name in named]
    assert where == sorted(where)


def test_the_note_of_a_point_is_called_needed_where_it_disagrees(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.reviewed_by_city(cast)
    page = sign_in(cast.province_caseworker).get(reverse("applications:visit", args=[application.pk])).content.decode()
    label = page.partition('<label for="id_note:premises">')[2].partition("</label>")[0]
    assert "“场地面积与合同一致”的说明" in label
    assert "（不相符的必填）" in label


def test_a_photograph_chosen_again_is_taken_once(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.reviewed_by_city(cast)
    client = sign_in(cast.province_caseworker)
    said: dict[str, Any] = {"officers": [cast.province_caseworker.user_id, cast.second_caseworker.user_id]}

    def photos() -> list[SimpleUploadedFile]:
        names = ("大门.jpg", "大门（副本）.jpg")
        return [SimpleUploadedFile(name, dossiers.small_photo(), "image/jpeg") for name in names]

    page = _post(client, application, received_by="", photos=photos(), **said).content.decode()
    assert "照片已收到 1 张，不用再选。" in page
    assert "已收到的照片（1 张）" in page
    kept = [str(Upload.objects.get(original_name="大门.jpg").key)]
    page = _post(client, application, received_by="", photos=photos(), kept=kept, **said).content.decode()
    assert "照片已收到 1 张，不用再选。" in page
    done = _post(client, application, photos=photos(), kept=kept, seen=application.revision, **said)
    assert done.status_code == 302
    assert [each.original_name for each in SiteVisit.objects.get().photos.all()] == ["大门.jpg"]
    assert Upload.objects.filter(media_type="image/jpeg").count() == 1


def test_a_day_that_cannot_be_is_said_with_everything_else(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.reviewed_by_city(cast)
    page = _post(sign_in(cast.province_caseworker), application, visited_on="2026-03-02", received_by="")
    for sentence in ("早于这件申报到达考察环节的 2026-03-09", "请填写现场接待人。", "现场照片"):
        assert sentence in page.content.decode()


def test_a_visit_before_the_case_came_to_this_step_is_refused(cast: Cast, sign_in: SignIn, time_machine: Any) -> None:
    arrived = dossiers.FILED + datetime.timedelta(days=2)
    application = dossiers.reviewed_by_city(cast, on=arrived)
    with pytest.raises(InvalidInput) as refused:
        dossiers.visit(application, cast, arrived, visited_on=dossiers.FILED)
    assert f"早于这件申报到达考察环节的 {arrived}" in refused.value.problems["visited_on"]
    time_machine.move_to(dossiers.moment(arrived, 11))
    client = sign_in(cast.province_caseworker)
    page = _post(client, application, visited_on=str(dossiers.FILED)).content.decode()
    assert f"考察日期：{dossiers.FILED} 早于这件申报到达考察环节的 {arrived}，请填到达以后去现场的日期。" in page
    assert f"这件申报 {arrived} 到达本环节，不能早于这一天" in page
    dossiers.visit(application, cast, arrived)
    assert SiteVisit.objects.get().visited_on == arrived


def test_a_visit_before_the_bureau_asked_for_corrections_stays_good_after_them(cast: Cast) -> None:
    application = dossiers.reviewed_by_city(cast)
    asked = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同附图不一致。"}]
    actions.return_for_correction(application, items=asked, by=cast.province_caseworker, on=dossiers.FILED)
    back = dossiers.moment(dossiers.FILED + datetime.timedelta(days=1))
    said = {"premises.incubation_area": "按合同附图核对，面积无误。", **dossiers.SAME_PAGE}
    actions.submit_application(application, by=cast.wang, at=back, declared=True, replies=said)
    dossiers.visit(dossiers.fresh(application), cast, back.date(), visited_on=dossiers.FILED)
    assert SiteVisit.objects.get().visited_on == dossiers.FILED


def test_a_visit_on_a_day_off_is_kept_and_said_to_be_on_one(cast: Cast, sign_in: SignIn, time_machine: Any) -> None:
    application, sunday = dossiers.reviewed_by_city(cast), datetime.date(2026, 3, 15)
    time_machine.move_to(dossiers.moment(sunday + datetime.timedelta(days=1), 11))
    said: dict[str, Any] = {"officers": [cast.province_caseworker.user_id, cast.second_caseworker.user_id]}
    said |= {"photos": [SimpleUploadedFile("大门.jpg", dossiers.small_photo(), "image/jpeg")]}
    client = sign_in(cast.province_caseworker)
    done = _post(client, application, visited_on=str(sunday), seen=application.revision, **said)
    assert SiteVisit.objects.get().visited_on == sunday
    page = client.get(done.headers["Location"]).content.decode()
    assert "考察日期 2026-03-15 是星期日，不是工作日。" in page


def test_photographs_of_somebody_else_are_not_taken_for_ones_own(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.reviewed_by_city(cast)
    file = dossiers.upload(cast.wang, cast.base, "他人.jpg")
    two = [cast.province_caseworker.user_id, cast.second_caseworker.user_id]
    answer = _post(sign_in(cast.province_caseworker), application, officers=two, kept=[str(file.key), "x"])
    assert answer.status_code == 422
    assert not SiteVisit.objects.exists()


def test_approver_reads_what_disagreed_with_its_words(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.reviewed_by_city(cast)
    found = [DISAGREES | {"found": "实测 2900 平方米。", "as_filed": "孵化面积 3200 平方米"}]
    dossiers.visit(application, cast, findings=found)
    page = sign_in(cast.province_caseworker).get(reverse("applications:case", args=[application.pk])).content.decode()
    assert "实地考察有 1 项不相符" in page
    assert all(words in page for words in ("实测 2900 平方米。", "申报：孵化面积 3200 平方米"))


def test_list_of_corrections_stands_under_the_sections_of_the_form(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    url = reverse("applications:correct", args=[application.pk])
    names = [part["name"] for part in sign_in(cast.county_caseworker).get(url).context["parts"]]
    assert names == ["单位基本情况", "运营团队", "场地与功能", "在孵实体与就业", "申报材料"]


def test_notice_before_the_call_is_over_says_so(cast: Cast, sign_in: SignIn, time_machine: Any) -> None:
    application = dossiers.reviewed(cast)
    type(application.call).objects.update(quota=2)
    url = reverse("applications:new_notice", args=[application.call_id])
    time_machine.move_to(dossiers.moment(dossiers.FILED, 11))
    page = sign_in(cast.province_caseworker).get(url).content.decode()
    assert "申报还没有截止（到 2026-04-01 18:00）" in page
    assert "本批次名额 2 家，已公示 0 家，等待公示 1 家。" in page
    told = sign_in(cast.province_caseworker).get(reverse("applications:call", args=[application.call_id]))
    assert "<dt>名额</dt><dd>2 家</dd>" in told.content.decode()
    time_machine.move_to(dossiers.moment(datetime.date(2026, 4, 2), 11))
    assert "申报还没有截止" not in sign_in(cast.province_caseworker).get(url).content.decode()
