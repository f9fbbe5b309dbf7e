"""Rounds to the minute: written freely in a draft, moved with a reason and in public after the announcement.

After the announcement: a round that has not opened may be moved to any time ahead. One that has opened keeps its
opening, because papers are already timed by it; its close may move, but not into the past and not so near that
somebody who starts now could not finish. A round that has closed stays.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, Round
from langsen.contests.contests.page_version import raise_page_version
from langsen.contests.contests.services.steps import publish_change, reason_for, to_change
from langsen.contests.stores import STORE
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import changes, record
from langsen.foundation.core.errors import Conflict, NotFound
from langsen.foundation.core.text import moment_text
from langsen.registers.kit.rules import checked_text, refuse

LONGEST = timedelta(days=366)
_FIELDS = ("title", "is_dry_run", "opens_at", "closes_at")


@transaction.atomic(using=STORE)
def save_round(
    contest: Contest,
    number: int | None,
    *,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    is_dry_run: bool = False,
    reason: str = "",
    by: User,
) -> Round:
    """Set the round of that number, or add one (None).

    Raises:
        NotFound: no such round.
        NotAllowed, Conflict: no right; the contest is cancelled, or over.
        BadInput: the times, an overlap with another round, a reason that is missing, or what may not move any more.
    """
    current = to_change(contest, by)
    made = _round_of(current, number)
    name = checked_text(title, "title", 120, required=True)
    opens_at, closes_at = (one.replace(second=0, microsecond=0) for one in (opens_at, closes_at))
    _check_times(current, made, opens_at, closes_at)
    why = reason_for(current, reason)
    if current.is_frozen:
        _check_move(current, made, opens_at, closes_at, is_dry_run=is_dry_run)
    before = {field: getattr(made, field) for field in _FIELDS} if made.pk else {}
    after = {"title": name, "is_dry_run": is_dry_run, "opens_at": opens_at, "closes_at": closes_at}
    was = _words(made) if made.pk else ""
    for field, value in after.items():
        setattr(made, field, value)
    if number is None:
        made.number = (current.rounds.aggregate(last=Max("number"))["last"] or 0) + 1
    changed = changes(before, after)
    if changed:
        made.save()
        publish_change(current, made.title, was, _words(made), reason=why, by=by)
        record("contest.round_saved", made, by=by, data=changed)
        raise_page_version(current.pk)
    return made


def _round_of(contest: Contest, number: int | None) -> Round:
    """The round of that number, or a new one for None."""
    if number is None:
        return Round(contest=contest)
    found = contest.rounds.filter(number=number).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic(using=STORE)
def remove_round(contest: Contest, number: int, *, by: User) -> None:
    """Remove a round of a contest whose rules are still being written.

    Raises:
        NotFound: no such round.
        Conflict: the rules are announced, or questions were chosen for the round.
    """
    current = to_change(contest, by)
    made = current.rounds.filter(number=number).first()
    if made is None:
        raise NotFound
    if current.is_frozen:
        raise Conflict(_("The rules are announced: a round can be moved, not removed."))
    data = {"round": made.title}
    try:
        with transaction.atomic(using=STORE):
            made.delete()
    except ProtectedError as error:
        raise Conflict(_("A paper was planned for this round. Change the round instead of removing it.")) from error
    record("contest.round_removed", current, by=by, data=data)
    raise_page_version(current.pk)


def _check_times(current: Contest, made: Round, opens_at: datetime, closes_at: datetime) -> None:
    if closes_at <= opens_at:
        raise refuse("closes_at", _("The round must close after it opens."))
    if closes_at - opens_at > LONGEST:
        raise refuse("closes_at", _("A round lasts a year at most. Check the year."))
    others = current.rounds.exclude(pk=made.pk).filter(opens_at__lt=closes_at, closes_at__gt=opens_at)
    other = others.order_by("number").first()
    if other is not None:
        raise refuse(
            "opens_at", _("It overlaps with “%(round)s” (%(when)s).") % {"round": other, "when": _words(other)}
        )


def _check_move(current: Contest, made: Round, opens_at: datetime, closes_at: datetime, *, is_dry_run: bool) -> None:
    at = timezone.now()
    if current.status != ContestStatus.ANNOUNCED:
        raise Conflict(_("The contest is over; its rounds stay as they were."))
    if made.pk and made.is_dry_run != is_dry_run:
        raise refuse(
            "is_dry_run", _("The rules are announced: a dry run stays a dry run, and a round that counts counts.")
        )
    if made.pk is None or made.opens_at > at:
        if opens_at <= at:
            raise refuse("opens_at", _("The opening must lie ahead."))
        return
    if opens_at != made.opens_at:
        raise refuse("opens_at", _("The round has opened and people are in; its opening cannot be moved any more."))
    if closes_at == made.closes_at:
        return
    if made.closes_at <= at:
        raise refuse("closes_at", _("The round has closed; its times stay. Add another round instead."))
    least = at + timedelta(seconds=current.time_limit_seconds + current.grace_seconds)
    if closes_at < least:
        words = _("People are in: the earliest close now is %(moment)s, so that whoever starts now can finish.")
        raise refuse("closes_at", words % {"moment": moment_text(least + timedelta(minutes=1))})


def _words(made: Round) -> str:
    return f"{moment_text(made.opens_at)} – {moment_text(made.closes_at)}"
