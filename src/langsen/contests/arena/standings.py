"""The standings of a round counted from its handed-in attempts, one after the other. Pure.

The arena keeps `Standing` row by row in the database; this is the same rule written a second time, for loading many
attempts at once, for the published results and for tests that compare both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from langsen.contests.arena.keys import ranking_keys
from langsen.contests.contests.enums import Counting


@dataclass(frozen=True, slots=True)
class Row:
    """A handed-in attempt, as far as standings go; `submitted_ms` since 1970."""

    attempt: UUID
    entrant_id: int
    correct: int
    duration_ms: int
    submitted_ms: int
    is_phone: bool = False


@dataclass(slots=True)
class StandingRow:
    """An entrant of the round: counts over the papers handed in, and the one that counts with its keys."""

    entrant_id: int
    submitted: int
    all_correct: int
    first_submitted_ms: int
    first_all_correct_ms: int | None
    counted: UUID
    correct: int
    duration_ms: int
    submitted_ms: int
    is_phone: bool
    keys: tuple[int, int, int, int]


def standings_of(
    attempts: Iterable[Row], *, order: Sequence[str], counting: str, all_correct: int
) -> dict[int, StandingRow]:
    """Return the standing of every entrant who handed in; `all_correct` is the number of questions of a paper."""
    found: dict[int, StandingRow] = {}
    for row in sorted(attempts, key=lambda one: (one.submitted_ms, one.attempt)):
        is_all = row.correct == all_correct
        keys = ranking_keys(order, correct=row.correct, duration_ms=row.duration_ms, submitted_ms=row.submitted_ms)
        known = found.get(row.entrant_id)
        if known is None:
            found[row.entrant_id] = _first(row, keys, is_all=is_all)
            continue
        known.submitted += 1
        known.all_correct += is_all
        if is_all and known.first_all_correct_ms is None:
            known.first_all_correct_ms = row.submitted_ms
        if counting == Counting.LAST or (counting == Counting.BEST and keys < known.keys):
            known.counted, known.correct, known.keys = row.attempt, row.correct, keys
            known.duration_ms, known.submitted_ms = row.duration_ms, row.submitted_ms
            known.is_phone = row.is_phone
    return found


def _first(row: Row, keys: tuple[int, int, int, int], *, is_all: bool) -> StandingRow:
    return StandingRow(
        entrant_id=row.entrant_id,
        submitted=1,
        all_correct=int(is_all),
        first_submitted_ms=row.submitted_ms,
        first_all_correct_ms=row.submitted_ms if is_all else None,
        counted=row.attempt,
        correct=row.correct,
        duration_ms=row.duration_ms,
        submitted_ms=row.submitted_ms,
        is_phone=row.is_phone,
        keys=keys,
    )
