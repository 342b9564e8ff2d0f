"""What people type about themselves and others. The sign-in forms are allauth's, in our words."""

import datetime
from typing import TYPE_CHECKING, Any

from allauth.account import forms as account
from allauth.account.models import EmailAddress
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.accounts.models import Membership, User
from portal.accounts.passwords import LongestValidator, ProfileValidator, ShortestValidator, WordsValidator
from portal.accounts.people import stand_ins_for
from portal.accounts.phones import a_phone
from portal.accounts.roles import Role
from portal.accounts.tasks import mail_password_links
from portal.jurisdictions.models import Jurisdiction, Level
from portal.plain_words import PlainSentences, PlainWords
from portal.typed_text import quoted

if TYPE_CHECKING:
    PersonForm = forms.ModelForm[User]
else:
    PersonForm = forms.ModelForm

LABELS = {
    "login": gettext_lazy("用户名或邮箱"),
    "password": gettext_lazy("密码"),
    "oldpassword": gettext_lazy("现在的密码"),
    "password1": gettext_lazy("新密码"),
    "password2": gettext_lazy("再写一次新密码"),
    "email": gettext_lazy("邮箱"),
    "code": gettext_lazy("6 位验证码，或一个恢复码"),
    "name": gettext_lazy("名称"),
}


A_DAY = {"class": "w8"}
SUCH_A_DAY = gettext_lazy("例如 2026-11-30")
USERNAME_RULE = gettext_lazy("用户名只能用文字、数字或 . + - _，不能有空格或其他符号。请改正。")


def a_name(typed: str) -> None:
    """Raise ValidationError unless something in it can be read as a name: a validator of a form field."""
    if not any(character.isalpha() for character in typed):
        raise ValidationError(_("“%(found)s”里没有文字，请填写真实姓名。") % {"found": quoted(typed)})


class OurWords(PlainSentences):
    """Gives allauth's forms our labels, the rules of passwords as a sentence, and no placeholders."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = password_rules() if name == "password1" else ""
            if name == "password2":
                field.error_messages["required"] = gettext_lazy("请再写一次新密码。")


def password_rules() -> str:
    """Return all that a new password must be, in one line."""
    ours = (ShortestValidator(), LongestValidator(), WordsValidator(), ProfileValidator())
    between = "" if get_language() == settings.LANGUAGE_CODE else " "  # Chinese sets no space between sentences
    return between.join(validator.get_help_text() for validator in ours)


class SignInForm(OurWords, account.LoginForm):
    """User name or mail address, and password."""


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    """The mail address to which the link is sent."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Hand the address to a worker: the answer takes as long for a known one as for an unknown one.

        Raises OperationalError while the broker is away, for both alike.
        """
        email: str = self.cleaned_data["email"]
        mail_password_links.delay(email)
        return email


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):
    """The new password, twice."""


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    """The old password and the new one, twice."""


class SetPasswordForm(OurWords, account.SetPasswordForm):
    """A first password, twice."""


class ReauthenticateForm(OurWords, account.ReauthenticateForm):
    """The password once more before a sensitive step."""


class CodeForm(OurWords, mfa.AuthenticateForm):
    """The second factor at sign-in."""


class CodeAgainForm(OurWords, mfa.ReauthenticateForm):
    """The second factor once more before a sensitive step."""


class ActivateTOTPForm(OurWords, totp.ActivateTOTPForm):
    """The first code of a new authenticator."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("验证器显示的 6 位验证码")


class AddKeyForm(OurWords, webauthn.AddWebAuthnForm):
    """A security key and its name."""


class EditKeyForm(OurWords, webauthn.EditWebAuthnForm):
    """The name of a security key."""


class ProfileForm(PlainWords, PersonForm):
    """What a person may change about themselves."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=50, validators=[a_name])
    phone = forms.CharField(label=gettext_lazy("手机"), max_length=30, required=False, validators=[a_phone])
    email = forms.EmailField(label=gettext_lazy("邮箱"), help_text=gettext_lazy("用来收通知和找回密码。"))

    class Meta:
        model = User
        fields = ["name", "email", "phone"]

    def clean_email(self) -> str:
        """Refuse a mail address that somebody else has."""
        return free_email(self.cleaned_data["email"], besides=self.instance)


def free_email(email: str, *, besides: User | None = None) -> str:
    """Return the mail address in lower case; raise ValidationError if another person has it, or signs in by it."""
    others = User.objects.filter(models.Q(email__iexact=email) | models.Q(username__iexact=email))
    copies = EmailAddress.objects.filter(email__iexact=email)
    if besides is not None and besides.pk:
        others, copies = others.exclude(pk=besides.pk), copies.exclude(user_id=besides.pk)
    if others.exists() or copies.exists():
        raise ValidationError(_("这个邮箱已由另一位人员使用。请换一个；如果确是本人的邮箱，请先核对本人是否已有账号。"))
    return email.lower()


def free_username(name: str) -> str:
    """Return the user name; raise ValidationError if it is taken, also in other capitals, or looks like an address.

    One signs in by either: whoever bore another's mail address as user name could clear that person's lockout.
    """
    if "@" in name:
        raise ValidationError(_("用户名“%(name)s”带有 @，容易与邮箱混淆。请去掉 @ 再填。") % {"name": name})
    if User.objects.filter(username__iexact=name).exists():
        raise ValidationError(_("用户名“%(name)s”已有人使用，请换一个。") % {"name": name})
    return name


class NewPersonForm(PlainWords, forms.Form):
    """A person to be made by an administrator or invited by an operator."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=50, validators=[a_name])
    username = forms.CharField(
        label=gettext_lazy("用户名"),
        min_length=3,
        max_length=30,
        validators=[UnicodeUsernameValidator(message=USERNAME_RULE)],
        help_text=gettext_lazy("3 至 30 个字，只用文字、数字或 . + - _，登录时用。"),
    )
    email = forms.EmailField(label=gettext_lazy("邮箱"), help_text=gettext_lazy("设置密码的链接会发到这里。"))
    phone = forms.CharField(label=gettext_lazy("手机"), max_length=30, required=False, validators=[a_phone])

    def clean_username(self) -> str:
        """Refuse a user name that is taken, also in other capitals."""
        return free_username(self.cleaned_data["username"])

    def clean_email(self) -> str:
        """Refuse a mail address that is taken."""
        return free_email(self.cleaned_data["email"])


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django does not make it generic
    """A division of a territory, with the division above it in front, so that namesakes are told apart."""

    territory: Jurisdiction

    def label_from_instance(self, obj: Any) -> str:
        """Return the name; of a place further down than right below the territory, after the place above it."""
        above = obj.parent
        is_near = above is None or obj == self.territory or above == self.territory
        return str(obj) if is_near else f"{above} {obj}"


class PostForm(PlainWords, forms.Form):
    """A post to be proposed: where, which, from when to when."""

    jurisdiction = PlaceField(
        Jurisdiction.objects.none(), label=gettext_lazy("任职地区"), to_field_name="code", empty_label=None
    )
    role = forms.ChoiceField(label=gettext_lazy("岗位"), choices=Role.choices)
    valid_from = forms.DateField(label=gettext_lazy("开始日期"), widget=forms.TextInput(A_DAY), help_text=SUCH_A_DAY)
    valid_to = forms.DateField(
        label=gettext_lazy("结束日期"),
        required=False,
        widget=forms.TextInput(A_DAY),
        help_text=gettext_lazy("临时顶岗才填，例如 2026-11-30。"),
    )

    def __init__(self, *args: Any, territory: Jurisdiction, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["jurisdiction"]
        assert isinstance(field, PlaceField)
        field.territory = territory
        places = Jurisdiction.objects.within(territory).in_force(on).select_related("parent")
        # 自治区直辖县级行政区划 and the like group counties and have no bureau
        field.queryset = places.exclude(level=Level.CITY, code__endswith="9000").order_by("code")

    def clean(self) -> dict[str, Any]:
        """Hold the two days against each other."""
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("截止日早于起始日 %(day)s，请改其中一项。") % {"day": first})
        return data


class ReasonForm(PlainWords, forms.Form):
    """Why something is ended or sent back."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class StandInField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django does not make it generic
    """A colleague with the posts they hold at the bureau."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name and the posts, which were fetched along."""
        posts = _("、").join(post.get_role_display() for post in obj.memberships.all())
        return _("%(name)s（%(posts)s）") % {"name": obj, "posts": posts}


class DelegationForm(PlainWords, forms.Form):
    """Who stands in, from when to when, why."""

    delegate = StandInField(
        User.objects.none(),
        label=gettext_lazy("代办人"),
        empty_label=gettext_lazy("请选择"),
        help_text=gettext_lazy("同一机关现任办件岗位的同事；管理员不能代办。"),
    )
    starts_on = forms.DateField(label=gettext_lazy("开始日期"), widget=forms.TextInput(A_DAY), help_text=SUCH_A_DAY)
    ends_on = forms.DateField(
        label=gettext_lazy("结束日期（含当日）"), widget=forms.TextInput(A_DAY), help_text=SUCH_A_DAY
    )
    reason = forms.CharField(
        label=gettext_lazy("事由"), max_length=200, help_text=gettext_lazy("如：出差、休假、学习。")
    )

    def __init__(self, *args: Any, membership: Membership, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = Membership.objects.in_force(on).filter(jurisdiction=membership.jurisdiction).order_by("role")
        field = self.fields["delegate"]
        assert isinstance(field, StandInField)
        people = stand_ins_for(membership, on).order_by("name", "pk")
        field.queryset = people.prefetch_related(models.Prefetch("memberships", posts))
        self.fields["starts_on"].initial = on


class NoticesForm(PersonForm):
    """How a person is told."""

    class Meta:
        model = User
        fields = ["daily_digest"]
        labels = {"daily_digest": gettext_lazy("每天早上把未读消息汇总成一封邮件")}

    def save(self, commit: bool = True) -> User:
        """Write that one field: the rest of the row may have changed since it was read."""
        self.instance.save(update_fields=self.Meta.fields)
        return self.instance
