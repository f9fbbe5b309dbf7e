"""The ranking itself, read along its index: a round's from the arena's standings, the contest's from the sums.

The marks made with the totals say where every fiftieth row stands, so a place or a page anywhere is at most a page of
the index away.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from langsen.contests.arena.models import Standing
from langsen.contests.contests.enums import EntrantStatus
from langsen.contests.contests.models import Contest, Entrant, Round
from langsen.contests.results.models import ContestStanding, PageMark
from langsen.contests.stores import STORE

PAGE = 50
_MOST_AT_ONCE = 4 * PAGE
"""Rows of a page whose round is under way and has grown since its marks were made; the rest waits for the next ones."""
_PAGES_AT_ONCE = 40


def ranking_of(of: Round | None) -> tuple[tuple[str, ...], str, str]:
    """Return the keys a ranking is ordered by, the table it lies in, and the column of its round or contest."""
    if of is None:
        return ("key1", "key2", "key3", "key4", "key5"), "results_conteststanding", "contest_id"
    return ("key1", "key2", "key3", "key4"), "arena_standing", "round_id"


def ranked_standings(contest: Contest, of: Round | None) -> QuerySet[Any]:
    """Return the standings of a round, or of the whole contest, best first; only of those who take part.

    Rows of both kinds have `entrant`, `correct`, `submitted`, `all_correct`, `is_phone` and their keys.
    """
    rows = _standings(contest, of)
    if unranked := unranked_ids(contest):
        rows = rows.exclude(entrant_id__in=unranked)
    return rows.order_by(*ranking_of(of)[0], "entrant_id")


def _standings(contest: Contest, of: Round | None) -> QuerySet[Any]:
    if of is None:
        return ContestStanding.objects.filter(contest=contest)
    return Standing.objects.filter(round=of, key1__isnull=False)


def unranked_ids(contest: Contest) -> list[int]:
    """Return the entrants who are not ranked: not eligible, or joined with another sign-up. They are few."""
    return list(
        Entrant.objects.filter(contest=contest).exclude(status=EntrantStatus.ACTIVE).values_list("pk", flat=True)
    )


def place_of(row: Any, contest: Contest, of: Round | None, unranked: Sequence[int] | None = None) -> int:
    """Return the place of a standing: one more than those with smaller keys."""
    unranked = unranked_ids(contest) if unranked is None else unranked
    keys = tuple(getattr(row, key) for key in ranking_of(of)[0])
    names = ", ".join(ranking_of(of)[0])
    smaller = f"({names}) < ({_blanks(keys)})"
    mark = _mark_before(contest, of, keys)
    start = "" if mark is None else f" AND ({names}, entrant_id) >= ({_blanks(mark.order)})"
    after = _count(contest, of, smaller + start, [*keys, *(mark.order if mark else ())])
    left_out = _count(contest, of, f"{smaller} AND entrant_id = ANY(%s)", [*keys, list(unranked)]) if unranked else 0
    return 1 + (mark.before if mark else 0) + after - left_out


def with_places(rows: Iterable[Any], of: Round | None, first_place: int, offset: int) -> Iterator[tuple[int, Any]]:
    """Yield ranked rows with their places; the first one has `first_place`, `offset` ranked rows lie before it."""
    place, before = first_place, None
    names = ranking_of(of)[0]
    for count, row in enumerate(rows):
        keys = tuple(getattr(row, key) for key in names)
        if before is not None and keys != before:
            place = offset + count + 1
        before = keys
        yield place, row


@dataclass(frozen=True)
class _Mark:
    """Where a page begins: keys and entrant of its first row, and how many rows stand before it."""

    before: int
    order: tuple[int, ...]


def page_count(contest: Contest, of: Round | None) -> int:
    """Return how many pages a ranking has, at least one."""
    last = PageMark.objects.filter(contest=contest, round=of).order_by("-before").values_list("before", flat=True)
    return (last.first() or 0) // PAGE + 1


def ranked_pages(contest: Contest, of: Round | None, first: int, last: int) -> Iterator[tuple[int, Any]]:
    """Yield the rows of pages `first` to `last` with their places, read some pages at a time."""
    unranked = unranked_ids(contest)
    rows = _rows_of_pages(contest, of, first, last, frozenset(unranked))
    begins = next(rows, None)
    if begins is None:
        return
    mark = _mark_at(contest, of, first)
    offset = mark.before - _before(contest, of, mark, unranked) if mark else 0
    place = place_of(begins, contest, of, unranked)
    yield from with_places(_chained(begins, rows), of, place, offset)


def _chained(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest


def _rows_of_pages(
    contest: Contest, of: Round | None, first: int, last: int, unranked: frozenset[int]
) -> Iterator[Any]:
    keys, table, owner = ranking_of(of)
    names = ", ".join(keys)
    for page in range(first, last + 1, _PAGES_AT_ONCE):
        until = min(page + _PAGES_AT_ONCE, last + 1)
        start, end = _mark_at(contest, of, page), _mark_at(contest, of, until)
        if start is None and page > 1:
            return
        sql = f"SELECT entrant_id FROM {table} WHERE {owner} = %s AND key1 IS NOT NULL"  # noqa: S608 - names of ours
        values: list[Any] = [_owner_of(contest, of)]
        for mark, sign in ((start, ">="), (end, "<")):
            if mark is not None:
                sql += f" AND ({names}, entrant_id) {sign} ({_blanks(mark.order)})"
                values += mark.order
        most = _MOST_AT_ONCE + (until - page - 1) * PAGE
        with connections[STORE].cursor() as cursor:
            cursor.execute(f"{sql} ORDER BY {names}, entrant_id LIMIT {most}", values)
            ids = [entrant for (entrant,) in cursor.fetchall() if entrant not in unranked]
        rows = _standings(contest, of).filter(entrant_id__in=ids).select_related("entrant__unit")
        yield from sorted(rows, key=lambda row: (*(getattr(row, key) for key in keys), row.entrant_id))


def _mark_at(contest: Contest, of: Round | None, page: int) -> _Mark | None:
    """The mark of a page; None for the first one, which begins where the ranking does."""
    if page == 1:
        return None
    return _as_mark(PageMark.objects.filter(contest=contest, round=of, before=(page - 1) * PAGE).first(), of)


def _mark_before(contest: Contest, of: Round | None, keys: tuple[int, ...]) -> _Mark | None:
    """The last mark with smaller keys: fewer than a page of rows lie between it and the first one with these."""
    filled = [*keys, *[0] * (5 - len(keys))]
    which = "round_id IS NULL" if of is None else "round_id = %s"
    sql = f"""
        SELECT id, before, key1, key2, key3, key4, key5, first, contest_id, round_id FROM results_pagemark
        WHERE contest_id = %s AND {which} AND (key1, key2, key3, key4, key5) < (%s, %s, %s, %s, %s)
        ORDER BY round_id DESC, key1 DESC, key2 DESC, key3 DESC, key4 DESC, key5 DESC, before DESC LIMIT 1
    """  # noqa: S608 - texts of this function; round_id first, so that the index gives the order for a null too
    owners = [contest.pk] if of is None else [contest.pk, of.pk]
    found = list(PageMark.objects.raw(sql, [*owners, *filled]))
    return _as_mark(found[0] if found else None, of)


def _as_mark(row: PageMark | None, of: Round | None) -> _Mark | None:
    if row is None:
        return None
    return _Mark(row.before, (*(getattr(row, key) for key in ranking_of(of)[0]), row.first))


def _before(contest: Contest, of: Round | None, mark: _Mark, unranked: Sequence[int]) -> int:
    """How many of these stand before a mark."""
    if not unranked:
        return 0
    names = ", ".join(ranking_of(of)[0])
    condition = f"({names}, entrant_id) < ({_blanks(mark.order)}) AND entrant_id = ANY(%s)"
    return _count(contest, of, condition, [*mark.order, list(unranked)])


def _count(contest: Contest, of: Round | None, condition: str, values: list[Any]) -> int:
    _keys, table, owner = ranking_of(of)
    with connections[STORE].cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {table} WHERE {owner} = %s AND {condition}",  # noqa: S608 - texts of this module
            [_owner_of(contest, of), *values],
        )
        return int(cursor.fetchone()[0])


def _owner_of(contest: Contest, of: Round | None) -> int:
    return contest.pk if of is None else of.pk


def _blanks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def ranked_winners(contest: Contest, of: Round | None) -> Iterator[tuple[tuple[int, ...], str]]:
    """Yield keys and public number, best first, read a stretch at a time: prizes need only the first."""
    rows = ranked_standings(contest, of).values_list(*ranking_of(of)[0], "entrant__number")
    start, step = 0, 500
    while True:
        found = list(rows[start : start + step])
        for *keys, number in found:
            yield tuple(keys), f"TS-{number:06d}"
        if len(found) < step:
            return
        start, step = start + step, 20_000
