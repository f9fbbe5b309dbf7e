"""Counting a contest in its own store, for the copies the figures are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connections
from django.db.models import Min, Q, QuerySet

from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest
from langsen.contests.results.enums import PrizeStatus
from langsen.contests.stores import STORE
from langsen.contests.tallies.models import ContestTally

# After this long nothing of a published contest is expected to change; the nightly copying looks at it all the same.
SETTLED_AFTER = timedelta(days=7)
_HELD = Q(status__in=[ContestStatus.ANNOUNCED, ContestStatus.JUDGING, ContestStatus.PUBLISHED])


@dataclass(frozen=True)
class DayCount:
    """What was handed in on one day in one round; `round_number` leaves dry runs out: 1 for the first that counts."""

    day: date
    round_number: int
    accounts: int
    attempts: int
    all_correct_people: int
    all_correct_attempts: int


@dataclass(frozen=True)
class PrizeCount:
    """Prizes of one rank decided on one day."""

    day: date
    subject: str
    rank: str
    count: int


def opened_contests(at: datetime) -> QuerySet[Contest]:
    """Return the contests whose first round that counts had opened at `at`, cancelled ones and drafts left out."""
    return (
        Contest.objects.filter(_HELD)
        .annotate(opened_at=Min("rounds__opens_at", filter=Q(rounds__is_dry_run=False)))
        .filter(opened_at__lte=at)
        .order_by("pk")
    )


def unsettled_contests(at: datetime) -> QuerySet[Contest]:
    """Return the opened contests whose counts may still change, or that were never copied."""
    copied = list(ContestTally.objects.values_list("contest_id", flat=True))
    settled = Q(status=ContestStatus.PUBLISHED, published_at__lt=at - SETTLED_AFTER, pk__in=copied)
    return opened_contests(at).exclude(settled)


# People come from the standings kept beside the attempts, once in the contest: by their first in any round. A sign-up
# joined with another counts as that other. Attempts are one pass without a sort.
_DAYS = """
WITH counting AS (
    SELECT id, row_number() OVER (ORDER BY number) AS place
    FROM contests_round WHERE contest_id = %(contest)s AND NOT is_dry_run
), people AS (
    SELECT coalesce(e.merged_into_id, e.id) AS who, c.place, s.first_submitted_at, s.first_all_correct_at
    FROM arena_standing s
    JOIN counting c ON c.id = s.round_id
    JOIN contests_entrant e ON e.id = s.entrant_id
    WHERE s.submitted > 0
), counted AS (
    SELECT (a.submitted_at AT TIME ZONE %(zone)s)::date AS day, c.place,
           0 AS accounts, count(*) AS attempts, 0 AS people,
           count(*) FILTER (WHERE a.correct = cardinality(a.questions)) AS whole
    FROM arena_attempt a JOIN counting c ON c.id = a.round_id
    WHERE a.submitted_at IS NOT NULL GROUP BY 1, 2
    UNION ALL
    SELECT (at AT TIME ZONE %(zone)s)::date, place, count(*), 0, 0, 0 FROM (
        SELECT DISTINCT ON (who) first_submitted_at AS at, place FROM people ORDER BY who, first_submitted_at, place
    ) once GROUP BY 1, 2
    UNION ALL
    SELECT (at AT TIME ZONE %(zone)s)::date, place, 0, 0, count(*), 0 FROM (
        SELECT DISTINCT ON (who) first_all_correct_at AS at, place FROM people
        WHERE first_all_correct_at IS NOT NULL ORDER BY who, first_all_correct_at, place
    ) once GROUP BY 1, 2
)
SELECT day, place, sum(accounts)::int, sum(attempts)::int, sum(people)::int, sum(whole)::int
FROM counted GROUP BY day, place ORDER BY day, place
"""

_PRIZES = """
SELECT a.decided_on, r.subject, r.rank, count(*)
FROM results_prizeaward a JOIN contests_prizerule r ON r.id = a.prize_rule_id
WHERE r.contest_id = %(contest)s AND a.status = ANY(%(won)s) AND a.decided_on IS NOT NULL
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def day_counts(contest_id: int) -> Iterator[DayCount]:
    """Give what was handed in by day and round, dry runs left out. Days are of the site's time zone."""
    with connections[STORE].cursor() as cursor:
        cursor.execute(_DAYS, {"contest": contest_id, "zone": settings.TIME_ZONE})
        for row in cursor.fetchall():
            yield DayCount(*row)


def prize_counts(contest_id: int) -> Iterator[PrizeCount]:
    """Give the prizes the jury decided, by day, for whom and rank."""
    won = [PrizeStatus.DECIDED.value, PrizeStatus.PAID.value]
    with connections[STORE].cursor() as cursor:
        cursor.execute(_PRIZES, {"contest": contest_id, "won": won})
        for row in cursor.fetchall():
            yield PrizeCount(*row)
