"""The waiting room: beyond its capacity the arena says "wait, you are number N" at once, and keeps the order.

A place is a signed moment of arrival; any process, also one started since, finds from it where its holder stands. Who
is inside saves and hands in without asking here.
"""

import bisect
import random
from collections.abc import Mapping
from dataclasses import dataclass

from langsen.contests.arena.refusals import UNAVAILABLE, WAIT, Refused, refused
from langsen.contests.contests.tickets import BadTicket, signed, unsigned

Who = tuple[int, int]
"""Round and entrant."""
MOST_WAITING = 200_000
_ENTER_PER_SECOND = 200
_SHORTEST_MS, _LONGEST_MS = 1_000, 15_000
_GONE_AFTER_MS = 3 * _LONGEST_MS
_CALLED_FOR_MS = 20_000


@dataclass
class _Waiting:
    place: tuple[int, int, int]
    seen: int


class WaitingRoom:
    """Who is inside, who was called in, who waits in which order. Moments in ms, given by the caller."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._inside: dict[Who, int] = {}
        self._called: dict[Who, int] = {}
        self._waiting: dict[Who, _Waiting] = {}
        self._order: list[tuple[tuple[int, int, int], Who]] = []

    @property
    def inside(self) -> int:
        return len(self._inside)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def enter(self, who: Who, *, now: int, place: str | None = None, room: int = 1) -> None:
        """Let `who` in; `room` is how many more the queue before the database takes.

        Raises:
            Refused: wait, with the number and a signed place to come back with.
        """
        if who in self._inside or who in self._called:
            if room <= 0:
                raise refused(UNAVAILABLE, retry_ms=_jittered(_SHORTEST_MS))
            self._called.pop(who, None)
            self._inside[who] = now + _CALLED_FOR_MS
            return
        if not self._waiting and room > 0 and len(self._inside) + len(self._called) < self.capacity:
            self._inside[who] = now + _CALLED_FOR_MS
            return
        raise self._wait(who, now, place)

    def stay(self, who: Who, until: int) -> None:
        """`who` has a paper until `until`."""
        self._inside[who] = until

    def leave(self, who: Who) -> None:
        """`who` has handed in, or did not get a paper."""
        self._inside.pop(who, None)

    def call(self, now: int, room: int = _ENTER_PER_SECOND) -> None:
        """Call in, in order, as many as there is room for; those who have gone lose their place. Once a second."""
        _drop_before(self._inside, now)
        _drop_before(self._called, now)
        free = min(self.capacity - len(self._inside) - len(self._called), room)
        passed = 0
        while passed < len(self._order) and free > 0:
            who = self._order[passed][1]
            passed += 1
            if now - self._waiting.pop(who).seen <= _GONE_AFTER_MS:
                self._called[who] = now + _CALLED_FOR_MS
                free -= 1
        del self._order[:passed]

    def _wait(self, who: Who, now: int, place: str | None) -> Refused:
        known = self._waiting.get(who)
        if known is None:
            if len(self._waiting) >= MOST_WAITING:
                return refused(UNAVAILABLE, retry_ms=_jittered(_LONGEST_MS))
            arrived = _read_place(place, who)
            known = _Waiting((now if arrived is None else min(arrived, now), *who), now)
            self._waiting[who] = known
            bisect.insort(self._order, (known.place, who))
        known.seen = now
        position = bisect.bisect_left(self._order, (known.place, who)) + 1
        retry = min(_LONGEST_MS, _SHORTEST_MS + position * 1000 // _ENTER_PER_SECOND)
        kept = signed({"r": who[0], "e": who[1], "t": known.place[0]}, purpose="place")
        return refused(WAIT, position=position, place=kept, retry_ms=_jittered(retry))


def _read_place(text: str | None, who: Who) -> int | None:
    if not text:
        return None
    try:
        facts = unsigned(text, purpose="place")
    except BadTicket:
        return None
    arrived = facts.get("t")
    return arrived if (facts.get("r"), facts.get("e")) == who and isinstance(arrived, int) else None


def _drop_before(until: dict[Who, int], now: int) -> None:
    for who in _over(until, now):
        del until[who]


def _over(until: Mapping[Who, int], now: int) -> list[Who]:
    return [who for who, end in until.items() if end < now]


def _jittered(ms: int) -> int:
    return int(ms * random.uniform(0.8, 1.2))  # noqa: S311 - spreads retries, guards nothing
