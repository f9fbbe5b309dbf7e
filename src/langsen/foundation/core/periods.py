"""Periods of days in the office's time zone, both ends included on the page, half-open in the store."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from langsen.foundation.core.text import day_text

ONE_DAY = timedelta(days=1)


def today() -> date:
    """Return today's date in Asia/Ho_Chi_Minh."""
    return datetime.now(timezone.get_default_timezone()).date()


@dataclass(frozen=True, order=True)
class Period:
    """The days from `first` to `last`, both included.

    Raises:
        ValueError: `last` is before `first`.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.last} < {self.first}")

    @property
    def end(self) -> date:
        """The first day after the period (half-open end)."""
        return self.last + ONE_DAY

    @property
    def days(self) -> int:
        return (self.end - self.first).days

    @property
    def range(self) -> DateRange:
        return DateRange(self.first, self.end)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{day_text(self.first)} – {day_text(self.last)}"


def month(year: int, number: int) -> Period:
    """Return the `number`-th month (1-12) of `year`."""
    return Period(date(year, number, 1), _next_month(date(year, number, 1)) - ONE_DAY)


def quarter(year: int, number: int) -> Period:
    """Return the `number`-th quarter (1-4) of `year`."""
    return Period(month(year, number * 3 - 2).first, month(year, number * 3).last)


def half(year: int, number: int) -> Period:
    """Return the first (1) or second (2) half of `year`."""
    return Period(month(year, number * 6 - 5).first, month(year, number * 6).last)


def year(number: int) -> Period:
    return Period(date(number, 1, 1), date(number, 12, 31))


def months_of(period: Period) -> list[Period]:
    """Cut `period` at month ends; the first and last pieces may be parts of months."""
    pieces = []
    first = period.first
    while first <= period.last:
        end = _next_month(first)
        pieces.append(Period(first, min(end - ONE_DAY, period.last)))
        first = end
    return pieces


def month_number(day: date) -> int:
    """Return the number of the month `day` lies in: months that follow each other have numbers that do."""
    return 12 * day.year + day.month


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


@dataclass(frozen=True)
class Pieces:
    """A half-open period cut into whole quarters, whole months and ragged ends, no day twice and none left out."""

    quarters: tuple[date, ...]
    months: tuple[date, ...]
    ragged: tuple[tuple[date, date], ...]


def pieces_of(first: date, end: date, *, quarters: bool = True) -> Pieces:
    """Cut the half-open period [first, end) into the largest whole pieces (quarter, month) and ragged rest.

    No piece crosses the end of a month but a whole quarter; without `quarters` none does.
    """
    whole_quarters: list[date] = []
    months: list[date] = []
    ragged: list[tuple[date, date]] = []
    day = first
    while day < end:
        after_month = _next_month(day)
        if quarters and day.day == 1 and day.month % 3 == 1:
            after_quarter = _next_month(_next_month(after_month))
            if after_quarter <= end:
                whole_quarters.append(day)
                day = after_quarter
                continue
        if day.day == 1 and after_month <= end:
            months.append(day)
            day = after_month
            continue
        stop = min(after_month, end)
        ragged.append((day, stop))
        day = stop
    return Pieces(tuple(whole_quarters), tuple(months), tuple(ragged))
