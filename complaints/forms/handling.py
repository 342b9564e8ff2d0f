"""What officers write when they handle a complaint: each form holds what one act takes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bases.models import Tenant
from complaints.forms.telling import phone_number
from complaints.models import Complaint
from complaints.rules import MISCONDUCT
from complaints.states import Category, Channel, Outcome, Side
from portal.accounts.models import User
from portal.documents.models import ServiceMethod
from portal.web.dates import day
from portal.web.forms import PlainForm
from portal.web.uploading import FilesField

ENTERED = [(channel.value, channel.label) for channel in Channel if channel != Channel.WEB]
ON_PAPER = [ServiceMethod.MAIL, ServiceMethod.HAND, ServiceMethod.ANNOUNCEMENT]
GROUNDS = {"fraud": gettext_lazy("弄虚作假"), "service_breach": gettext_lazy("不履行服务承诺")}
YES_NO = [("yes", gettext_lazy("是")), ("no", gettext_lazy("不是"))]
FILES_HINT = gettext_lazy("PDF、JPG、PNG，可多选，每个不超过 20 MB；照片里的拍摄位置等信息会自动去除")


def text(label: Any, rows: int = 4, *, most: int = 2000, hint: Any = "", required: bool = True) -> forms.CharField:
    """Return a field for running text."""
    area = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, widget=area, max_length=most, help_text=hint, required=required)


def one_of(label: Any, choices: Any, *, hint: Any = "") -> forms.ChoiceField:
    """Return a choice among few, all of them visible."""
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, help_text=hint)


DAY_HINT = gettext_lazy("例如 2026-03-09")


def a_day(label: Any, *, hint: Any = DAY_HINT, required: bool = True) -> forms.DateField:
    """Return a field for a day, typed."""
    return forms.DateField(label=label, help_text=hint, widget=forms.TextInput({"class": "w8"}), required=required)


class SeenForm(PlainForm):
    """Holds the revision of the page, so that a stale one is noticed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class PeopleForm(PlainForm):
    """A form on which officers of the bureau are ticked. `warning`: what follows from ticking one of them."""

    officers = forms.ModelMultipleChoiceField(
        User.objects.none(), label=gettext_lazy("核实人员"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, staff: Sequence[User], least: int, warning: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["officers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = User.objects.filter(pk__in=[user.pk for user in staff]).order_by("pk")
        says = _("至少 %(n)s 名本机关工作人员；参加核实的人不再确认结果") % {"n": least}
        field.help_text = f"{says}{warning}"


class EntryForm(PlainForm):
    """A complaint that came by letter, phone, visit or hotline. `sure` is asked for a day long past alone, `another`
    where a complaint with equal words is there already.
    """

    channel = one_of(gettext_lazy("怎样收到的"), ENTERED)
    received_on = a_day(gettext_lazy("收到日期"), hint=gettext_lazy("期限从这一天起算，例如 2026-03-09"))
    sure = forms.BooleanField(label=gettext_lazy("收到日期没有写错，确是那一天"), required=False)
    another = forms.BooleanField(label=gettext_lazy("文字虽然相同，确是另一件投诉"), required=False)
    told = text(
        gettext_lazy("投诉内容"),
        8,
        most=5000,
        hint=gettext_lazy("照投诉人的原话记：什么时候、答应了什么、实际怎样。基地看不到原话"),
    )
    name = forms.CharField(
        label=gettext_lazy("投诉人姓名"),
        max_length=50,
        required=False,
        help_text=gettext_lazy("不愿留姓名的空着，按匿名办理：照样核实，一般不计入有效投诉次数，下面几项也不保存"),
    )
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=40, required=False)
    mail = forms.EmailField(label=gettext_lazy("邮箱"), max_length=120, required=False)
    business = forms.CharField(
        label=gettext_lazy("所在企业或项目"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("用来和基地名册核对是不是服务对象，不告诉基地"),
    )
    evidence = FilesField(label=gettext_lazy("凭证"), required=False, help_text=FILES_HINT)

    def clean_phone(self) -> str:
        """Hold the number to what the public form takes: without one to reach, a name does not count as named."""
        return phone_number(str(self.cleaned_data["phone"]))


class AcceptForm(SeenForm):
    """What the complaint is about."""

    category = one_of(gettext_lazy("类别"), Category.choices, hint=gettext_lazy("用于统计，不影响办理"))


class UnsortedForm(SeenForm):
    """A form that asks what the complaint is about as long as nobody has said it, as after an acceptance by silence."""

    category = one_of(gettext_lazy("类别"), Category.choices, hint=gettext_lazy("受理时没有填写，用于统计，不影响办理"))

    def __init__(self, *args: Any, sorted_as: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sorted_as:
            del self.fields["category"]


class ReasonForm(SeenForm):
    """A reason that the complainant is told."""

    reason = text(gettext_lazy("理由和依据"), hint=gettext_lazy("会原样写进告知书，请不要写投诉人以外的个人信息"))


class TransferForm(SeenForm):
    """To which department, and why."""

    to = forms.CharField(label=gettext_lazy("转交给哪个部门"), max_length=80)
    reason = text(gettext_lazy("为什么由该部门办理"), hint=gettext_lazy("会写进告知书"))


class SupplementForm(SeenForm):
    """The one list of what is missing."""

    asked = text(
        gettext_lazy("要补充什么"), 6, hint=gettext_lazy("一次写全：缺什么、为什么要、什么样的算数。只能告知一次")
    )


class SummaryForm(UnsortedForm):
    """What the base will read."""

    summary = text(
        gettext_lazy("情况摘要"),
        10,
        most=3000,
        hint=gettext_lazy("用自己的话写反映的事项，不写谁投诉的，不抄原话，不写只有投诉人知道的细节"),
    )


class BecauseForm(PlainForm):
    """A reason for an act."""

    because = text(gettext_lazy("理由"))


class SeenBecauseForm(SeenForm, BecauseForm):
    """A reason for an act, and the revision of the page."""


class RecipientForm(SeenForm):
    """Whether the complainant is served by the base, on what evidence."""

    service_recipient = one_of(gettext_lazy("投诉人是不是这家基地的服务对象"), YES_NO)
    tenant = forms.ModelChoiceField(
        Tenant.objects.none(),
        label=gettext_lazy("名册中的实体"),
        required=False,
        empty_label=gettext_lazy("不在名册里"),
        help_text=gettext_lazy("现在或曾经入驻都算；名册里没有的，凭协议等证据认定"),
    )
    because = forms.CharField(
        label=gettext_lazy("认定依据"),
        max_length=200,
        help_text=gettext_lazy("例如：名册第 3 户，2025-03 入驻；或：入驻协议原件"),
    )

    def __init__(self, *args: Any, base_id: int, likely: Sequence[Tenant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["tenant"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Tenant.objects.filter(base=base_id, struck_on__isnull=True).order_by("name", "pk")
        field.label_from_instance = tenant_in_words  # type: ignore[assignment,method-assign]  # as Django's own documentation does
        if likely and field.initial is None:
            field.initial = likely[0].pk

    def clean_service_recipient(self) -> bool:
        """Return the answer as the act takes it."""
        return bool(self.cleaned_data["service_recipient"] == "yes")


def tenant_in_words(tenant: Tenant) -> str:
    """Return a tenant with the days it was there."""
    since = _("%(name)s（%(from)s 入驻") % {"name": tenant.name, "from": day(tenant.entered_on)}
    return since + (_("，%(on)s 离开）") % {"on": day(tenant.left_on)} if tenant.left_on else _("）"))


class SameFactForm(SeenForm):
    """Which earlier complaint is about the same fact."""

    first = forms.ModelChoiceField(
        Complaint.objects.none(),
        label=gettext_lazy("与哪一件是同一事实"),
        required=False,
        blank=True,
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("都不是，这是另一件事"),
    )

    def __init__(self, *args: Any, earlier: Sequence[Complaint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["first"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Complaint.objects.filter(pk__in=[each.pk for each in earlier]).order_by("-received_on", "-pk")
        field.label_from_instance = earlier_in_words  # type: ignore[assignment,method-assign]  # as Django's own documentation does


def earlier_in_words(complaint: Complaint) -> str:
    """Return an earlier complaint in one line, without a word of who made it."""
    kind = complaint.get_category_display() if complaint.category else _("未分类")
    return f"{complaint.number} · {day(complaint.received_on)} · {kind} · {complaint.get_status_display()}"


class FindingForm(UnsortedForm, PeopleForm):
    """What the verification found."""

    visited = one_of(gettext_lazy("怎样核实"), [("yes", gettext_lazy("实地核查")), ("no", gettext_lazy("书面核查"))])
    checked_on = a_day(gettext_lazy("核实日期"))
    minutes = text(
        gettext_lazy("核实记录"),
        6,
        most=5000,
        hint=gettext_lazy("看了什么、问了谁、有什么凭证。只留在机关内部，不发给双方"),
    )
    outcome = one_of(gettext_lazy("核实结果"), Outcome.choices)
    conclusion = text(
        gettext_lazy("结论"), 5, hint=gettext_lazy("会写进发给双方的告知书：认定了什么事实、依据什么；不写谁投诉的")
    )
    uploads = FilesField(label=gettext_lazy("照片和材料"), required=False, help_text=FILES_HINT)
    field_order = ("officers", "visited", "checked_on", "minutes", "outcome", "conclusion", "uploads", "category")

    def clean_visited(self) -> bool:
        """Return the answer as the act takes it."""
        return bool(self.cleaned_data["visited"] == "yes")


class ServiceForm(PlainForm):
    """How the finding reached the base, with the proof of that way."""

    method = one_of(gettext_lazy("送达方式"), [(way.value, way.label) for way in ON_PAPER])
    arrived_on = a_day(
        gettext_lazy("送达日期"), hint=gettext_lazy("照回执或送达回证上的签收日期；公告送达不填"), required=False
    )
    recipient = forms.CharField(
        label=gettext_lazy("签收人"), max_length=60, required=False, help_text=gettext_lazy("公告送达不填")
    )
    tracking = forms.CharField(
        label=gettext_lazy("挂号邮件号"), max_length=40, required=False, help_text=gettext_lazy("挂号邮寄必填")
    )
    because = text(
        gettext_lazy("说明"),
        3,
        hint=gettext_lazy("公告送达必填：用过哪些方式、何时、为何没有送到"),
        required=False,
    )
    evidence = FilesField(label=gettext_lazy("送达凭证"), required=False, help_text=FILES_HINT)

    def clean(self) -> dict[str, Any]:
        """Demand a day of arrival for what was handed over or came by post."""
        data = super().clean() or {}
        arrives = data.get("method") in {ServiceMethod.MAIL, ServiceMethod.HAND}
        if arrives and data.get("arrived_on") is None and "arrived_on" not in self.errors:
            self.add_error("arrived_on", _("请填送达日期，照回执或送达回证上的签收日期。"))
        return data

    @property
    def announces(self) -> bool:
        """Whether the finding is to be announced."""
        return bool(self.cleaned_data["method"] == ServiceMethod.ANNOUNCEMENT)


class ObjectionAnswerForm(PlainForm):
    """Whether an objection is founded, and why."""

    founded = one_of(
        gettext_lazy("异议是否成立"),
        [("no", gettext_lazy("不成立，核实结果不变")), ("yes", gettext_lazy("成立，退回重新核实"))],
    )
    answer = text(gettext_lazy("答复"), 5, hint=gettext_lazy("核对了什么、理由是什么；提出异议的一方会看到"))

    def clean_founded(self) -> bool:
        """Return the answer as the act takes it."""
        return bool(self.cleaned_data["founded"] == "yes")


class PaperObjectionForm(PlainForm):
    """An objection to the finding that came on paper."""

    side = one_of(gettext_lazy("谁提出的"), Side.choices)
    filed_on = a_day(gettext_lazy("收到日期"), hint=gettext_lazy("须在异议期内，例如 2026-03-09"))
    text = text(gettext_lazy("异议内容"), 6, hint=gettext_lazy("照书面原文记；不写投诉人的姓名和联系方式"))
    uploads = FilesField(label=gettext_lazy("书面异议的扫描件或照片"), required=False, help_text=FILES_HINT)


class MisconductForm(PeopleForm):
    """What two officers verified of fraud or a breach of service promises."""

    ground = one_of(gettext_lazy("核实了什么"), [(code, GROUNDS[code]) for code in MISCONDUCT])
    minutes = text(gettext_lazy("核实记录"), 6, most=5000, hint=gettext_lazy("看了什么、问了谁、有什么凭证。内部留存"))
    conclusion = text(gettext_lazy("认定的事实"), 5, hint=gettext_lazy("会写进撤销程序的告知书；不写谁投诉的"))
    uploads = FilesField(label=gettext_lazy("照片和材料"), required=False, help_text=FILES_HINT)
    field_order = ("ground", "officers", "minutes", "conclusion", "uploads")


class MisconductDecisionForm(PlainForm):
    """Whether misconduct is established."""

    established = one_of(
        gettext_lazy("审定结果"),
        [("yes", gettext_lazy("认定，构成撤销事由")), ("no", gettext_lazy("不予认定"))],
    )
    reason = text(gettext_lazy("理由"), 5)

    def clean_established(self) -> bool:
        """Return the answer as the act takes it."""
        return bool(self.cleaned_data["established"] == "yes")


class FollowUpForm(PlainForm):
    """What was done about a bad rating."""

    text = text(gettext_lazy("核实和整改情况"), 6)


class RevealForm(PlainForm):
    """For what purpose who complains is to be seen."""

    purpose = forms.CharField(
        label=gettext_lazy("为什么要看"),
        max_length=200,
        help_text=gettext_lazy("例如：电话核实收费凭证。会记入审计记录，审计管理员看得到"),
    )


class QuarantineForm(PlainForm):
    """Which complaints held back go on, and which are rejected with what reason."""

    pick = forms.ModelMultipleChoiceField(Complaint.objects.none(), label=gettext_lazy("选中的投诉"))
    act = forms.ChoiceField(choices=[("release", gettext_lazy("放行")), ("reject", gettext_lazy("不予受理"))])
    reason = text(
        gettext_lazy("不予受理的理由"),
        3,
        hint=gettext_lazy("放行的不用写；不予受理的写明，会告诉投诉人"),
        required=False,
    )

    def __init__(self, *args: Any, held: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pick"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = held
        field.error_messages["required"] = _("还没有选投诉，请先勾选。")

    def clean(self) -> dict[str, Any]:
        """Demand a reason where complaints are rejected."""
        data = super().clean() or {}
        if data.get("act") == "reject" and not str(data.get("reason", "")).strip():
            self.add_error("reason", _("请写不予受理的理由，会告诉投诉人。"))
        return data


def revision_of(complaint: Complaint) -> dict[str, int]:
    """Return the initial data that tells whether the page is stale when it comes back."""
    return {"seen": complaint.revision}
