"""The pure rules: RFC 3797's own example, places, sums, units, prizes with caps, ties and draws."""

import random

import pytest

from langsen.contests.results.engine.facts import Excluded, Lot, PrizeFacts, StandingFacts, UnitFacts
from langsen.contests.results.engine.lots import drawn_order, key_of, list_digest, picks, transcript
from langsen.contests.results.engine.parts import Part, told
from langsen.contests.results.engine.prizes import CAP_CONTEST, Caps, Proposal, Proposing, propose
from langsen.contests.results.engine.ranking import MORE_ROUNDS, NO_PREDICTION, SUMS, added, distance, in_order, places
from langsen.contests.results.engine.units import own_rows, ranked_units, unit_table

# RFC 3797 (June 2004), section 6, "Fully Worked Example": the sources, the pool of 25, the MD5 values and selections.
RFC_SOURCES = [[9319], [2, 5, 12, 8, 10], [9, 18, 26, 34, 41, 45]]
RFC_KEY = "9319./2.5.8.10.12./9.18.26.34.41.45./"
RFC_PICKS = [
    ("990DD0A5692A029A98B5E01AA28F3459", 25, 17),
    ("3691E55CB63FCC37914430B2F70B5EC6", 24, 7),
    ("FE814EDF564C190AC1D25753979990FA", 23, 2),
    ("1863CCACEB568C31D7DDBDF1D4E91387", 22, 16),
    ("F4AB33DF4889F0AF29C513905BE1D758", 21, 25),
    ("13EAEB529F61ACFB9A29D0BA3A60DE4A", 20, 23),
    ("992DB77C382CA2BDB9727001F3CDCCD9", 19, 8),
    ("63AB4258ECA922976811C7F55C383CE7", 18, 24),
    ("DFBC5AC97CED01B3A6E348E3CC63F40D", 17, 19),
    ("31CB111C4A4EBE9287CEAE16FE51B909", 16, 13),
]


def test_the_worked_example_of_rfc_3797_comes_out() -> None:
    assert key_of(RFC_SOURCES) == RFC_KEY

    found = [(pick.digest, pick.divisor, pick.place) for pick in picks(RFC_KEY, 25)]

    assert found[:10] == RFC_PICKS
    assert sorted(place for _digest, _divisor, place in found) == list(range(1, 26))


def test_the_order_of_numbers_in_a_source_does_not_matter_their_values_do() -> None:
    listed = [f"TS-{number:06d}" for number in range(1, 12)]

    assert drawn_order(listed, [[3, 1, 2]]) == drawn_order(listed, [[2, 3, 1]])
    assert drawn_order(listed, [[3, 1, 2]]) != drawn_order(listed, [[3, 1, 4]])
    assert [step[3] for step in transcript(listed, [[1]], 4)] == drawn_order(listed, [[1]], 4)
    assert list_digest(["a", "b"]) != list_digest(["b", "a"])


def row(entrant: int, *keys: int, correct: int = 0, submitted: int = 1, all_correct: int = 0) -> StandingFacts:
    return StandingFacts(entrant, submitted, all_correct, correct, keys)


def test_places_are_shared_by_ties_and_count_them_all() -> None:
    ordered = in_order([row(5, -3, 9), row(1, -3, 7), row(2, -3, 9), row(9, -1, 1)])

    assert [(place, one.entrant) for place, one in places(ordered)] == [(1, 1), (2, 2), (2, 5), (4, 9)]


def test_the_whole_contest_adds_results_and_keys() -> None:
    whole = added([{1: row(1, -3, 5, correct=3), 2: row(2, -4, 1, correct=4)}, {1: row(1, -2, 6, correct=2)}], SUMS)

    assert whole[1].keys == (-5, 11)
    assert whole[1].correct == 5
    assert whole[2].keys == (-4, 1)


def test_with_equal_right_answers_more_rounds_come_before_less_time() -> None:
    """Three people with five right answers: two sat both rounds, the third one round only and so took less time."""
    one = {1: row(1, -3, 50, correct=3), 2: row(2, -3, 60, correct=3), 3: row(3, -5, 40, correct=5)}
    two = {1: row(1, -2, 60, correct=2), 2: row(2, -2, 40, correct=2), 4: row(4, -6, 90, correct=6)}

    fair, sums = added([one, two], MORE_ROUNDS), added([one, two], SUMS)

    assert [found.entrant for found in in_order(fair.values())] == [4, 2, 1, 3]
    assert fair[2].keys == (-5, -2, 100)
    assert [found.entrant for found in in_order(sums.values())] == [4, 3, 2, 1]
    assert {one.rounds for one in fair.values()} == {1, 2}


def part(label: str, people: int) -> Part:
    return Part((label,), people, people * 3, people // 2, people)


@pytest.mark.parametrize(
    ("people", "shown", "joined"),
    [
        ({"a": 9, "b": 5}, ["a", "b"], ()),
        ({"a": 9, "b": 7, "c": 3}, ["a"], ("b", "c")),  # c alone would follow from the total
        ({"a": 9, "b": 7, "c": 3, "d": 4}, ["a", "b"], ("c", "d")),
        ({"a": 9, "b": 7, "c": 1, "d": 1}, ["a"], ("b", "c", "d")),  # two people are still few
        ({"a": 1, "b": 2}, [], ("a", "b")),
        ({}, [], ()),
    ],
)
def test_small_groups_are_told_together_and_never_follow_from_the_total(
    people: dict[str, int], shown: list[str], joined: tuple[str, ...]
) -> None:
    parts = [part(label, count) for label, count in people.items()]

    found = told(parts)

    assert [one.labels[0] for one in found if len(one.labels) == 1] == shown
    assert [one.labels for one in found if len(one.labels) > 1] == ([joined] if joined else [])
    assert sum(one.attempts for one in found) == sum(one.attempts for one in parts)


def test_no_prediction_is_farther_than_any() -> None:
    assert distance(12_950, 12_957) == 7
    assert distance(None, 5) == NO_PREDICTION
    assert distance(10**15, 5) == NO_PREDICTION


UNITS = {
    "X": UnitFacts("X", None, "X", 10),
    "X1": UnitFacts("X1", "X", "X", 4),
    "Y": UnitFacts("Y", None, "Y", None),
    "Z": UnitFacts("Z", None, "Z", 2),
}


def test_a_unit_counts_those_below_and_a_rate_needs_a_head_count() -> None:
    rows = [row(1, correct=4, submitted=2), row(2, correct=2), row(3, correct=5), row(4, correct=1)]
    unit_of = {1: "X", 2: "X1", 3: "Y", 4: "Z"}
    own = own_rows(rows, unit_of.get)

    table = unit_table(own, UNITS, "rate")

    assert (table["X"].entrants, table["X"].attempts, table["X1"].entrants) == (2, 3, 1)
    assert [(one.code, one.value("rate"), one.place) for one in ranked_units(table, UNITS, "rate")] == [
        ("Z", (1, 2), 1),
        ("X", (2, 10), 2),
    ]
    assert unit_table(own, UNITS, "average_best")["X"].value("average_best") == (6, 2)
    by_count = unit_table(own, UNITS, "entrants")
    assert [by_count[code].place for code in ("X", "Y", "Z", "X1")] == [1, 2, 2, None]


FIRST = PrizeFacts("person", "round", "first", 1)
SECOND = PrizeFacts("person", "round", "second", 2)
OVERALL = PrizeFacts("person", "contest", "first", 1)
UNIT = PrizeFacts("unit", "contest", "first", 1)


def proposed(
    rounds: dict[int, list[tuple[int, str]]],
    *,
    cap: int | None = None,
    excluded: dict[tuple[str, int, str], str] | None = None,
    lots: list[Lot] | None = None,
    prizes: tuple[PrizeFacts, ...] = (FIRST, SECOND, OVERALL, UNIT),
) -> Proposal:
    proposing: Proposing[int] = Proposing(prizes, caps=Caps(1, cap), excluded=Excluded(excluded or {}), lots=lots or [])
    walks = [*sorted(number for number in rounds if number), 0]
    return propose(proposing, walks, people=lambda at: rounds.get(at, []), units=lambda _at: [])


def given(proposal: Proposal) -> list[tuple[int, str, str]]:
    return [(one.round, one.prize.rank, one.winner) for one in proposal.awards]


def test_prizes_go_down_the_standings_and_a_cap_lets_the_next_one_move_up() -> None:
    order = [(1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, "e"), (6, "f"), (7, "g")]

    proposal = proposed({1: order, 2: order, 0: order}, cap=1)

    assert given(proposal) == [
        (1, "first", "a"), (1, "second", "b"), (1, "second", "c"),
        (2, "first", "d"), (2, "second", "e"), (2, "second", "f"),
        (0, "first", "g"),
    ]  # fmt: skip
    assert ("a", CAP_CONTEST) in [(one.winner, one.reason) for one in proposal.passed]


def test_whom_the_jury_passes_over_is_named_and_the_next_moves_up() -> None:
    order = [(1, "a"), (2, "b"), (3, "c"), (4, "d")]

    proposal = proposed({1: order}, excluded={("person", 1, "a"): "chưa đủ điều kiện"})

    assert given(proposal)[:3] == [(1, "first", "b"), (1, "second", "c"), (1, "second", "d")]
    assert [(one.winner, one.reason) for one in proposal.passed] == [("a", "chưa đủ điều kiện")]


def test_a_tie_over_fewer_prizes_waits_for_a_draw_and_its_order_decides() -> None:
    order = [(1, "a"), (2, "b"), (2, "c"), (2, "d"), (3, "e")]

    waiting = proposed({1: order})
    [tie] = waiting.ties
    assert (tie.listed, tie.places, tie.prize.rank, tie.place) == (("b", "c", "d"), 2, "second", 2)
    assert given(waiting) == [(1, "first", "a")]

    lot = Lot("person", 1, tie.listed, ("d", "b", "c"))
    drawn = proposed({1: order}, lots=[lot])
    assert given(drawn)[:3] == [(1, "first", "a"), (1, "second", "d"), (1, "second", "b")]
    moved_up = proposed({1: order}, lots=[lot], excluded={("person", 1, "d"): "không liên hệ được"})
    assert [one.winner for one in moved_up.awards[:3]] == ["a", "b", "c"]


def test_a_tie_over_two_ranks_is_drawn_though_everybody_gets_something() -> None:
    proposal = proposed({1: [(1, "a"), (1, "b"), (2, "c")]})

    assert [(tie.listed, tie.places) for tie in proposal.ties] == [(("a", "b"), 2)]
    assert given(proposal) == [(1, "second", "c")]


@pytest.mark.parametrize("seed", range(40))
def test_never_more_prizes_than_declared_never_two_in_a_round_never_above_the_cap(seed: int) -> None:
    dice = random.Random(seed)
    people = [f"p{number}" for number in range(dice.randrange(1, 12))]
    rounds = {number: sorted((dice.randrange(4), one) for one in people) for number in (1, 2, 0)}
    cap = dice.choice([None, 1, 2])
    pending = proposed(rounds, cap=cap)
    lots: list[Lot] = []
    while pending.ties:  # draws are held one after the other, as they come up
        tie = pending.ties[0]
        order = tuple(dice.sample(tie.listed, len(tie.listed)))
        lots.append(Lot("person", tie.round, tie.listed, order))
        pending = proposed(rounds, cap=cap, lots=lots)

    found = given(pending)
    for number, prize in ((1, FIRST), (1, SECOND), (2, FIRST), (2, SECOND), (0, OVERALL)):
        assert sum(1 for at, rank, _who in found if at == number and rank == prize.rank) <= prize.count
    assert len({(at, who) for at, _rank, who in found}) == len(found)
    assert cap is None or all(sum(1 for _a, _r, who in found if who == one) <= cap for one in people)
    if cap is None and len(people) >= 3:
        assert sum(1 for at, _rank, _who in found if at == 1) == 3
