"""The frozen paper of a round, for the arena and for results: what is drawn from, the keys, the texts."""

from collections.abc import Iterable
from dataclasses import dataclass

from langsen.contests.contests.models import Round
from langsen.contests.quizzes.drawing import Group, Pool
from langsen.contests.quizzes.enums import PaperMode
from langsen.contests.quizzes.grading import Key
from langsen.contests.quizzes.models import DrawRule, PaperPlan, QuestionVersion, RoundQuestion


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """What an entrant reads of a question, its answers in its own order; no key."""

    text: str
    kind: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """A question of a pool: its number in the round, its group (the position of its draw rule, 0 for fixed papers)."""

    number: int
    group: int
    version: QuestionVersion


def pool_of(of: Round) -> Pool:
    """Return what the papers of the round are drawn from; without groups while its paper is not frozen."""
    plan = PaperPlan.objects.filter(round=of).exclude(frozen_at=None).first()
    if plan is None:
        return Pool((), {}, shuffles_questions=False, shuffles_options=False)
    return pool_from(plan, frozen_questions(of))


def frozen_questions(of: Round) -> list[Planned]:
    """Return the pool of a round whose paper is frozen."""
    return [Planned(row.number, row.group, row.version) for row in _rows(of)]


def pool_from(plan: PaperPlan, members: Iterable[Planned]) -> Pool:
    """Return the pool of these questions under the switches and counts of `plan`."""
    counts: dict[int, int] = {}
    if plan.mode == PaperMode.DRAWN:
        counts = dict(DrawRule.objects.filter(plan=plan).values_list("position", "count"))
    numbers: dict[int, list[int]] = {}
    options: dict[int, int] = {}
    for member in members:
        numbers.setdefault(member.group, []).append(member.number)
        options[member.number] = len(member.version.options)
    groups = tuple(
        Group(counts.get(group, len(found)), tuple(sorted(found))) for group, found in sorted(numbers.items())
    )
    return Pool(groups, options, plan.shuffles_questions, plan.shuffles_options)


def keys_of(of: Round) -> dict[int, Key]:
    """Return the key in force of every question of the round's pool, by its number."""
    rows = RoundQuestion.objects.filter(round=of).order_by("number")
    return {row.number: Key(row.key, row.is_void) for row in rows}


def paper_texts(of: Round) -> dict[int, PaperQuestion]:
    """Return what entrants read of every question of the round's pool, by its number; no keys."""
    return {row.number: paper_question(row.version) for row in _rows(of)}


def paper_question(version: QuestionVersion) -> PaperQuestion:
    """Return what entrants read of a version."""
    return PaperQuestion(version.text, version.kind, tuple(str(option["text"]) for option in version.options))


def _rows(of: Round) -> list[RoundQuestion]:
    return list(RoundQuestion.objects.filter(round=of).select_related("version").order_by("number"))
