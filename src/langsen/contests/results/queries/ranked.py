"""The ranking itself, read along its index: a round's from the arena's standings, the contest's from the sums."""

from collections.abc import Iterator
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from langsen.contests.arena.models import Standing
from langsen.contests.contests.enums import EntrantStatus
from langsen.contests.contests.models import Contest, Entrant, Round
from langsen.contests.results.models import ContestStanding
from langsen.contests.stores import STORE

KEYS = ("key1", "key2", "key3", "key4")


def ranked_standings(contest: Contest, of: Round | None) -> QuerySet[Any]:
    """Return the standings of a round, or of the whole contest, best first; only of those who take part.

    Rows of both kinds have `entrant`, `correct`, `submitted`, `all_correct`, `is_phone` and the four keys.
    """
    rows: QuerySet[Any]
    if of is None:
        rows = ContestStanding.objects.filter(contest=contest)
    else:
        rows = Standing.objects.filter(round=of, key1__isnull=False)
    if unranked := unranked_ids(contest):
        rows = rows.exclude(entrant_id__in=unranked)
    return rows.order_by(*KEYS, "entrant_id")


def unranked_ids(contest: Contest) -> list[int]:
    """Return the entrants who are not ranked: not eligible, or joined with another sign-up. They are few."""
    return list(
        Entrant.objects.filter(contest=contest).exclude(status=EntrantStatus.ACTIVE).values_list("pk", flat=True)
    )


def place_of(row: Any, contest: Contest, of: Round | None) -> int:
    """Return the place of a standing: one more than those with smaller keys."""
    column, owner = ("contest_id", contest.pk) if of is None else ("round_id", of.pk)
    table = "results_conteststanding" if of is None else "arena_standing"
    keys = [getattr(row, key) for key in KEYS]
    sql = f"""
        SELECT count(*) FROM {table} s
        WHERE {column} = %s AND (key1, key2, key3, key4) < (%s, %s, %s, %s) AND NOT entrant_id = ANY(%s)
    """  # noqa: S608 - names of ours
    with connections[STORE].cursor() as cursor:
        cursor.execute(sql, [owner, *keys, unranked_ids(contest)])
        return 1 + int(cursor.fetchone()[0])


def with_places(rows: list[Any], first_place: int, first_offset: int) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a page with their places; the first row has `first_place`, `first_offset` rows lie before."""
    place, before = first_place, None
    for count, row in enumerate(rows):
        keys = tuple(getattr(row, key) for key in KEYS)
        if before is not None and keys != before:
            place = first_offset + count + 1
        before = keys
        yield place, row


def ranked_winners(contest: Contest, of: Round | None) -> Iterator[tuple[tuple[int, ...], str]]:
    """Yield keys and public number, best first, read a stretch at a time: prizes need only the first."""
    rows = ranked_standings(contest, of).values_list(*KEYS, "entrant__number")
    start, step = 0, 500
    while True:
        found = list(rows[start : start + step])
        for *keys, number in found:
            yield tuple(keys), f"TS-{number:06d}"
        if len(found) < step:
            return
        start, step = start + step, 20_000
