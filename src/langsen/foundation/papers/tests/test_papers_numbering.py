"""Own numbering: without a break, never twice, by term or by year."""

from datetime import date

import pytest

from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.papers.models import ReservedNumber
from langsen.foundation.papers.services import open_book, reserve_number, void_number
from tests.factories import make_tree

pytestmark = pytest.mark.django_db
TERM = {"from_on": date(2025, 7, 1), "last_on": date(2030, 6, 30)}


@pytest.fixture
def unit():
    return make_tree(TI=("province", None), XA=("agencies", "TI"))["XA"]


def take(unit, on: date, layout: str = "party") -> ReservedNumber:
    return reserve_number(unit, layout=layout, on=on, subject="Báo cáo", by=system_user())


def test_a_committee_counts_on_through_its_term(unit) -> None:
    open_book(unit, layout="party", first_number=7, by=system_user(), **TERM)
    assert [take(unit, day).number for day in (date(2025, 12, 31), date(2026, 1, 1), date(2030, 6, 30))] == [7, 8, 9]
    with pytest.raises(Conflict):
        take(unit, date(2030, 7, 1))


def test_a_state_agency_begins_with_1_every_year(unit) -> None:
    open_book(unit, layout="state", from_on=date(2025, 3, 1), last_on=date(2025, 3, 1), by=system_user())
    days = (date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1))
    assert [take(unit, day, "state").number for day in days] == [1, 2, 1]
    with pytest.raises(Conflict):
        take(unit, date(2024, 12, 31), "state")


def test_a_number_not_used_stays_as_a_gap_with_its_reason(unit) -> None:
    open_book(unit, layout="party", by=system_user(), **TERM)
    first = take(unit, date(2026, 1, 5))
    with pytest.raises(BadInput):
        void_number(first, reason=" ", by=system_user())
    void_number(first, reason="Không ban hành", by=system_user())
    assert take(unit, date(2026, 1, 6)).number == 2
    with pytest.raises(Conflict):
        void_number(first, reason="Lần nữa", by=system_user())


def test_books_do_not_overlap_and_terms_are_terms(unit) -> None:
    open_book(unit, layout="party", by=system_user(), **TERM)
    with pytest.raises(Conflict):
        open_book(unit, layout="party", from_on=date(2029, 1, 1), last_on=date(2034, 1, 1), by=system_user())
    with pytest.raises(BadInput):
        open_book(unit, layout="party", from_on=date(2031, 1, 1), last_on=date(2030, 12, 31), by=system_user())


def test_who_keeps_no_book_types_numbers(unit) -> None:
    with pytest.raises(Conflict):
        take(unit, date(2026, 1, 1))
