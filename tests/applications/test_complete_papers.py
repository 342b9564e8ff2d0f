"""When the papers of a dossier are complete: the stamped page shows what is answered now, no kind is short."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.actions.answering import demands
from applications.actions.filing import missing
from applications.actions.moving import procedure_of
from applications.models import Application
from applications.procedure import RequiredDocument
from portal.accounts.capacity import Capacity
from portal.documents.models import Upload
from portal.errors import InvalidInput
from portal.policies.schema import Unfit
from tests.applications.test_correcting import BACK, EVENTS, FORM, WHY, resubmit, returned
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
AGAIN = "请重新打印、盖章、上传"


def answer(application: Application, cast: Cast, hour: int, on: datetime.date = dossiers.FILED, **changes: str) -> None:
    typed = dossiers.complete_answers(tenants=changes)["tenants"]
    actions.save_section(application, section="tenants", typed=typed, by=cast.wang, at=dossiers.moment(on, hour))


def stamp(application: Application, cast: Cast, hour: int, on: datetime.date = dossiers.FILED) -> None:
    file = dossiers.upload(cast.wang, cast.base, f"盖章页{hour}.pdf")
    actions.attach_file(application, slot=FORM, upload=file, by=cast.wang, at=dossiers.moment(on, hour))


def page(client: Client, name: str, application: Application) -> str:
    return client.get(reverse(f"applications:{name}", args=[application.pk])).content.decode()


def test_an_answer_changed_after_the_stamped_page_was_uploaded_asks_for_the_page_again(
    cast: Cast, sign_in: SignIn
) -> None:
    application, client = dossiers.draft(cast), sign_in(cast.wang)
    assert missing(application, on=dossiers.FILED) == {}
    answer(application, cast, 15, events="7")
    said = missing(application, on=dossiers.FILED)
    assert set(said) == {FORM}
    assert f"以后，“在孵实体与就业”又改过。{AGAIN}" in said[FORM]
    for name in ("check", "files"):
        body = page(client, name, application)
        assert said[FORM] in body
        assert "要重新盖章" in body
    with pytest.raises(InvalidInput, match="还有 1 处没有填好"):
        actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED, 16), declared=True)
    stamp(application, cast, 16)
    assert AGAIN not in page(client, "check", application)
    actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED, 17), declared=True)


def test_a_section_saved_unchanged_asks_for_no_new_stamped_page(cast: Cast) -> None:
    application = dossiers.draft(cast)
    answer(application, cast, 15)
    assert missing(application, on=dossiers.FILED) == {}


def test_in_a_correction_an_answer_changed_after_the_new_stamped_page_asks_for_it_again(
    cast: Cast, sign_in: SignIn
) -> None:
    application = returned(cast, EVENTS)
    answer(application, cast, 9, BACK, events="7")
    stamp(application, cast, 10, BACK)
    assert not any(each.owed for each in demands(application))
    answer(application, cast, 11, BACK, events="8")
    assert [each.place for each in demands(application) if each.owed] == [FORM]
    assert f"上传盖章页以后，所填内容又改过。{AGAIN}" in page(sign_in(cast.wang), "files", application)
    with pytest.raises(InvalidInput, match="1 处没有答复"):
        resubmit(application, cast)
    resubmit(application, cast, form=WHY)


def test_a_paper_of_three_kinds_of_pictures_is_not_complete_with_one(cast: Cast, sign_in: SignIn) -> None:
    application, client = dossiers.draft(cast), sign_in(cast.wang)
    first, *others = application.attachments.filter(slot="photographs").order_by("pk")
    for each in others:
        actions.detach_file(each, by=cast.wang, at=dossiers.moment(dossiers.FILED))
    says = "“现场照片”还差 2 张，至少 3 张。"
    assert missing(application, on=dossiers.FILED) == {"photographs": says}
    for name in ("check", "files"):
        body = page(client, name, application)
        assert says in body
        assert first.upload.original_name in body
        assert "必交还差 1 类" in body
    answer(application, cast, 15, events="7")
    assert "还差 1 类和盖章页" in page(client, "check", application)


def test_no_pack_asks_for_several_files_of_a_paper_that_takes_one(cast: Cast) -> None:
    with pytest.raises(Unfit):
        RequiredDocument(slot="photographs", name="现场照片", clause="D-01", least=3)
    counted = {each.slot: each.least for each in procedure_of(dossiers.draft(cast)).uploads() if each.least > 1}
    assert counted == {"photographs": 3}


def test_the_same_file_under_two_kinds_of_paper_is_said_to_operator_and_officer(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.draft(cast)
    listed = [document for document in procedure_of(application).uploads() if document.many][:2]
    one, other = (application.attachments.filter(slot=document.slot).first() for document in listed)
    assert one is not None
    assert other is not None
    says = f"“{other.upload.original_name}”与“{listed[0].name}”里的是同一份文件。"
    client = sign_in(cast.wang)
    assert says not in page(client, "files", application)
    Upload.objects.filter(pk=other.upload.pk).update(sha256=one.upload.sha256)
    for name in ("files", "check"):
        assert says in page(client, name, application)
    actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    assert says in page(sign_in(cast.county_caseworker), "case", application)


def test_who_submits_from_a_page_opened_before_is_told_that_it_was_submitted_already(
    cast: Cast, sign_in: SignIn
) -> None:
    application = dossiers.draft(cast)
    url = reverse("applications:check", args=[application.pk])
    client = sign_in(cast.wang)
    typed = {"declared": "on", "seen": str(application.revision)}
    actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    told = client.post(url, typed, follow=True).content.decode()
    assert f"刚才的提交没有生效：这件申报已于 {dossiers.FILED} 10:00 提交，不用再提交。" in told
    assert application.submissions.count() == 1
    assert "没有生效" not in client.get(url, follow=True).content.decode()
    actions.withdraw_application(dossiers.fresh(application), reason="改报下一批。", by=cast.wang, on=dossiers.FILED)
    assert "刚才的提交没有生效：这件申报已撤回，不能再提交。" in client.post(url, typed, follow=True).content.decode()
