"""What the rules give by now: prizes, who was passed over and why, what must be drawn by lot."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from langsen.contests.contests.models import Contest, PrizeRule, Round
from langsen.contests.results.engine.facts import WHOLE, Excluded, Lot
from langsen.contests.results.engine.lots import drawn_order
from langsen.contests.results.engine.prizes import Award, Caps, Proposal, Proposing, propose
from langsen.contests.results.engine.units import UnitRow, order_key, ranked_units
from langsen.contests.results.enums import PrizeStatus
from langsen.contests.results.models import Draw, PrizeAward, UnitResult
from langsen.contests.results.queries.ranked import Ranking
from langsen.contests.results.rules import prize_facts, units_of

WITHOUT = (PrizeStatus.PASSED_OVER, PrizeStatus.WITHDRAWN)
WON = (PrizeStatus.DECIDED, PrizeStatus.PAID)


def winner_of(award: PrizeAward) -> str:
    """Return who a prize is for, as draws and bundles name them: public number or unit code."""
    if award.entrant is not None:
        return award.entrant.public_number
    return award.unit.code if award.unit else ""


def closed_rounds(contest: Contest) -> dict[int, Round]:
    """Return the contest's real rounds that are closed, by number."""
    rows = contest.rounds.filter(is_dry_run=False).exclude(closed_at=None).order_by("number")
    return {one.number: one for one in rows}


def walks_of(contest: Contest) -> list[int]:
    """Return what prizes can be given for by now: closed rounds, and the whole contest (0) when all are closed."""
    closed = closed_rounds(contest)
    all_closed = closed and not contest.rounds.filter(is_dry_run=False, closed_at=None).exists()
    return [*closed, *([WHOLE] if all_closed else [])]


def proposal_for(contest: Contest) -> Proposal:
    """Return what the rules give, leaving out whom the jury passed over; draws that were held decide ties."""
    rounds: dict[int, Round | None] = {**closed_rounds(contest), WHOLE: None}
    units = units_of(contest)

    def people(number: int) -> Iterator[tuple[tuple[int, ...], str]]:
        return Ranking(contest, rounds[number]).winners()

    def ranked(number: int) -> Iterator[tuple[Fraction, str]]:
        rows = UnitResult.objects.filter(contest=contest, round=rounds[number]).select_related("unit")
        table = {row.unit.code: _row(row) for row in rows.order_by("unit__code")}
        ordered = ranked_units(table, {code: units[code] for code in table}, contest.unit_ranking)
        return ((order_key(row, contest.unit_ranking), row.code) for row in ordered)

    caps = Caps(contest.prize_cap_round, contest.prize_cap_contest)
    proposing: Proposing[Any] = Proposing(
        prize_facts(contest), caps=caps, excluded=_excluded(contest), lots=_lots(contest)
    )
    return propose(proposing, walks_of(contest), people=people, units=ranked)


@dataclass(frozen=True)
class Drift:
    """Where the jury's prizes and what the rules give now differ: somebody was barred since, a key was wrong.

    `unfounded` are decided prizes that do not follow now, `missing` those nobody has proposed yet. A person decides.
    """

    unfounded: list[PrizeAward]
    missing: list[tuple[PrizeRule, Award]]

    def __bool__(self) -> bool:
        return bool(self.unfounded or self.missing)


def drift_of(contest: Contest, proposal: Proposal) -> Drift:
    """Return how the prizes of a contest differ from what the rules give by now."""
    wanted = {
        (one.prize.subject, one.prize.scope, one.prize.rank, one.round, one.winner): one for one in proposal.awards
    }
    rows = PrizeAward.objects.filter(prize_rule__contest=contest).exclude(status__in=WITHOUT)
    unfounded = []
    for row in rows.select_related("prize_rule", "round", "entrant", "unit").order_by("pk"):
        rule, number = row.prize_rule, row.round.number if row.round else WHOLE
        follows = wanted.pop((rule.subject, rule.scope, rule.rank, number, winner_of(row)), None)
        if follows is None and row.status in WON:
            unfounded.append(row)
    rules = {(rule.subject, rule.scope, rule.rank): rule for rule in contest.prize_rules.all()}
    return Drift(unfounded, [(rules[key[:3]], one) for key, one in wanted.items()])


def _row(row: UnitResult) -> UnitRow:
    counts = (row.entrants, row.attempts, row.all_correct_people, row.all_correct_attempts, row.correct_sum)
    return UnitRow(row.unit.code, *counts, head_count=row.unit.head_count)


def _excluded(contest: Contest) -> Excluded:
    rows = PrizeAward.objects.filter(prize_rule__contest=contest, status__in=WITHOUT)
    return Excluded(
        {
            (row.prize_rule.subject, row.round.number if row.round else WHOLE, winner_of(row)): row.decided_reason
            or row.status
            for row in rows.select_related("prize_rule", "round", "entrant", "unit").order_by("pk")
        }
    )


def _lots(contest: Contest) -> list[Lot]:
    held = Draw.objects.filter(contest=contest).exclude(drawn_at=None).select_related("round", "prize_rule")
    return [
        Lot(
            one.prize_rule.subject if one.prize_rule else "person",
            one.round.number if one.round else WHOLE,
            tuple(one.listed),
            tuple(drawn_order(one.listed, one.numbers or [])),
        )
        for one in held.order_by("pk")
    ]
