"""Drawing papers: what every paper promises, and the published algorithm redone from its description."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langsen.contests.quizzes.drawing import Drawn, Group, Pool, draw_paper, own_mask, shown_mask
from langsen.contests.quizzes.grading import Key, correct_of

PAGE = Path(__file__).parents[5] / "docs" / "contests.md"
EXAMPLE = Pool(
    groups=(Group(2, (1, 2, 3, 4)), Group(1, (5, 6)), Group(1, (7,))),
    options={1: 4, 2: 4, 3: 3, 4: 4, 5: 2, 6: 4, 7: 3},
    shuffles_questions=True,
    shuffles_options=True,
)
SEEDS = st.integers(0, 2**63 - 1)


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    groups, options, number = [], {}, 1
    for _ in range(draw(st.integers(1, 4))):
        size = draw(st.integers(1, 12))
        members = tuple(range(number, number + size))
        number += size
        options |= {member: draw(st.integers(2, 10)) for member in members}
        groups.append(Group(draw(st.integers(0, size)), members))
    return Pool(tuple(groups), options, draw(st.booleans()), draw(st.booleans()))


def _words(seed: int) -> Iterator[int]:
    block = 0
    while True:
        digest = hashlib.sha256(f"langsen-paper-1:{seed}:{block}".encode("ascii")).hexdigest()
        yield from (int(digest[at : at + 8], 16) for at in range(0, 64, 8))
        block += 1


def _redone(pool: Pool, seed: int) -> tuple[list[int], list[list[int]]]:
    """Written from docs/contests.md, sharing nothing with the program."""
    words = _words(seed)

    def below(n: int) -> int:
        limit = 2**32 - 2**32 % n
        return next(word for word in words if word < limit) % n

    def shuffled(items: list[int]) -> list[int]:
        for i in reversed(range(1, len(items))):
            j = below(i + 1)
            items[i], items[j] = items[j], items[i]
        return items

    paper = []
    for group in pool.groups:
        if group.count == len(group.numbers):
            paper += group.numbers
            continue
        places = list(range(len(group.numbers)))
        for i in range(group.count):
            d = below(len(places) - i)
            places[i], places[i + d] = places[i + d], places[i]
        paper += [group.numbers[place] for place in sorted(places[: group.count])]
    if pool.shuffles_questions:
        shuffled(paper)
    orders = [list(range(pool.options[number])) for number in paper]
    return paper, [shuffled(order) if pool.shuffles_options else order for order in orders]


@given(pools(), SEEDS)
def test_a_stranger_redoes_every_paper_from_the_description(pool: Pool, seed: int) -> None:
    drawn = draw_paper(pool, seed)
    paper, orders = _redone(pool, seed)
    assert list(drawn.questions) == paper
    assert [list(order) for order in drawn.orders] == orders


@given(pools(), SEEDS)
def test_every_paper_is_what_the_plan_declares(pool: Pool, seed: int) -> None:
    drawn = draw_paper(pool, seed)
    assert drawn == draw_paper(pool, seed)
    assert len(set(drawn.questions)) == len(drawn.questions) == pool.length
    for group in pool.groups:
        assert len(set(drawn.questions) & set(group.numbers)) == group.count
    for number, order in zip(drawn.questions, drawn.orders, strict=True):
        assert sorted(order) == list(range(pool.options[number]))
    if not pool.shuffles_questions:
        assert list(drawn.questions) == sorted(drawn.questions)
    if not pool.shuffles_options:
        assert all(list(order) == sorted(order) for order in drawn.orders)


@given(st.permutations(range(10)), st.integers(0, 2**10 - 1))
def test_a_mask_comes_back_from_the_order_shown(order: list[int], mask: int) -> None:
    assert own_mask(shown_mask(mask, order), order) == mask
    assert own_mask(mask, order).bit_count() == mask.bit_count()


def test_the_worked_example_on_the_page() -> None:
    page = PAGE.read_text()
    assert hashlib.sha256(b"langsen-paper-1:42:0").hexdigest() in page
    rows = re.findall(r"^\| \d \| (\d) \| ([\d, ]+) \|$", page, re.MULTILINE)
    told = Drawn(tuple(int(row[0]) for row in rows), tuple(tuple(int(n) for n in row[1].split(", ")) for row in rows))
    assert draw_paper(EXAMPLE, 42) == told
    assert draw_paper(EXAMPLE, 0) == Drawn((3, 7, 5, 2), ((2, 1, 0), (2, 1, 0), (1, 0), (3, 1, 0, 2)))
    assert draw_paper(EXAMPLE, 2**63 - 1) == Drawn((5, 4, 7, 2), ((0, 1), (1, 3, 0, 2), (0, 1, 2), (1, 3, 2, 0)))


def test_every_question_and_every_order_is_as_likely_as_any_other() -> None:
    pool = Pool((Group(1, (1, 2, 3)),), {1: 3, 2: 3, 3: 3}, shuffles_questions=True, shuffles_options=True)
    seen: dict[tuple[int, tuple[int, ...]], int] = {}
    for seed in range(9000):
        drawn = draw_paper(pool, seed)
        at = (drawn.questions[0], drawn.orders[0])
        seen[at] = seen.get(at, 0) + 1
    assert len(seen) == 18
    # 18 outcomes of 9,000 draws: chi-square below its 99.9 % bound of 17 degrees of freedom (40.8).
    assert sum((count - 500) ** 2 / 500 for count in seen.values()) < 40.8


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(ValueError, match="seed"):
        draw_paper(EXAMPLE, seed)


def test_a_group_that_asks_for_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        draw_paper(Pool((Group(3, (1, 2)),), {1: 2, 2: 2}, True, True), 1)


@given(st.lists(st.integers(0, 1023), max_size=20), st.data())
def test_grading_counts_exact_masks_and_void_questions(answers: list[int], data: st.DataObject) -> None:
    questions = list(range(1, len(answers) + 1))
    keys = {number: Key(data.draw(st.integers(1, 1023)), data.draw(st.booleans())) for number in questions}
    right = [keys[n].void or keys[n].mask == mask for n, mask in zip(questions, answers, strict=True)]
    assert correct_of(questions, answers, keys) == right.count(True)
    assert correct_of(questions, [keys[n].mask for n in questions], keys) == len(questions)
    unvoided = {n: Key(key.mask) for n, key in keys.items()}
    assert correct_of(questions, [0] * len(questions), unvoided) == 0
