"""Deriving what the tree implies: the closure from placements, the homes from successions."""

from collections.abc import Collection
from datetime import date

from django.db import connection

from langsen.foundation.core.text import natural_sort_key
from langsen.foundation.orgs.models import OrgHome, OrgUnit, TreeState

_MAX_DEPTH = 24
SORT_KEY_LENGTH = 900

# Ranges of one pair are joined, so that a unit that moved away and back keeps two rows and no more.
_CLOSURE = """
WITH RECURSIVE up(descendant_id, ancestor_id, depth, during) AS (
    SELECT id, id, 0, during FROM orgs_orgunit WHERE id = ANY(%(units)s)
    UNION ALL
    SELECT up.descendant_id, p.parent_id, up.depth + 1, up.during * p.during
    FROM up JOIN orgs_orgplacement p ON p.org_unit_id = up.ancestor_id AND p.during && up.during
    WHERE p.parent_id IS NOT NULL AND up.depth < %(max_depth)s
)
INSERT INTO orgs_orgclosure (ancestor_id, descendant_id, depth, during)
SELECT ancestor_id, descendant_id, depth, unnest(range_agg(during))
FROM up GROUP BY ancestor_id, descendant_id, depth
"""

_SUBTREE = """
WITH RECURSIVE down(id) AS (
    SELECT unnest(%(units)s::bigint[])
    UNION
    SELECT p.org_unit_id FROM down JOIN orgs_orgplacement p ON p.parent_id = down.id
)
SELECT id FROM down
"""


def rebuild_closure(unit_ids: Collection[int]) -> None:
    """Derive the closure of these units and of all that ever stood below them.

    Raises:
        IntegrityError: the placements hold a cycle; the exclusion constraint names it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SUBTREE, {"units": list(unit_ids)})
        touched = [row[0] for row in cursor.fetchall()]
        cursor.execute("DELETE FROM orgs_orgclosure WHERE descendant_id = ANY(%s)", [touched])
        cursor.execute(_CLOSURE, {"units": touched, "max_depth": _MAX_DEPTH})


class _Homes:
    """The rule of `home(unit)` on one day, over the whole tree in memory."""

    def __init__(self, day: date) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, during @> %s::date FROM orgs_orgunit", [day])
            rows = cursor.fetchall()
            self.living = {row[0] for row in rows if row[1]}
            self.all = [row[0] for row in rows]
            # A unit that only lost a part lives on: what counts is who took over on the day it ended. As a successor
            # exists on that day, it ends later than its predecessor, and homes cannot go in a circle.
            cursor.execute(
                "SELECT s.predecessor_id, s.successor_id FROM orgs_orgsuccession s "
                'JOIN orgs_orgunit u ON u.id = s.predecessor_id AND upper(u.during) = s."on" '
                'WHERE s."on" <= %s ORDER BY s.id',
                [day],
            )
            self.successors: dict[int, list[int]] = {}
            for predecessor, successor in cursor.fetchall():
                self.successors.setdefault(predecessor, []).append(successor)
            # The latest superior so far; a unit that is still to come has its first one.
            cursor.execute(
                "SELECT DISTINCT ON (org_unit_id) org_unit_id, parent_id FROM orgs_orgplacement "
                "ORDER BY org_unit_id, lower(during) > %s, abs(lower(during) - %s)",
                [day, day],
            )
            self.parents = dict(cursor.fetchall())
        self.found: dict[int, tuple[int, int | None]] = {}

    def of(self, unit: int) -> tuple[int, int | None]:
        """Return (home, divided unit whose line it joins or None)."""
        if unit not in self.found:
            self.found[unit] = self._reckon(unit)
        return self.found[unit]

    def _reckon(self, unit: int) -> tuple[int, int | None]:
        if unit in self.living:
            return unit, None
        successors = self.successors.get(unit, [])
        if len(successors) == 1:
            return self.of(successors[0])
        if not successors:
            parent = self.parents.get(unit)
            return self.of(parent) if parent is not None else (unit, None)
        homes = {self.of(successor)[0] for successor in successors}
        if len(homes) == 1:
            return homes.pop(), None
        return self._common_ancestor(homes), unit

    def _common_ancestor(self, homes: set[int]) -> int:
        paths = [self._path(home) for home in homes]
        common = paths[0][0]
        for level in zip(*paths, strict=False):
            if len(set(level)) > 1:
                break
            common = level[0]
        return common

    def _path(self, unit: int) -> list[int]:
        path = [unit]
        while (parent := self.parents.get(path[-1])) is not None:
            path.append(parent)
        return path[::-1]


def rebuild_homes(day: date) -> None:
    """Reckon every unit's home by the tree of `day` and write the rows that differ.

    The caller holds the tree's lock.
    """
    homes = _Homes(day)
    stored = {row.org_unit_id: (row.home_id, row.line_id) for row in OrgHome.objects.all()}
    changed = [
        OrgHome(org_unit_id=unit, home_id=home, line_id=line)
        for unit in homes.all
        for home, line in [homes.of(unit)]
        if stored.get(unit) != (home, line)
    ]
    OrgHome.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["org_unit"],
        update_fields=["home", "line"],
        batch_size=5000,
    )
    TreeState.objects.filter(pk=1).update(homes_on=day)


def refresh_names(day: date) -> None:
    """Let each unit go by the name of `day`: the last one begun, or its first while it is still to come."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.id, n.name, n.folded FROM orgs_orgunit u JOIN ("
            "  SELECT DISTINCT ON (org_unit_id) org_unit_id, name, folded FROM orgs_orgname"
            "  ORDER BY org_unit_id, lower(during) > %s, abs(lower(during) - %s)"
            ") n ON n.org_unit_id = u.id WHERE u.name <> n.name",
            [day, day],
        )
        rows = cursor.fetchall()
    OrgUnit.objects.bulk_update(
        [OrgUnit(pk=pk, name=name, folded=folded, sort_key=unit_sort_key(name)) for pk, name, folded in rows],
        ["name", "folded", "sort_key"],
        batch_size=1000,
    )


def unit_sort_key(name: str) -> str:
    """Return the key units are ordered by: "số 9" before "số 12"."""
    return natural_sort_key(name)[:SORT_KEY_LENGTH]
