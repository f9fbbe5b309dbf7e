"""What pages show of many standings at once, counted by a job and at the closing, never per page view."""

from datetime import datetime
from typing import Any

from django.db import connections, transaction

from langsen.contests.contests.enums import ContestStatus, WholeOrder
from langsen.contests.contests.models import Contest, ContestUnit, Round
from langsen.contests.contests.page_version import raise_page_version
from langsen.contests.results.engine.parts import AGE_BANDS, AGES, COMPUTER, DEVICES, KINDS, PHONE, UNKNOWN
from langsen.contests.results.engine.units import UnitRow, unit_table
from langsen.contests.results.models import PageMark, ResultTotals, UnitResult
from langsen.contests.results.queries.ranked import PAGE, ranking_of
from langsen.contests.results.rules import units_of
from langsen.contests.stores import STORE

_COUNTS = """count(*), coalesce(sum(s.submitted), 0), count(*) FILTER (WHERE s.all_correct > 0),
    coalesce(sum(s.all_correct), 0)"""
# Ages are the year of the first round less the year of birth.
_AGE = "CASE " + " ".join(
    f"WHEN extract(year FROM %(opened)s::timestamptz) - e.birth_year BETWEEN {low} AND {high} THEN '{code}'"
    for code, low, high in AGE_BANDS
) + f" ELSE '{UNKNOWN}' END"  # fmt: skip
_PARTS = {
    KINDS: f"coalesce((SELECT u.kind FROM contests_contestunit u WHERE u.id = e.unit_id), '{UNKNOWN}')",  # noqa: S608
    AGES: f"coalesce((SELECT b.band FROM results_ageband b WHERE b.entrant_id = e.id), {_AGE})",  # noqa: S608
    DEVICES: f"CASE WHEN s.is_phone THEN '{PHONE}' ELSE '{COMPUTER}' END",
}


@transaction.atomic(using=STORE)
def refresh_summaries(contest: Contest, *, at: datetime) -> None:
    """Count totals and unit tables of every round that has begun, add up the closed ones, and replace what stood.

    The contest's row is locked, not its key: of two countings at once the later one counts later, and people sign up
    meanwhile.
    """
    Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
    rounds = list(contest.rounds.filter(is_dry_run=False, opens_at__lte=at).order_by("number"))
    closed = [one.pk for one in rounds if one.closed_at is not None]
    _add_up(contest, closed)
    _fix_age_bands(contest, closed)
    for of in [*rounds, None]:
        _count_anew(contest, of, at)
    raise_page_version(contest.pk)


@transaction.atomic(using=STORE)
def count_rounds_under_way(contest: Contest, *, at: datetime) -> None:
    """Count the rounds that have begun and are not closed; what closed rounds gave stays as it was told."""
    Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
    for of in contest.rounds.filter(is_dry_run=False, opens_at__lte=at, closed_at=None).order_by("number"):
        _count_anew(contest, of, at)


def _count_anew(contest: Contest, of: Round | None, at: datetime) -> None:
    ResultTotals.objects.filter(contest=contest, round=of).delete()
    UnitResult.objects.filter(contest=contest, round=of).delete()
    PageMark.objects.filter(contest=contest, round=of).delete()
    _count(contest, of, at)
    _mark_pages(contest, of)


def _add_up(contest: Contest, closed: list[int]) -> None:
    """Make the whole contest's standings anew from the closed rounds'."""
    sums = [f"sum(key{place})" for place in range(1, 5)]
    keys = [sums[0], "-count(*)", *sums[1:]] if contest.whole_order == WholeOrder.MORE_ROUNDS else [*sums, "0"]
    with connections[STORE].cursor() as cursor:
        cursor.execute("DELETE FROM results_conteststanding WHERE contest_id = %s", [contest.pk])
        cursor.execute(
            f"""
            INSERT INTO results_conteststanding (contest_id, entrant_id, rounds, submitted, all_correct, correct,
                                                 is_phone, key1, key2, key3, key4, key5)
            SELECT %s, entrant_id, count(*), sum(submitted), sum(all_correct), sum(correct), bool_or(is_phone),
                   {", ".join(keys)}
            FROM arena_standing WHERE round_id = ANY(%s) AND counted IS NOT NULL GROUP BY entrant_id
            """,  # noqa: S608 - texts of this function
            [contest.pk, closed],
        )


def _fix_age_bands(contest: Contest, closed: list[int]) -> None:
    """Keep the age band of everybody with a result in a closed round; whoever has one keeps it."""
    sql = f"""
        INSERT INTO results_ageband (contest_id, entrant_id, band)
        SELECT DISTINCT e.contest_id, e.id, {_AGE}
        FROM arena_standing s JOIN contests_entrant e ON e.id = s.entrant_id
        WHERE s.round_id = ANY(%(closed)s) AND s.counted IS NOT NULL
        ON CONFLICT (entrant_id) DO NOTHING
    """  # noqa: S608 - built from the texts above
    with connections[STORE].cursor() as cursor:
        cursor.execute(sql, {"closed": closed, "opened": _opened(contest)})


def _mark_pages(contest: Contest, of: Round | None) -> None:
    """Note where each page of the ranking begins."""
    keys, table, owner = ranking_of(of)
    filled = ", ".join(f"key{place}" if place <= len(keys) else "0" for place in range(1, 6))
    sql = f"""
        INSERT INTO results_pagemark (contest_id, round_id, before, key1, key2, key3, key4, key5, first)
        SELECT %s, %s, number - 1, {filled}, entrant_id
        FROM (SELECT *, row_number() OVER (ORDER BY {", ".join(keys)}, entrant_id) AS number
              FROM {table} WHERE {owner} = %s AND key1 IS NOT NULL) ranked
        WHERE number %% {PAGE} = 1
    """  # noqa: S608 - names of ours
    with connections[STORE].cursor() as cursor:
        cursor.execute(sql, [contest.pk, None if of is None else of.pk, contest.pk if of is None else of.pk])


def _count(contest: Contest, of: Round | None, at: datetime) -> None:
    source = _source(of)
    # Statements are put together from the texts of this module only.
    ranked_too = f"SELECT {_COUNTS}, count(*) FILTER (WHERE e.status = 'active') FROM {source}"  # noqa: S608
    [total] = _rows(ranked_too, contest, of)
    people, attempts, all_people, all_attempts, ranked = total
    parts = {
        name: _rows(f"SELECT {expression}, {_COUNTS} FROM {source} GROUP BY 1 ORDER BY 1", contest, of)  # noqa: S608
        for name, expression in _PARTS.items()
    }
    ResultTotals.objects.create(
        contest=contest,
        round=of,
        people=people,
        attempts=attempts,
        all_correct_people=all_people,
        all_correct_attempts=all_attempts,
        ranked=ranked,
        parts={name: [[row[0], *map(int, row[1:])] for row in rows] for name, rows in parts.items()},
        made_at=at,
    )
    _count_units(contest, of, source)


def _count_units(contest: Contest, of: Round | None, source: str) -> None:
    own_sql = f"""
        SELECT u.code, {_COUNTS}, coalesce(sum(s.correct), 0)
        FROM {source} JOIN contests_contestunit u ON u.id = e.unit_id
        WHERE e.status = 'active' GROUP BY u.code
    """  # noqa: S608 - built from the texts above
    own = {row[0]: UnitRow(row[0], *map(int, row[1:])) for row in _rows(own_sql, contest, of)}
    keys = dict(ContestUnit.objects.filter(contest=contest).values_list("code", "pk"))
    table = unit_table(own, units_of(contest), contest.unit_ranking)
    UnitResult.objects.bulk_create(
        (
            UnitResult(
                contest=contest,
                round=of,
                unit_id=keys[code],
                entrants=row.entrants,
                attempts=row.attempts,
                all_correct_people=row.all_correct_people,
                all_correct_attempts=row.all_correct_attempts,
                correct_sum=row.correct_sum,
                place=row.place,
            )
            for code, row in table.items()
        ),
        batch_size=2000,
    )


def _source(of: Round | None) -> str:
    """The standings with somebody's paper handed in, beside the entrant; `%(owner)s` is the round or the contest."""
    if of is None:
        rows = "results_conteststanding s JOIN contests_entrant e ON e.id = s.entrant_id AND s.contest_id = %(owner)s"
    else:
        rows = (
            "arena_standing s JOIN contests_entrant e "
            "ON e.id = s.entrant_id AND s.round_id = %(owner)s AND s.counted IS NOT NULL"
        )
    return rows


def _rows(sql: str, contest: Contest, of: Round | None) -> list[tuple[Any, ...]]:
    with connections[STORE].cursor() as cursor:
        cursor.execute(sql, {"owner": contest.pk if of is None else of.pk, "opened": _opened(contest)})
        return list(cursor.fetchall())


def _opened(contest: Contest) -> datetime | None:
    first = contest.rounds.filter(is_dry_run=False).order_by("opens_at").first()
    return first.opens_at if first else None


def contests_to_count(at: datetime) -> list[Contest]:
    """Return the contests with a round that has begun and is not closed yet."""
    begun = Round.objects.filter(is_dry_run=False, opens_at__lte=at, closed_at=None)
    live = Contest.objects.filter(rounds__in=begun, status__in=[ContestStatus.ANNOUNCED, ContestStatus.JUDGING])
    return list(live.distinct().order_by("pk"))
