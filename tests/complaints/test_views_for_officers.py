"""The officers' screens of complaints: lists without identity, one act on one form, what is to be done said first."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from complaints import actions
from complaints.actions import Person
from complaints.actions.receiving import hash_of
from complaints.models import Complaint
from complaints.states import ComplaintStatus as S
from portal.accounts.capacity import VISITOR, Capacity
from portal.worklist.models import WorkItem
from tests.factories.cast import Cast
from tests.factories.complaints import SUMMARY, TOLD, Story

pytestmark = pytest.mark.django_db
SignIn = Callable[[Capacity], Client]


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


@pytest.fixture(autouse=True)
def on_the_day(story: Story, time_machine) -> Callable[[], None]:  # type: ignore[no-untyped-def]
    """Let the clock stand at the day of the story; called again after the story went on."""

    def move() -> None:
        time_machine.move_to(datetime.datetime.combine(story.on, datetime.time(1, 0), datetime.UTC), tick=False)

    move()
    return move


def url(name: str, *arguments: object) -> str:
    return reverse(f"complaints:{name}", args=arguments)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def seen(complaint: Complaint) -> dict[str, int]:
    return {"seen": Complaint.objects.get(pk=complaint.pk).revision}


# --- lists ---


def test_list_names_no_complainant_and_costs_the_same_for_one_as_for_many(
    story: Story, cast: Cast, sign_in: SignIn, django_assert_num_queries
) -> None:
    complaint = story.received().complaint
    client = sign_in(cast.city_caseworker)
    text_of(client, url("complaints"))
    with django_assert_num_queries(15):
        page = text_of(client, url("complaints"))
    assert complaint.number in page
    assert "田诉" not in page
    assert "1390000" not in page
    assert TOLD not in page
    for _each in range(5):
        story.received()
    with django_assert_num_queries(15):
        text_of(client, url("complaints"))


def test_list_ends_at_the_territory(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint = story.received().complaint
    assert complaint.number not in text_of(sign_in(cast.neighbour), url("complaints"))
    assert sign_in(cast.neighbour).get(url("case", complaint.pk)).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?state=open", True),
        ("?state=upheld", False),
        ("?term=overdue", False),
        ("?category=fees", False),
        ("?place=520103", True),
        ("?place=520102", False),
        ("?q=筑梦", True),
        ("?q=无此名", False),
    ],
)
def test_filters_of_the_list(story: Story, cast: Cast, sign_in: SignIn, query: str, found: bool) -> None:
    complaint = story.received().complaint
    page = text_of(sign_in(cast.province_caseworker), url("complaints") + query)
    assert (complaint.number in page) is found


def test_overdue_complaint_is_found_by_its_term(story: Story, cast: Cast, sign_in: SignIn, on_the_day) -> None:
    complaint = story.received().complaint
    story.later(8)
    on_the_day()
    assert complaint.number in text_of(sign_in(cast.county_caseworker), url("complaints") + "?term=overdue")


def test_figures_over_a_list_that_shows_every_case_hold_nothing_back(story: Story, cast: Cast, sign_in: SignIn) -> None:
    story.received()
    by, reason = cast.county_caseworker, "与孵化服务无关，属于劳动争议。"
    actions.reject_complaint(story.received().complaint, reason=reason, by=by, on=story.on)
    page = sign_in(by).get(url("complaints"))
    assert {figure.label: figure.words for figure in page.context["figures"]} == {
        "2026 年收到": "2 件",
        "办理中": "1 件",
        "投诉有效": "0 件",
        "不予认定": "0 件",
        "其他办结": "1 件",
    }
    assert "数目小，不显示" not in page.content.decode()


def test_figures_count_what_waits_in_quarantine_and_say_so(story: Story, cast: Cast, sign_in: SignIn) -> None:
    story.received()
    for _each in range(2):
        actions.receive_complaint(story.base, told=TOLD, by=VISITOR, on=story.on, flags=["fast"], hold_back=True)
    page = sign_in(cast.county_caseworker).get(url("complaints"))
    figures = {figure.label: figure.words for figure in page.context["figures"]}
    assert (figures["2026 年收到"], figures["办理中"]) == ("3 件，其中 2 件待甄别", "1 件")
    assert page.context["page"].total == 1


# --- quarantine ---


def test_officer_lets_flagged_complaints_go_on_or_rejects_them(story: Story, cast: Cast, sign_in: SignIn) -> None:
    held = [
        actions.receive_complaint(
            story.base, told=f"{TOLD}{n}", by=VISITOR, on=story.on, flags=["trap", "repeat:TS-1"], hold_back=True
        ).complaint
        for n in range(3)
    ]
    client = sign_in(cast.county_caseworker)
    assert held[0].number not in text_of(client, url("complaints"))
    page = text_of(client, url("quarantine"))
    assert "填了网页上看不见的一栏" in page
    assert "与另一件投诉的文字相同：TS-1" in page
    assert "还没有选投诉" in client.post(url("quarantine"), {"act": "release"}).content.decode()
    client.post(url("quarantine"), {"act": "release", "pick": [held[0].pk, held[1].pk]})
    refused = client.post(url("quarantine"), {"act": "reject", "pick": [held[2].pk]})
    assert refused.status_code == 422
    assert "请写不予受理的理由" in refused.content.decode()
    client.post(url("quarantine"), {"act": "reject", "pick": [held[2].pk], "reason": "与基地服务无关的广告内容。"})
    assert list(Complaint.objects.order_by("pk").values_list("held_back", "status")) == [
        (False, S.RECEIVED),
        (False, S.RECEIVED),
        (False, S.REJECTED),
    ]
    assert not WorkItem.objects.waiting().filter(kind="complaints.quarantine").exists()


# --- entering ---


def entry(**changes: str) -> dict[str, str]:
    said = {"channel": "hotline", "received_on": "2026-03-02", "told": TOLD, "name": "田某", "phone": "13912345678"}
    return said | {"mail": "", "business": "田某工作室"} | changes


def test_complaint_by_phone_goes_through_the_same_act_and_its_code_is_shown_once(
    story: Story, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.county_caseworker)
    assert story.base.name in text_of(client, url("enter") + "?q=筑梦")
    answer = client.post(url("enter_for", story.base.pk), entry())
    complaint = Complaint.objects.get()
    assert answer.url == url("receipt", complaint.pk)
    assert (complaint.channel, complaint.anonymous, complaint.entered_by_id) == (
        "hotline",
        False,
        cast.county_caseworker.user_id,
    )
    receipt = client.get(answer.url)
    assert receipt["Cache-Control"].count("no-store") == 1
    assert hash_of(receipt.context["code"]) == complaint.access_hash
    client.post(answer.url)
    assert client.get(answer.url).context["code"] == ""


def test_what_was_typed_stays_when_an_entry_is_refused(story: Story, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.county_caseworker)
    page = client.post(url("enter_for", story.base.pk), entry(phone="", received_on="2026-03-09"))
    assert page.status_code == 422
    words = page.content.decode()
    assert "实名投诉请留电话或邮箱中的一个" in words
    assert "收到日期 2026-03-09 晚于今天 2026-03-02" in words
    assert "田某工作室" in words
    assert not Complaint.objects.exists()


# --- the case ---


def test_case_says_first_what_is_to_be_done_until_when_and_under_which_clause(
    story: Story, cast: Cast, sign_in: SignIn
) -> None:
    complaint = story.received().complaint
    page = sign_in(cast.county_caseworker).get(url("case", complaint.pk))
    assert page.context["now"]["task"] == "决定是否受理投诉"
    assert page.context["now"]["clause"].clause == "L-4-32"
    words = page.content.decode()
    assert "2026-03-09" in words
    assert [act.label for act in page.context["acts"]][:2] == ["受理", "请投诉人补充材料"]


def test_auditor_reads_the_summary_and_not_the_words(story: Story, cast: Cast, sign_in: SignIn) -> None:
    complaint = story.verifying()
    page = text_of(sign_in(cast.auditor), url("case", complaint.pk))
    assert SUMMARY in page
    assert TOLD not in page
    assert "田*" not in page
    handled = text_of(sign_in(cast.city_caseworker), url("case", complaint.pk))
    assert TOLD in handled
    assert "田*" in handled
    assert complaint.number in handled
    assert "田诉科技" not in handled


EVERY_PAGE = 7  # session, person, post, messages; the transaction that only reads is three statements in a test


@pytest.mark.slow
@pytest.mark.parametrize("post", ["city_caseworker", "city_approver"])
def test_case_costs_the_same_however_long_its_history(
    story: Story, cast: Cast, sign_in: SignIn, settings, django_assert_max_num_queries, on_the_day, post: str
) -> None:
    settings.CALENDAR_RECHECK_SECONDS = 60  # as in production: what rarely changes is read rarely
    complaint = story.found(same_as=story.upheld())
    actions.object_to_finding(complaint, text="不同意，合同写明以申请为条件。", by=cast.wang, on=story.on)
    actions.object_to_finding(complaint, text="我申请过，邮件为证，时间是去年五月。", by=VISITOR, on=story.on)
    story.upheld("partly")
    on_the_day()
    client = sign_in(getattr(cast, post))
    text_of(client, url("case", complaint.pk))
    with django_assert_max_num_queries(EVERY_PAGE + 20):
        page = text_of(client, url("case", complaint.pk))
    assert page.count("的异议</dt>") == 2
    objection = complaint.findings.get().objections.get(side="base")
    by, refused = cast.city_caseworker, "合同没有写明须以申请为条件。"
    actions.answer_finding_objection(objection, founded=True, answer=refused, by=by, on=story.on)
    for _each in range(2):
        story.upheld()
    with django_assert_max_num_queries(EVERY_PAGE + 20):
        text_of(client, url("case", complaint.pk))


@pytest.mark.slow
def test_quarantine_costs_the_same_for_one_as_for_fifty(
    story: Story, cast: Cast, sign_in: SignIn, settings, django_assert_max_num_queries, on_the_day
) -> None:
    settings.CALENDAR_RECHECK_SECONDS = 60
    first = story.received().complaint
    Complaint.objects.filter(pk=first.pk).update(held_back=True, flags=["fast"])
    on_the_day()
    client = sign_in(cast.county_caseworker)
    text_of(client, url("quarantine"))
    with django_assert_max_num_queries(EVERY_PAGE + 4):
        text_of(client, url("quarantine"))
    for _each in range(49):
        story.received()
    Complaint.objects.update(held_back=True, flags=["fast", f"repeat:{first.number}"])
    with django_assert_max_num_queries(EVERY_PAGE + 4):
        assert "50 件" in text_of(client, url("quarantine"))


# --- steps ---


def steps(client: Client, complaint: Complaint) -> list[tuple[str, str, str]]:
    return [(each.label, each.note, each.state) for each in client.get(url("case", complaint.pk)).context["steps"]]


@pytest.mark.slow
def test_steps_that_never_come_are_not_shown(story: Story, cast: Cast, sign_in: SignIn, on_the_day) -> None:
    client, by = sign_in(cast.city_caseworker), cast.county_caseworker
    reason = "所反映事项与基地服务无关，属于物业纠纷。"
    rejected = actions.reject_complaint(story.received().complaint, reason=reason, by=by, on=story.on)
    assert steps(client, rejected) == [("受理", "不予受理", "stop")]
    transferred = actions.transfer_complaint(
        story.received().complaint, to="市场监督管理局", reason="价格问题由其办理。", by=by, on=story.on
    )
    assert steps(client, transferred) == [("受理", "已转交其他部门", "stop")]
    early = actions.withdraw_complaint(story.received().complaint, by=VISITOR, on=story.on)
    assert steps(client, early) == [("受理", "已撤回", "stop")]
    asked = actions.release_summary(story.accepted(), summary=SUMMARY, by=by, on=story.on)
    asked = actions.withdraw_complaint(asked, by=VISITOR, on=story.on)
    assert [(label, note) for label, note, _state in steps(client, asked)][1:] == [
        ("摘要", f"{story.on}"),
        ("基地答复", "已撤回"),
    ]
    verified = actions.withdraw_complaint(story.verifying(), by=VISITOR, on=story.on)
    assert steps(client, verified)[0] == ("受理", f"{story.on}", "done")
    assert steps(client, verified)[-1] == ("核实", "已撤回", "stop")
    assert "未开始" not in text_of(client, url("case", verified.pk))


def test_steps_of_the_base_are_left_out_where_it_was_not_asked(story: Story, cast: Cast, sign_in: SignIn) -> None:
    because = "先告知基地可能毁损凭证，直接核实。"
    complaint = actions.verify_at_once(story.accepted(), because=because, by=cast.county_caseworker, on=story.on)
    shown = steps(sign_in(cast.city_caseworker), complaint)
    assert [label for label, _note, _state in shown] == ["受理", "核实", "送达、异议", "确认"]


def test_what_was_found_before_is_not_told_of_the_verification_that_runs(
    story: Story, cast: Cast, sign_in: SignIn, on_the_day
) -> None:
    complaint = story.upheld("untrue")
    because = "原核实没有查看补充协议，事实不清。"
    actions.overturn_finding(complaint, because=because, by=story.decider, on=story.on)
    on_the_day()
    assert steps(sign_in(cast.city_caseworker), complaint)[3:] == [
        ("核实", "30 日内", "now"),
        ("送达、异议", "5 个工作日内", "next"),
        ("确认", "5 个工作日内", "next"),
    ]


def test_task_on_a_served_finding_is_what_is_left_to_do(story: Story, cast: Cast, sign_in: SignIn, on_the_day) -> None:
    complaint = story.found()
    client, ends = sign_in(cast.city_caseworker), complaint.findings.get().objection_ends
    item = WorkItem.objects.waiting().get(kind="complaints.found")
    assert item.task == "异议期满后确认核实结果"
    task = client.get(url("case", complaint.pk)).context["now"]["task"]
    assert task == f"异议期至 {ends}，期满后由审批人员确认核实结果"
    actions.object_to_finding(complaint, text="不同意，合同写明以申请为条件。", by=cast.wang, on=story.on)
    assert client.get(url("case", complaint.pk)).context["now"]["task"] == "先答复异议，再由审批人员确认核实结果"


def test_county_accepts_with_a_category_and_the_base_gets_what_it_writes(
    story: Story, cast: Cast, sign_in: SignIn
) -> None:
    complaint = story.received().complaint
    client = sign_in(cast.county_caseworker)
    assert "请选择类别" in client.post(url("accept", complaint.pk), seen(complaint)).content.decode()
    client.post(url("accept", complaint.pk), {"category": "fees", **seen(complaint)})
    complaint = story.fresh(complaint)
    assert (complaint.status, complaint.category) == (S.ACCEPTED, "fees")
    names = text_of(client, url("summary", complaint.pk))
    assert TOLD in names
    assert "基地会原样看到您写的摘要" in names
    client.post(url("summary", complaint.pk), {"summary": SUMMARY, **seen(complaint)})
    assert story.fresh(complaint).status == S.ANSWERING


def test_summary_with_the_name_of_the_complainant_is_not_sent(story: Story, cast: Cast, sign_in: SignIn) -> None:
    person = Person("田甲乙", "13912345678", business="甲乙科技")
    received = actions.receive_complaint(story.base, told=TOLD, person=person, by=VISITOR, on=story.on).complaint
    complaint = actions.accept_complaint(received, category="fees", by=cast.county_caseworker, on=story.on)
    typed = {"summary": "田甲乙（甲乙科技）反映场租没有减半。", **seen(complaint)}
    page = sign_in(cast.county_caseworker).post(url("summary", complaint.pk), typed)
    assert page.status_code == 422
    assert "文字里有投诉人的姓名、企业或项目名称" in page.content.decode()
    assert story.fresh(complaint).status == S.ACCEPTED
