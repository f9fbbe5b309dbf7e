"""What is missing before a contest can be announced: one list for its page, the announcement's page and the act."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from langsen.contests.contests import hooks
from langsen.contests.contests.enums import AskedField, PrizeScope, PrizeSubject, UnitRanking
from langsen.contests.contests.hooks import Missing
from langsen.contests.contests.models import Contest
from langsen.foundation.core.text import number_text

_SHORTEST_MONTH = timedelta(days=28)


def missing_in(contest: Contest, *, at: datetime) -> list[Missing]:
    """Return what is missing at `at`, what stops the announcement first."""
    found = [
        *_rules(contest),
        *_rounds(contest, at),
        *_units(contest),
        *_prizes(contest),
        *_people(contest),
        *hooks.missing_elsewhere(contest),
    ]
    return sorted(found, key=lambda one: not one.stops)


def _rules(contest: Contest) -> Iterator[Missing]:
    href = reverse("contests:change", args=[contest.pk])
    if not contest.contact:
        yield Missing(_("The rules name nobody to ask: fill in the contact."), href)
    if contest.keep_months * _SHORTEST_MONTH < timedelta(days=contest.appeal_days):
        words = _("Personal details would be deleted before the days to appeal are over: keep them longer.")
        yield Missing(words, href)
    if not contest.purpose:
        yield Missing(_("The rules do not say what the contest is for."), href, stops=False)
    if contest.guardian_below and AskedField.BIRTH_YEAR not in contest.asks:
        words = _("The year of birth is not asked for, so nobody is asked for the consent of a guardian.")
        yield Missing(words, href, stops=False)


def _rounds(contest: Contest, at: datetime) -> Iterator[Missing]:
    href = reverse("contests:rounds", args=[contest.pk])
    real = contest.rounds.filter(is_dry_run=False).order_by("number")
    if not real.exists():
        yield Missing(_("There is no round."), href)
    for one in contest.rounds.filter(opens_at__lte=at).order_by("number"):
        yield Missing(_("The opening of “%(round)s” has passed.") % {"round": one.title}, href)
    for one in real:
        if one.closes_at - one.opens_at < timedelta(seconds=contest.time_limit_seconds):
            words = _("“%(round)s” is open for less time than a paper takes.")
            yield Missing(words % {"round": one.title}, href, stops=False)
    if not contest.rounds.filter(is_dry_run=True).exists():
        yield Missing(_("There is no dry run; it shows in time what does not work."), href, stops=False)


def _units(contest: Contest) -> Iterator[Missing]:
    href = reverse("contests:units", args=[contest.pk])
    if AskedField.UNIT not in contest.asks:
        return
    if not contest.units.exists():
        yield Missing(_("The unit is asked for, but the list of units is empty."), href)
    bare = contest.units.filter(compared=F("pk"), head_count=None).count()
    if contest.unit_ranking == UnitRanking.RATE and bare:
        words = _("Units are ranked by participation rate, but %(count)s have no head count.")
        yield Missing(words % {"count": number_text(bare)}, href)


def _prizes(contest: Contest) -> Iterator[Missing]:
    href = reverse("contests:prizes", args=[contest.pk])
    rules = list(contest.prize_rules.all())
    if not rules:
        yield Missing(_("No prize is declared."), href, stops=False)
    if AskedField.UNIT not in contest.asks and any(one.subject == PrizeSubject.UNIT for one in rules):
        yield Missing(_("There are prizes for collectives, but nobody is asked for their unit."), href)
    for one in rules:
        if not one.amount:
            words = _("No amount is declared for: %(prize)s, %(scope)s.")
            facts = {"prize": str(one), "scope": PrizeScope(one.scope).label}
            yield Missing(words % facts, href, stops=False)


def _people(contest: Contest) -> Iterator[Missing]:
    if not contest.barred.exists():
        words = _("Nobody stands on the list of people who may not take part (organisers, question writers).")
        yield Missing(words, reverse("contests:barred", args=[contest.pk]), stops=False)
