"""The part of the tree an operation touches, as it stands on one day: small enough to be read in a meeting."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from langsen.foundation.orgs.models import OrgClosure, OrgName, OrgPlacement, OrgUnit

_SHOWN = 8  # units shown below one superior; the rest are a number
_DEEPEST = 5


@dataclass(frozen=True)
class Step:
    """One unit on the day: what it is called, under whom, how many stand below, and what differs from the other day.

    `existed`: it is there on the other day too. `mark`: "" | "new" | "ends" | "moves" | "renamed".
    """

    pk: int
    code: str
    name: str
    superior_pk: int | None
    superior_code: str
    superior: str
    below: int
    existed: bool
    mark: str


@dataclass(frozen=True)
class Line:
    """A line of the drawn tree; `more` counts units that are not drawn."""

    depth: int
    name: str
    code: str = ""
    mark: str = ""
    more: int = 0


@dataclass(frozen=True)
class Branch:
    """The touched units on one day and the lines that draw them below their superiors."""

    day: date
    by_unit: dict[int, Step] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def branch_of(units: Sequence[OrgUnit], day: date, other: date) -> Branch:
    """Return these units as they stand on `day`, marked by how they stand on the `other` day beside it."""
    here, there = _placements(units, day), _placements(units, other)
    names, other_names = _names(here.values(), day), _names(there.values(), other)
    below = dict(
        OrgClosure.objects.filter(ancestor__in=list(here), during__contains=day, depth__gt=0)
        .order_by()
        .values_list("ancestor")
        .annotate(Count("id"))
    )
    later = day > other
    steps = {}
    for pk, row in here.items():
        unit, parent, twin = row.org_unit, row.parent, there.get(pk)
        name = names.get(pk, unit.name)
        mark = ""
        if twin is None:
            mark = "new" if later else "ends"
        elif twin.parent_id != row.parent_id:
            mark = "moves"
        elif later and other_names.get(pk, unit.name) != name:
            mark = "renamed"
        steps[pk] = Step(
            pk,
            unit.code,
            name,
            row.parent_id,
            parent.code if parent else "",
            names.get(parent.pk, parent.name) if parent else "",
            below.get(pk, 0),
            twin is not None,
            mark,
        )
    return Branch(day, steps, list(_drawn(steps)))


def _placements(units: Sequence[OrgUnit], day: date) -> dict[int, OrgPlacement]:
    rows = OrgPlacement.objects.filter(org_unit__in=units, during__contains=day)
    rows = rows.select_related("org_unit", "parent").order_by("org_unit__sort_key", "org_unit_id")
    return {row.org_unit_id: row for row in rows}


def _names(rows: Iterable[OrgPlacement], day: date) -> dict[int, str]:
    ids = {pk for row in rows for pk in (row.org_unit_id, row.parent_id) if pk}
    return dict(OrgName.objects.filter(org_unit__in=ids, during__contains=day).values_list("org_unit_id", "name"))


def _drawn(steps: dict[int, Step]) -> Iterator[Line]:
    """Draw each touched unit below its superior; superiors that are not touched stand at the top."""
    below: dict[int | None, list[Step]] = {}
    for step in steps.values():
        below.setdefault(step.superior_pk, []).append(step)
    tops = [superior for superior in below if superior not in steps]
    for top in tops:
        if top is None:
            yield from _lines(below[None], below, 0)
        else:
            first = below[top][0]
            yield Line(0, first.superior, first.superior_code)
            yield from _lines(below[top], below, 1)


def _lines(steps: Sequence[Step], below: dict[int | None, list[Step]], depth: int) -> Iterator[Line]:
    for step in steps[:_SHOWN]:
        yield Line(depth, step.name, step.code, step.mark)
        if depth < _DEEPEST:
            yield from _lines(below.get(step.pk, []), below, depth + 1)
    if len(steps) > _SHOWN:
        yield Line(depth, "", more=len(steps) - _SHOWN)
