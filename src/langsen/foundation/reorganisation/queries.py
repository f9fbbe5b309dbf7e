"""What the pages of organisations show: a branch of the tree on a day, search, and where a unit came from and went."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.translation import pgettext

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, own_units, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import ONE_DAY, today
from langsen.foundation.core.text import fold, moment_text
from langsen.foundation.orgs.models import OrgChange, OrgName, OrgPlacement, OrgSecondLink, OrgSuccession, OrgUnit
from langsen.foundation.orgs.queries import (
    ancestors_on,
    children_on,
    home_of,
    units_matching,
    units_on,
    with_last_day_first,
)
from langsen.foundation.reorganisation.history import list_names


@dataclass(frozen=True)
class Line:
    """A unit as one line of a page: its name on the day asked for, its superior, how many stand directly below it."""

    unit: OrgUnit
    name: str
    superior: str
    below: int
    is_visible: bool = True
    former_name: str = ""
    superior_code: str = ""

    @property
    def state(self) -> tuple[str, str]:
        """The badge: words and tone."""
        return state_of(self.unit)


def state_of(unit: OrgUnit) -> tuple[str, str]:
    """Say whether the unit exists today, in words and a tone."""
    if unit.from_on > today():
        return pgettext("unit", "still to come"), "info"
    return (pgettext("unit", "active"), "ok") if unit.exists_on(today()) else (pgettext("unit", "ended"), "idle")


def readable_units(user: User) -> QuerySet[OrgUnit]:
    """Return the units, living and former, whose pages `user` may open."""
    return units_where(user, Permission.ORGS_READ)


def top_units(user: User, day: date) -> list[OrgUnit]:
    """Return where `user` starts to look: the units of the grants in force, or the tops of the tree of `day`."""
    if not acts_everywhere(user):
        return own_units(user)
    tops = units_on(day).filter(placements__parent=None, placements__during__contains=day)
    return list(tops.select_related("kind").order_by("sort_key", "id"))


def children_of(unit: OrgUnit, day: date, user: User) -> QuerySet[OrgUnit]:
    """Return the units directly below on `day` that `user` may see, in Vietnamese order."""
    return children_on(unit, day).filter(pk__in=readable_units(user)).order_by("sort_key", "id")


def search_units(user: User, text: str) -> QuerySet[OrgUnit]:
    """Return the units with these words in a name, past or present, or with this code; living ones first."""
    return with_last_day_first(units_matching(text, readable_units(user))).select_related("kind")


def lines_of(units: Sequence[OrgUnit], day: date, *, text: str = "") -> list[Line]:
    """Describe units on `day` with a fixed number of queries; `text` is what was searched, to show former names."""
    ids = [unit.pk for unit in units]
    names = _names_on(ids, day)
    placed = OrgPlacement.objects.filter(org_unit__in=ids).order_by("org_unit_id", "during")
    superiors: dict[int, OrgUnit] = {}
    for placement in placed.select_related("parent"):
        if placement.parent and (placement.org_unit_id not in superiors or placement.during.lower <= day):
            superiors[placement.org_unit_id] = placement.parent
    below = dict(
        OrgPlacement.objects.filter(parent__in=ids, during__contains=day)
        .order_by()
        .values_list("parent_id")
        .annotate(Count("id"))
    )
    former = _former_names(units, text)
    return [
        Line(
            unit,
            names.get(unit.pk, unit.name),
            superiors[unit.pk].name if unit.pk in superiors else "",
            below.get(unit.pk, 0),
            former_name=former.get(unit.pk, ""),
            superior_code=superiors[unit.pk].code if unit.pk in superiors else "",
        )
        for unit in units
    ]


def _former_names(units: Sequence[OrgUnit], text: str) -> dict[int, str]:
    """Return the former name by which a search found a unit whose present name does not say it."""
    words = fold(text).split(" ") if fold(text) else []
    hidden = [unit.pk for unit in units if words and not _has_words(unit.folded, words)]
    rows = OrgName.objects.filter(org_unit__in=hidden).order_by("during")
    return {row.org_unit_id: row.name for row in rows if _has_words(row.folded, words)}


def _has_words(folded: str, words: Sequence[str]) -> bool:
    return all(re.search(rf"(^|\W){re.escape(word)}", folded) for word in words)


def path_of(unit: OrgUnit, day: date, user: User) -> list[Line]:
    """Return the superiors on `day`, the highest first; those `user` may not open are names only."""
    above = list(ancestors_on(unit, day).exclude(pk=unit.pk).select_related("kind"))
    ids = [each.pk for each in above]
    visible = set(readable_units(user).filter(pk__in=ids).values_list("pk", flat=True))
    names = _names_on(ids, day)
    return [Line(each, names.get(each.pk, each.name), "", 0, each.pk in visible) for each in above]


def _names_on(ids: Sequence[int], day: date) -> dict[int, str]:
    rows = OrgName.objects.filter(org_unit__in=ids, during__contains=day)
    return dict(rows.values_list("org_unit_id", "name"))


@dataclass(frozen=True)
class Relative:
    """A predecessor or successor: the unit, since when, whether its page may be opened."""

    unit: OrgUnit
    on: date
    is_visible: bool


@dataclass(frozen=True)
class Fate:
    """Where a unit came from, what it became, and where its records count today."""

    predecessors: list[Relative]
    successors: list[Relative]
    home: OrgUnit
    is_home_visible: bool


def fate_of(unit: OrgUnit, user: User) -> Fate:
    """Return the unit's predecessors and successors and its home by today's organisation."""
    before = list(OrgSuccession.objects.filter(successor=unit).select_related("predecessor").order_by("on", "id"))
    after = list(OrgSuccession.objects.filter(predecessor=unit).select_related("successor").order_by("on", "id"))
    home = home_of(unit)
    ids = {row.predecessor_id for row in before} | {row.successor_id for row in after} | {home.pk}
    visible = set(readable_units(user).filter(pk__in=ids).values_list("pk", flat=True))
    return Fate(
        [Relative(row.predecessor, row.on, row.predecessor_id in visible) for row in before],
        [Relative(row.successor, row.on, row.successor_id in visible) for row in after],
        home,
        home.pk in visible,
    )


def names_of(unit: OrgUnit) -> list[tuple[str, date, date | None]]:
    """Return what the unit was called, with first and last day, the newest first."""
    rows = OrgName.objects.filter(org_unit=unit).order_by("-during")
    return [(row.name, row.during.lower, row.during.upper - ONE_DAY if row.during.upper else None) for row in rows]


def second_superiors(unit: OrgUnit, day: date) -> Iterable[OrgSecondLink]:
    """Return the superiors on the State line and of mass organisations on `day`."""
    return OrgSecondLink.objects.filter(org_unit=unit, during__contains=day).select_related("superior").order_by("line")


def day_to_show(unit: OrgUnit, asked: date | None) -> date:
    """Return the day a unit's page opens on: the one asked for, today, or the nearest day it existed."""
    day = asked or today()
    if asked is None and not unit.exists_on(day):
        return unit.from_on if day < unit.from_on else (unit.last_on or day)
    return day


def newest_change(user: User) -> str:
    """Say what was last recorded of the tree, by whom and when, as far as `user` may know those units."""
    newest = OrgChange.objects.select_related("recorded_by").order_by("-id").first()
    if newest is None:
        return ""
    units = readable_units(user).filter(changes=newest).order_by("sort_key", "id")
    return " – ".join(
        part
        for part in (
            moment_text(newest.recorded_at),
            newest.recorded_by.display_name,
            newest.get_operation_display(),
            list_names([unit.name for unit in units]),
        )
        if part
    )
