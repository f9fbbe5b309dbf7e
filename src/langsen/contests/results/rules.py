"""Whose results are shown to whom and in which words."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext as _

from langsen.contests.contests.models import Contest, ContestUnit, Round
from langsen.contests.results.engine.facts import PrizeFacts, Rules, UnitFacts
from langsen.contests.results.engine.parts import Part
from langsen.contests.results.models import ResultTotals


class Named(Protocol):
    """Somebody with a name that may be published: an entrant, or a row of a ranking."""

    @property
    def full_name(self) -> str: ...

    @property
    def may_publish_name(self) -> bool: ...


def published_name(entrant: Named, contest: Contest) -> str:
    """Return the name as the public reads it.

    In full only when the rules publish full names, or the entrant agreed to it. Otherwise family and middle names in
    full and of the given name the first letter: "Lò Thị Mai" is "Lò Thị M."; one word alone is its first letter.
    """
    words = entrant.full_name.split()
    if not words:
        return ""
    if entrant.may_publish_name or not contest.masks_names:
        return " ".join(words)
    return " ".join([*words[:-1], f"{words[-1][:1]}."])


def rules_of(contest: Contest) -> Rules:
    """Return the declared rules results depend on."""
    return Rules(
        ranking=tuple(contest.ranking),
        counting=contest.counting,
        attempts_per_round=contest.attempts_per_round,
        time_limit_ms=contest.time_limit_seconds * 1000,
        grace_ms=contest.grace_seconds * 1000,
        prediction=contest.prediction,
        unit_ranking=contest.unit_ranking,
        prize_cap_round=contest.prize_cap_round,
        prize_cap_contest=contest.prize_cap_contest,
        whole_order=contest.whole_order,
    )


def parts_in(totals: ResultTotals, name: str) -> list[Part]:
    """Return the groups of one kind as they were counted."""
    return [Part((label,), *counts) for label, *counts in totals.parts.get(name, [])]


def prize_facts(contest: Contest) -> list[PrizeFacts]:
    """Return the prizes the rules declare, in the order they were written."""
    rules = contest.prize_rules.order_by("pk")
    return [PrizeFacts(rule.subject, rule.scope, rule.rank, rule.count) for rule in rules]


def units_of(contest: Contest) -> dict[str, UnitFacts]:
    """Return the contest's units by code."""
    rows = list(ContestUnit.objects.filter(contest=contest).order_by("pk"))
    codes = {row.pk: row.code for row in rows}
    return {
        row.code: UnitFacts(
            row.code, codes.get(row.parent_id or 0), codes.get(row.compared_id or 0), row.head_count, row.kind
        )
        for row in rows
    }


def settles_at(of: Round, longest_extra: int) -> datetime:
    """Return from when on no paper of the round can still be answered: close, time limit, extra time and grace."""
    contest = of.contest
    return of.closes_at + timedelta(seconds=contest.time_limit_seconds + longest_extra + contest.grace_seconds)


def key_column(contest: Contest, key: str) -> str | None:
    """Return the column of a ranking key in the declared order; None when the rules do not rank by it."""
    return f"key{contest.ranking.index(key) + 1}" if key in contest.ranking else None


FEW_ATTEMPTS = 30


def item_advice(values: Mapping[str, float | None]) -> str:
    """Say in plain words what the figures of a question mean; empty when nothing is amiss."""
    facility, discrimination = values.get("facility"), values.get("discrimination")
    if (values.get("attempts") or 0) < FEW_ATTEMPTS:
        return _("Too few attempts to say anything.")
    if facility is None or facility in {0.0, 1.0}:
        return _("Everybody answered alike: it does not tell people apart.")
    if discrimination is not None and discrimination < 0:
        return _("Those who do better elsewhere get it wrong more often: check the key and the wording.")
    if facility < 0.2:
        return _("Very hard: check the key.")
    if discrimination is None or discrimination < 0.15:
        return _("It does not tell people apart.")
    return _("Very easy.") if facility > 0.95 else ""
