"""Results as Excel."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from langsen.contests.contests.models import Contest, Round
from langsen.contests.results.models import UnitResult
from langsen.contests.results.queries.pages import Shown, totals_of
from langsen.contests.results.queries.ranked import ranked_standings, with_places
from langsen.contests.results.rules import published_name
from langsen.foundation.core.sheets.kinds import Column, ColumnKind
from langsen.foundation.core.sheets.writing import write_sheet
from langsen.foundation.core.text import moment_text

MOST_LINES = 5_000


def first_lines(contest: Contest, of: Round | None, count: int) -> list[Shown]:
    """Return the first lines of the ranking as the public reads them."""
    rows = list(ranked_standings(contest, of).select_related("entrant__unit")[:count])
    return [
        Shown(
            place,
            row.entrant.public_number,
            published_name(row.entrant, contest),
            row.entrant.unit.path if row.entrant.unit else "",
            row,
        )
        for place, row in with_places(rows, 1, 0)
    ]


def standings_sheet(contest: Contest, of: Round | None) -> bytes:
    """Return the first five thousand places as a workbook; all of them are in the bundle."""
    columns = [
        Column("place", _("Place in the standings"), ColumnKind.NUMBER, width=8),
        Column("number", _("Number"), width=14),
        Column("name", _("Full name"), width=28),
        Column("unit", _("Unit"), width=50),
        Column("correct", _("Number of right answers"), ColumnKind.NUMBER, width=12),
        Column("attempts", _("Number of attempts"), ColumnKind.NUMBER, width=10),
        Column("all_correct", _("All-correct attempts"), ColumnKind.NUMBER, width=12),
    ]
    lines = (
        [
            one.place,
            one.number,
            one.name,
            one.unit,
            one.standing.correct,
            one.standing.submitted,
            one.standing.all_correct,
        ]
        for one in first_lines(contest, of, MOST_LINES)
    )
    notes = [of.title if of else _("Whole contest"), *_as_of(contest, of)]
    return write_sheet(columns, lines, title=contest.title, notes=notes)


def units_sheet(contest: Contest, of: Round | None, rows: Iterable[UnitResult]) -> bytes:
    """Return a table of units as a workbook, numerators and denominators apart."""
    columns = [
        Column("place", _("Place in the standings"), ColumnKind.NUMBER, width=8),
        Column("unit", _("Unit"), width=60),
        Column("kind", _("Kind"), width=24),
        Column("entrants", _("Entrants"), ColumnKind.NUMBER, width=12),
        Column("head_count", _("Head count"), ColumnKind.NUMBER, width=12),
        Column("attempts", _("Number of attempts"), ColumnKind.NUMBER, width=12),
        Column("all_correct_people", _("All-correct people"), ColumnKind.NUMBER, width=12),
        Column("all_correct_attempts", _("All-correct attempts"), ColumnKind.NUMBER, width=12),
        Column("correct_sum", _("Right answers added up"), ColumnKind.NUMBER, width=14),
    ]
    notes = [of.title if of else _("Whole contest"), *_as_of(contest, of)]
    return write_sheet(columns, _unit_lines(rows), title=contest.title, notes=notes)


def _unit_lines(rows: Iterable[UnitResult]) -> Iterator[list[object]]:
    for row in rows:
        unit = row.unit
        counts = (row.attempts, row.all_correct_people, row.all_correct_attempts, row.correct_sum)
        yield [row.place, unit.path, unit.kind, row.entrants, unit.head_count, *counts]


def _as_of(contest: Contest, of: Round | None) -> list[str]:
    totals = totals_of(contest, of)
    return [_("As of %(moment)s") % {"moment": moment_text(totals.made_at)}] if totals else []
