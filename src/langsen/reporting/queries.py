"""What the pages of figures show: values beside the previous ones, rows, trends, and the links that open numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import own_units, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import ONE_DAY, Period, half, month, quarter, today, year
from langsen.foundation.core.text import number_text, percent_text
from langsen.foundation.figures.catalogue import Figure, all_figures, figure_by_code
from langsen.foundation.figures.engine import Asked, Row, Value, figures_of
from langsen.foundation.figures.enums import Kind, Reading
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import ancestors_on
from langsen.registers.programmes.models import Programme, Theme

# The columns of tables that set many units or months side by side.
SIDE_BY_SIDE = (
    "study.sessions",
    "study.attendances",
    "study.participation_rate",
    "study.thematic_meetings",
    "study.regular_meetings",
    "study.remote_points",
)


@dataclass(frozen=True)
class Written:
    """A value as the page writes it, with the address of its list and of its base's list."""

    value: Value
    text: str
    href: str
    numerator: str = ""
    denominator: str = ""
    base_href: str = ""


@dataclass(frozen=True)
class Line:
    """One figure of the summary: now, before, and the difference in words."""

    figure: Figure
    now: Written
    before: Written | None
    change: str


@dataclass(frozen=True)
class TableRow:
    """One unit or month (or theme) with its values side by side."""

    label: str
    href: str
    values: tuple[Written, ...]
    note: str = ""


@dataclass(frozen=True)
class Preset:
    label: str
    period: Period


def address(asked: Asked, **more: str) -> str:
    """Return the query of a page about `asked`, with `more` parameters; empty ones are left out."""
    parts = {
        "unit": asked.unit.code,
        "from": asked.period.first.isoformat(),
        "to": asked.period.last.isoformat(),
        "tree": asked.reading.value if asked.reading != Reading.THEN else "",
        "theme": asked.theme_code,
        **more,
    }
    return urlencode({name: value for name, value in parts.items() if value})


def written(asked: Asked, value: Value, *, row: str = "") -> Written:
    """Write a value for the page; every number that is not 0 opens its list."""
    base = reverse("figures:list")
    query = address(asked, figure=value.figure.code, row=row)
    if value.figure.kind != Kind.RATIO:
        return Written(value, number_text(value.value), f"{base}?{query}" if value.value else "")
    return Written(
        value,
        percent_text(value.value),
        f"{base}?{query}" if value.numerator else "",
        number_text(value.numerator),
        number_text(value.denominator),
        f"{base}?{query}&part=denominator" if value.denominator else "",
    )


def summary(asked: Asked, before: Asked | None) -> list[Line]:
    """Return every figure with the previous period's beside it, where there is a previous period."""
    earlier = figures_of(before) if before else (None,) * len(asked.figures)
    lines = []
    for value, old in zip(figures_of(asked), earlier, strict=True):
        lines.append(
            Line(
                value.figure,
                written(asked, value),
                written(before, old) if before and old else None,
                _change(value, old),
            )
        )
    return lines


def _change(value: Value, old: Value | None) -> str:
    if old is None or value.value is None or old.value is None:
        return ""
    if value.figure.kind == Kind.RATIO:
        points = round((value.value - old.value) * 100, 1)
        return f"{'+' if points > 0 else ''}{number_text(points)} " + pgettext("of a percentage", "points")
    difference = value.value - old.value
    return f"{'+' if difference > 0 else ''}{number_text(difference)}"


def previous(period: Period) -> Period:
    """Return the period before: as many whole months, or years to the day, or days, as `period` itself has."""
    first, end = period.first, period.end
    if first.day == 1 and end.day == 1:
        months = (end.year - first.year) * 12 + end.month - first.month
        total = first.year * 12 + first.month - 1 - months
        return Period(date(total // 12, total % 12 + 1, 1), first - ONE_DAY)
    years = end.year - first.year
    if years and (first.month, first.day) == (end.month, end.day) and (first.month, first.day) != (2, 29):
        return Period(first.replace(year=first.year - years), first - ONE_DAY)
    return Period(first - ONE_DAY * period.days, first - ONE_DAY)


def programme_of(period: Period) -> Programme | None:
    """Return the newest programme in force on the period's first day: what the period is reported under."""
    return Programme.objects.filter(during__contains=period.first).order_by("-issued_on", "-id").first()


def before_of(asked: Asked) -> Asked | None:
    """Return the same question about the previous period, if the programme already existed on all of its days."""
    earlier = previous(asked.period)
    programme = programme_of(asked.period)
    if programme is None or earlier.first < programme.during.lower:
        return None
    return replace(asked, period=earlier)


def side_by_side() -> tuple[Figure, ...]:
    return tuple(figure_by_code(code) for code in SIDE_BY_SIDE)


def with_figure(asked: Asked, figure: Figure | None) -> Asked:
    """Return the question about all figures side by side and `figure`, which is drawn."""
    drawn = (figure,) if figure and figure.code not in SIDE_BY_SIDE else ()
    return replace(asked, figures=side_by_side() + drawn)


def _side_by_side(row: Row) -> tuple[Value, ...]:
    return row.values[: len(SIDE_BY_SIDE)]


def unit_rows(asked: Asked, rows: Iterable[Row]) -> list[TableRow]:
    """Return a table row per unit below, each number opening what it counts in that row."""
    return [
        TableRow(
            _("%(unit)s itself") % {"unit": row.name} if row.key == asked.unit.code else row.name,
            _page_of(row, asked),
            tuple(written(asked, value, row=row.key) for value in _side_by_side(row)),
            _("divided") if row.divided else "",
        )
        for row in rows
    ]


def _page_of(row: Row, asked: Asked) -> str:
    """The page of the row's own unit; a divided unit has figures by the organisation of that time only."""
    if row.unit is None or row.key == asked.unit.code:
        return ""
    reading = Reading.THEN if row.divided else asked.reading
    return f"{reverse('figures:page')}?{address(replace(asked, unit=row.unit, reading=reading))}"


def month_rows(asked: Asked, rows: Iterable[Row]) -> list[TableRow]:
    """Return a table row per month."""
    page = reverse("figures:page")
    written_rows = []
    for row in rows:
        piece = replace(asked, period=row.period or asked.period)
        values = tuple(written(piece, value) for value in _side_by_side(row))
        written_rows.append(TableRow(row.name, f"{page}?{address(piece)}", values))
    return written_rows


def theme_rows(asked: Asked) -> list[TableRow]:
    """Return a table row per theme in force in the period that concerns the unit."""
    page = reverse("figures:page")
    rows = []
    for theme in themes_of(asked.unit, asked.period):
        narrowed = replace(asked, theme_id=theme.pk, theme_code=theme.code, figures=side_by_side())
        values = tuple(written(narrowed, value) for value in figures_of(narrowed))
        rows.append(TableRow(theme.name, f"{page}?{address(narrowed)}", values, note=theme.get_kind_display()))
    return rows


def themes_of(unit: OrgUnit, period: Period) -> QuerySet[Theme]:
    """Return the themes in force in the period that units above `unit`, or it itself, have issued."""
    above = ancestors_on(unit, min(period.last, today())).values("pk")
    return Theme.objects.filter(during__overlap=period.range, org_unit__in=above).order_by("kind", "-during", "id")


def presets(day: date) -> list[Preset]:
    """Return the periods an office asks for most."""
    this_quarter, this_half = (day.month + 2) // 3, (day.month + 5) // 6
    return [
        Preset(_("This month"), month(day.year, day.month)),
        Preset(_("This quarter"), quarter(day.year, this_quarter)),
        Preset(_("This half-year"), half(day.year, this_half)),
        Preset(_("This year"), year(day.year)),
        Preset(_("Last year"), year(day.year - 1)),
        Preset(_("This term"), _term(day)),
    ]


def _term(day: date) -> Period:
    """A Party term is five years; terms are counted from the congress years 2020/21, 2025/26 by calendar year."""
    first = 2021 + (day.year - 2021) // 5 * 5
    return Period(date(first, 1, 1), date(first + 4, 12, 31))


def units_offered(user: User) -> list[OrgUnit]:
    """Return the units a reader is offered first: those of the own grants."""
    readable = units_where(user, Permission.FIGURES_READ)
    own = [unit.pk for unit in own_units(user)]
    return list(readable.filter(pk__in=own).select_related("kind").order_by("kind__level", "sort_key"))


def first_unit(user: User) -> OrgUnit | None:
    """Return the unit the page opens with: the reader's own, else the highest one readable today (staff mode)."""
    offered = units_offered(user)
    if offered:
        return offered[0]
    readable = units_where(user, Permission.FIGURES_READ).filter(during__contains=today())
    return readable.select_related("kind").order_by("kind__level", "sort_key", "id").first()


def chosen_figure(code: str) -> Figure:
    """Return the figure the charts draw; the first one for a code nobody knows."""
    return next((figure for figure in all_figures() if figure.code == code), all_figures()[0])


def trend(rows: Sequence[Row], figure: Figure) -> tuple[list[str], list[float | None]]:
    """Return the months' names and values of one figure (a ratio in percent)."""
    return [row.name for row in rows], [_plain(_value_of(row, figure)) for row in rows]


def ranking(asked: Asked, rows: Iterable[Row], figure: Figure) -> Sequence[dict[str, object]]:
    """Return the units below from the largest value of one figure to the smallest."""
    below = [(row, _value_of(row, figure)) for row in rows if row.key != asked.unit.code]
    ranked = sorted(below, key=lambda one: -(_plain(one[1]) or 0))
    return [
        {
            "label": row.name,
            "value": _plain(value) or 0,
            "text": written(asked, value).text,
            "href": written(asked, value, row=row.key).href,
        }
        for row, value in ranked
    ]


def _value_of(row: Row, figure: Figure) -> Value:
    return next(value for value in row.values if value.figure == figure)


def _plain(value: Value) -> float | None:
    if value.value is None:
        return None
    return round(value.value * 100, 1) if value.figure.kind == Kind.RATIO else value.value
