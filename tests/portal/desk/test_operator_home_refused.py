"""The operator's home once an application came to nothing: what was decided, until when to contest it, what is open."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from applications import actions
from applications.models import Application
from portal.accounts.capacity import Capacity
from portal.desk.home import views
from tests.factories import dossiers, register, titles
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
DECIDED = datetime.date(2026, 3, 18)
REASON = "孵化场地产权不清，复核仍不符合申报条件。"
Home = Callable[..., Any]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, sign_in: Callable[[Capacity], Client]) -> Home:
    def opened(capacity: Capacity, day: datetime.date = DECIDED) -> Any:
        monkeypatch.setattr(views, "business_now", lambda: dossiers.moment(day))
        monkeypatch.setattr("portal.web.context_processors.business_today", lambda: day)
        answer = sign_in(capacity).get("/my/")
        assert answer.status_code == 200
        return answer

    return opened


def _refused(cast: Cast) -> Application:
    application = dossiers.for_approval(cast)
    actions.refuse_application(application, reason=REASON, by=dossiers.second_approver(cast), on=DECIDED)
    return dossiers.fresh(application)


def test_after_a_refusal_it_stands_first_with_its_letter_and_the_last_days_of_both_remedies(
    cast: Cast, home: Home
) -> None:
    refused = _refused(cast)
    first = home(cast.wang).context["first"]
    told = {fact.term: fact.value for fact in first.facts}
    assert first.title.startswith("没有获得认定")
    assert not first.mine
    letter = refused.decision.letter
    assert letter is not None
    assert str(letter.key) in first.href
    assert told["为什么"] == REASON
    assert "最晚 2026-05-18" in told["行政复议"]  # the sixtieth day, 17 May, is a Sunday
    assert "最晚 2026-09-18" in told["行政诉讼"]


def test_a_refused_base_reads_that_it_may_apply_again_while_the_call_is_open(cast: Cast, home: Home) -> None:
    refused = _refused(cast)
    answer = home(cast.wang)
    following = next(fact for fact in answer.context["first"].facts if fact.term == "下一步")
    assert following.value.startswith("可以重新申报")
    assert following.href == f"/my/calls/{refused.call_id}/"
    assert "还没有申报" not in answer.content.decode()


def test_once_a_remedy_is_over_it_is_not_offered_any_more(cast: Cast, home: Home) -> None:
    _refused(cast)
    told = {fact.term for fact in home(cast.wang, datetime.date(2026, 5, 19)).context["first"].facts}
    assert "行政复议" not in told
    assert "行政诉讼" in told
    assert not home(cast.wang, datetime.date(2026, 9, 19)).context["first"].title.startswith("没有获得认定")


def test_after_a_withdrawal_nobody_is_told_that_it_has_not_applied(cast: Cast, home: Home) -> None:
    application = dossiers.submitted(cast)
    actions.withdraw_application(application, reason="场地搬迁。", by=cast.wang, on=dossiers.FILED)
    answer = home(cast.wang, dossiers.FILED)
    assert answer.context["first"].title.startswith("可以重新申报")
    assert "由您单位撤回" in answer.context["first"].facts[0].value
    assert "还没有申报" not in answer.content.decode()


def test_the_way_of_a_case_says_what_each_bureau_answered(cast: Cast, home: Home) -> None:
    application = dossiers.recommended(cast)
    actions.give_opinion(application, verdict="against", text="场地不符。", by=cast.city_caseworker, on=dossiers.FILED)
    page = home(cast.wang, dossiers.FILED).content.decode()
    assert "初审办理完毕：不同意，是否认定另行决定" in page
    assert "推荐办理完毕：同意，进入下一环节" in page
    assert "初审办理完毕，进入下一环节" not in page


def test_the_last_days_of_both_remedies_stay_in_the_list_while_something_else_comes_first(
    cast: Cast, home: Home
) -> None:
    refused, other = _refused(cast), register.base("520103", run_by=cast.operator)

    def remedies() -> dict[str, datetime.date | None]:
        context = home(cast.wang).context
        assert not context["first"].key.startswith("refused:")
        return {line.name: line.on for line in context["agenda"] if line.key.startswith(f"refused:{refused.pk}:")}

    shown = home(cast.wang).context
    assert shown["first"].key == f"refused:{refused.pk}"
    assert not [line for line in shown["agenda"] if line.key.startswith("refused:")]
    dossiers.city_title(cast, other)
    drafted = actions.start_application(refused.call, base=other, by=cast.wang, at=dossiers.moment(DECIDED))
    days = {"行政复议": datetime.date(2026, 5, 18), "行政诉讼": datetime.date(2026, 9, 18)}
    assert remedies() == days
    _sent_back(drafted, cast)
    assert remedies() == days


def _sent_back(drafted: Application, cast: Cast) -> None:
    """Hand a draft in and send it back, so that a task waits for the operator."""
    dossiers.fill(drafted, cast.wang, DECIDED)
    actions.submit_application(drafted, by=cast.wang, at=dossiers.moment(DECIDED), declared=True)
    items = [{"place": "premises.incubation_area", "kind": "incorrect", "note": "与合同不一致。"}]
    actions.return_for_correction(dossiers.fresh(drafted), items=items, by=cast.county_caseworker, on=DECIDED)


def test_a_call_of_another_city_is_not_offered_to_a_base_it_does_not_cover(cast: Cast, home: Home) -> None:
    refused = _refused_by_the_city(cast)
    register.base("520302", run_by=cast.operator)
    opens, closes = datetime.date(2026, 4, 2), datetime.date(2026, 10, 30)
    elsewhere = titles.published_call("520300", opens=opens, closes=closes, title="city", name="遵义市级申报")
    contested = home(cast.wang, datetime.date(2026, 4, 10)).context
    following = next(fact for fact in contested["first"].facts if fact.term == "下一步")
    assert contested["first"].key == f"refused:{refused.pk}"
    assert (following.value, following.href) == ("有新的申报通知时，会列在这里，可以重新申报", "")
    lines = {line.key: line.now for line in contested["agenda"]}
    assert lines[f"call:{elsewhere.pk}"] == "正在申报，您单位还没有申报"
    later = home(cast.wang, datetime.date(2026, 10, 1)).context["first"]
    assert later.title == "可以申报：遵义市级申报"
    assert "决定不予认定" not in later.facts[0].value


def _refused_by_the_city(cast: Cast) -> Application:
    application = dossiers.submitted(cast, dossiers.open_call(cast, "city", name="贵阳市级申报"))
    actions.give_opinion(application, verdict="for", text="同意推荐。", by=cast.county_caseworker, on=dossiers.FILED)
    actions.refuse_application(dossiers.fresh(application), reason=REASON, by=cast.city_approver, on=dossiers.FILED)
    return dossiers.fresh(application)
