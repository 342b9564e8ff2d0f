"""The inbox: one's own messages, opened and marked as read, counted by one cheap query."""

import datetime
import re

import pytest
from django.db import transaction
from django.urls import reverse

from portal.notifications.models import Notification
from portal.notifications.notify import Notice, notify
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 11, 24)  # past: no clock shows it any more


def tell(cast: Cast, subject: str, url: str = "/help/") -> Notification:
    with transaction.atomic():
        notice = Notice(kind="progress", subject=subject, body="县级已推荐。", url=url)
        return notify(notice, to=[cast.wang.user], about=cast.base, on=DAY)[0]


def test_one_sees_ones_own_messages_only(sign_in, cast: Cast) -> None:
    tell(cast, "已转市级")
    assert "已转市级" in sign_in(cast.wang).get(reverse("notifications:inbox")).content.decode()
    assert "已转市级" not in sign_in(cast.approver).get(reverse("notifications:inbox")).content.decode()


def test_every_message_is_laid_out_alike_whatever_its_length(sign_in, cast: Cast) -> None:
    tell(cast, "已转市级")
    tell(cast, "筑梦创业孵化基地的申报已由县级人力资源和社会保障局推荐，现在由市级人力资源和社会保障局进行初审" * 2)
    page = sign_in(cast.wang).get(reverse("notifications:inbox")).content.decode()
    rows = re.findall(r'<li class="stack s">(.*?)</li>', page, re.DOTALL)
    assert len(rows) == 2
    for row in rows:
        assert re.findall(r"^\s*<(form|p|div|span)\b", row, re.MULTILINE) == ["form", "p", "p"]


def test_opening_marks_as_read_and_leads_on(sign_in, cast: Cast) -> None:
    row = tell(cast, "已转市级")
    client = sign_in(cast.wang)
    assert client.post(reverse("notifications:open", args=[row.pk])).url == "/help/"
    row.refresh_from_db()
    assert row.read_at is not None
    assert sign_in(cast.approver).post(reverse("notifications:open", args=[row.pk])).status_code == 404


def test_opening_a_matter_marks_every_message_of_it_as_read(sign_in, cast: Cast) -> None:
    rows = [tell(cast, "已转市级"), tell(cast, "已转省级"), tell(cast, "别的事", "/privacy/")]
    sign_in(cast.wang).post(reverse("notifications:open", args=[rows[0].pk]))
    assert [row.subject for row in Notification.objects.filter(recipient=cast.wang.user, read_at=None)] == ["别的事"]


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"])
def test_a_message_never_leads_to_another_site(sign_in, cast: Cast, url: str) -> None:
    row = tell(cast, "x", url)
    answer = sign_in(cast.wang).post(reverse("notifications:open", args=[row.pk]))
    assert answer.url == reverse("notifications:inbox")


def test_all_are_marked_as_read_at_once(sign_in, cast: Cast) -> None:
    for n in range(3):
        tell(cast, f"第 {n} 条")
    client = sign_in(cast.wang)
    assert "3 条未读" in client.get(reverse("notifications:inbox")).content.decode()
    client.post(reverse("notifications:read_all"))
    assert not Notification.objects.filter(read_at__isnull=True).exists()
    assert "没有未读消息" in client.get(reverse("notifications:inbox"), {"only": "unread"}).content.decode()


def test_a_long_inbox_costs_as_many_queries_as_a_short_one(sign_in, cast: Cast, django_assert_max_num_queries) -> None:
    client = sign_in(cast.wang)
    client.get(reverse("notifications:inbox"))  # the first page of a process also fills its caches
    for n in range(60):
        tell(cast, f"第 {n} 条")
    with django_assert_max_num_queries(12):
        page = client.get(reverse("notifications:inbox"))
    older = page.context["older"]
    second = client.get(reverse("notifications:inbox"), {"before": older})
    shown = [row.subject for row in (*page.context["rows"], *second.context["rows"])]
    assert len(shown) == len(set(shown)) == 50


def test_the_bell_counts(sign_in, cast: Cast) -> None:
    client = sign_in(cast.wang)
    assert "count" not in client.get(reverse("notifications:bell")).content.decode()
    tell(cast, "x")
    assert ">1</b>" in client.get(reverse("notifications:bell")).content.decode()


def test_message_stands_at_the_business_day_on_which_it_was_told(sign_in, cast: Cast) -> None:
    row = tell(cast, "已转市级")
    shown = sign_in(cast.wang).get(reverse("notifications:inbox")).content.decode()
    assert f'datetime="{DAY}T' in shown
    assert row.created_at.date() != DAY  # sending and waiting go by the real clock


def test_messages_stand_in_the_order_of_their_days_the_newest_first(
    sign_in, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.notifications.views.PER_PAGE", 2)
    days = (("第三", 3), ("第一", 1), ("第五", 5), ("第二", 2), ("第四", 4))
    for subject, day in days:
        row = tell(cast, subject)
        Notification.objects.filter(pk=row.pk).update(on=DAY + datetime.timedelta(days=day))
    Notification.objects.filter(subject="第四").update(created_at=row.created_at - datetime.timedelta(seconds=1))
    tell_again = tell(cast, "第四，晚些")
    Notification.objects.filter(pk=tell_again.pk).update(on=DAY + datetime.timedelta(days=4), created_at=row.created_at)
    Notification.objects.filter(subject="第三").update(created_at=row.created_at)
    client, seen, before = sign_in(cast.wang), [], ""
    while True:
        context = client.get(reverse("notifications:inbox"), {"before": before}).context
        seen += [each.subject for each in context["rows"]]
        if not context["older"]:
            break
        before = context["older"]
    assert seen == ["第五", "第四，晚些", "第四", "第三", "第二", "第一"]
