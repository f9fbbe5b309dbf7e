"""Rows 59-65 of the catalogue: contests, their attempts and prizes, from the counts copied up from the contest store.

Scope own: a contest belongs to its organiser. Every number opens to the contests behind it; each line says as of when
its counts were copied. Parts by round are declared for `ROUNDS` rounds in their order, dry runs left out; what later
rounds of a longer contest hold is `.other`, so that the parts always sum to the attempts.
"""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from langsen.contests.contests.enums import ContestKind, PrizeRank, PrizeSubject
from langsen.contests.tallies.models import ContestTally
from langsen.foundation.access.enums import Permission
from langsen.foundation.core.text import moment_text
from langsen.foundation.figures.catalogue import Additive, Figure, Listed, Source
from langsen.foundation.figures.enums import Measure, Scope
from langsen.registers.kit.figures import flow

ROUNDS = 10


def _contests_behind(ids: Iterable[int]) -> dict[int, Listed]:
    found = ContestTally.objects.filter(pk__in=list(ids)).select_related("org_unit")
    return {
        tally.pk: Listed(
            label=gettext("%(contest)s (as of %(moment)s)")
            % {"contest": tally.title, "moment": moment_text(tally.copied_at)},
            url=reverse("results:contest", args=[tally.contest_id]),
            unit_name=tally.org_unit.name,
            day=tally.opened_on,
        )
        for tally in found
    }


def _source(name: str, columns: tuple[str, ...], facts: str) -> Source:
    """A source whose lines are contests. No theme of study is known of a contest: asked for one, it is left out."""
    return Source(
        name,
        columns,
        f"{facts} AND {{theme}}",
        theme_filter="FALSE",
        permission=Permission.CONTESTS_READ,
        describe=_contests_behind,
    )


CONTESTS = _source(
    "contests",
    ("total", "quiz", "writing", "other"),
    "SELECT org_unit_id AS unit_id, opened_on AS day, id AS record_id, 1 AS total, "
    f"(kind = '{ContestKind.QUIZ}')::int AS quiz, (kind = '{ContestKind.WRITING}')::int AS writing, "
    f"(kind NOT IN ('{ContestKind.QUIZ}', '{ContestKind.WRITING}'))::int AS other FROM tallies_contesttally WHERE TRUE",
)

_BY_ROUND = ", ".join(
    f"CASE WHEN round_number = {number} THEN attempts ELSE 0 END AS round_{number}" for number in range(1, ROUNDS + 1)
)
TAKING_PART = _source(
    "contest_days",
    (
        "accounts",
        "attempts",
        *(f"round_{number}" for number in range(1, ROUNDS + 1)),
        "later_rounds",
        "all_correct_people",
        "all_correct_attempts",
    ),
    f"SELECT org_unit_id AS unit_id, day, tally_id AS record_id, accounts, attempts, {_BY_ROUND}, "
    f"CASE WHEN round_number > {ROUNDS} THEN attempts ELSE 0 END AS later_rounds, "
    "all_correct_people, all_correct_attempts FROM tallies_daytally WHERE TRUE",
)


def _prize_columns(subject: PrizeSubject) -> dict[str, str]:
    """Column -> SQL of the prizes of one subject: in all, and by rank."""
    of_subject = f"p.subject = '{subject}'"
    return {f"{subject}_all": f"CASE WHEN {of_subject} THEN p.count ELSE 0 END"} | {
        f"{subject}_{rank}": f"CASE WHEN {of_subject} AND p.rank = '{rank}' THEN p.count ELSE 0 END"
        for rank in PrizeRank.values
    }


_PRIZES = _prize_columns(PrizeSubject.UNIT) | _prize_columns(PrizeSubject.PERSON)
PRIZES = _source(
    "contest_prizes",
    tuple(_PRIZES),
    "SELECT p.org_unit_id AS unit_id, p.day, p.tally_id AS record_id, "
    f"{', '.join(f'{sql} AS {column}' for column, sql in _PRIZES.items())} "
    "FROM tallies_prizetally p JOIN tallies_contesttally c ON c.id = p.tally_id "
    f"WHERE c.kind = '{ContestKind.QUIZ}'",
)


def _prizes(row: int, code: str, name: Promise, subject: PrizeSubject) -> tuple[Figure, ...]:
    ranks = {
        PrizeRank.FIRST: _("first prizes"),
        PrizeRank.SECOND: _("second prizes"),
        PrizeRank.THIRD: _("third prizes"),
        PrizeRank.CONSOLATION: _("consolation prizes"),
    }
    whole = flow(row, code, name, PRIZES, f"{subject}_all", measure=Measure.PRIZES, scope=Scope.OWN)
    return (whole, *(_part(whole, rank, words, f"{subject}_{rank}", "rank") for rank, words in ranks.items()))


def _part(whole: Figure, name: str, words: Promise, column: str, breakdown: str) -> Figure:
    assert isinstance(whole.count, Additive)
    return flow(
        whole.row,
        f"{whole.code}.{name}",
        words,
        whole.count.source,
        column,
        measure=whole.measure,
        scope=whole.scope,
        parent=whole.code,
        breakdown=breakdown,
    )


_ROUND_NAMES = (
    _("round 1"),
    _("round 2"),
    _("round 3"),
    _("round 4"),
    _("round 5"),
    _("round 6"),
    _("round 7"),
    _("round 8"),
    _("round 9"),
    _("round 10"),
)

_HELD = flow(59, "contests.contests", _("Contests held"), CONTESTS, "total", scope=Scope.OWN)
_ATTEMPTS = flow(
    61, "contests.attempts", _("Contest attempts"), TAKING_PART, "attempts", measure=Measure.ATTEMPTS, scope=Scope.OWN
)


def _taking_part(row: int, code: str, name: Promise, measure: Measure) -> Figure:
    return flow(row, f"contests.{code}", name, TAKING_PART, code, measure=measure, scope=Scope.OWN)


FIGURES: tuple[Figure, ...] = (
    _HELD,
    _part(_HELD, "quiz", _("quizzes"), "quiz", "kind"),
    _part(_HELD, "writing", _("writing contests"), "writing", "kind"),
    _part(_HELD, "other", pgettext_lazy("contests", "other contests"), "other", "kind"),
    _taking_part(60, "accounts", _("Accounts taking part in contests"), Measure.ACCOUNTS),
    _ATTEMPTS,
    *(
        _part(_ATTEMPTS, f"round_{number}", words, f"round_{number}", "round")
        for number, words in enumerate(_ROUND_NAMES, start=1)
    ),
    _part(_ATTEMPTS, "other", _("later rounds"), "later_rounds", "round"),
    _taking_part(62, "all_correct_people", _("People with every answer right"), Measure.PEOPLE),
    _taking_part(63, "all_correct_attempts", _("Attempts with every answer right"), Measure.ATTEMPTS),
    *_prizes(64, "contests.collective_prizes", _("Collective prizes of contests"), PrizeSubject.UNIT),
    *_prizes(65, "contests.individual_prizes", _("Individual prizes of contests"), PrizeSubject.PERSON),
)
