"""Excel in and out against the bare libraries: a roster of 50,000 people in, a list of 50,000 lines out."""

import io
import tempfile
from datetime import date
from pathlib import Path

import xlsxwriter
from django.db import connection, transaction
from python_calamine import CalamineWorkbook

from bench.table import Table, interleaved, ratio, seconds
from bench.world.roster import name_of
from bench.world.tree import OPENED
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.models import ImportStatus
from langsen.foundation.core.sheets import runs
from langsen.foundation.core.sheets.kinds import Column, ColumnKind, Context, kind_of
from langsen.foundation.core.sheets.writing import write_sheet
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.models import Person

PEOPLE = 50_000
ROUNDS = 3
_HEADS = (
    "STT", "Họ và tên", "Ngày sinh", "Giới tính", "Chi bộ", "Ngày vào Đảng", "Ngày chính thức", "Chức vụ",
    "Mã đảng viên", "Quê quán", "Dân tộc", "Trình độ",
)  # fmt: skip


def measure_sheets(table: Table) -> None:
    """Import the roster and undo it, three times each way; then write the same lines."""
    lines = _lines()
    book = _bare_book(lines)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        path.write_bytes(book)
        ours, theirs = interleaved(lambda: _import(book), lambda: _bare_import(path), rounds=ROUNDS)
    table.add(f"roster of {PEOPLE:,} x 12 read, judged, applied with its audit rows", seconds(ours), note="median of 3")
    table.add("bare calamine read and COPY of the cells", seconds(theirs))
    table.hold("roster import", ratio(ours, theirs), most=5, against="bare read and COPY")
    columns = [Column(f"c{n}", head, ColumnKind.TEXT, width=18) for n, head in enumerate(_HEADS)]
    ours, theirs = interleaved(
        lambda: write_sheet(columns, lines, title="Danh sách đảng viên"), lambda: _bare_book(lines), rounds=ROUNDS
    )
    table.add(f"Excel out, {PEOPLE:,} x 12", seconds(ours), note="median of 3")
    table.add("bare XlsxWriter, constant memory", seconds(theirs))
    table.hold("Excel out", ratio(ours, theirs), most=1.5, against="bare XlsxWriter")


def _lines() -> list[tuple[object, ...]]:
    cells = list(OrgUnit.objects.filter(kind__is_cell=True, during__startswith=OPENED).order_by("id")[:2_000])
    return [
        (
            number + 1, f"{name_of(number)} Kim", date(1940 + number % 40, 1 + number % 12, 1 + number % 28), "Nữ",
            cells[number % len(cells)].code, date(2000 + number % 20, 1 + number % 12, 1 + number % 28),
            date(2001 + number % 20, 1 + number % 12, 1 + number % 28), "Bí thư chi bộ" if number % 40 == 0 else "",
            f"DV{number:07}", "xã mẫu", "Thái", "Đại học",
        )
        for number in range(PEOPLE)
    ]  # fmt: skip


def _bare_book(lines: list[tuple[object, ...]]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True, "in_memory": True})
    day = book.add_format({"num_format": "d/m/yyyy"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, _HEADS)
    for number, line in enumerate(lines, 1):
        for index, value in enumerate(line):
            if isinstance(value, date):
                sheet.write_datetime(number, index, value, day)
            elif isinstance(value, int):
                sheet.write_number(number, index, value)
            elif value:
                sheet.write_string(number, index, str(value))
    book.close()
    return stream.getvalue()


class _Undone(Exception):
    """Raised at the end of an import, so that the store stays as it was."""


def _import(book: bytes) -> None:
    before = Person.objects.count()
    try:
        with transaction.atomic():
            context = Context(system_user(), OrgUnit.objects.get(code="T1").pk)
            run = runs.receive(
                kind_of("people"), io.BytesIO(book), name="roster.xlsx", size=len(book), context=context, at_once=True
            )
            if run.status != ImportStatus.PREVIEWED:
                raise AssertionError(f"the file was not read: {run.fault}")
            runs.apply_now(run)
            if Person.objects.count() - before != PEOPLE:
                raise AssertionError(f"not everybody was added: {run.counts}")
            (runs.folder() / run.stored_name).unlink()
            raise _Undone
    except _Undone:
        pass


def _bare_import(path: Path) -> None:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    names = ", ".join(f"c{index} text" for index in range(len(_HEADS)))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_bare ({names})")
        with cursor.copy("COPY bench_bare FROM STDIN") as copy:
            for row in rows:
                copy.write_row([str(value) for value in row])
        cursor.execute("DROP TABLE bench_bare")
