"""S0's contest attempt by attempt: who tried when and what they answered, exact to what the article prints. Pure.

Published: 15,451 accounts, 89,131 attempts, 12,957 people and 55,539 attempts with all 19 answers right, the hours of
the two rounds. Everything else (how the attempts lie over people, rounds, hours; wrong answers; seconds taken) is
chosen, with chance from one seed, so that it looks like a contest and the sums are exact. The demonstration loads it;
`bench/replay_s0` sends the same through the arena.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from langsen.config.demo import spread
from langsen.config.demo.contest_questions import QUESTIONS

ACCOUNTS, ATTEMPTS = 15_451, 89_131
ALL_CORRECT_PEOPLE, ALL_CORRECT_ATTEMPTS = 12_957, 55_539
CAP = 7  # chosen: attempts of one person in a round
TIME_LIMIT_SECONDS = 600  # chosen
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ROUNDS = (
    (datetime(2023, 4, 3, 9, tzinfo=_ZONE), datetime(2023, 4, 9, 22, tzinfo=_ZONE)),
    (datetime(2023, 4, 10, 9, tzinfo=_ZONE), datetime(2023, 4, 16, 22, tzinfo=_ZONE)),
)
KEYS = tuple(question.key for question in QUESTIONS)

_MINUTE = 60_000
# By the clock of the day: nobody at night, much in the morning and after supper.
_HOUR_WEIGHT = (1, 1, 1, 1, 2, 6, 14, 30, 48, 62, 55, 40, 34, 30, 42, 46, 44, 36, 34, 58, 74, 60, 24, 6)
_OPENING_RUSH, _LAST_HOUR = 5.0, 2.2
_WRONG_WEIGHT = tuple((0, 1.0, 2.0, 3.5)[question.difficulty] for question in QUESTIONS)


@dataclass(frozen=True, slots=True)
class Planned:
    """One attempt: `person` and `round` from 0, the person's `number`-th in it; `masks[i]` answers question i + 1."""

    person: int
    round: int
    number: int
    started_ms: int
    submitted_ms: int
    masks: tuple[int, ...]
    is_phone: bool


def planned_attempts() -> list[Planned]:
    """Return all attempts, a person's in their order; the same every time."""
    random = spread.seeded("lao-cai-contest")
    counts = _counts(random)
    right = _right_counts(random, [first + second for first, second in counts])
    moments = [_Moments(random, number) for number in range(len(ROUNDS))]
    attempts: list[Planned] = []
    for person, (of_rounds, right_ones) in enumerate(zip(counts, right, strict=True)):
        is_right = _which_right(random, sum(of_rounds), right_ones)
        is_phone = random.random() < 0.79
        for number, count in enumerate(of_rounds):
            done = 0 if number == 0 else of_rounds[0]
            whole = is_right[done : done + count]
            times = moments[number].sittings(
                count, [_taken(random, done + place, whole[place]) for place in range(count)]
            )
            for place, (started, submitted) in enumerate(times):
                masks = KEYS if whole[place] else _with_mistakes(random, done + place)
                attempts.append(Planned(person, number, place + 1, started, submitted, masks, is_phone))
    return attempts


def _counts(random: Random) -> list[tuple[int, int]]:
    """How often each person tried in each round: at least once in all, at most `CAP` in a round, exact in sum."""
    weights = (10, 14, 15, 14, 13, 13, 21)
    drawn = []
    for _ in range(ACCOUNTS):
        comes = random.random()
        first = random.choices(range(1, CAP + 1), weights)[0] if comes < 0.82 else 0
        second = random.choices(range(1, CAP + 1), weights)[0] if comes >= 0.25 else 0
        drawn.append([first, second])
    excess = sum(map(sum, drawn)) - ATTEMPTS
    step = -1 if excess > 0 else 1
    while excess:
        person, number = random.randrange(ACCOUNTS), random.randrange(2)
        count = drawn[person][number]
        if count and 1 <= count + step <= CAP:
            drawn[person][number] = count + step
            excess += step
    return [(first, second) for first, second in drawn]


def _right_counts(random: Random, totals: Sequence[int]) -> list[int]:
    """How many attempts of each person had everything right: exact in people and in attempts."""
    # Who tries more often is more likely to have managed it once.
    order = sorted(range(ACCOUNTS), key=lambda person: random.random() - 0.06 * min(totals[person], 9))
    managed = order[:ALL_CORRECT_PEOPLE]
    right = [0] * ACCOUNTS
    for person in managed:
        right[person] = 1 + round((totals[person] - 1) * random.random() ** 0.7)
    excess = sum(right) - ALL_CORRECT_ATTEMPTS
    step = -1 if excess > 0 else 1
    while excess:
        person = managed[random.randrange(ALL_CORRECT_PEOPLE)]
        if 1 <= right[person] + step <= totals[person]:
            right[person] += step
            excess += step
    return right


def _which_right(random: Random, total: int, right: int) -> list[bool]:
    """Mostly the last ones, as people learn; now and then any."""
    places = random.sample(range(total), right) if random.random() < 0.25 else range(total - right, total)
    chosen = set(places)
    return [place in chosen for place in range(total)]


def _taken(random: Random, tried_before: int, is_right: bool) -> int:
    """Milliseconds for a paper: less with each time; who has everything right knows the questions."""
    usual = 330 * 0.84 ** min(tried_before, 8) * (0.9 if is_right else 1.0)
    seconds = usual * math.exp(random.gauss(0, 0.33))
    return round(min(max(seconds, 34.0), TIME_LIMIT_SECONDS - 4.0) * 1000) + random.randrange(1000)


def _with_mistakes(random: Random, tried_before: int) -> tuple[int, ...]:
    """Masks with at least one question wrong or left out."""
    masks = list(KEYS)
    most = max(2, 9 - tried_before)
    for place in set(random.choices(range(len(KEYS)), _WRONG_WEIGHT, k=1 + int(random.random() ** 1.8 * most))):
        wrong = [option for option in range(4) if 1 << option != KEYS[place]]
        masks[place] = 0 if random.random() < 0.03 else 1 << random.choices(wrong, (5, 3, 2))[0]
    return tuple(masks)


class _Moments:
    """When people sit down in a round: the rush at the opening, the hours of the day, the last evening."""

    def __init__(self, random: Random, number: int) -> None:
        opens, closes = ROUNDS[number]
        self._random = random
        self._opens, self._closes = round(opens.timestamp() * 1000), round(closes.timestamp() * 1000)
        minutes = range((self._closes - self._opens) // _MINUTE)
        self._minutes = minutes
        self._cumulated = list(accumulate(self._weight(minute, len(minutes)) for minute in minutes))

    def _weight(self, minute: int, whole: int) -> float:
        weight = float(_HOUR_WEIGHT[(9 + minute // 60) % 24])
        if minute < 90:
            weight *= 1 + _OPENING_RUSH * (1 - minute / 90)
        return weight * (_LAST_HOUR if whole - minute <= 60 else 1.0)

    def sittings(self, count: int, taken: Sequence[int]) -> list[tuple[int, int]]:
        """`count` sittings in order, none begun before the one before it was handed in, nor after the close."""
        picked = self._random.choices(self._minutes, cum_weights=self._cumulated, k=count)
        starts = sorted(self._opens + minute * _MINUTE + self._random.randrange(_MINUTE) for minute in picked)
        gap = 4000 + self._random.randrange(40_000)
        for place in range(1, count):
            starts[place] = max(starts[place], starts[place - 1] + taken[place - 1] + gap)
        latest = self._closes - 1000
        for place in reversed(range(count)):
            starts[place] = min(starts[place], latest)
            latest = starts[place] - gap - (taken[place - 1] if place else 0)
        return [(start, start + time) for start, time in zip(starts, taken, strict=True)]
