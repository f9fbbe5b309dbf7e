"""Places: who stands where, ties shown; results of rounds added up to the whole contest."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from langsen.contests.results.engine.facts import NO_PREDICTION, StandingFacts

SUMS, MORE_ROUNDS = "sums", "more_rounds"
"""How rounds make one order: keys added up; or, right after the right answers, whoever sat more rounds first."""


def in_order(rows: Iterable[StandingFacts]) -> list[StandingFacts]:
    """Return the rows as ranked; those with equal keys by their number."""
    return sorted(rows, key=lambda row: (row.keys, row.entrant))


def places(ordered: Iterable[StandingFacts]) -> Iterator[tuple[int, StandingFacts]]:
    """Yield each row with its place: whoever is tied shares one, and the next place counts them all (1, 2, 2, 4)."""
    place = 1
    for _keys, group in groupby(ordered, key=lambda row: row.keys):
        tied = list(group)
        for row in tied:
            yield place, row
        place += len(tied)


def distance(prediction: int | None, truth: int) -> int:
    """Return how far a prediction was from the truth; none at all is farther than any."""
    return NO_PREDICTION if prediction is None else min(abs(prediction - truth), NO_PREDICTION)


def added(rounds: Iterable[Mapping[int, StandingFacts]], whole_order: str) -> dict[int, StandingFacts]:
    """Return the standings of the whole contest: counted results, papers and keys of all rounds added up.

    With `MORE_ROUNDS` the number of rounds stands between the first key, the right answers, and the others: time,
    moment and distance grow with every round, so without it whoever left one out would win a tie.
    """
    total: dict[int, StandingFacts] = {}
    for standings in rounds:
        for entrant, row in standings.items():
            before = total.get(entrant)
            total[entrant] = row if before is None else _sum(before, row)
    if whole_order == SUMS:
        return total
    return {entrant: replace(row, keys=(row.keys[0], -row.rounds, *row.keys[1:])) for entrant, row in total.items()}


def _sum(one: StandingFacts, other: StandingFacts) -> StandingFacts:
    return StandingFacts(
        entrant=one.entrant,
        submitted=one.submitted + other.submitted,
        all_correct=one.all_correct + other.all_correct,
        correct=one.correct + other.correct,
        keys=tuple(a + b for a, b in zip(one.keys, other.keys, strict=True)),
        is_phone=one.is_phone or other.is_phone,
        rounds=one.rounds + other.rounds,
    )
