"""What people type to find a base in the register, and what is entered or corrected of one."""

import datetime
import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bases.actions.registering import unregistrable
from bases.models import VERIFY_ALPHABET, Base, Certification, Operator, number_as_kept, stands_as
from bases.states import HELD, PUBLIC, Standing
from portal import uscc
from portal.accounts.forms import NewPersonForm, free_email, free_username, password_rules
from portal.accounts.models import User
from portal.accounts.phones import a_phone
from portal.jurisdictions.labels import county_label
from portal.jurisdictions.models import Jurisdiction, Level
from portal.web.forms import CountyField, PlainForm, PlainModelForm

HOLDS = "held"
OVERDUE = "overdue"
NO_TITLE = "none"
STATES = [
    *(("", _("全部")), (HOLDS, _("今天有称号的"))),
    *((state.value, state.label) for state in PUBLIC),
    (OVERDUE, _("复评逾期")),
]
SHORTEST_CODE = 8
CODE_LENGTH = 16
MOST_WORDS = 5
MOST_PLACES = 40
CODE = re.compile(rf"[{VERIFY_ALPHABET}]{{{CODE_LENGTH}}}")
NO_CODE = "0" * CODE_LENGTH  # 0 is not in the alphabet, so it is nobody's code and costs the same query
Choices = list[tuple[str, Any]]

NEW_PASSWORD = {"autocomplete": "new-password"}


def code_as_kept(typed: str) -> str:
    """Return a typed code as the register keeps it, or a code that nobody has when it cannot be one."""
    code = re.sub(r"[\s\-—－_.]+", "", typed).upper()
    return code if CODE.fullmatch(code) else NO_CODE


def found_by(text: str) -> Q:
    """Return the condition for certifications that the text names as a whole, or whose every word names them.

    A word names a base, its operator, its place, a credit code or a number.
    """
    words = text.split()
    whole = _found_by_one(" ".join(words))
    return whole | _every(words, _found_by_one) if 1 < len(words) <= MOST_WORDS else whole


def _every(words: list[str], condition: Callable[[str], Q]) -> Q:
    found = Q()
    for word in words:
        found &= condition(word)
    return found


def _in_place_named(word: str) -> Q:
    """Return the condition for what lies in a place of that name; a word that half the country bears names none."""
    named = Jurisdiction.objects.filter(name__contains=word) if len(word) > 1 else Jurisdiction.objects.none()
    codes = list(named.values_list("code", flat=True)[: MOST_PLACES + 1])
    condition = Q(pk__in=[])
    for code in codes if len(codes) <= MOST_PLACES else ():
        condition |= Q(region_code__startswith=prefix_of(code))
    return condition


def _found_by_one(text: str) -> Q:
    """Return the condition for one word. Without Latin letters case does not matter, and ignoring it costs thrice."""
    look = "name__icontains" if any(char.isascii() and char.isalpha() for char in text) else "name__contains"
    named = Q(base__in=Base.objects.filter(**{look: text})) | Q(number=number_as_kept(text))
    named |= Q(paper_number=number_as_kept(text))
    named |= Q(operator__in=Operator.objects.filter(**{look: text})) | _in_place_named(text)
    code = uscc.normalised(text)
    if len(code) >= SHORTEST_CODE and code.isascii():
        named |= Q(operator__in=Operator.objects.filter(uscc=code)) | Q(number__startswith=number_as_kept(text))
    return named


def in_state(state: str, on: datetime.date) -> Q:
    """Return the condition for certifications that the public sees in that state on that day."""
    if state == OVERDUE:
        return stands_as(*HELD) & Q(period_ends__lt=on)
    return stands_as(*HELD) if state == HOLDS else stands_as(state)


class RegisterForm(PlainForm):
    """Search and filters of the open register."""

    q = forms.CharField(
        label=_("名称、运营机构、信用代码、证书编号"),
        required=False,
        max_length=80,
        widget=forms.TextInput({"class": "wide", "autocomplete": "off"}),
    )
    place = forms.ChoiceField(label=_("所在地"), required=False)
    county = forms.ChoiceField(label=_("县（市、区）"), required=False)
    title = forms.ChoiceField(label=_("称号"), required=False)
    state = forms.ChoiceField(label=_("今日状态"), required=False, choices=STATES)

    def __init__(
        self, *args: Any, jurisdiction: Jurisdiction, titles: Choices, on: datetime.date, reviews: bool, **kwargs: Any
    ) -> None:
        """`reviews`: whether a title may be overdue for re-certification there."""
        super().__init__(*args, **kwargs)
        self.jurisdiction, self.reviews = jurisdiction, reviews
        if not reviews:
            self._offer("state", [each for each in STATES[1:] if each[0] != OVERDUE])
        city = str(self.data.get("place", ""))
        self._offer("title", titles)
        self.fields["county"].label = county_label(city or jurisdiction.code)
        self._offer("place", *places_below(jurisdiction, city, on))

    def _offer(self, name: str, choices: Choices, below: Choices | None = None) -> None:
        """Give a filter its choices; one without any is left out. `below`: the counties of the chosen city."""
        self.fields[name].choices = [("", _("全部")), *choices]  # type: ignore[attr-defined]  # a ChoiceField
        if not choices:
            del self.fields[name]
        if below:
            self._offer("county", below)
        elif name == "place":
            del self.fields["county"]

    def chosen(self, on: datetime.date) -> QuerySet[Certification]:
        """Return the certifications of the place that fit; a condition that cannot be read is passed over."""
        found = Certification.objects.within(self.jurisdiction)
        self.is_valid()
        said = self.cleaned_data
        place = said.get("county") or said.get("place")
        if place:
            found = found.filter(region_code__startswith=prefix_of(place))
        if said.get("title"):
            found = found.filter(title=said["title"])
        if said.get("state"):
            found = found.filter(in_state(said["state"], on))
        return found.filter(found_by(said["q"])) if said.get("q") else found


def prefix_of(code: str) -> str:
    """Return what the codes below a division begin with; the zeros of a code say its level."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def places_below(jurisdiction: Jurisdiction, chosen: str, on: datetime.date) -> tuple[Choices, Choices]:
    """Return the places right below as choices, and the counties below the chosen one of them.

    A county that is chosen directly (by a link) stands among its neighbours under its city.
    """
    parents = Q(parent=jurisdiction)
    if chosen:
        parents |= Q(parent__code=f"{chosen[:4]}00", parent__parent=jurisdiction)
    below = Jurisdiction.objects.filter(parents).in_force(on).order_by("code")
    rows = list(below.values_list("code", "name", "parent_id"))
    first = [(code, name) for code, name, parent in rows if parent == jurisdiction.pk]
    second = [(code, name) for code, name, parent in rows if parent != jurisdiction.pk]
    if chosen in {code for code, _name in second}:
        first += [row for row in second if row[0] == chosen]
    return first, second


class OperatorRegistrationForm(PlainForm):
    """What a newcomer writes: the organisation, its place, and the person who acts for it."""

    name = forms.CharField(label=_("机构全称"), max_length=120, help_text=_("与营业执照或法人证书一致。"))
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=40, help_text=_("18 位，照证书填写，大小写都可以。"))
    county = CountyField(
        Jurisdiction.objects.none(), label=_("所在县（市、区）"), to_field_name="code", empty_label=_("请选择")
    )
    legal_representative = forms.CharField(label=_("法定代表人"), max_length=50, required=False)
    phone = forms.CharField(label=_("机构联系电话"), max_length=40, validators=[a_phone])
    person = forms.CharField(label=_("经办人姓名"), max_length=50)
    email = forms.EmailField(label=_("经办人邮箱"), help_text=_("补正通知和期限提醒发到这里，也用来找回密码。"))
    username = NewPersonForm.base_fields["username"]
    password = forms.CharField(label=_("密码"), strip=False, widget=forms.PasswordInput(NEW_PASSWORD))
    again = forms.CharField(
        label=_("再写一次密码"),
        strip=False,
        widget=forms.PasswordInput(NEW_PASSWORD),
        error_messages={"required": _("请再写一次密码。")},
    )

    def __init__(self, *args: Any, territory: Jurisdiction, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counties = Jurisdiction.objects.within(territory).filter(level=Level.COUNTY).in_force(on)
        field = self.fields["county"]
        assert isinstance(field, CountyField)
        field.label = _("所在%(county)s") % {"county": county_label(territory.code)}
        field.queryset = counties.select_related("parent").order_by("code")
        self.fields["password"].help_text = password_rules()

    def clean_uscc(self) -> str:
        """Return the code as it is compared; say what is wrong with it at its very place, also that it is taken."""
        code = uscc.normalised(self.cleaned_data["uscc"])
        if sentence := unregistrable(code):
            raise forms.ValidationError(sentence)
        return code

    def clean_username(self) -> str:
        """Refuse a user name that is taken, also in other capitals."""
        return free_username(self.cleaned_data["username"])

    def clean_email(self) -> str:
        """Refuse a mail address that is taken."""
        return free_email(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        """Hold the two passwords against each other and against the rules."""
        data = super().clean() or {}
        password, again = data.get("password"), data.get("again")
        if password and again and password != again:
            self.add_error("again", _("两次写的密码不一样。"))
        if password:
            someone = User(username=data.get("username", ""), email=data.get("email", ""), name=data.get("person", ""))
            try:
                validate_password(password, someone)
            except forms.ValidationError as refusal:
                self.add_error("password", refusal)
        return data


class BaseListForm(RegisterForm):
    """Search and filters of the officers' register: bases, with or without a title."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, reviews=False, **kwargs)  # it lists standings, whatever the periods
        self.fields["q"].label = _("名称、运营机构、信用代码")
        self.fields["state"].label = _("状态")
        states = [("", _("全部")), *Standing.choices, (NO_TITLE, _("没有称号"))]
        self.fields["state"].choices = states  # type: ignore[attr-defined]  # a ChoiceField

    def bases(self) -> QuerySet[Base]:
        """Return the bases of the territory that fit; a condition that cannot be read is passed over."""
        self.is_valid()
        said = self.cleaned_data
        found = Base.objects.within(self.jurisdiction)
        place = said.get("county") or said.get("place")
        if place:
            found = found.filter(region_code__startswith=prefix_of(place))
        if said.get("q"):
            found = found.filter(_every(said["q"].split()[:MOST_WORDS], _named))
        if said.get("state") == NO_TITLE:
            return found.exclude(pk__in=Certification.objects.standing().values("base"))
        wanted = {field: said[name] for name, field in _OF_TITLE.items() if said.get(name)}
        return found.filter(pk__in=Certification.objects.filter(**wanted).values("base")) if wanted else found


_OF_TITLE = {"title": "title", "state": "status"}


def _named(text: str) -> Q:
    operators = Operator.objects.filter(Q(name__icontains=text) | Q(uscc__startswith=uscc.normalised(text)))
    return Q(name__icontains=text) | Q(operator__in=operators) | _in_place_named(text)


class AmendBaseForm(PlainModelForm[Base]):
    """What may be corrected of a base; where it lies decides who is responsible and is not changed here."""

    class Meta:
        model = Base
        fields = ("name", "address", "phone", "opened_on", "government_developed")
        widgets = {
            "opened_on": forms.DateInput({"type": "date", "class": "w8"}),
            "government_developed": forms.Select(choices=[("", _("未填写")), ("true", _("是")), ("false", _("否"))]),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].validators.append(a_phone)


class RecordForm(PlainForm):
    """A title granted outside the portal: which, when, by which document."""

    title = forms.ChoiceField(label=_("称号"))
    certified_on = forms.DateField(
        label=_("认定日期"),
        help_text=_("认定文件上的成文日期。"),
        widget=forms.DateInput({"type": "date", "class": "w8"}),
    )
    document = forms.CharField(
        label=_("认定文件"), max_length=160, help_text=_("文号和名称，例如 ×人社发〔2024〕12 号。")
    )
    number = forms.CharField(
        label=_("证书编号"),
        max_length=60,
        required=False,
        help_text=_("照证书原件填写，公众凭它核验；没有证书或证书没有编号的不填。"),
    )

    def __init__(self, *args: Any, titles: Choices, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].choices = [("", _("请选择")), *titles]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["certified_on"].widget.attrs["max"] = today.isoformat()


class CorrectRecordForm(RecordForm):
    """What was entered of a title granted elsewhere, put right, or struck out because it was entered by mistake."""

    strike = forms.BooleanField(
        label=_("误登，注销这项登记"),
        required=False,
        help_text=_("例如登到了别家基地名下。注销后不再公开，登记过的内容留在审计记录里。"),
    )
    because = forms.CharField(label=_("更正原因"), max_length=200, widget=forms.Textarea({"rows": 3}))
    field_order = ("certified_on", "document", "number", "strike", "because")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, titles=[], **kwargs)
        del self.fields["title"]


class UnusualUsccForm(PlainForm):
    """A credit code as it stands on the licence, and why it is taken as it is."""

    code = forms.CharField(label=_("统一社会信用代码"), max_length=40, help_text=_("照证照原件填写，18 位。"))
    because = forms.CharField(label=_("核对依据"), max_length=200, widget=forms.Textarea({"rows": 3}))
