"""Adding up a source: whole quarters and months from its cache, everything else from records.

The asked days are cut once into pieces: whole quarters, whole months, ragged ends. A unit that counts on all days of a
whole piece gives its cache row; the ragged ends are read from records in one go; the few units that count on some days
of a whole piece only (founded, moved, ended within it) are read from records one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from langsen.foundation.core.periods import Pieces, pieces_of
from langsen.foundation.figures.catalogue import Source, by_theme


def facts_sql(source: Source, *, with_theme: bool) -> str:
    return by_theme(source.facts, source.theme_filter, asked=with_theme)


def sums(
    source: Source, member: str, parameters: Mapping[str, Any], *, from_records: bool = False
) -> dict[int, dict[str, int]]:
    """Return, for each group of `member`, the sum of every column of `source`.

    `from_records` leaves the cache aside; the two ways give the same numbers.
    """
    return _sums(source, member, parameters, _BY_GROUP, from_records=from_records)


def sums_by_month(source: Source, member: str, parameters: Mapping[str, Any]) -> dict[date, dict[str, int]]:
    """Return, for each first day of a month, the sum of every column of `source`, whatever the group."""
    return _sums(source, member, parameters, _BY_MONTH)


@dataclass(frozen=True)
class _Key:
    """What rows are grouped by: SQL for a row of the cache and for a record; quarters only where they do no harm."""

    cached: str
    record: str
    quarters: bool


_BY_GROUP = _Key("m.grp", "m.grp", quarters=True)
_BY_MONTH = _Key("c.starts_on", "date_trunc('month', r.day)::date", quarters=False)


def _sums(
    source: Source, member: str, parameters: Mapping[str, Any], key: _Key, *, from_records: bool = False
) -> dict[Any, dict[str, int]]:
    with_theme = parameters.get("theme") is not None
    pieces = pieces_of(parameters["first"], parameters["end"], quarters=key.quarters)
    if source.cache is None or with_theme or from_records or not (pieces.quarters or pieces.months):
        rows = _from_records(source, key, with_theme=with_theme)
    else:
        rows = " UNION ALL ".join(_from_pieces(source, key, pieces))
    totals = ", ".join(f"coalesce(sum({column}), 0)::bigint" for column in source.columns)
    sql = f"WITH member AS MATERIALIZED ({member}) SELECT grp, {totals} FROM ({rows}) counted GROUP BY grp"
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {row[0]: dict(zip(source.columns, row[1:], strict=True)) for row in cursor.fetchall()}


# Said once more than the members' own days need: it lets the planner find the records by day.
_ASKED_DAYS = "r.day >= %(first)s AND r.day < %(end)s"


def _from_records(source: Source, key: _Key, *, with_theme: bool, days: str = _ASKED_DAYS) -> str:
    columns = ", ".join(f"r.{column}" for column in source.columns)
    return (
        f"SELECT {key.record} AS grp, {columns} FROM member m "
        f"JOIN ({facts_sql(source, with_theme=with_theme)}) r "
        f"ON r.unit_id = m.unit_id AND r.day >= m.f AND r.day < m.t AND {days}"
    )


def _from_pieces(source: Source, key: _Key, pieces: Pieces) -> list[str]:
    parts = []
    for grain, starts, length in (("Q", pieces.quarters, "3 months"), ("M", pieces.months, "1 month")):
        if starts:
            parts.append(_from_cache(source, key, grain, starts, length))
            parts.append(_from_cut_pieces(source, key, starts, length))
    if pieces.ragged:
        within = " OR ".join(f"r.day >= '{start}' AND r.day < '{stop}'" for start, stop in pieces.ragged)
        parts.append(_from_records(source, key, with_theme=False, days=f"({within})"))
    return parts


def _from_cache(source: Source, key: _Key, grain: str, starts: tuple[date, ...], length: str) -> str:
    assert source.cache is not None
    columns = ", ".join(f"c.{column}" for column in source.columns)
    return (
        f"SELECT {key.cached} AS grp, {columns} FROM member m "
        f"JOIN {source.cache._meta.db_table} c ON c.org_unit_id = m.unit_id AND c.grain = '{grain}' "
        f"AND c.starts_on = ANY({_days(starts)}) AND c.starts_on >= m.f AND c.starts_on + interval '{length}' <= m.t"
    )


def _from_cut_pieces(source: Source, key: _Key, starts: tuple[date, ...], length: str) -> str:
    """The records of members that count on some days of a piece only, looked up unit by unit."""
    columns = ", ".join(f"sum(r.{column})::int AS {column}" for column in source.columns)
    by_day = "r.day, " if "r.day" in key.record else ""
    group = "GROUP BY r.day" if by_day else ""
    return (
        f"SELECT {key.record} AS grp, {', '.join(f'r.{column}' for column in source.columns)} "
        "FROM member m "
        f"JOIN unnest({_days(starts)}) piece(start) "
        f"ON piece.start < m.t AND piece.start + interval '{length}' > m.f "
        f"AND NOT (piece.start >= m.f AND piece.start + interval '{length}' <= m.t) "
        f"CROSS JOIN LATERAL (SELECT {by_day}{columns} FROM ({facts_sql(source, with_theme=False)}) r "
        "WHERE r.unit_id = m.unit_id AND r.day >= greatest(m.f, piece.start) "
        f"AND r.day < least(m.t, piece.start + interval '{length}') {group}) r "
        "WHERE m.f > %(first)s OR m.t < %(end)s"
    )


def _days(days: tuple[date, ...]) -> str:
    return f"ARRAY[{', '.join(repr(str(day)) for day in days)}]::date[]"
