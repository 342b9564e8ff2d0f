"""Checking a certificate by number and name: people shorten names, and a number that exists is never called forged."""

import pytest
from django.test import Client

from bases.models import Certification
from tests.factories.register import base, operator
from tests.factories.titles import certification

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Certification:
    runner = operator(name="贵阳筑梦创业服务有限公司（演示）")
    return certification(base(name="云岩（筑梦）创业孵化基地（演示）", run_by=runner))


@pytest.mark.parametrize(
    "name",
    [
        "云岩（筑梦）创业孵化基地（演示）",
        "云岩 (筑梦) 创业孵化基地",
        "云岩筑梦创业孵化基地",
        "云岩筑梦",
        "贵阳筑梦创业服务有限公司",
        "贵阳筑梦创业服务",
    ],
)
def test_a_name_counts_with_other_brackets_and_without_what_adds_nothing_to_it(
    client: Client, held: Certification, name: str
) -> None:
    answer = client.get("/verify/", {"number": held.number, "name": name})
    assert answer["Location"] == f"/verify/{held.verify_code}/"


@pytest.mark.parametrize("name", ["筑梦", "创业孵化基地", "服务有限公司", "有限公司", "（演示）", "别的创业孵化基地"])
def test_a_number_that_exists_under_another_name_is_not_called_forged_and_gives_no_name_away(
    client: Client, held: Certification, name: str
) -> None:
    answer = client.get("/verify/", {"number": held.number, "name": name})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "编号有，名称对不上。请照证书逐字输入" in page
    assert "假的" not in page
    assert "云岩" not in page
    assert "贵阳" not in page


def test_a_number_that_nobody_was_given_is_not_in_the_register(client: Client, held: Certification) -> None:
    answer = client.get("/verify/", {"number": "520000-2024-9999", "name": held.base.name})
    assert answer.status_code == 404
    assert "名册里没有这张证书" in answer.content.decode()
