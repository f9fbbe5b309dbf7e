"""Many units end and others take over in one act: all of it or nothing, and every register hears of it."""

from datetime import date
from typing import Any

import pytest

from langsen.foundation.access.enums import Role
from langsen.foundation.access.models import Grant
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import BadInput, NotAllowed
from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.orgs.models import OrgChange, OrgHome, OrgSuccession, OrgUnit
from langsen.foundation.orgs.queries import children_on, home_of, tree_version, unit_by_code
from langsen.foundation.people.models import Membership
from langsen.foundation.reorganisation.changes import Decision
from langsen.foundation.reorganisation.regrouping import Regrouping, regroup_units
from tests.factories import make_person, make_tree, make_unit, make_user

pytestmark = pytest.mark.django_db
DAY = date(2025, 7, 1)
PAPER = Decision("12-QĐ/TU", date(2025, 6, 20))
ROWS = [
    Regrouping(("A", "B"), ("X",)),
    Regrouping(("C",), ("X", "Y"), {"C1": "Y"}),
    Regrouping(("H",), ()),
]


@pytest.fixture
def tree() -> dict[str, OrgUnit]:
    units = make_tree(
        T=("province", None),
        H=("agencies", "T"),
        A=("grassroots_committee", "H"),
        B=("grassroots_committee", "H"),
        C=("grassroots_committee", "T"),
        A1=("cell", "A"),
        C1=("cell", "C"),
    )
    for code in "XY":
        units[code] = make_unit(code, "commune", units["T"], DAY)
    return units


def regroup(rows: list[Regrouping], **facts: Any) -> None:
    regroup_units(rows, **{"effective_on": DAY, "decision": PAPER, "by": system_user(), **facts})


def test_merging_dividing_and_ending_in_one_act(tree: dict[str, OrgUnit]) -> None:
    make_person(tree["A"], "Lò Văn An")
    make_user(Role.GRASSROOTS_SECRETARY, tree["A"])
    before = tree_version()
    regroup(ROWS)
    assert tree_version() == before + 1
    assert {code: unit_by_code(code).last_on for code in "ABCH"} == dict.fromkeys("ABCH", DAY - ONE_DAY)
    assert [unit.code for unit in children_on(tree["X"], DAY)] == ["A1"]
    assert [unit.code for unit in children_on(tree["Y"], DAY)] == ["C1"]
    assert [unit.code for unit in children_on(tree["A"], DAY - ONE_DAY)] == ["A1"]
    assert {code: home_of(unit_by_code(code)).code for code in "ABCH"} == {"A": "X", "B": "X", "C": "T", "H": "T"}
    assert OrgHome.objects.get(org_unit__code="C").line == tree["C"]
    assert list(Membership.objects.filter(during__contains=DAY).values_list("org_unit__code", flat=True)) == ["X"]
    assert not Grant.objects.filter(org_unit=tree["A"], during__contains=DAY.replace(year=2030)).exists()
    assert OrgChange.objects.filter(effective_on=DAY, decision_number="12-QĐ/TU").count() == 3
    assert OrgSuccession.objects.count() == 4


def test_units_established_with_their_last_day_are_told_who_took_over(tree: dict[str, OrgUnit]) -> None:
    make_unit("E", "grassroots_committee", tree["T"], last_on=DAY - ONE_DAY)
    regroup([Regrouping(("E",), ("Y",))])
    assert home_of(unit_by_code("E")).code == "Y"
    with pytest.raises(BadInput, match="E"):
        regroup([Regrouping(("E",), ("X",))])


@pytest.mark.parametrize(
    "rows",
    [
        [Regrouping(("A", "A"), ("X",))],
        [Regrouping(("A",), ("X",)), Regrouping(("A",), ("Y",))],
        [Regrouping(("A",), ("B",)), Regrouping(("B",), ("X",))],
        [Regrouping(("A", "B"), ("X", "Y"))],
        [Regrouping(("C",), ("X", "X"))],
        [Regrouping((), ("X",))],
        [Regrouping(("A",), ("KHONG-CO",))],
        [Regrouping(("X",), ("Y",))],  # did not exist the day before
        [Regrouping(("C",), ("X", "Y"))],  # nobody said where C1 goes
        [Regrouping(("C",), ("X", "Y"), {"C1": "H"})],
        [Regrouping(("H",), ())],  # A and B would stand nowhere
    ],
)
def test_what_cannot_be_is_refused_as_a_whole(tree: dict[str, OrgUnit], rows: list[Regrouping]) -> None:
    before = tree_version()
    with pytest.raises(BadInput):
        regroup([Regrouping(("A1",), ("X",)), *rows])
    assert tree_version() == before
    assert not OrgSuccession.objects.exists()
    assert unit_by_code("A1").last_on is None


def test_the_right_is_asked_for_every_unit(tree: dict[str, OrgUnit]) -> None:
    with pytest.raises(NotAllowed):
        regroup(ROWS, by=make_user(Role.ORGANISATION_OFFICER, tree["H"]))
    regroup(ROWS, by=make_user(Role.ORGANISATION_OFFICER, tree["T"]))
