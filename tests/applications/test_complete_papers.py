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


def test_no_pack_asks_for_several_files_of_a_paper_that_takes_one(cast: Cast) -> None:
    with pytest.raises(Unfit):
        RequiredDocument(slot="photographs", name="现场照片", clause="D-01", least=3)
    counted = {each.slot: each.least for each in procedure_of(dossiers.draft(cast)).uploads() if each.least > 1}
    assert counted == {"photographs": 3}
