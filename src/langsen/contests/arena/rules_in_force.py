"""The rules the arena goes by, held in memory and read again from the store every two seconds in the background.

Contests with their rounds, the frozen papers and keys, and the few entrants who are barred or have extra time. Nothing
on the way of a request reads them from the database; a snapshot never changes, a newer one takes its place.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

from django.db import DatabaseError, connections
from django.db.models import Q

from langsen.contests.arena.services import prepare_round
from langsen.contests.arena.statements import Statements, keys_column, statements_of
from langsen.contests.contests.enums import ContestStatus, EntrantStatus, Prediction
from langsen.contests.contests.models import Contest, Entrant, Round
from langsen.contests.quizzes.drawing import Pool
from langsen.contests.quizzes.models import PaperPlan, RoundQuestion
from langsen.contests.quizzes.queries import PaperQuestion, paper_texts, pool_of
from langsen.contests.stores import STORE

log = logging.getLogger("langsen.arena")

REFRESH_SECONDS = 2.0
REMEMBERED = timedelta(days=40)
"""So long after its close a round is still known, for receipts."""
STILL_GRADED = timedelta(days=2)
"""So long after its close a round's keys are read in any case; those of one that is never closed, a dry run, as long
as it is known: a paper swept late, after days without an arena, is graded as any other."""
UNLIMITED = 32_767
_SHOWN = [ContestStatus.ANNOUNCED, ContestStatus.JUDGING, ContestStatus.PUBLISHED, ContestStatus.CANCELLED]


@dataclass(frozen=True)
class Paper:
    """The frozen paper of a round: what is drawn from, and what is read; no keys."""

    pool: Pool
    texts: Mapping[int, PaperQuestion]


@dataclass(frozen=True)
class ContestRules:
    """What the arena needs of a contest."""

    id: int
    slug: str
    title: str
    status: str
    shows_score: bool
    prediction: str
    cap: int | None
    counting: str
    order: tuple[str, ...]
    limit: int
    grace: int

    @property
    def is_running(self) -> bool:
        return self.status == ContestStatus.ANNOUNCED

    @property
    def asks_prediction(self) -> bool:
        return self.prediction != Prediction.NONE

    @property
    def prediction_words(self) -> str:
        """The question of the prediction as people read it."""
        return str(Prediction(self.prediction).label)


@dataclass(frozen=True)
class RoundRules:
    """A round with its paper and the keys in force; moments in ms since 1970. `paper` is None until it is frozen."""

    id: int
    contest: ContestRules
    number: int
    title: str
    is_dry_run: bool
    opens: int
    closes: int
    paper: Paper | None
    keys: str

    @property
    def length(self) -> int:
        return self.paper.pool.length if self.paper else 0

    @cached_property
    def statements(self) -> Statements:
        return statements_of(self.id, self.contest.order, self.contest.counting)

    def state(self, at: int) -> str:
        """Whether it is before, open or closed at `at`."""
        if not self.contest.is_running or at >= self.closes:
            return "closed"
        return "open" if at >= self.opens else "before"


@dataclass(frozen=True)
class EntrantRule:
    """An entrant with something out of the ordinary."""

    is_active: bool
    extra_seconds: int


@dataclass(frozen=True)
class Rules:
    """One reading of everything."""

    contests: Mapping[str, ContestRules] = field(default_factory=dict)
    rounds: Mapping[int, RoundRules] = field(default_factory=dict)
    entrants: Mapping[int, EntrantRule] = field(default_factory=dict)

    @cached_property
    def rounds_of(self) -> Mapping[int, tuple[RoundRules, ...]]:
        """The rounds of each contest, in order."""
        found: dict[int, tuple[RoundRules, ...]] = {}
        for one in sorted(self.rounds.values(), key=lambda each: each.number):
            found[one.contest.id] = (*found.get(one.contest.id, ()), one)
        return found

    def extra_seconds(self, entrant: int) -> int:
        rule = self.entrants.get(entrant)
        return rule.extra_seconds if rule else 0


class RulesInForce:
    """The newest reading; `current` is empty and `is_read` false until the first one succeeded."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self.current = Rules()
        self.is_read = False
        self._papers: dict[tuple[int, datetime], Paper] = {}

    async def refresh(self) -> bool:
        """Read everything again; False when the store did not answer, and the last reading stays in force."""
        try:
            self.current = await asyncio.to_thread(self._read)
        except DatabaseError as error:
            log.warning("The rules cannot be read now: %s", error)
            return False
        self.is_read = True
        return True

    def _read(self) -> Rules:
        try:
            return self._read_all(datetime.fromtimestamp(self._clock() / 1000, UTC))
        finally:
            connections[STORE].close()

    def _read_all(self, now: datetime) -> Rules:
        rows = list(
            Round.objects.filter(
                Q(closes_at__gt=now - REMEMBERED) | Q(closed_at=None, is_dry_run=False), contest__status__in=_SHOWN
            )
            .select_related("contest")
            .order_by("id")
        )
        contests = {row.contest_id: _contest_rules(row.contest) for row in rows}
        ids = [row.pk for row in rows]
        frozen = dict(
            PaperPlan.objects.filter(round__in=ids).exclude(frozen_at=None).values_list("round_id", "frozen_at")
        )
        graded = [row.pk for row in rows if row.closes_at > now - STILL_GRADED or row.closed_at is None]
        keys: dict[int, dict[int, tuple[int, bool]]] = {}
        for of, number, key, void in RoundQuestion.objects.filter(round__in=graded).values_list(
            "round_id", "number", "key", "is_void"
        ):
            keys.setdefault(of, {})[number] = (key, void)
        rounds = {
            row.pk: _round_rules(
                row, contests[row.contest_id], self._paper(row, frozen.get(row.pk)), keys.get(row.pk, {})
            )
            for row in rows
        }
        special = Entrant.objects.filter(contest__in=contests).filter(
            ~Q(status=EntrantStatus.ACTIVE) | Q(extra_seconds__gt=0)
        )
        return Rules(
            contests={one.slug: one for one in contests.values()},
            rounds=rounds,
            entrants={
                pk: EntrantRule(status == EntrantStatus.ACTIVE, extra)
                for pk, status, extra in special.values_list("pk", "status", "extra_seconds")
            },
        )

    def _paper(self, of: Round, frozen_at: datetime | None) -> Paper | None:
        if frozen_at is None:
            return None
        known = self._papers.get((of.pk, frozen_at))
        if known is None:
            prepare_round(of)
            known = self._papers[of.pk, frozen_at] = Paper(pool_of(of), paper_texts(of))
        return known if known.pool.length else None


def _contest_rules(contest: Contest) -> ContestRules:
    return ContestRules(
        id=contest.pk,
        slug=contest.slug,
        title=contest.title,
        status=contest.status,
        shows_score=contest.shows_score,
        prediction=contest.prediction,
        cap=contest.attempts_per_round,
        counting=contest.counting,
        order=tuple(contest.ranking),
        limit=contest.time_limit_seconds,
        grace=contest.grace_seconds,
    )


def _round_rules(
    row: Round, contest: ContestRules, paper: Paper | None, keys: dict[int, tuple[int, bool]]
) -> RoundRules:
    return RoundRules(
        id=row.pk,
        contest=contest,
        number=row.number,
        title=row.title,
        is_dry_run=row.is_dry_run,
        opens=int(row.opens_at.timestamp() * 1000),
        closes=int(row.closes_at.timestamp() * 1000),
        paper=paper,
        keys=keys_column(keys),
    )
