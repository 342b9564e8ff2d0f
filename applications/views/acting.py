"""Who acts on a page: the capacity, and for operators the operator itself."""

from typing import cast

from django.http import HttpRequest

from bases.models import Operator
from portal.accounts.capacity import Capacity
from portal.accounts.decorators import PersonRequest


def capacity_of(request: HttpRequest) -> Capacity:
    """Return in what capacity the person acts (set by CapacityMiddleware)."""
    return cast(PersonRequest, request).capacity


def operator_of(request: HttpRequest) -> Operator:
    """Return the operator the person represents. Only for views marked `operator_view`."""
    return cast(Operator, capacity_of(request).operator)
