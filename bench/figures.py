"""Figures of the demonstration's province: with the cache against the same sums from records, both in one run."""

from dataclasses import replace
from datetime import date

from django.db import transaction

from bench.table import Table, interleaved, milliseconds, ratio
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import Period
from langsen.foundation.figures.additive import sums
from langsen.foundation.figures.cache import check
from langsen.foundation.figures.catalogue import figure_by_code
from langsen.foundation.figures.engine import Asked, figures_of, rows_by_month, rows_by_unit
from langsen.foundation.figures.enums import Reading, Scope
from langsen.foundation.figures.members import member_sql
from langsen.foundation.orgs.queries import unit_by_code
from langsen.registers.study.bulk import NewPoint, NewSession, record_sessions
from langsen.registers.study.figures import STUDY

TWO_YEARS = Period(date(2021, 5, 18), date(2023, 5, 17))


def measure_figures(table: Table) -> None:
    """Time what a province asks for most, and what one recording costs."""
    asked = Asked(unit_by_code("LCH"), TWO_YEARS)
    _sums(table, asked)
    rate = replace(asked, figures=(figure_by_code("study.participation_rate"),))
    today = replace(asked, reading=Reading.TODAY)
    for name, work in {
        "all 24 figures, province, two years, then": lambda: figures_of(asked),
        "all 24 figures, province, two years, today": lambda: figures_of(today),
        "participation rate (31.615 people) alone": lambda: figures_of(rate),
        "by unit": lambda: rows_by_unit(asked),
        "by month (25 rows)": lambda: rows_by_month(asked),
        "recording one session with its figures": _record_and_undo,
        "cache check, every row": lambda: check(STUDY),
    }.items():
        table.add(name, milliseconds(interleaved(work)[0]))


def _sums(table: Table, asked: Asked) -> None:
    member = member_sql(Reading.THEN, Scope.BELOW, by_unit=False)
    kept, records = interleaved(
        lambda: sums(STUDY, member, asked.parameters),
        lambda: sums(STUDY, member, asked.parameters, from_records=True),
    )
    table.add(
        "20 sums of 8.199 sessions from the cache",
        milliseconds(kept),
        f"{ratio(kept, records)} from records",
        "the nation-wide ratio is measured with the next issue's generator",
    )


def _record_and_undo() -> None:
    unit = unit_by_code("LCH")
    with transaction.atomic():
        point = NewPoint(unit, {"members": 30}, is_main=True)
        record_sessions(
            [NewSession(unit, "thematic_meeting", "Đo tốc độ", date(2023, 3, 3), [point])], by=system_user()
        )
        transaction.set_rollback(True)
