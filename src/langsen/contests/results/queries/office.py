"""Contests and what is to be done about their results, as far as an officer may see them."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, Round
from langsen.contests.contests.rules import organisers_where
from langsen.contests.results.models import Appeal, PrizeAward
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotFound


def contests_with_results(user: User) -> QuerySet[Contest]:
    """Return the announced contests of the organisers where `user` may see contests, the newest first."""
    waiting = Count("appeals", filter=Q(appeals__status="open"), distinct=True)
    return _announced(user).annotate(open_appeals=waiting)


def contest_with_results(user: User, pk: int) -> Contest:
    """Return one of them.

    Raises:
        NotFound: there is none, or `user` may not see it.
    """
    found = _announced(user).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _announced(user: User) -> QuerySet[Contest]:
    organisers = organisers_where(user, Permission.CONTESTS_READ)
    rows = Contest.objects.filter(organiser_id__in=organisers).exclude(status=ContestStatus.DRAFT)
    return rows.prefetch_related("rounds").order_by("-id")


def decides(user: User, contest: Contest) -> bool:
    """Say whether `user` decides about the results of the contest."""
    return contest.organiser_id in organisers_where(user, Permission.CONTESTS_DECIDE)


def begun_rounds(contest: Contest, *, at: datetime) -> list[Round]:
    """Return the contest's real rounds that have begun, the first one first; reads the rounds (prefetch them)."""
    begun = [one for one in contest.rounds.all() if one.opens_at <= at and not one.is_dry_run]
    return sorted(begun, key=lambda one: one.number)


def round_of(rounds: Sequence[Round], asked: str) -> Round | None:
    """Return which of these begun rounds the address asks for; None is the whole contest, told once a round is closed.

    Raises:
        NotFound: there is no such round.
    """
    if asked:
        found = next((one for one in rounds if str(one.number) == asked), None)
        if found is None:
            raise NotFound
        return found
    if any(one.closed_at for one in rounds) or not rounds:
        return None
    return rounds[-1]


def awards_of(contest: Contest) -> QuerySet[PrizeAward]:
    """Return every prize proposed or decided, round by round, the contest's own last."""
    rows = PrizeAward.objects.filter(prize_rule__contest=contest)
    rows = rows.select_related("prize_rule", "round", "entrant__unit", "unit")
    return rows.order_by("round__number", "prize_rule__subject", "place", "pk")


def appeals_of(contest: Contest) -> QuerySet[Appeal]:
    """Return the appeals, those that wait first."""
    rows = Appeal.objects.filter(contest=contest).select_related("entrant")
    return rows.order_by("answered_at", "raised_at", "pk") if contest.pk else rows.none()
