"""What everybody may read of contests without signing in."""

from datetime import datetime
from functools import reduce
from operator import and_

from django.db import connections
from django.db.models import Q, QuerySet

from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.kept import kept_for
from langsen.contests.contests.models import Contest, ContestUnit, Round
from langsen.contests.stores import STORE
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import clean, fold

UNITS_SHOWN = 12
_NUMBER = """
    SELECT c.id, coalesce(v.number, 0) FROM contests_contest c LEFT JOIN contests_pageversion v ON v.contest_id = c.id
    WHERE c.slug = %s AND c.status <> %s
"""
_LONGEST_SEARCH = 100


def public_contests() -> QuerySet[Contest]:
    """The contests whose rules were announced, the newest first."""
    return Contest.objects.exclude(status=ContestStatus.DRAFT).prefetch_related("rounds").order_by("-frozen_at", "-id")


def public_contest(slug: str) -> Contest:
    """The announced contest at this address.

    Raises:
        NotFound: none, or its rules are still being written; the two look the same.
    """
    found = public_contests().select_related("page_version").filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found


def told_contest(slug: str) -> Contest:
    """The same for pages that only tell: kept by this process with its rounds until what its pages tell changes.

    It is shared by visitors and must not be changed or saved.

    Raises:
        NotFound: as above.
    """
    with connections[STORE].cursor() as cursor:
        cursor.execute(_NUMBER, [slug, ContestStatus.DRAFT])
        found = cursor.fetchone()
    if found is None:
        raise NotFound
    contest_id, number = found
    return kept_for(contest_id, number, ("contest",), lambda: public_contest(slug))


def is_open_for_sign_up(contest: Contest, at: datetime) -> bool:
    """Say whether people may sign up at `at`: from the announcement until the last round closes."""
    if contest.status != ContestStatus.ANNOUNCED:
        return False
    last = max((one.closes_at for one in contest.rounds.all()), default=None)
    return last is None or at < last


def units_like(contest: Contest, typed: str) -> list[ContestUnit]:
    """The contest's living units with every typed word in their path, accents or not; a few, by name."""
    words = fold(clean(typed)[:_LONGEST_SEARCH]).replace(",", " ").split()
    if not words:
        return []
    fits = reduce(and_, (Q(folded__contains=word) for word in words))
    living = contest.units.filter(Q(ended_on=None) | Q(ended_on__gte=today()))
    return list(living.filter(fits).order_by("sort_key", "id")[: UNITS_SHOWN + 1])


def current_round(contest: Contest, at: datetime) -> Round | None:
    """The real round that is open at `at`, else a dry run that is."""
    open_now = [one for one in contest.rounds.all() if one.opens_at <= at < one.closes_at]
    return min(open_now, key=lambda one: (one.is_dry_run, one.number), default=None)


def next_round(contest: Contest, at: datetime) -> Round | None:
    """The next real round to open after `at`."""
    coming = [one for one in contest.rounds.all() if one.opens_at > at and not one.is_dry_run]
    return min(coming, key=lambda one: one.opens_at, default=None)
