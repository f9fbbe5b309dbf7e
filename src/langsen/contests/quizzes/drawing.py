"""Which questions a paper has and in which order, from its recorded seed alone. Pure: no database, no clock.

The algorithm is published in `docs/contests.md` with a worked example, so that a stranger redoes every paper in
another language; a change of it is a new `NAME`, never a change of what an old seed gives.
"""

import hashlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NAME = "langsen-paper-1"
SEED_BITS = 63
_WORD = 1 << 32
_WORDS = struct.Struct(">8I")


@dataclass(frozen=True, slots=True)
class Group:
    """`count` of these questions, named by their numbers in the round, come into each paper."""

    count: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """What the papers of a round are drawn from; `options` gives how many answers each question offers."""

    groups: tuple[Group, ...]
    options: Mapping[int, int]
    shuffles_questions: bool
    shuffles_options: bool

    @property
    def length(self) -> int:
        """How many questions each paper has."""
        return sum(group.count for group in self.groups)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One paper: the numbers of its questions by place; for each place its own answers' indexes as they are shown."""

    questions: tuple[int, ...]
    orders: tuple[tuple[int, ...], ...]


def draw_paper(pool: Pool, seed: int) -> Drawn:
    """Return the paper of `seed`, 0 <= seed < 2**63; the same pool and seed give the same paper for ever.

    Raises:
        ValueError: the seed is out of range, or a group asks for more questions than it has.
    """
    if not 0 <= seed < 1 << SEED_BITS:
        raise ValueError(f"seed {seed}")
    stream = _Stream(seed)
    questions: list[int] = []
    for group in pool.groups:
        questions += _chosen(group, stream)
    if pool.shuffles_questions:
        _shuffle(questions, stream)
    orders = []
    for number in questions:
        order = list(range(pool.options[number]))
        if pool.shuffles_options:
            _shuffle(order, stream)
        orders.append(tuple(order))
    return Drawn(tuple(questions), tuple(orders))


def own_mask(shown: int, order: Sequence[int]) -> int:
    """Return the mask in the question's own order of a mask over the answers shown; bits beyond them are left out."""
    return sum(1 << own for place, own in enumerate(order) if shown >> place & 1)


def shown_mask(own: int, order: Sequence[int]) -> int:
    """Return the mask over the answers as shown of a mask in the question's own order."""
    return sum(1 << place for place, index in enumerate(order) if own >> index & 1)


class _Stream:
    """Whole numbers from a seed: SHA-256 over a counter, read as 32-bit words."""

    __slots__ = ("_block", "_seed", "_words")

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._block = 0
        self._words: list[int] = []

    def below(self, bound: int) -> int:
        """Return a number from 0 up to and without `bound`; words that would favour small numbers are passed over."""
        limit = _WORD - _WORD % bound
        while True:
            if not self._words:
                digest = hashlib.sha256(f"{NAME}:{self._seed}:{self._block}".encode()).digest()
                self._block += 1
                self._words = list(reversed(_WORDS.unpack(digest)))
            word = self._words.pop()
            if word < limit:
                return word % bound


def _shuffle(items: list[int], stream: _Stream) -> None:
    for last in range(len(items) - 1, 0, -1):
        other = stream.below(last + 1)
        items[last], items[other] = items[other], items[last]


def _chosen(group: Group, stream: _Stream) -> list[int]:
    """The questions of a group in the group's own order; a group that is taken whole uses no words."""
    size = len(group.numbers)
    if not 0 <= group.count <= size:
        raise ValueError(f"{group.count} of {size}")
    if group.count == size:
        return list(group.numbers)
    places = list(range(size))
    for at in range(group.count):
        other = at + stream.below(size - at)
        places[at], places[other] = places[other], places[at]
    return [group.numbers[place] for place in sorted(places[: group.count])]
