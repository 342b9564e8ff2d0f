"""The few tags all pages use. Registered as builtins: no `{% load %}` needed. What each gives is shown at /look/."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.forms.utils import flatatt
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.accounts.middleware import page_looked_at
from portal.deadlines.holidays import national_calendar
from portal.deadlines.terms import Calendar, Due
from portal.deadlines.today import business_today
from portal.web import dates, differences, masks, money, navigation
from portal.web.clauses import clause_link, policy_ended
from portal.web.due import Standing, standing

register = template.Library()

DASHED = re.compile(r"\b[0-9A-Z]+(?:-[0-9A-Z]+)+(?: [0-9]{2}:[0-9]{2})?", re.ASCII)
TONE_ICONS = {"main": "ok", "now": "dot", "warn": "alert", "bad": "no", "": "info"}


def _money(name: str, function: Callable[[Decimal], str]) -> None:
    register.filter(name, lambda value: function(Decimal(value)) if value not in (None, "") else "")


def _moment(name: str, function: Callable[[Any], str]) -> None:
    register.filter(name, lambda value: function(value) if value else "")


def _mask(name: str, function: Callable[[str], str]) -> None:
    register.filter(name, lambda value: function(str(value)) if value else "")


register.filter("attributes", flatatt)  # of an element, written at once
register.filter("struck", lambda before, after: differences.struck(str(before), str(after)))
register.filter("added", lambda after, before: differences.added(str(after), str(before)))
register.filter("thousands", lambda value: f"{value:,}" if isinstance(value, int | Decimal) else "")
_money("yuan", money.figures)
_money("wan", money.in_prose)
_money("capitals", money.in_capitals)
_moment("day", dates.day)
_moment("month_day", dates.month_day)
_moment("minute", dates.minute)
_moment("clock", dates.clock)
_moment("letter_date", dates.in_letters)
# For what a sentence says inside: browsers break a day after its dashes.
register.filter("unbroken", lambda text: format_html('<span class="nowrap">{}</span>', text))


@register.filter
def intact(text: Any) -> SafeString:
    """Return a text whose numbers with dashes, days with their hour and phones stay on one line each; HTML as it is."""
    if isinstance(text, SafeString):
        return text
    return SafeString(DASHED.sub(r'<span class="nowrap">\g<0></span>', str(conditional_escape(text))))


_mask("masked_name", masks.mask_name)
_mask("masked_phone", masks.mask_phone)
_mask("masked_id", masks.mask_id)
_mask("masked_account", masks.mask_account)
_mask("masked_email", masks.mask_email)


@register.simple_tag
@lru_cache(maxsize=1_000)  # a list of cases draws the same few hundreds of times
def icon(name: str, css: str = "icon") -> SafeString:
    """Return an icon of the sprite; it is decoration, so a word must stand beside it."""
    sprite = static("icons.svg")
    return format_html(
        '<svg class="{}" viewBox="0 0 20 20" aria-hidden="true"><use href="{}#i-{}"/></svg>', css, sprite, name
    )


@register.simple_tag
def tag(word: str, tone: str = "", icon_name: str = "") -> SafeString:
    """Return a status: tone main (holds), now (running), warn (attention), bad (adverse) or none; icon; word."""
    return _tag(str(word), tone, icon_name)


@lru_cache(maxsize=1_000)
def _tag(word: str, tone: str, icon_name: str) -> SafeString:
    drawn = icon(icon_name or TONE_ICONS.get(tone, "info"))
    mark = format_html(' data-tone="{}"', tone) if tone else ""
    return format_html('<span class="tag"{}>{}{}</span>', mark, drawn, word)


def _standing(context: Context, when: Due | date, paused: bool) -> Standing:
    today = context.get("today") or business_today()
    calendar: Calendar = context.get("calendar") or national_calendar()
    if isinstance(when, datetime):
        when = date.fromisoformat(dates.day(when))
    return standing(when, today=date(today.year, today.month, today.day), calendar=calendar, paused=paused)


@register.simple_tag(takes_context=True)
def due(
    context: Context, when: Standing | Due | date | None, *, paused: bool = False, dated: bool = False
) -> SafeString:
    """Return the deadline chip of a Due or a date, its sum as title; `dated` adds the date. Nothing for None.

    Counts with `calendar` of the context (the jurisdiction's), else with the national one.
    """
    if when is None:
        return SafeString("")
    now = when if isinstance(when, Standing) else _standing(context, when, paused)
    words = _("%(words)s，%(day)s") % {"words": now.words, "day": dates.day(now.on)} if dated else now.words
    return _chip(now.level, now.sum, now.icon, words)


@lru_cache(maxsize=10_000)
def _chip(level: str, told: str, icon_name: str, words: str) -> SafeString:
    return format_html('<span class="due" data-level="{}" title="{}">{}{}</span>', level, told, icon(icon_name), words)


@register.simple_tag(takes_context=True)
def due_level(context: Context, when: Due | date | None, *, paused: bool = False) -> str:
    """Return the level of a deadline for `data-level` of its row; empty for None."""
    return _standing(context, when, paused).level if when else ""


@register.simple_tag
def clause(pack: Any, reference: Any) -> SafeString:
    """Return 〔方案三（五）3〕 linked to the public policy page. `reference` is a clause id or a policy Value."""
    return clause_link(pack, reference)


register.simple_tag(policy_ended)


@register.simple_tag(takes_context=True)
def nav(context: Context, shell: navigation.Shell) -> list[navigation.Link]:
    """Return the entries of a masthead: `{% nav "desk" as entries %}`."""
    request = context.get("request")
    capacity = getattr(request, "capacity", None)
    own = capacity.jurisdiction if shell == "desk" and capacity is not None and capacity.kind == "officer" else None
    return navigation.links(shell, request, getattr(own or context.get("jurisdiction"), "code", ""))


@register.simple_tag
def options(groups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """Return the choices of a select by their groups, written at once: in a template forty places take 8 ms."""
    parts = []
    for name, choices, _index in groups:
        written = SafeString("".join(_option(each) for each in choices))
        parts.append(format_html('<optgroup label="{}">{}</optgroup>', name, written) if name else written)
    return SafeString("".join(parts))


def _option(choice: dict[str, Any]) -> str:
    told = flatatt(choice["attrs"]) if choice["attrs"] else ""
    return f'<option value="{conditional_escape(choice["value"])}"{told}>{conditional_escape(choice["label"])}</option>'


@register.simple_tag
def page_url(url_name: str, *arguments: object) -> str:
    """Return the address of a named page, or nothing where this installation has no such page."""
    return navigation.address(url_name, arguments)


@register.simple_tag(takes_context=True)
def display_url(context: Context, **choice: str) -> str:
    """Return the address that changes the display and comes back here: text, contrast, elder or lang."""
    request = context.get("request")
    here = page_looked_at(request) if request is not None else "/"
    return f"{navigation.address('web:display')}?{urlencode({**choice, 'next': here})}"


@register.simple_tag(takes_context=True)
def idle_seconds(context: Context) -> int:
    """Return after how many seconds without a request the reader is signed out; 0 for a stranger."""
    capacity = getattr(context.get("request"), "capacity", None)
    if capacity is None or capacity.user_id is None:
        return 0
    return int(settings.SESSION_IDLE_OPERATORS if capacity.kind == "operator" else settings.SESSION_IDLE_OFFICERS)


@register.simple_tag
def html_lang() -> str:
    """Return the language of the page for <html lang>."""
    return "zh-Hans" if (get_language() or settings.LANGUAGE_CODE).startswith("zh") else "en"


@register.inclusion_tag("components/errors.html")
def error_summary(*forms: BaseForm | None) -> dict[str, Any]:
    """Show what is wrong with the forms: the words of each field again, linked to it, in the order of the form.

    Nothing when all is right.
    """
    bound = [form for form in forms if form is not None and form.is_bound]
    lines = [
        {"href": f"#{form[name].id_for_label or form[name].auto_id}", "label": form[name].label, "text": text}
        for form in bound
        for name in form.fields
        for text in form.errors.get(name, ())
    ]
    general = [text for form in bound for text in form.non_field_errors()]
    return {"lines": lines, "general": general, "count": len(lines) + len(general)}
