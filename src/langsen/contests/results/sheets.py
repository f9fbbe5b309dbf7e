"""Results as Excel."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from langsen.contests.contests.models import Contest, Round
from langsen.contests.results.models import ResultTotals, UnitResult
from langsen.contests.results.queries.pages import lines_of_pages
from langsen.contests.results.queries.parts import PartTable, part_tables
from langsen.contests.results.queries.ranked import PAGE, Ranking, totals_of
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.sheets.kinds import Column, ColumnKind
from langsen.foundation.core.sheets.writing import write_sheet
from langsen.foundation.core.text import moment_text, number_text

SHEET_PAGES = 400
"""Pages of the ranking in one workbook: twenty thousand rows, which take about two seconds to write."""


@dataclass(frozen=True)
class SheetPart:
    """One workbook of a ranking: its number, and the rows it holds."""

    number: int
    first: int
    last: int


def sheet_parts(ranking: Ranking) -> list[SheetPart]:
    """Return the workbooks a ranking is split into; together they hold every place."""
    count = -(-ranking.page_count // SHEET_PAGES)
    rows, whole = SHEET_PAGES * PAGE, ranking.totals.ranked if ranking.totals else 0
    return [SheetPart(one, (one - 1) * rows + 1, min(one * rows, whole)) for one in range(1, count + 1)]


def standings_sheet(contest: Contest, of: Round | None, part: int = 1) -> bytes:
    """Return one of the workbooks of a ranking, as the public reads it.

    Raises:
        NotFound: there is no such part.
    """
    ranking = Ranking(contest, of)
    parts = sheet_parts(ranking)
    if not 1 <= part <= len(parts):
        raise NotFound
    columns = [
        Column("place", _("Place in the standings"), ColumnKind.NUMBER, width=8),
        Column("number", _("Number"), width=14),
        Column("name", _("Full name"), width=28),
        Column("unit", _("Unit"), width=50),
        Column("correct", _("Number of right answers"), ColumnKind.NUMBER, width=12),
        *_own_columns(of),
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
            *((one.seconds, moment_text(one.standing.submitted_at)) if of else (one.standing.rounds,)),
            one.standing.submitted,
            one.standing.all_correct,
        ]
        for one in lines_of_pages(ranking, (part - 1) * SHEET_PAGES + 1, part * SHEET_PAGES)
    )
    notes = [of.title if of else _("Whole contest"), *_as_of(ranking.totals)]
    if len(parts) > 1:
        words = _("Part %(number)s of %(count)s: rows %(first)s to %(last)s of the standings.")
        held = parts[part - 1]
        numbers = {"first": number_text(held.first), "last": number_text(held.last)}
        notes.append(words % {"number": part, "count": len(parts), **numbers})
    return write_sheet(columns, lines, title=contest.title, notes=notes)


def _own_columns(of: Round | None) -> list[Column]:
    """What a round's ranking tells besides, and the whole contest's."""
    if of is None:
        return [Column("rounds", _("Rounds taken part in"), ColumnKind.NUMBER, width=10)]
    return [
        Column("seconds", _("Time taken (seconds)"), ColumnKind.NUMBER, width=12),
        Column("handed_in", _("Handed in"), width=18),
    ]


def parts_sheet(contest: Contest, of: Round | None, *, public: bool) -> bytes:
    """Return the results by unit type, age band and device as a workbook; small groups joined for the public."""
    columns = [
        Column("by", _("Divided by"), width=18),
        Column("group", _("Group"), width=44),
        Column("people", _("People"), ColumnKind.NUMBER, width=12),
        Column("attempts", _("Number of attempts"), ColumnKind.NUMBER, width=12),
        Column("all_correct_people", _("All-correct people"), ColumnKind.NUMBER, width=12),
        Column("all_correct_attempts", _("All-correct attempts"), ColumnKind.NUMBER, width=12),
    ]
    totals = totals_of(contest, of)
    tables = part_tables(totals, public=public)
    notes = [of.title if of else _("Whole contest"), *_as_of(totals), *(str(one.note) for one in tables)]
    return write_sheet(columns, _part_lines(tables), title=contest.title, notes=notes)


def _part_lines(tables: Iterable[PartTable]) -> Iterator[list[object]]:
    for table in tables:
        for line in table.lines:
            yield [str(table.title), line.label, *(line.counts or (line.instead, None, None, None))]


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
    notes = [of.title if of else _("Whole contest"), *_as_of(totals_of(contest, of))]
    return write_sheet(columns, _unit_lines(rows), title=contest.title, notes=notes)


def _unit_lines(rows: Iterable[UnitResult]) -> Iterator[list[object]]:
    for row in rows:
        unit = row.unit
        counts = (row.attempts, row.all_correct_people, row.all_correct_attempts, row.correct_sum)
        yield [row.place, unit.path, unit.kind, row.entrants, unit.head_count, *counts]


def _as_of(totals: ResultTotals | None) -> list[str]:
    return [_("As of %(moment)s") % {"moment": moment_text(totals.made_at)}] if totals else []
