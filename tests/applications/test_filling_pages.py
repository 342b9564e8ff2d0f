"""The operator's pages while a dossier is filled in: where each button leads, and what is said where."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Application
from applications.plausibility import hints, hints_on
from portal.accounts.capacity import Capacity
from portal.documents.models import Upload
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]


def save(application: Application, cast: Cast, section: str, **changes: str) -> None:
    typed = dossiers.complete_answers(**{section: changes})[section]
    actions.save_section(application, section=section, typed=typed, by=cast.wang, at=dossiers.moment(dossiers.FILED))


def test_the_work_goes_on_at_the_first_page_that_is_not_complete(
    cast: Cast, sign_in: SignIn, begun: Application
) -> None:
    client, overview = sign_in(cast.wang), reverse("applications:overview", args=[begun.pk])

    def leads_to(page: str) -> bool:
        before, _button, _rest = client.get(overview).content.decode().partition("继续填报")
        return before.endswith(f'/my/applications/{begun.pk}/{page}">')

    assert leads_to("sections/unit/")
    save(begun, cast, "unit")
    assert leads_to("sections/team/")
    save(begun, cast, "team", mentors="很多")
    save(begun, cast, "premises")
    save(begun, cast, "tenants")
    assert leads_to("sections/team/")
    save(begun, cast, "team")
    assert leads_to("files/")
    dossiers.fill(begun, cast.wang)
    assert leads_to("check/")


def test_before_anything_was_typed_the_check_page_names_sections_and_no_errors(
    cast: Cast, sign_in: SignIn, begun: Application
) -> None:
    client, url = sign_in(cast.wang), reverse("applications:check", args=[begun.pk])
    body = client.get(url).content.decode()
    assert body.count("还没有填<") == 4
    assert 'class="error"' not in body
    save(begun, cast, "unit", contact_phone="1380000")
    body = client.get(url).content.decode()
    assert body.count("还没有填<") == 3
    assert body.count('class="error"') == 1


def test_a_refused_file_is_said_on_top_with_the_way_to_its_place(
    cast: Cast, sign_in: SignIn, begun: Application
) -> None:
    url = reverse("applications:files", args=[begun.pk])
    file = SimpleUploadedFile("病毒.exe", b"MZ", "application/x-msdownload")
    answer = sign_in(cast.wang).post(url, {"slot": "photographs", "file": file})
    assert answer.status_code == 422
    summary = answer.content.decode().partition("<h1>材料上传")[0]
    assert '<a href="#photographs">' in summary
    assert "data-focus" in summary
    form = answer.content.decode().partition('name="slot" value="photographs"')[0].rpartition("<form")[2]
    assert f'action="{url}"' in form  # without an address the browser would add the #place of the last upload


def test_a_title_on_the_register_need_not_be_proved_by_a_paper(cast: Cast, sign_in: SignIn, begun: Application) -> None:
    dossiers.fill(begun, cast.wang)
    begun.attachments.filter(slot="city_recognition").delete()
    body = sign_in(cast.wang).get(reverse("applications:files", args=[begun.pk])).content.decode()
    held = cast.base.certifications.get(title="city")
    assert (
        f'<span class="nowrap">登记号 {held.number}</span>。不用上传。'
        in body.partition('id="city_recognition"')[2].partition("</section>")[0]
    )
    actions.submit_application(begun, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)


def test_the_paper_to_be_sealed_leads_to_the_page_that_prints_it(
    cast: Cast, sign_in: SignIn, begun: Application
) -> None:
    body = sign_in(cast.wang).get(reverse("applications:files", args=[begun.pk])).content.decode()
    paper = body.partition('id="application_form"')[2].partition("</section>")[0]
    assert reverse("applications:as_filed", args=[begun.pk]) in paper


def test_the_papers_to_prepare_are_those_the_operator_uploads(cast: Cast, sign_in: SignIn) -> None:
    call = dossiers.open_call(cast)
    body = sign_in(cast.wang).get(reverse("applications:start", args=[call.pk])).content.decode()
    assert len(call.documents) == 8
    assert "必交 5 类，选交 1 类，另有 1 类由系统核验、1 类由主管部门出具，不用交" in body
    assert "市（州）推荐函：市（州）局初审同意后由系统生成" in body.replace("</p>", "")


def test_the_end_of_a_lease_is_not_called_a_choice(cast: Cast, sign_in: SignIn, begun: Application) -> None:
    body = sign_in(cast.wang).get(reverse("applications:section", args=[begun.pk, "premises"])).content.decode()
    label = body.partition('for="id_lease_ends"')[2].partition("</label>")[0]
    assert "（选填）" not in label
    save(begun, cast, "premises", premises_right="own", lease_ends="")
    assert begun.answers.get(section="premises").complete


def test_an_unticked_declaration_is_said_in_one_short_sentence(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.draft(cast)
    url = reverse("applications:check", args=[application.pk])
    body = sign_in(cast.wang).post(url, {"seen": application.revision}).content.decode()
    assert body.count("愿意承担不实填报的责任") == 1
    assert "我声明所填内容和材料真实：还没有勾选，核对后请勾选。" in body


def test_an_applicant_reads_no_check_values_and_no_trouble_of_the_machine(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.draft(cast)
    upload = application.attachments.get(slot="application_form").upload
    type(upload).objects.filter(pk=upload.pk).update(scan="unscanned")
    client = sign_in(cast.wang)
    papers = client.get(reverse("applications:files", args=[application.pk])).content.decode()
    assert papers.count("病毒扫描") == 1
    assert "不用您办，不影响提交和审核" in papers
    assert "没有查毒程序" not in papers
    assert upload.sha256[:8] not in client.get(reverse("applications:as_filed", args=[application.pk])).content.decode()


def test_what_was_saved_by_itself_bears_the_hour_of_the_server(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = dossiers.draft(cast)
    monkeypatch.setattr(
        "applications.views.for_operators.filling.business_now", lambda: dossiers.moment(dossiers.FILED, 20, 43)
    )
    url = reverse("applications:section", args=[application.pk, "team"])
    revision = application.answers.get(section="team").revision
    said = {"mentors": "11", "section_seen": revision}
    answer = sign_in(cast.wang).post(url, said, headers={"X-Autosave": "1"})
    assert (answer.status_code, answer["X-Saved-At"]) == (204, "20:43")


def test_a_term_the_source_does_not_fix_is_marked_as_assumed_to_the_applicant_too(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    body = sign_in(cast.wang).get(reverse("applications:overview", args=[application.pk])).content.decode()
    ahead = body.partition("接下来")[2].partition("</ol>")[0]
    assert ahead.count('class="assumed"') >= ahead.count("个工作日内办理") > 0


def test_more_tenants_than_there_is_room_for_is_hinted_at_and_holds_nothing_up(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.draft(cast, tenants={"tenants": "90"})
    client, says = sign_in(cast.wang), "在孵实体 90 户，多于场地最多可容纳的 80 户，请核对"
    for page in (
        reverse("applications:section", args=[application.pk, "tenants"]),
        reverse("applications:check", args=[application.pk]),
    ):
        assert says in client.get(page).content.decode()
    actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    officer = sign_in(cast.county_caseworker)
    desk = officer.get(reverse("applications:case", args=[application.pk])).content.decode()
    assert says in desk
    assert "1 处请核对" in desk.partition("<summary>申报书所填内容")[2].partition("</summary>")[0]
    assert says in officer.get(reverse("applications:correct", args=[application.pk])).content.decode()


def test_as_many_tenants_as_there_is_room_for_raise_no_question() -> None:
    answers = dossiers.complete_answers(tenants={"tenants": "80"})
    assert hints(answers) == {}


def test_fewer_jobs_than_tenants_and_an_opening_before_the_founding_are_hinted_at() -> None:
    answers = dossiers.complete_answers(tenants={"jobs": "51"}, unit={"opened_on": "2021-04-07"})
    said = hints(answers)
    assert said["tenants.jobs"].startswith("带动就业 51 人，少于在孵实体 52 户")
    assert said["unit.opened_on"].startswith("基地 2021-04-07 开始运营，早于单位成立日期 2021-04-08")
    assert hints_on("unit", answers) == [said["unit.opened_on"]]
    same = dossiers.complete_answers(tenants={"jobs": "52"}, unit={"opened_on": "2021-04-08"})
    assert hints(same) == {}


def test_the_size_of_a_file_is_the_same_on_every_page(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.draft(cast)
    Upload.objects.filter(pk=application.attachments.get(slot="application_form").upload_id).update(size=1_600_000)
    actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    wang, desk = sign_in(cast.wang), sign_in(cast.county_caseworker)
    for client, page in ((wang, "files"), (wang, "as_filed"), (desk, "case")):
        shown = client.get(reverse(f"applications:{page}", args=[application.pk])).content.decode()
        assert "1.5 MB" in shown
        assert "1,5" not in shown


def test_what_was_never_handed_in_is_deleted_and_not_withdrawn(cast: Cast, sign_in: SignIn, begun: Application) -> None:
    client = sign_in(cast.wang)
    page = reverse("applications:withdraw", args=[begun.pk])
    for address in (reverse("applications:overview", args=[begun.pk]), page):
        shown = client.get(address).content.decode()
        assert "删除草稿" in shown
        assert "撤回申报" not in shown
    assert "已删除草稿。" in client.post(page, {"seen": begun.revision}, follow=True).content.decode()


def test_a_county_is_chosen_from_a_list_that_says_so(cast: Cast, sign_in: SignIn) -> None:
    shown = sign_in(cast.wang).get(reverse("applications:new_base")).content.decode()
    assert "---------" not in shown
    assert "请选择" in shown
    assert f'value="{cast.county.pk}" selected' in shown
