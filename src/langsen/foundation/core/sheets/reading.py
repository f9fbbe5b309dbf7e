"""Opening a workbook somebody sent: its limits, what kind of file it is, and its rows as plain cells."""

import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.sheets import child
from langsen.foundation.core.text import number_text

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 60_000
_HEAD_ROWS = 40  # titles and headers that may stand above the data, beyond MAX_ROWS
_MAX_UNPACKED = 300 * 1024 * 1024
_MAX_PARTS = 2_000
_MEGABYTES, _SECONDS = 1_200, 60
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Cell = Any  # str | int | float | bool | {"d": "2023-09-22"}


@dataclass(frozen=True)
class RawRow:
    """A row as it stands in the file: `number` counts from 1 as Excel shows it."""

    number: int
    cells: list[Cell]


@dataclass
class RawSheet:
    """A visible sheet: its rows that hold something, and merged ranges (row, column, row, column; from 0)."""

    name: str
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    rows: list[RawRow] = field(default_factory=list)


def check_upload(stream: IO[bytes], size: int) -> None:
    """Refuse a file by its size, its first bytes and what its directory says it unpacks to; nothing is unpacked.

    Raises:
        BadInput: in words for the person who sent it.
    """
    if size > MAX_BYTES:
        raise BadInput(
            _("The file has %(size)s MB; at most %(limit)s MB can be read. Divide it into several files.")
            % {"size": number_text(size / 1024 / 1024, 1), "limit": MAX_BYTES // 1024 // 1024}
        )
    stream.seek(0)
    head = stream.read(8)
    if not head:
        raise BadInput(_("The file is empty."))
    if head.startswith(_ZIP):
        _check_zip(stream)
    elif head != _OLD_EXCEL:
        raise BadInput(
            _("This is not an Excel file, whatever its name ends in. Save it as .xlsx in Excel and send it again.")
        )
    stream.seek(0)


def _check_zip(stream: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _broken() from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names and "xl/workbook.bin" not in names and "content.xml" not in names:
        raise BadInput(_("This is a packed file, but no Excel workbook. Save it as .xlsx and send it again."))
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
        raise BadInput(_("This file unpacks to far more than a list of an office holds, so it was not opened."))


def _broken() -> BadInput:
    return BadInput(
        _("The file is damaged and cannot be opened. Open it in Excel, save it again as .xlsx and send the new file.")
    )


def _too_large() -> BadInput:
    return BadInput(
        _("The sheet spreads over too large an area. Copy the list alone into a new sheet, save it and send it again.")
    )


def _fault(code: str) -> BadInput:
    if code == "rows":
        return BadInput(
            _("The file has more than %(limit)s rows. Divide it into several files.") % {"limit": number_text(MAX_ROWS)}
        )
    if code == "password":
        return BadInput(_("The file is protected by a password. Remove the password and send it again."))
    return _too_large() if code == "memory" else _broken()


def read_sheets(path: Path) -> list[RawSheet]:
    """Return the visible sheets of the workbook at `path`, which `check_upload` has let pass.

    The file is opened in a process of its own, limited in memory and time.

    Raises:
        BadInput: damaged, protected, too many rows, too large an area.
    """
    command = [sys.executable, "-I", str(Path(child.__file__)), str(path)]
    command += [str(MAX_ROWS + _HEAD_ROWS), str(_MEGABYTES), str(_SECONDS)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise _too_large() from error
    lines = done.stdout.split(b"\n")
    if done.returncode == child.FAULT:
        raise _fault(json.loads(lines[-2])["fault"])
    if done.returncode != 0:  # ended by its limits: the allocator aborts, the system kills
        raise _too_large()
    return _sheets(lines)


def _sheets(lines: list[bytes]) -> list[RawSheet]:
    sheets: list[RawSheet] = []
    for line in lines:
        if not line:
            continue
        value = json.loads(line)
        if isinstance(value, dict):
            merged = [(row, column, to_row, to_column) for row, column, to_row, to_column in value["merged"]]
            sheets.append(RawSheet(value["sheet"], merged))
        else:
            sheets[-1].rows.append(RawRow(value[0], value[1]))
    return sheets
