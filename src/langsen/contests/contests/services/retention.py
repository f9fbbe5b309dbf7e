"""Personal details end when the rules say so; results keep the public number."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.keeping import kept_until
from langsen.contests.contests.models import BarredPerson, Contest
from langsen.contests.contests.rules import require_in
from langsen.contests.contests.services.entrants import redact
from langsen.contests.stores import STORE
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import Conflict
from langsen.foundation.core.text import day_text

_AT_ONCE = 2000


def forget_entrants(contest: Contest, *, at: datetime, by: User | None = None) -> int:
    """Delete the personal details of a contest whose time is over; return of how many people.

    Done in portions, each a transaction of its own, so that it may be stopped and run again. Without `by` it is the
    system's own work.

    Raises:
        Conflict: it is not yet time.
    """
    actor = by or system_user()
    require_in(actor, Permission.CONTESTS_ORGANISE, contest)
    ends = kept_until(contest)
    if ends is None or at < ends:
        raise Conflict(
            _("Personal details are kept until %(day)s.") % {"day": day_text(ends)}
            if ends
            else _("The contest is not over yet.")
        )
    total = 0
    while keys := list(
        contest.entrants.filter(forgotten_at=None).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]
    ):
        with transaction.atomic(using=STORE):
            count = redact(*keys, at=at)
            record("contest.entrants_forgotten", contest, by=actor, data={"people": count})
        total += count
    BarredPerson.objects.filter(contest=contest).delete()
    return total


def forget_where_due(*, at: datetime) -> int:
    """Delete the personal details of every contest whose time is over; return of how many people."""
    waiting = Contest.objects.filter(entrants__forgotten_at=None).exclude(status=ContestStatus.DRAFT).distinct()
    total = 0
    for contest in waiting.filter(entrants__isnull=False).prefetch_related("rounds"):
        ends = kept_until(contest)
        if ends is not None and at >= ends:
            total += forget_entrants(contest, at=at)
    return total
