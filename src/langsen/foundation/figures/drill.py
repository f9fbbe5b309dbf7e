"""The list behind a number: the same SQL, its rows instead of their sum."""

from dataclasses import dataclass

from django.db import connection

from langsen.foundation.access.enums import Permission
from langsen.foundation.figures.additive import facts_sql
from langsen.foundation.figures.catalogue import Additive, Describe, Distinct, Figure, Items, Listed, Ratio
from langsen.foundation.figures.engine import Asked, items_sql
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
    ensure_homes()
    member = member_sql(asked.reading, figure.scope, by_unit=row is not None)
    if row is not None:
        member = f"SELECT * FROM ({member}) every_row WHERE grp = %(row)s"
    parameters = {**asked.parameters, "row": row.pk if row else None, "offset": offset, "limit": limit}
    with_theme = asked.theme_id is not None
    count = figure.count
    if isinstance(count, Additive):
        facts = facts_sql(count.source, with_theme=with_theme)
        inner = (
            f"SELECT r.record_id AS id, max(r.day) AS day, sum(r.{count.column})::bigint AS amount "
            f"FROM member m JOIN ({facts}) r ON r.unit_id = m.unit_id AND r.day >= m.f AND r.day < m.t "
            f"WHERE r.{count.column} <> 0 GROUP BY r.record_id"
        )
        order, describe = "day DESC, id DESC", count.source.describe
    else:
        items = _chosen(count, part)
        inner = (
            "SELECT item AS id, NULL::date AS day, 1::bigint AS amount "
            f"FROM (SELECT DISTINCT item FROM ({items_sql(items, with_theme=with_theme)}) every_item) once"
        )
        order, describe = "id", items.describe
    sql = (
        f"WITH member AS MATERIALIZED ({member}), line AS MATERIALIZED ({inner}) "
        "SELECT id, amount, (SELECT coalesce(sum(amount), 0) FROM line), (SELECT count(*) FROM line) "
        f"FROM line ORDER BY {order} OFFSET %(offset)s LIMIT %(limit)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    return _page(rows, describe)


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
