"""A key was wrong: what changes is shown first, then everything of the round is graded again, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.contests.arena.models import Standing
from langsen.contests.arena.statements import keys_column
from langsen.contests.contests.enums import ContestStatus, Counting, RankingKey
from langsen.contests.contests.models import Contest, Round
from langsen.contests.contests.rules import require_in
from langsen.contests.quizzes.models import RoundQuestion
from langsen.contests.quizzes.queries import keys_of
from langsen.contests.results.models import ItemFigure, PrizeAward, Regrading
from langsen.contests.results.services.closing import measure_predictions, truth_of
from langsen.contests.results.services.prizes import lock_contest, propose_now
from langsen.contests.results.services.summaries import refresh_summaries
from langsen.contests.stores import STORE
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.periods import today
from langsen.foundation.core.states import transition

Change = tuple[str, int, int]
"""Public number, right answers before and after."""

_KEY_COLUMNS = {
    RankingKey.SCORE.value: "-correct",
    RankingKey.PREDICTION.value: "0",
    RankingKey.DURATION.value: "duration_ms",
    RankingKey.MOMENT.value: "(extract(epoch FROM submitted_at) * 1000)::bigint",
}
_COUNTED_FIRST = {
    Counting.BEST.value: "key1, key2, key3, key4, submitted_at, id",
    Counting.FIRST.value: "submitted_at, id",
    Counting.LAST.value: "submitted_at DESC, id DESC",
}
_GRADE = """
    UPDATE arena_attempt a SET correct = g.correct
    FROM (
        SELECT b.id, (
            SELECT count(*) FROM unnest(b.questions, b.answers) AS u (question, mask)
            WHERE (%(keys)s::smallint[])[u.question] IN (u.mask, -1)
        )::smallint AS correct
        FROM arena_attempt b WHERE b.round_id = %(round)s AND b.submitted_at IS NOT NULL
    ) g
    WHERE a.round_id = %(round)s AND a.id = g.id AND a.correct IS DISTINCT FROM g.correct
"""


@dataclass(frozen=True)
class NewKey:
    """What question `number` of a round is to count as from now on; `void`: right for everybody."""

    number: int
    mask: int
    void: bool = False


@dataclass(frozen=True)
class Effect:
    """What a regrading changes: counted results before and after, and how many papers are all-correct."""

    changes: Sequence[Change]
    all_correct_before: int
    all_correct_after: int


class _Undone(Exception):
    """Takes the preview's changes back."""


def regrading_preview(of: Round, new: NewKey, *, by: User) -> Effect:
    """Return what the new key would change; nothing is changed.

    Raises:
        BadInput: no such question, or the key is the one in force.
    """
    require_in(by, Permission.CONTESTS_DECIDE, of.contest)
    effect = None
    try:
        with transaction.atomic(using=STORE):
            effect = _regrade(of, new)
            raise _Undone
    except _Undone:
        pass
    if effect is None:
        raise AssertionError("a preview always comes to its end")
    return effect


@transaction.atomic(using=STORE)
def regrade(of: Round, new: NewKey, *, reason: str, by: User) -> Regrading:
    """Grade a closed round again with another key; the notice, its reason and the list of changes are public.

    A contest whose results were published goes back to the jury.

    Raises:
        BadInput: no reason, no such question, or the key is the one in force.
        Conflict: the round is not closed.
    """
    contest = of.contest
    require_in(by, Permission.CONTESTS_DECIDE, contest)
    if not reason.strip():
        raise BadInput(_("Write the reason; it is published."), fields={"reason": _("Write the reason.")})
    lock_contest(contest)
    before = _question(of, new)
    effect = _regrade(of, new)
    made = Regrading.objects.create(
        round=of,
        question_number=new.number,
        key_before=before.key,
        key_after=before.key if new.void else new.mask,
        voids=new.void,
        reason=reason.strip()[:500],
        effect=[list(one) for one in effect.changes],
        appeal_until=today() + timedelta(days=contest.appeal_days),
        regraded_by_id=by.pk,
        regraded_by_name=by.audit_name[:200],
    )
    ItemFigure.objects.filter(round=of).delete()  # the job reckons them anew
    _back_to_jury(contest)
    record("contest_round.regraded", of, by=by, data={"question": new.number, "changed": len(effect.changes)})
    return made


def _back_to_jury(contest: Contest) -> None:
    fresh = Contest.objects.get(pk=contest.pk)
    if fresh.status == ContestStatus.PUBLISHED:
        transition(fresh, ContestStatus.JUDGING)
        contest.status = fresh.status
    refresh_summaries(contest, at=timezone.now())
    if PrizeAward.objects.filter(prize_rule__contest=contest).exists():
        propose_now(contest)


def _question(of: Round, new: NewKey) -> RoundQuestion:
    row = RoundQuestion.objects.filter(round=of, number=new.number).select_related("version").first()
    if row is None:
        raise BadInput(_("There is no question %(number)s in this round.") % {"number": new.number})
    if not new.void and not 0 < new.mask < 1 << len(row.version.options):
        raise BadInput(_("Mark the right answers of the question."))
    return row


def _regrade(of: Round, new: NewKey) -> Effect:
    locked = Round.objects.select_for_update().get(pk=of.pk)
    if locked.closed_at is None:
        raise Conflict(_("The round is not closed yet. Questions are regraded after the close, for everybody at once."))
    row = _question(of, new)
    if row.is_void == new.void and (new.void or row.key == new.mask):
        raise BadInput(_("This is the key that counts already."))
    row.key = row.key if new.void else new.mask
    row.is_void = new.void
    row.save(update_fields=["key", "is_void"])
    before = _results(of)
    _grade(of)
    after = _results(of)
    locked.truth = truth_of(locked)
    locked.save(update_fields=["truth"])
    measure_predictions(locked)
    changes = [
        (f"TS-{number:06d}", before[number][0], correct)
        for number, (correct, _all) in sorted(after.items())
        if before[number][0] != correct
    ]
    return Effect(changes, sum(a for _c, a in before.values()), sum(a for _c, a in after.values()))


def _results(of: Round) -> dict[int, tuple[int, int]]:
    rows = Standing.objects.filter(round=of).exclude(counted=None)
    found = rows.values_list("entrant__number", "correct", "all_correct")
    return {number: (correct or 0, count) for number, correct, count in found}


def _grade(of: Round) -> None:
    """Grade every paper of the round and find anew which one counts; both set-based."""
    contest = of.contest
    keys = {number: (key.mask, key.void) for number, key in keys_of(of).items()}
    ranked = [*(_KEY_COLUMNS[key] for key in contest.ranking), *["0"] * 4][:4]
    columns = ", ".join(f"{key} AS key{place}" for place, key in enumerate(ranked, start=1))
    stand = f"""
        UPDATE arena_standing s
        SET counted = c.id, correct = c.correct, duration_ms = c.duration_ms, submitted_at = c.submitted_at,
            is_phone = c.is_phone, key1 = c.key1, key2 = c.key2, key3 = c.key3, key4 = c.key4,
            all_correct = c.all_correct, first_all_correct_at = c.first_all_correct_at
        FROM (
            SELECT DISTINCT ON (entrant_id) * FROM (
                SELECT *, {columns},
                    count(*) FILTER (WHERE correct = cardinality(questions)) OVER mine AS all_correct,
                    min(submitted_at) FILTER (WHERE correct = cardinality(questions)) OVER mine AS first_all_correct_at
                FROM arena_attempt WHERE round_id = %(round)s AND submitted_at IS NOT NULL
                WINDOW mine AS (PARTITION BY entrant_id)
            ) handed_in
            ORDER BY entrant_id, {_COUNTED_FIRST[contest.counting]}
        ) c
        WHERE s.round_id = %(round)s AND s.entrant_id = c.entrant_id
    """  # noqa: S608 - built from the texts above
    with connections[STORE].cursor() as cursor:
        cursor.execute(_GRADE, {"round": of.pk, "keys": keys_column(keys)})
        cursor.execute(stand, {"round": of.pk})
