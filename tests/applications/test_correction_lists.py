"""What a correction list asks for and how much it is, what it opens besides, and a file uploaded once more."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications import actions, dossier
from applications.actions.papers import proven
from applications.letters import correction
from applications.models import Application
from portal.accounts.capacity import Capacity
from portal.errors import InvalidInput
from portal.notifications.models import Notification
from portal.worklist.models import WorkItem
from tests.applications.test_correcting import AREA, BACK, EVENTS, FORM, WHY, page, resubmit, returned, save
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]

# --- what is held against each other ---

TENANTS, STUDENTS, KEY_GROUPS = "tenants.tenants", "tenants.student_founded", "tenants.key_group_founded"


def test_a_correction_is_not_handed_in_with_a_part_larger_than_its_whole(cast: Cast, sign_in: SignIn) -> None:
    application = returned(cast, TENANTS)
    save(application, cast, "tenants", tenants="20")  # 31 of them founded by students, 40 by key groups
    assert not application.answers.get(section="tenants").complete
    assert "31 大于在孵实体 20，改其中一项。" in page(sign_in(cast.wang), "check", application)
    with pytest.raises(InvalidInput) as refused:
        resubmit(application, cast, form=WHY)
    assert set(refused.value.problems) == {STUDENTS, KEY_GROUPS}


def test_what_is_held_against_a_listed_answer_is_opened_with_it_and_the_list_says_so(
    cast: Cast, sign_in: SignIn
) -> None:
    application = returned(cast, TENANTS)
    body = page(sign_in(cast.wang), "overview", application).partition("补正清单（")[2].partition("</ol>")[0]
    assert "可以一并改：在孵实体中毕业 5 年内高校毕业生和在校生创办、在孵实体中重点群体创办" in body
    save(application, cast, "tenants", tenants="20", student_founded="15", key_group_founded="18")
    assert application.answers.get(section="tenants").complete
    assert resubmit(application, cast, form=WHY).number == 2


def test_two_answers_unlikely_beside_each_other_are_opened_together(cast: Cast) -> None:
    application = returned(cast, TENANTS)
    save(application, cast, "premises", capacity="75")
    replies = {TENANTS: "户数无误，可容纳的户数填错，已改。", FORM: WHY}
    at = dossiers.moment(BACK)
    sent = actions.submit_application(application, by=cast.wang, at=at, declared=True, replies=replies)
    assert sent.answers["premises"]["capacity"] == 75


def test_a_whole_opened_because_of_another_answer_opens_its_parts_too(cast: Cast) -> None:
    application = returned(cast, "tenants.jobs")
    save(application, cast, "tenants", jobs="40", tenants="20", student_founded="15", key_group_founded="18")
    assert application.answers.get(section="tenants").complete
    replies = {"tenants.jobs": "按名册重新点过。", FORM: WHY}
    at = dossiers.moment(BACK)
    sent = actions.submit_application(application, by=cast.wang, at=at, declared=True, replies=replies)
    assert sent.answers["tenants"]["student_founded"] == 15


def test_a_whole_that_falls_below_a_part_left_closed_is_said_with_whom_to_ask(cast: Cast) -> None:
    application = returned(cast, STUDENTS)
    typed = dossiers.complete_answers(tenants={"student_founded": "30", "tenants": "35"})["tenants"]
    at = dossiers.moment(BACK)
    checked = actions.save_section(application, section="tenants", typed=typed, by=cast.wang, at=at)
    assert set(checked.problems) == {"tenants"}
    for words in ("35 小于“其中重点群体创办” 40，请填不小于 40 的数", "请联系办理机关"):
        assert words in checked.problems["tenants"]


def test_a_corrected_number_of_exits_may_not_stay_below_those_that_succeeded(cast: Cast) -> None:
    application = returned(cast, "tenants.exited")
    save(application, cast, "tenants", exited="12")
    assert not application.answers.get(section="tenants").complete
    save(application, cast, "tenants", exited="12", graduated="9")
    assert application.answers.get(section="tenants").data["success_rate"] == "75"


# --- the same file once more ---


def test_the_same_file_uploaded_again_is_no_change_to_the_operator_either(cast: Cast, sign_in: SignIn) -> None:
    application, client = returned(cast, FORM), sign_in(cast.wang)
    before = application.attachments.get(slot=FORM)
    again = dossiers.upload(cast.wang, cast.base, before.upload.original_name)
    assert again.sha256 == before.upload.sha256
    actions.attach_file(application, slot=FORM, upload=again, by=cast.wang, at=dossiers.moment(BACK))
    listed = page(client, "check", application).partition("补正清单（1 处）")[2].partition("</ol>")[0]
    assert "没改" in listed
    assert "新上传的文件与原来的相同，等于没有改。请换成改好的文件" in listed
    with pytest.raises(InvalidInput, match="1 处没有答复"):
        resubmit(application, cast)
    resubmit(application, cast, form=WHY)
    assert dossiers.differences_of(application) == []


def test_who_uploads_the_same_file_again_is_told_at_once(cast: Cast, sign_in: SignIn) -> None:
    application, client = returned(cast, "basic_conditions"), sign_in(cast.wang)
    url = reverse("applications:files", args=[application.pk])
    content = dossiers.blank_pdf()
    for number, says in ((1, "已上传。"), (2, "是同一个文件，没有再收")):
        file = SimpleUploadedFile("证明.pdf", content, content_type="application/pdf")
        assert says in client.post(url, {"slot": "basic_conditions", "file": file}, follow=True).content.decode()
        if number == 1:
            hand_in_and_return(application, cast)


def hand_in_and_return(application: Application, cast: Cast) -> None:
    """Hand the correction in, and have the same paper listed by the next desk."""
    resubmit(application, cast)
    by, next_desk, at = cast.county_caseworker, cast.city_caseworker, dossiers.moment(BACK, 15)
    dossiers.check(application, place="basic_conditions", accepted=True, by=by, at=at)
    actions.give_opinion(dossiers.fresh(application), verdict="for", text="同意推荐。", by=by, on=BACK)
    items = [{"place": "basic_conditions", "kind": "incorrect", "note": "请换成清晰的。"}]
    actions.return_for_correction(dossiers.fresh(application), items=items, by=next_desk, on=BACK)


# --- what is asked for, and how much it is ---


def test_the_same_number_stands_in_the_letter_the_task_the_notice_and_on_every_page(
    cast: Cast, sign_in: SignIn
) -> None:
    application = returned(cast, TENANTS, EVENTS)
    request = application.corrections.get()
    assert len(request.items) == 3  # the stamped page besides
    wording = str(request.letter.wording)
    assert "下列2项需要补正" in wording
    assert "另外，关于推荐（申报）表盖章页：盖章页上印着所填内容" in wording
    along = "在孵实体中毕业 5 年内高校毕业生和在校生创办、在孵实体中重点群体创办、最多可容纳、带动就业。"
    assert f"相互核对、可以一并修改的：{along}" in wording
    assert WorkItem.objects.get(kind="applications.returned").task == "补正 2 处，重新提交"
    assert Notification.objects.get(kind="application.returned").subject.endswith("的申报需要补正 2 处")
    mine, case = sign_in(cast.wang), sign_in(cast.county_caseworker)
    assert "补正清单（2 处，另有盖章页）" in page(mine, "section", application, "tenants")
    assert "补正 2 处，重新提交" in page(mine, "overview", application)
    assert "第 1 次补正（2 处，另有盖章页）" in page(case, "case", application)


def test_the_stamped_page_that_follows_is_not_called_wrong(cast: Cast) -> None:
    request = returned(cast, EVENTS).corrections.get()
    rows = next(block for block in correction(request).body if block.kind == "table").rows
    assert [row[1] for row in rows] == ["近一年创业活动"]


def test_the_menu_says_that_the_page_is_to_be_stamped_anew_once_an_answer_changed(cast: Cast, sign_in: SignIn) -> None:
    application, client = returned(cast, AREA), sign_in(cast.wang)
    assert "要重新盖章" not in page(client, "check", application)
    save(application, cast, "premises", incubation_area="3100")
    assert "要重新盖章" in page(client, "check", application)


def test_what_is_worked_out_from_other_answers_is_corrected_through_them(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    body = page(sign_in(cast.county_caseworker), "correct", application)
    assert 'name="pick:tenants.success_rate"' not in body
    row = body.partition('name="pick:tenants.graduated"')[2].partition("</tr>")[0]
    assert "勾选后，申报单位也可以改：累计退出" in row
    assert "孵化成功率随之重新算出" in row
    items = [{"place": "tenants.success_rate", "kind": "incorrect", "note": "请核对。"}]
    with pytest.raises(InvalidInput) as refused:
        actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    assert "请勾选它所依据的：累计孵化成功、累计退出" in refused.value.problems["tenants.success_rate"]


def test_a_paper_the_register_proves_is_not_asked_for_as_missing(cast: Cast, sign_in: SignIn) -> None:
    application, slot = dossiers.draft(cast), "city_recognition"
    application.attachments.filter(slot=slot).delete()
    actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    application = dossiers.fresh(application)
    assert slot in proven(application)
    assert f'name="pick:{slot}"' not in page(sign_in(cast.county_caseworker), "correct", application)
    items = [{"place": slot, "kind": "missing", "note": "请补交。"}]
    with pytest.raises(InvalidInput) as refused:
        actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    assert "名册里已经登记，申报单位不用交" in refused.value.problems[slot]


def test_what_is_worked_out_anew_is_no_change_beside_the_list(cast: Cast, sign_in: SignIn) -> None:
    application = returned(cast, "tenants.graduated")
    save(application, cast, "tenants", graduated="21")
    resubmit(application, cast, form=WHY)
    answer = sign_in(cast.county_caseworker).get(reverse("applications:case", args=[application.pk]))
    compared = answer.context["compared"]
    assert [line.place for line in compared.along] == ["tenants.success_rate"]
    assert compared.beside == []
    assert "随清单一并改动（1）" in answer.content.decode()


@pytest.mark.parametrize(("name", "more"), [("section", ["tenants"]), ("files", []), ("check", [])])
def test_until_when_a_correction_is_due_stands_beside_its_pages(
    cast: Cast, sign_in: SignIn, name: str, more: list[str]
) -> None:
    application = returned(cast, EVENTS)
    shown = page(sign_in(cast.wang), name, application, *more)
    assert f'补正到 <span class="nowrap">{application.due_on}</span>（含当日）' in shown


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (16, "应在收到后 5 个工作日内一次告知，最迟 2026-03-16（含当日）发出。"),
        (17, "到 2026-03-16 已满，现在发出已经超过这一时限。"),
    ],
)
def test_who_returns_a_dossier_reads_until_when_all_was_to_be_told_at_once(
    cast: Cast, sign_in: SignIn, time_machine: Any, day: int, said: str
) -> None:
    application = dossiers.submitted(cast)
    time_machine.move_to(datetime.datetime(2026, 3, day, 1, tzinfo=datetime.UTC))
    shown = sign_in(cast.county_caseworker).get(reverse("applications:correct", args=[application.pk])).content.decode()
    assert said in " ".join(shown.split())
    assert "第三十二条" in shown


def test_a_part_of_a_number_is_named_with_its_whole_wherever_it_stands_alone(cast: Cast) -> None:
    application = returned(cast, STUDENTS)
    whole = "在孵实体中毕业 5 年内高校毕业生和在校生创办"
    request = application.corrections.get()
    assert request.items[0]["label"] == whole
    assert whole in str(request.letter.wording)
    save(application, cast, "tenants", student_founded="20")
    resubmit(application, cast, form=WHY)
    assert [each.label for each in dossiers.differences_of(application)] == [whole]
    assert dossier.section("tenants").field("student_founded").label.startswith("其中")  # beside its whole
