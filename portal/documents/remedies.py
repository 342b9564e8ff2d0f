"""How a letter names the remedies against a decision (救济途径): both, with term, law and where to turn."""

RECONSIDERATION_DAYS = 60  # 行政复议法第二十条
SUIT_MONTHS = 6  # 行政诉讼法第四十六条


def remedies(since: str, *, to: str = "", days: int = RECONSIDERATION_DAYS, months: int = SUIT_MONTHS) -> str:
    """Return what who is concerned may do within which time, counted from the day named by `since` (收到本决定书之日).

    `to` is who reconsiders, left out where that is not told; `days` and `months` are what the pack of the case says.
    """
    whom = f"，向{to}" if to else ""
    return (
        f"可以自{since}起{days}日内{whom}申请行政复议（《行政复议法》第二十条）；"
        f"也可以自{since}起{months}个月内，依法向有管辖权的人民法院提起行政诉讼（《行政诉讼法》第四十六条）。"
    )
