"""Counting sets: each item once in each row, whatever number of times the records name it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from langsen.foundation.figures.catalogue import Items, Together, by_theme

Counts = dict[Items, dict[int, int]]
"""How many items each set has in each row."""


def count_sets(sets: Iterable[Items], member: str, parameters: Mapping[str, Any]) -> Counts:
    """Return the counts of `sets` over the rows of `member`; sets that go together in one statement."""
    found: Counts = {}
    for alike in _statements(sets):
        together = alike[0].together
        if together is None:
            found[alike[0]] = _count(alike[0], member, parameters)
        else:
            found |= _by_column(alike, _rows(_count_together_sql(together), alike[0], member, parameters))
    return found


def count_sets_by_month(sets: Iterable[Items], member: str, months: str, parameters: Mapping[str, Any]) -> Counts:
    """Return the counts of `sets` for each month's number; `months` is `member` with a row for each month."""
    found: Counts = {}
    for alike in _statements(sets):
        together = alike[0].together
        if together is None:
            found[alike[0]] = _count(alike[0], months, parameters)
        else:
            columns = ", ".join(together.columns)
            sql = f"SELECT grp, {columns} FROM ({together.by_month}) by_month"
            found |= _by_column(alike, _rows(sql, alike[0], member, parameters))
    return found


def _statements(sets: Iterable[Items]) -> list[list[Items]]:
    """The sets by the statement that counts them, each once."""
    found: dict[Items | Together, list[Items]] = {}
    for items in dict.fromkeys(sets):
        found.setdefault(items.together or items, []).append(items)
    return list(found.values())


def _count(items: Items, member: str, parameters: Mapping[str, Any]) -> dict[int, int]:
    sql = f"SELECT grp, count(*) FROM (SELECT DISTINCT grp, item FROM ({items.sql}) every_item) once GROUP BY grp"
    return dict(_rows(sql, items, member, parameters))


def _count_together_sql(together: Together) -> str:
    once = ", ".join(f"bool_or({column}) AS {column}" for column in together.columns)
    counts = ", ".join(f"count(*) FILTER (WHERE {column})" for column in together.columns)
    return (
        f"SELECT grp, {counts} FROM ("
        f"SELECT grp, item, {once} FROM ({together.sql}) every_row GROUP BY grp, item) once GROUP BY grp"
    )


def _rows(sql: str, items: Items, member: str, parameters: Mapping[str, Any]) -> list[Any]:
    asked = by_theme(sql, items.theme_filter, asked=parameters["theme"] is not None)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH member AS MATERIALIZED ({member}) {asked}", parameters)
        return list(cursor.fetchall())


def _by_column(alike: list[Items], rows: list[Any]) -> Counts:
    together = alike[0].together
    assert together is not None
    places = {items: 1 + together.columns.index(items.column) for items in alike}
    return {items: {row[0]: int(row[place]) for row in rows} for items, place in places.items()}
