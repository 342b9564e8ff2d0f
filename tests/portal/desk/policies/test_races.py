"""Two approvers rule on one value at the same moment: one is recorded, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from portal.desk.policies.actions import confirm_assumption
from portal.errors import StatusMoved
from portal.policies.loader import installed
from portal.policies.models import AssumptionRuling


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_rulings_at_once_one_is_kept_and_the_other_told(post):
    people = [post("张三", "520000"), post("李四", "520000")]
    start = Barrier(2)

    def rule(by):
        try:
            start.wait()
            confirm_assumption(
                installed()["guizhou-2022"],
                "complaints.counting.limit",
                reason="按民法典第1259条",
                seen=None,
                by=by,
                on=date(2026, 11, 23),
            )
        except StatusMoved as moved:
            return moved.by_whom
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(rule, people))
    assert answers[0] == ""
    assert answers[1] in {people[0].label, people[1].label}
    assert AssumptionRuling.objects.count() == 1
