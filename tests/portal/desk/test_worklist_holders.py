"""Who has what now, and who did what: the lists and workbooks of 我发起 and 已办."""

import datetime
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client

from portal.accounts.capacity import Capacity
from portal.accounts.roles import Permission
from portal.worklist.items import close_work, open_work
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]
TODAY = datetime.date(2026, 11, 24)


def test_the_workbook_of_what_was_done_says_by_whom_and_when(cast: Cast, sign_in: SignIn, tmp_path: Any) -> None:
    task = {"task": "写推荐意见", "title": cast.base.name, "url": "/desk/", "by": cast.wang, "on": TODAY}
    open_work(cast.base, "applications.recommendation", desk=cast.county, permission=Permission.GIVE_OPINION, **task)
    close_work(cast.base, by=cast.county_caseworker, on=TODAY)
    answer = sign_in(cast.county_caseworker).get("/desk/export/?queue=done")
    path = tmp_path / "done.xlsx"
    path.write_bytes(answer.getvalue())
    head, row = list(openpyxl.load_workbook(path).worksheets[0].values)[:2]
    said = dict(zip(head, row, strict=True))
    assert said["办理人"] == "赵县办"
    assert f"{said['办结']:%Y-%m-%d}" == f"{TODAY}"


def test_what_lies_with_an_operator_stands_under_its_name(cast: Cast, sign_in: SignIn) -> None:
    who = {"by": cast.province_caseworker, "on": TODAY, "operator_id": cast.operator.pk}
    open_work(cast.base, "bases.revocation_receipt", task="陈述申辩", title=cast.base.name, url="/my/", **who)
    page = sign_in(cast.province_caseworker).get("/desk/?queue=started").content.decode()
    assert cast.operator.name in page
    assert "申报单位" not in page
