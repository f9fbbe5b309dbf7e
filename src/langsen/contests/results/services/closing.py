"""The closing work of a round: what was to be predicted is counted, and predictions are measured against it."""

from datetime import datetime

from django.db import connections, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.contests.arena.models import Attempt
from langsen.contests.contests.enums import ContestStatus, Prediction, RankingKey
from langsen.contests.contests.models import Contest, Entrant, Round
from langsen.contests.results.engine.facts import NO_PREDICTION
from langsen.contests.results.rules import key_column, settles_at
from langsen.contests.results.services.summaries import refresh_summaries
from langsen.contests.stores import STORE
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import Conflict


def rounds_to_close(at: datetime) -> list[Round]:
    """Return the rounds whose papers are all over by the clock and whose closing work is not done, oldest first."""
    waiting = Round.objects.filter(closed_at=None, is_dry_run=False, closes_at__lte=at)
    waiting = waiting.exclude(contest__status__in=[ContestStatus.DRAFT, ContestStatus.CANCELLED])
    return [one for one in waiting.select_related("contest").order_by("closes_at", "pk") if not why_open(one, at)]


def why_open(of: Round, at: datetime) -> str:
    """Say why a round cannot be closed yet at `at`; empty when it can."""
    longest = Entrant.objects.filter(contest=of.contest_id).aggregate(longest=Max("extra_seconds"))["longest"] or 0
    if at < settles_at(of, longest):
        return _("Papers begun before the close may still be answered until %(moment)s.") % {
            "moment": timezone.localtime(settles_at(of, longest)).strftime("%H:%M %d/%m/%Y")
        }
    still = Attempt.objects.filter(round=of, submitted_at=None).count()
    if still:
        return _("%(count)s papers are still being handed in by the clock.") % {"count": still}
    return ""


@transaction.atomic(using=STORE)
def close_round(of: Round, *, at: datetime | None = None) -> bool:
    """Do the closing work of a round once; False when it was done already, by whomever.

    The round's row is locked, so of two workers at once the second finds the work done.

    Raises:
        Conflict: papers may still be answered, or are not handed in yet.
    """
    at = at or timezone.now()
    locked = Round.objects.select_for_update().select_related(None).get(pk=of.pk)
    if locked.closed_at is not None:
        return False
    if reason := why_open(of, at):
        raise Conflict(reason)
    locked.truth = truth_of(of)
    locked.closed_at = at
    locked.save(update_fields=["truth", "closed_at"])
    measure_predictions(locked)
    of.truth, of.closed_at = locked.truth, at
    refresh_summaries(of.contest, at=at)
    record("contest_round.closed", locked, by=system_user(), data={"truth": locked.truth})
    return True


def close_due_rounds(at: datetime | None = None) -> int:
    """Close every round that is due; return how many were closed now."""
    at = at or timezone.now()
    return sum(close_round(one, at=at) for one in rounds_to_close(at))


def truth_of(of: Round) -> int | None:
    """Count what was to be predicted, over everything handed in; None when nothing was."""
    counted = {
        Prediction.PEOPLE_ALL_CORRECT: "count(*) FILTER (WHERE all_correct > 0)",
        Prediction.ATTEMPTS: "coalesce(sum(submitted), 0)",
    }
    expression = counted.get(Prediction(of.contest.prediction))
    if expression is None:
        return None
    with connections[STORE].cursor() as cursor:
        cursor.execute(f"SELECT {expression} FROM arena_standing WHERE round_id = %s", [of.pk])  # noqa: S608
        return int(cursor.fetchone()[0])


def measure_predictions(of: Round) -> None:
    """Write every standing's distance from the truth into the key that stands for the prediction, in one UPDATE."""
    contest = Contest.objects.get(pk=of.contest_id)
    column = key_column(contest, RankingKey.PREDICTION)
    if column is None or of.truth is None:
        return
    sql = f"""
        UPDATE arena_standing SET {column} = coalesce(least(abs(prediction - %s), %s), %s)
        WHERE round_id = %s AND counted IS NOT NULL
    """  # noqa: S608 - the column is key1..key4
    with connections[STORE].cursor() as cursor:
        cursor.execute(sql, [of.truth, NO_PREDICTION, NO_PREDICTION, of.pk])
