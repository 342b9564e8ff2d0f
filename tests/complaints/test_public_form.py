"""The public form: three screens, no account, no script; one complaint in the end, and nobody is given away."""

import io
import re
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from complaints import guard
from complaints.actions.telling import content_of, sweep_tellings
from complaints.models import Complainant, Complaint, Telling
from portal.documents.models import Upload
from tests.factories.complaints import TOLD, Story
from tests.factories.register import base as a_base
from tests.factories.titles import certification

pytestmark = pytest.mark.django_db
NAMED = {"named": "named", "name": "田小诉", "phone": "１３９００００１２３４", "mail": "", "business": "田诉科技"}
ANONYMOUS = {"named": "anonymous"}


def long_ago() -> str:
    """Return the token of a first screen that was shown two minutes ago."""
    return guard.shown_token(timezone.localtime() - timedelta(minutes=2))


def photograph(name: str = "田小诉的收据.jpg") -> SimpleUploadedFile:
    """Return a photograph that says where it was taken and by whom."""
    exif = Image.Exif()
    exif[0x010E] = "CANARY-EXIF"
    exif[0x013B] = "田小诉"
    kept = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(kept, "JPEG", exif=exif)
    return SimpleUploadedFile(name, kept.getvalue(), "image/jpeg")


class Visitor:
    """Somebody at the form."""

    def __init__(self, base) -> None:
        self.client, self.base = Client(), base
        self.start = f"/base/{base.slug}/complain/"

    def tells(self, told: str = TOLD, **more):
        fields = {"told": told, "shown": long_ago(), **more}
        return self.client.post(self.start, fields)

    def says_who(self, **fields):
        return self.client.post("/complain/who/", fields or NAMED)

    def sends(self, **fields):
        return self.client.post("/complain/check/", fields)

    def complains(self, who=NAMED, **more) -> Complaint:
        self.tells(**more)
        self.says_who(**who)
        assert self.sends().url == "/complain/received/"
        return Complaint.objects.order_by("-pk")[0]


@pytest.fixture
def story(cast) -> Story:
    return Story(cast)


@pytest.fixture
def visitor(story) -> Visitor:
    return Visitor(story.base)


def text(response) -> str:
    return response.content.decode()


# --- the way through ---


def test_three_screens_make_one_complaint(visitor: Visitor) -> None:
    complaint = visitor.complains()
    assert (complaint.base, complaint.told, complaint.channel) == (visitor.base, TOLD, "web")
    assert complaint.named
    assert (complaint.flags, complaint.held_back) == ([], False)
    assert complaint.number in text(visitor.client.get("/complain/received/"))


def test_base_is_found_by_words_of_its_name_or_address(visitor: Visitor) -> None:
    place = f"/{visitor.base.region_code}/complain/"
    found = visitor.client.post(place, {"sought": visitor.base.name[1:5], "told": "还没写完", "find": "1"})
    assert found.status_code == 200
    assert f'value="{visitor.base.slug}"' in text(found)
    assert "还没写完" in text(found)
    chosen = visitor.client.post(place, {"sought": visitor.base.name[1:5], "base": visitor.base.slug, "told": TOLD})
    assert chosen.url == "/complain/who/"


def test_the_site_of_a_province_finds_the_bases_below_it(visitor: Visitor) -> None:
    found = visitor.client.post("/520000/complain/", {"sought": visitor.base.name, "find": "1"})
    assert f'value="{visitor.base.slug}"' in text(found)


def test_base_that_nobody_certified_is_not_shown(visitor: Visitor) -> None:
    hidden = a_base("520103", name="没有认定的基地")
    found = visitor.client.post("/520000/complain/", {"sought": "没有认定的基地", "find": "1"})
    assert hidden.slug not in text(found)
    assert "名册里没有找到" in text(found)
    assert visitor.client.get(f"/base/{hidden.slug}/complain/").status_code == 404


def test_two_that_fit_are_to_be_chosen_from(visitor: Visitor) -> None:
    other = a_base("520103", name=visitor.base.name[:4] + "二部")
    certification(other)
    answer = visitor.client.post("/520000/complain/", {"sought": visitor.base.name[:4], "told": TOLD})
    assert answer.status_code == 422
    assert "找到 2 家" in text(answer)


def test_a_choice_from_an_earlier_list_is_answered_at_the_search_alone(visitor: Visitor) -> None:
    answer = visitor.client.post("/520000/complain/", {"sought": "", "told": "", "base": visitor.base.slug})
    assert answer.status_code == 422
    assert "请写是哪一家基地" in text(answer)
    assert "请选一家" not in text(answer)


def test_a_choice_from_an_earlier_list_is_not_replaced_by_another_base(visitor: Visitor) -> None:
    other = a_base("520103", name="另一家创业园")
    certification(other)
    fields = {"sought": "另一家创业园", "told": TOLD, "base": visitor.base.slug}
    assert "找到 1 家，请选您要投诉的一家" in text(visitor.client.post("/520000/complain/", fields))


def test_who_does_not_find_the_base_has_the_other_ways_before_the_eyes(visitor: Visitor) -> None:
    folded = '<details class="why"><summary>'
    before = text(visitor.client.get("/520000/complain/")).count(folded)
    answer = text(visitor.client.post("/520000/complain/", {"sought": "没有这一家", "told": TOLD}))
    assert "不想在网上写”里的渠道联系受理单位" in answer
    assert answer.count('<details class="why" open>') == 1
    assert answer.count(folded) == before - 1


def test_first_screen_asks_not_to_write_who_one_is(visitor: Visitor) -> None:
    assert "请不要写自己的姓名和电话" in text(visitor.client.get(visitor.start))


def test_base_outside_any_policy_is_answered_with_a_sentence(visitor: Visitor, monkeypatch) -> None:
    monkeypatch.setattr("complaints.views.for_public._governing", lambda base: None)
    answer = visitor.tells()
    assert answer.status_code == 422
    assert "那里还没有在本平台办理投诉的政策" in text(answer)
    assert "12345" in text(answer)
    assert visitor.client.get("/complain/who/").url == f"/{visitor.base.region_code}/complain/"
    assert visitor.sends().url == f"/{visitor.base.region_code}/complain/"
    assert not Complaint.objects.exists()


def test_too_short_words_are_kept_and_explained(visitor: Visitor) -> None:
    answer = visitor.tells("太贵")
    assert answer.status_code == 422
    assert "经过写了 2 字，至少 10 字" in text(answer)
    assert ">\n太贵</textarea>" in text(answer)


def test_going_back_finds_what_was_typed(visitor: Visitor) -> None:
    visitor.tells()
    visitor.says_who()
    assert TOLD in text(visitor.client.get(visitor.start))
    again = text(visitor.client.get("/complain/who/"))
    assert 'value="田小诉"' in again
    assert re.search(r'value="named"[^>]*checked', again)


def test_a_later_screen_without_the_first_leads_to_the_start() -> None:
    assert Client().get("/complain/who/").url == "/"
    assert Client().post("/complain/check/").url == "/"
    assert Client().get("/complain/received/").url == "/"


def test_sending_twice_makes_one_complaint(visitor: Visitor) -> None:
    visitor.tells()
    visitor.says_who()
    first, second = visitor.sends(), visitor.sends()
    assert first.url == second.url == "/complain/received/"
    assert Complaint.objects.count() == 1
    assert re.search(r'id="code">[0-9A-Z]{4}-', text(visitor.client.get("/complain/received/")))


# --- who one is ---


def test_consequences_are_explained_before_the_choice(visitor: Visitor) -> None:
    visitor.tells()
    page = text(visitor.client.get("/complain/who/"))
    choice = page.index('type="radio"')
    assert page.index("不计入有效投诉次数") < choice
    assert page.index("达到 3 次，启动撤销程序") < choice
    assert page.index("办结满 36 个月删除") < choice
    assert "checked" not in page[choice : choice + 400]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"named": ""}, "请选择您怎样投诉"),
        ({"name": ""}, "实名投诉请写姓名"),
        ({"phone": "", "mail": ""}, "请留电话或邮箱中的一个"),
        ({"phone": "没有"}, "不是电话号码"),
        ({"phone": "1398500112"}, "有 10 位数字"),
        ({"phone": "+86 139 8500 11223"}, "有 12 位数字"),
        ({"mail": "田@"}, "不是邮箱地址"),
    ],
)
def test_named_complaint_leaves_a_name_and_a_contact(visitor: Visitor, changed: dict, sentence: str) -> None:
    visitor.tells()
    answer = visitor.says_who(**{**NAMED, **changed})
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_of_an_anonymous_complaint_nothing_that_was_typed_is_kept(visitor: Visitor) -> None:
    complaint = visitor.complains({**NAMED, "named": "anonymous", "phone": "乱写"})
    assert complaint.anonymous
    assert not Complainant.objects.filter(complaint=complaint).exists()


# --- evidence ---


def test_evidence_gets_a_neutral_name_and_loses_what_a_camera_wrote(visitor: Visitor) -> None:
    complaint = visitor.complains(evidence=[photograph(), photograph("合同扫描 田小诉.png.jpg")])
    uploads = list(complaint.evidence.order_by("pk"))
    assert [each.original_name for each in uploads] == ["凭证1.jpg", "凭证2.jpg"]
    for each in uploads:
        with each.file.open("rb") as file:
            kept = file.read()
        assert b"CANARY-EXIF" not in kept
        assert not Image.open(io.BytesIO(kept)).getexif()


def test_files_survive_a_mistake_elsewhere_and_can_be_removed(visitor: Visitor) -> None:
    answer = visitor.tells("太短", evidence=photograph())
    assert answer.status_code == 422
    key = Upload.objects.get().key
    assert f'value="{key}"' in text(answer)
    visitor.tells(remove=str(key))
    assert not Upload.objects.exists()


def test_a_file_that_is_no_picture_is_refused_by_the_name_its_owner_knows(visitor: Visitor) -> None:
    answer = visitor.tells(evidence=SimpleUploadedFile("合同.jpg", b"MZ no picture", "image/jpeg"))
    assert answer.status_code == 422
    assert "“合同.jpg”没有收下" in text(answer)
    assert not Upload.objects.exists()


def test_no_more_than_five_files(visitor: Visitor) -> None:
    answer = visitor.tells(evidence=[photograph(f"{n}.jpg") for n in range(6)])
    assert "“5.jpg”没有收下" in text(answer)
    assert Upload.objects.count() == 5


# --- the receipt ---


def test_receipt_says_what_happens_by_when_under_which_clause(visitor: Visitor) -> None:
    complaint = visitor.complains()
    page = text(visitor.client.get("/complain/received/"))
    assert f"{complaint.due_on} 前，告诉您是否受理" in page
    assert "受理后 30 日内，贵阳市 2 人核实" in page
    assert 'class="clause"' in page
    assert "假定" in page


def test_access_code_is_shown_on_the_receipt_page_alone(visitor: Visitor) -> None:
    visitor.complains()
    page = text(visitor.client.get("/complain/received/"))
    code = re.search(r'id="code">([0-9A-Z-]+)<', page)
    assert code is not None
    for address in ("/complain/case/", re.search(r'href="(/complain/case/letters/[^"]+)"', page)[1]):
        other = visitor.client.get(address)
        body = b"".join(other.streaming_content) if other.streaming else other.content
        assert code[1].encode() not in body
        assert code[1].replace("-", "").encode() not in body


def test_access_code_is_gone_after_half_an_hour(visitor: Visitor) -> None:
    visitor.complains()
    Telling.objects.update(sent_at=timezone.localtime() - timedelta(minutes=31))
    page = text(visitor.client.get("/complain/received/"))
    assert 'id="code"' not in page
    assert "现在不再显示" in page
    sweep_tellings(timezone.localtime())
    assert Telling.objects.get().code == ""


def test_receipt_promises_additions_until_the_finding_and_no_longer(visitor: Visitor) -> None:
    visitor.complains()
    assert "出核实结果以前都可以" in text(visitor.client.get("/complain/received/"))


def test_receipt_letter_comes_as_pdf(visitor: Visitor) -> None:
    visitor.complains()
    page = text(visitor.client.get("/complain/received/"))
    letter = re.search(r'href="(/complain/case/letters/[^"]+/pdf/)"', page)
    assert letter is not None
    answer = visitor.client.get(letter[1])
    assert answer["Content-Type"] == "application/pdf"
    assert Client().get(letter[1]).url == "/complain/progress/"


# --- leaving, forgetting, hiding ---


@pytest.mark.parametrize("page", ["start", "/complain/who/", "/complain/check/", "/complain/progress/"])
def test_every_screen_has_a_way_to_leave_quickly(visitor: Visitor, page: str) -> None:
    visitor.tells()
    visitor.says_who()
    assert 'href="/complain/leave/"' in text(visitor.client.get(visitor.start if page == "start" else page))


def test_leaving_quickly_forgets_words_and_files(visitor: Visitor) -> None:
    visitor.tells(evidence=photograph())
    answer = visitor.client.get("/complain/leave/")
    assert answer.status_code == 302
    assert "/complain" not in answer.url
    assert not Telling.objects.exists()
    assert not Upload.objects.exists()
    assert TOLD not in text(visitor.client.get(visitor.start))


def test_leaving_quickly_shuts_the_complaint_that_was_sent(visitor: Visitor) -> None:
    visitor.complains()
    visitor.client.get("/complain/leave/")
    assert visitor.client.get("/complain/case/").url == "/complain/progress/"
    assert Complaint.objects.count() == 1


def test_what_nobody_sent_is_forgotten_after_a_day(visitor: Visitor) -> None:
    visitor.tells(evidence=photograph())
    assert sweep_tellings(timezone.localtime()) == 0
    assert sweep_tellings(timezone.localtime() + timedelta(hours=25)) == 1
    assert not Upload.objects.exists()
    assert TOLD not in text(visitor.client.get(visitor.start))


def test_between_the_screens_nothing_typed_stands_readable_in_the_database(visitor: Visitor) -> None:
    visitor.tells()
    visitor.says_who()
    assert content_of(Telling.objects.get()).told == TOLD
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM complaints_telling t")
        raw = cursor.fetchone()[0]
    sessions = " ".join(str(each.get_decoded()) for each in Session.objects.all())
    for secret in ("田小诉", "13900001234", TOLD[:6], "\\u7530"):
        assert secret not in raw + sessions


def test_no_address_of_the_sender_is_kept(visitor: Visitor) -> None:
    visitor.client = Client(REMOTE_ADDR="203.0.113.77")
    visitor.complains()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', ["%203.0.113.77%"])
            assert cursor.fetchone()[0] == 0, table


def test_links_lead_to_the_form_from_base_home_and_menu(visitor: Visitor) -> None:
    assert f'href="{visitor.start}"' in text(visitor.client.get(f"/base/{visitor.base.slug}/"))
    home = text(visitor.client.get("/520000/"))
    assert home.count('href="/520000/complain/"') >= 2
    assert "/complain/progress/" in text(visitor.client.get("/520000/complain/"))


def test_minimum_time_is_measured_from_the_first_screen_shown(visitor: Visitor) -> None:
    page = text(visitor.client.get(visitor.start))
    token = re.search(r'name="shown" value="([^"]+)"', page)
    assert token is not None
    shown = guard.shown_at(token[1])
    assert shown is not None
    assert abs(shown.timestamp() - time.time()) < 10
    assert guard.shown_at("1" + token[1]) is None
    assert guard.shown_at("") is None
