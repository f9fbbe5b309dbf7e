"""Keeping a source's cache true: never incremented, always recomputed with one SQL, units locked in order."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from langsen.foundation.figures.additive import facts_sql
from langsen.foundation.figures.catalogue import Source, all_sources

_LOCK_CLASS = 0x4C53  # advisory locks (class, unit); see docs/adr on figures


def _grouped(source: Source, records: str = "") -> str:
    """SQL of the cache's rows from `records`, all of the source's unless told."""
    sums = ", ".join(f"coalesce(sum(r.{column}), 0)::bigint AS {column}" for column in source.columns)
    return f"""
        SELECT r.unit_id AS org_unit_id, g.grain, date_trunc(g.unit, r.day)::date AS starts_on, {sums}
        FROM {records or f"({facts_sql(source, with_theme=False)}) r"}
        CROSS JOIN (VALUES ('Q', 'quarter'), ('M', 'month')) g(grain, unit)
        GROUP BY 1, 2, 3
    """


def _columns(source: Source) -> str:
    return ", ".join(("org_unit_id", "grain", "starts_on", *source.columns))


def _table(source: Source) -> str:
    if source.cache is None:
        raise ValueError(f"{source.name} has no cache")
    return source.cache._meta.db_table


def lock_units(unit_ids: Collection[int]) -> None:
    """Hold each unit's figures until the transaction ends; always in the same order, so nobody waits in a circle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_advisory_xact_lock(%s, id)) FROM (SELECT unnest(%s::int[]) AS id ORDER BY 1) ordered",
            [_LOCK_CLASS, sorted(unit_ids)],
        )


def refresh(source: Source, touched: Iterable[tuple[int, date]]) -> None:
    """Recompute the cache rows of the touched (unit, day) pairs, in the caller's transaction.

    Concurrent recordings in one unit wait for each other here, and each recomputes from what the other committed.
    """
    quarters = {(unit, date(day.year, day.month - (day.month - 1) % 3, 1)) for unit, day in touched}
    if not quarters:
        return
    lock_units({unit for unit, _ in quarters})
    units, starts = zip(*sorted(quarters), strict=True)
    parameters = {"units": list(units), "starts": list(starts)}
    pairs = "unnest(%(units)s::bigint[], %(starts)s::date[]) AS touched(unit, start)"
    # Looked up pair by pair (OFFSET 0 holds the planner to it): a recording must not read all records there are.
    records = (
        f"{pairs} CROSS JOIN LATERAL ("
        f"SELECT * FROM ({facts_sql(source, with_theme=False)}) every_record WHERE unit_id = touched.unit "
        "AND day >= touched.start AND day < touched.start + interval '3 months' OFFSET 0) r"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {_table(source)} c USING {pairs} WHERE c.org_unit_id = touched.unit "
            "AND c.starts_on >= touched.start AND c.starts_on < touched.start + interval '3 months'",
            parameters,
        )
        cursor.execute(f"INSERT INTO {_table(source)} ({_columns(source)}) {_grouped(source, records)}", parameters)


@transaction.atomic
def rebuild(source: Source) -> int:
    """Recompute the whole cache of `source`; return how many rows it has now."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {_table(source)} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(f"DELETE FROM {_table(source)}")
        # In the order in which recording would have left them, so that a quarter lies together.
        cursor.execute(f"INSERT INTO {_table(source)} ({_columns(source)}) {_grouped(source)} ORDER BY 3, 1, 2")
        return int(cursor.rowcount)


@dataclass(frozen=True)
class Comparison:
    """What `check` found: rows compared, and (unit, grain, start) of each row that differs."""

    source: str
    compared: int
    different: tuple[tuple[int, str, date], ...]


def check(source: Source) -> Comparison:
    """Compare every cache row with what the records say, without changing either."""
    columns = _columns(source)
    sql = f"""
        WITH truth AS ({_grouped(source)}), kept AS (SELECT {columns} FROM {_table(source)})
        SELECT (SELECT count(*) FROM truth), (SELECT count(*) FROM kept),
               array_agg(DISTINCT (org_unit_id, grain, starts_on)::text)
        FROM (
            (SELECT {columns} FROM truth EXCEPT ALL SELECT {columns} FROM kept)
            UNION ALL (SELECT {columns} FROM kept EXCEPT ALL SELECT {columns} FROM truth)
        ) d
    """
    with connection.cursor() as cursor:
        cursor.execute(sql)
        truth, kept, different = cursor.fetchone()
    rows = []
    for text in different or []:
        unit, grain, start = text.strip("()").split(",")
        rows.append((int(unit), grain, date.fromisoformat(start)))
    return Comparison(source.name, max(truth, kept), tuple(sorted(rows)))


def cached_sources() -> list[Source]:
    return [source for source in all_sources() if source.cache is not None]
