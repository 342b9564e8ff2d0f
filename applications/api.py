"""The open interface of calls and notices, read-only, every field written out."""

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers

from applications.models import Application, Call, PublicNotice
from applications.states import CallStatus
from bases.api import BaseLinkSerializer, OperatorSerializer, PlaceFilter, PlaceSerializer, found_at
from portal.deadlines.terms import Due
from portal.deadlines.today import business_now, business_today
from portal.web.api import OpenViewSet

UPCOMING, OPEN, CLOSED, WITHDRAWN = "upcoming", "open", "closed", "withdrawn"
CALL_STATES = [(UPCOMING, "即将开始"), (OPEN, "正在申报"), (CLOSED, "已截止"), (WITHDRAWN, "已撤回")]


class RequiredPaperSerializer(serializers.Serializer[dict[str, Any]]):
    """One paper that a call asks for."""

    slot = serializers.CharField(help_text="材料在清单中的代码")
    name = serializers.CharField(help_text="材料名称")
    required = serializers.BooleanField(help_text="是否必交")
    hint = serializers.CharField(allow_blank=True, help_text="说明；没有的为空")
    clause = serializers.CharField(help_text="依据的条款编号")


class TimetableRowSerializer(serializers.Serializer[dict[str, Any]]):
    """One line of the timetable of a call."""

    name = serializers.CharField(help_text="哪一项工作")
    until = serializers.CharField(help_text="什么时候，照申报通知的写法")


class CallSerializer(serializers.Serializer[Call]):
    """A call that was published."""

    id = serializers.IntegerField(help_text="申报通知编号")
    name = serializers.CharField(help_text="申报通知的名称")
    year = serializers.IntegerField(help_text="年度")
    bureau = PlaceSerializer(source="jurisdiction", help_text="发布申报通知的地方")
    title = serializers.CharField(help_text="申报称号在政策中的代码")
    policy = serializers.CharField(help_text="所依据政策的编号")
    state = serializers.SerializerMethodField()
    opens_at = serializers.DateTimeField(help_text="开始时刻")
    closes_at = serializers.DateTimeField(help_text="截止时刻，含当秒")
    quota = serializers.IntegerField(allow_null=True, help_text="名额；不限的为空")
    documents = RequiredPaperSerializer(many=True, help_text="申报材料清单")
    timetable = TimetableRowSerializer(many=True, help_text="工作安排")
    introduction = serializers.CharField(help_text="说明；没有的为空")
    contact = serializers.CharField(help_text="咨询方式；没有的为空")
    reason = serializers.CharField(help_text="增开或撤回的原因，政策期满后继续适用的依据；没有的为空")
    extension_reason = serializers.CharField(help_text="最近一次延期的原因；没有延期的为空")
    published_on = serializers.DateField(help_text="发布日期")

    @extend_schema_field(serializers.ChoiceField(choices=CALL_STATES, help_text="现在的状态"))
    def get_state(self, call: Call) -> str:
        """Return whether one may apply now."""
        now = self.context["now"]
        if call.status == CallStatus.WITHDRAWN:
            return WITHDRAWN
        if call.is_open(now):
            return OPEN
        return UPCOMING if call.status == CallStatus.PUBLISHED and now < call.opens_at else CLOSED


class ListedBaseSerializer(serializers.Serializer[Application]):
    """A base on the list of a notice."""

    base = BaseLinkSerializer(help_text="基地")
    operator = OperatorSerializer(help_text="运营机构")
    place = PlaceSerializer(source="base.jurisdiction", help_text="基地所在地")
    title = serializers.CharField(help_text="申报称号在政策中的代码")


class NoticeSerializer(serializers.Serializer[PublicNotice]):
    """A public notice with its list."""

    id = serializers.IntegerField(help_text="公示编号")
    title = serializers.CharField(help_text="公示的标题")
    bureau = PlaceSerializer(source="jurisdiction", help_text="发布公示的地方")
    call = serializers.IntegerField(source="call_id", help_text="所属申报通知")
    published_on = serializers.DateField(help_text="公示的第一天")
    ends_on = serializers.DateField(help_text="公示期最后一天，含当日")
    open = serializers.SerializerMethodField(help_text="今天是否还收异议")
    sum = serializers.SerializerMethodField(help_text="公示期怎么算出来的")
    contact = serializers.CharField(help_text="受理异议的电话和地址")
    discipline_contact = serializers.CharField(help_text="监督电话；没有的为空")
    entries = ListedBaseSerializer(source="applications", many=True, help_text="拟认定名单")

    def get_open(self, notice: PublicNotice) -> bool:
        """Return whether objections are taken today."""
        today = self.context["now"].date()
        return notice.closed_on is None and notice.published_on <= today <= notice.ends_on

    def get_sum(self, notice: PublicNotice) -> str:
        """Return how the last day came about."""
        return Due.from_json(notice.term).sum


class CallFilter(PlaceFilter):
    """Calls by place, year, title, and whether one may apply now."""

    year = django_filters.NumberFilter(label="年度")
    title = django_filters.CharFilter(label="称号代码")
    open = django_filters.BooleanFilter(method="is_open", label="现在是否可以申报")

    def is_open(self, rows: QuerySet[Call], name: str, value: bool) -> QuerySet[Call]:
        """Keep calls whose window is open now, or those whose is not."""
        now = business_now()
        window = {"status": CallStatus.PUBLISHED, "opens_at__lte": now, "closes_at__gte": now}
        return rows.filter(**window) if value else rows.exclude(**window)


class NoticeFilter(PlaceFilter):
    """Notices by place, call, and whether they still run."""

    call = django_filters.NumberFilter(field_name="call_id", label="申报通知编号")
    open = django_filters.BooleanFilter(method="is_open", label="今天是否还收异议")

    def is_open(self, rows: QuerySet[PublicNotice], name: str, value: bool) -> QuerySet[PublicNotice]:
        """Keep notices that still run, or those that do not."""
        today = business_today()
        running = {"closed_on__isnull": True, "published_on__lte": today, "ends_on__gte": today}
        return rows.filter(**running) if value else rows.exclude(**running)


@found_at("id", int, "申报通知编号")
class CallViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OpenViewSet):
    """申报通知：申报期、称号、材料清单、名额和安排。"""

    queryset = Call.objects.filter(
        status__in=[CallStatus.PUBLISHED, CallStatus.CLOSED, CallStatus.WITHDRAWN], published_on__isnull=False
    ).select_related("jurisdiction__parent__parent__parent")
    serializer_class = CallSerializer
    filterset_class = CallFilter
    lookup_value_regex = "[0-9]+"


@found_at("id", int, "公示编号")
class NoticeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OpenViewSet):
    """公示：拟认定名单、公示期和受理异议的方式。"""

    queryset = PublicNotice.objects.select_related("jurisdiction__parent__parent__parent").prefetch_related(
        Prefetch(
            "applications",
            Application.objects.select_related("operator", "base__jurisdiction__parent__parent__parent").order_by("pk"),
        )
    )
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    lookup_value_regex = "[0-9]+"
