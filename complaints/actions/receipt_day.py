"""The day on which a complaint came in, as an officer enters it: its clocks run from that day (期限从收到之日起算)."""

import datetime

from bases.models import Base
from portal.accounts.capacity import Capacity
from portal.policies.loader import pack_in_force
from portal.policies.timeline import NoPolicyInForce

UNASKED_DAYS = 60  # further back it is more often a slip of the year than a letter that lay about


def wrong_day(
    base: Base, received_on: datetime.date | None, *, by: Capacity, on: datetime.date, sure: bool
) -> dict[str, str]:
    """Return what is wrong with the day of receipt as {field: sentence}, empty where nothing is.

    A day long past is taken once the officer says to be `sure`: with it the terms are over before anybody begins.
    """
    if received_on is None:
        return {}
    if by.kind != "officer" or received_on > on:
        return {"received_on": f"收到日期 {received_on} 晚于今天 {on}，请照来信、来电记录填写。"}
    try:
        pack_in_force(at=base.jurisdiction, on=received_on)
    except NoPolicyInForce:
        return {"received_on": f"收到日期 {received_on} 那一天，本地还没有可以适用的政策文件，请核对年份。"}
    days = (on - received_on).days
    if days > UNASKED_DAYS and not sure:
        sentence = f"收到日期 {received_on} 是 {days} 天以前，期限从那一天起算，受理可能已经逾期。"
        return {"sure": f"{sentence}写错的，请改收到日期；没有写错的，请勾选这一项，再登记。"}
    return {}
