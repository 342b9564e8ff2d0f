"""What a bureau may say of the assumptions in its policy pack."""

from datetime import date, datetime, time, timedelta
from typing import cast

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from applications.views.since import calls_naming
from portal.accounts.capacity import Capacity
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.deadlines.today import CHINA
from portal.errors import DomainError, InvalidInput, NotAllowed, StatusMoved
from portal.jurisdictions.models import Jurisdiction
from portal.policies.entries import Entry, content_of, entries
from portal.policies.inspection import unknown_titles
from portal.policies.loader import forget_rulings, governing, installed, standing, with_rulings
from portal.policies.models import AssumptionRuling, Outcome
from portal.policies.packs import Pack
from portal.policies.problems import PackError
from portal.policies.rulings import Ruling, ruled
from portal.policies.sections import declared_sections
from portal.policies.timeline import overlaps

FEWEST_LETTERS = 4  # a reason of fewer says nothing


@transaction.atomic
def confirm_assumption(
    pack: Pack, path: str, *, reason: str, seen: int | None, by: Capacity, on: date
) -> AssumptionRuling:
    """Confirm one open value of the bureau's own pack as it stands; cases filed from that day on rest on the bureau.

    `seen` is the number of the ruling the officer had before them (None: none yet). Raises NotAllowed, InvalidInput
    for a missing reason, StatusMoved when somebody ruled meanwhile, DomainError for a value that is not open, or that a
    call published that day names.
    """
    before = _held_content(pack, path, on)
    return _rule(pack, path, before, Outcome.CONFIRMED, reason=reason, seen=seen, by=by, on=on)


@transaction.atomic
def change_assumption(
    pack: Pack, path: str, content: str, *, reason: str, seen: int | None, by: Capacity, on: date
) -> AssumptionRuling:
    """Put another value in the place of an open one; `content` is its TOML (`value = 5`, or `unset = true`).

    The pack must still fit every section with it, else PackError and nothing is kept. Cases filed earlier keep the
    value of their day. Raises as `confirm_assumption` does, and InvalidInput when nothing would change.
    """
    if content == _held_content(pack, path, on):
        raise InvalidInput(_("新的取值与现在的相同。"), {"content": _("与现在的取值相同；无需改动时请选“确认”。")})
    trial = ruled(pack, [*_others(pack, path, on), Ruling(0, path, content, reason or "-")])
    for cls in declared_sections():
        trial.section(cls)
    conflicts = [*unknown_titles(trial.tables)] or overlaps(
        [trial, *(other for other in governing(pack.jurisdiction, on) if other.id != pack.id)]
    )
    if conflicts:
        raise PackError(*conflicts)
    return _rule(pack, path, content, Outcome.CHANGED, reason=reason, seen=seen, by=by, on=on)


def may_rule(pack: Pack, by: Capacity) -> bool:
    """Return whether the officer's bureau is the one whose policy this is, and their post may rule on it."""
    return by.kind == "officer" and by.may(Permission.RULE_ASSUMPTIONS) and by.jurisdiction.code == pack.jurisdiction


def open_entry(pack: Pack, path: str) -> Entry:
    """Return the value at the path as the file has it. Raises DomainError unless it is open to a ruling."""
    for entry in entries(pack.tables):
        if entry.path == path and entry.is_open:
            return entry
    raise DomainError(_("这一项不是假定或未定的取值，以文件原文为准，不能在这里改动。"))


def _rule(
    pack: Pack, path: str, content: str, outcome: Outcome, *, reason: str, seen: int | None, by: Capacity, on: date
) -> AssumptionRuling:
    _refuse(pack, reason, by)
    place = Jurisdiction.objects.select_for_update(no_key=True).get(code=pack.jurisdiction)
    _refuse_on_the_day_of_a_call(pack, path, on)
    latest = _standing(pack, path, seen)
    before = _held_content(pack, path, on)
    if latest:
        AssumptionRuling.objects.filter(pk=latest.pk).update(superseded_on=max(on, latest.decided_on))
    ruling = AssumptionRuling.objects.create(
        jurisdiction=place,
        pack=pack.id,
        path=path,
        outcome=outcome,
        content=content,
        before=before,
        reason=reason.strip(),
        decided_on=on,
        decided_as=_post(by),
        decided_by_id=by.user_id,
        decided_by=by.label[:120],
    )
    facts = {"path": path, "before": before, "after": content, "reason": ruling.reason}
    record(f"policy.assumption_{outcome}", ruling, by=by, on=on, policy=pack.id, **facts)
    transaction.on_commit(forget_rulings)
    return ruling


def _refuse(pack: Pack, reason: str, by: Capacity) -> None:
    if not may_rule(pack, by):
        raise NotAllowed(_("这份政策的假定由印发地区主管部门的审批岗确认或变更，您现在的身份不能办理。"))
    if pack.id not in installed():
        raise DomainError(_("%(pack)s 是示例，不能确认或变更。") % {"pack": pack.id})
    if len(reason.strip()) < FEWEST_LETTERS:
        raise InvalidInput(_("请写明理由。"), {"reason": _("请写明理由，至少 4 个字；理由随取值公开显示。")})


def _refuse_on_the_day_of_a_call(pack: Pack, path: str, on: date) -> None:
    """Refuse to rule on what a call published that day names: its letter is issued, its terms are those of its day."""
    named = calls_naming(pack, path, datetime.combine(on, time(), CHINA))
    today = [call.name for call in named if call.published_on == on]
    if today:
        said = {"calls": "、".join(today), "next": (on + timedelta(days=1)).isoformat()}
        raise DomainError(_("“%(calls)s”今天发布，通知写明了这一项，今天不能再作决定。请从 %(next)s 起办理。") % said)


def _standing(pack: Pack, path: str, seen: int | None) -> AssumptionRuling | None:
    found = AssumptionRuling.objects.filter(pack=pack.id, path=path, superseded_on__isnull=True).first()
    latest = cast("AssumptionRuling | None", found)
    if latest and latest.pk != seen:
        when = latest.decided_on.isoformat()
        message = _("%(who)s已于%(when)s对这一项作出决定，请先看过再办理。") % {
            "who": latest.decided_by,
            "when": when,
        }
        raise StatusMoved(message, by_whom=latest.decided_by, when=when)
    return latest


def _post(by: Capacity) -> str:
    """Return place and post without any person's name, in Chinese whatever the officer reads."""
    with translation.override(settings.LANGUAGE_CODE):
        role = by.membership.get_role_display() if by.membership else ""
        return f"{by.jurisdiction.name} {role}".strip()


def _held_content(pack: Pack, path: str, on: date) -> str:
    open_entry(pack, path)
    held = next(entry for entry in entries(with_rulings(pack, on).tables) if entry.path == path)
    return content_of(held.raw)


def _others(pack: Pack, path: str, on: date) -> list[Ruling]:
    rows = cast("list[AssumptionRuling]", list(AssumptionRuling.objects.filter(pack=pack.id).exclude(path=path)))
    return list(standing(pack, rows, on))
