"""The tree of an invented store: units by COPY, closure and homes by the program's own rebuild."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from bench.world.inserting import copy_with_defaults, loading, settle_sequence
from bench.world.shape import Shape
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import fold
from langsen.foundation.orgs.homes import rebuild_closure, rebuild_homes, unit_sort_key
from langsen.foundation.orgs.models import OrgClosure, OrgHome, OrgName, OrgPlacement, OrgUnit, UnitKind
from langsen.foundation.orgs.queries import lock_tree

OPENED = date(2020, 1, 1)
ROOT = 1


@dataclass(frozen=True)
class Unit:
    """A unit to be: `moved_on` is the day it came from the unit before its parent, if it ever moved."""

    pk: int
    parent: int | None
    kind: str
    code: str
    name: str
    from_on: date = OPENED
    moved_on: date | None = None
    before: int | None = None


def plant(shape: Shape) -> None:
    """Write the units, their names and placements, then derive closure and homes."""
    units = list(_units(shape))
    kinds = dict(UnitKind.objects.values_list("code", "pk"))
    with loading(OrgUnit, OrgName, OrgPlacement):
        copy_with_defaults(
            OrgUnit,
            ("id", "code", "name", "folded", "sort_key", "kind_id", "during"),
            ((u.pk, u.code, u.name, fold(u.name), unit_sort_key(u.name), kinds[u.kind], _days(u)) for u in units),
        )
        copy_with_defaults(
            OrgName,
            ("org_unit_id", "name", "folded", "during"),
            ((u.pk, u.name, fold(u.name), _days(u)) for u in units),
        )
        copy_with_defaults(OrgPlacement, ("org_unit_id", "parent_id", "during"), _placements(units))
    settle_sequence(OrgUnit)
    with loading(OrgClosure, OrgHome):
        lock_tree()
        rebuild_closure([ROOT])
        rebuild_homes(today())


def _days(unit: Unit) -> DateRange:
    return DateRange(unit.from_on, None)


def _placements(units: list[Unit]) -> Iterator[tuple[int, int | None, DateRange]]:
    for unit in units:
        if unit.moved_on:
            yield unit.pk, unit.before, DateRange(unit.from_on, unit.moved_on)
            yield unit.pk, unit.parent, DateRange(unit.moved_on, None)
        else:
            yield unit.pk, unit.parent, _days(unit)


def _units(shape: Shape) -> Iterator[Unit]:
    provinces = range(2, 2 + shape.provinces)
    communes = range(provinces.stop, provinces.stop + shape.communes)
    grassroots = range(communes.stop, communes.stop + shape.grassroots)
    cells = range(grassroots.stop, grassroots.stop + shape.cells)
    yield Unit(ROOT, None, "central", "TW", "Trung ương mẫu")
    for number, pk in enumerate(provinces, 1):
        yield Unit(pk, ROOT, "province", f"T{number}", f"Tỉnh ủy mẫu {number}")
    shares = _uneven(shape.communes, shape.provinces)
    for number, pk in enumerate(communes, 1):
        yield Unit(pk, provinces[shares[number - 1]], "commune", f"X{number}", f"Đảng ủy xã mẫu {number}")
    for number, pk in enumerate(grassroots, 1):
        parent = communes[(number - 1) % shape.communes]
        yield Unit(pk, parent, "grassroots_committee", f"D{number}", f"Đảng bộ cơ sở mẫu {number}")
    for number, pk in enumerate(cells, 1):
        yield _cell(number, pk, grassroots, shape)


def _cell(number: int, pk: int, grassroots: range, shape: Shape) -> Unit:
    """Of fifty cells one was founded and one moved to the next committee, each on a day of its own."""
    parent = grassroots[(number - 1) % shape.grassroots]
    name, code = f"Chi bộ mẫu {number}", f"C{number}"
    somewhen = shape.first + timedelta(days=number * 7 % (shape.last - shape.first).days)
    if number % 50 == 7:
        return Unit(pk, parent, "cell", code, name, from_on=somewhen)
    if number % 50 == 11:
        before = grassroots[number % shape.grassroots]
        return Unit(pk, parent, "cell", code, name, moved_on=somewhen, before=before)
    return Unit(pk, parent, "cell", code, name)


def _uneven(communes: int, provinces: int) -> list[int]:
    """Share communes out about as unevenly as the country does: the first province has three times the last."""
    weights = [300 - 200 * index // max(provinces - 1, 1) for index in range(provinces)]
    total = sum(weights)
    bounds = [communes * sum(weights[: index + 1]) // total for index in range(provinces)]
    return [next(index for index, bound in enumerate(bounds) if number < bound) for number in range(communes)]
