"""The bases of earlier lists: shown with their source and what it leaves open, never as titles that stand."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from bases.models import Certification, HistoricEntry

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_72_historic_entries_are_never_live_titles() -> None:
    call_command("load_historic", stdout=io.StringIO())
    call_command("load_historic", stdout=io.StringIO())
    assert HistoricEntry.objects.count() == 72
    assert Certification.objects.count() == 0
    pilots = HistoricEntry.objects.filter(status="试点")
    assert pilots.count() == 15
    assert set(pilots.values_list("recogniser", flat=True)) == {""}


def test_historic_entries_show_their_source_and_what_it_leaves_open(client: Client) -> None:
    call_command("load_historic", stdout=io.StringIO())
    page = client.get("/540000/register/history/").content.decode()
    assert "拉萨高新区" in page
    assert "试点" in page
    assert "来源未写" in page
    assert "西藏双创中心实施意见" in page
    assert "拉萨高新区" not in client.get("/540000/register/").content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("贵州省", "贵洲省"), "省份“贵洲省”不在区划表中"),
        ((",2021,", ",二〇二一,"), "年份是“二〇二一”"),
        (("name,", "名称,"), "缺少列：name"),
    ],
)
def test_a_bad_list_says_where_and_what_and_loads_nothing(tmp_path: Any, change: Any, sentence: str) -> None:
    good = (
        "name,title,level,province,city,county,year,recogniser,status,note,source_id,source_title,source_url,"
        "source_quality\n甲,称号,省级,贵州省,贵阳市,,2021,省厅,认定,,D-1,来源,,新闻\n"
    )
    file = tmp_path / "list.csv"
    file.write_text(good.replace(*change), encoding="utf-8")
    with pytest.raises(CommandError, match=sentence):
        call_command("load_historic", str(file), stdout=io.StringIO())
    assert not HistoricEntry.objects.exists()
