"""200 complainants of whom nothing is to be found anywhere; and the proof that the search would find them."""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client

from complaints import actions, guard
from complaints.models import Complaint
from complaints.views import for_public
from portal.accounts.capacity import VISITOR
from portal.audit.models import AuditEvent
from portal.deadlines.today import business_today
from portal.discreet_logs import DiscreetFormatter
from portal.documents import inspection
from portal.encryption import fields
from portal.errors import InvalidInput
from portal.local.broker import running_broker
from portal.local.keeper import Keeper
from portal.notifications.tasks import send_daily_digest, sweep_unsent
from portal.web import throttling
from tests.complaints.canaries import (
    KINDS,
    Canary,
    broker,
    dump,
    found_in,
    letters_to_bases,
    logged,
    mails,
    media,
    queued_at,
    send,
    sessions,
)
from tests.factories.cast import Cast, cast_at
from tests.factories.complaints import CONCLUSION, SUMMARY, Story
from tests.factories.register import base as make_base

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
STAGES = 10
PER_BASE = 20
PLAYED, RECEIVED = 80, 4  # so many go through the stages, the others stay as they came in
LAYOUT = "%(levelname)s %(name)s %(message)s"
HASH_LENGTH = 64  # so much of a key the database holds; Redis would hold any
EXPORTS = ("register.csv", "register.json", "register.xlsx")
FOLLOWED = re.compile(r'(?:href|src|hx-get)="(/(?:my|messages|letters|home|base)/[^"#]*)"')


@dataclass
class World:
    """Where the canaries fly: what was logged, what waits at the broker, and whose bases are complained about."""

    cast: Cast
    stories: list[Story]
    canaries: list[Canary]
    log: StringIO
    broker: str
    folder: Path

    def corpora(self, sign_in: Callable[..., Client]) -> dict[str, str]:
        """Return everything that is searched, by where it was found."""
        return {
            "log": self.log.getvalue(),
            "dump": dump(self.folder),
            "sessions": sessions(),
            "broker": broker(self.broker),
            "mails": mails(),
            "letters": letters_to_bases(),
            "media": media(),
            "exports": self.exports(sign_in),
            "pages": self.pages(sign_in),
            "trail": "\n".join(f"{event.verb} {event.facts}" for event in AuditEvent.objects.all()),
        }

    def found(self, sign_in: Callable[..., Client]) -> dict[str, dict[str, int]]:
        """Return which traits of how many people stand where; empty where none does."""
        corpora = self.corpora(sign_in)
        assert all(corpora.values()), [place for place, text in corpora.items() if not text]
        assert "portal.documents.tasks" in corpora["broker"]
        assert ("allowance:" in corpora["broker"]) == self.broker.startswith("redis")
        counted = {place: found_in(text, self.canaries) for place, text in corpora.items()}
        return {place: found for place, found in counted.items() if found}

    def pages(self, sign_in: Callable[..., Client]) -> str:
        """Return every page that people of the base come to by links, from their first page on, and each complaint."""
        client = sign_in(self.cast.wang)
        waiting = ["/home/", "/my/", "/my/complaints/", "/my/tenants/", "/messages/"]
        waiting += [
            f"/my/complaints/{pk}/" for pk in Complaint.objects.order_by("pk").values_list("pk", flat=True)[:40]
        ]
        waiting += [
            f"/desk/complaints/{pk}/" for pk in Complaint.objects.order_by("pk").values_list("pk", flat=True)[:5]
        ]
        seen, pages = set(waiting), []
        while waiting and len(pages) < 120:
            address = waiting.pop(0)
            answer = client.get(address)
            text = b"".join(answer) if answer.streaming else answer.content
            pages.append(f"{address}\n{answer.headers}\n{text.decode('utf-8', 'replace')}")
            fresh = [each.replace("&amp;", "&") for each in FOLLOWED.findall(pages[-1])]
            new = [each for each in dict.fromkeys(fresh) if each not in seen and not each.endswith("/pdf/")]
            seen.update(new)
            waiting += new
        assert "/my/complaints/" in "".join(pages)
        return "\n".join(pages)

    def exports(self, sign_in: Callable[..., Client]) -> str:
        """Return what is downloaded: the register in every form, the open interface, an officer's list."""
        visitor, officer = Client(), sign_in(self.cast.city_caseworker)
        place = self.cast.county.code
        asked = [visitor.get(f"/{place}/{name}") for name in EXPORTS]
        asked += [visitor.get(f"/api/v1/{name}/") for name in ("bases", "certifications")]
        asked += [visitor.get(f"/base/{self.cast.base.slug}/"), officer.get("/desk/export/")]
        assert {answer.status_code for answer in asked} <= {200, 404}
        bodies = [b"".join(answer) if answer.streaming else answer.content for answer in asked]
        return "\n".join(body.decode("utf-8", "replace") for body in bodies)


@pytest.fixture
def world(tmp_path: Path, settings, monkeypatch, request) -> Iterator[World]:
    """Send in so many canaries and bring them to ten stages; what is logged is laid out by the second parameter."""
    number, formatter = request.param
    settings.COMPLAINT_GUARD = True
    settings.MEDIA_ROOT = tmp_path / "media"
    for rate in ("SCREENS", "ASKING", "CALM", "FLOODED"):  # files are taken and nobody waits: no flood is tested here
        monkeypatch.setattr(guard, rate, replace(getattr(guard, rate), burst=100_000))
    cast = cast_at("520103")
    houses = [cast.base, *(make_base(run_by=cast.operator) for _more in range((number - 1) // PER_BASE))]
    stories = [Story(replace(cast, base=each), on=business_today()) for each in houses]
    canaries = [Canary(each) for each in range(number)]
    with (
        Keeper() as keeper,
        running_broker("canaries", tmp_path, keeper) as url,
        queued_at(url),
        logged(formatter) as log,
    ):
        settings.CELERY_TASK_ALWAYS_EAGER = False
        settings.ALLOWANCES_REDIS = url if url.startswith("redis") else ""
        for canary in canaries:
            story = stories[canary.number // PER_BASE]
            send(canary, story.base)
            play(story, canary, canary.number % STAGES if canary.number < PLAYED else RECEIVED)
        fail_for(canaries[0], stories[0], monkeypatch)
        sweep_unsent()
        send_daily_digest()
        yield World(cast, stories, canaries, log, url, tmp_path)


def play(story: Story, canary: Canary, stage: int) -> None:
    """Bring a complaint to its stage by the real acts; at each, officers try what they must not."""
    complaint, county, on = canary.complaint, story.cast.county_caseworker, story.on
    assert complaint is not None
    if complaint.held_back:
        complaint = actions.release_from_quarantine(complaint, by=county, on=on)
    actions.reveal_identity(complaint, purpose=f"给{canary.name}（{canary.phone}）回电", by=county, on=on)
    if stage < 4:
        end_early(complaint, canary, stage, story)
    elif stage > 4:
        complaint = actions.accept_complaint(complaint, category="fees", by=county, on=on)
        if stage > 5:
            verify(complaint, canary, stage, story)


def end_early(complaint: Complaint, canary: Canary, stage: int, story: Story) -> None:
    county, on = story.cast.county_caseworker, story.on
    reason = "反映的事项不属于孵化服务，请向有关部门反映。"
    if stage == 0:
        actions.reject_complaint(complaint, reason=reason, by=county, on=on)
    elif stage == 1:
        actions.transfer_complaint(complaint, to="市场监管局", reason=reason, by=county, on=on)
    elif stage == 2:
        actions.withdraw_complaint(complaint, by=VISITOR, on=on)
    else:
        actions.ask_for_supplement(complaint, asked="请补充协议和收据的照片。", by=county, on=on)
        actions.add_to_complaint(complaint, text=canary.told, by=VISITOR, on=on)


def verify(complaint: Complaint, canary: Canary, stage: int, story: Story) -> None:
    cast, on = story.cast, story.on
    try:
        complaint = actions.release_summary(
            complaint, summary=f"{canary.told}请答复。", by=cast.county_caseworker, on=on
        )
    except InvalidInput:
        complaint = actions.release_summary(complaint, summary=SUMMARY, by=cast.county_caseworker, on=on)
    if stage == 6:
        return
    actions.answer_complaint(complaint, text="减半以书面申请为条件，对方没有申请。", by=cast.wang, on=on)
    complaint = story.fresh(complaint)
    city = cast.city_caseworker
    complaint = actions.settle_recipient(complaint, service_recipient=True, because="入驻协议", by=city, on=on)
    if stage > 7:
        decide(complaint, canary, stage, story)


def decide(complaint: Complaint, canary: Canary, stage: int, story: Story) -> None:
    cast, on, city = story.cast, story.on, story.cast.city_caseworker
    actions.record_finding(
        complaint,
        outcome="true",
        visited=True,
        checked_on=on,
        officers=[city.person, story.second_city.person],
        minutes=f"电话询问{canary.name}（{canary.phone}），看{canary.business}的协议：{canary.words}。",
        conclusion=CONCLUSION,
        by=city,
        on=on,
    )
    actions.sign_for_finding(complaint, by=cast.wang, on=on)
    objection = actions.object_to_finding(complaint, text=f"不同意：{canary.words}。", by=VISITOR, on=on)
    if stage == 8:
        return
    actions.answer_finding_objection(objection, founded=False, answer="已经一并核对，结论不变。", by=city, on=on)
    later = story.later(6)
    actions.confirm_finding(complaint, by=cast.city_approver, on=later)
    story.on = on
    comment = canary.words  # with a name, a firm or a number it would be refused
    actions.rate_handling(story.fresh(complaint), grade=2, comment=comment, on=later)


def fail_for(canary: Canary, story: Story, monkeypatch) -> None:
    """Let the third screen break down with what was typed in the words of the exception."""

    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError(f"no row for {canary.phone} {canary.mail}")

    monkeypatch.setattr(for_public, "send_telling", fails)
    client = Client(raise_request_exception=False, REMOTE_ADDR=canary.address)
    client.post(f"/base/{story.base.slug}/complain/", {"told": canary.told, "evidence": canary.photo()})
    identity = {"name": canary.name, "phone": canary.phone, "mail": canary.mail, "business": canary.business}
    client.post("/complain/who/", {"named": "named", **identity})
    assert client.post("/complain/check/").status_code == 500


@pytest.mark.parametrize("world", [(200, DiscreetFormatter(LAYOUT))], indirect=True)
def test_of_200_complainants_nothing_is_found_anywhere(world: World, sign_in) -> None:
    assert Complaint.objects.count() == 200
    assert len(set(Complaint.objects.values_list("status", flat=True))) >= 8
    assert world.found(sign_in) == {}


@pytest.fixture
def _walls_down(monkeypatch) -> None:
    """Take away encryption, the blotting of texts, the redrawing of pictures, the hashing of addresses."""
    monkeypatch.setattr(fields, "encrypt", lambda text: text)
    monkeypatch.setattr(fields, "decrypt", lambda token: token)
    monkeypatch.setattr("complaints.actions.answering.traits_in", lambda *args, **kwargs: [])
    monkeypatch.setattr("complaints.actions.answering.copied", lambda *args, **kwargs: "")
    monkeypatch.setattr("complaints.actions.identity._without_traits", lambda text, identity: text)
    redraw = inspection.redraw
    monkeypatch.setattr(
        inspection,
        "redraw",
        lambda path, *rest: SimpleNamespace(content=path.read_bytes(), preview=redraw(path, *rest).preview),
    )
    plain = SimpleNamespace(new=lambda key, text, how: SimpleNamespace(hexdigest=lambda: text.decode()[:HASH_LENGTH]))
    monkeypatch.setattr(throttling, "hmac", plain)


@pytest.mark.usefixtures("_walls_down")
@pytest.mark.parametrize("world", [(20, logging.Formatter(LAYOUT))], indirect=True)
def test_with_the_walls_down_the_same_search_finds_them(world: World, settings, sign_in) -> None:
    found = world.found(sign_in)
    assert set(found["dump"]) >= {"name", "phone", "mail", "business", "words", "code"}
    assert found["dump"]["name"] == 20
    assert set(found["log"]) == {"phone", "mail"}
    tokens = found["broker" if settings.ALLOWANCES_REDIS else "dump"]
    assert tokens["address"] == 20
    assert set(found["media"]) == {"place", "mail"}
    assert set(found["letters"]) == set(found["pages"]) == {"name", "phone", "business", "words"}
    assert set(found["trail"]) == {"name", "phone"}
    assert set(KINDS) - {kind for kinds in found.values() for kind in kinds} == set()
