"""Contests and what is to be done about their results, as far as an officer may see them."""

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
    organisers = organisers_where(user, Permission.CONTESTS_READ)
    rows = Contest.objects.filter(organiser_id__in=organisers).exclude(status=ContestStatus.DRAFT)
    waiting = Count("appeals", filter=Q(appeals__status="open"), distinct=True)
    return rows.annotate(open_appeals=waiting).prefetch_related("rounds").order_by("-id")


def contest_with_results(user: User, pk: int) -> Contest:
    """Return one of them.

    Raises:
        NotFound: there is none, or `user` may not see it.
    """
    found = contests_with_results(user).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def decides(user: User, contest: Contest) -> bool:
    """Say whether `user` decides about the results of the contest."""
    return contest.organiser_id in organisers_where(user, Permission.CONTESTS_DECIDE)


def begun_rounds(contest: Contest, *, at: datetime) -> list[Round]:
    """Return the contest's real rounds that have begun, the first one first."""
    return list(contest.rounds.filter(is_dry_run=False, opens_at__lte=at).order_by("number"))


def round_of(contest: Contest, asked: str, *, at: datetime) -> Round | None:
    """Return the begun round the address asks for; None is the whole contest, told once a round is closed.

    Raises:
        NotFound: there is no such round, or it has not begun.
    """
    rounds = begun_rounds(contest, at=at)
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
