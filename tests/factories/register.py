"""Operators and bases."""

from itertools import count

from bases.models import Base, Operator
from portal import uscc
from portal.jurisdictions.models import Jurisdiction
from tests.factories.people import place

_numbers = count(1)


def fresh_uscc() -> str:
    """Return a code that is well formed, whose check character is right, and that nobody else has."""
    first17 = f"91520103MA{next(_numbers):07d}"
    return first17 + uscc.check_character(first17)


def operator(code: str | Jurisdiction = "520103", name: str = "", **fields: object) -> Operator:
    """Return a saved operator in a county."""
    number = next(_numbers)
    return Operator.objects.create(
        jurisdiction=place(code), name=name or f"第{number}号创业服务有限公司", uscc=fresh_uscc(), **fields
    )


def base(code: str | Jurisdiction = "520103", *, run_by: Operator | None = None, **fields: object) -> Base:
    """Return a saved base in a county with its operator."""
    number = next(_numbers)
    return Base.objects.create(
        jurisdiction=place(code),
        operator=run_by or operator(code),
        **{"name": f"第{number}号创业孵化基地", **fields},
    )
