"""Work of a job after a round has closed: item analysis and unusual signs. Nothing of it runs beside the arena."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from langsen.contests.contests.models import Contest, EntrantFlag, Round
from langsen.contests.quizzes.queries import keys_of
from langsen.contests.results.engine.items import analysed
from langsen.contests.results.engine.signs import Paper, Sign, signs_in
from langsen.contests.results.models import ItemFigure
from langsen.contests.stores import STORE

BUDGET_SECONDS = 120
MOST_PAPERS = 500_000
_LOOKED_BACK = timedelta(days=3)
_FIRST = """
    SELECT questions, answers FROM arena_attempt
    WHERE round_id = %s AND number = 1 AND submitted_at IS NOT NULL
"""
_PAPERS = """
    SELECT a.entrant_id, a.number, a.duration_ms, a.correct, a.questions, a.answers, a.device, a.is_phone, e.unit_id
    FROM arena_attempt a JOIN contests_entrant e ON e.id = a.entrant_id
    WHERE a.round_id = %s AND a.submitted_at IS NOT NULL ORDER BY a.entrant_id, a.number LIMIT %s
"""


def analyse_items(of: Round) -> int:
    """Reckon the item analysis of a closed round anew; return how many questions it has."""
    keys = keys_of(of)

    def marks() -> Iterator[tuple[list[int], list[bool]]]:
        for questions, answers in _streamed(_FIRST, [of.pk]):
            pairs = zip(questions, answers, strict=True)
            yield questions, [keys[number].void or keys[number].mask == mask for number, mask in pairs]

    paper = analysed(marks())
    at = timezone.now()
    rows = [
        ItemFigure(
            round=of,
            question_number=number,
            made_at=at,
            values={
                "attempts": item.attempts,
                "facility": item.facility,
                "deviation": item.deviation,
                "discrimination": item.discrimination,
                "efficiency": item.efficiency,
                "weight": item.weight,
                "consistency": paper.consistency,
            },
        )
        for number, item in paper.items.items()
    ]
    with transaction.atomic(using=STORE):
        ItemFigure.objects.filter(round=of).delete()
        ItemFigure.objects.bulk_create(rows)
    return len(rows)


def analyse_due_items() -> int:
    """Reckon the item analysis of closed rounds that have none; return how many rounds."""
    due = Round.objects.exclude(closed_at=None).filter(item_figures=None, is_dry_run=False).order_by("closed_at", "pk")
    return sum(1 for of in due if analyse_items(of))


def look_for_signs(at: datetime | None = None, *, budget: float = BUDGET_SECONDS) -> int:
    """Look through the rounds closed lately, within a budget of seconds; return how many signs are new.

    Switched off for a contest, or everywhere by the setting, it stops before the next round.
    """
    at = at or timezone.now()
    ends = time.monotonic() + budget
    count = 0
    rounds = Round.objects.filter(closed_at__gte=at - _LOOKED_BACK, is_dry_run=False).order_by("closed_at", "pk")
    for of in rounds.select_related("contest"):
        watched = Contest.objects.filter(pk=of.contest_id, watches_signals=True).exists()
        if time.monotonic() > ends or not getattr(settings, "CONTEST_SIGNALS", True):
            break
        if watched:
            count += flag_signs(of, ends=ends)
    return count


def flag_signs(of: Round, *, ends: float | None = None) -> int:
    """Describe the unusual signs of one round as flags for a person; the same sign is raised once."""
    signs = signs_in(_papers(of, ends))
    before = EntrantFlag.objects.filter(entrant__contest=of.contest_id).count()
    with translation.override(settings.LANGUAGE_CODE):
        rows = [
            EntrantFlag(
                entrant_id=one.entrant, kind=one.kind, key=f"{of.pk} {one.key}"[:80], about=words_of(one, of)[:300]
            )
            for one in signs
        ]
    EntrantFlag.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
    return EntrantFlag.objects.filter(entrant__contest=of.contest_id).count() - before


def words_of(sign: Sign, of: Round) -> str:
    """Say what was seen, without a judgement."""
    facts: dict[str, object] = {**sign.facts, "round": of.title}
    if sign.kind == "too_fast":
        return _("%(round)s: %(correct)s of %(questions)s right in %(seconds)s seconds.") % facts
    if sign.kind == "same_wrong":
        return _("%(round)s: the same %(answers)s rare wrong answers as %(others)s others.") % facts
    if sign.facts["same_unit"] == sign.facts["accounts"] and not sign.facts["phone"]:
        return _("%(round)s: %(accounts)s accounts of one unit on one computer, as in a shared computer room.") % facts
    return _("%(round)s: %(accounts)s accounts on one device, %(same_unit)s of them of one unit.") % facts


def _papers(of: Round, ends: float | None) -> Iterator[Paper]:
    keys = keys_of(of)
    for count, row in enumerate(_streamed(_PAPERS, [of.pk, MOST_PAPERS])):
        entrant, number, duration, correct, questions, answers, device, is_phone, unit = row
        if count % 5000 == 0 and ends is not None and time.monotonic() > ends:
            return
        wrong = tuple(
            (question, mask) for question, mask in zip(questions, answers, strict=True)
            if mask and mask != keys[question].mask and not keys[question].void
        )  # fmt: skip
        yield Paper(entrant, number, duration, correct, questions, wrong, device, is_phone, unit)


def _streamed(sql: str, values: list[Any]) -> Iterator[tuple[Any, ...]]:
    with transaction.atomic(using=STORE), closing(connections[STORE].chunked_cursor()) as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(5000):
            yield from rows
