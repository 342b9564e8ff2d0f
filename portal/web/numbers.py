"""Whole numbers as they stand in addresses and forms, and sizes of files as people read them."""

MOST_DIGITS = 18  # every such number fits the database's bigint


def whole_number(text: str) -> int | None:
    """Return a number written in plain digits; None for anything else, so for “²”, a sign, or what no record can have.

    `str.isdigit` alone is no test: it holds for digits that `int` cannot read, and `int` refuses very long ones.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def file_size(octets: int) -> str:
    """Return the size of a file, the same on every page and paper: KB up to one MB, MB above it."""
    return f"{octets / 1024**2:.1f} MB" if octets >= 1024**2 else f"{max(octets / 1024, 1):.0f} KB"
