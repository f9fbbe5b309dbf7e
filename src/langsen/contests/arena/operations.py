"""The operations on the store: what is asked, run as one statement for all who ask, and a verdict for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import AsyncConnection

from langsen.contests.arena.rules_in_force import UNLIMITED, RoundRules
from langsen.contests.arena.statements import column, column_of_lists


@dataclass(frozen=True, slots=True)
class StartAsk:
    """Start a paper with the client's id; moments in ms since 1970."""

    round: RoundRules
    entrant: int
    attempt: UUID
    seed: int
    questions: Sequence[int]
    arrival: int
    deadline: int
    device: int | None
    is_phone: bool


@dataclass(frozen=True, slots=True)
class EntrantAsk:
    """Something about an entrant's own papers of a round."""

    round: RoundRules
    entrant: int
    arrival: int


@dataclass(frozen=True, slots=True)
class AnswersAsk:
    """Changed answers by place (seq 0: none), for a save or a submission."""

    round: RoundRules
    entrant: int
    attempt: UUID
    lease: int
    arrival: int
    masks: Sequence[int]
    seqs: Sequence[int]
    prediction: int | None = None


class AttemptRow(NamedTuple):
    """An attempt as it stands in the store; moments in ms since 1970."""

    id: UUID
    entrant: int
    number: int
    seed: int
    questions: list[int]
    answers: list[int]
    seqs: list[int]
    lease: int
    started: int
    deadline: int
    submitted: int | None
    duration_ms: int | None
    correct: int | None


@dataclass(frozen=True, slots=True)
class Started:
    """A new paper was started: the entrant's `number`-th of the round."""

    number: int


@dataclass(frozen=True, slots=True)
class NotStarted:
    """Why not: the attempt of that id if there is one, else how the entrant stands."""

    known: AttemptRow | None
    used: int
    open_attempt: UUID | None
    open_until: int | None


@dataclass(frozen=True, slots=True)
class Resumed:
    """The paper under way with its lease raised; or, with `is_open` false, the entrant's last one if any."""

    attempt: AttemptRow | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Written:
    """What became of changed answers: the attempt now (None: there is none of that id and entrant).

    `done`: these answers are in it. Otherwise submitted, another lease, or `is_late`.
    """

    attempt: AttemptRow | None
    done: bool = False
    is_late: bool = False


async def start(
    connection: AsyncConnection[Any], of: RoundRules, asks: Sequence[StartAsk]
) -> list[Started | NotStarted]:
    """Start each paper that the cap allows and that finds no other under way."""
    contest = of.contest
    rows = await _rows(
        connection,
        of.statements.start,
        {
            "entrants": column(ask.entrant for ask in asks),
            "ids": column(ask.attempt for ask in asks),
            "seeds": column(ask.seed for ask in asks),
            "questions": column_of_lists(ask.questions for ask in asks),
            "arrivals": column(ask.arrival for ask in asks),
            "deadlines": column(ask.deadline for ask in asks),
            "devices": column(ask.device for ask in asks),
            "phones": column(ask.is_phone for ask in asks),
            "cap": UNLIMITED if contest.cap is None else contest.cap,
            "grace": contest.grace,
            "now": max(ask.arrival for ask in asks),
        },
    )
    started: dict[int, int] = dict(rows)
    refused = [ask for ask in asks if ask.entrant not in started]
    why: dict[int, NotStarted] = {}
    if refused:
        columns = {
            "entrants": column(ask.entrant for ask in refused),
            "ids": column(ask.attempt for ask in refused),
        }
        for asker, used, open_attempt, open_until, *known in await _rows(
            connection, of.statements.why_not_started, columns
        ):
            attempt = AttemptRow(*known) if known[0] is not None else None
            why[asker] = NotStarted(attempt, used or 0, open_attempt, open_until)
    return [Started(started[ask.entrant]) if ask.entrant in started else why[ask.entrant] for ask in asks]


async def resume(connection: AsyncConnection[Any], of: RoundRules, asks: Sequence[EntrantAsk]) -> list[Resumed]:
    """Raise the lease of each paper under way."""
    columns: dict[str, object] = {"entrants": column(ask.entrant for ask in asks), "grace": of.contest.grace}
    now = min(ask.arrival for ask in asks)
    rows = [AttemptRow(*row) for row in await _rows(connection, of.statements.resume, {**columns, "now": now})]
    found = {row.entrant: Resumed(row, is_open=True) for row in rows}
    if len(found) < len(asks):
        rest = column(ask.entrant for ask in asks if ask.entrant not in found)
        for row in await _rows(connection, of.statements.last_of, {"entrants": rest}):
            last = AttemptRow(*row)
            found[last.entrant] = Resumed(last, is_open=False)
    return [found.get(ask.entrant, Resumed(None, is_open=False)) for ask in asks]


async def save(connection: AsyncConnection[Any], of: RoundRules, asks: Sequence[AnswersAsk]) -> list[Written]:
    """Keep each newer answer of a paper that is still the asker's to write."""
    rows = await _rows(connection, of.statements.save, _answers(of, asks))
    found: dict[UUID, Written] = {}
    for *columns, is_late, saved in rows:
        attempt = AttemptRow(*columns)
        if saved is not None:
            attempt = attempt._replace(seqs=saved)
        found[attempt.id] = Written(attempt, done=saved is not None, is_late=is_late)
    return [found.get(ask.attempt, Written(None)) for ask in asks]


async def submit(connection: AsyncConnection[Any], of: RoundRules, asks: Sequence[AnswersAsk]) -> list[Written]:
    """Hand in each paper with its last answers, graded; one whose time was up is handed in as it was saved."""
    columns = {
        **_answers(of, asks),
        "predictions": column(ask.prediction for ask in asks),
        "keys": of.keys,
    }
    found: dict[UUID, Written] = {}
    for row in await _rows(connection, of.statements.submit, columns):
        is_late, handed_in, *values = row
        attempt = AttemptRow(*values)
        found[attempt.id] = Written(attempt, done=handed_in and not is_late, is_late=is_late)
    return [found.get(ask.attempt, Written(None)) for ask in asks]


async def hand_in_late(connection: AsyncConnection[Any], of: RoundRules, *, now: int, most: int) -> list[int]:
    """Hand in, as they were saved, papers whose deadline and grace have passed; return their entrants."""
    columns = {"now": now, "grace": of.contest.grace, "most": most, "keys": of.keys}
    return [entrant for _id, entrant in await _rows(connection, of.statements.hand_in_late, columns)]


async def extend(connection: AsyncConnection[Any], of: RoundRules, extras: Mapping[int, int]) -> int:
    """Give papers under way the time granted since they were started, to a person or to everybody by a time limit
    that was raised; return how many got some. One that was lowered takes nothing from them."""
    columns = {
        "entrants": column(extras),
        "extras": column(extras.values()),
        "limit": of.contest.limit,
    }
    return len(await _rows(connection, of.statements.extend, columns))


def _answers(of: RoundRules, asks: Sequence[AnswersAsk]) -> dict[str, object]:
    return {
        "entrants": column(ask.entrant for ask in asks),
        "ids": column(ask.attempt for ask in asks),
        "leases": column(ask.lease for ask in asks),
        "arrivals": column(ask.arrival for ask in asks),
        "masks": column_of_lists(ask.masks for ask in asks),
        "seqs": column_of_lists(ask.seqs for ask in asks),
        "grace": of.contest.grace,
    }


async def _rows(
    connection: AsyncConnection[Any], statement: str, columns: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    cursor = await connection.execute(statement, columns)
    return await cursor.fetchall()
