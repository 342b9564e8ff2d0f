"""What a sample procedure asks for rests on no article: papers, and the doors nobody wrote, are shown as assumed."""

from collections.abc import Callable

import pytest
from django.test import Client

from applications.actions.door import door
from applications.rules import ApplicationPolicy
from applications.views.conditions import conditions_of
from portal.accounts.capacity import Capacity
from portal.policies.packs import all_packs
from portal.policies.schema import Value
from tests.factories import dossiers, titles
from tests.factories.cast import Cast, cast_at

pytestmark = pytest.mark.django_db
XINJIANG = "xinjiang-2015"


def papers_of(client: Client, code: str, pk: int) -> str:
    page = client.get(f"/{code}/calls/{pk}/").content.decode()
    return page.partition('aria-labelledby="papers"')[2].partition("</section>")[0]


def test_every_paper_of_a_sample_procedure_is_marked_as_assumed(client: Client) -> None:
    """XJ-16 names no paper."""
    call = dossiers.open_call(cast_at("650102"), "base")
    assert papers_of(client, "650000", call.pk).count("原文没有列出申报材料") == len(call.documents)


def test_papers_that_a_notice_lists_are_not_assumed(cast: Cast, client: Client) -> None:
    call = dossiers.open_call(cast)
    assert "假定" not in papers_of(client, "520000", call.pk)


def test_the_operator_reads_on_what_each_paper_rests(sign_in: Callable[[Capacity], Client]) -> None:
    xinjiang = cast_at("650102")
    call = dossiers.open_call(xinjiang, "base")
    application = dossiers.draft(xinjiang, call)
    page = sign_in(xinjiang.wang).get(f"/my/applications/{application.pk}/files/").content.decode()
    assert page.count("清单随示例流程假定") == len(application.call.documents)


def test_a_platform_without_premises_of_its_own_is_not_asked_for_their_papers() -> None:
    """XJ-07: a service carrier needs no fixed office of its own; a base gives others premises (XJ-16)."""
    policy = all_packs()[XINJIANG].section(ApplicationPolicy)
    required = {
        title: next(each.required for each in policy.procedure(title).documents if each.slot == "premises")
        for title in ("platform", "base")
    }
    assert required == {"platform": False, "base": True}


def test_nobody_applies_for_a_title_that_stands_and_that_rule_is_marked_as_assumed() -> None:
    xinjiang = cast_at("650102")
    call = dossiers.open_call(xinjiang, "base")
    titles.certification(xinjiang.base, title="base", policy=XINJIANG, period_ends=None)
    [obstacle] = door(call, xinjiang.base, on=dossiers.FILED).obstacles
    assert isinstance(obstacle.rests_on, Value)
    assert obstacle.rests_on.assumed


def test_the_desk_reads_bans_and_titles_as_assumed_where_the_policy_has_none(cast: Cast) -> None:
    xinjiang = cast_at("650102")
    call = dossiers.open_call(xinjiang, "base")
    elsewhere, here = dossiers.submitted(xinjiang, call), dossiers.submitted(cast)
    assumed = [_assumed(case) for case in (elsewhere, here)]
    assert assumed == [{"暂停申报", "已有称号"}, {"前置认定", "已有称号"}]


def _assumed(case: dossiers.Application) -> set[str]:
    lines = conditions_of(case, case.submissions.latest("number"), live=False)
    return {line.name for line in lines if isinstance(line.clause, Value) and line.clause.assumed}
