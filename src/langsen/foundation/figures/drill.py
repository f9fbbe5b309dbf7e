"""The list behind a number: the same SQL, its rows instead of their sum."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from langsen.foundation.access.enums import Permission
from langsen.foundation.figures.additive import facts_sql
from langsen.foundation.figures.catalogue import Additive, Describe, Distinct, Figure, Items, Listed, Ratio, by_theme
from langsen.foundation.figures.engine import Asked
from langsen.foundation.figures.members import member_sql
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import ensure_homes


@dataclass(frozen=True)
class Behind:
    """One page of the list behind a figure. `total` is the figure's value, `count` the number of lines in all."""

    lines: tuple[tuple[Listed, int], ...]
    total: int
    count: int


def behind(
    asked: Asked, figure: Figure, *, part: str = "", row: OrgUnit | None = None, offset: int = 0, limit: int = 50
) -> Behind:
    """Return the lines from `offset` that make up `figure`; over all pages their amounts sum to it.

    `part` chooses "numerator" or "denominator" of a ratio (the numerator unless told). `row` narrows to what
    `rows_by_unit` counts in that unit's row.
    """
    parameters = {"row": row.pk if row else None, "offset": offset, "limit": limit}
    inner, describe, order = _lines_sql(asked, figure, part)
    sql = (
        f"WITH member AS MATERIALIZED ({_member(asked, figure, row)}), line AS MATERIALIZED ({inner}) "
        "SELECT id, amount, (SELECT coalesce(sum(amount), 0) FROM line), (SELECT count(*) FROM line) "
        f"FROM line ORDER BY {order} OFFSET %(offset)s LIMIT %(limit)s"
    )
    return _page(_fetched(sql, asked, parameters), describe)


def ids_behind(asked: Asked, figure: Figure, *, part: str = "") -> dict[int, int]:
    """Return the ids of all records behind `figure` with the amount of each: what a snapshot keeps."""
    inner, _describe, _order = _lines_sql(asked, figure, part)
    member = _member(asked, figure, None)
    sql = f"WITH member AS MATERIALIZED ({member}) SELECT id, amount FROM ({inner}) line ORDER BY id"
    return {row[0]: int(row[1]) for row in _fetched(sql, asked, {})}


def _member(asked: Asked, figure: Figure, row: OrgUnit | None) -> str:
    member = member_sql(asked.reading, figure.scope, by_unit=row is not None)
    return member if row is None else f"SELECT * FROM ({member}) every_row WHERE grp = %(row)s"


def _fetched(sql: str, asked: Asked, parameters: Mapping[str, Any]) -> list[Any]:
    ensure_homes()
    with connection.cursor() as cursor:
        cursor.execute(sql, {**asked.parameters, **parameters})
        return list(cursor.fetchall())


def _lines_sql(asked: Asked, figure: Figure, part: str) -> tuple[str, Describe, str]:
    """Return the SQL of the lines (id, day, amount) over `member`, what describes them, and their order on a page."""
    with_theme = asked.theme_id is not None
    count = figure.count
    if isinstance(count, Additive):
        facts = facts_sql(count.source, with_theme=with_theme)
        inner = (
            f"SELECT r.record_id AS id, max(r.day) AS day, sum(r.{count.column})::bigint AS amount "
            f"FROM member m JOIN ({facts}) r ON r.unit_id = m.unit_id AND r.day >= m.f AND r.day < m.t "
            "AND r.day >= %(first)s AND r.day < %(end)s "
            f"WHERE r.{count.column} <> 0 GROUP BY r.record_id"
        )
        return inner, count.source.describe, "day DESC, id DESC"
    items = _chosen(count, part)
    rows = by_theme(items.sql, items.theme_filter, asked=with_theme)
    inner = (
        "SELECT item AS id, NULL::date AS day, 1::bigint AS amount "
        f"FROM (SELECT DISTINCT item FROM ({rows}) every_item) once"
    )
    return inner, items.describe, "id"


def _chosen(count: Distinct | Ratio, part: str) -> Items:
    if isinstance(count, Distinct):
        return count.items
    return count.denominator if part == "denominator" else count.numerator


def permission_behind(figure: Figure, part: str = "") -> Permission:
    """Return what a reader must be permitted to open the list: numbers are read more widely than names."""
    count = figure.count
    return count.source.permission if isinstance(count, Additive) else _chosen(count, part).permission


def _page(rows: list[tuple[int, int, int, int]], describe: Describe) -> Behind:
    if not rows:
        return Behind((), 0, 0)
    listed = describe([row[0] for row in rows])
    lines = tuple((listed[row[0]], int(row[1])) for row in rows if row[0] in listed)
    return Behind(lines, int(rows[0][2]), int(rows[0][3]))
