"""The cast: an approver in the province, one in a city below it, one in another province."""

from datetime import date

import pytest

from portal.accounts.capacity import Capacity, officer
from portal.accounts.models import Membership, User
from portal.accounts.roles import Role
from portal.jurisdictions.models import Jurisdiction
from portal.policies.loader import forget_rulings


@pytest.fixture(autouse=True)
def _fresh_rulings():
    forget_rulings()
    yield
    forget_rulings()


@pytest.fixture
def post(db):
    def make(name: str, code: str, role: str = Role.APPROVER) -> Capacity:
        person = User.objects.create(username=f"{name}{code}{role}", name=name)
        place = Jurisdiction.objects.get(code=code)
        membership = Membership.objects.create(
            user=person, jurisdiction=place, role=role, valid_from=date(2020, 1, 1), confirmed_by=person
        )
        return officer(membership)

    return make


@pytest.fixture
def approver(post):
    return post("张三", "520000")
