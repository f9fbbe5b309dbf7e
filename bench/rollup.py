"""A quarter and two years of the whole tree: the program against the best of several queries written by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from bench import hand
from bench.table import Table, interleaved, milliseconds, ratio, timed
from langsen.foundation.core.periods import Period, quarter
from langsen.foundation.figures.additive import sums
from langsen.foundation.figures.catalogue import figure_by_code
from langsen.foundation.figures.engine import Asked, figures_of, rows_by_month, rows_by_unit
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import unit_by_code
from langsen.registers.study.figures import STUDY
from langsen.registers.study.models import TOTAL_COLUMNS, Attendance, SessionPoint, StudySession

TWO_YEARS = Period(date(2021, 5, 18), date(2023, 5, 17))
QUARTER = quarter(2022, 3)


def measure_rollups(table: Table) -> None:
    """Time the figures of every province and commune, then what is asked about people."""
    records = StudySession.objects.count() + SessionPoint.objects.count()
    table.add(
        "records in the store",
        f"{records:,}",
        note=f"sessions and points in {OrgUnit.objects.filter(kind__is_cell=True).count():,} cells, "
        f"{Attendance.objects.count():,} names on rolls",
    )
    _against_hand(table, "a quarter, 20 figures, every province and commune", QUARTER, most=0.3)
    _against_hand(table, "18/5/2021-17/5/2023, 20 figures, every province and commune", TWO_YEARS, most=0.8)
    _people(table)
    _one_province(table)


# Every unit of the two levels below, each with all that stood under it on the days it did.
_FROM = "greatest(lower(p.during), lower(c.during), %(first)s::date)"
_UNTIL = "least(upper(p.during), upper(c.during), %(end)s::date)"
_TWO_DEEP = f"""
SELECT c.descendant_id AS unit_id, p.descendant_id AS grp, {_FROM} AS f, {_UNTIL} AS t
FROM orgs_orgclosure p
JOIN orgs_orgclosure c ON c.ancestor_id = p.descendant_id AND c.during && daterange(%(first)s, %(end)s)
WHERE p.ancestor_id = %(unit)s AND p.depth IN (1, 2) AND p.during && daterange(%(first)s, %(end)s)
  AND {_FROM} < {_UNTIL}
"""


def table_of_country(period: Period) -> dict[int, dict[str, int]]:
    """Return the 20 sums of every province and every unit below one: the engine's adding up, one statement."""
    return sums(STUDY, _TWO_DEEP, Asked(unit_by_code("TW"), period).parameters)


def _against_hand(table: Table, name: str, period: Period, *, most: float) -> None:
    parameters = Asked(unit_by_code("TW"), period).parameters
    same_numbers(period)
    best_name, best = _best({name: partial(hand.rows, sql, parameters) for name, sql in hand.ROLL_UPS.items()})
    ours, theirs = interleaved(partial(table_of_country, period), best)
    units = len(hand.rows(hand.ROLL_UPS[best_name], parameters))
    table.add(f"{name}: the program", milliseconds(ours), note=f"{units:,} units")
    table.add(f"{name}: by hand over rows", milliseconds(theirs), note=f"best of {len(hand.ROLL_UPS)}: {best_name}")
    table.hold(name, ratio(ours, theirs), most=most, against="the best query by hand")


def same_numbers(period: Period) -> None:
    """Both sides must say the same before either is timed.

    Raises:
        AssertionError: a unit whose numbers differ.
    """
    ours = table_of_country(period)
    for sql in hand.ROLL_UPS.values():
        for unit, *values in hand.rows(sql, Asked(unit_by_code("TW"), period).parameters):
            theirs = dict(zip(TOTAL_COLUMNS, map(int, values), strict=True))
            if ours.get(unit, dict.fromkeys(TOTAL_COLUMNS, 0)) != theirs:
                raise AssertionError(f"unit {unit}: {ours.get(unit)} is not {theirs}")


def _best(sides: dict[str, Callable[[], object]], *, rounds: int = 2) -> tuple[str, Callable[[], object]]:
    times = {name: min(timed(side) for _ in range(rounds)) for name, side in sides.items()}
    name = min(times, key=lambda one: times[one])
    return name, sides[name]


def _people(table: Table) -> None:
    asked = Asked(unit_by_code("T1"), TWO_YEARS, figures=(figure_by_code("study.participants"),))
    count = figures_of(asked)[0].value
    for name, sql in hand.COUNTS.items():
        if hand.rows(sql, asked.parameters)[0][0] != count:
            raise AssertionError(f"people {name}: not {count}")
    name, best = _best({name: partial(hand.rows, sql, asked.parameters) for name, sql in hand.COUNTS.items()})
    ours, theirs = interleaved(lambda: figures_of(asked), best)
    table.add("different people of a province in two years: the program", milliseconds(ours), note=f"{count:,} people")
    table.add("different people of a province in two years: by hand", milliseconds(theirs), note=f"best of 2: {name}")
    table.hold("different people of a province", ratio(ours, theirs), most=1.3, against="the best query by hand")


def _one_province(table: Table) -> None:
    asked = Asked(unit_by_code("T1"), TWO_YEARS)
    rate = replace(asked, figures=(figure_by_code("study.participation_rate"),))
    for name, work in {
        "one province, two years: all figures": lambda: figures_of(asked),
        "one province, two years: share who took part": lambda: figures_of(rate),
        "one province, two years: by unit": lambda: rows_by_unit(asked),
        "one province, two years: by month (25 months, ratios and people too)": lambda: rows_by_month(asked),
    }.items():
        table.add(name, milliseconds(interleaved(work, rounds=1)[0]), note="once")
