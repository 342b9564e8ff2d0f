"""What a correction list opens, what answers it, and how the operator's pages lead through it."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.actions.correction import RESTAMP, kinds_of, places_of
from applications.actions.filing import answers_of
from applications.models import Application, Submission
from applications.plausibility import hints, hints_on
from applications.states import ApplicationStatus
from applications.states import CorrectionKind as K
from portal.accounts.capacity import Capacity
from portal.errors import DomainError, InvalidInput
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
BACK = datetime.date(2026, 3, 16)
AREA, EVENTS, FORM = "premises.incubation_area", "tenants.events", "application_form"
WHY = "按合同附图核对，面积无误。"


def returned(cast: Cast, *places: str) -> Application:
    """Return an application sent back with these places on the list."""
    application = dossiers.submitted(cast)
    items = [{"place": place, "kind": "incorrect", "note": "与附件不一致。"} for place in places]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    return dossiers.fresh(application)


def save(application: Application, cast: Cast, section: str, **changes: str) -> None:
    typed = dossiers.complete_answers(**{section: changes})[section]
    actions.save_section(application, section=section, typed=typed, by=cast.wang, at=dossiers.moment(BACK))


def resubmit(application: Application, cast: Cast, **replies: str) -> Submission:
    given = {{"area": AREA, "events": EVENTS, "form": FORM}[name]: reply for name, reply in replies.items()}
    at = dossiers.moment(BACK)
    return actions.submit_application(application, by=cast.wang, at=at, declared=True, replies=given)


def test_a_field_the_list_does_not_name_stays_as_it_was_filed(cast: Cast) -> None:
    application = returned(cast, AREA)
    save(application, cast, "premises", incubation_area="3100", free_area="2", capacity="1")
    written = application.answers.get(section="premises").data
    assert (written["incubation_area"], written["free_area"], written["capacity"]) == ("3100", "1200", 80)
    resubmit(application, cast, form=WHY)
    assert [each.place for each in dossiers.differences_of(application)] == [AREA]


def test_a_paper_is_not_opened_by_a_field_of_the_section_of_the_same_name(cast: Cast) -> None:
    application = returned(cast, AREA)
    file = dossiers.upload(cast.wang, cast.base, "改.pdf")
    with pytest.raises(DomainError, match="补正清单没有列这一项"):
        actions.attach_file(application, slot="basic_conditions", upload=file, by=cast.wang, at=dossiers.moment(BACK))


def test_the_end_of_the_lease_is_corrected_with_the_right_to_the_premises(cast: Cast) -> None:
    application = returned(cast, "premises.premises_right")
    save(application, cast, "premises", premises_right="own", lease_ends="")
    assert application.answers.get(section="premises").data["lease_ends"] is None


def test_what_became_wrong_in_a_locked_field_does_not_hold_up_the_correction(cast: Cast) -> None:
    application = returned(cast, AREA)
    row = application.answers.get(section="premises")
    row.data["lease_ends"] = "2026-03-10"  # ran out while the case was under way
    row.save()
    save(application, cast, "premises", incubation_area="3100")
    assert application.answers.get(section="premises").complete
    assert resubmit(application, cast, form=WHY).number == 2


def test_an_item_neither_changed_nor_explained_keeps_the_correction_from_being_handed_in(cast: Cast) -> None:
    application = returned(cast, AREA, FORM)
    save(application, cast, "premises", incubation_area="3100")
    with pytest.raises(InvalidInput, match="1 处没有答复：推荐（申报）表盖章页") as refused:
        resubmit(application, cast, form="  ")
    assert set(refused.value.problems) == {FORM}
    assert dossiers.fresh(application).status == ApplicationStatus.RETURNED


def test_an_explanation_answers_an_item_and_may_accompany_a_change(cast: Cast) -> None:
    application = returned(cast, AREA, EVENTS, FORM)
    save(application, cast, "premises", incubation_area="3100")
    file = dossiers.upload(cast.wang, cast.base, "盖章页.pdf", b"%PDF-1.4 new")
    actions.attach_file(application, slot=FORM, upload=file, by=cast.wang, at=dossiers.moment(BACK))
    submission = resubmit(application, cast, area="按合同附图改。", events=WHY)
    assert submission.replies == [{"place": AREA, "reply": "按合同附图改。"}, {"place": EVENTS, "reply": WHY}]


def test_a_first_submission_has_nothing_to_answer(cast: Cast) -> None:
    assert dossiers.submitted(cast).submissions.get().replies == []


def page(client: Client, name: str, application: Application, *more: str) -> str:
    return client.get(reverse(f"applications:{name}", args=[application.pk, *more])).content.decode()


@pytest.mark.parametrize(("name", "more"), [("overview", []), ("section", ["premises"]), ("files", []), ("check", [])])
def test_the_list_stands_on_every_page_with_links_and_marks(
    cast: Cast, sign_in: SignIn, name: str, more: list[str]
) -> None:
    application = returned(cast, AREA, FORM)
    save(application, cast, "premises", incubation_area="3100")
    body = page(sign_in(cast.wang), name, application, *more)
    listed = body[body.index("补正清单（2 处）") :].partition("</ol>")[0]
    first, second = listed.split("<li>")[1:]
    assert "改了" in first
    assert "/sections/premises/#id_incubation_area" in first
    assert "没改" in second
    assert f"/files/#{FORM}" in second


def test_to_correct_leads_to_the_first_place_not_yet_changed(cast: Cast, sign_in: SignIn) -> None:
    application = returned(cast, AREA, EVENTS)
    client = sign_in(cast.wang)
    before, _button, _rest = page(client, "overview", application).partition("去补正")
    assert before.endswith('/sections/premises/#id_incubation_area">')
    save(application, cast, "premises", incubation_area="3100")
    before, _button, _rest = page(client, "overview", application).partition("去补正")
    assert before.endswith('/sections/tenants/#id_events">')


def test_the_menu_says_how_much_is_to_be_changed_where(cast: Cast, sign_in: SignIn) -> None:
    application = returned(cast, AREA, "premises.capacity", FORM)
    save(application, cast, "premises", incubation_area="3100")
    _head, _name, rest = page(sign_in(cast.wang), "check", application).partition('<nav aria-label="填报目录">')
    menu = rest.partition("</nav>")[0]
    assert menu.count("要改 1 处") == 2
    assert menu.count("不用改") == 3


def test_the_menu_names_the_stamped_page_beside_the_papers_that_are_still_to_be_changed(
    cast: Cast, sign_in: SignIn
) -> None:
    application = returned(cast, AREA, "photographs")
    save(application, cast, "premises", incubation_area="3100")
    body = page(sign_in(cast.wang), "files", application)
    assert body.partition('id="demands"')[2].partition("</section>")[0].count("没改") == 2
    menu = body.partition('<nav aria-label="填报目录">')[2].partition("</nav>")[0]
    assert "1 处和盖章页" in menu


def test_nobody_is_asked_to_look_again_at_what_is_locked(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.draft(cast, premises={"capacity": "30"}, tenants={"jobs": "40"})
    actions.submit_application(application, by=cast.wang, at=dossiers.moment(dossiers.FILED), declared=True)
    asked = [{"place": AREA, "kind": "incorrect", "note": "与合同不一致。"}]
    actions.return_for_correction(application, items=asked, by=cast.county_caseworker, on=dossiers.FILED)
    client = sign_in(cast.wang)
    for name, more in (("section", ["premises"]), ("section", ["tenants"]), ("check", [])):
        assert "请核对；情况属实" not in page(client, name, application, *more)
    room, jobs = hints(answers := answers_of(application)).values()
    assert hints_on("premises", answers, {"premises.capacity"}) == [room]
    assert hints_on("tenants", answers, {"tenants.jobs"}) == [jobs]


def test_saving_leads_to_the_next_place_on_the_list_and_last_to_the_stamped_page(cast: Cast, sign_in: SignIn) -> None:
    application = returned(cast, "unit.contact_name", EVENTS)
    client = sign_in(cast.wang)
    for section, following in (("unit", "sections/tenants/"), ("tenants", "files/")):
        typed = dossiers.complete_answers()[section]
        answer = client.post(reverse("applications:section", args=[application.pk, section]), typed)
        assert answer["Location"].endswith(following)


def test_fields_that_are_not_on_the_list_are_shown_locked(cast: Cast, sign_in: SignIn) -> None:
    body = page(sign_in(cast.wang), "section", returned(cast, AREA), "premises")
    box = {name: body[body.index(f'name="{name}"') :].partition(">")[0] for name in ("incubation_area", "free_area")}
    assert "disabled" in box["free_area"]
    assert "disabled" not in box["incubation_area"]


def test_the_check_page_asks_for_the_explanation_and_takes_it(cast: Cast, sign_in: SignIn) -> None:
    application = returned(cast, AREA)
    client, url = sign_in(cast.wang), reverse("applications:check", args=[application.pk])
    sent = {"declared": "on", "seen": application.revision}
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert "“孵化面积”的说明：没有改，也没有说明" in refused.content.decode()
    assert client.post(url, sent | {f"reply:{AREA}": WHY}).status_code == 302
    assert application.submissions.get(number=2).replies == [{"place": AREA, "reply": WHY}]


def test_a_section_the_list_leaves_alone_offers_nothing_to_save_or_change(cast: Cast, sign_in: SignIn) -> None:
    application, client = returned(cast, AREA), sign_in(cast.wang)
    locked, opened = (page(client, "section", application, code) for code in ("team", "premises"))
    assert "补正清单没有列这一节，不用改。" in locked
    assert "保存，下一处" not in locked
    assert "保存，下一处" in opened
    body = page(client, "check", application)
    assert "修改场地与功能" in body
    assert "修改运营团队" not in body


def test_what_was_written_but_not_ticked_is_asked_back_and_goes_into_no_letter(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    client, url = sign_in(cast.county_caseworker), reverse("applications:correct", args=[application.pk])
    said = {"seen": application.revision, f"pick:{AREA}": "on", f"note:{AREA}": "与附图不一致。"}
    said |= {f"note:{EVENTS}": "想到一半没有勾选。", "act": "send"}
    asked = client.post(url, said)
    assert asked.status_code == 422
    assert not application.corrections.exists()
    row = next(row for part in asked.context["parts"] for row in part["rows"] if row["place"] == EVENTS)
    assert row["pick"].value()
    assert "已替您勾上" in str(row["note"].errors)
    del said[f"note:{EVENTS}"]
    client.post(url, said)
    assert [item["place"] for item in application.corrections.get().items] == [AREA, FORM]


def test_the_kind_of_a_problem_is_chosen_for_what_is_ticked_and_preset_nowhere(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    client, url = sign_in(cast.county_caseworker), reverse("applications:correct", args=[application.pk])
    body = client.get(url).content.decode()
    choice = body.partition(f'name="kind:{FORM}"')[2].partition("</select>")[0]
    assert re.search(r'<option value="" selected>\s*请选择', choice)
    assert '<span class="muted">内容不符</span>' in body
    said = {"seen": application.revision, f"pick:{FORM}": "on", f"note:{FORM}": "章不清楚。", "act": "send"}
    asked = client.post(url, said)
    assert asked.status_code == 422
    assert f"{places_of(application)[FORM]}：问题：勾选了，没有选属于哪种问题，请选择。" in asked.content.decode()
    client.post(url, said | {f"kind:{FORM}": "incomplete"})
    assert [item["kind"] for item in application.corrections.get().items] == ["incomplete"]


def test_what_was_said_to_be_wrong_but_not_ticked_is_asked_back(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    client, url = sign_in(cast.county_caseworker), reverse("applications:correct", args=[application.pk])
    said = {"seen": application.revision, f"pick:{AREA}": "on", f"note:{AREA}": "与附图不一致。", "act": "send"}
    asked = client.post(url, said | {f"kind:{FORM}": "incomplete"})
    assert "选了问题，没有勾选。已替您勾上" in asked.content.decode()
    assert not application.corrections.exists()
    row = next(row for part in asked.context["parts"] for row in part["rows"] if row["place"] == FORM)
    assert row["pick"].value()


def test_of_the_files_of_a_slot_only_those_that_changed_are_compared(cast: Cast) -> None:
    slot = "basic_conditions"
    application = returned(cast, slot)
    at = dossiers.moment(BACK)
    added = dossiers.upload(cast.wang, cast.base, "补充.pdf", b"%PDF-1.4 more")
    actions.attach_file(application, slot=slot, upload=added, by=cast.wang, at=at)
    resubmit(application, cast)
    (difference,) = dossiers.differences_of(application)
    assert difference.before == "原有 1 份，没有删去"
    assert difference.after == "补充.pdf；原有 1 份没有变"


def test_every_mistake_in_a_list_is_named_at_once_and_what_was_written_stays(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    client, url = sign_in(cast.county_caseworker), reverse("applications:correct", args=[application.pk])
    said = {"seen": application.revision, f"pick:{AREA}": "on", f"note:{AREA}": "", f"note:{EVENTS}": "请附活动记录。"}
    asked = client.post(url, said | {"act": "send"})
    assert set(asked.context["form"].errors) == {f"note:{AREA}", f"note:{EVENTS}"}
    assert "有 2 处要改" in asked.content.decode()
    rows = {row["place"]: row for part in asked.context["parts"] for row in part["rows"]}
    assert rows[EVENTS]["note"].value() == "请附活动记录。"
    assert (rows[AREA]["note"].value(), rows[AREA]["pick"].value()) == ("", True)
    assert asked.context["picked"] == 2
    assert '已勾选 <b data-ticked="pick:">2</b> 处' in asked.content.decode()


def test_the_page_of_a_list_leads_to_each_group_of_places(cast: Cast, sign_in: SignIn) -> None:
    body = page(sign_in(cast.county_caseworker), "correct", dossiers.submitted(cast))
    for number, name in enumerate(("单位基本情况", "运营团队", "场地与功能", "在孵实体与就业", "申报材料"), start=1):
        assert f'href="#part-{number}">{name}</a>' in body
        assert f'<tbody role="rowgroup" id="part-{number}">' in body


def test_a_place_can_only_be_wrong_in_a_way_that_applies_to_it(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    kinds = kinds_of(application)
    assert kinds["premises.lease_ends"] == (K.INCORRECT, K.OUTDATED)
    assert kinds["unit.government_developed"] == (K.INCORRECT,)  # yes or no: neither incomplete nor out of date
    assert kinds["unit.summary"] == (K.INCORRECT, K.INCOMPLETE)
    assert kinds["unit.contact_mail"] == kinds["video"] == (K.MISSING,)  # was never filed
    assert kinds[FORM] == tuple(K)
    body = page(sign_in(cast.county_caseworker), "correct", application)
    assert f'name="kind:{FORM}"' in body
    assert 'name="kind:unit.government_developed"' not in body
    items = [{"place": "unit.government_developed", "kind": "outdated", "note": "请核对。"}]
    with pytest.raises(InvalidInput) as refused:
        actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    assert "“场地由政府开发”的问题类型只能选：内容不符" in refused.value.problems["unit.government_developed"]


def test_what_was_never_filed_is_asked_for_as_missing(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    client, url = sign_in(cast.county_caseworker), reverse("applications:correct", args=[application.pk])
    said = {"seen": application.revision, "pick:video": "on", "note:video": "请补交三分钟以内的短片。", "act": "send"}
    client.post(url, said)
    assert application.corrections.get().items[0]["kind"] == "missing"


# --- the stamped page prints the answers ---


def stamped_anew(application: Application, cast: Cast) -> None:
    file = dossiers.upload(cast.wang, cast.base, "盖章页.pdf", b"%PDF-1.4 stamped anew")
    actions.attach_file(application, slot=FORM, upload=file, by=cast.wang, at=dossiers.moment(BACK))


def test_an_answer_on_the_list_brings_the_stamped_page_with_it_in_the_letter_and_on_screen(
    cast: Cast, sign_in: SignIn
) -> None:
    officer, before = sign_in(cast.county_caseworker), dossiers.submitted(cast)
    url = reverse("applications:correct", args=[before.pk])
    assert "告知书另外要求改后重新打印盖章，不算在处数里" in officer.get(url).content.decode()
    said = {"seen": before.revision, f"pick:{AREA}": "on", f"note:{AREA}": "与附图不一致。"}
    assert RESTAMP in officer.post(url, said | {"act": "preview"}).content.decode()
    officer.post(url, said | {"act": "send"})
    request = before.corrections.get()
    assert [(item["place"], item["note"]) for item in request.items] == [(AREA, "与附图不一致。"), (FORM, RESTAMP)]
    assert request.letter is not None
    assert RESTAMP in str(request.letter.wording)
    assert f"补正要求：{RESTAMP}" in page(sign_in(cast.wang), "files", before)


def test_a_list_of_papers_alone_brings_no_stamped_page(cast: Cast) -> None:
    assert [item["place"] for item in returned(cast, "basic_conditions").corrections.get().items] == [
        "basic_conditions"
    ]


def test_the_stamped_page_is_on_a_list_once_in_the_words_of_the_officer(cast: Cast) -> None:
    items = returned(cast, FORM, AREA).corrections.get().items
    assert [(item["place"], item["note"]) for item in items] == [(FORM, "与附件不一致。"), (AREA, "与附件不一致。")]


def test_a_changed_answer_is_not_handed_in_over_the_old_stamp(cast: Cast) -> None:
    application = returned(cast, AREA)
    save(application, cast, "premises", incubation_area="3100")
    with pytest.raises(InvalidInput) as refused:
        resubmit(application, cast)
    assert set(refused.value.problems) == {FORM}
    stamped_anew(application, cast)
    assert resubmit(application, cast).number == 2


def test_where_no_answer_changed_the_stamped_page_stands(cast: Cast, sign_in: SignIn) -> None:
    application = returned(cast, AREA)
    listed = (
        page(sign_in(cast.wang), "check", application)
        .partition("补正清单（1 处，另有盖章页）")[2]
        .partition("</ul>")[0]
    )
    assert "还不用改" in listed.split("<li>")[2]
    assert resubmit(application, cast, area=WHY).replies == [{"place": AREA, "reply": WHY}]


def test_the_form_to_stamp_prints_what_is_corrected_now(cast: Cast, sign_in: SignIn) -> None:
    application, client = returned(cast, AREA), sign_in(cast.wang)
    save(application, cast, "premises", incubation_area="3123")
    printed = re.search(r'href="([^"]*/as-filed/[^"]*)"', page(client, "files", application))
    assert printed is not None
    assert "3123 平方米" in client.get(printed[1]).content.decode()
    assert "3200 平方米" in page(client, "as_filed", application)
    officer = sign_in(cast.county_caseworker)
    draft = reverse("applications:case_as_filed", args=[application.pk])
    assert "3123" not in officer.get(f"{draft}?v=now").content.decode()


def test_what_is_asked_stands_beside_the_field_it_is_about(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    items = [{"place": "unit.summary", "kind": "incomplete", "note": "补写基地近三年的<服务成效>。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=dossiers.FILED)
    client = sign_in(cast.wang)
    _before, _label, beside = page(client, "section", application, "unit").partition('<label for="id_summary">')
    hint, _control, _rest = beside.partition("<textarea")
    assert "补正要求：补写基地近三年的&lt;服务成效&gt;。" in hint
    assert 'id="id_summary_helptext"' in hint  # read out with the field
    assert "补正要求" not in page(client, "section", application, "team")


def test_the_box_of_an_unchanged_item_says_what_is_to_be_explained(cast: Cast, sign_in: SignIn) -> None:
    application, client = returned(cast, AREA, EVENTS), sign_in(cast.wang)
    save(application, cast, "premises", incubation_area="3100")
    changed, kept, stamped = (
        page(client, "check", application).partition("补正清单（2 处，另有盖章页）")[2].split("<li>")[1:4]
    )
    assert "已经改了。可以在这里说明改了什么" in changed
    for row in (kept, stamped):
        assert "这一处没有改。不改的，在这里写明为什么不改" in row
