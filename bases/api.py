"""The open interface of the register, read-only: places, bases, certifications, verification.

Every field is written out. No field is about a person. What is not public yet (proceedings) is not told apart.
"""

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bases.exports import PublicState, public_state, with_places
from bases.forms import OVERDUE, code_as_kept, found_by, in_state, prefix_of
from bases.models import Base, Certification
from bases.states import PUBLIC
from portal.deadlines.today import business_today
from portal.jurisdictions.models import Jurisdiction, Level
from portal.web.api import OpenViewSet
from portal.web.cursors import NewestFirst

STATES = [(state.value, state.label) for state in PUBLIC]
NOT_FOUND = OpenApiResponse(description="没有找到，application/problem+json")


def found_at(name: str, kind: type, words: str) -> Any:
    """Return the mark of a set whose entries are found by `name` in their address; `words` say what it is."""
    where = OpenApiParameter(name, kind, OpenApiParameter.PATH, description=words)
    return extend_schema_view(retrieve=extend_schema(parameters=[where]))


class PlaceSerializer(serializers.Serializer[Jurisdiction]):
    """A place in short."""

    code = serializers.CharField(help_text="区划代码，6 位，GB/T 2260")
    name = serializers.CharField(help_text="本级的名称")
    full_name = serializers.CharField(help_text="省、市、县连写")


class JurisdictionSerializer(serializers.Serializer[Jurisdiction]):
    """A division of the country."""

    code = serializers.CharField(help_text="区划代码，6 位，GB/T 2260")
    name = serializers.CharField(help_text="本级的名称")
    level = serializers.ChoiceField(choices=Level.choices, help_text="层级")
    parent = serializers.CharField(source="parent.code", default=None, help_text="上一级的代码")
    is_functional_zone = serializers.BooleanField(help_text="功能区，不计入县级行政区划数")
    valid_from = serializers.DateField(allow_null=True, help_text="启用日；不详的为空")
    valid_to = serializers.DateField(allow_null=True, help_text="停用日；仍在用的为空")
    successor = serializers.CharField(source="successor.code", default=None, help_text="停用后由哪个代码接替")


class OperatorSerializer(serializers.Serializer[Any]):
    """An operator: an organisation, never a person."""

    name = serializers.CharField(help_text="运营机构的名称")
    uscc = serializers.CharField(help_text="统一社会信用代码，18 位")


class BaseLinkSerializer(serializers.Serializer[Base]):
    """A base in short."""

    slug = serializers.CharField(help_text="固定标识，名称变更后不变")
    name = serializers.CharField(help_text="基地名称")


class StateSerializer(serializers.Serializer[PublicState]):
    """What a title is worth today."""

    code = serializers.ChoiceField(choices=STATES, help_text="状态代码")
    word = serializers.CharField(help_text="状态的中文")
    overdue = serializers.BooleanField(help_text="复评认定期已满而尚未复评；称号仍有效")


class CertificationSerializer(serializers.Serializer[Certification]):
    """One base, one title."""

    number = serializers.CharField(help_text="本平台的登记号；由本平台发证的，也是证书编号")
    certificate_number = serializers.CharField(help_text="证书上的编号；登记已有认定时没有填写的为空")
    base = BaseLinkSerializer(help_text="基地")
    operator = OperatorSerializer(help_text="运营机构")
    place = PlaceSerializer(source="base.jurisdiction", help_text="基地所在地")
    title = serializers.CharField(help_text="称号在政策中的代码")
    category_name = serializers.CharField(help_text="称号的类别名称")
    plaque_text = serializers.CharField(help_text="牌匾文字")
    policy = serializers.CharField(help_text="所依据政策的编号")
    recogniser = serializers.CharField(help_text="认定机关")
    certified_on = serializers.DateField(help_text="认定日期")
    period_ends = serializers.DateField(allow_null=True, help_text="复评认定期至；政策未规定的为空")
    state = serializers.SerializerMethodField(help_text="今日状态")
    ended_on = serializers.SerializerMethodField()
    verify_url = serializers.SerializerMethodField()

    @extend_schema_field(StateSerializer)
    def get_state(self, certification: Certification) -> dict[str, Any]:
        """Return what the public sees of the title today."""
        state = public_state(certification, self.context["now"].date())
        return {"code": state.code, "word": state.word, "overdue": state.overdue}

    @extend_schema_field(serializers.DateField(allow_null=True, help_text="撤销、未延续或放弃生效的日期"))
    def get_ended_on(self, certification: Certification) -> str | None:
        """Return the end of a title that is no longer held."""
        ended = certification.ended_on
        return ended.isoformat() if ended and not certification.stands else None

    @extend_schema_field(serializers.URLField(allow_null=True, help_text="核验页；没有证书可核验的为空"))
    def get_verify_url(self, certification: Certification) -> str | None:
        """Return the page that the QR code of the certificate opens; nothing where no certificate is known."""
        if not certification.certificate_number:
            return None
        return f"{settings.SITE_URL}/verify/{certification.verify_code}/"


class BaseSerializer(serializers.Serializer[Base]):
    """A base with its titles."""

    slug = serializers.CharField(help_text="固定标识，名称变更后不变")
    name = serializers.CharField(help_text="基地名称")
    operator = OperatorSerializer(help_text="运营机构")
    place = PlaceSerializer(source="jurisdiction", help_text="所在地")
    address = serializers.CharField(help_text="未填写的为空")
    opened_on = serializers.DateField(allow_null=True, help_text="开始运营的日期；未填写的为空")
    page = serializers.SerializerMethodField(help_text="公开网站上的页面")
    certifications = CertificationSerializer(many=True, help_text="历次认定，新的在前")

    @extend_schema_field(OpenApiTypes.URI)
    def get_page(self, base: Base) -> str:
        """Return the page of the base."""
        return f"{settings.SITE_URL}/base/{base.slug}/"


class PlaceFilter(django_filters.FilterSet):
    """By place: the place itself and everything below it."""

    place = django_filters.CharFilter(method="in_place", label="区划代码，6 位；含其下各级")

    def in_place(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Keep what lies in the place."""
        return rows.filter(region_code__startswith=prefix_of(value))


class JurisdictionFilter(django_filters.FilterSet):
    """Divisions by level and by what lies above them."""

    level = django_filters.ChoiceFilter(choices=Level.choices, label="层级")
    parent = django_filters.CharFilter(field_name="parent__code", label="上一级的代码")
    place = django_filters.CharFilter(method="in_place", label="区划代码；含其下各级")

    def in_place(self, rows: QuerySet[Jurisdiction], name: str, value: str) -> QuerySet[Jurisdiction]:
        """Keep what lies in the place."""
        return rows.filter(code__startswith=prefix_of(value))


class BaseFilter(PlaceFilter):
    """Bases by place and by words of their name or their operator's."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="基地名称中的字")


class CertificationFilter(PlaceFilter):
    """Certifications as the register's own search finds them."""

    q = django_filters.CharFilter(method="named", label="名称、运营机构、信用代码、证书编号")
    title = django_filters.CharFilter(label="称号代码")
    policy = django_filters.CharFilter(label="政策编号")
    state = django_filters.ChoiceFilter(choices=[*STATES, (OVERDUE, "复评逾期")], method="in_state", label="今日状态")
    certified_from = django_filters.DateFilter(field_name="certified_on", lookup_expr="gte", label="认定日期不早于")
    certified_until = django_filters.DateFilter(field_name="certified_on", lookup_expr="lte", label="认定日期不晚于")

    def named(self, rows: QuerySet[Certification], name: str, value: str) -> QuerySet[Certification]:
        """Keep what the words name."""
        return rows.filter(found_by(value[:80]))

    def in_state(self, rows: QuerySet[Certification], name: str, value: str) -> QuerySet[Certification]:
        """Keep what the public sees in that state today."""
        return rows.filter(in_state(value, business_today()))


class ByCode(NewestFirst):
    """Divisions in the order of their codes."""

    ordering = ("code",)


class ByDay(NewestFirst):
    """Certifications, the newest first."""

    ordering = ("-certified_on", "-id")


@found_at("code", str, "区划代码，6 位")
class JurisdictionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OpenViewSet):
    """区划：省、市、县和功能区，含已停用的代码及其接替。"""

    queryset = Jurisdiction.objects.select_related("parent", "successor")
    serializer_class = JurisdictionSerializer
    filterset_class = JurisdictionFilter
    pagination_class = ByCode
    lookup_field = "code"
    lookup_value_regex = "[0-9]{6}"


@found_at("slug", str, "基地的固定标识")
class BaseViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OpenViewSet):
    """基地：名称、运营机构、所在地和历次认定。"""

    queryset = (
        Base.objects.public()
        .select_related("operator", "jurisdiction__parent__parent__parent")
        .prefetch_related(
            Prefetch("certifications", with_places(Certification.objects.order_by("-certified_on", "-id")))
        )
    )
    serializer_class = BaseSerializer
    filterset_class = BaseFilter
    lookup_field = "slug"


@found_at("number", str, "认定的登记号")
class CertificationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OpenViewSet):
    """认定：一家基地的一个称号，今日状态、认定日期和复评认定期。"""

    queryset = with_places(Certification.objects.all())
    serializer_class = CertificationSerializer
    filterset_class = CertificationFilter
    pagination_class = ByDay
    lookup_field = "number"
    lookup_value_regex = "[^/]+"


class VerifyViewSet(OpenViewSet):
    """核验：证书二维码里的核验码，今日是否有效。"""

    queryset = Certification.objects.none()
    serializer_class = CertificationSerializer
    pagination_class = None
    filter_backends = []

    @extend_schema(
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH, description="核验码，16 位")],
        responses={200: CertificationSerializer, 404: NOT_FOUND},
    )
    def retrieve(self, request: Request, code: str) -> Response:
        """核验一张证书。查无此码时答 404。"""
        found = get_object_or_404(with_places(Certification.objects.all()), verify_code=code_as_kept(code))
        return Response(self.get_serializer(found).data)
