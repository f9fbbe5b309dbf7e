"""Tables of units: everybody counts in their own unit and in every unit above it; compared units are ranked.

Ranked by: `entrants`, how many took part; `rate`, those divided by the unit's head count; `average_best`, the sum of
their counted results divided by how many they are. Each value is kept as numerator and denominator.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from langsen.contests.results.engine.facts import StandingFacts, UnitFacts


@dataclass(slots=True)
class UnitRow:
    """What one unit's entrants did, those of the units below it included; `place` among the compared ones."""

    code: str
    entrants: int = 0
    attempts: int = 0
    all_correct_people: int = 0
    all_correct_attempts: int = 0
    correct_sum: int = 0
    head_count: int | None = None
    place: int | None = None

    def take(self, other: "UnitRow") -> None:
        """Add what another row counted."""
        self.entrants += other.entrants
        self.attempts += other.attempts
        self.all_correct_people += other.all_correct_people
        self.all_correct_attempts += other.all_correct_attempts
        self.correct_sum += other.correct_sum

    def value(self, ranked_by: str) -> tuple[int, int] | None:
        """Return numerator and denominator of what units are ranked by; None when it cannot be said."""
        if ranked_by == "entrants":
            return self.entrants, 1
        base = self.head_count if ranked_by == "rate" else self.entrants
        top = self.entrants if ranked_by == "rate" else self.correct_sum
        return (top, base) if base else None


def own_rows(standings: Iterable[StandingFacts], unit_of: Callable[[int], str | None]) -> dict[str, UnitRow]:
    """Return what the entrants of each unit itself did; whoever named no unit is left out."""
    rows: dict[str, UnitRow] = {}
    for standing in standings:
        code = unit_of(standing.entrant)
        if code is None:
            continue
        row = rows.setdefault(code, UnitRow(code))
        row.entrants += 1
        row.attempts += standing.submitted
        row.all_correct_people += standing.all_correct > 0
        row.all_correct_attempts += standing.all_correct
        row.correct_sum += standing.correct
    return rows


def unit_table(own: Mapping[str, UnitRow], units: Mapping[str, UnitFacts], ranked_by: str) -> dict[str, UnitRow]:
    """Return a row for every unit of the list, the units below added in, the compared ones with their place."""
    table = {code: UnitRow(code, head_count=unit.head_count) for code, unit in units.items()}
    for code, row in own.items():
        seen: set[str] = set()
        above: str | None = code
        while above is not None and above in table and above not in seen:
            seen.add(above)
            table[above].take(row)
            above = units[above].parent
    _give_places(table, units, ranked_by)
    return table


def ranked_units(table: Mapping[str, UnitRow], units: Mapping[str, UnitFacts], ranked_by: str) -> list[UnitRow]:
    """Return the compared units that have a value, best first; equal ones by their code."""
    compared = [table[code] for code, unit in units.items() if unit.compared == code]
    able = [row for row in compared if row.entrants and row.value(ranked_by) is not None]
    return sorted(able, key=lambda row: (order_key(row, ranked_by), row.code))


def order_key(row: UnitRow, ranked_by: str) -> Fraction:
    """Return what units are sorted by, smaller is better."""
    top, base = row.value(ranked_by) or (0, 1)
    return -Fraction(top, base)


def _give_places(table: dict[str, UnitRow], units: Mapping[str, UnitFacts], ranked_by: str) -> None:
    before: Fraction | None = None
    place = 0
    for count, row in enumerate(ranked_units(table, units, ranked_by), start=1):
        value = order_key(row, ranked_by)
        if value != before:
            place, before = count, value
        row.place = place
