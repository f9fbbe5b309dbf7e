"""Declaring figures: flows that add up, with parts that always sum to their total, and the lines behind them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from langsen.foundation.access.enums import Permission
from langsen.foundation.figures.catalogue import Additive, Describe, Figure, Listed, Source
from langsen.foundation.figures.enums import Kind, Measure, Scope


def flow(
    row: int,
    code: str,
    name: str | Promise,
    source: Source,
    column: str,
    *,
    measure: Measure = Measure.EVENTS,
    scope: Scope = Scope.BELOW,
    parent: str | None = None,
    breakdown: str | None = None,
    noun: str | Promise = "",
) -> Figure:
    """Return a figure that adds up `column` of `source` over a period; a part names its `parent` and `breakdown`."""
    return Figure(code, name, measure, Kind.FLOW, scope, Additive(source, column), row, parent, breakdown, noun=noun)


def lines_of(rows: Callable[[], QuerySet[Any]], *, title: str, day: str) -> Describe:
    """Return what turns ids into the lines behind a figure: the record's `title` with its page, its unit, its `day`."""

    def describe(ids: Iterable[int]) -> dict[int, Listed]:
        found = rows().filter(pk__in=list(ids)).select_related("org_unit")
        return {one.pk: Listed(getattr(one, title), _page(one), one.org_unit.name, _day(one, day)) for one in found}

    return describe


def _page(record: Model) -> str:
    return str(record.get_absolute_url())  # type: ignore[attr-defined]


def _day(record: Model, column: str) -> date:
    day: date = getattr(record, column)
    return day


def rows_by_kind(
    name: str,
    model: type[Model],
    kinds: Mapping[str, str],
    *,
    day: str,
    where: str,
    permission: Permission,
    describe: Describe,
) -> Source:
    """Return a source of one event a row, at its `org_unit` on its `day`, in parts by its column `kind`.

    `kinds` gives the column of each part: {"article": "articles"}; the columns are `total`, these, and `other`, which
    is computed, so that the parts sum to the total whatever is stored. `where` is SQL that says which rows count.
    No theme is known of the rows: a figure asked for a theme leaves them out.
    """
    parts = ", ".join(f"(kind = '{kind}')::int AS {column}" for kind, column in kinds.items())
    known = ", ".join(f"'{kind}'" for kind in kinds)
    facts = (
        f"SELECT org_unit_id AS unit_id, {day} AS day, id AS record_id, 1 AS total, {parts}, "
        f"(kind NOT IN ({known}))::int AS other FROM {model._meta.db_table} WHERE {where} AND {{theme}}"
    )
    columns = ("total", *kinds.values(), "other")
    return Source(name, columns, facts, theme_filter="FALSE", permission=permission, describe=describe)
