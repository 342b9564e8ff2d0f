"""Personal data as it may be shown: enough to know one's own, too little to learn another's. Plain Python."""

STAR = "*"


def mask_name(name: str) -> str:
    """Return the first character of a person's name and one star: 张*. The length of the name stays unknown."""
    return f"{name[0]}{STAR}" if name else ""


def mask_middle(text: str, head: int, tail: int) -> str:
    """Return `text` with all but `head` first and `tail` last characters starred; too short a text is starred whole."""
    if len(text) <= head + tail:
        return STAR * len(text)
    return f"{text[:head]}{STAR * (len(text) - head - tail)}{text[len(text) - tail :]}"


def mask_phone(phone: str) -> str:
    """Return a mobile as 138****1234, a landline with its area code and last two digits."""
    if "-" in phone:
        area, _, rest = phone.partition("-")
        return f"{area}-{mask_middle(rest, 0, 2)}"
    return mask_middle(phone, 3, 4) if len(phone) >= 11 else mask_middle(phone, 0, 2)


def mask_id(number: str) -> str:
    """Return an identity number with its first three and last two characters."""
    return mask_middle(number, 3, 2)


def mask_account(number: str) -> str:
    """Return a bank account with its last four digits."""
    return mask_middle(number, 0, 4)


def mask_email(address: str) -> str:
    """Return an address as z***@example.com."""
    box, at, host = address.partition("@")
    return f"{box[:1]}***{at}{host}" if at else mask_middle(address, 1, 0)
