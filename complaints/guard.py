"""What machines notice about a complaint on its way in (防滥用). They flag and hold back; none of it rejects.

Counted are tokens: of an address, a province, a base, a bureau. No address is kept, neither with the complaint nor in
a log. What is held back waits in quarantine with its clock running, until an officer has looked through it.
"""

import base64
import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass

from altcha.v1 import ChallengeOptions, create_challenge, verify_solution
from django.conf import settings
from django.core.signing import BadSignature, Signer

from bases.models import Base
from complaints.models import Complaint, Telling
from complaints.states import Flag
from portal.encryption.blind_index import blind_index
from portal.web.throttling import Rate, left, take, wait_for

ASKING = Rate("complain", burst=60, per_minute=60)  # pages and screens of one address
TRACKING = Rate("complain-track", burst=10, per_minute=3)  # tries of number and code
ADDING = Rate("complain-add", burst=10, per_minute=0.1)  # additions to one complaint, whoever holds its code
ADDRESS = Rate("complain-address", burst=5, per_minute=0.1)  # complaints of one address
FLOODED = Rate("complain-flooded", burst=1, per_minute=0.1)  # the same while a flood lasts
CALM = Rate("complain-calm", burst=10, per_minute=0.5)  # of a province, before a proof of work is asked for
SCREENS = Rate("complain-screens", burst=60, per_minute=10)  # first screens of a province; half gone is a flood
BASE = Rate("complain-base", burst=10, per_minute=1 / 6)  # about one base, straight to the desk
DESK = Rate("complain-desk", burst=15, per_minute=1 / 4)  # in one county, straight to the desk
PHONE = Rate("complain-phone", burst=1, per_minute=1 / 1440)  # of one telephone about one base

WEIGHT = {
    Flag.TRAP: 3,
    Flag.FAST: 3,
    Flag.ADDRESS: 3,
    Flag.UNPROVEN: 3,
    Flag.BASE_QUOTA: 3,
    Flag.DESK_QUOTA: 3,
    Flag.REPEAT: 1,
    Flag.SAME_PHONE: 1,
}
HOLD_FROM = 3
SHORTEST_SECONDS = 8  # three screens; nobody reads and fills them faster
SAME_WORDS_DAYS = 180
HARDNESS = 60_000  # hashes at most; half a second of a telephone
PROOF_MINUTES = 60
SALT = "complaints.shown"


@dataclass(frozen=True)
class Verdict:
    """What was noticed, whether it is held back, and after how many seconds a flooding address may try again."""

    flags: tuple[str, ...] = ()
    hold_back: bool = False
    wait: int = 0


def shown_token(now: datetime.datetime) -> str:
    """Return the signed moment at which the first screen is shown."""
    return Signer(salt=SALT).sign(str(int(now.timestamp())))


def shown_at(token: str) -> datetime.datetime | None:
    """Return the moment that a token proves, None if it proves none."""
    try:
        return datetime.datetime.fromtimestamp(int(Signer(salt=SALT).unsign(token)), tz=datetime.UTC)
    except (BadSignature, ValueError):
        return None


def text_only(region_code: str) -> bool:
    """Whether files are not taken in the province now: so many are writing at once that it is a flood.

    It is one from the moment half of the screens are gone until half are there again: a flood comes in waves, and its
    end is not the pause between two of them.
    """
    return bool(settings.COMPLAINT_GUARD) and left(SCREENS, region_code[:2]) < SCREENS.burst / 2


def must_wait(region_code: str, address: str) -> int:
    """Return after how many seconds an address that has sent one during a flood may begin another; 0 is now."""
    return wait_for(FLOODED, address) if text_only(region_code) else 0


def note_screen(region_code: str) -> None:
    """Count one first screen that was sent in the province."""
    if settings.COMPLAINT_GUARD:
        take(SCREENS, region_code[:2])


def wait_to_add(complaint: Complaint) -> int:
    """Count one addition to the complaint; return after how many seconds it is taken, 0 is now."""
    return take(ADDING, str(complaint.pk)) if settings.COMPLAINT_GUARD else 0


def challenge_for(telling: Telling, now: datetime.datetime) -> str:
    """Return a proof of work for the browser as JSON, bound to this telling; nothing while it is calm."""
    if not settings.COMPLAINT_GUARD or wait_for(CALM, telling.region_code[:2]) == 0:
        return ""
    options = ChallengeOptions(
        max_number=HARDNESS,
        hmac_key=_proof_key(),
        expires=now + datetime.timedelta(minutes=PROOF_MINUTES),
        params={"telling": telling.key.hex},
    )
    return json.dumps(create_challenge(options).to_dict())


def proven(telling: Telling, solution: str) -> bool:
    """Whether the browser did the work that was asked for this telling."""
    try:
        holds, _reason = verify_solution(solution, _proof_key())
        return holds and f"telling={telling.key.hex}&" in _salt(solution)
    except (TypeError, ValueError, AttributeError, KeyError):
        return False


def _salt(solution: str) -> str:
    return str(json.loads(base64.b64decode(solution))["salt"])


def _proof_key() -> str:
    return f"{settings.SECRET_KEY}:complaints.proof"


def judge(
    telling: Telling, base: Base, *, told: str, phone: str, solution: str, address: str, now: datetime.datetime
) -> Verdict:
    """Return what is noticed about a telling that is about to be sent; takes its tokens.

    `now` is the time of the machine, as the first screen is stamped by it. `wait` is only given to an address that
    sends one after the other while a flood lasts; what was written stays.
    """
    if not settings.COMPLAINT_GUARD:
        return Verdict()
    if text_only(base.region_code) and (wait := take(FLOODED, address)):
        return Verdict(wait=wait)
    flags = [
        *_from_the_form(telling, now),
        *_from_the_sender(telling, base, solution, address),
        *_from_its_words(base, told, phone, now.date()),
    ]
    if _weight(flags) < HOLD_FROM:
        flags += _over_quota(base)
    return Verdict(tuple(flags), hold_back=_weight(flags) >= HOLD_FROM)


def _weight(flags: list[str]) -> int:
    return sum(WEIGHT[Flag(flag.partition(":")[0])] for flag in flags)


def _from_the_form(telling: Telling, now: datetime.datetime) -> Iterator[str]:
    if telling.trapped:
        yield Flag.TRAP.value
    if telling.shown_at is None or (now - telling.shown_at).total_seconds() < SHORTEST_SECONDS:
        yield Flag.FAST.value


def _from_the_sender(telling: Telling, base: Base, solution: str, address: str) -> Iterator[str]:
    if take(ADDRESS, address):
        yield Flag.ADDRESS.value
    if take(CALM, base.region_code[:2]) and not proven(telling, solution):
        yield Flag.UNPROVEN.value


def _from_its_words(base: Base, told: str, phone: str, on: datetime.date) -> Iterator[str]:
    """Find the same words and the same telephone again; the number of the other complaint stands with the flag."""
    same = same_words(base, told, on)
    if same is not None:
        yield f"{Flag.REPEAT.value}:{same.number}"
    if phone and take(PHONE, f"{base.pk}:{blind_index(phone, purpose='complaint.phone')}"):
        yield Flag.SAME_PHONE.value


def same_words(base: Base, told: str, on: datetime.date) -> Complaint | None:
    """Return the first complaint about the base with equal words of the last half year, None where there is none."""
    index = blind_index(told, purpose="complaint.told")
    since = on - datetime.timedelta(days=SAME_WORDS_DAYS)
    return Complaint.objects.filter(base=base, told_index=index, received_on__gte=since).order_by("pk").first()


def _over_quota(base: Base) -> list[str]:
    """Return the quotas that are used up by complaints that went straight to the desk."""
    flags = []
    if take(BASE, str(base.pk)):
        flags.append(Flag.BASE_QUOTA.value)
    if take(DESK, base.region_code):
        flags.append(Flag.DESK_QUOTA.value)
    return flags
