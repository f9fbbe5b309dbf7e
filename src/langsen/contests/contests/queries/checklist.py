"""What is missing before a contest can be announced."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from langsen.contests.contests.enums import AskedField, UnitRanking
from langsen.contests.contests.models import Contest


@dataclass(frozen=True)
class Missing:
    """A line of the list; `stops`: not announced like this, otherwise advice."""

    words: str
    href: str
    stops: bool = True


def missing_in(contest: Contest, *, at: datetime) -> list[Missing]:
    """Return what is missing at `at`, what stops the announcement first."""
    found = [*_rules(contest), *_rounds(contest, at), *_units(contest)]
    prizes = reverse("contests:prizes", args=[contest.pk])
    if not contest.prize_rules.exists():
        found.append(Missing(_("No prize is declared."), prizes, stops=False))
    if not contest.barred.exists():
        words = _("Nobody stands on the list of people who may not take part (organisers, question writers).")
        found.append(Missing(words, reverse("contests:barred", args=[contest.pk]), stops=False))
    return sorted(found, key=lambda one: not one.stops)


def _rules(contest: Contest) -> Iterator[Missing]:
    href = reverse("contests:change", args=[contest.pk])
    if not contest.contact:
        yield Missing(_("The rules name nobody to ask: fill in the contact."), href)
    if not contest.purpose:
        yield Missing(_("The rules do not say what the contest is for."), href, stops=False)


def _rounds(contest: Contest, at: datetime) -> Iterator[Missing]:
    href = reverse("contests:rounds", args=[contest.pk])
    real = contest.rounds.filter(is_dry_run=False).order_by("number")
    if not real.exists():
        yield Missing(_("There is no round."), href)
    for one in contest.rounds.filter(opens_at__lte=at).order_by("number"):
        yield Missing(_("The opening of “%(round)s” has passed.") % {"round": one.title}, href)
    if not contest.rounds.filter(is_dry_run=True).exists():
        yield Missing(_("There is no dry run; it shows in time what does not work."), href, stops=False)


def _units(contest: Contest) -> Iterator[Missing]:
    href = reverse("contests:units", args=[contest.pk])
    if AskedField.UNIT in contest.asks and not contest.units.exists():
        yield Missing(_("The unit is asked for, but the list of units is empty."), href)
    bare = contest.units.filter(compared=F("pk"), head_count=None)
    if contest.unit_ranking == UnitRanking.RATE and bare.exists():
        yield Missing(_("Units are ranked by participation rate, but some have no head count."), href)
