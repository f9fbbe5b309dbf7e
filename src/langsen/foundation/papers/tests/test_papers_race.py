"""Two clerks take a number at the same moment, with real connections and real commits."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from langsen.foundation.accounts.services import system_user
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.papers.models import ReservedNumber
from langsen.foundation.papers.services import open_book, reserve_number
from tests.factories import make_tree
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
DAY = date(2026, 3, 1)


@pytest.fixture
def unit() -> OrgUnit:
    unit = make_tree(TI=("province", None), XA=("agencies", "TI"))["XA"]
    open_book(unit, layout="party", from_on=date(2025, 7, 1), last_on=date(2030, 6, 30), by=system_user())
    return unit


def take(unit: OrgUnit) -> Callable[[], object]:
    return lambda: reserve_number(unit, layout="party", on=DAY, subject="Báo cáo", by=system_user())


def test_two_clerks_get_two_numbers_without_a_gap(unit) -> None:
    results = at_once(*[take(unit)] * 4)
    assert sorted(result.number for result in results) == [1, 2, 3, 4]


def test_without_the_lock_both_would_take_the_same(unit, monkeypatch) -> None:
    """The control: without the lock on the unit both read the same last number; only the store refuses the second."""
    both_read = threading.Barrier(2)
    real = QuerySet.aggregate

    def aggregate(self: QuerySet, *args: object, **named: object) -> dict[str, object]:
        answer = real(self, *args, **named)
        if self.model is ReservedNumber:
            both_read.wait(timeout=10)
        return answer

    monkeypatch.setattr(QuerySet, "aggregate", aggregate)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_named: self)
    results = at_once(take(unit), take(unit))
    assert [type(result) for result in results if not isinstance(result, ReservedNumber)] == [IntegrityError]
