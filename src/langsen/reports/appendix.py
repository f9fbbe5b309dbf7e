"""The appendix of numbers: as tables of the Word file, and as a workbook with numbers that are numbers."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils import translation

from langsen.foundation.core.text import day_text
from langsen.foundation.figures.enums import Kind, Reading
from langsen.foundation.papers.paper import AppendixTable
from langsen.reports.models import Report
from langsen.reports.queries.numbers import AppendixLine, figure_named
from langsen.reports.text.printing import EMPTY, Number, print_number, vietnamese_number

_NUMBERS = "1. Số liệu trong kỳ báo cáo"
_BY_UNIT = "2. Số liệu theo đơn vị"
_COLUMNS = ("TT", "Nội dung", "Đơn vị tính", "Số liệu", "Tử số", "Mẫu số")
_READINGS = {
    Reading.THEN: "theo tổ chức tại thời điểm đó",
    Reading.TODAY: "theo tổ chức hiện nay",
}
_BOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True)
class Held:
    """A number as a snapshot keeps it."""

    value: Decimal | None
    numerator: int | None
    denominator: int | None


@dataclass(frozen=True)
class UnitRow:
    key: str
    name: str
    number: Number


@dataclass(frozen=True)
class Entry:
    """A line of the appendix, from the sources or from a snapshot whose indicator may have ended since."""

    code: str
    name: str
    measure: str
    is_part: bool
    number: Number
    rows: tuple[UnitRow, ...] = ()


def entries_of(lines: Sequence[AppendixLine]) -> list[Entry]:
    """Return the lines of a draft as entries."""
    entries = []
    for line in lines:
        rows = tuple(UnitRow(row.key, _unit_name(row.name, row.divided), row.number) for row in line.rows)
        entries.append(_entry(line.figure.code, "", line.number, rows))
    return entries


def entries_of_snapshot(content: Mapping[str, Any]) -> list[Entry]:
    """Return the lines a snapshot holds as entries."""
    return [
        _entry(
            line["code"],
            line["name"],
            held(line),
            tuple(UnitRow(row["key"], _unit_name(row["name"], row["divided"]), held(row)) for row in line["rows"]),
        )
        for line in content["appendix"]
    ]


def held(values: Mapping[str, Any]) -> Held:
    """Return the number of a snapshot, whose values are texts so that its hash never depends on a float."""
    value = None if values["value"] is None else Decimal(values["value"])
    return Held(value, values["numerator"], values["denominator"])


def _entry(code: str, name: str, number: Number, rows: tuple[UnitRow, ...]) -> Entry:
    figure = figure_named(code)
    if figure is None:
        return Entry(code, name, "", False, number, rows)
    with translation.override("vi"):
        measure = "%" if figure.kind == Kind.RATIO else figure.counted_in
        return Entry(code, str(figure.name), measure, figure.parent is not None, number, rows)


def appendix_tables(lines: Sequence[Entry]) -> tuple[AppendixTable, ...]:
    """Return the tables of the Word file: the report's numbers, and a row for each unit where there are several."""
    if not lines:
        return ()
    tables = [AppendixTable(_NUMBERS, _COLUMNS, tuple(_rows(lines)))]
    spread = _spread(lines)
    if spread:
        columns = ("Đơn vị", *(_name(line) for line in spread))
        rows = tuple(
            (row.name, *(print_number(line.rows[place].number) for line in spread))
            for place, row in enumerate(spread[0].rows)
        )
        tables.append(AppendixTable(_BY_UNIT, columns, rows))
    return tuple(tables)


def appendix_xlsx(report: Report, lines: Sequence[Entry]) -> bytes:
    """Return the appendix as a workbook; the head says the unit, the period, the reading and, once fixed, the hash."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, _BOOK)
    pen = _Pen(book)
    pen.sheet("Số liệu", _head(report), ("Mã", *_COLUMNS[1:]), (38, 60, 16))
    for line in lines:
        base = (line.number.numerator, line.number.denominator)
        pen.row([line.code, _name(line), line.measure, line.number, *base])
    spread = _spread(lines)
    if spread:
        pen.sheet("Theo đơn vị", _head(report), ("Mã đơn vị", "Đơn vị", *_unit_columns(spread)), (18, 44))
        for place, row in enumerate(spread[0].rows):
            cells: list[Any] = [row.key, row.name]
            for line in spread:
                cells += _unit_cells(line, line.rows[place].number)
            pen.row(cells)
    book.close()
    return stream.getvalue()


def _rows(lines: Sequence[Entry]) -> list[tuple[str, ...]]:
    rows, place = [], 0
    for line in lines:
        place += 0 if line.is_part else 1
        base = (line.number.numerator, line.number.denominator)
        written = ["" if count is None else vietnamese_number(count) for count in base]
        first = "" if line.is_part else str(place)
        rows.append((first, _name(line), line.measure, print_number(line.number), *written))
    return rows


def _spread(lines: Sequence[Entry]) -> list[Entry]:
    """The lines that have more than one row by unit; all of them have the same units in the same order."""
    return [line for line in lines if len(line.rows) > 1]


def _name(line: Entry) -> str:
    name = line.name[:1].upper() + line.name[1:]
    return f"- {name}" if line.is_part else name


def _unit_name(name: str, divided: bool) -> str:
    return f"{name} (đã chia tách)" if divided else name


def _head(report: Report) -> list[str]:
    head = [
        f"Phụ lục số liệu: {report.subject}",
        f"Đơn vị: {report.org_unit.name} ({report.org_unit.code})",
        f"Kỳ báo cáo: từ ngày {day_text(report.first_on)} đến ngày {day_text(report.last_on)}",
        f"Cách tính: {_READINGS[Reading(report.reading)]}",
    ]
    snapshot = getattr(report, "snapshot", None) if report.pk else None
    return [*head, f"Mã xác thực nội dung (SHA-256): {snapshot.sha256}"] if snapshot else head


def _unit_columns(lines: Sequence[Entry]) -> list[str]:
    columns = []
    for line in lines:
        name = _name(line)
        columns += [name, f"{name} – tử số", f"{name} – mẫu số"] if _is_ratio(line) else [name]
    return columns


def _unit_cells(line: Entry, number: Number) -> list[Any]:
    return [number, number.numerator, number.denominator] if _is_ratio(line) else [number]


def _is_ratio(line: Entry) -> bool:
    return line.number.denominator is not None


class _Pen:
    """Writes a workbook row by row; texts stay texts, so that nothing in them can run."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        self.book = book
        self.title = book.add_format(base | {"bold": True})
        self.head = book.add_format(base | {"bold": True, "border": 1, "text_wrap": True, "align": "center"})
        self.text = book.add_format(base | {"border": 1, "text_wrap": True})
        self.count = book.add_format(base | {"border": 1, "num_format": "#,##0"})
        self.percent = book.add_format(base | {"border": 1, "num_format": "0.0%"})

    def sheet(self, name: str, head: Sequence[str], columns: Sequence[str], widths: Sequence[int]) -> None:
        self.page = self.book.add_worksheet(name)
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.set_column(0, len(columns) - 1, 14)
        for place, width in enumerate(widths):
            self.page.set_column(place, place, width)
        for line, text in enumerate(head):
            self.page.write_string(line, 0, text, self.title)
        self.line = len(head) + 1
        # A wrapped heading is as high as its longest column asks for; not every program finds that out by itself.
        self.page.set_row(self.line, 17 * max(len(column) // 10 + 1 for column in columns[len(widths) :] or ("",)))
        for place, column in enumerate(columns):
            self.page.write_string(self.line, place, column, self.head)
        self.page.freeze_panes(self.line + 1, 0)
        self.page.repeat_rows(self.line)
        self.line += 1

    def row(self, cells: Sequence[Any]) -> None:
        for place, cell in enumerate(cells):
            self._cell(place, cell)
        self.line += 1

    def _cell(self, place: int, cell: Any) -> None:
        if cell is None:
            self.page.write_blank(self.line, place, None, self.text)
        elif isinstance(cell, (str, int)):
            write = self.page.write_string if isinstance(cell, str) else self.page.write_number
            write(self.line, place, cell, self.text if isinstance(cell, str) else self.count)
        elif cell.value is None:
            self.page.write_string(self.line, place, EMPTY, self.text)
        elif cell.denominator is not None:
            self.page.write_number(self.line, place, float(_exact(cell)), self.percent)
        else:
            self.page.write_number(self.line, place, float(cell.value), self.count)


def _exact(number: Number) -> Decimal:
    """A ratio from its base, so that Excel holds more than the six decimals of the store."""
    if number.denominator:
        return Decimal(number.numerator or 0) / number.denominator
    return Decimal(0)
