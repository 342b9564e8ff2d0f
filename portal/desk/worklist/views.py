"""待我办理: the morning page of an officer; the same as a workbook; urging what is late below."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.decorators import PersonRequest, officer_view
from portal.accounts.models import Delegation
from portal.accounts.roles import Permission
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import Calendar
from portal.deadlines.today import business_today
from portal.desk.worklist.basis import cases_of
from portal.desk.worklist.forms import WorklistForm
from portal.desk.worklist.queues import (
    BELOW,
    DONE,
    MINE,
    MOST_COUNTED,
    ORDERS,
    RECEIVED,
    SOON,
    SOON_WORKDAYS,
    STARTED,
    Desk,
    Row,
    row_of,
    rows_of,
    shown,
)
from portal.documents.workbooks import Column, stream_workbook
from portal.errors import DomainError
from portal.web.clauses import article_of
from portal.web.filters import chips
from portal.web.htmx import render_page
from portal.web.pagination import paginate
from portal.web.parts import Chip, Tab
from portal.worklist.actions import urge_work
from portal.worklist.models import WorkItem, WorkState
from portal.worklist.vacancies import vacant

QUEUES = {
    MINE: gettext_lazy("待我办理"),
    SOON: gettext_lazy("即将到期"),
    STARTED: gettext_lazy("我发起"),
    DONE: gettext_lazy("已办"),
    BELOW: gettext_lazy("辖区督办"),
}
BY_INDEX = {MINE, SOON}  # whose order, with no filter, is that of the index work_item_desk
HELD = {BELOW, STARTED}  # whose lines say who has them
MOST_EXPORTED = 50_000
MOST_TICKED = 100
AT_ONCE = 2_000


def desk_of(request: PersonRequest, calendar: Calendar) -> Desk:
    """Return the desk of the officer who asks, as it stands today."""
    today = business_today()
    return Desk(request.capacity, today, calendar.add_workdays(today, SOON_WORKDAYS))


def _asked(request: PersonRequest, desk: Desk) -> str:
    name = request.GET.get("queue", MINE)
    return name if name in _queues_of(desk) else _queues_of(desk)[0]


def _queues_of(desk: Desk) -> list[str]:
    """Return the queues of a desk: whoever only watches has none of their own."""
    return [BELOW] if desk.watches else [name for name in QUEUES if name != BELOW or desk.supervises]


@officer_view(Permission.READ_CASES)
@require_safe
def worklist(request: PersonRequest) -> HttpResponse:
    """Show a queue by due date, the overdue first, with counts, filters and pages."""
    calendar = calendar_for(request.capacity.jurisdiction)
    desk = desk_of(request, calendar)
    name = _asked(request, desk)
    counts = desk.counts()
    form = WorklistForm(request.GET, desk=desk, name=name)
    chosen = chips(request, form)
    known = _known_total(form, counts.get(name), chosen)
    found = shown(form.chosen(), *(["desk"] if name in HELD else []))
    indexed = known is not None and name in BY_INDEX
    page = paginate(request, found, order=ORDERS[name], total=known, more=known == MOST_COUNTED, indexed=indexed)
    cases = cases_of(page)
    context = {
        "queue": name,
        "held": name in HELD,
        "mine": name == MINE,
        "below": name == BELOW,
        "past": name == DONE,
        "title": QUEUES[name],
        "calendar": calendar,
        "counts": {name: _in_words(count) for name, count in counts.items() if count},
        "tabs": _tabs(name, counts, desk),
        "views": _views(name, request),
        "form": form,
        "chips": chosen,
        "clear": f"?queue={name}",
        "page": page,
        "rows": rows_of(page, cases, today=desk.today, calendar=calendar),
        "vacant": vacant(page, desk.today) if name in HELD else (),
        "exported": f"{reverse('desk:export')}?{request.GET.urlencode()}",
        "watches": desk.watches,
        "stands_in": _stands_in(desk) if name == MINE and counts[RECEIVED] else (),
    }
    return render_page(request, "desk/worklist.html", context, part="rows")


def _stands_in(desk: Desk) -> QuerySet[Delegation]:
    """Return the posts in which the officer may act for somebody absent today, unless they do so already."""
    posts: QuerySet[Delegation] = desk.received.by_colleagues(desk.today)
    return posts.select_related("membership__user", "membership__jurisdiction").order_by("ends_on", "pk")


def _known_total(form: WorklistForm, whole: int | None, chosen: list[Chip]) -> int | None:
    """Return the size of the whole queue where the form narrows nothing; what it half understood must be counted."""
    return None if chosen or not form.is_valid() else whole


def _tabs(current: str, counts: dict[str, int], desk: Desk) -> list[Tab]:
    late = {MINE: counts["overdue"], BELOW: counts.get("below_overdue", 0)}
    number = {name: _in_words(counts[name]) for name in (MINE, SOON, BELOW) if name in counts}
    return [
        Tab(
            *(str(QUEUES[name]), f"?queue={name}", number.get(name, "")),
            overdue=_in_words(late[name]) if late.get(name) else "",
            current=name == current,
        )
        for name in _queues_of(desk)
    ]


def _in_words(count: int) -> str:
    """Return a count as it is shown; one that was broken off at `MOST_COUNTED` as 1,000+."""
    return f"{count:,}+" if count >= MOST_COUNTED else f"{count:,}"


def _views(name: str, request: PersonRequest) -> list[Chip]:
    """Return the ready-made conditions over a queue of things to do."""
    if name not in {MINE, BELOW}:
        return []
    term = request.GET.get("term", "")
    ready = [
        ("", _("全部")),
        ("overdue", _("已逾期")),
        ("today", _("今日到期")),
        ("soon", _("三个工作日内")),
    ]
    return [
        Chip(str(label), f"?queue={name}&term={code}" if code else f"?queue={name}", current=code == term)
        for code, label in ready
    ]


COLUMNS = (
    Column("单位", 36),
    Column("受理号", 24),
    Column("事项", 14),
    Column("要做什么", 28),
    Column("所在地", 16),
    Column("办理机关", 18),
    Column("办理人", 12),
    Column("到达", 12, "date"),
    Column("到期", 12, "date"),
    Column("剩余", 18),
    Column("期限计算", 60),
    Column("依据", 24),
    Column("催办", 12, "date"),
)
DONE_ON = Column("办结", 12, "date")


@officer_view(Permission.READ_CASES)
@require_safe
def export(request: PersonRequest) -> FileResponse | HttpResponse:
    """Send what the queue shows under its filters, or the items that were ticked, as a workbook."""
    calendar = calendar_for(request.capacity.jurisdiction)
    desk = desk_of(request, calendar)
    name = _asked(request, desk)
    chosen = WorklistForm(request.GET, desk=desk, name=name).chosen()
    found = shown(chosen, "desk", "done_by").order_by(*ORDERS[name])
    ticked = ticked_in(request.GET)
    if "chosen" in request.GET and not ticked:
        messages.warning(request, _("没有选中办件。先在要导出的行上打勾，再点导出。"))
        return redirect(f"{reverse('desk:worklist')}?queue={name}")
    if ticked:
        found = found.filter(pk__in=ticked)
    notes = [f"{request.capacity.label}", f"导出日期 {desk.today}", str(QUEUES[name]), *_cut_off(found.count())]
    columns = (*COLUMNS, DONE_ON) if name == DONE else COLUMNS
    return stream_workbook(columns, _lines(found, desk, calendar), f"{QUEUES[name]}-{desk.today}.xlsx", notes=notes)


def _cut_off(total: int) -> list[str]:
    """Say it in the file where not all of `total` items are in it."""
    if total <= MOST_EXPORTED:
        return []
    return [f"共 {total} 件，本文件只含前 {MOST_EXPORTED} 件。请按所在地、事项或期限筛选，分次导出。"]


def ticked_in(said: QueryDict) -> list[int]:
    """Return the items that were ticked on a page; what is no number is passed over."""
    keys = [key for key in said.getlist("item") if key.isascii() and key.isdigit() and len(key) < 19]
    return [int(key) for key in keys[:MOST_TICKED]]


def _lines(found: QuerySet[WorkItem], desk: Desk, calendar: Calendar) -> Iterator[tuple[Any, ...]]:
    for row in _rows_of(found[:MOST_EXPORTED], desk.today, calendar):
        item, now = row.item, row.now
        yield (
            *(item.title, item.reference, row.kind, item.task, row.place),
            *(item.desk.name if item.desk else "", str(item.done_by or item.assignee or "")),
            *(item.arrived_on, item.due_on),
            _left(item, now.words if now else ""),
            now.sum if now else "",
            article_of(item.policy, row.basis),
            item.urged_on,
            *([item.done_on] if item.done_on else []),
        )


def _rows_of(found: QuerySet[WorkItem], today: date, calendar: Calendar) -> Iterator[Row]:
    """Return the lines of the items, so many at once that a long list does not fill the memory."""
    items = found.iterator(chunk_size=AT_ONCE)
    while batch := list(islice(items, AT_ONCE)):
        cases = cases_of(batch)
        yield from (row_of(item, cases, today=today, calendar=calendar) for item in batch)


def _left(item: WorkItem, words: str) -> str:
    """Return what is left of the term; of what is done, only that it was late."""
    if item.state != WorkState.DONE:
        return words
    return "逾期办结" if item.done_late else ""


@officer_view(Permission.READ_CASES)
@require_POST
def urge(request: PersonRequest) -> HttpResponse:
    """Urge the bureaus below to deal with the chosen items; say for how many it worked and why not for the others."""
    capacity, today = request.capacity, business_today()
    chosen = ticked_in(request.POST)
    found = WorkItem.objects.within(capacity.jurisdiction).filter(pk__in=chosen)
    told, refused = 0, []
    for item in found.select_related("desk", "jurisdiction").order_by("due_on", "pk"):
        try:
            told += bool(urge_work(item, by=capacity, on=today))
        except DomainError as refusal:
            refused.append(refusal.message)
    if told:
        messages.success(request, _("已催办 %(n)s 件，有关单位的办理人员会收到消息。") % {"n": told})
    for sentence in refused[:5]:
        messages.warning(request, sentence)
    if not chosen:
        messages.warning(request, _("没有选中办件。先在要催办的行上打勾，再点催办。"))
    return redirect(f"{reverse('desk:worklist')}?queue={BELOW}")
