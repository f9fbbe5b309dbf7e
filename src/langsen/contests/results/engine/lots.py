"""Drawing by lot so that anyone can re-compute it: RFC 3797 (D. Eastlake, 2004), section 4 of that memo.

The list is published and the public numbers are named before they exist. Each source's numbers are sorted and written
each followed by a full stop; each source is followed by a slash; so written one after the other they are the key. Pick
i (from 0) is the MD5 of i as two bytes, the key, i again, read as one number, modulo how many are still in the list.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

NAME = "RFC 3797"
MOST_PICKS = 1 << 16
"""The index of a pick is two bytes."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One step: `divisor` were still in the list, the one at `place` (from 1 in the published list) came out."""

    digest: str
    divisor: int
    place: int


def key_of(sources: Sequence[Sequence[int]]) -> str:
    """Return the key of the numbers that came out, source by source.

    >>> key_of([[9319], [2, 5, 12, 8, 10]])
    '9319./2.5.8.10.12./'
    """
    return "".join("".join(f"{number}." for number in sorted(source)) + "/" for source in sources)


def picks(key: str, size: int) -> Iterator[Pick]:
    """Yield the picks from a list of `size`, one after the other, until it is empty."""
    left = list(range(1, size + 1))
    middle = key.encode()
    for index in range(min(size, MOST_PICKS)):
        edge = index.to_bytes(2, "big")
        digest = hashlib.md5(edge + middle + edge, usedforsecurity=False).hexdigest().upper()
        divisor = len(left)
        yield Pick(digest, divisor, left.pop(int(digest, 16) % divisor))


def drawn_order(listed: Sequence[str], sources: Sequence[Sequence[int]], count: int | None = None) -> list[str]:
    """Return the first `count` of the list in the order drawn (all of it when None)."""
    return [listed[pick.place - 1] for pick in islice(picks(key_of(sources), len(listed)), count)]


def transcript(listed: Sequence[str], sources: Sequence[Sequence[int]], count: int) -> list[list[str | int]]:
    """Return the steps as published: [[MD5, how many were in the list, place in the list, who], ...]."""
    steps = islice(picks(key_of(sources), len(listed)), count)
    return [[pick.digest, pick.divisor, pick.place, listed[pick.place - 1]] for pick in steps]


def list_digest(listed: Sequence[str]) -> str:
    """Return the SHA-256 (hex) of the list: its lines in order, each ended by a line feed."""
    return hashlib.sha256("".join(f"{line}\n" for line in listed).encode()).hexdigest()
