"""What the home of an operator and the page of its case say while the bureau has it: the day, what comes next, whom."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from applications import actions
from applications.models import Application, PublicNotice
from portal.accounts.capacity import VISITOR, Capacity
from tests.factories import dossiers
from tests.factories.cast import Cast, cast_at

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
SignIn = Callable[[Capacity], Client]


@pytest.fixture
def on_notice(cast: Cast, time_machine: Any) -> tuple[Application, PublicNotice]:
    application, notice = dossiers.publicised(cast)
    time_machine.move_to(dossiers.moment(notice.published_on))
    return application, notice


def _object(application: Application, notice: PublicNotice) -> Any:
    said = {"name": "张三丰", "contact": "13800000000", "reason": "场地与公示的面积不一致，请核实。"}
    on = notice.published_on + DAY
    return actions.receive_objection(notice, application=application, by=VISITOR, on=on, **said)


def _words(answer: HttpResponse) -> str:
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def test_during_a_notice_the_day_is_its_last_one_and_the_notice_is_linked(
    cast: Cast, on_notice: tuple[Application, PublicNotice], sign_in: SignIn
) -> None:
    application, notice = on_notice
    answer = sign_in(cast.wang).get("/my/")
    panel = answer.content.decode().partition('aria-labelledby="now"')[2].partition("</section>")[0]
    assert answer.context["first"].day_word == "公示到"
    assert "办结期限" not in panel
    assert "（含当日）" in panel
    assert "批复认定" in panel  # the step that follows, by its name
    for page in (panel, sign_in(cast.wang).get(f"/my/applications/{application.pk}/").content.decode()):
        assert f'href="/520000/notices/{notice.pk}/"' in page


def test_an_operator_reads_at_home_and_at_its_case_of_an_objection_and_its_answer_and_never_whose_it_is(
    cast: Cast, on_notice: tuple[Application, PublicNotice], sign_in: SignIn
) -> None:
    application, notice = on_notice
    client, pages = sign_in(cast.wang), ("/my/", f"/my/applications/{application.pk}/")
    objection = _object(application, notice)
    for page in pages:
        shown = _words(client.get(page))
        assert f"{objection.received_on} 收到公示异议" in shown
        assert "张三丰" not in shown
    officer = cast.province_caseworker
    actions.answer_objection(objection, founded=False, answer="面积一致。", by=officer, on=objection.received_on)
    for page in pages:
        assert "已答复：异议不成立" in client.get(page).content.decode()


def test_what_passed_lately_tells_of_an_objection_and_its_answer(
    cast: Cast, on_notice: tuple[Application, PublicNotice], sign_in: SignIn
) -> None:
    objection = _object(*on_notice)
    officer, on = cast.province_caseworker, objection.received_on + DAY
    actions.answer_objection(objection, founded=False, answer="面积一致。", by=officer, on=on)
    told = [event.title for event in sign_in(cast.wang).get("/my/").context["events"]]
    assert told.index("公示异议已答复") < told.index("收到公示异议") < told.index("列入公示")


def test_what_passed_lately_tells_of_the_visit(cast: Cast, sign_in: SignIn, time_machine: Any) -> None:
    dossiers.visited(cast)
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    assert "实地考察已登记" in [event.title for event in sign_in(cast.wang).get("/my/").context["events"]]


def test_a_notice_that_is_over_says_that_the_objections_are_awaited(
    cast: Cast, on_notice: tuple[Application, PublicNotice], sign_in: SignIn, time_machine: Any
) -> None:
    application, notice = on_notice
    _object(application, notice)
    time_machine.move_to(dossiers.moment(notice.ends_on + DAY))
    facts = {fact.term: str(fact.value) for fact in sign_in(cast.wang).get("/my/").context["first"].facts}
    assert facts["在哪一步"] == f"公示期满，{cast.province.name}正在答复异议"
    assert facts["为什么"] == "公示期间收到的异议，要全部答复以后才能作出决定"
    shown = _words(sign_in(cast.wang).get(f"/my/applications/{application.pk}/"))
    assert f"公示已于 {notice.ends_on} 期满" in shown


@pytest.mark.parametrize("objected", [False, True])
def test_a_notice_that_is_over_without_an_open_objection_waits_for_the_next_step(
    cast: Cast, on_notice: tuple[Application, PublicNotice], sign_in: SignIn, time_machine: Any, objected: bool
) -> None:
    """Nothing is said of objections that are being answered where there is none, or all are answered."""
    application, notice = on_notice
    if objected:
        objection, by = _object(application, notice), cast.province_caseworker
        actions.answer_objection(objection, founded=False, answer="面积一致。", by=by, on=objection.received_on)
    time_machine.move_to(dossiers.moment(notice.ends_on + DAY))
    facts = {fact.term: str(fact.value) for fact in sign_in(cast.wang).get("/my/").context["first"].facts}
    assert facts["在哪一步"] == "公示期满，等待进入下一步"
    assert "异议，要全部答复" not in facts["为什么"]
    assert "公示期内任何人可以" not in facts["为什么"]


def test_finished_steps_bear_the_day_on_which_they_were_done(
    cast: Cast, on_notice: tuple[Application, PublicNotice], sign_in: SignIn
) -> None:
    application, _notice = on_notice
    done = f"{dossiers.FILED:%m-%d}"
    for who, page in ((cast.wang, f"/my/applications/{application.pk}/"), (cast.province_caseworker, None)):
        steps = sign_in(who).get(page or f"/desk/applications/{application.pk}/").context["steps"]
        assert [step.note for step in steps if step.state == "done"] == [done] * 5
        assert done not in [step.note for step in steps if step.state == "next"]


def test_a_draft_names_the_bureau_that_has_it_first(sign_in: SignIn) -> None:
    """所在地 + 区级 reads as 地区级 where a place has districts alone: the bureau is called by its name."""
    karamay = cast_at("650203")
    dossiers.draft(karamay, dossiers.open_call(karamay, "base"))
    shown = sign_in(karamay.wang).get("/my/").content.decode()
    assert "所在地区级" not in shown
    assert "提交后先由克拉玛依区办理" in shown
