"""The ranking itself, read along its index: a round's from the arena's standings, the contest's from the sums.

The marks made with the totals say where every fiftieth row stands, so a place or a page anywhere is at most a page of
the index away.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from langsen.contests.arena.models import Standing
from langsen.contests.contests.enums import EntrantStatus
from langsen.contests.contests.models import Contest, Entrant, Round
from langsen.contests.results.models import ContestStanding, ResultTotals
from langsen.contests.stores import STORE

PAGE = 50
_MOST_AT_ONCE = 4 * PAGE
"""Rows of a page whose round is under way and has grown since its marks were made; the rest waits for the next ones."""
_PAGES_AT_ONCE = 40
_FIVE = ("key1", "key2", "key3", "key4", "key5")


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row of a ranking with its entrant; a round's has time and moment, the whole contest's the number of rounds."""

    keys: tuple[int, ...]
    entrant_id: int
    correct: int
    submitted: int
    all_correct: int
    rounds: int | None
    duration_ms: int | None
    submitted_at: datetime | None
    number: int
    full_name: str
    may_publish_name: bool
    unit: str


@dataclass(frozen=True)
class _Mark:
    """Where a page begins: keys and entrant of its first row, and how many rows stand before it."""

    before: int
    order: tuple[int, ...]


def ranking_of(of: Round | None) -> tuple[tuple[str, ...], str, str]:
    """Return the keys a ranking is ordered by, the table it lies in, and the column of its round or contest."""
    if of is None:
        return _FIVE, "results_conteststanding", "contest_id"
    return _FIVE[:4], "arena_standing", "round_id"


def totals_of(contest: Contest, of: Round | None) -> ResultTotals | None:
    """Return people and attempts of a round, or of the whole contest, as last counted."""
    return ResultTotals.objects.filter(contest=contest, round=of).first()


class Ranking:
    """The ranking of a round, or of the whole contest (`of` is None): of those who take part, best first.

    What it is asked more than once it reads once: it is made for one page, or kept while nothing changes (`kept.py`).
    """

    def __init__(self, contest: Contest, of: Round | None) -> None:
        self.contest, self.of = contest, of
        self._keys, self._table, self._owner_column = ranking_of(of)
        self._names = ", ".join(self._keys)
        self._owner = contest.pk if of is None else of.pk

    @cached_property
    def totals(self) -> ResultTotals | None:
        """People and attempts as last counted."""
        return totals_of(self.contest, self.of)

    @cached_property
    def page_count(self) -> int:
        """How many pages there are, at least one."""
        last = self._marks("TRUE ORDER BY before DESC LIMIT 1", [])
        return (last[0].before if last else 0) // PAGE + 1

    @cached_property
    def unranked(self) -> list[int]:
        """The entrants who are not ranked: not eligible, or joined with another sign-up. They are few."""
        others = Entrant.objects.filter(contest=self.contest).exclude(status=EntrantStatus.ACTIVE).order_by()
        return list(others.values_list("pk", flat=True))

    def standings(self) -> QuerySet[Any]:
        """Return the standings in order.

        Rows of both kinds have `entrant`, `correct`, `submitted`, `all_correct`, `is_phone` and their keys.
        """
        if self.of is None:
            rows: QuerySet[Any] = ContestStanding.objects.filter(contest=self.contest)
        else:
            rows = Standing.objects.filter(round=self.of, key1__isnull=False)
        if self.unranked:
            rows = rows.exclude(entrant_id__in=self.unranked)
        return rows.order_by(*self._keys, "entrant_id")

    def of_entrants(self, entrants: Sequence[int]) -> list[Ranked]:
        """Return the rows of these entrants who are ranked, best first."""
        ranked = set(entrants).difference(self.unranked)
        return self._read("entrant_id = ANY(%s)", [list(ranked)], most=len(ranked))

    def place_of(self, keys: Sequence[int]) -> int:
        """Return the place of a row with these keys: one more than those with smaller ones."""
        smaller = f"({self._names}) < ({_blanks(keys)})"
        mark = self._mark_before(keys)
        start = "" if mark is None else f" AND ({self._names}, entrant_id) >= ({_blanks(mark.order)})"
        after = self._count(smaller + start, [*keys, *(mark.order if mark else ())])
        left_out = self._unranked_among(smaller, keys)
        return 1 + (mark.before if mark else 0) + after - left_out

    def keys_of(self, standing: Any) -> tuple[int, ...]:
        """Return what a standing of this ranking is ordered by."""
        return tuple(getattr(standing, key) for key in self._keys)

    def pages(self, first: int, last: int) -> Iterator[tuple[int, Ranked]]:
        """Yield the rows of pages `first` to `last` with their places, read some pages at a time."""
        rows = self._rows_of_pages(first, last)
        begins = next(rows, None)
        if begins is None:
            return
        mark = self._marks_at(first).get(first)
        offset = 0
        if mark is not None:
            before = f"({self._names}, entrant_id) < ({_blanks(mark.order)})"
            offset = mark.before - self._unranked_among(before, mark.order)
        tied = mark is not None and self._keys_before(mark) == begins.keys
        place = self.place_of(begins.keys) if tied else offset + 1
        yield from _with_places(chain([begins], rows), place, offset)

    def _rows_of_pages(self, first: int, last: int) -> Iterator[Ranked]:
        left_out = frozenset(self.unranked)
        for page in range(first, last + 1, _PAGES_AT_ONCE):
            until = min(page + _PAGES_AT_ONCE, last + 1)
            marks = self._marks_at(page, until)
            start, end = marks.get(page), marks.get(until)
            if start is None and page > 1:
                return
            conditions, values = ["key1 IS NOT NULL"], list[Any]()
            for mark, sign in ((start, ">="), (end, "<")):
                if mark is not None:
                    conditions.append(f"({self._names}, entrant_id) {sign} ({_blanks(mark.order)})")
                    values += mark.order
            most = _MOST_AT_ONCE + (until - page - 1) * PAGE
            found = self._read(" AND ".join(conditions), values, most=most)
            yield from (row for row in found if row.entrant_id not in left_out)

    def _read(self, condition: str, values: list[Any], *, most: int) -> list[Ranked]:
        """Read rows along the index first, and only then who they are."""
        own = "rounds, NULL, NULL" if self.of is None else "NULL, duration_ms, submitted_at"
        order = f"{self._names}, entrant_id"
        sql = f"""
            SELECT {self._names}, s.entrant_id, correct, submitted, all_correct, {own},
                   e.number, e.full_name, e.may_publish_name, coalesce(u.path, '')
            FROM (SELECT * FROM {self._table} WHERE {self._owner_column} = %s AND {condition}
                  ORDER BY {order} LIMIT {most}) s
            JOIN contests_entrant e ON e.id = s.entrant_id LEFT JOIN contests_contestunit u ON u.id = e.unit_id
            ORDER BY {order}
        """  # noqa: S608 - texts of this module
        count = len(self._keys)
        with connections[STORE].cursor() as cursor:
            cursor.execute(sql, [self._owner, *values])
            return [Ranked(tuple(row[:count]), *row[count:]) for row in cursor.fetchall()]

    def _marks_at(self, *pages: int) -> dict[int, _Mark]:
        """The marks of these pages; the first page has none, it begins where the ranking does."""
        wanted = [(page - 1) * PAGE for page in pages if page > 1]
        found = self._marks("before = ANY(%s)", [wanted]) if wanted else []
        return {mark.before // PAGE + 1: mark for mark in found}

    def _mark_before(self, keys: Sequence[int]) -> _Mark | None:
        """The last mark with smaller keys: fewer than a page of rows lie between it and the first one with these."""
        filled = [*keys, *[0] * (5 - len(keys))]
        # round_id first, so that the index gives the order for a null too
        order = ", ".join(f"{name} DESC" for name in ("round_id", *_FIVE, "before"))
        last = f"({', '.join(_FIVE)}) < (%s, %s, %s, %s, %s) ORDER BY {order} LIMIT 1"
        return next(iter(self._marks(last, filled)), None)

    def _marks(self, condition: str, values: list[Any]) -> list[_Mark]:
        which = "round_id IS NULL" if self.of is None else "round_id = %s"
        sql = f"""
            SELECT before, {self._names}, first FROM results_pagemark WHERE contest_id = %s AND {which} AND {condition}
        """  # noqa: S608 - texts of this module
        owners = [self.contest.pk] if self.of is None else [self.contest.pk, self.of.pk]
        with connections[STORE].cursor() as cursor:
            cursor.execute(sql, [*owners, *values])
            return [_Mark(before, tuple(order)) for before, *order in cursor.fetchall()]

    def _keys_before(self, mark: _Mark) -> tuple[int, ...] | None:
        """The keys of the last row before a mark, whoever it is; None when the row is gone."""
        order = ", ".join(f"{name} DESC" for name in (*self._keys, "entrant_id"))
        sql = f"""
            SELECT {self._names} FROM {self._table} WHERE {self._owner_column} = %s AND key1 IS NOT NULL
            AND ({self._names}, entrant_id) < ({_blanks(mark.order)}) ORDER BY {order} LIMIT 1
        """  # noqa: S608 - texts of this module
        with connections[STORE].cursor() as cursor:
            cursor.execute(sql, [self._owner, *mark.order])
            found = cursor.fetchone()
        return None if found is None else tuple(found)

    def _unranked_among(self, condition: str, values: Sequence[int]) -> int:
        """How many who are not ranked have a row that fits."""
        if not self.unranked:
            return 0
        return self._count(f"{condition} AND entrant_id = ANY(%s)", [*values, self.unranked])

    def _count(self, condition: str, values: list[Any]) -> int:
        with connections[STORE].cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM {self._table} WHERE {self._owner_column} = %s AND {condition}",  # noqa: S608
                [self._owner, *values],
            )
            return int(cursor.fetchone()[0])

    def winners(self) -> Iterator[tuple[tuple[int, ...], str]]:
        """Yield keys and public number, best first, read a stretch at a time: prizes need only the first."""
        rows = self.standings().values_list(*self._keys, "entrant__number")
        start, step = 0, 500
        while True:
            found = list(rows[start : start + step])
            for *keys, number in found:
                yield tuple(keys), f"TS-{number:06d}"
            if len(found) < step:
                return
            start, step = start + step, 20_000


def _with_places(rows: Iterable[Ranked], first_place: int, offset: int) -> Iterator[tuple[int, Ranked]]:
    """Yield ranked rows with their places; the first one has `first_place`, `offset` ranked rows lie before it."""
    place, before = first_place, None
    for count, row in enumerate(rows):
        if before is not None and row.keys != before:
            place = offset + count + 1
        before = row.keys
        yield place, row


def _blanks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
