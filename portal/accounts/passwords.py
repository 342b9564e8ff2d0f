"""What a password must be, under the profile PASSWORD_PROFILE (docs/decisions/0201).

`dengbao3` (GB/T 22239-2019 §8.1.4.1 a): three of four classes of characters, changed every 90 days, the last five
refused. `asvs` (OWASP ASVS 5.0 §6.2): no composition, no rotation. Length, common passwords and words of the trade are
checked under both.
"""

import datetime
import unicodedata

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import PasswordUsed, User

SHORTEST = 12
LONGEST = 128
LEFT_WANTED = 6
CLASSES_WANTED = 3
REMEMBERED = 5
DAYS_VALID = 90
WORDS = (
    "renshe", "rensheting", "chuangye", "fuhua", "fuhuajidi", "jidi", "zhengfu", "mima", "guanliyuan", "woaini",
    "guizhou", "guiyang", "xinjiang", "xizang", "jiaxing", "eerduosi", "ordos", "tibet", "beijing", "zhongguo",
    "人社厅", "人社局", "人社", "孵化", "创业", "基地", "密码", "管理员",
)  # fmt: skip


def classes_in(password: str) -> int:
    """Return how many of the four classes occur: lower case, upper case, digits, everything else."""
    kinds = {
        "lower" if c.islower() else "upper" if c.isupper() else "digit" if c.isdigit() else "other" for c in password
    }
    return len(kinds)


class ShortestValidator:
    """Refuses what is quickly tried through. Django's own sentence for it is missing from its Chinese catalogue."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError under 12 characters."""
        if len(password) < SHORTEST:
            sentence = _("密码至少 %(n)d 个字符，现为 %(found)d 个。请再加长一些。")
            raise ValidationError(sentence % {"n": SHORTEST, "found": len(password)})

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("至少 %(n)d 个字符，不能全是数字，也不能是常见密码。") % {"n": SHORTEST}


class LongestValidator:
    """Refuses what would only burn time in the hash."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError over 128 characters."""
        if len(password) > LONGEST:
            sentence = _("密码最多 %(n)d 个字符，现为 %(found)d 个。")
            raise ValidationError(sentence % {"n": LONGEST, "found": len(password)})

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("最多 %(n)d 个字符。") % {"n": LONGEST}


class WordsValidator:
    """Refuses passwords that are little more than a word of the trade or of the person."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError if, without such words, fewer than six letters or digits remain."""
        rest = unicodedata.normalize("NFKC", password).lower()
        met = []
        for word in sorted(self._words(user), key=len, reverse=True):
            if word in rest:
                met.append(word)
                rest = rest.replace(word, "")
        left = sum(character.isalnum() for character in rest)
        if met and left < LEFT_WANTED:
            sentence = _(
                "密码里“%(word)s”太容易猜到，除去它和符号，字母和数字只有 %(n)d 个，至少要 %(wanted)d 个。"
                "请换一个词，或再加长一些。"
            )
            raise ValidationError(sentence % {"word": _("、").join(met), "n": left, "wanted": LEFT_WANTED})

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("不要主要由本行业用语、地名或自己的姓名、用户名组成。")

    def _words(self, user: User | None) -> tuple[str, ...]:
        own = (user.username, user.email.partition("@")[0], user.name) if user else ()
        return WORDS + tuple(word.lower() for word in own if len(word) >= 2)


class ProfileValidator:
    """What the profile `dengbao3` asks beyond length; remembers passwords when they are set."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for too few classes, or one of the last five."""
        if settings.PASSWORD_PROFILE != "dengbao3":
            return
        if (found := classes_in(password)) < CLASSES_WANTED:
            raise ValidationError(
                _("密码要有小写字母、大写字母、数字、符号四类中的三类，现在只有 %(n)d 类。请再加一类。") % {"n": found}
            )
        if user and user.pk and _used_before(user, password):
            raise ValidationError(_("最近 %(n)d 次用过的密码不能再用。请换一个没有用过的。") % {"n": REMEMBERED})

    def password_changed(self, password: str, user: User | None = None) -> None:
        """Remember the new password, and when it was set. Called by Django once the person is saved."""
        if user is None:
            return
        now = timezone.localtime()
        PasswordUsed.objects.create(user=user, hash=user.password, set_at=now)
        User.objects.filter(pk=user.pk).update(password_changed_at=now)
        user.password_changed_at = now
        kept = PasswordUsed.objects.filter(user=user).order_by("-set_at").values_list("pk", flat=True)[:REMEMBERED]
        PasswordUsed.objects.filter(user=user).exclude(pk__in=list(kept)).delete()

    def get_help_text(self) -> str:
        """Say the rule."""
        if settings.PASSWORD_PROFILE != "dengbao3":
            return _("长比复杂更安全：可以用几个不相干的词组成一句。")
        return _("小写字母、大写字母、数字、符号四类中至少三类；每 %(n)d 天更换一次。") % {"n": DAYS_VALID}


def password_is_old(user: User, now: datetime.datetime) -> bool:
    """Whether the profile asks for a new password: 90 days have gone since the last change."""
    if settings.PASSWORD_PROFILE != "dengbao3" or not user.has_usable_password() or user.password_changed_at is None:
        return False
    return now - user.password_changed_at > datetime.timedelta(days=DAYS_VALID)


def _used_before(user: User, password: str) -> bool:
    last = PasswordUsed.objects.filter(user=user).order_by("-set_at")[:REMEMBERED]
    return any(check_password(password, used.hash) for used in last)
