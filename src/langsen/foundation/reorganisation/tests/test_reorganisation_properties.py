"""Whatever is done to the tree, in whatever order and however back-dated: what must hold afterwards.

A record is a unit and a day the unit existed on. By the organisation of that time every record counts at the root;
by today's organisation every record counts at exactly one living unit and, through it, at the root.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.models import OrgClosure, OrgHome, OrgName, OrgPlacement, OrgUnit
from langsen.foundation.orgs.queries import units_below_today
from langsen.foundation.reorganisation.bulk import NewUnit
from langsen.foundation.reorganisation.changes import Decision
from langsen.foundation.reorganisation.services import (
    dissolve_unit,
    establish_unit,
    merge_units,
    move_unit,
    rename_unit,
    split_unit,
)
from tests.factories import make_tree

pytestmark = pytest.mark.django_db

PAPER = Decision("1-QĐ/TU", date(2020, 12, 1))
FIRST = date(2021, 1, 1)
DAYS = [FIRST + timedelta(days=97 * step) for step in range(-4, 24)]  # 2020 to 2027, some of them still to come

Draw = tuple[int, int, int, int]
STEPS = st.tuples(
    st.sampled_from(["establish", "rename", "move", "merge", "merge_new", "split", "keep", "dissolve"]),
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 23)),
)


class World:
    """Plays drawn steps on a small tree, by the services alone."""

    def __init__(self) -> None:
        self.made = 0
        self.root = make_tree(
            TW=("central", None),
            A=("province", "TW"),
            B=("province", "TW"),
            A1=("cell", "A"),
            A2=("cell", "A"),
            B1=("cell", "B"),
        )["TW"]

    def play(self, name: str, draw: Draw) -> bool:
        units = list(OrgUnit.objects.order_by("id"))
        first, second, third = (units[number % len(units)] for number in draw[:3])
        facts = {"effective_on": FIRST + timedelta(days=97 * draw[3]), "decision": PAPER, "by": system_user()}
        step: Callable[[], object] = {
            "establish": lambda: establish_unit(**self.words(), parent=first, **facts),
            "rename": lambda: rename_unit(first, name=f"Tên {draw}", **facts),
            "move": lambda: move_unit(first, parent=second, **facts),
            "merge": lambda: merge_units([first], successor=second, **facts),
            "merge_new": lambda: merge_units([first, second], successor=self.new(third), **facts),
            "split": lambda: self.split(first, [self.new(second), self.new(third)], facts, keeps=False),
            "keep": lambda: self.split(first, [self.new(second)], facts, keeps=True),
            "dissolve": lambda: dissolve_unit(first, children_to=second, **facts),
        }[name]
        try:
            step()
        except (BadInput, Conflict):
            return False
        return True

    def words(self) -> dict[str, str]:
        self.made += 1
        return {"code": f"N{self.made}", "name": f"Đơn vị số {self.made}", "kind": "cell"}

    def new(self, parent: OrgUnit) -> NewUnit:
        return NewUnit(**self.words(), parent=parent.code, from_on=FIRST)

    def split(self, unit: OrgUnit, heirs: list[NewUnit], facts: dict[str, object], *, keeps: bool) -> None:
        below = OrgPlacement.objects.filter(parent=unit, during__overlap=(facts["effective_on"], None))
        children = {placement.org_unit.code: heirs[0].code for placement in below.select_related("org_unit")}
        split_unit(unit, successors=heirs, children=children, keeps=keeps, **facts)


def naive_path(unit: int, parents: dict[int, int | None]) -> list[int]:
    path = [unit]
    while (parent := parents[path[-1]]) is not None:
        assert parent not in path, "a circle"
        path.append(parent)
    return path


def check_day(day: date, root: OrgUnit) -> None:
    """The tree of one day: everybody has one name and one place under somebody who exists, up to the root."""
    existing = set(OrgUnit.objects.filter(during__contains=day).values_list("id", flat=True))
    placements = list(OrgPlacement.objects.filter(during__contains=day).values_list("org_unit_id", "parent_id"))
    names = Counter(OrgName.objects.filter(during__contains=day).values_list("org_unit_id", flat=True))
    assert Counter(unit for unit, _parent in placements) == Counter(existing) == names
    parents = dict(placements)
    naive = {(above, unit, depth) for unit in existing for depth, above in enumerate(naive_path(unit, parents))}
    stored = list(OrgClosure.objects.filter(during__contains=day).values_list("ancestor_id", "descendant_id", "depth"))
    assert len(stored) == len(set(stored))
    assert set(stored) == naive
    assert {unit for above, unit, _depth in naive if above == root.pk} == existing, "the total of that time"


def check_homes(root: OrgUnit) -> None:
    """The reading by today's organisation: one living home each, so totals are kept."""
    living = set(OrgUnit.objects.filter(during__contains=today()).values_list("id", flat=True))
    homes = dict(OrgHome.objects.values_list("org_unit_id", "home_id"))
    everybody = set(OrgUnit.objects.values_list("id", flat=True))
    assert set(homes) == everybody
    assert set(homes.values()) <= living
    assert all(homes[unit] == unit for unit in living)
    assert set(units_below_today([root.pk]).values_list("id", flat=True)) == everybody
    children = OrgPlacement.objects.filter(parent=root, during__contains=today()).values_list("org_unit_id", flat=True)
    parts = [set(units_below_today([child]).values_list("id", flat=True)) for child in children]
    own = {unit for unit, home in homes.items() if home == root.pk}
    assert sum(map(len, parts)) + len(own) == len(everybody), "the parts sum to the total"


def play(steps: list[tuple[str, Draw]]) -> None:
    with transaction.atomic():
        world = World()
        done = Counter(name for name, draw in steps if world.play(name, draw))
        for name in done:
            event(name)
        for day in DAYS:
            check_day(day, world.root)
        check_homes(world.root)
        transaction.set_rollback(True)


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, min_size=8, max_size=8))
def test_the_tree_stays_whole(steps) -> None:
    play(steps)


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, min_size=5, max_size=25))
def test_the_tree_stays_whole_through_many_changes(steps) -> None:
    play(steps)
