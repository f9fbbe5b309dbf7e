"""The contests an officer may see, as the lists of the office show them."""

from django.db.models import QuerySet

from langsen.contests.contests.enums import Stage
from langsen.contests.contests.models import Contest
from langsen.contests.contests.queries.entrants import office_contest as contest_for
from langsen.contests.contests.rules import organisers_where
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.core.text import fold

__all__ = ["contest_for", "contests_for", "contests_like"]


def contests_for(user: User) -> QuerySet[Contest]:
    """Return the contests of the user's organisers, the newest first."""
    ids = organisers_where(user, Permission.CONTESTS_READ)
    return Contest.objects.filter(organiser_id__in=ids).prefetch_related("rounds").order_by("-id")


def contests_like(user: User, *, text: str = "", stage: str = "") -> list[Contest]:
    """Narrow to contests with every word in title or organiser, accents or not, and at a stage at this moment."""
    words = fold(text).split()
    found = []
    for contest in contests_for(user):
        folded = fold(f"{contest.title} {contest.organiser_name}")
        if all(word in folded for word in words) and (not stage or contest.stage() == Stage(stage)):
            found.append(contest)
    return found
