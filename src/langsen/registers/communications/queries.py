"""Outputs a person may see, narrowed as the filter bar of the list asks."""

from dataclasses import dataclass

from django.db.models import QuerySet

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotFound
from langsen.registers.communications.models import Output
from langsen.registers.kit.queries import Narrowing, narrowed, of_units

SORTS = {
    "day": ("published_on", "id"),
    "title": ("folded", "id"),
    "unit": ("org_unit__sort_key", "published_on", "id"),
}


@dataclass(frozen=True)
class Filters(Narrowing):
    """What the list is narrowed to."""

    kind: str = ""
    status: str = ""


def outputs_for(user: User, filters: Filters | None = None) -> QuerySet[Output]:
    """Return the outputs of units in which `user` may see them, newest first."""
    outputs = of_units(Output.objects.select_related("org_unit"), user, Permission.COMMUNICATIONS_READ)
    outputs = outputs.order_by("-published_on", "-id")
    if filters is None:
        return outputs
    same = {"kind": filters.kind, "status": filters.status}
    outputs = outputs.filter(**{name: value for name, value in same.items() if value})
    return narrowed(outputs, filters, day="published_on")


def output_for(user: User, pk: int) -> Output:
    """Return one output.

    Raises:
        NotFound: there is none, or it may not be seen; the two look the same.
    """
    output = outputs_for(user).select_related("recorded_by").filter(pk=pk).first()
    if output is None:
        raise NotFound
    return output
