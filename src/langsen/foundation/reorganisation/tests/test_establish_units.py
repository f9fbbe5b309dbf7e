"""Establishing units: set-based, all or nothing."""

from datetime import date

import pytest

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.queries import history_of
from langsen.foundation.core.errors import BadInput, NotAllowed
from langsen.foundation.orgs.models import OrgChange, OrgClosure, OrgUnit
from langsen.foundation.orgs.queries import ancestors_on, home_of, tree_version
from langsen.foundation.reorganisation.bulk import NewUnit, establish_units
from tests.factories import make_tree, make_unit, make_user

pytestmark = pytest.mark.django_db
DAY = date(2020, 1, 1)


def row(code: str, parent: str | None = None, **changed: object) -> NewUnit:
    facts = {"code": code, "name": f"Đơn vị {code}", "kind": "cell", "parent": parent, "from_on": DAY}
    return NewUnit(**{**facts, **changed})


def test_parents_may_stand_after_their_children() -> None:
    later = date(2025, 7, 1)
    units = establish_units(
        [row("c", "b", from_on=later), row("b", "a", kind="commune", from_on=later), row("a", kind="province")],
        by=system_user(),
    )
    path = [unit.code for unit in ancestors_on(units["c"], date(2026, 1, 1))]
    assert path == ["A", "B", "C"]
    assert home_of(units["c"]) == units["c"]


def test_many_units_cost_few_queries(django_assert_max_num_queries) -> None:
    root = make_unit("tw", "central")
    rows = [row(f"p{n}", root.code, kind="province") for n in range(10)]
    rows += [row(f"p{n}-c{m}", f"p{n}") for n in range(10) for m in range(30)]
    system_user()
    with django_assert_max_num_queries(40):
        establish_units(rows, by=system_user())
    assert OrgClosure.objects.filter(ancestor=root).count() == 311


def test_every_unit_has_its_event_and_shares_the_change() -> None:
    version = tree_version()
    units = make_tree(TW=("central", None), T1=("province", "TW"))
    assert history_of(units["T1"]).get().verb == "org_unit.established"
    assert history_of(units["T1"]).get().unit_id == units["T1"].pk
    assert set(OrgChange.objects.get().units.all()) == set(units.values())
    assert tree_version() == version + 1


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (row("x", "NOWHERE"), "NOWHERE"),
        (row("x", kind="galaxy"), "galaxy"),
        (row("x", kind="commune"), "1/1/2020"),
        (row("x", name="đ" * 10_000), "10000"),
        (row("x", name=" \x00 "), "X"),
        (row("có dấu"), "LCH-12"),
        (row("x" * 41), "40"),
        (row("x", last_on=date(2019, 12, 31)), "X"),
        (row("x", "TW", from_on=date(1999, 1, 1)), "1/1/2020"),
        (row("tw"), "TW"),
        (row("x", "x"), "X"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_made(bad: NewUnit, words: str) -> None:
    make_unit("tw", "central")
    with pytest.raises(BadInput) as refused:
        establish_units([row("good", "TW"), bad], by=system_user())
    assert words.casefold() in str(refused.value).casefold()
    assert OrgUnit.objects.count() == 1


def test_a_circle_among_new_rows_is_refused() -> None:
    with pytest.raises(BadInput):
        establish_units([row("a", "b"), row("b", "a")], by=system_user())
    assert not OrgUnit.objects.exists()


def test_a_superior_that_ends_keeps_no_longer_units() -> None:
    make_unit("tw", "central")
    make_unit("h1", "district", OrgUnit.objects.get(), last_on=date(2025, 6, 30))
    with pytest.raises(BadInput, match="30/6/2025"):
        establish_units([row("c1", "H1")], by=system_user())
    establish_units([row("c1", "H1", last_on=date(2025, 6, 30))], by=system_user())


def test_only_who_may_change_the_organisation_there() -> None:
    units = make_tree(TW=("central", None), T1=("province", "TW"), T2=("province", "TW"))
    officer = make_user(Role.ORGANISATION_OFFICER, units["T1"])
    establish_units([row("c1", "T1")], by=officer)
    with pytest.raises(NotAllowed):
        establish_units([row("c2", "T2")], by=officer)
    with pytest.raises(NotAllowed):
        establish_units([row("c3")], by=officer)
    with pytest.raises(NotAllowed):
        establish_units([row("c4", "T1")], by=make_user(Role.CELL_SECRETARY, units["T1"]))


def test_the_same_code_twice_is_refused() -> None:
    with pytest.raises(BadInput):
        establish_units([row("a"), row("A")], by=system_user())


def test_a_unit_still_to_come_is_seen_by_its_superiors() -> None:
    root = make_unit("tw", "central")
    coming = make_unit("c1", "cell", root, date(2199, 1, 1))
    assert home_of(coming) == root
