"""What waits where nobody is lies idle unseen no more: whoever is above learns it, and may fill the post."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.capacity import Capacity
from portal.accounts.models import Membership
from portal.accounts.roles import Permission, Role
from portal.notifications.models import Notification
from portal.worklist.items import open_work
from portal.worklist.models import WorkItem
from portal.worklist.vacancies import tell_of_vacancies, tell_of_vacancy, vacant
from tests.factories import dossiers
from tests.factories.cast import Cast
from tests.factories.people import officer

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
DAY = datetime.timedelta(days=1)


def _nobody_in_the_county(cast: Cast) -> None:
    assert cast.county_caseworker.membership is not None
    Membership.objects.filter(pk=cast.county_caseworker.membership.pk).update(valid_to=dossiers.FILED - DAY)


def _told(kind: str) -> set[int]:
    return set(Notification.objects.filter(kind=kind).values_list("recipient_id", flat=True))


@pytest.mark.slow
def test_filing_where_nobody_is_tells_the_nearest_bureau_above_and_who_can_fill_the_post(
    cast: Cast, sign_in: SignIn
) -> None:
    _nobody_in_the_county(cast)
    application = dossiers.submitted(cast)
    assert _told("work.vacant") == {cast.city_caseworker.user_id}
    assert _told("work.vacant_post") == {cast.system_admin.user_id}
    to_fill = Notification.objects.get(kind="work.vacant_post")
    assert "没有在岗的经办岗人员" in to_fill.body
    assert cast.base.name not in to_fill.subject + to_fill.body  # administrators read no cases
    told = Notification.objects.get(kind="work.vacant")
    page = sign_in(cast.city_caseworker).get(told.url).content.decode()
    assert application.base.name in page
    assert "该单位没有在岗人员" in page


def test_where_all_had_a_hand_in_the_matter_the_bureau_above_reads_that_they_may_not_do_it(cast: Cast) -> None:
    dossiers.submitted(cast)
    item = WorkItem.objects.get(kind="applications.recommendation")
    assert tell_of_vacancy(item, dossiers.FILED, without={cast.city_caseworker.user_id}) == 0
    assert tell_of_vacancy(item, dossiers.FILED, without={cast.county_caseworker.user_id}) == 2
    told = Notification.objects.get(kind="work.vacant", recipient=cast.city_caseworker.user)
    assert "能办这一项的人员都经手过这一件，不能再办" in told.body
    assert "没有在岗人员" not in told.subject + told.body


@pytest.mark.slow
def test_where_somebody_is_nobody_above_is_disturbed(cast: Cast, sign_in: SignIn) -> None:
    dossiers.submitted(cast)
    assert not _told("work.vacant") | _told("work.vacant_post")
    page = sign_in(cast.city_caseworker).get(f"{reverse('desk:worklist')}?queue=below").content.decode()
    assert "该单位没有在岗人员" not in page


@pytest.mark.slow
def test_a_post_that_fell_empty_later_is_told_the_next_morning_and_once_only(cast: Cast) -> None:
    dossiers.submitted(cast)
    _nobody_in_the_county(cast)
    assert tell_of_vacancies(dossiers.FILED) == 2
    assert tell_of_vacancies(dossiers.FILED) == 0
    assert _told("work.vacant") == {cast.city_caseworker.user_id}


def _waiting(cast: Cast) -> WorkItem:
    values = {"task": "写推荐意见", "title": cast.base.name, "url": "/desk/", "by": cast.wang, "on": dossiers.FILED}
    permission = Permission.GIVE_OPINION
    return open_work(cast.base, "applications.recommendation", desk=cast.county, permission=permission, **values)


def test_an_approver_alone_does_not_do_what_a_caseworker_does(cast: Cast) -> None:
    item = _waiting(cast)
    assert vacant([item], dossiers.FILED) == set()
    _nobody_in_the_county(cast)
    officer("何县批", cast.county.code, Role.APPROVER)
    assert vacant([item], dossiers.FILED) == {item.pk}


def test_a_post_whose_holder_was_switched_off_is_empty(cast: Cast) -> None:
    item = _waiting(cast)
    assert cast.county_caseworker.user is not None
    cast.county_caseworker.user.is_active = False
    cast.county_caseworker.user.save(update_fields=["is_active"])
    assert vacant([item], dossiers.FILED) == {item.pk}
