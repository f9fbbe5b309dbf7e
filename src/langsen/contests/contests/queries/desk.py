"""What waits for an organising board: contests to announce, unusual signs to look at, details about to be deleted."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from langsen.contests.contests.enums import ContestStatus, FlagStatus
from langsen.contests.contests.keeping import kept_until
from langsen.contests.contests.models import Contest, EntrantFlag
from langsen.contests.contests.rules import organisers_where
from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import has_permission_somewhere
from langsen.foundation.accounts.models import User
from langsen.foundation.core.text import number_text
from langsen.foundation.core.todos import Todo

OPENING_NEAR = timedelta(days=14)
DELETION_NEAR = timedelta(days=14)
GIVEN_UP = timedelta(days=60)  # a draft whose opening passed longer ago is no work waiting


def todos_for(user: User) -> list[Todo]:
    """Return what waits for `user` in the contests they organise."""
    if not has_permission_somewhere(user, Permission.CONTESTS_ORGANISE):
        return []
    organisers = organisers_where(user, Permission.CONTESTS_ORGANISE)
    mine = Contest.objects.filter(organiser_id__in=organisers).prefetch_related("rounds").order_by("-id")
    at = timezone.now()
    return [*_to_announce(mine, at), *_to_look_at(mine), *_to_be_deleted(mine, at)]


def _to_announce(mine: QuerySet[Contest], at: datetime) -> Iterator[Todo]:
    for contest in mine.filter(status=ContestStatus.DRAFT):
        opens = min((one.opens_at for one in contest.rounds.all()), default=None)
        if opens is not None and at - GIVEN_UP < opens < at + OPENING_NEAR:
            yield Todo(
                title=_("%(contest)s: opens soon, not announced yet") % {"contest": contest.title},
                href=reverse("contests:announce", args=[contest.pk]),
                action=_("Announce"),
                due_on=timezone.localdate(opens),
                note=contest.organiser_name,
            )


def _to_look_at(mine: QuerySet[Contest]) -> Iterator[Todo]:
    open_flags = EntrantFlag.objects.filter(status=FlagStatus.OPEN).order_by()
    waiting = dict(open_flags.values_list("entrant__contest").annotate(count=Count("pk")))
    for contest in mine.exclude(status=ContestStatus.DRAFT).filter(pk__in=waiting):
        count = waiting[contest.pk]
        words = ngettext(
            "%(contest)s: %(count)s unusual sign to be looked at",
            "%(contest)s: %(count)s unusual signs to be looked at",
            count,
        )
        yield Todo(
            title=words % {"contest": contest.title, "count": number_text(count)},
            href=reverse("contests:entrant_flags", args=[contest.pk]),
            action=_("Look at them"),
            note=contest.organiser_name,
        )


def _to_be_deleted(mine: QuerySet[Contest], at: datetime) -> Iterator[Todo]:
    for contest in mine.exclude(status=ContestStatus.DRAFT):
        ends = kept_until(contest)
        if ends is None or ends >= at + DELETION_NEAR:
            continue
        if kept := contest.entrants.filter(forgotten_at=None).count():
            words = ngettext(
                "%(contest)s: personal details of %(count)s person are about to be deleted",
                "%(contest)s: personal details of %(count)s people are about to be deleted",
                kept,
            )
            yield Todo(
                title=words % {"contest": contest.title, "count": number_text(kept)},
                href=reverse("contests:entrants", args=[contest.pk]),
                action=_("Open"),
                due_on=timezone.localdate(ends),
                note=contest.organiser_name,
            )
