"""What the pages of results show: a page of standings with places, unit tables, an entrant's own results."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet

from langsen.contests.arena.models import Attempt, Standing
from langsen.contests.contests.enums import ContestStatus, EntrantStatus
from langsen.contests.contests.models import Contest, ContestUnit, Entrant, Round
from langsen.contests.results.models import ContestStanding, PrizeAward, UnitResult
from langsen.contests.results.queries.ranked import PAGE, Ranked, Ranking
from langsen.contests.results.rules import published_name
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.text import clean, fold, number_text

MOST_FOUND = 20
_MOST_CANDIDATES = 5_000
_NUMBER = re.compile(r"ts-(\d{1,8})")


@dataclass(frozen=True)
class Shown:
    """A line of standings as the public reads it."""

    place: int
    number: str
    name: str
    standing: Ranked

    @property
    def unit(self) -> str:
        return self.standing.unit

    @property
    def seconds(self) -> Decimal | None:
        """How long the counted paper of a round took, to the thousandth, as the rules measure it."""
        taken = self.standing.duration_ms
        return None if taken is None else Decimal(taken) / 1000

    @property
    def time_taken(self) -> str:
        """The same as pages show it."""
        return number_text(self.seconds, 3)


class _Standings(Paginator):  # type: ignore[type-arg] # Django's own takes no type when it runs
    """Pages of a ranking, found by their marks; how many rows and pages there are was counted by the job."""

    def __init__(self, ranking: Ranking) -> None:
        super().__init__((), PAGE)
        self._ranking = ranking

    @property
    def count(self) -> int:
        return self._ranking.totals.ranked if self._ranking.totals else 0

    @property
    def num_pages(self) -> int:
        return self._ranking.page_count

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        return Page(list(self._ranking.pages(number, number)), number, self)


def published_rounds(contest: Contest) -> list[Round]:
    """Return the rounds whose results everybody may read, the first one first; reads the rounds (prefetch them)."""
    told = [one for one in contest.rounds.all() if one.results_published_at and not one.is_dry_run]
    return sorted(told, key=lambda one: one.number)


def is_published(contest: Contest) -> bool:
    """Say whether the results of the whole contest are published."""
    return contest.status == ContestStatus.PUBLISHED


def chosen_round(contest: Contest, asked: str) -> Round | None:
    """Return the published round the address asks for; None is the whole contest.

    Without a choice the whole contest when it is published, else the newest published round.

    Raises:
        NotFound: nothing is published, or no such round is.
    """
    rounds = published_rounds(contest)
    if asked.isdecimal():
        found = [one for one in rounds if one.number == int(asked)]
        if not found:
            raise NotFound
        return found[0]
    if is_published(contest):
        return None
    if not rounds:
        raise NotFound
    return rounds[-1]


def standings_page(ranking: Ranking, page: int | str) -> tuple[Page[Any], list[Shown]]:
    """Return a page of the ranking and its lines; any page is found as fast as the first."""
    found = _Standings(ranking).get_page(page)
    return found, [_shown(place, row, ranking.contest) for place, row in found.object_list]


def lines_of_pages(ranking: Ranking, first: int, last: int) -> Iterator[Shown]:
    """Yield the lines of these pages of the ranking as the public reads them, read some pages at a time."""
    return (_shown(place, row, ranking.contest) for place, row in ranking.pages(first, last))


def standings_like(ranking: Ranking, typed: str, *, public: bool = True) -> list[Shown]:
    """Return the first lines whose number, unit or full name holds what was typed, accents or not.

    In public a name that is published only in part cannot be searched: the search would tell the rest of it.
    """
    contest, words = ranking.contest, fold(clean(typed)[:100])
    people = Entrant.objects.filter(contest=contest, status=EntrantStatus.ACTIVE)
    if whole := _NUMBER.fullmatch(words):  # nothing else looks like that: no search through all names
        people = people.filter(number=int(whole[1]))
    else:
        units = ContestUnit.objects.filter(contest=contest, folded__contains=words).values_list("pk", flat=True)
        fits = Q(unit__in=list(units)) | _named(words, masked=public and contest.masks_names)
        if words.isdecimal() and len(words) < 9:
            fits |= Q(number=int(words))
        people = people.filter(fits)
    few = list(people.order_by().values_list("pk", flat=True)[: _MOST_CANDIDATES + 1])
    if len(few) > _MOST_CANDIDATES:  # many are soon met on the way down the ranking; a few are looked up
        met = ranking.standings().filter(entrant__in=people)
        few = list(met.values_list("entrant_id", flat=True)[:MOST_FOUND])
    rows = ranking.of_entrants(few)[:MOST_FOUND]
    return [_shown(ranking.place_of(row.keys), row, contest) for row in rows]


def _named(words: str, *, masked: bool) -> Q:
    found = Q(folded__contains=words)
    return found & Q(may_publish_name=True) if masked else found


def _shown(place: int, row: Ranked, contest: Contest) -> Shown:
    name = published_name(row, contest)
    return Shown(place, f"TS-{row.number:06d}", name, row)


def unit_results(contest: Contest, of: Round | None, *, typed: str = "", compared: bool = True) -> QuerySet[UnitResult]:
    """Return the table of units: the compared ones by place, or all units at any level by name."""
    rows = UnitResult.objects.filter(contest=contest, round=of).select_related("unit")
    if compared:
        rows = rows.filter(unit__compared=F("unit"))
    if words := fold(clean(typed)[:100]):
        rows = rows.filter(unit__folded__contains=words)
    return rows


@dataclass(frozen=True)
class OwnRound:
    """An entrant's own result in a round."""

    round: Round
    place: int | None
    standing: Standing
    attempts: Sequence[Attempt]


def own_results(entrant: Entrant) -> list[OwnRound]:
    """Return an entrant's results of the published rounds, every attempt listed."""
    found = []
    for of in published_rounds(entrant.contest):
        row = Standing.objects.filter(round=of, entrant=entrant).exclude(counted=None).first()
        if row is None:
            continue
        place = _own_place(entrant, row, of)
        attempts = Attempt.objects.filter(round=of, entrant=entrant).exclude(submitted_at=None).order_by("number")
        found.append(OwnRound(of, place, row, list(attempts)))
    return found


def own_whole(entrant: Entrant) -> tuple[int | None, ContestStanding] | None:
    """Return an entrant's place and standing in the whole contest, once it is published."""
    if not is_published(entrant.contest):
        return None
    row = ContestStanding.objects.filter(contest=entrant.contest_id, entrant=entrant).first()
    if row is None:
        return None
    return _own_place(entrant, row, None), row


def _own_place(entrant: Entrant, standing: Standing | ContestStanding, of: Round | None) -> int | None:
    if entrant.status != EntrantStatus.ACTIVE:
        return None
    ranking = Ranking(entrant.contest, of)
    return ranking.place_of(ranking.keys_of(standing))


def public_prizes(contest: Contest, of: Round | None) -> QuerySet[PrizeAward]:
    """Return the prizes the jury decided, in a round or for the whole contest, best rank first."""
    rows = PrizeAward.objects.filter(prize_rule__contest=contest, round=of, status__in=["decided", "paid"])
    return rows.select_related("prize_rule", "entrant__unit", "unit").order_by(
        "prize_rule__subject", "prize_rule_id", "place", "pk"
    )
