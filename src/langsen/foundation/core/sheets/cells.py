"""One cell: its name, and what it says as text, day or number."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from langsen.foundation.core import text

_SERIAL_ZERO = date(1899, 12, 30)  # Excel counts 1900 as a leap year; from 1/3/1900 on this is right
_SERIALS = range(61, 80_000)
_YEARS = range(1900, 2101)
_EXCEL_FAULTS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"}


class CellFault(Exception):
    """The cell cannot be read as its column asks; the message is for the person who sent it."""


@dataclass(frozen=True)
class YearOnly:
    """A day of which only the year is known."""

    year: int

    @property
    def first_day(self) -> date:
        return date(self.year, 1, 1)


def column_name(index: int) -> str:
    """Return A for 0, Z for 25, AA for 26."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def cell_name(row_number: int, column: int) -> str:
    """Return the name Excel shows: C17 for row 17, column 2."""
    return f"{column_name(column)}{row_number}"


def as_text(value: Any, limit: int) -> str:
    """Return the cell as clean text; what begins with = + - @ stays text.

    Raises:
        CellFault: longer than `limit`, or a formula that failed in Excel.
    """
    if isinstance(value, dict):
        return text.day_text(date.fromisoformat(value["d"]))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    found = text.clean(str(value))
    if found in _EXCEL_FAULTS:
        raise CellFault(_("the formula in this cell failed in Excel (%(value)s)") % {"value": found})
    if len(found) > limit:
        raise CellFault(
            _("%(length)s characters; at most %(limit)s are kept")
            % {"length": text.number_text(len(found)), "limit": text.number_text(limit)}
        )
    return found


def as_lines(value: Any, limit: int) -> str:
    """As `as_text`, but the line breaks inside the cell stay.

    Raises:
        CellFault: as `as_text`.
    """
    if not isinstance(value, str) or "\n" not in value:
        return as_text(value, limit)
    found = "\n".join(as_text(line, limit) for line in value.splitlines()).strip("\n")
    return found if len(found) <= limit else as_text(found, limit)


def as_day(value: Any) -> date:
    """Return the cell's day: a real one, Excel's serial number, or 22/9/2023 as text.

    Raises:
        CellFault: no day, or one that does not exist.
    """
    if isinstance(value, dict):
        return date.fromisoformat(value["d"])
    if isinstance(value, (int, float)) and not isinstance(value, bool) and int(value) in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=int(value))
    shown = as_text(value, 60)
    try:
        return text.parse_day(shown)
    except ValueError as error:
        if shown.isdigit() and int(shown) in _SERIALS and int(shown) not in _YEARS:
            return _SERIAL_ZERO + timedelta(days=int(shown))
        raise CellFault(
            _("“%(value)s” is not a day that exists; write it like 22/9/2023") % {"value": shown}
        ) from error


def as_day_or_year(value: Any) -> date | YearOnly:
    """As `as_day`, but 1975 alone is a year.

    Raises:
        CellFault: neither.
    """
    if not isinstance(value, (dict, bool)):
        shown = as_text(value, 60)
        if shown.isdigit() and int(shown) in _YEARS:
            return YearOnly(int(shown))
    return as_day(value)


def as_number(value: Any) -> Decimal:
    """Return the cell's number: a real one, or text such as 8.198 or 57,6.

    Raises:
        CellFault: no number.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(str(value))
    shown = as_text(value, 60)
    try:
        return text.parse_number(shown)
    except ValueError as error:
        raise CellFault(_("“%(value)s” is not a number; write it like 8.198 or 57,6") % {"value": shown}) from error


def as_count(value: Any) -> int:
    """Return the cell's whole number, 0 or more.

    Raises:
        CellFault: no such number.
    """
    number = as_number(value)
    if number != number.to_integral_value() or not 0 <= number <= 10_000_000:
        raise CellFault(_("a whole number, 0 or more, is expected here"))
    return int(number)
