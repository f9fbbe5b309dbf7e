"""Reading the dated tree: units of a day, ancestors, descendants, homes. Nothing here writes but the homes' upkeep."""

import re
from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.db.models import F, Func, Q, QuerySet

from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.remembering import remembered
from langsen.foundation.core.text import fold
from langsen.foundation.orgs.models import OrgClosure, OrgHome, OrgName, OrgUnit, TreeState

TREE_LOCK = 0x4C53_7EE0  # one operation on the tree at a time, across processes


def lock_tree() -> TreeState:
    """Take the tree's advisory lock until the transaction ends and return the state row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])
    state, _created = TreeState.objects.get_or_create(pk=1)
    return state


def tree_version() -> int:
    state = remembered(("tree",), TreeState.objects.filter(pk=1).first)
    return state.version if state else 1


def unit_by_code(code: str) -> OrgUnit:
    """Return the unit with this code, whatever its days.

    Raises:
        NotFound: there is none.
    """
    unit = OrgUnit.objects.select_related("kind").filter(code=code).first()
    if unit is None:
        raise NotFound(code)
    return unit


def units_on(day: date) -> QuerySet[OrgUnit]:
    """Return the units that exist on `day`."""
    return OrgUnit.objects.filter(during__contains=day)


def parent_on(unit: OrgUnit, day: date) -> OrgUnit | None:
    """Return the unit directly above `unit` on `day`, if any."""
    placement = unit.placements.select_related("parent").filter(during__contains=day).first()
    return placement.parent if placement else None


def children_on(unit: OrgUnit, day: date) -> QuerySet[OrgUnit]:
    """Return the units directly below `unit` on `day`, in Vietnamese order."""
    return OrgUnit.objects.filter(placements__parent=unit, placements__during__contains=day).select_related("kind")


def descendants_on(unit: OrgUnit, day: date) -> QuerySet[OrgUnit]:
    """Return `unit` and everything below it on `day`."""
    return OrgUnit.objects.filter(above__ancestor=unit, above__during__contains=day)


def ancestors_on(unit: OrgUnit, day: date) -> QuerySet[OrgUnit]:
    """Return the units above `unit` on `day`, the root first, `unit` itself last."""
    return OrgUnit.objects.filter(below__descendant=unit, below__during__contains=day).order_by("-below__depth")


def name_on(unit: OrgUnit, day: date) -> str:
    """Return what `unit` was called on `day`; its newest name outside the recorded days."""
    row = OrgName.objects.filter(org_unit=unit, during__contains=day).first()
    return row.name if row else unit.name


def home_of(unit: OrgUnit) -> OrgUnit:
    """Return where `unit`'s records count by today's organisation: itself while it exists."""
    ensure_homes()
    return OrgHome.objects.select_related("home__kind").get(org_unit=unit).home


def units_below_today(ancestor_ids: Iterable[int]) -> QuerySet[OrgUnit]:
    """Return today's descendants of these units and every former unit whose home lies among them.

    This is the one meaning of "a role reaches all units below": records of a dissolved unit stay with its heirs.
    """
    ensure_homes()
    below = OrgClosure.objects.filter(ancestor__in=list(ancestor_ids), during__contains=today()).values("descendant")
    return OrgUnit.objects.filter(home_row__home__in=below)


def units_matching(text: str, units: QuerySet[OrgUnit]) -> QuerySet[OrgUnit]:
    """Narrow `units` to those with every word of `text` in a name of theirs, past or present, or with that code."""
    folded = fold(text)
    if not folded:
        return units
    named = Q()
    for word in folded.split(" "):
        # From the beginning of a word, so that "huyện ủy" does not find "khuyến nông"; \m is PostgreSQL's word start.
        starts = word[0].isalnum()
        named &= Q(folded__regex=rf"\m{re.escape(word)}") if starts else Q(folded__contains=word)
    former = OrgName.objects.filter(named).values("org_unit")
    return units.filter(named | Q(pk__in=former) | Q(code=text.strip().upper()))


def with_last_day_first(units: QuerySet[OrgUnit]) -> QuerySet[OrgUnit]:
    """Order living units before former ones, then by name."""
    ended = Func(F("during"), function="upper_inf")
    return units.annotate(is_living=ended).order_by("-is_living", "sort_key", "id")


def ensure_homes() -> None:
    """Reckon the homes anew when the day has changed since they were last reckoned."""
    day = today()
    if remembered(("homes", day), TreeState.objects.filter(pk=1, homes_on=day).exists):
        return
    from langsen.foundation.orgs.homes import rebuild_homes, refresh_names

    with transaction.atomic():
        state = lock_tree()
        if state.homes_on != day:
            rebuild_homes(day)
            refresh_names(day)
