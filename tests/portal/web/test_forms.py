"""Forms say what was found and what to write, in the same words at the field and on top."""

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from portal.web.forms import PlainForm


class Site(PlainForm):
    area = forms.DecimalField(label="孵化面积", help_text="单位：平方米", min_value=100)
    until = forms.DateField(label="租赁截止日期")
    origin = forms.ChoiceField(
        label="场地从哪里来", choices=[("own", "自有"), ("rent", "租赁")], widget=forms.RadioSelect
    )
    services = forms.MultipleChoiceField(label="服务", choices=[("i", "信息")], widget=forms.CheckboxSelectMultiple)
    traits = forms.CharField(label="特色", max_length=5, required=False, widget=forms.Textarea)
    lease = forms.FileField(label="租赁合同")
    true = forms.BooleanField(label="以上内容属实")
    quota = forms.IntegerField(label="名额", max_value=9999, required=False)
    founded = forms.DateField(label="成立日期", required=False, help_text="例如 2021-04-08")
    own_words = forms.CharField(label="其他", min_length=2, error_messages={"required": "写“无”也可以。"})


def messages(**data: str) -> dict[str, list[str]]:
    return dict(Site(data).errors.items())


EMPTY = {
    "zh-hans": {
        "area": "请填写孵化面积。",
        "origin": "请选择场地从哪里来。",
        "services": "请选择服务。",
        "lease": "请上传租赁合同。",
        "true": "请勾选“以上内容属实”。",
    },
    "en": {
        "area": "Enter 孵化面积.",
        "origin": "Choose 场地从哪里来.",
        "services": "Choose 服务.",
        "lease": "Upload 租赁合同.",
        "true": "Tick “以上内容属实”.",
    },
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_empty_form_names_each_field(language: str) -> None:
    with translation.override(language):
        found = messages()
    assert {field: found[field] for field in EMPTY[language]} == {
        field: [sentence] for field, sentence in EMPTY[language].items()
    }


def test_words_a_form_gave_itself_stay() -> None:
    assert messages()["own_words"] == ["写“无”也可以。"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("area", "四千", "“四千”不是数字，孵化面积只写数字，例如 100。"),
        ("area", "-5", "-5 是负数，孵化面积最少填 100。"),
        ("quota", "很多", "“很多”不是数字，名额只写数字，例如 12。"),
        ("quota", "-2.5", "-2.5 是负数，名额不能是负数。"),
        ("quota", "2.5", "2.5 带小数，名额要填整数，例如 12。"),
        ("quota", "10000", "10000 大于 9999，名额最多填 9999。"),
        ("quota", "9" * 5000, f"{'9' * 40}… 太大，名额没有这么多，请核对。"),
        ("founded", "2029-02-30", "没有“2029-02-30”这一天，写成 2021-04-08 这样。"),
        ("area", "99", "99 小于 100，孵化面积最少填 100。"),
        ("until", "2029-02-30", "没有“2029-02-30”这一天，写成 2026-11-30 这样。"),
        ("origin", "stolen", "场地从哪里来只能从列出的几项里选。"),
        ("traits", "一二三四五六", "特色写了 6 字，最多 5 字，请删短。"),
        ("own_words", "短" + " " * 40, "其他写了 1 字，至少 2 字，请补充。"),
        ("area", "四" * 60, f"“{'四' * 40}…”不是数字，孵化面积只写数字，例如 100。"),
    ],
)
def test_wrong_input_is_shown_with_the_way_to_mend_it(field: str, value: str, sentence: str) -> None:
    assert messages(**{field: value})[field] == [sentence]


def test_field_ties_hint_and_error_to_the_control_and_marks_the_optional() -> None:
    html = Site({"area": "四千"}).as_p() and str(Site({"area": "四千"}))
    assert 'aria-describedby="id_area_helptext id_area_error"' in html
    assert 'id="id_area_helptext"' in html
    assert 'id="id_area_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.count("（选填）") == 3
    assert "<legend>场地从哪里来" in html


def test_summary_repeats_the_words_of_the_fields_and_leads_to_them() -> None:
    form = Site({"area": "四千", "until": "2029-12-31"})
    form.add_error(None, "申报期已结束。")
    html = Template("{% error_summary form %}").render(Context({"form": form}))
    assert '<a href="#id_area">孵化面积：“四千”不是数字，孵化面积只写数字，例如 100。</a>' in html
    assert "申报期已结束。" in html
    assert 'role="alert"' in html
    assert 'href="#id_origin' in html


def test_no_summary_without_errors() -> None:
    assert Template("{% error_summary form %}").render(Context({"form": Site()})).strip() in {"", "{# #}"}


def test_control_characters_pasted_along_are_left_out_and_lines_stay() -> None:
    form = Site({"own_words": "第一行\r\n\x02第\x0c二\t行\x7f"})
    form.is_valid()
    assert form.cleaned_data["own_words"] == "第一行\n第二\t行"


def test_the_end_of_a_line_is_measured_as_the_browser_counts_it() -> None:
    assert "traits" not in messages(traits="一二\r\n三四")
    assert messages(traits="一二\r\n三四五")["traits"] == ["特色写了 6 字，最多 5 字，请删短。"]


def test_what_nobody_sees_does_not_fill_a_field_that_must_be_filled() -> None:
    assert messages(until="2029-12-31", own_words="\x01\x02")["own_words"] == ["写“无”也可以。"]


def test_a_long_text_is_not_cut_while_it_is_pasted_but_refused_with_a_sentence() -> None:
    class Told(PlainForm):
        reason = forms.CharField(label="理由", max_length=5, widget=forms.Textarea)

    form = Told({"reason": "一二三四五六"})
    shown = str(form["reason"])
    assert 'data-limit="5"' in shown
    assert "maxlength" not in shown
    assert "5" in str(form.errors["reason"])


def test_a_select_writes_its_choices_by_groups_marks_the_chosen_one_and_escapes_them() -> None:
    class Chosen(PlainForm):
        place = forms.ChoiceField(choices=[("", "全部"), ("<", "<b>&"), ("贵州", [("1", "贵阳"), ("2", "遵义")])])

    shown = str(Chosen(initial={"place": "2"})["place"])
    assert '<option value="2" selected>遵义</option></optgroup>' in shown
    assert '<optgroup label="贵州"><option value="1">贵阳</option>' in shown
    assert '<option value="&lt;">&lt;b&gt;&amp;</option>' in shown
    assert shown.count("selected") == 1
