"""What an entrant sees before and between papers: read for all who ask at once, beside the writing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from langsen.contests.arena.operations import AttemptRow
from langsen.contests.arena.rules_in_force import RoundRules
from langsen.contests.arena.statements import ATTEMPT, column

_ENTRANTS = """
SELECT id, number, full_name FROM contests_entrant
WHERE id = ANY(%(entrants)s::bigint[]) AND contest_id = %(contest)s::bigint
"""
_STANDINGS = """
SELECT s.entrant_id, s.round_id, s.used, s.prediction, a.id,
       (extract(epoch FROM a.deadline_at) * 1000)::bigint
FROM arena_standing s
LEFT JOIN arena_attempt a ON a.round_id = s.round_id AND a.id = s.open_attempt AND a.submitted_at IS NULL
WHERE s.round_id = ANY(%(rounds)s::bigint[]) AND s.entrant_id = ANY(%(entrants)s::bigint[])
"""
_LAST = f"""
SELECT DISTINCT ON (a.round_id, a.entrant_id) a.round_id, {ATTEMPT} FROM arena_attempt a
WHERE a.round_id = ANY(%(rounds)s::bigint[]) AND a.entrant_id = ANY(%(entrants)s::bigint[])
  AND a.submitted_at IS NOT NULL
ORDER BY a.round_id, a.entrant_id, a.submitted_at DESC
"""


@dataclass(frozen=True, slots=True)
class ContestAsk:
    """How an entrant stands in a contest; `round` is its first one and stands for the contest in the queue."""

    round: RoundRules
    entrant: int
    rounds: Sequence[RoundRules]
    arrival: int


@dataclass(frozen=True, slots=True)
class RoundView:
    """An entrant in a round; moments in ms since 1970."""

    used: int = 0
    prediction: int | None = None
    open_attempt: UUID | None = None
    open_until: int | None = None
    last: AttemptRow | None = None


@dataclass(slots=True)
class Overview:
    """An entrant in a contest; `name` None: there is no such entrant."""

    number: int = 0
    name: str | None = None
    rounds: dict[int, RoundView] = field(default_factory=dict)


async def overviews(connection: AsyncConnection[Any], of: RoundRules, asks: Sequence[ContestAsk]) -> list[Overview]:
    """Read how each of them stands."""
    begun = {one.id for ask in asks for one in ask.rounds if one.opens <= ask.arrival}
    columns: Mapping[str, object] = {
        "entrants": column(ask.entrant for ask in asks),
        "contest": of.contest.id,
        "rounds": column(sorted(begun)),
    }
    found = {ask.entrant: Overview() for ask in asks}
    for entrant, number, name in await _rows(connection, _ENTRANTS, columns):
        found[entrant].number, found[entrant].name = number, name
    if begun:
        for entrant, round_id, used, prediction, attempt, until in await _rows(connection, _STANDINGS, columns):
            found[entrant].rounds[round_id] = RoundView(used, prediction, attempt, until)
        for round_id, *attempt_row in await _rows(connection, _LAST, columns):
            row = AttemptRow(*attempt_row)
            views = found[row.entrant].rounds
            views[round_id] = replace(views.get(round_id, RoundView()), last=row)
    return [found[ask.entrant] for ask in asks]


async def _rows(
    connection: AsyncConnection[Any], statement: str, columns: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    cursor = await connection.execute(statement, columns)
    return await cursor.fetchall()
