"""The frozen paper of a round, for the arena and for results: what is drawn from, the keys, the texts."""

from dataclasses import dataclass

from langsen.contests.contests.models import Round
from langsen.contests.quizzes.drawing import Group, Pool
from langsen.contests.quizzes.enums import PaperMode
from langsen.contests.quizzes.grading import Key
from langsen.contests.quizzes.models import DrawRule, PaperPlan, RoundQuestion


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """What an entrant reads of a question, its answers in its own order; no key."""

    text: str
    kind: str
    options: tuple[str, ...]


def pool_of(of: Round) -> Pool:
    """Return what the papers of the round are drawn from; without groups while its paper is not frozen."""
    plan = PaperPlan.objects.filter(round=of).exclude(frozen_at=None).first()
    if plan is None:
        return Pool((), {}, shuffles_questions=False, shuffles_options=False)
    rows = _pool_rows(of)
    members: dict[int, list[int]] = {}
    for row in rows:
        members.setdefault(row.group, []).append(row.number)
    options = {row.number: len(row.version.options) for row in rows}
    if plan.mode == PaperMode.FIXED:
        groups = tuple(Group(len(numbers), tuple(numbers)) for _group, numbers in sorted(members.items()))
    else:
        counts = dict(DrawRule.objects.filter(plan=plan).values_list("position", "count"))
        groups = tuple(Group(counts[at], tuple(numbers)) for at, numbers in sorted(members.items()))
    return Pool(groups, options, plan.shuffles_questions, plan.shuffles_options)


def keys_of(of: Round) -> dict[int, Key]:
    """Return the key in force of every question of the round's pool, by its number."""
    rows = RoundQuestion.objects.filter(round=of).order_by("number")
    return {row.number: Key(row.key, row.is_void) for row in rows}


def paper_texts(of: Round) -> dict[int, PaperQuestion]:
    """Return what entrants read of every question of the round's pool, by its number; no keys."""
    return {
        row.number: PaperQuestion(
            row.version.text, row.version.kind, tuple(str(option["text"]) for option in row.version.options)
        )
        for row in _pool_rows(of)
    }


def _pool_rows(of: Round) -> list[RoundQuestion]:
    return list(RoundQuestion.objects.filter(round=of).select_related("version").order_by("number"))
