"""Who complained stays hidden: behind the wall in the database, in texts for others, in the trail, after its time."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from complaints import actions, tasks
from complaints.actions import Person
from complaints.actions.identity import traits_of
from complaints.models import Complainant, Complaint, FindingObjection
from portal.accounts.capacity import SYSTEM, VISITOR
from portal.audit.models import AuditEvent
from portal.documents.models import Upload
from portal.documents.uploads import accept
from portal.encryption.fields import decrypt
from portal.encryption.walls import HANDLES, IDENTITIES, KEEPS, opened
from portal.errors import DomainError, InvalidInput, NotAllowed
from tests.factories.cast import cast_at
from tests.factories.complaints import TOLD, Story
from tests.factories.walls import as_the_portal_connects
from tests.portal.documents.hostile_papers import located_photo

pytestmark = pytest.mark.django_db
PERSON = Person("田诉人", "13912345678", "tian.su@example.org", "黔味坊食品店")
PURPOSE = "电话核实收费凭证"


@pytest.fixture
def story() -> Story:
    return Story(cast_at("520103"))


@pytest.fixture
def wall() -> Iterator[None]:
    with as_the_portal_connects():
        yield


def received(story: Story, person: Person = PERSON, **details: object) -> Complaint:
    return actions.receive_complaint(
        story.base,
        told=TOLD,
        person=person,
        by=VISITOR,
        on=story.on,
        **details,  # type: ignore[arg-type]
    ).complaint


def stored() -> list[str]:
    """Return all rows of the table as its keeper sees them, as text."""
    with opened(KEEPS, IDENTITIES), connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM complaints_complainant c")
        return [row[0] for row in cursor.fetchall()]


def picture(story: Story) -> Upload:
    file = SimpleUploadedFile("收据.jpg", located_photo())
    return accept(file, at=story.base.jurisdiction, by=VISITOR, moment=timezone.localtime())


# --- the wall in the database ---


def test_without_the_wall_opened_nobody_reads_an_identity(story: Story, wall: None) -> None:
    received(story)
    assert len(stored()) == 1
    assert list(Complainant.objects.all()) == []


def test_a_visitor_enters_adds_and_withdraws_without_reading(story: Story, wall: None, monkeypatch) -> None:
    def never(setting: str, value: str) -> None:
        raise AssertionError(f"{setting} opened")

    monkeypatch.setattr("complaints.actions.identity.opened", never)
    monkeypatch.setattr("complaints.actions.purging.opened", never)
    complaint = received(story)
    actions.add_to_complaint(complaint, text="补充一张收据的号码。", by=VISITOR, on=story.on)
    actions.withdraw_complaint(complaint, by=VISITOR, on=story.on)
    assert len(stored()) == 1


def test_the_wall_opens_for_the_region_of_the_officer_alone(story: Story, wall: None) -> None:
    complaint = received(story)
    shown = actions.reveal_identity(complaint, purpose=PURPOSE, by=story.cast.county_caseworker, on=story.on)
    assert shown is not None
    assert (shown.name, shown.phone, shown.mail, shown.business) == (
        "田诉人",
        "13912345678",
        "tian.su@example.org",
        "黔味坊食品店",
    )
    for prefix, rows in (("520103", 1), ("5201", 1), ("52", 1), ("520102", 0), ("53", 0), ("5201__", 0), ("%", 0)):
        with opened(HANDLES, prefix):
            assert Complainant.objects.count() == rows, prefix


def test_an_empty_setting_opens_nothing(story: Story, wall: None) -> None:
    received(story)
    for setting in (HANDLES, KEEPS):
        with opened(setting, ""):
            assert not Complainant.objects.exists()


def test_the_wall_is_closed_again_behind_each_reader(story: Story, wall: None) -> None:
    complaint = received(story)
    assert list(traits_of(complaint, by=story.cast.county_caseworker))
    assert not Complainant.objects.exists()
    with pytest.raises(ZeroDivisionError), opened(HANDLES, "52"):
        read_and_fail()
    assert not Complainant.objects.exists()


def read_and_fail() -> float:
    return 1 / (Complainant.objects.count() - 1)


def test_a_handling_officer_reads_and_changes_nothing(story: Story, wall: None) -> None:
    received(story)
    with opened(HANDLES, "52"):
        assert Complainant.objects.update(name="李四") == 0
        assert Complainant.objects.all().delete()[0] == 0
    with opened(KEEPS, IDENTITIES):
        assert Complainant.objects.get().name == "田诉人"


def test_the_owner_of_the_table_is_bound_too(story: Story) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = 'complaints_complainant'::regclass"
        )
        assert cursor.fetchone() == (True, True)


def test_a_whole_complaint_goes_its_way_behind_the_wall(story: Story, wall: None) -> None:
    complaint = story.upheld()
    assert complaint.named
    assert actions.masked_identity(complaint, by=story.cast.city_caseworker)["name"] == "田*"
    assert not Complainant.objects.exists()


def test_keys_are_rotated_behind_the_wall_and_across_ciphers(story: Story, wall: None, settings) -> None:
    aes = dict(settings.FIELD_KEYS)
    received(story)
    settings.FIELD_KEYS = aes | {"sm4-2027": "AAECAwQFBgcICQoLDA0ODw=="}
    with pytest.raises(Exception, match="旧密钥下"):
        call_command("rotate_keys", "--check")
    call_command("rotate_keys")
    assert all("sm4-2027$" in row and "dev$" not in row for row in stored())
    settings.FIELD_KEYS = {"sm4-2027": "AAECAwQFBgcICQoLDA0ODw=="}
    with opened(KEEPS, IDENTITIES):
        assert Complainant.objects.get().phone == "13912345678"


def test_a_login_that_may_not_create_roles_or_skip_policies_is_what_the_tests_use(wall: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL row_security = off")  # for a superuser all rows, for others an error
    with pytest.raises(ProgrammingError), transaction.atomic():
        Complainant.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL row_security = on")


# --- who may look, and what stands on record ---


def test_only_bureaus_of_the_line_of_the_base_reveal(story: Story) -> None:
    complaint = received(story)
    cast = story.cast
    for stranger in (cast.neighbour, cast.other_province, cast.wang, cast.auditor, cast.audit_admin, VISITOR, SYSTEM):
        with pytest.raises(NotAllowed):
            actions.reveal_identity(complaint, purpose=PURPOSE, by=stranger, on=story.on)
        with pytest.raises(NotAllowed):
            list(traits_of(complaint, by=stranger))
        assert actions.masked_identity(complaint, by=stranger) == {}


def test_each_reveal_is_on_record_without_the_identity(story: Story) -> None:
    complaint = received(story)
    purpose = "给田诉人（13912345678）回电，核对黔味坊食品店的收据"
    actions.reveal_identity(complaint, purpose=purpose, by=story.cast.county_caseworker, on=story.on)
    event = AuditEvent.objects.get(verb="complaint.identity_revealed")
    assert event.facts["purpose"] == "给＊＊（＊＊）回电，核对＊＊的收据"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("给田 诉·人打 139-1234 5678 核实", "给＊＊打 ＊＊ 核实"),
        ("回拨１３９１２３４５６７８，核对黔味坊 食品店的收据", "回拨＊＊，核对＊＊的收据"),
        ("写信到 TIAN.SU @ example.org 询问", "写信到 ＊＊ 询问"),
        ("核对收据，与票根（二〇二五年）比对", "核对收据，与票根（二〇二五年）比对"),
    ],
)
def test_no_way_of_writing_carries_the_identity_into_the_trail(story: Story, typed: str, kept: str) -> None:
    actions.reveal_identity(received(story), purpose=typed, by=story.cast.county_caseworker, on=story.on)
    assert AuditEvent.objects.get(verb="complaint.identity_revealed").facts["purpose"] == kept


def test_an_officer_cannot_write_the_complainant_into_a_text_that_is_kept_in_the_open(story: Story) -> None:
    complaint = received(story)
    county, on = story.cast.county_caseworker, story.on
    naming = "田诉人（13912345678）所说的不是孵化服务，请向市场监管部门反映。"
    with pytest.raises(InvalidInput, match="没有") as refused:
        actions.reject_complaint(complaint, reason=naming, by=county, on=on)
    assert "姓名" in refused.value.problems["reason"]
    with pytest.raises(InvalidInput):
        actions.transfer_complaint(complaint, to="市场监管局", reason=naming, by=county, on=on)
    with pytest.raises(InvalidInput):
        actions.ask_for_supplement(complaint, asked=naming, by=county, on=on)
    accepted = actions.accept_complaint(complaint, category="fees", by=county, on=on)
    with pytest.raises(InvalidInput):
        actions.release_summary(accepted, summary=naming, by=county, on=on)
    with pytest.raises(InvalidInput):
        actions.verify_at_once(accepted, because=naming, by=county, on=on)


def test_a_summary_or_a_conclusion_that_copies_a_sentence_of_the_complaint_does_not_go_out(story: Story) -> None:
    county, on = story.cast.county_caseworker, story.on
    accepted = story.accepted(told="收据上写的是三百元设备维护费，可合同里根本没有这一项，问谁都说不知道。")
    copy = "反映：收据上写的是三百元 设备维护费，可合同里根本没有这一项。请答复。"
    with pytest.raises(InvalidInput) as refused:
        actions.release_summary(accepted, summary=copy, by=county, on=on)
    assert "收据上写的是三百元设备维护费" in refused.value.problems["summary"]
    own = "反映收取了合同没有约定的设备维护费，请说明依据。"
    assert actions.release_summary(accepted, summary=own, by=county, on=on).summary == own


def test_the_base_does_not_read_a_name_in_the_reason_of_an_overturned_finding(story: Story) -> None:
    complaint = story.upheld()
    name = dict(traits_of(complaint, by=story.decider))["姓名"]
    with pytest.raises(InvalidInput):
        actions.overturn_finding(
            complaint, because=f"{name}所述与收据不符，原认定有误。", by=story.decider, on=story.on
        )
    actions.overturn_finding(complaint, because="投诉所述与收据不符，原认定有误。", by=story.decider, on=story.on)


def test_facts_of_no_audit_event_hold_the_identity_or_the_words(story: Story) -> None:
    complaint = story.upheld()
    traits = [text for _kind, text in traits_of(complaint, by=story.cast.county_caseworker)]
    actions.reveal_identity(complaint, purpose=f"联系{traits[0]}", by=story.cast.city_caseworker, on=story.on)
    actions.overturn_finding(complaint, because="与收据不符，原认定有误，予以推翻。", by=story.decider, on=story.on)
    events = AuditEvent.objects.filter(verb__startswith="complaint.")
    assert {"complaint.received", "complaint.found", "complaint.upheld", "complaint.overturned"} <= set(
        events.values_list("verb", flat=True)
    )
    for event in events:
        text = f"{event.facts}{event.subject_label}{event.actor_label}"
        assert not [each for each in [*traits, TOLD] if each in text], event.verb


def test_words_minutes_and_objection_are_ciphertext_in_the_database(story: Story) -> None:
    complaint = story.found()
    words = "结论漏了去年十月的收据，我手里有原件，请再看一次。"
    actions.object_to_finding(complaint, text=words, by=VISITOR, on=story.on)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.told, f.record, o.text FROM complaints_complaint c"
            " JOIN complaints_finding f ON f.complaint_id = c.id"
            " JOIN complaints_findingobjection o ON o.finding_id = f.id"
        )
        (row,) = cursor.fetchall()
    assert [decrypt(cell) for cell in row] == [TOLD, "到场查看协议和收据，询问财务人员。", words]


# --- when the time is over ---


def test_identity_words_and_files_go_36_months_after_the_close_and_the_finding_stays(
    story: Story, wall: None, django_capture_on_commit_callbacks
) -> None:
    kept = picture(story)
    complaint = story.verifying()
    evidence = [picture(story), kept]
    actions.add_to_complaint(complaint, text="附上收据两张。", evidence=evidence, by=VISITOR, on=story.on)
    files = [Path(upload.file.path) for upload in evidence]
    complaint = finding_on(story, complaint, uploads=[kept])
    words = "结论漏了去年十月的收据，请再看一次。"
    scan = picture(story)
    files.append(Path(scan.file.path))
    objection = actions.object_to_finding(complaint, text=words, uploads=[scan], by=VISITOR, on=story.on)
    actions.answer_finding_objection(
        objection, founded=False, answer="收据已一并核对，不影响结论。", by=story.cast.city_caseworker, on=story.on
    )
    story.later(6)
    complaint = actions.confirm_finding(complaint, by=story.cast.city_approver, on=story.on)
    closed = story.on
    last = closed.replace(year=closed.year + 3)
    assert actions.kept_until(complaint) == last
    assert tasks.purge(last) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.purge(last + datetime.timedelta(1)) == 1
    assert tasks.purge(last + datetime.timedelta(2)) == 0
    complaint.refresh_from_db()
    assert (complaint.told, complaint.told_index, complaint.purged_on) == (
        actions.PURGED,
        "",
        last + datetime.timedelta(1),
    )
    assert (complaint.tenant, complaint.recipient_because) == (None, actions.PURGED)
    assert FindingObjection.objects.get().text == actions.PURGED
    assert stored() == []
    assert [file.exists() for file in files] == [False, True, False]
    assert list(Upload.objects.values_list("pk", flat=True)) == [kept.pk]
    finding = complaint.findings.get()
    assert (finding.record, complaint.service_recipient) == ("到场查看协议和收据，询问财务人员。", True)
    assert AuditEvent.objects.filter(verb="complaint.identity_purged").count() == 1


def finding_on(story: Story, complaint: Complaint, uploads: list[Upload]) -> Complaint:
    actions.record_finding(
        complaint,
        outcome="true",
        visited=True,
        checked_on=story.on,
        officers=[story.cast.city_caseworker.person, story.second_city.person],
        minutes="到场查看协议和收据，询问财务人员。",
        conclusion="入驻协议约定首年场租减半，实际按全额收取，情况属实。",
        uploads=uploads,
        by=story.cast.city_caseworker,
        on=story.on,
    )
    actions.sign_for_finding(complaint, by=story.cast.wang, on=story.on)
    return story.fresh(complaint)


@pytest.mark.parametrize("how", ["reject", "transfer", "withdraw"])
def test_complaints_that_were_never_verified_are_purged_too(story: Story, how: str) -> None:
    complaint, county, on = received(story), story.cast.county_caseworker, story.on
    reason = "反映的是水电费标准，不属于孵化服务。"
    if how == "reject":
        actions.reject_complaint(complaint, reason=reason, by=county, on=on)
    elif how == "transfer":
        actions.transfer_complaint(complaint, to="市场监管局", reason=reason, by=county, on=on)
    else:
        actions.withdraw_complaint(complaint, by=VISITOR, on=on)
    assert tasks.purge(datetime.date(2029, 3, 2)) == 0
    assert tasks.purge(datetime.date(2029, 3, 3)) == 1
    assert stored() == []


@pytest.mark.slow
def test_open_complaints_and_those_that_proceedings_rest_on_are_kept(story: Story) -> None:
    received(story)
    story.opened()
    assert tasks.purge(datetime.date(2039, 1, 1)) == 0
    assert len(stored()) == 4


def test_a_dismissed_complaint_verified_anew_is_not_purged_by_its_first_close(story: Story) -> None:
    complaint = story.upheld("untrue")
    assert actions.kept_until(complaint) is not None
    actions.overturn_finding(complaint, because="漏看了补充协议，请重新核实。", by=story.decider, on=story.on)
    assert actions.kept_until(story.fresh(complaint)) is None


def test_nobody_purges_before_the_time(story: Story) -> None:
    complaint = story.upheld()
    with pytest.raises(DomainError, match="还没有期满"):
        actions.purge_complaint(complaint, by=SYSTEM, on=story.on)


WRITTEN = ["１３９ ０００１ ２３４５", "139-0001-2345", "1\u200b3900012345", "（139）0001·2345", "田 小·雨"]


@pytest.mark.parametrize("written", WRITTEN)
def test_no_way_of_writing_hides_a_trait_from_the_check(written: str) -> None:
    story = Story(cast_at("520103"))
    person = actions.Person("田小雨", "13900012345", business="小雨设计")
    received = actions.receive_complaint(story.base, told=TOLD, person=person, by=VISITOR, on=story.on).complaint
    complaint = actions.accept_complaint(received, by=story.cast.county_caseworker, on=story.on)
    with pytest.raises(InvalidInput):
        actions.release_summary(
            complaint, summary=f"来电 {written} 反映场租没有减半。", by=story.cast.county_caseworker, on=story.on
        )
