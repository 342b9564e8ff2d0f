"""What may be told without pointing at somebody (reliability §6 K): small numbers not at all, days by their week."""

import datetime


def suppressed(n: int, below: int) -> int | None:
    """Return the number as it may be published: none and `below` or more as they are, what lies between not at all."""
    return None if 0 < n < below else n


def suppressed_part(part: int, whole: int, below: int) -> int | None:
    """Return one part of a whole that is published too: not where it, or what is left of the whole, is too small."""
    return None if suppressed(part, below) is None or suppressed(whole - part, below) is None else part


def week_of(day: datetime.date) -> datetime.date:
    """Return the Monday of the week a day lies in: seven days for every day told, at the ends of a month too."""
    return day - datetime.timedelta(days=day.weekday())
