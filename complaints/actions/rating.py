"""好差评: how the handling is rated once it is over. What is kept names the bureau and the month, not the complaint."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_noop

from complaints.actions.handling import FOLLOW_UP, desk_at, handling_of, held
from complaints.actions.identity import own_traits_in
from complaints.contact import contact_in, number_in
from complaints.disclosure import week_of
from complaints.models import Complaint, Rating, month_of
from portal.accounts.capacity import VISITOR, Capacity
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import due
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.worklist.items import close_work, open_work

BAD = 2  # the two lowest grades
GRADES = range(1, 6)


@transaction.atomic
def rate_handling(
    complaint: Complaint, *, grade: int, on: datetime.date, aspects: Sequence[str] = (), comment: str = ""
) -> Rating:
    """Rate a finished complaint, once. The two lowest grades open a follow-up at the bureau above (好差评).

    Rated is the bureau that had it last: it confirmed or rejected it, or it was withdrawn there. The caller has checked
    the access code. Raises DomainError before it is finished or the second time, InvalidInput for a grade that is none
    and for a comment that holds a telephone number, a mail address, the number of the complaint or what the
    complainant stated of himself.
    """
    complaint = held(complaint)
    if complaint.closed_on is None:
        raise DomainError("投诉办结后才能评价。")
    if complaint.rated_on is not None:
        raise DomainError("已经评价过，谢谢。")
    if grade not in GRADES:
        raise InvalidInput("没有提交评价。", {"grade": "请在五个等级里选一个。"})
    _require_untraceable(complaint, comment)
    complaint.rated_on = on
    complaint.save(update_fields=["rated_on"])
    law = handling_of(complaint)
    desk = complaint.closed_at_desk or desk_at(complaint.base, law.verifier.value, Permission.HANDLE_COMPLAINT, on)
    rating = Rating.objects.create(
        jurisdiction=desk,
        desk=desk,
        month=month_of(on),
        grade=grade,
        aspects=list(aspects),
        comment=comment.strip(),
    )
    if grade <= BAD:
        _follow_up(rating, complaint.policy, law.rating_workdays.value, law.rating_workdays.clause, on)
    return rating


def _require_untraceable(complaint: Complaint, comment: str) -> None:
    """Refuse what would lead from the rating back to the complaint or to who made it."""
    apart = "评价不与您的投诉放在一起，请删去后再提交"
    sentence = ""
    if number := number_in(comment):
        sentence = f"“{number}”是受理号，看得出评的是哪一件。{apart}。"
    elif found := contact_in(comment):
        sentence = f"“{found}”像是电话或邮箱。{apart}；要联系，请用进度页上的渠道。"
    elif kinds := own_traits_in(complaint, comment):
        sentence = f"文字里有您投诉时留的{'、'.join(kinds)}，被评价的机关看得出是谁。{apart}。"
    if sentence:
        raise InvalidInput("没有提交评价。", {"comment": sentence})


def _follow_up(rating: Rating, policy: str, length: int, clause: str, on: datetime.date) -> None:
    """Put it on the list of the bureau above, dated to the week: the very day would tell which complaint was rated.

    The term runs from the first day of that week, so that it is never longer than the law gives.
    """
    week = week_of(on)
    open_work(
        rating,
        FOLLOW_UP,
        task=gettext_noop("核实差评，督促整改"),
        title=rating.desk.name,
        url=f"/desk/complaints/ratings/{rating.pk}/",
        desk=rating.above,
        permission=Permission.HANDLE_COMPLAINT,
        due=due(week, length, "workday", calendar_for(rating.desk)),
        clause=clause,
        policy=policy,
        by=VISITOR,
        on=week,
    )


@transaction.atomic
def follow_up_rating(rating: Rating, *, text: str, by: Capacity, on: datetime.date) -> Rating:
    """Enter what was done about a bad rating (核实整改), by the bureau on whose list it is: the one above the rated.

    Raises NotAllowed for other bureaus, InvalidInput if empty, DomainError the second time.
    """
    if by.kind != "officer" or not by.may(Permission.HANDLE_COMPLAINT) or by.jurisdiction.pk != rating.above.pk:
        raise NotAllowed(f"这件差评由{rating.above.name}的经办岗跟进。")
    if len(text.strip()) < 10:
        raise InvalidInput("没有保存。", {"text": "请写明核实的情况和整改措施，至少 10 个字。"})
    rating = Rating.objects.select_for_update(of=("self",)).get(pk=rating.pk)
    if rating.followed_up_on is not None:
        raise DomainError(f"这件差评已于 {rating.followed_up_on} 跟进。")
    rating.follow_up, rating.followed_up_on, rating.followed_up_by = text.strip(), on, by.person
    rating.save(update_fields=["follow_up", "followed_up_on", "followed_up_by"])
    close_work(rating, by=by, on=on)
    record("rating.followed_up", rating, by=by, on=on)
    return rating
