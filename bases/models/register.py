"""The register: operators, bases, their titles, bans, and what other sources say was certified before."""

import datetime
import secrets
from collections.abc import Iterable
from typing import Any, NamedTuple, Self, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from bases import rules
from bases.models.names import title_called
from bases.states import HELD, NEXT, STANDS, RevocationStatus, Standing, underlying
from portal import uscc
from portal.documents.models import Letter
from portal.jurisdictions.models import Jurisdiction, JurisdictionOwned
from portal.states import HasStatus

BRACKETS = str.maketrans({"[": "〔", "]": "〕", "【": "〔", "】": "〕", "［": "〔", "］": "〕", "－": "-", "—": "-"})
VERIFY_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no characters that are read for one another


def validate_uscc(code: str) -> None:
    """Raise ValidationError with the sentence of `uscc.problem`."""
    if sentence := uscc.problem(code):
        raise ValidationError(sentence)


class Operator(JurisdictionOwned):
    """The body that runs a base and answers for it (运营机构). Bans follow its 统一社会信用代码."""

    name = models.CharField(_("运营机构名称"), max_length=120)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, unique=True, validators=[validate_uscc])
    uscc_accepted_because = models.CharField(max_length=200, blank=True, editable=False)
    legal_representative = models.CharField(_("法定代表人"), max_length=50, blank=True)
    phone = models.CharField(_("联系电话"), max_length=40, blank=True)
    demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("运营机构")
        permissions = [("represent_operator", _("代表运营机构办理"))]
        constraints = [
            models.CheckConstraint(condition=models.Q(uscc=Upper("uscc")), name="operator_uscc_upper"),
        ]
        indexes = [models.Index(fields=["region_code"], name="operator_region", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Compare and store codes in one form."""
        self.uscc = uscc.normalised(self.uscc)


class BaseQuerySet(models.QuerySet["Base"]):
    def within(self, jurisdiction: Jurisdiction) -> Self:
        """Bases in the jurisdiction or below it."""
        return self.filter(region_code__startswith=jurisdiction.prefix)

    def public(self) -> Self:
        """Bases that anybody may look up: those that have or had a title, or were published in a notice.

        Whoever registers may enter a base, and nobody has checked it then; its address and phone stay its own.
        """
        titled = Certification.objects.filter(base=models.OuterRef("pk"))
        # The register does not know its cases; what an application was published in is named by its relation alone.
        published = Base.objects.filter(applications__publications__isnull=False)
        return self.filter(models.Exists(titled) | models.Q(pk__in=published.values("pk")))

    def named_alike(self, name: str, county: Jurisdiction) -> Self:
        """Bases of that name in that county, whoever runs them."""
        return self.filter(region_code=county.code, name=" ".join(name.split()))

    def locked(self, pk: int) -> "Base":
        """The base, held until the end of the transaction: what counts on it is decided by one officer at a time.

        What only refers to it, such as a complaint that comes in, is written meanwhile.
        """
        return self.select_for_update(no_key=True).get(pk=pk)


class Base(JurisdictionOwned):
    """A startup incubation base (创业孵化基地): a place, run by an operator, in a county."""

    name = models.CharField(_("基地名称"), max_length=120)
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="bases", verbose_name=_("运营机构"))
    address = models.CharField(_("地址"), max_length=160, blank=True)
    phone = models.CharField(_("对外电话"), max_length=40, blank=True)
    opened_on = models.DateField(_("开始运营"), null=True, blank=True)
    government_developed = models.BooleanField(_("政府开发"), null=True, blank=True)
    slug = models.CharField(max_length=16, unique=True, editable=False)
    demo = models.BooleanField(default=False, editable=False)

    objects = BaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("基地")
        indexes = [
            models.Index(fields=["region_code", "name"], name="base_region", opclasses=["varchar_pattern_ops", ""]),
            models.Index(fields=["region_code", "name", "id"], name="base_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    def register(
        self, policy: rules.BasePolicy, certifications: "Iterable[Certification] | None" = None
    ) -> rules.Register:
        """Return what the rules read: every title this base ever held under the pack, and every ban that binds it.

        A ban binds the base whatever operator runs it, and its operator whatever base it comes with (G-08).
        `certifications` are all of the base, the oldest first, from who has read them already.
        """
        known = {title.code: title for title in policy.titles}
        register = rules.Register(policy)
        for row in self.certifications.order_by("certified_on", "pk") if certifications is None else certifications:
            if row.title in known:
                register.tenures[row.title] = row.tenure(known[row.title])
                register.first_certified.setdefault(row.title, row.certified_on)
        bans = Ban.objects.in_force().filter(models.Q(base=self) | models.Q(operator_uscc=self.operator.uscc))
        register.bans = [ban.as_rule() for ban in bans.order_by("starts_on", "pk")]
        return register

    def save(self, *args: object, **kwargs: object) -> None:
        """Give the base its stable public address once."""
        if not self.slug:
            self.slug = random_code(8)
        super().save(*args, **kwargs)


def random_code(length: int) -> str:
    """Return a random code of characters that are not read for one another."""
    return "".join(secrets.choice(VERIFY_ALPHABET) for _place in range(length))


def number_as_kept(number: str) -> str:
    """Return a certificate number as the register keeps it: no spaces, one kind of bracket and dash."""
    return "".join(number.split()).translate(BRACKETS).upper()


def stands_as(*standings: str) -> models.Q:
    """Return the condition for titles that stand so, whether proceedings run against them or not."""
    in_proceedings = models.Q(status=Standing.IN_PROCEEDINGS, stood_as__in=standings)
    return models.Q(status__in=standings) | in_proceedings


class CertificationQuerySet(models.QuerySet["Certification"]):
    def within(self, jurisdiction: Jurisdiction) -> Self:
        """Certifications of bases in the jurisdiction or below it."""
        return self.filter(region_code__startswith=jurisdiction.prefix)

    def standing(self) -> Self:
        """Titles that stand (the law calls them held; proceedings do not end them)."""
        return self.filter(stands_as(*HELD))


class Certification(HasStatus, JurisdictionOwned):
    """One base, one title, from the day it was granted (认定). A later grant of the same title is a new row."""

    NEXT = NEXT

    base = models.ForeignKey(Base, models.PROTECT, related_name="certifications")
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="+")
    title = models.CharField(_("称号代码"), max_length=30)
    policy = models.CharField(_("政策包"), max_length=40)
    category_name = models.CharField(_("类别名称"), max_length=60)
    plaque_text = models.CharField(_("牌匾文字"), max_length=60)
    recogniser = models.CharField(_("认定机关"), max_length=60)
    recogniser_at = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    status = models.CharField(_("状态"), max_length=16, choices=Standing.choices, default=Standing.CERTIFIED)
    certified_on = models.DateField(_("认定日期"))
    period_ends = models.DateField(_("复评认定期至"), null=True, blank=True)
    ended_on = models.DateField(_("终止日期"), null=True, blank=True)
    number = models.CharField(_("证书编号"), max_length=40, unique=True)
    verify_code = models.CharField(max_length=24, unique=True, editable=False)
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+")
    certificate = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+")
    stood_as = models.CharField(
        max_length=16, choices=Standing.choices, blank=True, default="", db_default="", editable=False
    )
    document = models.CharField(
        _("认定文件"), max_length=160, blank=True, default="", db_default=""
    )  # of a title granted elsewhere
    paper_number = models.CharField(
        _("证书原编号"), max_length=60, blank=True, default="", db_default=""
    )  # on its certificate
    entitlements_settled = models.BooleanField(default=False, editable=False)  # subsidies looked at it
    demo = models.BooleanField(default=False, editable=False)

    objects = CertificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("认定")
        constraints = [
            models.UniqueConstraint(
                fields=["base", "title"],
                condition=models.Q(status__in=sorted(STANDS)),
                name="certification_one_standing_per_title",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Standing.IN_PROCEEDINGS) | ~models.Q(stood_as=""),
                name="certification_proceedings_keep_what_stood",
            ),
        ]
        indexes = [
            models.Index(
                fields=["region_code", "-certified_on", "-id"],
                name="certification_register",
                opclasses=["varchar_pattern_ops", "", ""],
            ),
            models.Index(fields=["title", "status", "-certified_on"], name="certification_title"),
            models.Index(fields=["-certified_on", "-id"], name="certification_newest"),
            models.Index(fields=["base", "title", "-certified_on"], name="certification_base"),
            models.Index(fields=["paper_number"], name="certification_paper", condition=~models.Q(paper_number="")),
            models.Index(fields=["id"], name="certification_unsettled", condition=models.Q(entitlements_settled=False)),
        ]

    def __str__(self) -> str:
        return f"{self.base} {self.titled}"

    @property
    def titled(self) -> str:
        """What every page and letter calls the title."""
        return title_called(self.policy, self.title, self.category_name)

    def save(self, *args: object, **kwargs: object) -> None:
        """Give the certificate its public code once: 16 characters of 32, so that guessing is hopeless."""
        if not self.verify_code:
            self.verify_code = random_code(16)
        super().save(*args, **kwargs)

    def advance(self, status: str, **stamps: Any) -> Self:
        """Move to `status`; when proceedings open, what the title stood as is kept: in public it stays that (M14)."""
        if status == Standing.IN_PROCEEDINGS:
            stamps["stood_as"] = self.status
        return super().advance(status, **stamps)

    @property
    def underlying(self) -> Standing:
        """The standing without regard to proceedings that run."""
        return underlying(self.status, self.stood_as)

    @property
    def stands(self) -> bool:
        """Whether the title is held today; proceedings do not end it."""
        return self.underlying in HELD

    @property
    def certificate_number(self) -> str:
        """The number on the certificate; empty for a title granted elsewhere whose certificate's number is unknown."""
        return self.paper_number if self.document else self.number

    @property
    def numbered(self) -> str:
        """The number with its name: that of the certificate, else the one under which the register keeps the title."""
        if self.certificate_number:
            return str(_("证书编号 %(number)s") % {"number": self.certificate_number})
        return str(_("登记号 %(number)s") % {"number": self.number})

    def tenure(self, title: rules.TitlePolicy) -> rules.Tenure:
        """Return this row as the rules see it, with its proceedings once the prior notice is served."""
        before = self._before_revocation()
        return rules.Tenure(
            title,
            self.certified_on,
            self.period_ends,
            renewals=self._renewals(title),
            underlying=cast("rules.Standing", before.value),
            ended_on=None if before in HELD else self.ended_on,
            proceedings=self._proceedings(),
            revocation=self._revocation(),
        )

    def _renewals(self, title: rules.TitlePolicy) -> int:
        """How often the title was renewed: each renewal added one period, counted from the first day."""
        if self.period_ends is None or title.period_years is None:
            return 0
        return max(0, (self.period_ends.year - self.certified_on.year) // title.period_years.value - 1)

    def _before_revocation(self) -> Standing:
        return Standing(self.stood_as) if self.status == Standing.REVOKED and self.stood_as else self.underlying

    def _proceedings(self) -> rules.Proceedings | None:
        if self.status != Standing.IN_PROCEEDINGS:
            return None
        running = self.revocations.served().first()
        if running is None or running.notice_served_on is None:  # entered before proceedings were kept
            return rules.Proceedings(ground="", notice_on=self.certified_on)
        return rules.Proceedings(running.ground, running.notice_served_on, running.decided_on)

    def _revocation(self) -> tuple[str, rules.Ban] | None:
        if self.status != Standing.REVOKED:
            return None
        last = self.revocations.filter(status=RevocationStatus.REVOKED).select_related("ban").last()
        if last is None or last.ban is None:
            never = rules.Ban(self.title, self.certified_on, self.certified_on, "")
            return "", never
        return last.ground, last.ban.as_rule()


class Alike(NamedTuple):
    """A ban on somebody else who shares the address or the legal representative."""

    ban: "Ban"
    address: bool
    representative: bool


class BanQuerySet(models.QuerySet["Ban"]):
    def in_force(self) -> Self:
        """Bans that were not void from the beginning: those of a revocation that was set aside never were."""
        return self.exclude(lifted_on__lte=models.F("starts_on"))

    def alike(self, base: Base, on: datetime.date) -> list["Alike"]:
        """Bans that run in the province on others who share the address or the legal representative of a base.

        It is a hint to look closer, never a bar: those whom a ban binds are stopped at the door (GZ-30).
        """
        running = self.in_force().filter(
            starts_on__lte=on, ends_on__gte=on, region_code__startswith=base.region_code[:2]
        )
        running = running.filter(models.Q(lifted_on__isnull=True) | models.Q(lifted_on__gt=on))
        others = running.exclude(models.Q(base=base) | models.Q(operator_uscc=base.operator.uscc))
        name, address = base.operator.legal_representative, base.address
        named = Operator.objects.filter(uscc=models.OuterRef("operator_uscc"), legal_representative=name).exclude(
            legal_representative=""
        )
        housed = models.Q(base__address=address) if address else models.Q(pk__in=[])
        found = others.annotate(represented=models.Exists(named)).filter(housed | models.Q(represented=True))
        return [
            Alike(ban, bool(address) and ban.base.address == address, ban.represented)  # type: ignore[attr-defined]  # annotated
            for ban in found.select_related("base").order_by("-starts_on", "-pk")
        ]


class Ban(JurisdictionOwned):
    """Until when a title may not be applied for again (暂停申报); it holds for the base and for the operator's code."""

    base = models.ForeignKey(Base, models.PROTECT, related_name="bans")
    operator_uscc = models.CharField(max_length=18)
    title = models.CharField(max_length=30)
    policy = models.CharField(max_length=40)
    clause = models.CharField(max_length=20)
    ground = models.CharField(max_length=30)
    starts_on = models.DateField(_("自"))
    ends_on = models.DateField(_("至（含当日）"))
    lifted_on = models.DateField(_("解除日期"), null=True, blank=True)
    lifted_because = models.CharField(max_length=200, blank=True)

    objects = BanQuerySet.as_manager()

    class Meta:
        verbose_name = _("暂停申报")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("ends_on")), name="ban_starts_before_ends"
            )
        ]
        indexes = [models.Index(fields=["operator_uscc", "title"], name="ban_operator")]

    def __str__(self) -> str:
        return f"{self.base} {self.title} {self.ends_on}"

    def as_rule(self) -> rules.Ban:
        """Return this row as the rules see it; a lifted ban ends the day before it was lifted."""
        until = (
            self.ends_on if self.lifted_on is None else min(self.ends_on, self.lifted_on - datetime.timedelta(days=1))
        )
        return rules.Ban(self.title, self.starts_on, until, self.clause)


class HistoricEntry(JurisdictionOwned):
    """What a public source says was certified, piloted or proposed elsewhere and before; never a live title."""

    name = models.CharField(_("名称"), max_length=120)
    title = models.CharField(_("称号"), max_length=120)
    level = models.CharField(_("级别"), max_length=20, blank=True)
    place = models.CharField(_("地区"), max_length=80, blank=True)
    year = models.PositiveSmallIntegerField(_("年份"), null=True)
    recogniser = models.CharField(_("认定机关"), max_length=120, blank=True)
    status = models.CharField(_("来源所载状态"), max_length=40)
    note = models.TextField(_("说明"), blank=True)
    source_id = models.CharField(max_length=20)
    source_title = models.CharField(_("来源"), max_length=200)
    source_url = models.CharField(max_length=400, blank=True)
    source_quality = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("历史名录")
        constraints = [models.UniqueConstraint(fields=["name", "title", "source_id"], name="historic_entry_once")]

    def __str__(self) -> str:
        return self.name
