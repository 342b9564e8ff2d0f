"""Numbers, days with their hour and phones stay on one line each; pages that list what is true say it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.safestring import mark_safe

from portal.accounts.capacity import Capacity
from portal.policies.packs import all_packs
from portal.web.templatetags.ui import intact
from tests.factories import dossiers
from tests.factories.cast import Cast


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("受理号 SQ-540103-2026-0002 已收", "SQ-540103-2026-0002"),
        ("截止时间 2026-12-13 18:00。", "2026-12-13 18:00"),
        ("请打 0891-0000100，或到窗口反映", "0891-0000100"),
    ],
)
def test_a_number_a_day_with_its_hour_and_a_phone_stay_on_one_line(said: str, kept: str) -> None:
    assert f'<span class="nowrap">{kept}</span>' in intact(said)


def test_what_is_written_by_people_is_escaped_and_what_is_html_already_is_left_as_it_is() -> None:
    assert intact("<b>2026-12-13</b>") == '&lt;b&gt;<span class="nowrap">2026-12-13</span>&lt;/b&gt;'
    link = mark_safe('<a href="/policy/#GZ-27">A-1</a>')
    assert intact(link) == link


@pytest.mark.django_db
def test_the_page_of_a_case_says_which_day_it_explains(cast: Cast, sign_in: Callable[[Capacity], Client]) -> None:
    application = dossiers.submitted(cast)
    page = sign_in(cast.wang).get(f"/my/applications/{application.pk}/").content.decode()
    assert f'办理期限为什么是 <span class="nowrap">{application.due_on}</span>' in page
    assert "为什么是这一天" not in page


@pytest.mark.django_db
def test_the_first_page_counts_the_policies_and_says_how_many_have_ended(client: Client, time_machine) -> None:
    time_machine.move_to("2026-11-23T09:00:00+08:00")
    page = client.get("/").content.decode()
    assert f"本平台有 {len(all_packs())} 个省、市的政策" in page
    assert "其中 1 个的施行期限已满" in page
    assert "在本平台执行" not in page


@pytest.mark.django_db
def test_before_there_is_a_base_no_number_of_open_calls_is_given(
    cast: Cast, sign_in: Callable[[Capacity], Client], time_machine
) -> None:
    dossiers.open_call(cast)
    time_machine.move_to(dossiers.moment(dossiers.FILED))
    own = sign_in(cast.wang)
    assert "正在申报的批次（1）" in own.get("/my/applications/").content.decode()
    cast.base.delete()
    page = own.get("/my/applications/").content.decode()
    assert "正在申报的批次（" not in page
    assert "先登记基地" in page


@pytest.mark.django_db
def test_the_days_of_a_roster_are_written_in_the_boxes_used_everywhere(
    cast: Cast, sign_in: Callable[[Capacity], Client]
) -> None:
    page = sign_in(cast.wang).get(f"/my/bases/{cast.base.pk}/tenants/").content.decode()
    assert 'type="date"' not in page
    assert "例如 2026-03-09" in page
