"""Taking the values of bound numbers into a report: once per unit, one value for each figure of it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils import timezone

from langsen.foundation.figures.engine import Value
from langsen.reports.models import Report, ReportNumber
from langsen.reports.queries.numbers import (
    Key,
    Unreadable,
    held_numbers,
    keys_of,
    number_name,
    read_numbers,
    same_number,
    stored,
)


def take_missing(report: Report) -> None:
    """Take the value of every number the report names and does not hold yet; held ones keep theirs."""
    held = held_numbers(report)
    _create(report, [key for key in keys_of(report) if key not in held])


def take_numbers(report: Report, keys: Collection[Key] | None) -> list[str]:
    """Take the values of now for `keys` (all without); return the names of those that changed.

    A number whose source cannot be read any more keeps its value; `changed_numbers` says why.
    """
    wanted = keys_of(report) if keys is None else [key for key in keys_of(report) if key in keys]
    held = held_numbers(report)
    live = read_numbers(report, [key for key in wanted if key in held])
    at = timezone.now()
    changed = []
    for key, value in live.items():
        number = held[key]
        if isinstance(value, Unreadable):
            continue
        if not same_number(number, value):
            changed.append(number_name(*key))
            number.value, number.numerator, number.denominator = stored(value.value), value.numerator, value.denominator
        number.taken_at = at
        number.save()
    return changed + _create(report, [key for key in wanted if key not in held])


def drop_unnamed(report: Report) -> None:
    """Forget values that nothing in the report names any more; named again, they are taken anew."""
    named = set(keys_of(report))
    gone = [number.pk for key, number in held_numbers(report).items() if key not in named]
    ReportNumber.objects.filter(pk__in=gone).delete()


def _create(report: Report, keys: Iterable[Key]) -> list[str]:
    at = timezone.now()
    rows = [
        _row(report, key, value, at)
        for key, value in read_numbers(report, keys).items()
        if not isinstance(value, Unreadable)
    ]
    ReportNumber.objects.bulk_create(rows)
    return [number_name(row.code, row.unit_code) for row in rows]


def _row(report: Report, key: Key, value: Value, at: datetime) -> ReportNumber:
    return ReportNumber(
        report=report,
        code=key[0],
        unit_code=key[1],
        value=stored(value.value),
        numerator=value.numerator,
        denominator=value.denominator,
        taken_at=at,
    )
