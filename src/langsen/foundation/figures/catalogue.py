"""What a figure is. Each register declares its own in its `figures.py`; settings list those modules.

SQL fragments are written against one relation, `member(unit_id, grp, f, t, first, last)`: the units that count, the
row of the table they count in, the half-open days on which they do, and the first and last day of that row
(`members.py`). Fragments may use `{theme}`, a predicate that is TRUE when no theme is chosen, and the parameters
`%(first)s`, `%(end)s` (half-open) and `%(last)s`: the days of all rows together.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module

from django.conf import settings
from django.db import models
from django.utils.functional import Promise

from langsen.foundation.access.enums import Permission
from langsen.foundation.core.errors import NotFound
from langsen.foundation.figures.enums import Kind, Measure, Scope


@dataclass(frozen=True)
class Listed:
    """One line of the list behind a number."""

    label: str
    url: str
    unit_name: str
    day: date | None


# Turns record ids into lines, keyed by id; ids that no longer exist are left out.
Describe = Callable[[Iterable[int]], dict[int, Listed]]


@dataclass(frozen=True, eq=False)
class Source:
    """Records that are added up: `facts` is flat SQL (no aggregate, so that joins reach its indexes) giving
    `unit_id, day, record_id` and one column for each of `columns`; `{theme}` narrows it to a theme.

    `cache` is the model of whole quarters and months with the same columns, or None.
    """

    name: str
    columns: tuple[str, ...]
    facts: str
    theme_filter: str
    permission: Permission
    describe: Describe
    cache: type[models.Model] | None = None


MONTHS_AT_ONCE = 60


@dataclass(frozen=True, eq=False)
class Together:
    """Several sets counted in one statement, where that is worth it.

    `sql` gives over `member` the columns `grp, item` and, for each of `columns`, whether the row speaks for that set;
    an item belongs to a set by one such row. `by_month` gives over `member`, whatever its rows, `grp` and how many
    items each set has in that month: the same numbers as `sql` month for month, which a property test holds it to.
    `grp` is the month's number (`periods.month_number`); the months are those of the days from `%(first)s` to
    `%(last)s`, never more than MONTHS_AT_ONCE.
    """

    columns: tuple[str, ...]
    sql: str
    by_month: str


@dataclass(frozen=True, eq=False)
class Items:
    """A set that is counted once each (people, units): `sql` gives `grp, item` over `member`; duplicates are fine.

    With `together` it is the set of one of its columns, made by `set_of`.
    """

    sql: str
    theme_filter: str
    permission: Permission
    describe: Describe
    together: Together | None = None
    column: str = ""


def set_of(together: Together, column: str, *, theme_filter: str, permission: Permission, describe: Describe) -> Items:
    """Return one set of `together`: its list is read from the same rows as its number."""
    sql = f"SELECT grp, item FROM ({together.sql}) every_row WHERE {column}"
    return Items(sql, theme_filter, permission, describe, together, column)


@dataclass(frozen=True)
class Additive:
    source: Source
    column: str


@dataclass(frozen=True)
class Distinct:
    items: Items


@dataclass(frozen=True)
class Ratio:
    """The numerator is a subset of the denominator by its own SQL; a property test holds it to that."""

    numerator: Items
    denominator: Items


@dataclass(frozen=True)
class Figure:
    """One figure of the catalogue. `code` is relied on outside; `row` is its row in the shared list of indicators.

    `noun` is what it counts where the word of its measure is too wide: meetings, trips, outputs; parts share it.
    """

    code: str
    name: str | Promise
    measure: Measure
    kind: Kind
    scope: Scope
    count: Additive | Distinct | Ratio
    row: int
    parent: str | None = None
    breakdown: str | None = None
    note: str | Promise = field(default="", compare=False)
    noun: str | Promise = field(default="", compare=False)

    @property
    def counted_in(self) -> str:
        """What one of it is called."""
        whole = figure_by_code(self.parent) if self.parent else self
        return str(self.noun or whole.noun or self.measure.label)


def by_theme(sql: str, theme_filter: str, *, asked: bool) -> str:
    """Return `sql` with `{theme}` narrowed to the theme asked for, or TRUE when none is."""
    return sql.replace("{theme}", theme_filter if asked else "TRUE")


@cache
def all_figures() -> tuple[Figure, ...]:
    """Return every declared figure in catalogue order, parts after their parent."""
    figures: list[Figure] = []
    for module in settings.LANGSEN_FIGURES:
        figures += import_module(module).FIGURES
    return tuple(figures)


@cache
def all_sources() -> tuple[Source, ...]:
    """Return the additive sources in use, each once."""
    found: dict[str, Source] = {}
    for figure in all_figures():
        if isinstance(figure.count, Additive):
            found[figure.count.source.name] = figure.count.source
    return tuple(found.values())


def figure_by_code(code: str) -> Figure:
    """Return the figure with this code.

    Raises:
        NotFound: there is none.
    """
    for figure in all_figures():
        if figure.code == code:
            return figure
    raise NotFound(code)


def parts_of(figure: Figure, figures: Sequence[Figure] | None = None) -> list[Figure]:
    """Return the parts of `figure` in order."""
    return [part for part in (figures or all_figures()) if part.parent == figure.code]
