"""Writing the bundle of a contest: its closed rounds as plain files, streamed from the store."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connections, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from langsen.contests.contests.models import Contest, ContestUnit, Entrant, Round
from langsen.contests.quizzes.drawing import Pool
from langsen.contests.quizzes.models import RoundQuestion
from langsen.contests.quizzes.queries import pool_of
from langsen.contests.results.engine.bundle import BundleWriter
from langsen.contests.results.engine.facts import WHOLE, UnitFacts
from langsen.contests.results.engine.manifest import Declared, RoundDeclared, manifest_of
from langsen.contests.results.engine.parts import DEVICES, PARTS, PHONE, told
from langsen.contests.results.engine.units import UnitRow
from langsen.contests.results.engine.verify_prizes import public_number
from langsen.contests.results.engine.verify_tables import unit_cells
from langsen.contests.results.models import Draw, PrizeAward, Regrading, ResultTotals, UnitResult
from langsen.contests.results.rules import parts_in, prize_facts, published_name, rules_of, units_of
from langsen.contests.stores import STORE
from langsen.foundation.core.errors import BadInput

_ATTEMPTS = """
    SELECT e.number, a.number, a.id::text, a.seed, a.questions, a.answers,
           (extract(epoch FROM a.started_at) * 1000)::bigint, (extract(epoch FROM a.deadline_at) * 1000)::bigint,
           (extract(epoch FROM a.submitted_at) * 1000)::bigint, a.by_clock, a.duration_ms, a.correct, a.is_phone
    FROM arena_attempt a JOIN contests_entrant e ON e.id = a.entrant_id
    WHERE a.round_id = %s ORDER BY e.number, a.number, a.id
"""
_STANDINGS = """
    SELECT e.number, s.used, s.submitted, s.all_correct, s.counted::text, s.correct, s.duration_ms,
           (extract(epoch FROM s.submitted_at) * 1000)::bigint, s.is_phone, s.prediction,
           s.key1, s.key2, s.key3, s.key4, r.place
    FROM arena_standing s JOIN contests_entrant e ON e.id = s.entrant_id
    LEFT JOIN (
        SELECT t.entrant_id, rank() OVER (ORDER BY t.key1, t.key2, t.key3, t.key4) AS place
        FROM arena_standing t JOIN contests_entrant f ON f.id = t.entrant_id
        WHERE t.round_id = %s AND t.counted IS NOT NULL AND f.status = 'active'
    ) r ON r.entrant_id = s.entrant_id
    WHERE s.round_id = %s ORDER BY e.number
"""
_WHOLE = """
    SELECT e.number, s.rounds, s.submitted, s.all_correct, s.correct, s.key1, s.key2, s.key3, s.key4, s.key5, r.place
    FROM results_conteststanding s JOIN contests_entrant e ON e.id = s.entrant_id
    LEFT JOIN (
        SELECT t.entrant_id, rank() OVER (ORDER BY t.key1, t.key2, t.key3, t.key4, t.key5) AS place
        FROM results_conteststanding t JOIN contests_entrant f ON f.id = t.entrant_id
        WHERE t.contest_id = %s AND f.status = 'active'
    ) r ON r.entrant_id = s.entrant_id
    WHERE s.contest_id = %s ORDER BY e.number
"""


def write_bundle(contest: Contest, path: Path) -> None:
    """Write the bundle of the contest's closed rounds to `path`; everything in it is of one moment.

    Raises:
        BadInput: no round is closed yet.
    """
    connection = connections[STORE]
    is_first = not connection.in_atomic_block
    with transaction.atomic(using=STORE):
        if is_first:  # what is read in several statements is of one moment
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        rounds = list(contest.rounds.filter(is_dry_run=False).exclude(closed_at=None).order_by("number"))
        if not rounds:
            raise BadInput(_("No round is closed yet, so there is nothing to publish."))
        _write(contest, rounds, BundleWriter(path))


def _write(contest: Contest, rounds: Sequence[Round], out: BundleWriter) -> None:
    _table(out, "questions.csv", _questions(rounds))
    _table(out, "units.csv", _units(contest))
    _table(out, "entrants.csv", _entrants(contest))
    _table(out, "attempts.csv", _attempts(rounds))
    _table(out, "standings.csv", _standings(rounds))
    _table(out, "contest_standings.csv", _streamed(_WHOLE, [contest.pk, contest.pk]))
    _table(out, "unit_tables.csv", _unit_tables(contest, rounds))
    _table(out, "totals.csv", _totals(contest, rounds))
    _table(out, "parts.csv", _parts(contest, rounds))
    _table(out, "prizes.csv", _prizes(contest))
    _table(out, "regradings.csv", _regradings(rounds))
    draws = Draw.objects.filter(contest=contest).select_related("round", "prize_rule").order_by("pk")
    out.draws([_draw(one) for one in draws])
    amounts = list(contest.prize_rules.order_by("pk").values_list("amount", flat=True))
    out.finish(manifest_of(_declared(contest, rounds), amounts))


def _table(out: BundleWriter, name: str, rows: Iterator[Sequence[object]]) -> None:
    with out.table(name) as add:
        for row in rows:
            add(row)


def _declared(contest: Contest, rounds: Sequence[Round]) -> Declared:
    said = {
        "slug": contest.slug,
        "title": contest.title,
        "organiser": contest.organiser_name,
        "names": "in part" if contest.masks_names else "in full",
    }
    declared = {of.number: _round(of) for of in rounds}
    return Declared(said, rules_of(contest), declared, tuple(prize_facts(contest)), _given(contest))


def _given(contest: Contest) -> tuple[int, ...]:
    """The rounds up to the last one with prizes, and 0 when the whole contest's were proposed."""
    awards = PrizeAward.objects.filter(prize_rule__contest=contest)
    last = awards.aggregate(last=Max("round__number"))["last"] or 0
    rounds = contest.rounds.filter(is_dry_run=False, number__lte=last).exclude(closed_at=None)
    numbers = rounds.order_by("number").values_list("number", flat=True)
    return (*numbers, *([WHOLE] if awards.filter(round=None).exists() else []))


def _round(of: Round) -> RoundDeclared:
    pool = pool_of(of)
    shown = Pool(pool.groups, {}, pool.shuffles_questions, pool.shuffles_options)
    return RoundDeclared(of.number, of.title, _ms(of.opens_at), _ms(of.closes_at), of.truth, shown)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _questions(rounds: Sequence[Round]) -> Iterator[Sequence[object]]:
    for of in rounds:
        for row in RoundQuestion.objects.filter(round=of).select_related("version").order_by("number"):
            options = json.dumps([option["text"] for option in row.version.options], ensure_ascii=False)
            facts = (row.group, row.version.kind, row.key, int(row.is_void), options, row.version.text)
            yield of.number, row.number, *facts


def _units(contest: Contest) -> Iterator[Sequence[object]]:
    rows = ContestUnit.objects.filter(contest=contest).select_related("parent", "compared").order_by("code")
    for row in rows.iterator(2000):
        above = (row.parent.code if row.parent else "", row.compared.code if row.compared else "")
        yield row.code, row.name, row.path, row.kind, *above, row.head_count, row.head_count_on


def _entrants(contest: Contest) -> Iterator[Sequence[object]]:
    rows = Entrant.objects.filter(contest=contest).select_related("unit").order_by("number")
    for row in rows.iterator(2000):
        unit = row.unit.code if row.unit else ""
        yield row.number, published_name(row, contest), unit, row.status, row.extra_seconds


def _attempts(rounds: Sequence[Round]) -> Iterator[Sequence[object]]:
    for of in rounds:
        for row in _streamed(_ATTEMPTS, [of.pk]):
            entrant, number, ident, seed, questions, answers, *times, by_clock, duration, correct, phone = row
            lists = (" ".join(map(str, questions)), " ".join(map(str, answers)))
            yield of.number, entrant, number, ident, seed, *lists, *times, int(by_clock), duration, correct, int(phone)


def _standings(rounds: Sequence[Round]) -> Iterator[Sequence[object]]:
    for of in rounds:
        for row in _streamed(_STANDINGS, [of.pk, of.pk]):
            yield of.number, *row[:8], int(row[8]), *row[9:]


def _unit_tables(contest: Contest, rounds: Sequence[Round]) -> Iterator[Sequence[object]]:
    units = units_of(contest)
    for of in [None, *rounds]:
        rows = UnitResult.objects.filter(contest=contest, round=of).select_related("unit").order_by("unit__code")
        for row in rows.iterator(2000):
            yield of.number if of else WHOLE, row.unit.code, *unit_cells(unit_row(row, units), contest.unit_ranking)


def unit_row(row: UnitResult, units: dict[str, UnitFacts]) -> UnitRow:
    """Return a stored line of a unit table as the engine knows it."""
    counts = (row.entrants, row.attempts, row.all_correct_people, row.all_correct_attempts, row.correct_sum)
    return UnitRow(row.unit.code, *counts, head_count=units[row.unit.code].head_count, place=row.place)


def _totals(contest: Contest, rounds: Sequence[Round]) -> Iterator[Sequence[object]]:
    for of in [None, *rounds]:
        row = ResultTotals.objects.get(contest=contest, round=of)
        phones = sum(one.people for one in parts_in(row, DEVICES) if one.labels == (PHONE,))
        counts = (row.people, row.attempts, row.all_correct_people, row.all_correct_attempts, phones)
        yield of.number if of else WHOLE, *counts


def _parts(contest: Contest, rounds: Sequence[Round]) -> Iterator[Sequence[object]]:
    for of in [None, *rounds]:
        row = ResultTotals.objects.get(contest=contest, round=of)
        for name in PARTS:
            for one in told(parts_in(row, name)):
                groups = json.dumps(list(one.labels), ensure_ascii=False)
                yield of.number if of else WHOLE, name, groups, *one.counts


def _prizes(contest: Contest) -> Iterator[Sequence[object]]:
    rows = PrizeAward.objects.filter(prize_rule__contest=contest)
    rows = rows.select_related("prize_rule", "round", "entrant", "unit")
    for row in rows.order_by("round__number", "prize_rule__subject", "place", "pk"):
        winner = public_number(row.entrant.number) if row.entrant else row.unit.code if row.unit else ""
        rule = row.prize_rule
        number = row.round.number if row.round else WHOLE
        said = (row.status, row.grounds, row.decided_reason, row.decided_on)
        yield rule.subject, rule.rank, number, row.place, winner, *said


def _regradings(rounds: Sequence[Round]) -> Iterator[Sequence[object]]:
    for row in Regrading.objects.filter(round__in=rounds).select_related("round").order_by("regraded_at", "pk"):
        keys = (row.round.number, row.question_number, row.key_before, row.key_after, int(row.voids))
        yield *keys, row.reason, row.regraded_at.isoformat(), row.appeal_until


def _draw(row: Draw) -> dict[str, Any]:
    return {
        "title": row.title,
        "subject": row.prize_rule.subject if row.prize_rule else "person",
        "round": row.round.number if row.round else WHOLE,
        "rank": row.prize_rule.rank if row.prize_rule else "",
        "places": row.places,
        "listed": row.listed,
        "list_digest": row.list_digest,
        "sources": row.sources,
        "announced_at": row.announced_at.isoformat(),
        "numbers": row.numbers,
        "transcript": row.transcript,
        "drawn_at": row.drawn_at.isoformat() if row.drawn_at else None,
    }


def _streamed(sql: str, values: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield rows from a cursor that lives on the server, some thousand at a time."""
    with closing(connections[STORE].chunked_cursor()) as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(5000):
            yield from rows
