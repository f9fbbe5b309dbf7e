"""What the store has afterwards, counted by SQL that shares nothing with the arena, beside what was sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connections

from bench.replay_s0.driving import Sitting
from langsen.config.demo.lao_cai_answers import KEYS
from langsen.contests.contests.models import Contest
from langsen.contests.stores import STORE

_WHOLE = len(KEYS)
# Graded again from the answers: the column `correct` is not read.
_ATTEMPTS = """
WITH graded AS (
    SELECT a.entrant_id, r.number, a.submitted_at IS NOT NULL AS handed_in, a.by_clock,
           (SELECT count(*) FROM unnest(a.questions, a.answers) AS u (question, answer)
            JOIN quizzes_roundquestion q ON q.round_id = a.round_id AND q.number = u.question AND q.key = u.answer
           ) AS right_ones
    FROM arena_attempt a JOIN contests_round r ON r.id = a.round_id WHERE r.contest_id = %(contest)s
)
SELECT count(DISTINCT entrant_id), count(*), count(*) FILTER (WHERE number = 1), count(*) FILTER (WHERE number = 2),
       count(DISTINCT entrant_id) FILTER (WHERE right_ones = %(whole)s), count(*) FILTER (WHERE right_ones = %(whole)s),
       count(*) FILTER (WHERE by_clock), count(*) FILTER (WHERE NOT handed_in)
FROM graded
"""
_STANDINGS = """
SELECT count(DISTINCT s.entrant_id), sum(s.submitted), count(DISTINCT s.entrant_id) FILTER (WHERE s.all_correct > 0),
       sum(s.all_correct), max(s.used)
FROM arena_standing s JOIN contests_round r ON r.id = s.round_id WHERE r.contest_id = %(contest)s
"""
_ONE_BY_ONE = """
SELECT a.id::text, a.questions, a.answers, (extract(epoch FROM a.started_at) * 1000)::bigint,
       (extract(epoch FROM a.submitted_at) * 1000)::bigint, a.correct, a.number
FROM arena_attempt a JOIN contests_round r ON r.id = a.round_id WHERE r.contest_id = %(contest)s
"""


@dataclass(frozen=True)
class Compared:
    """A figure as sent and as found."""

    name: str
    sent: int
    found: int

    @property
    def is_equal(self) -> bool:
        return self.sent == self.found


def compare(contest: Contest, sittings: Sequence[Sitting]) -> list[Compared]:
    """Return every figure of the contest as it was sent and as the store has it."""
    sent = [one.planned for one in sittings]
    whole = [one for one in sent if one.masks == KEYS]
    people, whole_people = len({one.person for one in sent}), len({one.person for one in whole})
    per_round: dict[tuple[int, int], int] = {}
    for one in sent:
        per_round[one.person, one.round] = per_round.get((one.person, one.round), 0) + 1
    expected = {
        "accounts": people,
        "attempts": len(sent),
        "attempts, round 1": sum(one.round == 0 for one in sent),
        "attempts, round 2": sum(one.round == 1 for one in sent),
        "people with all right": whole_people,
        "attempts with all right": len(whole),
        "handed in by the clock": 0,
        "not handed in": 0,
        "standings: accounts": people,
        "standings: attempts": len(sent),
        "standings: people with all right": whole_people,
        "standings: attempts with all right": len(whole),
        "standings: most attempts in a round": max(per_round.values()),
        "attempts exactly as sent": len(sent),
    }
    found = [*_one_row(_ATTEMPTS, contest), *_one_row(_STANDINGS, contest), _exactly_as_sent(contest, sittings)]
    return [Compared(name, count, found[place]) for place, (name, count) in enumerate(expected.items())]


def _one_row(sql: str, contest: Contest) -> list[int]:
    with connections[STORE].cursor() as cursor:
        cursor.execute(sql, {"contest": contest.pk, "whole": _WHOLE})
        return [int(value or 0) for value in cursor.fetchone()]


def _exactly_as_sent(contest: Contest, sittings: Sequence[Sitting]) -> int:
    """How many attempts have the answers, moments, score and number of the plan."""
    known = {one.id: one.planned for one in sittings}
    equal = 0
    with connections[STORE].cursor() as cursor:
        cursor.execute(_ONE_BY_ONE, {"contest": contest.pk})
        for ident, questions, answers, started, submitted, correct, number in cursor.fetchall():
            one = known.get(ident)
            if one is None:
                continue
            masks = [one.masks[question - 1] for question in questions]
            right = sum(mask == key for mask, key in zip(one.masks, KEYS, strict=True))
            equal += (answers, started, submitted, correct, number) == (
                masks, one.started_ms, one.submitted_ms, right, one.number
            )  # fmt: skip
    return equal
