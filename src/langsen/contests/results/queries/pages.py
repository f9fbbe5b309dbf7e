"""What the pages of results show: a page of standings with places, unit tables, an entrant's own results."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet

from langsen.contests.arena.models import Attempt, Standing
from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, Entrant, Round
from langsen.contests.results.models import ContestStanding, PrizeAward, ResultTotals, UnitResult
from langsen.contests.results.queries.ranked import place_of, ranked_standings, with_places
from langsen.contests.results.rules import published_name
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.text import clean, fold

PAGE, MOST_PAGES, MOST_FOUND = 50, 200, 20


@dataclass(frozen=True)
class Shown:
    """A line of standings as the public reads it."""

    place: int
    number: str
    name: str
    unit: str
    standing: Any


class _Standings(Paginator):  # type: ignore[type-arg] # Django's own takes no type when it runs
    """Pages of the ranking: the count was made by the job, and the last page shown is the two hundredth."""

    def __init__(self, rows: QuerySet[Any], ranked: int) -> None:
        super().__init__(rows, PAGE)
        self._ranked = min(ranked, PAGE * MOST_PAGES)

    @property
    def count(self) -> int:
        return self._ranked


def published_rounds(contest: Contest) -> list[Round]:
    """Return the rounds whose results everybody may read, the first one first."""
    rows = contest.rounds.filter(is_dry_run=False).exclude(results_published_at=None)
    return list(rows.order_by("number"))


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


def totals_of(contest: Contest, of: Round | None) -> ResultTotals | None:
    """Return people and attempts as last counted."""
    return ResultTotals.objects.filter(contest=contest, round=of).first()


def standings_page(contest: Contest, of: Round | None, page: int | str) -> tuple[Page[Any], list[Shown]]:
    """Return a page of the ranking and its lines."""
    totals = totals_of(contest, of)
    rows = ranked_standings(contest, of).select_related("entrant__unit")
    found = _Standings(rows, totals.ranked if totals else 0).get_page(page)
    held = list(found.object_list)
    if not held:
        return found, []
    start = (found.number - 1) * PAGE
    first = place_of(held[0], contest, of) if start else 1
    return found, [_shown(place, row, contest) for place, row in with_places(held, first, start)]


def standings_like(contest: Contest, of: Round | None, typed: str) -> list[Shown]:
    """Return the first lines whose number, unit or published full name holds what was typed, accents or not.

    A name that is published only in part cannot be searched: the search would tell the rest of it.
    """
    words = fold(clean(typed)[:100])
    number = words.upper().removeprefix("TS-")
    fits = Q(entrant__unit__folded__contains=words)
    if contest.masks_names:
        fits |= Q(entrant__may_publish_name=True, entrant__folded__contains=words)
    else:
        fits |= Q(entrant__folded__contains=words)
    if number.isdecimal() and len(number) < 9:
        fits |= Q(entrant__number=int(number))
    rows = ranked_standings(contest, of).filter(fits).select_related("entrant__unit")[:MOST_FOUND]
    return [_shown(place_of(row, contest, of), row, contest) for row in rows]


def _shown(place: int, row: Any, contest: Contest) -> Shown:
    entrant = row.entrant
    unit = entrant.unit.path if entrant.unit else ""
    return Shown(place, entrant.public_number, published_name(entrant, contest), unit, row)


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
    contest = entrant.contest
    found = []
    for of in published_rounds(contest):
        row = Standing.objects.filter(round=of, entrant=entrant).exclude(counted=None).first()
        if row is None:
            continue
        place = place_of(row, contest, of) if entrant.status == "active" else None
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
    return (place_of(row, entrant.contest, None) if entrant.status == "active" else None), row


def public_prizes(contest: Contest, of: Round | None) -> QuerySet[PrizeAward]:
    """Return the prizes the jury decided, in a round or for the whole contest, best rank first."""
    rows = PrizeAward.objects.filter(prize_rule__contest=contest, round=of, status__in=["decided", "paid"])
    return rows.select_related("prize_rule", "entrant__unit", "unit").order_by(
        "prize_rule__subject", "prize_rule_id", "place", "pk"
    )
