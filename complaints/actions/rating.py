"""好差评: how the handling is rated once it is over. What is kept names the bureau and the month, not the complaint."""

import datetime
import re
import unicodedata
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_noop

from complaints.actions.handling import desk_at, handling_of, held
from complaints.models import Complaint, Rating, month_of
from portal.accounts.capacity import VISITOR, Capacity
from portal.accounts.roles import Permission
from portal.audit.recording import record
from portal.deadlines.calendar import calendar_for
from portal.deadlines.terms import due
from portal.errors import DomainError, InvalidInput, NotAllowed
from portal.typed_text import with_plain_dashes
from portal.worklist.items import close_work, open_work

BAD = 2  # the two lowest grades
GRADES = range(1, 6)
FOLLOW_UP = "complaints.rating"
# A mobile number or one with an area code, also in groups; seven digits and more in a row; a mail address.
CONTACT = re.compile(
    r"1[3-9][0-9](?:[- ]?[0-9]){8}|0[0-9]{2,3}[- )]*[0-9]{3,4}[- ]?[0-9]{4}|[48]00-?[0-9]{3}-?[0-9]{4}|[0-9]{7,}"
    r"|[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)


@transaction.atomic
def rate_handling(
    complaint: Complaint, *, grade: int, on: datetime.date, aspects: Sequence[str] = (), comment: str = ""
) -> Rating:
    """Rate a finished complaint, once. The two lowest grades open a follow-up at the bureau above (好差评).

    Rated is the bureau that had it last: it confirmed or rejected it, or it was withdrawn there. The caller has checked
    the access code. Raises DomainError before it is finished or the second time, InvalidInput for a grade that is none
    and for a comment that holds a telephone number or a mail address.
    """
    complaint = held(complaint)
    if complaint.closed_on is None:
        raise DomainError("投诉办结后才能评价。")
    if complaint.rated_on is not None:
        raise DomainError("已经评价过，谢谢。")
    if grade not in GRADES:
        raise InvalidInput("没有提交评价。", {"grade": "请在五个等级里选一个。"})
    _require_no_contact(comment)
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


def _require_no_contact(comment: str) -> None:
    """Refuse what would lead from the rating back to a person; identities are walled off from here, so by its shape."""
    plain = with_plain_dashes(unicodedata.normalize("NFKC", comment))
    found = CONTACT.search(plain)
    if found:
        sentence = f"“{found[0]}”像是电话或邮箱。评价不与您的投诉放在一起，请删去后再提交；要联系，请用进度页上的渠道。"
        raise InvalidInput("没有提交评价。", {"comment": sentence})


def _follow_up(rating: Rating, policy: str, length: int, clause: str, on: datetime.date) -> None:
    open_work(
        rating,
        FOLLOW_UP,
        task=gettext_noop("核实差评，督促整改"),
        title=rating.desk.name,
        url=f"/desk/complaints/ratings/{rating.pk}/",
        desk=rating.above,
        permission=Permission.HANDLE_COMPLAINT,
        due=due(on, length, "workday", calendar_for(rating.desk)),
        clause=clause,
        policy=policy,
        by=VISITOR,
        on=on,
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
