"""What officers write on a dossier: opinions, lists of corrections, visits, hand-overs."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.states import CorrectionKind, Verdict
from portal.accounts.models import User
from portal.documents.models import Upload
from portal.web.forms import NeededAtTimesField, PlainForm

POINTS = (
    ("premises", gettext_lazy("场地面积与合同一致")),
    ("facilities", gettext_lazy("设施齐全，能正常使用")),
    ("tenants", gettext_lazy("在孵实体与台账一致")),
    ("rules", gettext_lazy("制度上墙、落实到位")),
    ("services", gettext_lazy("服务场所和人员在岗")),
)
DECLARED = {  # what was filed about each point: it is held against the place itself
    "premises": ("premises.built_area", "premises.incubation_area", "premises.free_area", "premises.lease_ends"),
    "facilities": ("premises.facilities", "premises.capacity"),
    "tenants": ("tenants.tenants", "tenants.student_founded", "tenants.key_group_founded", "tenants.jobs"),
    "rules": ("team.rule_documents", "team.service_standard"),
    "services": ("premises.services", "team.full_time_staff", "team.qualified_staff", "team.mentors"),
}
PHOTOGRAPHS = (".jpg", ".jpeg", ".png")


class OpinionForm(PlainForm):
    """The opinion of a step."""

    verdict = forms.ChoiceField(label=gettext_lazy("结论"), choices=Verdict.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("意见"),
        widget=forms.Textarea({"rows": 5}),
        max_length=2000,
        help_text=gettext_lazy("写明核对了什么、依据是什么；申报单位和上级机关会看到"),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class CorrectionForm(PlainForm):
    """The one complete list: each place of the dossier can be ticked, with a kind and what to change."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        places: dict[str, str],
        kinds: Mapping[str, Sequence[CorrectionKind]],
        heads: Sequence[User],
        again: bool,
        **kwargs: Any,
    ) -> None:
        """`kinds`: what may be wrong at each of the `places`; where it can be one thing only, nothing is chosen."""
        super().__init__(*args, **kwargs)
        self.places, self.kinds = places, kinds
        for place, label in places.items():
            self.fields[f"pick:{place}"] = forms.BooleanField(label=label, required=False)
            self.fields[f"kind:{place}"] = forms.ChoiceField(
                label=_("%(label)s：问题") % {"label": label},
                choices=[("", _("请选择")), *((kind, kind.label) for kind in kinds[place])],
                required=False,
                widget=forms.Select({"data-ticks": f"id_pick:{place}"}),
            )
            self.fields[f"note:{place}"] = forms.CharField(
                label=label,
                required=False,
                max_length=300,
                widget=forms.Textarea({"class": "note", "rows": 2, "data-ticks": f"id_pick:{place}"}),
            )
        if again:
            self.fields["again_because"] = forms.CharField(
                label=_("再次补正的理由"), widget=forms.Textarea({"rows": 3}), max_length=300
            )
            self.fields["asked_of"] = forms.ModelChoiceField(
                User.objects.filter(pk__in=[head.pk for head in heads]),
                label=_("送谁同意"),
                help_text=_("清单列入本人的待我办理；本人在系统里同意后才发出告知书，不同意的会写明理由"),
                empty_label=_("请选择"),
            )

    def items(self) -> list[dict[str, str]]:
        """Return the ticked places as `return_for_correction` takes them."""
        data = self.cleaned_data
        return [
            {"place": place, "kind": data[f"kind:{place}"] or self.kinds[place][0], "note": data[f"note:{place}"]}
            for place in self.places
            if data[f"pick:{place}"]
        ]

    def clean(self) -> dict[str, Any]:
        """Demand at least one place, and for each what is wrong and what to change.

        What was written on, or said to be wrong, and not ticked is asked back.
        """
        data = super().clean() or {}
        picked = {place for place in self.places if data.get(f"pick:{place}")}
        written = {place for place in self.places if data.get(f"note:{place}", "").strip()}
        chosen = {place for place in self.places if data.get(f"kind:{place}")}
        if not picked | written | chosen:
            raise ValidationError(_("补正清单是空的，请勾选要改的内容，并写明怎样改。"))
        self._tick((written | chosen) - picked)
        for place in self.places:
            if place in picked - chosen and len(self.kinds[place]) > 1 and not self.errors.get(f"kind:{place}"):
                self.add_error(f"kind:{place}", _("勾选了，没有选属于哪种问题，请选择。"))
            if place in picked - written and not self.errors.get(f"note:{place}"):
                self.add_error(f"note:{place}", _("勾选了，没有写怎样改。请写明，申报单位照此补正。"))
            if place in written - picked:
                sentence = _("写了怎样改，没有勾选。已替您勾上：要写进告知书的，请再按一次；不要的，取消勾选并删去。")
                self.add_error(f"note:{place}", sentence)
            elif place in chosen - picked:
                sentence = _(
                    "选了问题，没有勾选。已替您勾上：要写进告知书的，请写明怎样改；不要的，取消勾选并改回“请选择”。"
                )
                self.add_error(f"kind:{place}", sentence)
        return data

    def _tick(self, places: set[str]) -> None:
        """Tick the places on the page that comes back: nothing goes into a letter that was not ticked."""
        typed = cast(QueryDict, self.data).copy()
        for place in places:
            typed[self.add_prefix(f"pick:{place}")] = "on"
        self.data = typed

    def rows(self) -> list[dict[str, Any]]:
        """Return the list as the page lays it out: one row for each place."""
        return [
            {
                "place": place,
                "label": label,
                "pick": self[f"pick:{place}"],
                "kind": self[f"kind:{place}"],
                "only": self.kinds[place][0].label if len(self.kinds[place]) == 1 else "",
                "note": self[f"note:{place}"],
            }
            for place, label in self.places.items()
        ]


class DeclineForm(PlainForm):
    """Why an approver does not consent to a further list of corrections."""

    reason = forms.CharField(
        label=gettext_lazy("不同意的理由"),
        widget=forms.Textarea({"rows": 3}),
        max_length=300,
        help_text=gettext_lazy("经办人会看到，照此按现有材料继续办理"),
    )


class ManyFiles(forms.ClearableFileInput):
    """A control for several files at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photographs."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=ManyFiles({"accept": "image/jpeg,image/png", "multiple": True}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return every file; each is looked at by the upload pipeline. Raises ValidationError for other kinds."""
        files = data if isinstance(data, list | tuple) else [data]
        strange = [file.name for file in files if file and not file.name.lower().endswith(PHOTOGRAPHS)]
        if strange:
            sentence = _("“%(name)s”不是 JPG 或 PNG 照片，请换成照片再选。")
            raise ValidationError(sentence, code="unreadable", params={"name": "、".join(strange)[:120]})
        if not any(files):
            super().clean(None, initial)  # says so where one is demanded
        return [super(PhotosField, self).clean(file, initial) for file in files if file]


class VisitForm(PlainForm):
    """The record of a site visit."""

    visited_on = forms.DateField(
        label=gettext_lazy("考察日期"),
        help_text=gettext_lazy("例如 2026-03-09"),
        widget=forms.TextInput({"class": "w8"}),
    )
    officers = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=gettext_lazy("考察人员"),
        widget=forms.CheckboxSelectMultiple,
    )
    received_by = forms.CharField(label=gettext_lazy("现场接待人"), max_length=60, help_text=gettext_lazy("姓名和职务"))
    record_text = forms.CharField(
        label=gettext_lazy("考察记录"),
        widget=forms.Textarea({"rows": 6}),
        max_length=5000,
        help_text=gettext_lazy("看了什么、问了谁、核对结果怎样"),
    )
    conclusion = forms.ChoiceField(label=gettext_lazy("考察结论"), choices=Verdict.choices, widget=forms.RadioSelect)
    photos = PhotosField(
        label=gettext_lazy("现场照片"),
        help_text=gettext_lazy("JPG、PNG，可多选，同一张只收一次；拍摄位置等信息会自动去除"),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    kept = forms.MultipleChoiceField(
        label=gettext_lazy("已收到的照片"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("已经保存，随考察记录一起登记，不用再选；不要的取消勾选"),
    )

    def __init__(
        self,
        *args: Any,
        staff: Sequence[User],
        least: int,
        days: tuple[datetime.date, datetime.date] | None = None,
        held: Sequence[Upload] = (),
        declared: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`days`: the first and the last a visit may have been on; `held`: photographs of an earlier try."""
        super().__init__(*args, **kwargs)
        self.least, self.days, self.declared = least, days, declared or {}
        self._offer(held)
        if days:
            said = {"help": self.fields["visited_on"].help_text, "first": days[0]}
            self.fields["visited_on"].help_text = _("%(help)s；这件申报 %(first)s 到达本环节，不能早于这一天") % said
        field = self.fields["officers"]
        field.help_text = _("至少 %(n)s 名本单位经办人员") % {"n": least}
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = User.objects.filter(pk__in=[user.pk for user in staff]).order_by("pk")
        for code, label in POINTS:
            self.fields[f"found:{code}"] = forms.ChoiceField(
                label=label,
                choices=[("yes", _("相符")), ("no", _("不相符"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("还没有选，请选相符或不相符。")},
            )
            self.fields[f"note:{code}"] = NeededAtTimesField(
                label=_("“%(label)s”的说明") % {"label": label},
                needed=_("（不相符的必填）"),
                max_length=200,
                help_text=_("不相符的，写明现场是怎样的"),
            )
        points = [f"{part}:{code}" for code, _label in POINTS for part in ("found", "note")]
        self.order_fields(["visited_on", "officers", "received_by", *points, "record_text", "kept", "photos"])

    def hold(self, held: Sequence[Upload]) -> None:
        """Offer these photographs as received, ticked; another has to be chosen only where there is none."""
        self._offer(held)
        typed = QueryDict(mutable=True)
        for name in (each for each in self.data if each != "kept"):
            typed.setlist(name, self.data.getlist(name))  # type: ignore[attr-defined]  # what was posted
        typed.setlist("kept", [str(each.key) for each in held])
        self.data = typed

    def _offer(self, held: Sequence[Upload]) -> None:
        field = self.fields["kept"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(each.key), each.original_name) for each in held]
        self.fields["photos"].required = not held

    def clean_visited_on(self) -> datetime.date:
        """Hold the day against the arrival at this step and today."""
        day: datetime.date = self.cleaned_data["visited_on"]
        first, last = self.days or (day, day)
        if day > last:
            raise ValidationError(_("%(day)s 晚于今天，请在考察后登记。"), code="day", params={"day": day})
        if day < first:
            sentence = _("%(day)s 早于这件申报到达考察环节的 %(first)s，请填到达以后去现场的日期。")
            raise ValidationError(sentence, code="day", params={"day": day, "first": first})
        return day

    def clean_officers(self) -> Any:
        """Demand as many officers as the pack does."""
        chosen = self.cleaned_data["officers"]
        if len(chosen) < self.least:
            said = {"least": self.least, "n": len(chosen)}
            raise ValidationError(_("至少 %(least)s 名，现在选了 %(n)s 名。"), code="few", params=said)
        return chosen

    def clean(self) -> dict[str, Any]:
        """Demand for each point that disagrees what was found."""
        data = super().clean() or {}
        for code, _label in POINTS:
            if data.get(f"found:{code}") == "no" and not data.get(f"note:{code}", "").strip():
                sentence = _("选了不相符，请写明现场是怎样的，后面的环节和审批人员会看到。")
                self.add_error(f"note:{code}", sentence)
        return data

    def _filed(self, code: str) -> str:
        return "；".join(self.declared[place] for place in DECLARED[code] if place in self.declared)

    def findings(self) -> list[dict[str, Any]]:
        """Return the checked points as the record keeps them: in Chinese, whatever language the officer reads."""
        with translation.override(settings.LANGUAGE_CODE):
            return [
                {
                    "point": str(label),
                    "as_filed": self._filed(code),
                    "agrees": self.cleaned_data[f"found:{code}"] == "yes",
                    "found": self.cleaned_data[f"note:{code}"],
                }
                for code, label in POINTS
            ]

    def points(self) -> list[dict[str, Any]]:
        """Return the points as the page lays them out."""
        return [
            {"found": self[f"found:{code}"], "note": self[f"note:{code}"], "as_filed": self._filed(code)}
            for code, _label in POINTS
        ]


class AssignForm(PlainForm):
    """To whom the work goes."""

    to = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("转给谁"), widget=forms.RadioSelect, empty_label=None
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, colleagues: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(pk__in=[user.pk for user in colleagues]).order_by("pk")
