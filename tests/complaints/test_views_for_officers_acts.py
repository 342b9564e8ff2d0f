"""The acts on a complaint on screen: what each demands, what it leaves behind, what is said before it is done."""

import datetime
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from bases.models import Revocation, Tenant
from complaints import actions
from complaints.actions import Person
from complaints.models import Complaint, Finding, FindingObjection
from complaints.states import ComplaintStatus as S
from portal.accounts.capacity import VISITOR, Capacity
from portal.documents.models import Service, Upload
from tests.factories.cast import Cast
from tests.factories.complaints import CONCLUSION, TOLD, Story

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SignIn = Callable[[Capacity], Client]
MINUTES = "到场查看协议和收据，询问财务人员。"


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


@pytest.fixture(autouse=True)
def on_the_day(story: Story, time_machine: Any) -> Callable[[], None]:
    """Let the clock stand at the day of the story; called again after the story went on."""

    def move() -> None:
        time_machine.move_to(datetime.datetime.combine(story.on, datetime.time(1, 0), datetime.UTC), tick=False)

    move()
    return move


def url(name: str, *arguments: object) -> str:
    return reverse(f"complaints:{name}", args=arguments)


def photo(name: str = "收据.jpg") -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(drawn, "JPEG")
    return SimpleUploadedFile(name, drawn.getvalue(), "image/jpeg")


def seen(complaint: Complaint) -> dict[str, int]:
    return {"seen": Complaint.objects.get(pk=complaint.pk).revision}


def status(complaint: Complaint) -> str:
    return Complaint.objects.get(pk=complaint.pk).status


# --- before acceptance ---


def test_rejection_needs_a_reason_and_keeps_what_was_typed(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint, client = story.received().complaint, sign_in(cast.county_caseworker)
    page = client.post(url("reject", complaint.pk), {"reason": "太短", **seen(complaint)})
    assert page.status_code == 422
    assert "请写明不予受理的理由和依据，至少 10 个字" in page.content.decode()
    assert ">\n太短</textarea>" in page.content.decode()
    client.post(url("reject", complaint.pk), {"reason": "与孵化服务无关，属于劳动争议。", **seen(complaint)})
    assert status(complaint) == S.REJECTED


def test_transfer_names_the_department(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint, client = story.received().complaint, sign_in(cast.county_caseworker)
    typed = {"to": "云岩区市场监管局", "reason": "属于价格违法行为。", **seen(complaint)}
    client.post(url("transfer", complaint.pk), typed)
    page = client.get(url("case", complaint.pk)).content.decode()
    assert "转交云岩区市场监管局" in page
    assert "属于价格违法行为。" in page


def test_letter_of_a_supplement_is_looked_at_before_it_is_sent(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint, client = story.received().complaint, sign_in(cast.county_caseworker)
    typed = {"asked": "请补充入驻协议和今年的缴费收据。", **seen(complaint)}
    preview = client.post(url("supplement", complaint.pk), typed | {"act": "preview"}).content.decode()
    assert "投诉补充材料告知书" in preview
    assert "还没有发出" in preview
    assert status(complaint) == S.RECEIVED
    client.post(url("supplement", complaint.pk), typed)
    assert status(complaint) == S.SUPPLEMENTING
    assert "只能一次告知" not in client.get(url("case", complaint.pk)).content.decode()


def test_withdrawal_is_entered_on_behalf(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint = story.accepted()
    sign_in(cast.county_caseworker).post(url("withdraw", complaint.pk))
    assert status(complaint) == S.WITHDRAWN


def test_second_officer_gets_the_stale_page(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint, client = story.received().complaint, sign_in(cast.county_caseworker)
    before = seen(complaint)
    client.post(url("accept", complaint.pk), {"category": "fees", **before})
    late = client.post(url("reject", complaint.pk), {"reason": "与孵化服务无关，属于劳动争议。", **before})
    assert late.status_code == 409
    assert url("case", complaint.pk) in late.content.decode()
    assert f"{story.on} 09:00" in late.content.decode()  # the hour of China
    assert ">与孵化服务无关，属于劳动争议。</textarea>" in late.content.decode()
    assert status(complaint) == S.ACCEPTED


def test_only_the_desk_where_it_lies_is_offered_the_act(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint = story.received().complaint
    page = sign_in(cast.city_caseworker).get(url("accept", complaint.pk)).content.decode()
    assert "这一步由云岩区的经办岗办理" in page
    assert "<textarea" not in page
    assert sign_in(cast.city_caseworker).get(url("case", complaint.pk)).context["acts"] == []
    refused = sign_in(cast.city_caseworker).post(url("accept", complaint.pk), {"category": "fees", **seen(complaint)})
    assert refused.status_code == 422
    assert sign_in(cast.city_approver).get(url("accept", complaint.pk)).status_code == 403


def test_verification_at_once_needs_a_reason(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint, client = story.accepted(), sign_in(cast.county_caseworker)
    client.post(url("verify_at_once", complaint.pk), {"because": "先问基地会让人猜出投诉人。", **seen(complaint)})
    assert status(complaint) == S.VERIFYING


# --- verification ---


def tenant(story: Story, name: str) -> Tenant:
    return Tenant.objects.create(
        jurisdiction=story.base.jurisdiction, base=story.base, name=name, entered_on=datetime.date(2025, 3, 1)
    )


def test_roster_offers_the_tenant_that_was_stated(story: Story, cast: Cast, sign_in: SignIn) -> None:
    other, meant = tenant(story, "别家科技有限公司"), tenant(story, "甲乙科技有限公司")
    person = Person("田甲乙", "13912345678", business="甲乙科技")
    complaint = actions.receive_complaint(story.base, told=TOLD, person=person, by=VISITOR, on=story.on).complaint
    client = sign_in(cast.county_caseworker)
    page = client.get(url("recipient", complaint.pk))
    assert page.context["likely"] == [meant]
    assert page.context["form"].initial["tenant"] == meant.pk
    typed = {"service_recipient": "yes", "tenant": meant.pk, "because": "名册，2025-03 入驻", **seen(complaint)}
    client.post(url("recipient", complaint.pk), typed)
    kept = Complaint.objects.get(pk=complaint.pk)
    assert (kept.service_recipient, kept.tenant_id) == (True, meant.pk)
    assert other.pk != kept.tenant_id


def test_earlier_complaint_of_the_base_is_offered_as_the_same_fact(story: Story, cast: Cast, sign_in: SignIn) -> None:
    first, second = story.verifying(), story.verifying()
    client = sign_in(cast.city_caseworker)
    page = client.get(url("same_fact", second.pk))
    assert page.context["earlier"] == [first]
    assert page.context["alike"] == [first]
    client.post(url("same_fact", second.pk), {"first": first.pk, **seen(second)})
    assert Complaint.objects.get(pk=second.pk).same_fact_as == first
    client.post(url("same_fact", second.pk), {"first": "", **seen(second)})
    assert Complaint.objects.get(pk=second.pk).same_fact_as is None


def found(story: Story, **changes: Any) -> dict[str, Any]:
    said = {
        "officers": [story.cast.city_caseworker.user_id, story.second_city.user_id],
        "visited": "yes",
        "checked_on": f"{story.on}",
        "minutes": MINUTES,
        "outcome": "true",
        "conclusion": CONCLUSION,
    }
    return said | changes


def test_finding_is_recorded_by_two_officers_with_photographs(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint, client = story.verifying(), sign_in(cast.city_caseworker)
    one = found(story, officers=[cast.city_caseworker.user_id], uploads=[photo()], **seen(complaint))
    page = client.post(url("finding", complaint.pk), one)
    assert page.status_code == 422
    assert "核实须有 2 名以上工作人员，现在只选了 1 名" in page.content.decode()
    assert "文件没有保存，改好以后请重新选择" in page.content.decode()
    assert not Upload.objects.exists()
    client.post(url("finding", complaint.pk), found(story, uploads=[photo()], **seen(complaint)))
    kept = Finding.objects.get()
    assert kept.officers.count() == 2
    assert kept.uploads.get().original_name == "收据.jpg"
    handled = client.get(url("case", complaint.pk)).content.decode()
    assert MINUTES in handled
    assert "收据.jpg" in handled
    assert client.get(url("case_file", complaint.pk, kept.uploads.get().key)).status_code == 200
    assert MINUTES not in sign_in(cast.auditor).get(url("case", complaint.pk)).content.decode()


def test_finding_waits_until_it_is_settled_whether_the_base_serves_the_complainant(
    story: Story, cast: Cast, sign_in: SignIn
) -> None:
    complaint = story.accepted()
    actions.verify_at_once(complaint, because="先问会让人猜出是谁。", by=cast.county_caseworker, on=story.on)
    client = sign_in(cast.city_caseworker)
    assert "先<a" in client.get(url("finding", complaint.pk)).content.decode()
    page = client.post(url("finding", complaint.pk), found(story, **seen(complaint)))
    assert "还没有认定投诉人是不是服务对象" in page.content.decode()
    assert [act.label for act in client.get(url("case", complaint.pk)).context["acts"]][0] == "认定是不是服务对象"


def unserved(story: Story) -> Complaint:
    complaint = story.verifying()
    by = story.cast.city_caseworker
    said = {"outcome": "true", "visited": True, "checked_on": story.on, "minutes": MINUTES, "conclusion": CONCLUSION}
    actions.record_finding(complaint, officers=[by.person, story.second_city.person], by=by, on=story.on, **said)
    return story.fresh(complaint)


def test_service_by_post_needs_its_proof(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint, client = unserved(story), sign_in(cast.city_caseworker)
    page = client.post(url("service", complaint.pk), {"method": "mail", "arrived_on": f"{story.on}"})
    words = page.content.decode()
    for sentence in ("没有填签收人", "没有填挂号邮件号", "没有附送达凭证"):
        assert sentence in words
    typed = {"method": "mail", "arrived_on": f"{story.on}", "recipient": "王运营", "tracking": "XA123"}
    client.post(url("service", complaint.pk), typed | {"evidence": [photo("回执.jpg")]})
    assert Finding.objects.get().served_on == story.on
    page = client.get(url("case", complaint.pk)).content.decode()
    for words in ("挂号邮寄", "签收人 王运营", "XA123", "回执.jpg"):
        assert words in page


def test_announcement_begins_service_and_says_until_when(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint, client = unserved(story), sign_in(cast.city_caseworker)
    typed = {"method": "announcement", "because": "挂号信两次退回，现场无人签收。", "evidence": [photo("退信.jpg")]}
    client.post(url("service", complaint.pk), typed)
    assert Service.objects.get().ends_on is not None
    assert Finding.objects.get().served_on is None
    assert "公告至 2026-04-01" in client.get(url("case", complaint.pk)).content.decode()


def test_approver_gives_more_time_once(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint, client = story.verifying(), sign_in(cast.city_approver)
    before = complaint.limit_on
    client.post(url("extend", complaint.pk), {"because": "涉及三年账目，须请审计协助。"})
    after = Complaint.objects.get(pk=complaint.pk)
    assert before is not None
    assert after.limit_on is not None
    assert after.limit_on > before
    assert "批准延长办理期限" not in [act.label for act in client.get(url("case", complaint.pk)).context["acts"]]


# --- objection, confirmation, overturning ---


def test_founded_objection_sends_the_complaint_back(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint = story.found()
    actions.object_to_finding(complaint, text="合同写明以书面申请为条件。", by=cast.wang, on=story.on)
    objection, client = FindingObjection.objects.get(), sign_in(cast.city_caseworker)
    assert "合同写明以书面申请为条件。" in client.get(url("answer_objection", objection.pk)).content.decode()
    typed = {"founded": "yes", "answer": "合同第七条确有此约定，重新核实。"}
    client.post(url("answer_objection", objection.pk), typed)
    assert status(complaint) == S.VERIFYING
    assert sign_in(cast.neighbour).get(url("answer_objection", objection.pk)).status_code == 404


def test_confirmation_waits_for_the_days_of_objection(
    story: Story, cast: Cast, sign_in: SignIn, on_the_day: Callable[[], None]
) -> None:
    complaint, client = story.found(), sign_in(cast.city_approver)
    on_the_day()
    act = client.get(url("case", complaint.pk)).context["acts"][0]
    assert act.label == "确认核实结果"
    assert "次日起才能确认" in act.why_not
    page = client.post(url("confirm", complaint.pk), seen(complaint))
    assert page.status_code == 422
    assert status(complaint) == S.FOUND


def test_approver_reads_before_confirming_that_the_third_opens_proceedings(
    story: Story, cast: Cast, sign_in: SignIn, on_the_day: Callable[[], None]
) -> None:
    first = story.confirmable()
    on_the_day()
    client = sign_in(cast.city_approver)
    assert "这将是第 1 件有效投诉；达到 3 件启动撤销程序。" in _confirm_page(client, first)
    client.post(url("confirm", first.pk), seen(first))
    assert status(first) == S.UPHELD
    story.upheld()
    third = story.confirmable()
    on_the_day()
    client = sign_in(cast.city_approver)
    assert "这将是第 3 件有效投诉，确认后即启动撤销程序。" in _confirm_page(client, third)
    assert not Revocation.objects.exists()
    client.post(url("confirm", third.pk), seen(third))
    assert Revocation.objects.running().filter(base=story.base).count() == 1
    fourth = story.confirmable()
    on_the_day()
    assert "撤销程序已经在进行，不另行启动" in _confirm_page(sign_in(cast.city_approver), fourth)


def test_who_confirms_the_third_learns_which_case_was_opened(
    story: Story, cast: Cast, sign_in: SignIn, on_the_day: Callable[[], None]
) -> None:
    story.upheld()
    story.upheld()
    third = story.confirmable()
    on_the_day()
    answer = sign_in(cast.city_approver).post(url("confirm", third.pk), seen(third), follow=True)
    case = Revocation.objects.get()
    shown = answer.content.decode()
    assert f'<a href="/desk/revocations/{case.pk}/">{case.number}</a>' in shown
    assert f"下一步由{case.decider.name}的经办岗制发事先告知书" in shown


def test_the_page_that_overturns_says_what_rests_on_the_complaint(
    story: Story, cast: Cast, sign_in: SignIn, on_the_day: Callable[[], None]
) -> None:
    case = story.revoked()
    first = story.base.complaints.order_by("pk")[0]
    on_the_day()
    shown = sign_in(cast.approver).get(url("overturn", first.pk)).content.decode()
    assert case.number in shown
    assert "推翻以后撤销不自动失效" in shown


def _confirm_page(client: Client, complaint: Complaint) -> str:
    return client.get(url("confirm", complaint.pk)).content.decode()


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        ({"outcome": "untrue"}, "确认后记为“不予认定”"),
        ({"anonymous": True}, "不计入次数：属匿名投诉（G-04，假定）"),
        ({"recipient": False}, "不计入次数：投诉人不是服务对象"),
        ({"outcome": "partly"}, "这将是第 1 件有效投诉"),
    ],
)
def test_approver_reads_before_confirming_what_does_not_count(
    story: Story, cast: Cast, sign_in: SignIn, on_the_day: Callable[[], None], details: dict[str, Any], sentence: str
) -> None:
    complaint = story.confirmable(**details)
    on_the_day()
    assert sentence in _confirm_page(sign_in(cast.city_approver), complaint)


def test_same_fact_is_said_to_count_once_before_it_is_confirmed(
    story: Story, cast: Cast, sign_in: SignIn, on_the_day: Callable[[], None]
) -> None:
    first = story.upheld()
    again = story.confirmable(same_as=first)
    on_the_day()
    page = _confirm_page(sign_in(cast.city_approver), again)
    assert "同一事实已计一次，有效投诉仍为 1 件" in page


def test_bureau_above_overturns_and_nobody_else_is_offered_it(
    story: Story, cast: Cast, sign_in: SignIn, on_the_day: Callable[[], None]
) -> None:
    complaint = story.upheld()
    on_the_day()
    city, province = sign_in(cast.city_approver), sign_in(cast.approver)
    assert "推翻核实结果" not in [act.label for act in city.get(url("case", complaint.pk)).context["acts"]]
    assert [act.label for act in province.get(url("case", complaint.pk)).context["acts"]] == ["推翻核实结果"]
    typed = {"because": "认定与合同约定不符，证据不足。", **seen(complaint)}
    assert city.post(url("overturn", complaint.pk), typed).status_code == 422
    province.post(url("overturn", complaint.pk), typed)
    assert status(complaint) == S.OVERTURNED
    page = province.get(url("for_base", story.base.pk)).content.decode()
    assert "有效投诉 0 件" in page
    assert "认定已推翻" in page


def test_objection_on_paper_is_entered_with_its_scan(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint, client = story.found(), sign_in(cast.city_caseworker)
    typed = {"side": "complainant", "filed_on": f"{story.on}", "text": "收据只看了一个月的，应当看全年的。"}
    page = client.post(url("enter_objection", complaint.pk), typed)
    assert page.status_code == 422
    assert "请附上书面异议的扫描件或照片" in page.content.decode()
    client.post(url("enter_objection", complaint.pk), typed | {"uploads": [photo("异议书.jpg")]})
    kept = FindingObjection.objects.get()
    assert (kept.side, kept.entered) == ("complainant", True)
    assert "异议书.jpg" in client.get(url("case", complaint.pk)).content.decode()
    scan = url("case_file", complaint.pk, kept.uploads.get().key)
    assert client.get(scan).status_code == 200
    watching = sign_in(cast.auditor)
    assert watching.get(scan).status_code == 404
    assert "收据只看了一个月的" not in watching.get(url("case", complaint.pk)).content.decode()


def test_bureau_above_orders_a_rejected_complaint_to_be_accepted(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint = story.received().complaint
    reason = "与孵化服务无关，属于劳动争议。"
    actions.reject_complaint(complaint, reason=reason, by=cast.county_caseworker, on=story.on)
    client = sign_in(cast.city_approver)
    assert [act.label for act in client.get(url("case", complaint.pk)).context["acts"]] == ["责令受理"]
    typed = {"because": "入驻协议约定的场租属于孵化服务。", **seen(complaint)}
    client.post(url("order_acceptance", complaint.pk), typed)
    assert status(complaint) == S.ACCEPTED
