"""The small contest of the tests stands in the contest store, and only there."""

import pytest
from django.db import connections

from langsen.contests.arena.models import Attempt
from tests.contest_world import a_contest, a_round, a_unit, an_attempt, an_entrant, questions_in

pytestmark = pytest.mark.django_db(databases=["default", "contests"])


def test_a_small_contest_lies_in_its_own_store() -> None:
    contest = a_contest()
    week = a_round(contest)
    questions_in(week)
    cell = a_unit(contest, "Chi bộ 1", under=a_unit(contest, "Đảng bộ A"))
    an_attempt(week, an_entrant(contest, unit=cell), answers=[1, 2, 4, 8, 1])
    assert Attempt.objects.get().entrant.unit == cell
    assert cell.compared is not None and cell.compared.name == "Đảng bộ A"
    assert contest.stage() == "open"
    assert "arena_attempt" not in connections["default"].introspection.table_names()
    assert "orgs_orgunit" not in connections["contests"].introspection.table_names()
