"""Who gets which prize by rule: one walk down the standings of each round, then of the whole contest.

Whoever may not get one (a cap is reached, the jury passed them over) is named with the reason, the next one moves up.
Those tied over fewer prizes of a rank than they are need a draw by lot; once it is held, its order decides, also who
moves up when the jury passes over somebody it drew.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Generic, TypeVar

from langsen.contests.results.engine.facts import RANKS, WHOLE, Excluded, Lot, PrizeFacts

Order = TypeVar("Order")
Ranked = tuple[Order, str]
"""What somebody is ranked by, and who it is (public number or unit code), best first."""

CAP_ROUND = "cap_round"
CAP_CONTEST = "cap_contest"


@dataclass(frozen=True, slots=True)
class Award:
    """A prize for somebody: `round` 0 is the whole contest; `place` is the place in the standings."""

    prize: PrizeFacts
    round: int
    place: int
    winner: str
    by_lot: bool = False


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Somebody in line for a prize who gets none, and why: a cap, or the jury's own words."""

    subject: str
    round: int
    place: int
    winner: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tie:
    """Those tied on `place` over fewer prizes than they are: `places` are to be drawn among `listed`."""

    prize: PrizeFacts
    round: int
    place: int
    listed: tuple[str, ...]
    places: int


@dataclass(slots=True)
class Proposal:
    """What the rules give: prizes, who was passed over, and what must be drawn first."""

    awards: list[Award] = field(default_factory=list)
    passed: list[PassedOver] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Caps:
    """Most prizes for one person in a round and in all; None: no cap."""

    in_round: int | None
    in_contest: int | None


class Proposing(Generic[Order]):
    """One proposal under way: call `walk` for each round in order, then for the whole contest."""

    def __init__(
        self,
        prizes: Sequence[PrizeFacts],
        *,
        caps: Caps,
        excluded: Excluded | None = None,
        lots: Sequence[Lot] = (),
    ) -> None:
        self.proposal = Proposal()
        self._prizes = prizes
        self._caps = caps
        self._excluded = excluded or Excluded()
        self._lots = lots
        self._won: Counter[str] = Counter()
        self._won_in: Counter[tuple[int, str]] = Counter()

    def walk(self, subject: str, round_number: int, ranked: Iterable[Ranked[Order]]) -> None:
        """Give the prizes of one subject in one round (0: the contest) down the standings, best first."""
        left = _Left(prizes_of(self._prizes, subject, round_number))
        if not left.total:
            return
        place = 1
        for _order, group in groupby(ranked, key=lambda one: one[0]):
            tied = [winner for _key, winner in group]
            able = [one for one in tied if self._may_win(subject, round_number, place, one)]
            if able:
                self._give(subject, round_number, place, able, left)
            if not left.total:
                return
            place += len(tied)

    def _give(self, subject: str, round_number: int, place: int, able: list[str], left: "_Left") -> None:
        by_lot = len(able) > left.now
        if by_lot:
            order = self._drawn(subject, round_number, able)
            if order is None:
                places = min(len(able), left.total)
                tie = Tie(left.prize, round_number, place, tuple(sorted(able)), places)
                self.proposal.ties.append(tie)
                left.skip(places)
                return
            able = order
        for winner in able[: left.total]:
            self.proposal.awards.append(Award(left.take(), round_number, place, winner, by_lot))
            if subject == "person":
                self._won[winner] += 1
                self._won_in[round_number, winner] += 1

    def _may_win(self, subject: str, round_number: int, place: int, winner: str) -> bool:
        reason = self._excluded.reason(subject, round_number, winner) or (
            self._capped(round_number, winner) if subject == "person" else None
        )
        if reason:
            self.proposal.passed.append(PassedOver(subject, round_number, place, winner, reason))
        return not reason

    def _capped(self, round_number: int, winner: str) -> str | None:
        caps = self._caps
        if caps.in_contest is not None and self._won[winner] >= caps.in_contest:
            return CAP_CONTEST
        in_round = self._won_in[round_number, winner]
        return CAP_ROUND if round_number and caps.in_round is not None and in_round >= caps.in_round else None

    def _drawn(self, subject: str, round_number: int, able: list[str]) -> list[str] | None:
        """The order of the draw these took part in; whoever was passed over since is left out of it."""
        wanted = set(able)
        for lot in self._lots:
            if lot.subject == subject and lot.round == round_number and wanted <= set(lot.listed):
                return [one for one in lot.order if one in wanted]
        return None


class _Left:
    """The prizes still to be given, best rank first."""

    def __init__(self, prizes: Iterable[PrizeFacts]) -> None:
        self._left = [prize for prize in prizes for _each in range(prize.count)]
        self._at = 0

    @property
    def total(self) -> int:
        return len(self._left) - self._at

    @property
    def prize(self) -> PrizeFacts:
        return self._left[self._at]

    @property
    def now(self) -> int:
        """How many of the best rank are left."""
        return sum(1 for prize in self._left[self._at :] if prize == self.prize) if self.total else 0

    def take(self) -> PrizeFacts:
        self._at += 1
        return self._left[self._at - 1]

    def skip(self, count: int) -> None:
        self._at += count


def prizes_of(prizes: Iterable[PrizeFacts], subject: str, round_number: int) -> list[PrizeFacts]:
    """Return the prizes of one subject in a round (0: for the whole contest), best rank first."""
    scope = "contest" if round_number == WHOLE else "round"
    chosen = [prize for prize in prizes if prize.subject == subject and prize.scope == scope]
    return sorted(chosen, key=lambda prize: RANKS.index(prize.rank))


def propose(
    proposing: Proposing[Order],
    walks: Sequence[int],
    *,
    people: Callable[[int], Iterable[Ranked[Order]]],
    units: Callable[[int], Iterable[Ranked[Order]]],
) -> Proposal:
    """Walk these rounds in order (0, last, is the whole contest), people before units; return what the rules give."""
    for number in walks:
        proposing.walk("person", number, people(number))
        proposing.walk("unit", number, units(number))
    return proposing.proposal
