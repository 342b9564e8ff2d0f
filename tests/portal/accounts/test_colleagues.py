"""An operator's manager opens the closed login of a colleague, and of nobody else."""

import pytest
from django.urls import reverse

from portal.accounts.models import Representative, User
from portal.accounts.roles import Role
from portal.audit.models import AuditEvent
from tests.factories.cast import Cast
from tests.factories.people import post, representative

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(cast: Cast) -> Representative:
    colleague = representative("同事", cast.operator)
    User.objects.filter(pk=colleague.user_id).update(is_active=False, disabled_because="长期没有登录")
    return Representative.objects.get(user=colleague.user_id)


def reopen(client, row: Representative) -> int:
    answer = client.post(reverse("accounts:reactivate_colleague", args=[row.pk]), {"reason": "年报"})
    return answer.status_code


def test_the_manager_opens_a_colleagues_closed_login(sign_in, cast: Cast, closed: Representative) -> None:
    client = sign_in(cast.wang)
    assert "长期没有登录" in client.get(reverse("accounts:colleagues")).content.decode()
    assert reopen(client, closed) == 302
    assert User.objects.get(pk=closed.user_id).is_active
    assert AuditEvent.objects.get(verb="person.reactivated").actor_id == cast.wang.user_id


def test_a_colleague_who_is_no_manager_opens_nothing(sign_in, cast: Cast, closed: Representative) -> None:
    other = representative("另一位", cast.operator)
    assert reopen(sign_in(other), closed) == 403
    assert reopen(sign_in(cast.other_operator), closed) == 404
    assert not User.objects.get(pk=closed.user_id).is_active


def test_the_login_of_an_officer_or_of_somebody_who_left_is_not_the_managers(
    sign_in, cast: Cast, closed: Representative
) -> None:
    held = post(closed.user, cast.county.code, Role.CASEWORKER)
    assert reopen(sign_in(cast.wang), closed) == 403
    held.delete()
    Representative.objects.filter(pk=closed.pk).update(ended_on="2026-01-01")
    assert reopen(sign_in(cast.wang), closed) == 422
    assert not User.objects.get(pk=closed.user_id).is_active
