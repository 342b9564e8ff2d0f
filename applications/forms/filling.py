"""What operators type: sections of the dossier become forms by themselves; bases, files, the declaration."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from applications import dossier
from applications.actions.answering import UNANSWERED, Demand
from applications.actions.decision import ungrounded
from applications.models import Application, Call
from applications.procedure import ChoiceList
from bases.actions.registering import not_open_yet, unfit_base
from bases.models import Base, Operator
from portal.accounts.phones import a_phone
from portal.errors import InvalidInput
from portal.jurisdictions.labels import county_label
from portal.jurisdictions.models import Jurisdiction, Level
from portal.policies.packs import all_packs
from portal.web.forms import CountyField, PlainForm

REPLY = "reply:"
YES_NO = (("yes", _("是")), ("no", _("否")))
_WHY_NOT = _("这一处没有改。不改的，在这里写明为什么不改，办理机关会看到。")
_SAME_FILE = _("新上传的文件与原来的相同，等于没有改。请换成改好的文件；不改的，在这里写明为什么，办理机关会看到。")
_STAMP_AGAIN = _("上传盖章页以后，所填内容又改过。请重新打印、盖章、上传；不换的，在这里写明为什么，办理机关会看到。")
_WHAT_CHANGED = _("已经改了。可以在这里说明改了什么、依据是什么，办理机关会看到。")


def _control(field: dossier.Field, lists: tuple[ChoiceList, ...], *, public: bool) -> forms.Field:
    """Return the form field of a question. Everything is read as text: `dossier.check_section` is the one judge."""
    hints = (dossier.hint_of(field, lists), field.unit and f"单位：{field.unit}", "认定后对外公开" if public else "")
    shown: dict[str, Any] = {"label": field.label, "help_text": "，".join(filter(None, hints)), "required": False}
    choices = dossier.choices_of(field, lists)
    if field.kind == "yes_no":
        return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, **shown)
    if field.kind == "one":
        if not field.required:
            choices = (*choices, ("", str(_("不填"))))
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **shown)
    if field.kind == "many":
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **shown)
    if field.kind == "long":
        return forms.CharField(widget=forms.Textarea({"rows": 6, "data-limit": field.longest}), **shown)
    return forms.CharField(widget=forms.TextInput(_attributes(field)), **shown)


def _attributes(field: dossier.Field) -> dict[str, Any]:
    if field.kind in {"count", "area", "percent"}:
        return {"class": "w8 num", "inputmode": "numeric" if field.kind == "count" else "decimal"}
    if field.kind == "date":
        return {"class": "w8", "inputmode": "numeric"}
    if field.kind == "phone":
        return {"class": "w8", "inputmode": "tel", "autocomplete": "tel"}
    if field.kind == "mail":
        return {"inputmode": "email", "autocomplete": "email"}
    return {"maxlength": field.longest}


class SectionForm(PlainForm):
    """One section of the dossier. Required fields are marked so; what is wrong is said, and kept all the same."""

    def __init__(
        self,
        section: dossier.Section,
        lists: tuple[ChoiceList, ...],
        *args: Any,
        only: frozenset[str] | None = None,
        asked: Mapping[str, str] | None = None,
        **kw: Any,
    ) -> None:
        """`only`: the fields that are open; `asked`: what a correction list asks of a field, shown beside it."""
        super().__init__(*args, **kw)
        self.section = section
        public = dict(dossier.PUBLIC_FIELDS).get(section.code, ())
        for field in dossier.asked(section, lists):
            control = _control(field, lists, public=field.code in public)
            control.required = field.required or field.sometimes or field.derived  # only the mark beside the label
            control.widget.is_required = False
            if field.derived or (only is not None and field.code not in only):
                control.disabled = True
            if asked and field.code in asked:
                told = _("补正要求：%(note)s") % {"note": asked[field.code]}
                control.help_text = format_html('<b class="asked">{}</b>{}', told, control.help_text)
            self.fields[field.code] = control
        self.use_required_attribute = False

    def typed(self) -> dict[str, Any]:
        """Return what was typed, unjudged; fields that are closed for this correction keep what they held."""
        values = {}
        for code, control in self.fields.items():
            if control.disabled:
                values[code] = self.initial.get(code)
            elif isinstance(control, forms.MultipleChoiceField):
                values[code] = self.data.getlist(code) if hasattr(self.data, "getlist") else self.data.get(code)
            else:
                values[code] = self.data.get(code)
        return values

    def say(self, problems: dict[str, str]) -> None:
        """Show the sentences of `dossier.check_section` at their fields instead of the framework's."""
        self._errors = forms.utils.ErrorDict(renderer=self.renderer)
        for code, sentence in problems.items():
            self._errors[code] = self.error_class([sentence], renderer=self.renderer)


def initial_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return kept answers as a form shows them: yes and no as words of the choice."""
    return {
        code: {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        for code, value in data.items()
    }


def _counties_with_a_bureau(province: Jurisdiction) -> QuerySet[Jurisdiction]:
    """Return the counties in force of a province that a policy reaches: a base anywhere else, nobody could certify."""
    reached = Q(pk__in=())
    for place in Jurisdiction.objects.filter(code__in={pack.jurisdiction for pack in all_packs().values()}):
        reached |= Q(code__startswith=place.prefix)
    counties = Jurisdiction.objects.within(province).filter(level=Level.COUNTY, valid_to__isnull=True)
    return counties.filter(reached)


class BaseForm(PlainForm):
    """A base the operator enters, or the `base` it corrects."""

    name = forms.CharField(label=_("基地名称"), max_length=120, help_text=_("照挂牌或协议上的名称填写"))
    county = CountyField(Jurisdiction.objects.none(), label=_("所在县（市、区）"), empty_label=_("请选择"))
    address = forms.CharField(label=_("详细地址"), max_length=160)
    phone = forms.CharField(label=_("对外电话"), max_length=40, required=False, validators=[a_phone])
    opened_on = forms.DateField(
        label=_("开始运营日期"), required=False, help_text=_("例如 2022-03-01"), widget=forms.TextInput({"class": "w8"})
    )

    another = forms.BooleanField(
        label=_("已核对，这是另一家同名基地"), required=False, help_text=_("审核人员会看到“同名”标记。")
    )

    def __init__(
        self, *args: Any, operator: Operator, on: datetime.date, base: Base | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.operator, self.on, self.base = operator, on, base
        province = operator.jurisdiction.ancestor(Level.PROVINCE)
        if not self.is_bound:
            del self.fields["another"]
        counties = _counties_with_a_bureau(province)
        if base is not None:
            counties |= Jurisdiction.objects.filter(pk=base.jurisdiction_id)
        field = self.fields["county"]
        assert isinstance(field, CountyField)
        field.label = _("所在%(county)s") % {"county": county_label(province.code)}
        field.queryset = counties.select_related("parent").order_by("code")

    def clean(self) -> dict[str, Any]:
        """Ask whether it is another base only where one of that name is registered in the county already.

        What the act would refuse is said with everything else that is wrong.
        """
        data = super().clean() or {}
        name, county = " ".join(data.get("name", "").split()), data.get("county")
        others = Base.objects.exclude(pk=self.base.pk) if self.base else Base.objects.all()
        if not name or not county or not others.named_alike(name, county).exists():
            del self.fields["another"]
            data.pop("another", None)
        for place, sentence in self._unfit(name, county).items():
            self.add_error(place, sentence)
        return data

    def _unfit(self, name: str, county: Jurisdiction | None) -> dict[str, str]:
        day, another = self.cleaned_data.get("opened_on"), bool(self.cleaned_data.get("another"))
        if not name or county is None:
            return not_open_yet(day, self.on)
        return unfit_base(self.operator, name, county, on=self.on, another=another, opened_on=day, base=self.base)


class StartForm(PlainForm):
    """Which base applies, and whether its last application is taken as a beginning."""

    base = forms.ModelChoiceField(
        Base.objects.none(), label=_("申报的基地"), widget=forms.RadioSelect, empty_label=None
    )
    carry = forms.BooleanField(label=_("沿用上次填写的内容"), required=False)

    def __init__(self, *args: Any, operator_id: int, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bases = Base.objects.filter(operator_id=operator_id).within(call.jurisdiction).order_by("pk")
        field = self.fields["base"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = self.bases


def _asks(item: Demand) -> Any:
    """Return what the box of an item is for."""
    if item.outdated:
        return _STAMP_AGAIN
    if item.owed:
        return _SAME_FILE if item.resent else _WHY_NOT
    return _WHAT_CHANGED if item.changed else ""


class SubmitForm(PlainForm):
    """The declaration, and the revision of the page."""

    declared = forms.BooleanField(
        label=_("我声明所填内容和材料真实"),
        help_text=_("已核对全部内容，所填信息和上传材料真实、准确，愿意承担不实填报的责任。"),
        error_messages={"required": _("还没有勾选，核对后请勾选。")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, asked: Sequence[Demand], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in asked:
            self.fields[f"{REPLY}{each.place}"] = forms.CharField(
                label=_("“%(label)s”的说明") % {"label": each.label},
                help_text=_asks(each),
                required=each.owed,
                max_length=300,
                error_messages={"required": UNANSWERED},
                widget=forms.Textarea({"rows": 2, "form": "submit"}),  # the list stands above the form that sends it
            )

    def replies(self) -> dict[str, str]:
        """Return the explanations typed, by place of the correction list."""
        return {name.removeprefix(REPLY): value for name, value in self.cleaned_data.items() if name.startswith(REPLY)}

    def say(self, refusal: InvalidInput) -> None:
        """Show a refusal at the explanations it names, else on top."""
        named = {f"{REPLY}{place}": sentence for place, sentence in refusal.problems.items()}
        known = {name: sentence for name, sentence in named.items() if name in self.fields}
        for name, sentence in known.items():
            self.add_error(name, sentence)
        if not known:
            self.add_error(None, refusal.message)


class ReasonForm(PlainForm):
    """A reason, and the revision of the page: withdrawing, refusing, approving, sending back."""

    reason = forms.CharField(label=_("理由"), widget=forms.Textarea({"rows": 4}), max_length=2000)
    seen = forms.IntegerField(widget=forms.HiddenInput)


class RefusalForm(ReasonForm):
    """The reason of a refusal, which its letter says: looked at before the letter is, in a preview too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "写不符合哪一项条件、查明的事实是什么，至少 10 个字；写进决定书，申报单位看得到。"
        )

    def clean_reason(self) -> str:
        """Return the reason. Raises ValidationError where it names no condition and no fact."""
        reason = str(self.cleaned_data["reason"])
        if wrong := ungrounded(reason):
            raise forms.ValidationError(wrong)
        return reason


class ApprovalForm(ReasonForm):
    """The reason of an approval, which no letter says."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "写核对了什么、为什么符合条件。记入办件记录，这件申报经过的各级工作人员看得到；不写进批复，申报单位看不到。"
        )


def revision_of(application: Application) -> dict[str, int]:
    """Return the initial data that tells whether the page is stale when it comes back."""
    return {"seen": application.revision}
