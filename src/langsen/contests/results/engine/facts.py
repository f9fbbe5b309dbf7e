"""What a published result is reckoned from, in the words of the bundle: plain values, no rows of any database."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NO_PREDICTION = 10**12
"""The distance of whoever predicted nothing: farther than any prediction."""
RANKS = ("first", "second", "third", "consolation")
WHOLE = 0
"""The round number that stands for the whole contest."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The declared rules that results depend on; `ranking` are `RankingKey` values in order, times in ms.

    `whole_order` is how rounds make one order of the whole contest: a `WholeOrder` value.
    """

    ranking: tuple[str, ...]
    counting: str
    attempts_per_round: int | None
    time_limit_ms: int
    grace_ms: int
    prediction: str
    unit_ranking: str
    prize_cap_round: int
    prize_cap_contest: int | None
    whole_order: str


@dataclass(frozen=True, slots=True)
class PrizeFacts:
    """`count` prizes of a rank, for a person or a unit, in each round or for the whole contest."""

    subject: str
    scope: str
    rank: str
    count: int


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """An entrant in a round (or, added up, in `rounds` of them): the counted attempt, its keys, papers handed in."""

    entrant: int
    submitted: int
    all_correct: int
    correct: int
    keys: tuple[int, ...]
    is_phone: bool = False
    rounds: int = 1


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit of the contest's list, named by its code; `compared`: the one in whose name it competes."""

    code: str
    parent: str | None
    compared: str | None
    head_count: int | None
    kind: str = ""


@dataclass(slots=True)
class Totals:
    """People and attempts apart; everything that was handed in, whoever it was."""

    people: int = 0
    attempts: int = 0
    all_correct_people: int = 0
    all_correct_attempts: int = 0
    phone_people: int = 0

    def add(self, row: StandingFacts) -> None:
        """Count a standing with at least one paper handed in."""
        self.people += 1
        self.attempts += row.submitted
        self.all_correct_people += row.all_correct > 0
        self.all_correct_attempts += row.all_correct
        self.phone_people += row.is_phone


@dataclass(frozen=True, slots=True)
class Lot:
    """A draw that was held: the list as announced and the order in which it came out, all of it."""

    subject: str
    round: int
    listed: tuple[str, ...]
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """Whom the jury passed over or withdrew a prize from, by subject and round (0: whole contest), with its grounds."""

    reasons: Mapping[tuple[str, int, str], str] = field(default_factory=dict)

    def reason(self, subject: str, round_number: int, winner: str) -> str | None:
        return self.reasons.get((subject, round_number, winner))
