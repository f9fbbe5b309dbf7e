"""What a figure is. Each register declares its own in its `figures.py`; settings list those modules.

SQL fragments are written against one relation, `member(unit_id, grp, f, t)`: the units that count, the row of the
table they count in, and the half-open days on which they do (`members.py`). Fragments may use the parameters
`%(first)s`, `%(end)s` (half-open), `%(last)s`, and `{theme}`, a predicate that is TRUE when no theme is chosen.
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


@dataclass(frozen=True, eq=False)
class Items:
    """A set that is counted once each (people, units): `sql` gives `grp, item` over `member`; duplicates are fine."""

    sql: str
    theme_filter: str
    permission: Permission
    describe: Describe


@dataclass(frozen=True)
class Additive:
    source: Source
    column: str


@dataclass(frozen=True)
class Distinct:
    items: Items


@dataclass(frozen=True)
class Ratio:
    """The numerator is a subset of the denominator by its own SQL; a property test holds it to that.

    `marked` counts both in one go where that is worth it: `grp, item` of the denominator and `hit`, whether the row
    speaks for the numerator; an item belongs to it by one such row.
    """

    numerator: Items
    denominator: Items
    marked: str = ""


@dataclass(frozen=True)
class Figure:
    """One figure of the catalogue. `code` is relied on outside; `row` is its row in the shared list of indicators."""

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
