"""What the desk shows: figures of my unit, what waits for me, who is slow, what lies ahead."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, is_allowed, own_units
from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import ONE_DAY, Period, month, year
from langsen.foundation.core.text import day_text, number_text
from langsen.foundation.figures.catalogue import figure_by_code
from langsen.foundation.figures.engine import Asked, figures_of, rows_by_month
from langsen.foundation.figures.enums import Kind
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import children_on, ensure_homes
from langsen.office.sources import TODOS
from langsen.registers.study.enums import SessionStatus
from langsen.registers.study.models import StudySession
from langsen.registers.study.queries.sessions import sessions_for
from langsen.reporting.queries import address, written

# The figures of the desk, in the short words that fit a tile.
TILES = {
    "study.sessions": gettext_lazy("Study conferences"),
    "study.attendances": gettext_lazy("Attendances at them"),
    "study.participation_rate": gettext_lazy("Took part in study"),
    "study.thematic_meetings": gettext_lazy("Thematic meetings of cells"),
    "study.regular_meetings": gettext_lazy("Regular meetings with studying and following"),
}
MONTHS = 12
SILENT_MONTHS = 2  # whole months without a sign of life before a unit is called slow
SHOWN_TODOS = 8
SHOWN_UNITS = 10
SHOWN_SILENT = 3
SHOWN_NOTICES = 4
SHOWN_DATES = 5


@dataclass(frozen=True)
class Tile:
    """One figure of my unit, written for the page."""

    label: str
    value: str
    href: str
    base: str
    trend: tuple[float | None, ...]


@dataclass(frozen=True)
class Silent:
    """A unit without a sign of life for whole months, and since when, in words."""

    unit: OrgUnit
    words: str


@dataclass(frozen=True)
class HeatMap:
    """Units below by months: `rows` as the component `heat_map` takes them; `silent` ones, the longest first."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    silent: tuple[Silent, ...]
    left_out: int
    period: Period


def desk_units(user: User) -> list[OrgUnit]:
    """Return the units whose desk `user` may open, the highest first; in staff mode the top of the tree too."""
    units = own_units(user)
    if not units and acts_everywhere(user):
        return list(
            OrgUnit.objects.filter(during__endswith=None).select_related("kind").order_by("kind__level", "id")[:1]
        )
    return units


def chosen_unit(units: list[OrgUnit], code: str) -> OrgUnit | None:
    """Return the unit asked for among mine, else the first."""
    return next((unit for unit in units if unit.code == code), units[0] if units else None)


def year_so_far(day: date) -> Period:
    return Period(year(day.year).first, day)


def last_months(day: date) -> list[Period]:
    """Return the last twelve calendar months, that of `day` last."""
    count = day.year * MONTHS + day.month - 1
    return [month(number // 12, number % 12 + 1) for number in range(count - MONTHS + 1, count + 1)]


def tile_period(unit: OrgUnit, day: date) -> Period:
    """Return the period of the desk's figures: this year so far; for published figures the last twelve months of them.

    What was published of such a unit stands still, so this year would show nothing.
    """
    if unit.is_published:
        held = StudySession.objects.filter(status=SessionStatus.HELD, org_unit__above__ancestor=unit)
        last = held.order_by("-held_on").values_list("held_on", flat=True).first()
        if last is not None and last.year < day.year:
            months = last_months(last)
            return Period(months[0].first, months[-1].last)
    return year_so_far(day)


def tiles_for(unit: OrgUnit, period: Period, *, lists: bool) -> list[Tile]:
    """Return the unit's figures of `period`, with their trend over the twelve months to its end.

    `lists`: the reader may open the lists behind the numbers; otherwise a tile opens the page of figures.
    """
    asked = Asked(unit, period, figures=tuple(figure_by_code(code) for code in TILES))
    trends = _trends(replace(asked, period=Period(last_months(period.last)[0].first, period.last)))
    page = f"{reverse('figures:page')}?{address(asked)}"
    tiles = []
    for value in figures_of(asked):
        shown = written(asked, value)
        base = f"{shown.numerator} / {shown.denominator}" if value.denominator else ""
        tiles.append(
            Tile(
                label=str(TILES[value.figure.code]),
                value=shown.text,
                href=(lists and shown.href) or page,
                base=base,
                trend=trends.get(value.figure.code, ()),
            )
        )
    return tiles


def _trends(asked: Asked) -> dict[str, tuple[float | None, ...]]:
    """Monthly values of the figures that are cheap to ask twelve times: those that are added up."""
    summed = tuple(figure for figure in asked.figures if figure.kind == Kind.FLOW)
    found: dict[str, list[float | None]] = {figure.code: [] for figure in summed}
    for row in rows_by_month(replace(asked, figures=summed)):
        for value in row.values:
            found[value.figure.code].append(value.value)
    return {code: tuple(values) for code, values in found.items()}


def todos_of(user: User) -> list[Any]:
    """Return what waits for `user` in every app, by deadline; what has none comes last."""
    found = [todo for source in TODOS for todo in source(user)]
    return sorted(found, key=lambda todo: (todo.due_on or date.max, todo.title))


def when_words(due_on: date | None, day: date) -> tuple[str, bool]:
    """Return a deadline as the desk says it, and whether it has passed."""
    if due_on is None:
        return "", False
    days = (due_on - day).days
    if days < 0:
        return _("%(days)s days late") % {"days": number_text(-days)}, True
    words = {0: _("today"), 1: _("tomorrow")}
    return words.get(days, day_text(due_on)), False


def sessions_href(unit: OrgUnit, period: Period, **more: str) -> str:
    query = {"unit": unit.code, "from": day_text(period.first), "to": day_text(period.last), **more}
    return f"{reverse('study:sessions')}?{urlencode(query)}"


def slow_units(unit: OrgUnit, day: date, limit: int | None = None) -> HeatMap:
    """Return, for the units directly below, how many sessions each month has; the most silent first.

    Left out are units that hold published figures only, which are not due, and advisory boards, whose meetings are
    the unit's own.
    """
    ensure_homes()
    months = last_months(day)
    children = [child for child in children_on(unit, day) if not (child.is_published or child.kind.is_board)]
    counts = _sessions_by_month([child.pk for child in children], months, day)
    most = max((count for row in counts.values() for count in row.values()), default=0)
    ranked = sorted(children, key=lambda child: (-_silence(child, counts[child.pk], months), child.sort_key, child.pk))
    shown = ranked[:limit] if limit else ranked
    return HeatMap(
        columns=tuple(str(period.first.month) for period in months),
        rows=tuple(
            {
                "label": child.name,
                "href": sessions_href(child, Period(months[0].first, months[-1].last)),
                "cells": [_cell(child, period, counts[child.pk].get(period.first, 0), most) for period in months],
            }
            for child in shown
        ),
        silent=tuple(_silent(shown[:SHOWN_SILENT] if limit else shown, counts, months)),
        left_out=len(ranked) - len(shown),
        period=Period(months[0].first, day),
    )


def _sessions_by_month(units: list[int], months: list[Period], day: date) -> dict[int, dict[date, int]]:
    """Return {unit: {first of month: sessions held by it or below it}} by today's organisation."""
    found: dict[int, dict[date, int]] = {pk: {} for pk in units}
    rows = (
        StudySession.objects.filter(status=SessionStatus.HELD, held_on__gte=months[0].first, held_on__lt=months[-1].end)
        .filter(
            org_unit__home_row__home__above__ancestor__in=units,
            org_unit__home_row__home__above__during__contains=day,
        )
        .order_by()
        .annotate(child=F("org_unit__home_row__home__above__ancestor"), month=TruncMonth("held_on"))
        .values_list("child", "month")
        .annotate(number=Count("pk"))
    )
    for child, first, number in rows:
        found[child][first] = number
    return found


def _silence(child: OrgUnit, counts: dict[date, int], months: list[Period]) -> int:
    """Return for how many whole months, up to the last one, the unit has recorded nothing."""
    silent = 0
    for period in reversed(months[:-1]):
        if counts.get(period.first) or period.last < child.from_on or (silent == 0 and counts.get(months[-1].first)):
            break
        silent += 1
    return silent


def _silent(shown: list[OrgUnit], counts: dict[int, dict[date, int]], months: list[Period]) -> Iterator[Silent]:
    for child in shown:
        silent = _silence(child, counts[child.pk], months)
        if silent >= SILENT_MONTHS:
            since = months[-1 - silent].first
            words = _("%(unit)s: nothing recorded since %(month)s/%(year)s.")
            yield Silent(child, words % {"unit": child.name, "month": since.month, "year": since.year})


def _cell(child: OrgUnit, period: Period, number: int, most: int) -> dict[str, object]:
    where = f"{child.name}, {period.first.month}/{period.first.year}"
    if period.last < child.from_on:
        return {"level": "future", "text": _("%(where)s: not yet established") % {"where": where}}
    if not number:
        return {"level": None, "text": _("%(where)s: nothing recorded yet") % {"where": where}}
    level = 1 + min(2, 3 * number // (most + 1))
    words = _("%(where)s: %(number)s sessions") % {"where": where, "number": number_text(number)}
    return {"level": level, "text": words, "href": sessions_href(child, period, status=SessionStatus.HELD)}


def dates_ahead(user: User, day: date) -> QuerySet[StudySession]:
    """Return the planned sessions to come that `user` may see, the nearest first."""
    coming = sessions_for(user).filter(status=SessionStatus.PLANNED, held_on__gt=day - ONE_DAY)
    return coming.filter(Q(org_unit__is_published=False)).order_by("held_on", "id")


def reads_study(user: User, unit: OrgUnit) -> bool:
    return is_allowed(user, Permission.STUDY_READ, unit)
