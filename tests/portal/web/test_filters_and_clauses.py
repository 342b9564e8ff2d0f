"""Chosen conditions in words; rules with the way to their article."""

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from portal.policies.packs import all_packs
from portal.policies.schema import Value
from portal.web.clauses import clause_link
from portal.web.filters import chips, without


class Conditions(forms.Form):
    q = forms.CharField(label="名称", required=False)
    level = forms.ChoiceField(
        label="级别", required=False, choices=[("", "全部"), ("省", [("p", "省级")]), ("n", "国家级")]
    )
    states = forms.MultipleChoiceField(label="状态", required=False, choices=[("a", "有效"), ("r", "已撤销")])


def asked(query: str):
    request = RequestFactory().get(f"/register/?{query}")
    return request, Conditions(request.GET)


def test_each_chosen_condition_is_named_and_can_be_dropped() -> None:
    request, form = asked("q=南明&level=p&states=a&states=r&page=7")
    found = chips(request, form)
    assert [chip.label for chip in found] == ["名称：南明", "级别：省级", "状态：有效、已撤销"]
    assert found[1].href == "?q=%E5%8D%97%E6%98%8E&states=a&states=r"
    assert all(chip.removes for chip in found)


def test_nothing_chosen_shows_no_chip() -> None:
    assert chips(*asked("q=&level=")) == []


def test_what_a_page_hands_on_unseen_is_no_condition_of_the_reader() -> None:
    class Handed(Conditions):
        queue = forms.CharField(required=False, widget=forms.HiddenInput)

    request, _form = asked("q=南明&queue=below")
    assert [chip.label for chip in chips(request, Handed(request.GET))] == ["名称：南明"]


def test_a_wrong_condition_shows_no_chip() -> None:
    assert chips(*asked("level=x")) == []


def test_a_changed_condition_leads_to_the_first_page() -> None:
    request, _form = asked("q=a&page=9")
    assert without(request, "q") == "?"
    assert without(request, "level") == "?q=a"


def test_a_clause_shows_its_article_and_gist() -> None:
    pack = all_packs()["guizhou-2022"]
    html = clause_link(pack, "GZ-27")
    assert pack.clauses["GZ-27"].article in html
    assert pack.clauses["GZ-27"].summary in html
    assert f'title="《{pack.short_title}》{pack.clauses["GZ-27"].article}：' in html, "an outsider asks: of what?"
    assert Template('{% clause "guizhou-2022" "GZ-27" %}').render(Context()) == html


def test_an_assumed_value_says_so_with_its_reason() -> None:
    value = Value(90, clause="GZ-30", assumed=True, ambiguity="G-05", because="按通行做法")
    html = clause_link("guizhou-2022", value)
    assert "假定" in html
    assert 'title="按通行做法"' in html
    assert "假定" not in clause_link("guizhou-2022", Value(90, clause="GZ-30"))


@pytest.mark.parametrize(("pack", "clause_id", "shown"), [("nowhere", "GZ-27", "GZ-27"), ("guizhou-2022", "", "")])
def test_an_unknown_clause_shows_its_id_and_nothing_shows_nothing(pack: str, clause_id: str, shown: str) -> None:
    html = clause_link(pack, clause_id)
    assert shown in html
    assert "<a" not in html
