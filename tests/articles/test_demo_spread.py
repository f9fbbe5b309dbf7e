"""The arithmetic behind the demo: exact sums, every time the same."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langsen.config.demo import names, spread


@given(
    st.integers(0, 500_000),
    st.lists(st.floats(0.01, 1000), min_size=1, max_size=300),
)
def test_shares_sum_exactly_and_follow_the_weights(total: int, weights: list[float]) -> None:
    given_out = spread.shares(total, weights)
    assert sum(given_out) == total
    whole = sum(weights)
    assert all(abs(got - total * weight / whole) < 1.001 for got, weight in zip(given_out, weights, strict=True))


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60), st.integers(0, 5000))
def test_nobody_gets_less_than_the_least(least: list[int], more: int) -> None:
    given_out = spread.shares(sum(least) + more, [1.0 + place for place in range(len(least))], least)
    assert sum(given_out) == sum(least) + more
    assert all(got >= floor for got, floor in zip(given_out, least, strict=True))


def test_too_little_to_share_is_refused() -> None:
    with pytest.raises(ValueError):
        spread.shares(5, [1.0, 1.0], 3)


def test_days_are_different_ordered_and_inside() -> None:
    days = spread.all_days(date(2021, 5, 18), date(2023, 5, 17))
    assert len(days) == 730
    picked = spread.pick_days(Random(1), days, 200)
    assert picked == sorted(set(picked))
    assert len(picked) == 200
    assert sum(day.weekday() == 6 for day in picked) <= 4
    with pytest.raises(ValueError):
        spread.pick_days(Random(1), days[:3], 4)


def test_a_working_day_is_never_a_sunday() -> None:
    random = Random(2)
    assert all(spread.working_day(random, 2024, 9).weekday() != 6 for _ in range(200))


def test_names_are_the_same_every_time_and_varied() -> None:
    def draw() -> list[tuple[str, str]]:
        random = Random("names")
        return [names.person_name(random, (3, 2, 2, 1, 1)) for _ in range(2000)]

    first = draw()
    assert first == draw()
    assert len({name for name, _sex in first}) > 1500
    assert {sex for _name, sex in first} == {"m", "f"}
    assert all(len(name.split()) == 3 for name, _sex in first)
