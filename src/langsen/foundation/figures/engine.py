"""Figures of a unit over a period, in one of the two readings."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import Period, month_number, months_of, today
from langsen.foundation.figures.additive import sums, sums_by_month
from langsen.foundation.figures.catalogue import (
    MONTHS_AT_ONCE,
    Additive,
    Distinct,
    Figure,
    Items,
    Ratio,
    Source,
    all_figures,
)
from langsen.foundation.figures.counting import Counts, count_sets, count_sets_by_month
from langsen.foundation.figures.enums import Reading, Scope
from langsen.foundation.figures.members import member_sql, months_sql
from langsen.foundation.orgs.models import OrgClosure, OrgHome, OrgPlacement, OrgUnit
from langsen.foundation.orgs.queries import ensure_homes, home_of


class UnitEnded(BadInput):
    """By today's organisation a unit that has ended has no figures of its own; `home` is where they count."""

    def __init__(self, message: object, home: OrgUnit) -> None:
        super().__init__(message)
        self.home = home


@dataclass(frozen=True)
class Value:
    """One number with its base: `numerator` and `denominator` are set for ratios only.

    `value` is None for a ratio whose base is 0.
    """

    figure: Figure
    value: int | float | None
    numerator: int | None = None
    denominator: int | None = None


@dataclass(frozen=True)
class Row:
    """The figures of one unit or month inside a table; `divided` marks a line of a divided unit."""

    key: str
    name: str
    values: tuple[Value, ...]
    divided: bool = False
    unit: OrgUnit | None = None
    period: Period | None = None


@dataclass(frozen=True)
class Asked:
    """What was asked for; a value object every part of the engine takes."""

    unit: OrgUnit
    period: Period
    reading: Reading = Reading.THEN
    theme_id: int | None = None
    theme_code: str = ""
    figures: tuple[Figure, ...] = field(default_factory=all_figures)

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "unit": self.unit.pk,
            "first": self.period.first,
            "end": self.period.end,
            "last": self.period.last,
            "today": today(),
            "theme": self.theme_id,
        }


def refuse_ended(unit: OrgUnit, reading: Reading, message: str) -> None:
    """Refuse an ended unit by today's organisation; `message` has the slots %(home)s and %(code)s.

    Raises:
        UnitEnded: with the unit's home.
    """
    if reading == Reading.TODAY and not unit.exists_on(today()):
        home = home_of(unit)
        if home != unit:
            raise UnitEnded(message % {"home": home.name, "code": home.code}, home)


def figures_of(asked: Asked) -> tuple[Value, ...]:
    """Return the value of every figure asked for, in catalogue order."""
    ensure_homes()
    if not asked.figures:
        return ()
    return _values(asked, by_unit=False).get(asked.unit.pk) or _zeros(asked)


def rows_by_unit(asked: Asked) -> list[Row]:
    """Return one row per unit directly below and one for the unit itself; additive figures sum to the total.

    By today's organisation a divided unit whose home is here stands as a line of its own.
    """
    ensure_homes()
    found = _values(asked, by_unit=True)
    units = {unit.pk: unit for unit in _row_units(asked, found)}
    divided = set(_divided_here(asked))
    zeros = _zeros(asked)
    rows = [
        Row(unit.code, unit.name, found.get(pk, zeros), divided=pk in divided, unit=unit) for pk, unit in units.items()
    ]
    return sorted(
        rows, key=lambda row: (row.key != asked.unit.code, row.divided, row.unit.sort_key if row.unit else "")
    )


def rows_by_month(asked: Asked) -> list[Row]:
    """Return one row per month of the period, cut at its ends; additive figures sum to the total."""
    ensure_homes()
    zeros = _zeros(asked)
    pieces = months_of(asked.period)
    found: dict[int, tuple[Value, ...]] = {}
    for start in range(0, len(pieces), MONTHS_AT_ONCE):
        found |= _values_by_month(asked, pieces[start : start + MONTHS_AT_ONCE])
    return [
        Row(
            f"{piece.first:%Y-%m}",
            f"{piece.first.month}/{piece.first.year}",
            found.get(month_number(piece.first), zeros),
            period=piece,
        )
        for piece in pieces
    ]


def _divided_here(asked: Asked) -> list[int]:
    """The divided units that are lines of their own at the unit asked about."""
    if asked.reading != Reading.TODAY:
        return []
    lines = OrgHome.objects.filter(home=asked.unit, line__isnull=False)
    return list(lines.values_list("line", flat=True).distinct())


def _row_units(asked: Asked, found: Iterable[int]) -> list[OrgUnit]:
    if asked.reading == Reading.TODAY:
        children = OrgPlacement.objects.filter(parent=asked.unit, during__contains=today())
    else:
        children = OrgPlacement.objects.filter(parent=asked.unit, during__overlap=asked.period.range)
    ids = {asked.unit.pk, *children.values_list("org_unit", flat=True), *_divided_here(asked), *found}
    return list(OrgUnit.objects.filter(pk__in=ids).select_related("kind").order_by("sort_key", "id"))


def _zeros(asked: Asked) -> tuple[Value, ...]:
    return tuple(
        Value(figure, None, 0, 0) if isinstance(figure.count, Ratio) else Value(figure, 0) for figure in asked.figures
    )


def _values(asked: Asked, *, by_unit: bool) -> dict[int, tuple[Value, ...]]:
    """Return every figure for every unit that is a row, or for the unit asked about alone."""

    def members(scope: Scope) -> str:
        return member_sql(asked.reading, scope, by_unit=by_unit)

    return _reckoned(
        asked,
        lambda source, scope: sums(source, members(scope), asked.parameters),
        lambda sets, scope: count_sets(sets, members(scope), asked.parameters),
    )


def _values_by_month(asked: Asked, pieces: Sequence[Period]) -> dict[int, tuple[Value, ...]]:
    """Return every figure for the number of every month in `pieces`, which follow each other."""
    parameters = {
        **replace(asked, period=Period(pieces[0].first, pieces[-1].last)).parameters,
        "firsts": [piece.first for piece in pieces],
        "lasts": [piece.last for piece in pieces],
    }

    def members(scope: Scope) -> str:
        return member_sql(asked.reading, scope, by_unit=False)

    def added(source: Source, scope: Scope) -> dict[int, dict[str, int]]:
        found = sums_by_month(source, members(scope), parameters)
        return {month_number(start): row for start, row in found.items()}

    def counted(sets: Sequence[Items], scope: Scope) -> Counts:
        return count_sets_by_month(sets, members(scope), months_sql(asked.reading, scope), parameters)

    return _reckoned(asked, added, counted)


def _reckoned(
    asked: Asked,
    added: Callable[[Source, Scope], dict[int, dict[str, int]]],
    counted: Callable[[Sequence[Items], Scope], Counts],
) -> dict[int, tuple[Value, ...]]:
    """Reckon every figure for every row; a source is added up once per scope, a set counted once."""
    additive: dict[tuple[Source, Scope], dict[int, dict[str, int]]] = {}
    sets: dict[Scope, list[Items]] = {}
    for figure in asked.figures:
        if not isinstance(figure.count, Additive):
            sets.setdefault(figure.scope, []).extend(_sets_of(figure))
        elif (figure.count.source, figure.scope) not in additive:
            additive[figure.count.source, figure.scope] = added(figure.count.source, figure.scope)
    counts = {
        (items, scope): groups for scope, wanted in sets.items() for items, groups in counted(wanted, scope).items()
    }
    groups = set().union(*additive.values(), *counts.values())
    return {group: tuple(_value(figure, group, additive, counts) for figure in asked.figures) for group in groups}


def _sets_of(figure: Figure) -> Sequence[Items]:
    if isinstance(figure.count, Distinct):
        return (figure.count.items,)
    assert isinstance(figure.count, Ratio)
    return (figure.count.numerator, figure.count.denominator)


def _value(
    figure: Figure,
    group: int,
    additive: Mapping[tuple[Source, Scope], Mapping[int, Mapping[str, int]]],
    counted: Mapping[tuple[Items, Scope], Mapping[int, int]],
) -> Value:
    if isinstance(figure.count, Additive):
        total = additive[figure.count.source, figure.scope].get(group)
        return Value(figure, total[figure.count.column] if total else 0)
    counts = [counted[items, figure.scope].get(group, 0) for items in _sets_of(figure)]
    if isinstance(figure.count, Distinct):
        return Value(figure, counts[0])
    numerator, denominator = counts
    return Value(figure, round(numerator / denominator, 6) if denominator else None, numerator, denominator)


def units_counted(unit: OrgUnit, day: date) -> int:
    """Return how many units stand below `unit` on `day`, itself not counted."""
    return OrgClosure.objects.filter(ancestor=unit, during__contains=day, depth__gt=0).count()
