"""Adding up a source: whole quarters and months from its cache, ragged ends and themes from records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from langsen.foundation.core.periods import pieces_of
from langsen.foundation.figures.catalogue import Source

# Beyond this many different stretches of membership, cutting each into pieces costs more than the cache saves.
_MOST_STRETCHES = 400


def facts_sql(source: Source, *, with_theme: bool) -> str:
    return source.facts.replace("{theme}", source.theme_filter if with_theme else "TRUE")


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
    rows = _rows(source, member, parameters, key, from_records=from_records)
    totals = ", ".join(f"coalesce(sum({column}), 0)::bigint" for column in source.columns)
    sql = f"WITH member AS MATERIALIZED ({member}) SELECT grp, {totals} FROM ({rows}) counted GROUP BY grp"
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {row[0]: dict(zip(source.columns, row[1:], strict=True)) for row in cursor.fetchall()}


def _rows(source: Source, member: str, parameters: Mapping[str, Any], key: _Key, *, from_records: bool) -> str:
    with_theme = parameters.get("theme") is not None
    if source.cache is None or with_theme or from_records:
        return _from_records(source, key, with_theme=with_theme)
    stretches = _stretches(member, parameters)
    if len(stretches) > _MOST_STRETCHES:
        return _from_records(source, key, with_theme=False)
    return _from_pieces(source, key, stretches)


def _from_records(source: Source, key: _Key, *, with_theme: bool) -> str:
    columns = ", ".join(f"r.{column}" for column in source.columns)
    return (
        f"SELECT {key.record} AS grp, {columns} FROM member m "
        f"JOIN ({facts_sql(source, with_theme=with_theme)}) r "
        "ON r.unit_id = m.unit_id AND r.day >= m.f AND r.day < m.t"
    )


def _stretches(member: str, parameters: Mapping[str, Any]) -> list[tuple[date, date]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT f, t FROM ({member}) m LIMIT {_MOST_STRETCHES + 1}", parameters)
        return [(first, end) for first, end in cursor.fetchall()]


def _from_pieces(source: Source, key: _Key, stretches: list[tuple[date, date]]) -> str:
    assert source.cache is not None
    whole: list[str] = []
    ragged: list[str] = []
    for first, end in stretches:
        pieces = pieces_of(first, end, quarters=key.quarters)
        stretch = f"'{first}'::date, '{end}'::date"
        whole += [f"({stretch}, 'Q', '{day}'::date)" for day in pieces.quarters]
        whole += [f"({stretch}, 'M', '{day}'::date)" for day in pieces.months]
        ragged += [f"({stretch}, '{start}'::date, '{stop}'::date)" for start, stop in pieces.ragged]
    parts = []
    if whole:
        columns = ", ".join(f"c.{column}" for column in source.columns)
        parts.append(
            f"SELECT {key.cached} AS grp, {columns} FROM member m "
            f"JOIN (VALUES {', '.join(whole)}) piece(f, t, grain, starts_on) ON piece.f = m.f AND piece.t = m.t "
            f"JOIN {source.cache._meta.db_table} c ON c.org_unit_id = m.unit_id "
            "AND c.grain = piece.grain AND c.starts_on = piece.starts_on"
        )
    if ragged:
        columns = ", ".join(f"r.{column}" for column in source.columns)
        parts.append(
            f"SELECT {key.record} AS grp, {columns} FROM member m "
            f"JOIN (VALUES {', '.join(ragged)}) rest(f, t, start, stop) ON rest.f = m.f AND rest.t = m.t "
            f"JOIN ({facts_sql(source, with_theme=False)}) r "
            "ON r.unit_id = m.unit_id AND r.day >= rest.start AND r.day < rest.stop"
        )
    if not parts:  # no unit counts on any day of the period
        return _from_records(source, key, with_theme=False)
    return " UNION ALL ".join(parts)
