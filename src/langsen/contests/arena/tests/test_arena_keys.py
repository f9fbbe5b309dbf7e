"""Ranking keys and standings: the pure half of the results."""

import itertools
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langsen.contests.arena.keys import ranking_keys
from langsen.contests.arena.standings import Row, standings_of


def test_keys_follow_the_declared_order_and_the_rest_is_nought() -> None:
    facts = {"correct": 19, "duration_ms": 61_000, "submitted_ms": 1_680_487_200_123}
    assert ranking_keys(["score", "duration", "moment"], **facts) == (-19, 61_000, 1_680_487_200_123, 0)
    assert ranking_keys(["score", "prediction", "moment"], **facts, distance=7) == (-19, 7, 1_680_487_200_123, 0)
    assert ranking_keys(["moment"], **facts) == (1_680_487_200_123, 0, 0, 0)


@pytest.mark.parametrize(("counting", "expected"), [("best", 2), ("first", 1), ("last", 3)])
def test_which_attempt_counts(counting: str, expected: int) -> None:
    rows = [
        Row(UUID(int=1), 7, correct=3, duration_ms=50, submitted_ms=1_000),
        Row(UUID(int=2), 7, correct=5, duration_ms=90, submitted_ms=2_000, is_phone=True),
        Row(UUID(int=3), 7, correct=5, duration_ms=90, submitted_ms=3_000),
    ]
    standing = standings_of(rows, order=["score", "duration"], counting=counting, all_correct=5)[7]
    assert standing.counted == UUID(int=expected)
    assert (standing.submitted, standing.all_correct) == (3, 2)
    assert (standing.first_submitted_ms, standing.first_all_correct_ms) == (1_000, 2_000)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=6),
    st.sampled_from(
        [list(some) for n in range(1, 4) for some in itertools.permutations(("score", "duration", "moment"), n)]
    ),
)
def test_the_best_attempt_is_the_least_of_all_keys(papers: list[tuple[int, int, int]], order: list[str]) -> None:
    rows = [Row(UUID(int=at), 1, *paper) for at, paper in enumerate(papers, start=1)]
    standing = standings_of(rows, order=order, counting="best", all_correct=5)[1]
    least = min(
        ranking_keys(order, correct=row.correct, duration_ms=row.duration_ms, submitted_ms=row.submitted_ms)
        for row in rows
    )
    assert standing.keys == least
