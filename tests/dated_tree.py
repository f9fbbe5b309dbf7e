"""A small tree that moves, merges and divides in mid-month, and its rules worked out by hand for naive recounts."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.homes import rebuild_closure, rebuild_homes
from langsen.foundation.orgs.models import OrgChange, OrgPlacement, OrgSuccession, OrgUnit, UnitKind

FIRST, SPLIT, MERGE, MOVE, GONE = (
    date(2022, 1, 1),
    date(2025, 7, 1),
    date(2024, 9, 10),
    date(2024, 5, 15),
    date(2024, 1, 1),
)
# code: (kind, [(parent, from, until)]), successors with their day
TREE = {
    "TW": ("central", [(None, FIRST, None)], []),
    "P1": ("province", [("TW", FIRST, None)], []),
    "P2": ("province", [("TW", FIRST, MERGE)], [("P1", MERGE)]),
    "D1": ("district", [("P1", FIRST, SPLIT)], [("X1", SPLIT), ("X2", SPLIT)]),
    "D2": ("district", [("P2", FIRST, MERGE), ("P1", MERGE, SPLIT)], [("X2", SPLIT)]),
    "X1": ("commune", [("P1", SPLIT, None)], []),
    "X2": ("commune", [("P1", SPLIT, None)], []),
    "G1": ("grassroots_cell", [("D1", FIRST, MOVE), ("D2", MOVE, SPLIT), ("X1", SPLIT, None)], []),
    "G2": ("grassroots_cell", [("D2", FIRST, SPLIT), ("X2", SPLIT, None)], []),
    "G3": ("grassroots_cell", [("D1", FIRST, GONE)], []),
    "B1": ("board", [("P1", FIRST, None)], []),
}
CODES = list(TREE)
# Worked out by hand from the rule: D1 is divided between X1 and X2, whose lowest common ancestor is P1.
HOMES = {"P2": "P1", "D1": "P1", "D2": "X2", "G3": "P1"}


def plant() -> dict[str, OrgUnit]:
    """Store the tree; return its units by code."""
    kinds = {kind.code: kind for kind in UnitKind.objects.all()}
    units = {}
    for code, (kind, places, _) in TREE.items():
        during = DateRange(places[0][1], places[-1][2])
        units[code] = OrgUnit.objects.create(
            code=code, name=code, folded=code, sort_key=code, kind=kinds[kind], during=during
        )
    change = OrgChange.objects.create(operation="split", effective_on=SPLIT, recorded_by=system_user())
    for code, (_, places, successors) in TREE.items():
        for parent, start, end in places:
            OrgPlacement.objects.create(
                org_unit=units[code], parent=units.get(parent or ""), during=DateRange(start, end)
            )
        for successor, on in successors:
            OrgSuccession.objects.create(predecessor=units[code], successor=units[successor], on=on, change=change)
    rebuild_closure([unit.pk for unit in units.values()])
    rebuild_homes(today())
    return units


def exists(code: str, day: date) -> bool:
    places = TREE[code][1]
    return places[0][1] <= day and (places[-1][2] is None or day < places[-1][2])


def path(code: str, day: date) -> list[str]:
    """Return the unit and all above it on `day`."""
    found = [code]
    while (parent := _parent(found[-1], day)) is not None:
        found.append(parent)
    return found


def _parent(code: str, day: date) -> str | None:
    for parent, start, end in TREE[code][1]:
        if start <= day and (end is None or day < end):
            return parent
    return None
