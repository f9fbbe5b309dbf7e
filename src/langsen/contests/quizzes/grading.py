"""How many answers of a paper are right. Pure: the arena, regrading and verification all count with this."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """The right answers of a question as a mask in its own order; `void`: it counts as right for everybody."""

    mask: int
    void: bool = False


def correct_of(questions: Sequence[int], answers: Sequence[int], keys: Mapping[int, Key]) -> int:
    """Return how many of a paper's questions are answered right.

    `questions` are numbers in the round by place, `answers` the masks chosen at the same places, in each question's own
    order (0: not answered). An answer is right when exactly the right ones are chosen: no part marks.
    """
    pairs = zip(questions, answers, strict=True)
    return sum(1 for number, mask in pairs if (key := keys[number]).void or mask == key.mask)
