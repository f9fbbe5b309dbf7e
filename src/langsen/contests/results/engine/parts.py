"""Results by unit type, age band and device, as they may be told: nobody can be found out in a small group."""

from collections.abc import Iterable
from dataclasses import dataclass

FEW = 5
"""Groups of fewer people than this are told only joined with others."""
KINDS, AGES, DEVICES = "kinds", "ages", "devices"
PARTS = (KINDS, AGES, DEVICES)
PHONE, COMPUTER = "phone", "computer"
UNKNOWN = ""
"""The label of those who named no unit or no year of birth."""
AGE_BANDS = (("below_18", 0, 17), ("18_30", 18, 30), ("31_45", 31, 45), ("46_60", 46, 60), ("above_60", 61, 200))
"""Age bands: code, from, to."""


@dataclass(frozen=True, slots=True)
class Part:
    """People and attempts, and those with every answer right, of one group or of several joined ones."""

    labels: tuple[str, ...]
    people: int
    attempts: int
    all_correct_people: int
    all_correct_attempts: int

    @property
    def counts(self) -> tuple[int, int, int, int]:
        return self.people, self.attempts, self.all_correct_people, self.all_correct_attempts


def told(parts: Iterable[Part]) -> list[Part]:
    """Return the groups as the public reads them: the small ones joined in one row, which comes last.

    A single small group could be found by taking the others from the total; so at least two groups, and at least FEW
    people, are joined: the next smallest ones come along.
    """
    everything = list(parts)
    joined = [one for one in everything if one.people < FEW]
    others = sorted((one for one in everything if one.people >= FEW), key=lambda one: (one.people, one.labels))
    while joined and others and (len(joined) < 2 or sum(one.people for one in joined) < FEW):
        joined.append(others.pop(0))
    if not joined:
        return everything
    hidden = set(joined)
    return [*(one for one in everything if one not in hidden), _join(sorted(joined, key=lambda one: one.labels))]


def _join(parts: list[Part]) -> Part:
    labels = tuple(label for one in parts for label in one.labels)
    counts = [sum(column) for column in zip(*(one.counts for one in parts), strict=True)]
    return Part(labels, *counts)
