"""The plan of a round's paper before it is frozen: what it would hold, what is wrong with it, samples."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from langsen.contests.contests.models import Contest, Round
from langsen.contests.contests.rules import organisers_where, require_in
from langsen.contests.quizzes.drawing import draw_paper
from langsen.contests.quizzes.enums import PaperMode, QuestionStatus
from langsen.contests.quizzes.models import Category, DrawRule, PaperPlan, Question, RoundQuestion
from langsen.contests.quizzes.queries.papers import PaperQuestion, Planned, frozen_questions, paper_question, pool_from
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.text import number_text

MOST_ON_PAPER = 200
MOST_IN_POOL = 5_000
MOST_TO_COPY = 100
_SHOWN = 5


@dataclass(frozen=True)
class Problem:
    """Something about a plan; one that `blocks` must be mended before the paper can be frozen."""

    message: str
    blocks: bool = True


def organised_contests(user: User) -> QuerySet[Contest]:
    """Return the contests whose papers `user` plans: those they organise."""
    return Contest.objects.filter(organiser_id__in=organisers_where(user, Permission.CONTESTS_ORGANISE))


def organised_contest(user: User, pk: int) -> Contest:
    """Return a contest whose papers `user` plans; papers are confidential, so reading the contest is not enough.

    Raises:
        NotFound: there is none, or `user` may not see it.
        NotAllowed: visible, but organised by others.
    """
    readable = organisers_where(user, Permission.CONTESTS_READ)
    contest = Contest.objects.filter(organiser_id__in=readable, pk=pk).first()
    if contest is None:
        raise NotFound
    require_in(user, Permission.CONTESTS_ORGANISE, contest)
    return contest


def plan_of(of: Round) -> PaperPlan | None:
    """Return the plan of the round's paper, if anybody made one."""
    return PaperPlan.objects.filter(round=of).select_related("round__contest").first()


def eligible(category: Category, difficulty: int | None) -> QuerySet[Question]:
    """Return the questions a draw rule may take: checked, of that category and difficulty (None: any)."""
    rows = Question.objects.filter(category=category, status=QuestionStatus.CHECKED).select_related("version")
    if difficulty is not None:
        rows = rows.filter(version__difficulty=difficulty)
    return rows.order_by("pk")


def eligible_counts(categories: Sequence[Category]) -> dict[int, dict[int, int]]:
    """Return how many checked questions each category has: {category key: {difficulty: count, 0: all}}."""
    rows = (
        Question.objects.filter(category__in=categories, status=QuestionStatus.CHECKED)
        .order_by("category_id", "version__difficulty")
        .values_list("category_id", "version__difficulty")
        .annotate(count=Count("pk"))
    )
    found: dict[int, dict[int, int]] = {category.pk: {0: 0} for category in categories}
    for category_id, difficulty, count in rows:
        found[category_id][difficulty] = count
        found[category_id][0] += count
    return found


def picked(of: Round) -> list[Question]:
    """Return the questions picked for a fixed paper in their order, as they stand in the bank now."""
    rows = RoundQuestion.objects.filter(round=of).select_related(
        "version__question__version", "version__question__category"
    )
    return [row.version.question for row in rows.order_by("number")]


def planned_questions(plan: PaperPlan) -> list[Planned]:
    """Return the pool the plan would give now: newest versions, numbered from 1, group by group; frozen: as it is."""
    if plan.frozen_at is not None:
        return frozen_questions(plan.round)
    if plan.mode == PaperMode.FIXED:
        grouped = [(0, question) for question in picked(plan.round)]
    else:
        rules = DrawRule.objects.filter(plan=plan).select_related("category").order_by("position")
        grouped = [(rule.position, one) for rule in rules for one in eligible(rule.category, rule.difficulty)]
    pairs = [(group, question.version) for group, question in grouped if question.version is not None]
    return [Planned(number, group, version) for number, (group, version) in enumerate(pairs, start=1)]


def sample_paper(plan: PaperPlan, seed: int) -> list[PaperQuestion]:
    """Return the paper the plan would give for `seed`, as the entrant sees it; the draw is the arena's own.

    Call it only where `problems_of` names nothing that blocks.
    """
    members = planned_questions(plan)
    drawn = draw_paper(pool_from(plan, members), seed)
    texts = {member.number: paper_question(member.version) for member in members}
    shown = []
    for number, order in zip(drawn.questions, drawn.orders, strict=True):
        own = texts[number]
        shown.append(PaperQuestion(own.text, own.kind, tuple(own.options[index] for index in order)))
    return shown


def problems_of(of: Round) -> list[Problem]:
    """Return everything there is to say about the round's plan, what blocks first."""
    plan = plan_of(of)
    if plan is None:
        return [Problem(_("No paper is planned for this round yet."))]
    found = _fixed_problems(of) if plan.mode == PaperMode.FIXED else _drawn_problems(plan)
    return [*found, *_earlier_uses(plan)]


def _fixed_problems(of: Round) -> list[Problem]:
    questions = picked(of)
    if not questions:
        return [Problem(_("The paper has no questions yet."))]
    found = []
    times = Counter(question.pk for question in questions)
    if twice := [f"#{key}" for key, count in times.items() if count > 1]:
        found.append(Problem(_("The same question stands twice: %(which)s.") % {"which": _some(twice)}))
    unchecked = [f"#{question.pk}" for question in questions if question.status != QuestionStatus.CHECKED]
    if unchecked:
        facts = {"count": number_text(len(unchecked)), "which": _some(unchecked)}
        found.append(Problem(_("%(count)s questions are not checked: %(which)s.") % facts))
    return found


def _drawn_problems(plan: PaperPlan) -> list[Problem]:
    rules = list(DrawRule.objects.filter(plan=plan).select_related("category").order_by("position"))
    if not rules:
        return [Problem(_("The paper has no rule for drawing questions yet."))]
    found = []
    for rule in rules:
        there = eligible(rule.category, rule.difficulty).count()
        if there < rule.count:
            facts = {"rule": rule_words(rule), "there": number_text(there), "wanted": number_text(rule.count)}
            message = _("%(rule)s: %(wanted)s questions are to be drawn, %(there)s checked ones are there.")
            found.append(Problem(message % facts))
    return found


def rule_words(rule: DrawRule) -> str:
    """Name what a rule draws from: the category and the difficulty."""
    level = rule.get_difficulty_display() if rule.difficulty else _("any difficulty")
    return f"{rule.category.name}, {level}"


def _earlier_uses(plan: PaperPlan) -> list[Problem]:
    """Point out questions that stood on the frozen paper of another round: in a dry run their keys may be known."""
    keys = {member.version.question_id for member in planned_questions(plan)}
    uses = (
        RoundQuestion.objects.filter(version__question__in=keys)
        .exclude(round=plan.round)
        .exclude(round__paper_plan__frozen_at=None)
        .order_by("-round__opens_at", "-round_id")
        .values_list("round_id", "round__contest__title", "round__title")
        .annotate(count=Count("version__question", distinct=True))
    )
    message = _("%(count)s questions stand on the paper of another round too: %(contest)s, %(round)s.")
    return [
        Problem(message % {"count": number_text(count), "contest": contest, "round": of}, blocks=False)
        for _key, contest, of, count in uses[:_SHOWN]
    ]


def _some(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} …" if more > 0 else shown


def plans_to_copy(of: Round, contests: QuerySet[Contest]) -> list[PaperPlan]:
    """Return the plans of other rounds of these contests, newest first."""
    rows = PaperPlan.objects.filter(round__contest__in=contests).exclude(round=of).select_related("round__contest")
    return list(rows.order_by("-round__opens_at", "-pk")[:MOST_TO_COPY])
