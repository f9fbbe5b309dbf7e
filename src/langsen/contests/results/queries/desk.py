"""What waits for a jury: rounds to close and publish, prizes to decide, appeals to answer, a contest to publish."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, Round
from langsen.contests.contests.rules import organisers_where
from langsen.contests.results.enums import AppealStatus, PrizeStatus
from langsen.contests.results.models import Publication
from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import has_permission_somewhere
from langsen.foundation.accounts.models import User
from langsen.foundation.core.text import number_text
from langsen.foundation.core.todos import Todo

CLOSES_BY_ITSELF = timedelta(hours=2)  # the clock closes a round within minutes of its last paper


def todos_for(user: User) -> list[Todo]:
    """Return what waits for `user` in the contests they decide."""
    if not has_permission_somewhere(user, Permission.CONTESTS_DECIDE):
        return []
    organisers = organisers_where(user, Permission.CONTESTS_DECIDE)
    mine = Contest.objects.filter(organiser_id__in=organisers).order_by("-id")
    return [*_rounds(mine, timezone.now()), *_judging(mine), *_appeals(mine)]


def _rounds(mine: QuerySet[Contest], at: datetime) -> Iterator[Todo]:
    over = Round.objects.filter(is_dry_run=False, closes_at__lte=at, results_published_at=None)
    over = over.filter(contest__in=mine.filter(status=ContestStatus.ANNOUNCED)).select_related("contest")
    for one in over.order_by("closes_at", "pk"):
        if one.closed_at is not None:
            words, action = _("%(contest)s, %(round)s: results can be published"), _("Publish")
        elif one.closes_at < at - CLOSES_BY_ITSELF:
            words, action = _("%(contest)s, %(round)s: over, but the closing work is not done"), _("Open")
        else:
            continue
        yield _todo(one.contest, words % {"contest": one.contest.title, "round": one.title}, "contest", action)


def _judging(mine: QuerySet[Contest]) -> Iterator[Todo]:
    """The jury's own steps: take over, decide, publish."""
    real = Q(rounds__is_dry_run=False)
    announced = mine.filter(status=ContestStatus.ANNOUNCED).annotate(
        real=Count("rounds", real), still=Count("rounds", real & Q(rounds__closed_at=None))
    )
    for closed in announced.filter(real__gt=0, still=0):
        yield _todo(closed, _("%(contest)s: all rounds are closed") % {"contest": closed.title}, "contest", _("Judge"))
    under_way = Publication.objects.filter(contest=OuterRef("pk"), ended_at=None)
    judged = mine.filter(~Exists(under_way), status=ContestStatus.JUDGING).annotate(
        rules=Count("prize_rules", distinct=True),
        awards=Count("prize_rules__awards"),
        proposed=Count("prize_rules__awards", Q(prize_rules__awards__status=PrizeStatus.PROPOSED)),
    )
    for contest in judged:
        facts = {"contest": contest.title, "count": number_text(contest.proposed)}
        if contest.proposed:
            words = ngettext(
                "%(contest)s: %(count)s prize to decide", "%(contest)s: %(count)s prizes to decide", contest.proposed
            )
            yield _todo(contest, words % facts, "prizes", _("Decide"))
        elif contest.rules and not contest.awards:
            yield _todo(contest, _("%(contest)s: no prize is proposed yet") % facts, "prizes", _("Propose"))
        else:
            yield _todo(contest, _("%(contest)s: results can be published") % facts, "contest", _("Publish"))


def _appeals(mine: QuerySet[Contest]) -> Iterator[Todo]:
    waiting = Count("appeals", Q(appeals__status=AppealStatus.OPEN))
    for contest in mine.annotate(waiting=waiting).filter(waiting__gt=0):
        words = ngettext(
            "%(contest)s: %(count)s appeal waits for an answer",
            "%(contest)s: %(count)s appeals wait for an answer",
            contest.waiting,
        )
        facts = {"contest": contest.title, "count": number_text(contest.waiting)}
        yield _todo(contest, words % facts, "appeals", _("Answer"))


def _todo(contest: Contest, title: str, page: str, action: str) -> Todo:
    href = reverse(f"results:{page}", args=[contest.pk])
    return Todo(title=title, href=href, action=action, note=contest.organiser_name)
