"""How rounds stand, for the organising board: sums over the standings, never over the attempts."""

from collections.abc import Mapping

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from langsen.contests.arena.models import Standing
from langsen.contests.contests.hooks import RoundCounts
from langsen.contests.contests.models import Contest


def round_counts(contest: Contest) -> Mapping[int, RoundCounts]:
    """Return the counts of every round in which somebody started, by the round's id."""
    ids = list(contest.rounds.values_list("pk", flat=True))
    rows = (
        Standing.objects.filter(round_id__in=ids)
        .order_by()
        .values_list("round_id")
        .annotate(
            people=Count("entrant_id", filter=Q(used__gt=0)),
            started=Coalesce(Sum("used"), 0),
            handed=Count("entrant_id", filter=Q(submitted__gt=0)),
            papers=Coalesce(Sum("submitted"), 0),
        )
    )
    return {pk: RoundCounts(people, started, handed, papers) for pk, people, started, handed, papers in rows}
