"""Excel out: typed columns, nothing that Excel would run."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from langsen.foundation.core.sheets.kinds import Column, ColumnKind
from langsen.foundation.core.text import clean, day_text

DAY_FORMAT = "d/m/yyyy"
_CELL_LIMIT = 32_000  # Excel holds 32,767 characters in a cell
_RISKY = ("=", "+", "-", "@")
_FIRST_EXCEL_DAY = date(1900, 3, 1)
_BOOK_OPTIONS = {
    "constant_memory": True,
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


class _Book:
    """A workbook under construction with the formats every list uses."""

    def __init__(self) -> None:
        self.stream = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.stream, _BOOK_OPTIONS)
        base = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        self.title = self.book.add_format(base | {"bold": True, "font_size": 14})
        self.note = self.book.add_format(base | {"italic": True})
        self.head = self.book.add_format(
            base | {"bold": True, "text_wrap": True, "border": 1, "bg_color": "#EFEFEF", "valign": "vcenter"}
        )
        self.text = self.book.add_format(base | {"text_wrap": True})
        self.quoted = self.book.add_format(base | {"text_wrap": True, "quote_prefix": True})
        self.number = self.book.add_format(base | {"num_format": "#,##0.##"})
        self.count = self.book.add_format(base | {"num_format": "#,##0"})
        self.percent = self.book.add_format(base | {"num_format": "0.0%"})
        self.day = self.book.add_format(base | {"num_format": DAY_FORMAT, "align": "left"})

    def write(self, sheet: Any, row: int, column: int, value: Any, kind: ColumnKind = ColumnKind.TEXT) -> None:
        if value is None or value == "":
            return
        if isinstance(value, date):
            self._write_day(sheet, row, column, value)
        elif isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            formats = {ColumnKind.COUNT: self.count, ColumnKind.PERCENT: self.percent}
            whole = self.count if value == int(value) else self.number
            sheet.write_number(row, column, value, formats.get(kind, whole))
        else:
            lines = str(value).splitlines() if kind == ColumnKind.LINES else [str(value)]
            shown = "\n".join(clean(line) for line in lines)[:_CELL_LIMIT]
            sheet.write_string(row, column, shown, self.quoted if shown.startswith(_RISKY) else self.text)

    def _write_day(self, sheet: Any, row: int, column: int, value: date) -> None:
        if isinstance(value, datetime):
            value = value.date()
        if value < _FIRST_EXCEL_DAY:
            sheet.write_string(row, column, day_text(value), self.text)
        else:
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), self.day)  # noqa: DTZ001

    def finished(self) -> bytes:
        self.book.close()
        return self.stream.getvalue()


def write_sheet(
    columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, title: str, notes: Sequence[str] = ()
) -> bytes:
    """Return an .xlsx: title, notes (what was filtered), a frozen header, then `rows` in the order of `columns`.

    A value is text, a date, a number or None; text is always written as text, so nothing in it can run.
    """
    book = _Book()
    sheet = book.book.add_worksheet(_("List"))
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    sheet.write_string(0, 0, clean(title)[:_CELL_LIMIT], book.title)
    top = 1
    for note in notes:
        sheet.write_string(top, 0, clean(note)[:_CELL_LIMIT], book.note)
        top += 1
    top += 1
    for index, column in enumerate(columns):
        sheet.write_string(top, index, str(column.label), book.head)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for number, row in enumerate(rows, start=top + 1):
        for index, value in enumerate(row):
            book.write(sheet, number, index, value, columns[index].kind)
    return book.finished()


def write_template(columns: Sequence[Column], *, title: str, examples: Sequence[Sequence[Any]] = ()) -> bytes:
    """Return our own empty list: the header on the first sheet, each column explained with an example on the second.

    Columns not `in_template` are explained only: whoever needs one adds it. `examples` are rows of a filled list, on a
    third sheet, which is not read as long as the first has the heading.
    """
    book = _Book()
    sheet = book.book.add_worksheet(_("List"))
    guide = book.book.add_worksheet(_("Guide"))
    sheet.write_string(0, 0, clean(title), book.title)
    for index, column in enumerate(column for column in columns if column.in_template):
        sheet.set_column(index, index, column.width, book.day if column.kind == ColumnKind.DAY else None)
        sheet.write_string(2, index, str(column.label), book.head)
    sheet.freeze_panes(3, 0)
    for index, width in enumerate((28, 14, 28, 80)):
        guide.set_column(index, index, width)
    for index, words in enumerate((_("Column"), _("Must be filled"), _("Example"), _("What it means"))):
        guide.write_string(0, index, words, book.head)
    for number, column in enumerate(columns, start=1):
        needed = _("yes") if column.required else ""
        for index, words in enumerate((str(column.label), needed, column.example, str(column.explanation))):
            book.write(guide, number, index, words)
    if examples:
        _write_examples(book, [column for column in columns if column.in_template], examples)
    return book.finished()


def _write_examples(book: _Book, columns: Sequence[Column], examples: Sequence[Sequence[Any]]) -> None:
    sheet = book.book.add_worksheet(_("Filled example"))
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, str(column.label), book.head)
    for number, row in enumerate(examples, start=1):
        for index, value in enumerate(row):
            book.write(sheet, number, index, value, columns[index].kind)


def write_rejected(
    above: Sequence[Sequence[Any]], rows: Iterable[tuple[Sequence[Any], str]], *, reason_column: int
) -> bytes:
    """Return rows that were not imported in their file's own layout, each with its reason in `reason_column`.

    `above` are the rows over the data, the heading last, as they were; cells as `reading` gives them.
    """
    book = _Book()
    sheet = book.book.add_worksheet(_("To be mended"))
    sheet.set_column(0, max(reason_column - 1, 0), 18)
    sheet.set_column(reason_column, reason_column, 70)
    for number, cells in enumerate(above):
        for index, value in enumerate(cells):
            book.write(sheet, number, index, _value(value))
    head = max(len(above) - 1, 0)
    sheet.write_string(head, reason_column, _("Reason (delete this column or leave it)"), book.head)
    for number, (cells, reason) in enumerate(rows, start=head + 1):
        for index, value in enumerate(cells):
            book.write(sheet, number, index, _value(value))
        book.write(sheet, number, reason_column, reason)
    return book.finished()


def _value(cell: Any) -> Any:
    return date.fromisoformat(cell["d"]) if isinstance(cell, dict) else cell
