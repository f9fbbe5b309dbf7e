"""The program that opens a stranger's workbook, alone in its own process with little memory and time.

A sheet with two cells in far corners, or a file made to explode, ends this process and nothing else.
It knows nothing of Langsen: one JSON line a sheet head or row on stdout, `{"fault": code}` and exit 3 on a fault.
"""

import json
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum
from python_calamine import SheetVisibleEnum as Visible

FAULT = 3
MAX_SHEETS, MAX_COLUMNS, MAX_TEXT = 5, 200, 20_000


def _limit(megabytes: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows: there the time limit of the parent alone holds
        return
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _plain(value: Any) -> Any:
    """A cell as JSON: text, number, boolean, or {"d": ISO day}."""
    if isinstance(value, str):
        return value[:MAX_TEXT]
    if isinstance(value, datetime):
        return {"d": value.date().isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, (time, timedelta)):
        return str(value)
    return value


def _send(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=True) + "\n")


def _send_sheet(sheet: CalamineSheet, left_rows: int) -> int:
    """Send the rows of one sheet that hold something, numbered from 1; return how many."""
    merged = [[*first, *last] for first, last in (sheet.merged_cell_ranges or []) if first[0] < 40]
    _send({"sheet": sheet.name, "merged": merged[:500]})
    offset = [""] * min(sheet.start[1] if sheet.start else 0, MAX_COLUMNS)
    sent = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [*offset, *map(_plain, row[:MAX_COLUMNS])][:MAX_COLUMNS]
        while cells and (cells[-1] == "" or (isinstance(cells[-1], str) and not cells[-1].strip())):
            cells.pop()
        if not cells:
            continue
        sent += 1
        if sent > left_rows:
            raise OverflowError
        _send([number, cells])
    return sent


def _fault(code: str) -> int:
    _send({"fault": code})
    return FAULT


def main() -> int:
    path, rows, megabytes, seconds = sys.argv[1], *map(int, sys.argv[2:5])
    _limit(megabytes, seconds)
    try:
        with Path(path).open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
            shown = [
                meta.name
                for meta in book.sheets_metadata
                if meta.visible == Visible.Visible and meta.typ == SheetTypeEnum.WorkSheet
            ]
            left = rows
            for name in shown[:MAX_SHEETS]:
                left -= _send_sheet(book.get_sheet_by_name(name), left)
    except OverflowError:
        return _fault("rows")
    except PasswordError:
        return _fault("password")
    except MemoryError:
        return _fault("memory")
    except (CalamineError, ValueError, OSError, KeyError):
        return _fault("broken")
    return 0


if __name__ == "__main__":
    sys.exit(main())
