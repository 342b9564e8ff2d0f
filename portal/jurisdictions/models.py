"""The division tree by GB/T 2260 code. Codes are hierarchical, so scope is a prefix."""

import datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

NATION = "000000"


class Level(models.TextChoices):
    """Levels of government, from the top."""

    NATION = "nation", _("国家")
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县级")


PREFIX_LENGTH = {Level.NATION: 0, Level.PROVINCE: 2, Level.CITY: 4}


class JurisdictionQuerySet(models.QuerySet["Jurisdiction"]):
    def within(self, jurisdiction: "Jurisdiction") -> Self:
        """The jurisdiction itself and everything below it."""
        return self.filter(code__startswith=jurisdiction.prefix)

    def in_force(self, on: datetime.date) -> Self:
        """Divisions that existed on that day."""
        return self.filter(
            models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=on),
            models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=on),
        )

    def countable(self, on: datetime.date) -> Self:
        """County units that may stand in a denominator: functional zones and abolished counties never do (G-16)."""
        return self.filter(level=Level.COUNTY, is_functional_zone=False).in_force(on)


class Jurisdiction(models.Model):
    """A bureau's territory: a node of the national division tree, or a functional zone below a city."""

    code = models.CharField(_("区划代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("层级"), max_length=8, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    is_functional_zone = models.BooleanField(_("功能区"), default=False)
    valid_from = models.DateField(_("启用日"), null=True, blank=True)
    valid_to = models.DateField(_("停用日"), null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")

    objects = JurisdictionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("区划")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_from__lte=models.F("valid_to")),
                name="jurisdiction_valid_from_before_to",
            ),
        ]
        indexes = [models.Index(fields=["code"], name="jurisdiction_code_like", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """What every code below this jurisdiction begins with; the whole code for a county."""
        return self.code[: PREFIX_LENGTH.get(Level(self.level), len(self.code))]

    @property
    def province_code(self) -> str:
        """The two digits of the province; `00` for the nation. Names the audit chain and the shard."""
        return self.code[:2]

    def covers(self, region_code: str) -> bool:
        """Whether a record with that region code lies in this jurisdiction."""
        return region_code.startswith(self.prefix)

    def ancestor(self, level: str) -> "Jurisdiction":
        """This jurisdiction, or the one above it, at `level`; the nearest above where that level does not exist."""
        node = self
        while node.level != level and node.parent is not None and _rank(node.level) > _rank(level):
            node = node.parent
        return node

    def lineage(self) -> list["Jurisdiction"]:
        """This jurisdiction and all above it, nearest first."""
        chain, node = [self], self.parent
        while node is not None:
            chain.append(node)
            node = node.parent
        return chain

    @property
    def full_name(self) -> str:
        """Province, city and county in one line, without the nation."""
        return "".join(node.name for node in reversed(self.lineage()) if node.level != Level.NATION)


def _rank(level: str) -> int:
    return list(Level.values).index(level)


class JurisdictionOwnedQuerySet(models.QuerySet[models.Model]):
    """Every fetch of an owned record starts at `.within()`; a stranger then finds nothing and gets 404."""

    def within(self, jurisdiction: Jurisdiction) -> Self:
        """Records that lie in the jurisdiction or below it."""
        return self.filter(region_code__startswith=jurisdiction.prefix)


class JurisdictionOwned(models.Model):
    """A record that belongs to a bureau. `region_code` repeats the code, so that scope is a prefix test."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+", verbose_name=_("所在地"))
    region_code = models.CharField(_("区划代码"), max_length=12, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the repeated code true."""
        self.region_code = self.jurisdiction.code
        super().save(*args, **kwargs)


class AgencyProfile(models.Model):
    """What a bureau prints about itself. Unknown facts stay empty and are never invented."""

    jurisdiction = models.OneToOneField(Jurisdiction, models.PROTECT, related_name="agency")
    name = models.CharField(_("机关全称"), max_length=60)
    short_name = models.CharField(_("机关简称"), max_length=30)
    document_word = models.CharField(_("机关代字"), max_length=12, blank=True)
    phone = models.CharField(_("联系电话"), max_length=40, blank=True)
    discipline_phone = models.CharField(_("监督电话"), max_length=40, blank=True)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    office_hours = models.CharField(_("办公时间"), max_length=60, blank=True)
    complaint_channel = models.CharField(_("投诉渠道"), max_length=200, blank=True)
    icp_number = models.CharField(_("备案号"), max_length=60, blank=True)
    site_code = models.CharField(_("网站标识码"), max_length=30, blank=True)
    licence = models.CharField(_("开放数据许可"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("机关信息")

    def __str__(self) -> str:
        return self.name
