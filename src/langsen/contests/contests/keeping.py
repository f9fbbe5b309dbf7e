"""How long the personal details of a contest are kept, by its rules."""

from datetime import datetime

from django.utils import timezone

from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest


def kept_until(contest: Contest) -> datetime | None:
    """Return when the personal details of a contest end: the declared months after its results, else after its close.

    None while it is not over: an announced contest without rounds, or one still being decided.
    """
    closes = max((one.closes_at for one in contest.rounds.all()), default=None)
    over = contest.published_at or (
        closes if contest.status in {ContestStatus.CANCELLED, ContestStatus.ANNOUNCED} else None
    )
    return _months_later(over, contest.keep_months) if over else None


def _months_later(moment: datetime, months: int) -> datetime:
    """The same day and hour so many months later; the last day of a shorter month."""
    local = timezone.localtime(moment)
    year, month = divmod(local.month - 1 + months, 12)
    for day in range(local.day, local.day - 4, -1):
        try:
            return local.replace(year=local.year + year, month=month + 1, day=day)
        except ValueError:
            continue
    raise ValueError(moment)
