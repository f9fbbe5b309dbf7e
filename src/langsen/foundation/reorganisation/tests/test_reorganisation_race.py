"""Two people change one unit at the same moment, with real connections and real commits."""

import threading
from collections.abc import Callable
from datetime import date

import pytest

from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.orgs import queries
from langsen.foundation.orgs.models import OrgChange, OrgSuccession, OrgUnit, TreeState
from langsen.foundation.orgs.queries import home_of, tree_version
from langsen.foundation.reorganisation import changes
from langsen.foundation.reorganisation.changes import Decision
from langsen.foundation.reorganisation.services import merge_units, merging
from tests.factories import make_tree
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
DAY = date(2025, 7, 1)
PAPER = Decision("7-QĐ/TU", date(2025, 6, 20))


@pytest.fixture
def tree() -> dict[str, OrgUnit]:
    return make_tree(
        TW=("central", None), A=("agencies", "TW"), B=("agencies", "TW"), C=("agencies", "TW"), A1=("cell", "A")
    )


def merge(tree: dict[str, OrgUnit], into: str, version: int | None) -> Callable[[], object]:
    return lambda: merge_units(
        [tree["A"]], successor=tree[into], effective_on=DAY, decision=PAPER, by=system_user(), tree_version=version
    )


@pytest.mark.parametrize("with_version", [True, False])
def test_one_of_two_mergers_wins_and_the_other_hears_why(tree, with_version: bool) -> None:
    version = tree_version() if with_version else None
    results = at_once(merge(tree, "B", version), merge(tree, "C", version))
    refused = [result for result in results if isinstance(result, Exception)]
    (winner,) = [result for result in results if isinstance(result, OrgUnit)]
    assert [type(error) for error in refused] == [Conflict if with_version else BadInput]
    assert OrgSuccession.objects.count() == 1
    assert OrgChange.objects.filter(operation="merge").count() == 1
    assert home_of(tree["A"]) == winner
    assert tree["A1"].placements.count() == 2


def test_without_the_guard_both_go_half_way(tree, monkeypatch) -> None:
    """The control: without lock and version both pass the checks; only the store keeps a child from two places."""
    both_checked = threading.Barrier(2)
    real_end = merging.end_unit

    def end_when_both_checked(unit: OrgUnit, day: date) -> None:
        both_checked.wait(timeout=10)
        real_end(unit, day)

    monkeypatch.setattr(merging, "end_unit", end_when_both_checked)
    monkeypatch.setattr(changes, "lock_tree", lambda: TreeState.objects.get(pk=1))
    monkeypatch.setattr(changes, "check_version", lambda stored, opened_on: None)
    version = tree_version()
    results = at_once(merge(tree, "B", version), merge(tree, "C", version))
    doubled = OrgSuccession.objects.count() == 2
    refused_by_store = any(isinstance(result, Conflict) and "superior" in str(result) for result in results)
    assert doubled or refused_by_store, results
    assert queries.lock_tree is not changes.lock_tree
