"""Prizes of a contest of the demonstration: who is due one by its rules, decided on the days its story tells."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.db.models import Count

from langsen.contests.arena.models import Standing
from langsen.contests.contests.models import Contest, Entrant
from langsen.contests.results.engine.facts import WHOLE
from langsen.contests.results.engine.prizes import Award, Caps, Proposing, propose
from langsen.contests.results.enums import PrizeStatus
from langsen.contests.results.models import PrizeAward
from langsen.contests.results.rules import prize_facts

# More than any round of the demonstration has prizes for people, those left out by a cap counted in.
_IN_SIGHT = 100


def decide_prizes(contest: Contest, decided_on: Mapping[int, date], *, jury: str) -> list[PrizeAward]:
    """Decide the prizes the rules give; `decided_on` by round number, `WHOLE` for the whole contest."""
    awards = propose_prizes(contest)
    for award in awards:
        award.status = PrizeStatus.DECIDED
        award.decided_on = decided_on[award.round.number if award.round else WHOLE]
        award.decided_by_name = jury
        award.decided_reason = "Đúng thể lệ, không có khiếu nại."
    PrizeAward.objects.bulk_update(awards, ["status", "decided_on", "decided_by_name", "decided_reason"])
    return awards


def propose_prizes(contest: Contest) -> list[PrizeAward]:
    """Store the prizes the rules give as proposals for the jury."""
    rounds = {of.number: of for of in contest.rounds.filter(is_dry_run=False)}
    keys = {number: of.pk for number, of in rounds.items()}
    caps = Caps(contest.prize_cap_round, contest.prize_cap_contest)
    proposal = propose(
        Proposing[tuple[int, ...]](prize_facts(contest), caps=caps),
        list(rounds),
        people=lambda number: _people(keys[number]) if number != WHOLE else iter(()),
        units=lambda number: _units(contest) if number == WHOLE else iter(()),
    )
    if proposal.ties:
        raise ValueError("the demonstration's prizes are told apart without a draw")
    rules = {(rule.subject, rule.scope, rule.rank): rule for rule in contest.prize_rules.all()}
    people = {one.public_number: one for one in contest.entrants.filter(number__in=_numbers(proposal.awards))}
    units = {unit.code: unit for unit in contest.units.filter(parent=None)}
    return PrizeAward.objects.bulk_create(
        PrizeAward(
            prize_rule=rules[award.prize.subject, award.prize.scope, award.prize.rank],
            round=rounds.get(award.round),
            place=award.place,
            entrant=people.get(award.winner),
            unit=units.get(award.winner),
            grounds=f"Hạng {award.place} theo thứ tự xếp hạng của thể lệ",
        )
        for award in proposal.awards
    )


def _people(round_id: int) -> Iterator[tuple[tuple[int, ...], str]]:
    rows = Standing.objects.filter(round=round_id).exclude(counted=None).select_related("entrant")
    for row in rows.order_by("key1", "key2", "key3", "key4", "entrant_id")[:_IN_SIGHT]:
        yield (row.key1 or 0, row.key2 or 0, row.key3 or 0, row.key4 or 0), row.entrant.public_number


def _units(contest: Contest) -> Iterator[tuple[tuple[int, ...], str]]:
    """Compared by how many entrants they had; everybody of the demonstration's told contests handed in a paper."""
    counts = Entrant.objects.filter(contest=contest).values_list("unit__compared__code").annotate(count=Count("pk"))
    for code, count in counts.order_by("-count", "unit__compared__code"):
        yield (-count,), code


def _numbers(awards: list[Award]) -> list[int]:
    return [int(award.winner.removeprefix("TS-")) for award in awards if award.prize.subject == "person"]
