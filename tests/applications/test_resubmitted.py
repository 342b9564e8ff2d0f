"""What came back from a correction: held against the list, judged by each step, doubts passed on with their words."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.actions.correction import RESTAMP
from applications.actions.review import unchecked
from applications.models import Application, DifferenceCheck
from applications.views.for_officers.history import events_of
from portal.accounts.capacity import SYSTEM, Capacity
from portal.audit.models import AuditEvent
from portal.desk.trail.facts import Told
from portal.errors import InvalidInput
from tests.factories import dossiers
from tests.factories.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SignIn = Callable[[Capacity], Client]
FILED = dossiers.FILED
AREA, CAPACITY, EVENTS = "premises.incubation_area", "premises.capacity", "tenants.events"
NOTE = "图纸上是 2900 平方米。"


@pytest.fixture
def application(cast: Cast) -> Application:
    """A case that came back to the county: of two places on the list one was changed, and one beside it."""
    application = dossiers.submitted(cast)
    items = [
        {"place": AREA, "kind": "incorrect", "note": "与合同附图不一致。"},
        {"place": CAPACITY, "kind": "incorrect", "note": "请按现场核对。"},
    ]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=FILED)
    at = dossiers.moment(FILED, 15)
    typed = dossiers.complete_answers(premises={"incubation_area": "3100"})["premises"]
    actions.save_section(application, section="premises", typed=typed, by=cast.wang, at=at)
    replies = {CAPACITY: "数字不变，附平面图。", **dossiers.SAME_PAGE}
    actions.submit_application(application, by=cast.wang, at=at, declared=True, replies=replies)
    return dossiers.fresh(application)


def _doubted(application: Application, cast: Cast) -> None:
    at = dossiers.moment(FILED, 16)
    dossiers.check(application, place=AREA, accepted=False, note=NOTE, by=cast.county_caseworker, at=at)


def _passed(application: Application, by: Capacity) -> None:
    actions.give_opinion(application, verdict="for", text="面积已现场复核，同意。", by=by, on=FILED)


def _page(client: Client, application: Application) -> str:
    return client.get(reverse("applications:case", args=[application.pk])).content.decode()


def test_comparison_follows_the_list_that_was_sent(cast: Cast, sign_in: SignIn, application: Application) -> None:
    application.submissions.filter(number=1).update(answers=_without_jobs(application))
    page = sign_in(cast.county_caseworker).get(reverse("applications:case", args=[application.pk]))
    compared = page.context["compared"]
    assert [line.place for line in compared.changed] == [AREA]
    (kept, page_kept) = [(line.place, line.asked, line.reply) for line in compared.kept]
    assert kept == (CAPACITY, "请按现场核对。", "数字不变，附平面图。")
    assert page_kept == ("application_form", RESTAMP, dossiers.SAME_PAGE["application_form"])
    assert [line.place for line in compared.beside] == ["tenants.jobs"]
    shown = page.content.decode()
    assert all(heading in shown for heading in ("清单内已改（1）", "清单内没有改（1，另有盖章页）", "清单外改动（1）"))


def test_the_stamped_page_is_counted_apart_on_both_sides_of_a_comparison(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    items = [{"place": AREA, "kind": "incorrect", "note": "与合同附图不一致。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=FILED)
    typed = dossiers.complete_answers(premises={"incubation_area": "3100"})["premises"]
    at = dossiers.moment(FILED, 15)
    actions.save_section(application, section="premises", typed=typed, by=cast.wang, at=at)
    page = dossiers.upload(cast.wang, cast.base, "重新盖章.pdf")
    actions.attach_file(application, slot="application_form", upload=page, by=cast.wang, at=at)
    actions.submit_application(application, by=cast.wang, at=at, declared=True)
    shown = _page(sign_in(cast.county_caseworker), application)
    for words in ("第 1 次补正（1 处，另有盖章页）", "清单内已改（1，另有盖章页）", "2 处待核对（含盖章页）"):
        assert words in shown


def test_stamped_page_of_answers_that_all_stayed_is_not_called_unchanged(cast: Cast, sign_in: SignIn) -> None:
    application = dossiers.submitted(cast)
    items = [{"place": CAPACITY, "kind": "incorrect", "note": "请按现场核对。"}]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=FILED)
    at, replies = dossiers.moment(FILED, 15), {CAPACITY: "数字不变，附平面图。"}
    actions.submit_application(dossiers.fresh(application), by=cast.wang, at=at, declared=True, replies=replies)
    page = sign_in(cast.county_caseworker).get(reverse("applications:case", args=[application.pk]))
    assert [line.place for line in page.context["compared"].kept] == [CAPACITY]
    shown = page.content.decode()
    assert "清单内没有改（1）" in shown
    assert "没有改，也没有说明" not in shown
    assert "保存核对结果" not in shown  # nothing changed: there is no word to give


def _without_jobs(application: Application) -> dict[str, dict[str, object]]:
    answers: dict[str, dict[str, object]] = application.submissions.get(number=1).answers
    return answers | {"tenants": answers["tenants"] | {"jobs": 1}}


def test_doubt_is_not_kept_without_its_words(cast: Cast, sign_in: SignIn, application: Application) -> None:
    with pytest.raises(InvalidInput, match="没有保存") as refused:
        dossiers.check(
            application, place=AREA, accepted=False, note=" ", by=cast.county_caseworker, at=dossiers.moment(FILED, 16)
        )
    assert "请写明疑问" in refused.value.problems[AREA]
    client = sign_in(cast.county_caseworker)
    answer = client.post(
        reverse("applications:check_changes", args=[application.pk]), {f"check:{AREA}": "doubted", f"note:{AREA}": ""}
    )
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert f'<a href="#n-{AREA}">孵化面积：选了有疑问，请写明疑问是什么' in shown
    assert "<title>错误：" in shown
    assert not DifferenceCheck.objects.exists()


def _judge(client: Client, application: Application, **said: str) -> HttpResponse:
    """Send the form of the changes: `answer_…` and `note_…` of the area and the number of events."""
    places = {"area": AREA, "events": EVENTS}
    names = {"answer": "check", "note": "note"}
    typed = {f"{names[what]}:{places[of]}": text for what, of, text in ((*k.split("_"), v) for k, v in said.items())}
    return client.post(reverse("applications:check_changes", args=[application.pk]), typed, follow=True)


def test_changes_are_judged_all_together_or_not_at_all(cast: Cast, sign_in: SignIn, application: Application) -> None:
    application.submissions.filter(number=1).update(answers=_without_events(application))
    client = sign_in(cast.county_caseworker)
    answer = _judge(client, application, answer_area="agreed", answer_events="doubted")
    assert answer.status_code == 422
    assert not DifferenceCheck.objects.exists()
    assert not AuditEvent.objects.filter(verb="application.change_checked").exists()
    lines = {line.place: (line.answer, bool(line.error)) for line in answer.context["compared"].lines}
    assert lines == {AREA: ("agreed", False), EVENTS: ("doubted", True)}
    _judge(client, application, answer_area="agreed", answer_events="doubted", note_events="请附活动记录。")
    assert DifferenceCheck.objects.count() == 2


def _without_events(application: Application) -> dict[str, dict[str, object]]:
    answers: dict[str, dict[str, object]] = application.submissions.get(number=1).answers
    return answers | {"tenants": answers["tenants"] | {"events": 1}}


def test_who_saves_without_a_choice_is_told_where_to_choose(
    cast: Cast, sign_in: SignIn, application: Application
) -> None:
    client = sign_in(cast.county_caseworker)
    for said in ({}, {"note_area": "与附图不一致？"}):
        answer = _judge(client, application, **said)
        assert answer.status_code == 422
        assert f'<a href="#c-{AREA}">孵化面积：没有选，请选“认可”或“有疑问”。' in answer.content.decode()
    (line,) = answer.context["compared"].changed
    assert line.note == "与附图不一致？"


def test_a_word_said_already_is_not_put_on_record_again(cast: Cast, sign_in: SignIn, application: Application) -> None:
    client = sign_in(cast.county_caseworker)
    says = [_judge(client, application, answer_area="agreed").content.decode() for _time in range(2)]
    assert "已保存 1 处核对结果" in says[0]
    assert "核对结果没有变，不用再保存" in says[1]
    assert AuditEvent.objects.filter(verb="application.change_checked").count() == 1
    _judge(client, application, answer_area="doubted", note_area=NOTE)
    told = [event.text for event in events_of(application, []) if event.title == "核对补正改动"]
    assert told == ["孵化面积：认可", "孵化面积：有疑问"]
    kept = AuditEvent.objects.filter(verb="application.change_checked").order_by("seq")
    on_record = [fact.value for event in kept for fact in Told(kept).facts(event) if fact.term == "核对结果"]
    assert on_record == ["认可", "有疑问"]


def test_doubt_reaches_the_next_step_as_the_word_of_who_had_it(
    cast: Cast, sign_in: SignIn, application: Application
) -> None:
    _doubted(application, cast)
    _passed(application, cast.county_caseworker)
    application = dossiers.fresh(application)
    assert [each.place for each in unchecked(application)] == [AREA]
    page = sign_in(cast.city_caseworker).get(reverse("applications:case", args=[application.pk]))
    (line,) = page.context["compared"].changed
    assert (line.answer, line.note) == ("", "")  # nobody's word is put into the mouth of the next
    assert [(mark.who, mark.note) for mark in line.marks] == [(str(cast.county_caseworker.person), NOTE)]
    assert "疑问没有消除" in page.content.decode()


def test_a_later_step_reads_that_it_need_not_check_again_what_was_accepted(
    cast: Cast, sign_in: SignIn, application: Application
) -> None:
    optional = "前面的环节都已认可，本环节可以不再核对，直接往下办"
    assert optional not in _page(sign_in(cast.county_caseworker), application)
    at = dossiers.moment(FILED, 16)
    dossiers.check(application, place=AREA, accepted=True, by=cast.county_caseworker, at=at)
    assert optional not in _page(sign_in(cast.county_caseworker), application)  # has given its word
    _passed(application, cast.county_caseworker)
    assert optional in _page(sign_in(cast.city_caseworker), application)
    _passed(dossiers.fresh(application), cast.city_caseworker)


def test_a_later_step_reads_which_of_the_changes_it_must_check(
    cast: Cast, sign_in: SignIn, application: Application
) -> None:
    application.submissions.filter(number=1).update(answers=_without_events(application))
    _judge(sign_in(cast.county_caseworker), application, answer_area="doubted", note_area=NOTE, answer_events="agreed")
    _passed(application, cast.county_caseworker)
    page = _page(sign_in(cast.city_caseworker), application)
    spare = "前面的环节已认可，本环节可以不核对"
    assert page.count(spare) == 1
    assert spare in page.partition(f'name="check:{EVENTS}"')[0].rpartition("<tr")[2]


def test_accepting_for_the_next_step_leaves_the_doubt_of_the_first_on_file(
    cast: Cast, application: Application
) -> None:
    _doubted(application, cast)
    _passed(application, cast.county_caseworker)
    at = dossiers.moment(FILED, 17)
    application = dossiers.fresh(application)
    dossiers.check(application, place=AREA, accepted=True, by=cast.city_caseworker, at=at)
    assert unchecked(application) == []
    words = DifferenceCheck.objects.order_by("pk").values_list("step", "accepted", "note")
    assert list(words) == [("recommendation", False, NOTE), ("preliminary_review", True, "")]


def test_approver_reads_a_doubt_that_nobody_dispelled(cast: Cast, sign_in: SignIn, application: Application) -> None:
    _doubted(application, cast)
    _passed(application, cast.county_caseworker)
    for by in (cast.city_caseworker, cast.province_caseworker):
        at = dossiers.moment(FILED, 17)
        dossiers.check(application, place=AREA, accepted=False, note="仍不清楚。", by=by, at=at)
        if by is cast.city_caseworker:
            _passed(dossiers.fresh(application), by)
    dossiers.visit(dossiers.fresh(application), cast)
    at = dossiers.moment(FILED, 18)
    dossiers.check(application, place=AREA, accepted=False, note="复审也没有查清。", by=cast.province_caseworker, at=at)
    _passed(dossiers.fresh(application), cast.province_caseworker)
    notice = actions.publish_notice(
        application.call,
        applications=[dossiers.fresh(application)],
        contact="0851",
        by=cast.province_caseworker,
        on=FILED,
    )
    actions.conclude_notice(notice, by=SYSTEM, on=notice.ends_on.replace(day=notice.ends_on.day + 1))
    shown = _page(sign_in(cast.approver), dossiers.fresh(application))
    assert all(words in shown for words in (NOTE, "复审也没有查清。", "疑问没有消除"))
    assert 'name="check:' not in shown


def test_doubt_is_on_the_trail_with_its_words(cast: Cast, application: Application) -> None:
    _doubted(application, cast)
    assert AuditEvent.objects.get(verb="application.change_checked").facts["note"] == NOTE


def _replaced(cast: Cast, name: str = "盖章页.pdf") -> Application:
    """Return a case whose stamped page was replaced, with a second proof put beside the first."""
    application = dossiers.submitted(cast)
    items = [
        {"place": slot, "kind": "incomplete", "note": "缺页。"} for slot in ("application_form", "basic_conditions")
    ]
    actions.return_for_correction(application, items=items, by=cast.county_caseworker, on=FILED)
    at = dossiers.moment(FILED, 15)
    for slot, called in (("application_form", name), ("basic_conditions", "消防验收.pdf")):
        file = dossiers.upload(cast.wang, cast.base, called, b"%PDF-1.4 new")
        actions.attach_file(application, slot=slot, upload=file, by=cast.wang, at=at)
    actions.submit_application(application, by=cast.wang, at=at, declared=True)
    return dossiers.fresh(application)


def test_a_replaced_paper_can_be_opened_beside_the_one_it_replaced(cast: Cast, sign_in: SignIn) -> None:
    application, client = _replaced(cast), sign_in(cast.county_caseworker)
    answer = client.get(reverse("applications:case", args=[application.pk]))
    files = {line.place: line.files for line in answer.context["compared"].changed}
    (old,), (new,) = files["application_form"].dropped, files["application_form"].added
    assert (old.name, new.name, files["application_form"].kept) == ("application_form.pdf", "盖章页.pdf", 0)
    changes = answer.content.decode().partition('id="changes"')[2].partition("</table>")[0]
    for file in (old, new):
        assert f'href="{file.href}"' in changes
        assert client.get(file.href).status_code == 200
    for row in application.submissions.latest("number").files:
        assert row["sha256"][:8] not in changes


def test_a_paper_put_beside_another_is_told_as_added_and_the_other_as_unchanged(cast: Cast, sign_in: SignIn) -> None:
    application = _replaced(cast)
    page = _page(sign_in(cast.county_caseworker), application)
    row = page.partition('name="check:basic_conditions"')[0].rpartition("<tr")[2]
    before, after = row.split("<td")[1:3]
    assert "原有 1 份，没有删去" in before
    assert "消防验收.pdf" in after
    assert "原有 1 份没有变" in after


def test_a_paper_of_the_same_name_is_said_to_have_other_content(cast: Cast, sign_in: SignIn) -> None:
    application = _replaced(cast, "application_form.pdf")
    assert "文件名相同，内容不同" in _page(sign_in(cast.county_caseworker), application)
