"""Copying the counts of contests up from their own store, a contest at a time and never half."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from langsen.contests.contests.models import Contest
from langsen.contests.tallies.models import ContestTally, DayTally, PrizeTally
from langsen.contests.tallies.queries import day_counts, opened_contests, prize_counts, unsettled_contests
from langsen.foundation.orgs.models import OrgUnit


def copy_tallies(contest_id: int | None = None, *, at: datetime | None = None, every: bool = False) -> int:
    """Bring the figures' copy of contests up to date; return how many were copied.

    Without `contest_id` those whose counts may have changed, or `every` one that has opened. What was cancelled, or is
    written anew, leaves the figures. Copying again changes nothing but the moment it says.
    """
    at = at or timezone.now()
    opened = opened_contests(at)
    if contest_id is not None:
        chosen = opened.filter(pk=contest_id)
        if not chosen.exists():
            ContestTally.objects.filter(contest_id=contest_id).delete()
    else:
        chosen = opened if every else unsettled_contests(at)
        ContestTally.objects.exclude(contest_id__in=list(opened.values_list("pk", flat=True))).delete()
    return sum(_copy(contest, at) for contest in chosen)


@transaction.atomic
def _copy(contest: Contest, at: datetime) -> bool:
    """Replace a contest's rows; False when its organiser is not in these registers.

    The tally's row is locked before anything is counted: of two copyings at once the later one counts later.
    """
    organiser = OrgUnit.objects.filter(pk=contest.organiser_id).first()
    if organiser is None:
        return False
    facts = {
        "org_unit": organiser,
        "kind": contest.kind,
        "title": contest.title,
        "opened_on": timezone.localdate(contest.opened_at),  # type: ignore[attr-defined]
        "copied_at": at,
    }
    tally, _made = ContestTally.objects.update_or_create(contest_id=contest.pk, defaults=facts)
    days, prizes = list(day_counts(contest.pk)), list(prize_counts(contest.pk))
    tally.days.all().delete()
    tally.prizes.all().delete()
    DayTally.objects.bulk_create(DayTally(tally=tally, org_unit=organiser, **vars(count)) for count in days)
    PrizeTally.objects.bulk_create(PrizeTally(tally=tally, org_unit=organiser, **vars(count)) for count in prizes)
    return True
