"""The papers of a call: every page that counts them counts what the applicant has to upload."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from applications import actions
from applications.actions.filing import files_of
from applications.actions.moving import procedure_of
from applications.letters import call_notice
from applications.views.dossiers import files_in_words
from applications.views.papers import counted
from portal.accounts.capacity import Capacity
from portal.documents.models import Upload
from portal.errors import DomainError
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
COUNTED = re.compile(r"必交 ?(\d+) ?类，选交 ?(\d+) ?类")


def test_home_call_and_application_name_the_same_number_of_papers(
    cast: Cast, sign_in: Callable[[Capacity], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    call = dossiers.open_call(cast)
    for module in ("for_public", "for_operators.cases"):
        monkeypatch.setattr(f"applications.views.{module}.business_now", lambda: dossiers.moment(dossiers.FILED))
    monkeypatch.setattr("applications.views.for_operators.cases.business_today", lambda: dossiers.FILED)
    code = cast.county.code
    pages = {
        "home": Client().get(reverse("public:home", args=[code])),
        "call": Client().get(reverse("public:call", args=[code, call.pk])),
        "start": sign_in(cast.wang).get(f"/my/calls/{call.pk}/"),
        "desk": sign_in(cast.approver).get(reverse("applications:call", args=[call.pk])),
    }
    told = {name: re.findall(COUNTED, answer.content.decode()) for name, answer in pages.items()}
    assert set(map(tuple, told.values())) == {(("5", "1"),)}  # the register shows one more, a bureau issues another
    assert re.findall(COUNTED, "".join(block.text for block in call_notice(call).body)) == [("5", "1")]


def test_the_numbers_of_papers_are_set_off_by_the_marks_of_the_language_read() -> None:
    papers = {"uploads": [{}, {"required": False}], "registered": [{}], "issued": [{}]}
    assert counted(papers) == "必交 1 类，选交 1 类，另有 1 类由系统核验、1 类由主管部门出具，不用交"
    with translation.override("en"):
        said = counted(papers)
    assert said.startswith("Required: 1, optional: 1, ")
    assert said.isascii()


def test_the_notice_says_which_paper_the_register_shows_as_the_page_does(cast: Cast) -> None:
    lines = [block.text for block in call_notice(dossiers.open_call(cast)).body]
    (line,) = [text for text in lines if "市（州）级认定文件" in text]
    assert "以名册登记的称号为准，申报单位不用上传，也不能用上传代替登记" in line


def test_files_stand_in_the_order_of_the_list_of_papers(cast: Cast) -> None:
    application = dossiers.draft(cast)
    listed = [document.slot for document in procedure_of(application).uploads() if document.required]
    assert sorted(listed) != listed
    assert list(dict.fromkeys(row["slot"] for row in files_of(application))) == listed
    filed = actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    assert list(dict.fromkeys(row["slot"] for row in files_in_words(application, filed, str))) == listed


def test_the_same_file_is_taken_once_into_a_slot_for_several(cast: Cast) -> None:
    application = dossiers.draft(cast)
    held = {row["slot"]: row["name"] for row in files_of(application)}
    slot = next(document.slot for document in procedure_of(application).uploads() if document.many)
    again = dossiers.upload(cast.wang, cast.base, "改名.pdf")
    Upload.objects.filter(pk=again.pk).update(sha256=application.attachments.get(slot=slot).upload.sha256)
    at = dossiers.moment(dossiers.FILED)
    with pytest.raises(DomainError, match=f"“改名.pdf”与已上传的“{held[slot]}”是同一个文件"):
        actions.attach_file(application, slot=slot, upload=Upload.objects.get(pk=again.pk), by=cast.wang, at=at)
    other = dossiers.upload(cast.wang, cast.base, "另一张.pdf")
    actions.attach_file(application, slot=slot, upload=other, by=cast.wang, at=at)
    assert application.attachments.filter(slot=slot, removed_at__isnull=True).count() == 2
