"""What officers write in revocation proceedings, and what the holder of the title answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bases.states import RevocationStatus
from portal.documents.models import ServiceMethod
from portal.web.forms import PlainForm
from portal.web.uploading import FilesField

DAY = {"type": "date", "class": "w8"}
LONG = 5000
RUNS = "running"


class RevocationListForm(PlainForm):
    """Filters of the list of proceedings."""

    q = forms.CharField(
        label=_("案号、基地、运营机构"),
        required=False,
        max_length=80,
        widget=forms.TextInput({"class": "wide", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), (RUNS, _("正在办理")), *RevocationStatus.choices],
    )


class SeenForm(PlainForm):
    """A form that knows which state of the proceedings its reader saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class PriorNoticeForm(SeenForm):
    """Facts and evidence of the prior notice."""

    facts = forms.CharField(
        label=_("事实"),
        max_length=LONG,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("什么时候、什么事、怎样核实的。照写进告知书；不写投诉人是谁。"),
    )
    evidence = forms.CharField(
        label=_("证据"),
        max_length=LONG,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("逐项列明，例如核实记录、协议、票据。"),
    )


class ServiceForm(PlainForm):
    """Service by registered mail or by hand, with its proof."""

    method = forms.ChoiceField(
        label=_("送达方式"),
        choices=[(each.value, each.label) for each in (ServiceMethod.MAIL, ServiceMethod.HAND)],
        widget=forms.RadioSelect,
    )
    arrived_on = forms.DateField(
        label=_("送达日期"), help_text=_("回执或送达回证上的签收日期。"), widget=forms.DateInput(DAY)
    )
    recipient = forms.CharField(label=_("签收人"), max_length=60, help_text=_("照回执或送达回证填写姓名和职务。"))
    tracking = forms.CharField(
        label=_("挂号邮件号"), max_length=40, required=False, help_text=_("挂号邮寄必填，照邮局收据。")
    )
    because = forms.CharField(
        label=_("说明"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("例如留置送达的经过和见证人。"),
    )
    evidence = FilesField(label=_("送达凭证"), help_text=_("回执、送达回证的照片或扫描件，PDF、JPG、PNG，可多选。"))


class AnnouncementForm(PlainForm):
    """Why a paper is served by public announcement, and what shows that other ways failed."""

    because = forms.CharField(
        label=_("为什么公告送达"),
        max_length=500,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("用过哪些方式、何时、为何没有送到。"),
    )
    evidence = FilesField(label=_("送达不成的凭证"), help_text=_("退回的邮件、两人在场的送达记录等，可多选。"))


class DefenceForm(PlainForm):
    """What the holder says to the prior notice."""

    statement = forms.CharField(
        label=_("陈述申辩"),
        max_length=LONG,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("不同意哪一点、事情的经过、依据是什么，至少 10 个字。"),
    )
    asks_hearing = forms.BooleanField(
        label=_("申请听证"), required=False, help_text=_("由决定机关组织，当面陈述、质证；举行以后才复核。")
    )
    uploads = FilesField(label=_("证据材料"), required=False, help_text=_("PDF、JPG、PNG，可多选，每个不超过 20 MB。"))


class PaperDefenceForm(DefenceForm):
    """A defence that came on paper, with the day on which the bureau received it: that day is in time or late."""

    filed_on = forms.DateField(
        label=_("收到日期"),
        help_text=_("照收件登记或邮戳上的到达日期填写；是否逾期按这一天算。"),
        widget=forms.DateInput(DAY),
    )
    field_order = ("filed_on", "statement", "asks_hearing", "uploads")


class SetHearingForm(SeenForm):
    """When and where a hearing is held, and who presides."""

    held_on = forms.DateField(label=_("听证日期"), widget=forms.DateInput(DAY))
    at = forms.TimeField(label=_("开始时间"), widget=forms.TimeInput({"type": "time", "class": "w8"}, format="%H:%M"))
    place = forms.CharField(label=_("地点"), max_length=120, help_text=_("写到门牌和房间，例如 3 号楼 201 会议室。"))
    chair = forms.CharField(
        label=_("主持人"), max_length=60, help_text=_("姓名和职务；没有参加过核实、告知的人员主持。")
    )


class HearingForm(PlainForm):
    """The record of a hearing."""

    held_on = forms.DateField(label=_("听证日期"), widget=forms.DateInput(DAY))
    minutes = forms.CharField(
        label=_("听证记录"),
        max_length=LONG,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("主持人、参加人、双方意见、质证情况、结论；没有到场的，也写明。对方可以看到，不写投诉人是谁。"),
    )


class WeighingForm(SeenForm):
    """The written opinion on the defence."""

    opinion = forms.CharField(
        label=_("复核意见"),
        max_length=LONG,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("逐条写明采纳或不采纳的理由；对方没有提出的，也写明。照写进决定书。"),
    )


class DecisionForm(SeenForm):
    """Why the title is revoked."""

    reason = forms.CharField(
        label=_("撤销理由"),
        max_length=LONG,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("照写进决定书；依据、暂停申报的年限和救济途径由系统写入。"),
    )


class ClosingForm(SeenForm):
    """Why it is not revoked."""

    because = forms.CharField(
        label=_("不予撤销的理由"),
        max_length=LONG,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("事实和理由，照写进终结通知书。"),
    )


class SettingAsideForm(PlainForm):
    """Who annulled the decision, and by what."""

    authority = forms.CharField(
        label=_("由谁撤销原决定"),
        max_length=80,
        help_text=_("复议机关或法院的全称；本机关自行撤销的，写“本机关”。"),
    )
    because = forms.CharField(
        label=_("文书文号和理由"),
        max_length=LONG,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("复议决定书、判决书的文号；自行撤销的，写明纠正的理由。照写进恢复称号的通知。"),
    )


class PlaqueForm(PlainForm):
    """The day on which plaque and certificate came back."""

    recovered_on = forms.DateField(label=_("收回日期"), widget=forms.DateInput(DAY))
