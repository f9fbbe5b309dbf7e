"""Finding the header of a list and saying which of its columns is which of ours."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.sheets.cells import (
    CellFault,
    as_count,
    as_day,
    as_day_or_year,
    as_lines,
    as_number,
    as_text,
)
from langsen.foundation.core.sheets.kinds import Column, ColumnKind, SheetRow
from langsen.foundation.core.sheets.reading import Cell, RawRow, RawSheet
from langsen.foundation.core.text import fold

SEARCHED_ROWS = 20
_MAX_HEADER_HEIGHT = 3
_READERS = {
    ColumnKind.DAY: as_day,
    ColumnKind.DAY_OR_YEAR: as_day_or_year,
    ColumnKind.NUMBER: as_number,
    ColumnKind.PERCENT: as_number,
    ColumnKind.COUNT: as_count,
}


@dataclass(frozen=True)
class Header:
    """The heading of each column (index in the file), the rows above the data, and the data."""

    titles: dict[int, str]
    above: list[RawRow]
    rows: list[RawRow]

    @property
    def signature(self) -> str:
        """The same for files with the same headings, whatever stands above and below."""
        words = "\n".join(f"{index}:{_bare(title)}" for index, title in sorted(self.titles.items()))
        return hashlib.sha256(words.encode()).hexdigest()

    def example(self, index: int) -> str:
        """The first value of the column, to choose it by example."""
        for row in self.rows[:30]:
            value = row.cells[index] if index < len(row.cells) else ""
            if not is_blank(value):
                return _shown(value)[:40]
        return ""


def is_blank(value: Cell) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _shown(value: Cell) -> str:
    try:
        return as_text(value, 20_000)
    except CellFault as fault:
        return str(fault)


def _bare(title: str) -> str:
    """A heading for comparison: folded, without numbers of order, brackets and punctuation."""
    return " ".join(re.sub(r"\([^)]*\)|[^a-z0-9 ]", " ", fold(title)).split())


def _names(column: Column) -> set[str]:
    return {_bare(str(name)) for name in (column.label, column.key, *column.aliases)} - {""}


def guess_mapping(titles: Mapping[int, str], columns: Sequence[Column]) -> dict[str, int]:
    """Return {our key: column index} for the headings that are called as one of ours is."""
    mapping: dict[str, int] = {}
    for column in columns:
        names = _names(column)
        for index, title in sorted(titles.items()):
            parts = {_bare(title), _bare(title.rsplit("/", 1)[-1])}
            if index not in mapping.values() and parts & names:
                mapping[column.key] = index
                break
    return mapping


def find_header(sheets: Sequence[RawSheet], columns: Sequence[Column]) -> Header:
    """Return the header that knows the most of our columns, among the first 20 rows of each sheet.

    Without any match the first row with at least two texts is taken, and the person maps the columns by example.

    Raises:
        BadInput: nothing is there to read.
    """
    best: tuple[int, Header] | None = None
    for sheet in sheets:
        for place, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
            header = _header_at(sheet, place)
            score = 10 * len(guess_mapping(header.titles, columns)) + (_texts(row) >= 2)
            if score and (best is None or score > best[0]):
                best = (score, header)
    if best is None or not best[1].titles:
        raise BadInput(_("No heading and no rows were found in the first %(rows)s rows.") % {"rows": SEARCHED_ROWS})
    if not best[1].rows:
        raise BadInput(_("The sheet has a heading but no rows below it."))
    return best[1]


def _texts(row: RawRow) -> int:
    return sum(isinstance(value, str) and bool(value.strip()) for value in row.cells)


def _header_at(sheet: RawSheet, place: int) -> Header:
    """Read the row at `place` as heading, with the rows it is merged over."""
    top = sheet.rows[place].number - 1
    ranges = [merged for merged in sheet.merged if merged[0] <= top <= merged[2]]
    bottom = min(max([top, *(merged[2] for merged in ranges)]), top + _MAX_HEADER_HEIGHT - 1)
    head = [row for row in sheet.rows[place : place + _MAX_HEADER_HEIGHT] if row.number - 1 <= bottom]
    titles: dict[int, list[str]] = {}
    for row in head:
        for index, value in enumerate(_filled(row, sheet.merged)):
            words = _shown(value)[:200] if not is_blank(value) else ""
            if words and words not in titles.setdefault(index, []):
                titles[index].append(words)
    after = place + len(head)
    while after < len(sheet.rows) and _is_numbering(sheet.rows[after]):
        after += 1
    named = {index: "/".join(words) for index, words in titles.items() if words}
    return Header(named, sheet.rows[:after], sheet.rows[after:])


def _filled(row: RawRow, merged: Sequence[tuple[int, int, int, int]]) -> list[Cell]:
    """The row's cells, those merged sideways all holding the text of the first."""
    cells = list(row.cells)
    for first_row, first, last_row, last in merged:
        if first_row == row.number - 1 == last_row and first < len(cells):
            end = min(last, first + 200) + 1
            cells += [""] * (end - len(cells))
            cells[first:end] = [cells[first]] * (end - first)
    return cells


def _is_numbering(row: RawRow) -> bool:
    """A row "(1) (2) (3)" under the heading, as official forms have."""
    found = [re.sub(r"[()\s]", "", _shown(value)) for value in row.cells if not is_blank(value)]
    return len(found) >= 3 and found == [str(number) for number in range(1, len(found) + 1)]


def read_rows(
    rows: Iterable[RawRow],
    columns: Sequence[Column],
    mapping: Mapping[str, int],
    choices: Mapping[int, str],
) -> list[SheetRow]:
    """Read the data by `mapping`; rows with nothing in any mapped column are left out."""
    used = [(column.key, mapping[column.key], _reader(column)) for column in columns if column.key in mapping]
    read = []
    for row in rows:
        values: dict[str, Any] = {}
        faults: dict[str, str] = {}
        cells, width = row.cells, len(row.cells)
        for key, index, found_in in used:
            if index >= width:
                continue
            found = found_in(cells[index])
            if found.__class__ is CellFault:
                faults[key] = str(found)
            elif found != "":
                values[key] = found
        if values or faults:
            read.append(SheetRow(row.number, values, faults, choices.get(row.number, "")))
    return read


def _reader(column: Column) -> Callable[[Cell], object]:
    """Return what reads a cell of the column: its value, "" for nothing, a CellFault for what cannot be read.

    A list repeats most of its cells, so what a text or a day says is remembered for as long as the list is read.
    """
    said: dict[str, object] = {}

    def found_in(value: Cell) -> object:
        known = value["d"] if value.__class__ is dict else value
        if known.__class__ is not str:
            return _read(value, column)
        if value is not known:
            known = f"\0{known}"  # a day is not the text that looks like it
        if known not in said:
            said[known] = _read(value, column)
        return said[known]

    return found_in


def _read(value: Cell, column: Column) -> object:
    if is_blank(value):
        return ""
    try:
        if column.kind == ColumnKind.LINES:
            return as_lines(value, column.limit)
        reader = _READERS.get(column.kind)
        return reader(value) if reader else as_text(value, column.limit)
    except CellFault as fault:
        return fault
