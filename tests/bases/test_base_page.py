"""The page of a base: what holds today, and what has happened."""

from typing import Any

import pytest
from django.test import Client

from applications import actions
from bases.models import Certification
from portal.deadlines.today import business_today
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.titles import DAY, certification

pytestmark = pytest.mark.django_db


def test_the_record_of_changes_ends_today_and_the_period_to_come_stands_with_the_title(client: Client) -> None:
    held = certification(period_ends=business_today() + 400 * DAY)
    page = client.get(f"/base/{held.base.slug}/").content.decode()
    titles, changes = page.split('id="titles"')[1].split('id="events"')
    assert str(held.period_ends) in titles
    assert "认定为省级创业孵化示范基地" in changes
    assert str(held.period_ends) not in changes


def test_only_where_a_certificate_has_a_number_is_anybody_told_to_verify_one(client: Client) -> None:
    held, how = certification(), "扫证书上的二维码"
    page = f"/base/{held.base.slug}/"
    assert how in client.get(page).content.decode()
    Certification.objects.filter(pk=held.pk).update(document="黔人社通〔2024〕12号", paper_number="")
    assert how not in client.get(page).content.decode()
    Certification.objects.filter(pk=held.pk).update(paper_number="GZ-2024-18")
    assert how in client.get(page).content.decode()


def test_a_base_on_public_notice_is_said_to_be_so_until_its_case_is_decided(
    cast: Cast, client: Client, time_machine: Any
) -> None:
    application, notice = dossiers.publicised(cast)
    page, listed = f"/base/{cast.base.slug}/", f'href="/520000/notices/{notice.pk}/"'
    after = notice.ends_on + DAY
    for day, said in ((notice.ends_on, "正在公示，公示到"), (after, "期满；是否认定还没有决定")):
        time_machine.move_to(dossiers.moment(day))
        shown = client.get(page).content.decode()
        assert said in shown
        assert listed in shown
        assert "名册里没有这家基地的认定" not in shown
    actions.withdraw_application(application, reason="场地搬迁。", by=cast.wang, on=notice.ends_on)
    assert listed not in client.get(page).content.decode()
