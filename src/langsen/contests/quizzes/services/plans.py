"""Planning the paper of a round: fixed questions, or rules to draw by. A frozen paper is planned no more."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from langsen.contests.contests.models import Round
from langsen.contests.contests.rules import require_in
from langsen.contests.quizzes.enums import Difficulty, PaperMode, QuestionStatus
from langsen.contests.quizzes.models import Category, DrawRule, PaperPlan, Question, RoundQuestion
from langsen.contests.quizzes.queries.bank import questions_for
from langsen.contests.quizzes.queries.plans import MOST_ON_PAPER
from langsen.contests.stores import STORE
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import changes, record
from langsen.foundation.core.errors import BadInput, Conflict, NotFound


@dataclass(frozen=True)
class RuleFacts:
    """So many questions of a category; `difficulty` None: any."""

    category_id: int
    difficulty: int | None
    count: int


@transaction.atomic(using=STORE)
def save_plan(
    of: Round,
    *,
    mode: str,
    shuffles_questions: bool = True,
    shuffles_options: bool = True,
    rules: Sequence[RuleFacts] = (),
    by: User,
) -> PaperPlan:
    """Say how the papers of the round are made. `rules` are those of a drawn paper, in their order.

    Raises:
        NotAllowed: `by` does not organise the contest.
        Conflict: the paper is frozen.
        BadInput: no such mode, a rule that cannot be, or two rules that would draw the same question.
    """
    plan = _open_plan(of, by=by)
    if mode not in PaperMode.values:
        raise BadInput(_("Choose how the papers are made."), fields={"mode": _("Choose how the papers are made.")})
    if mode == PaperMode.DRAWN:
        _check_rules(rules)
    columns = {"mode": mode, "shuffles_questions": shuffles_questions, "shuffles_options": shuffles_options}
    changed: dict[str, object] = dict(changes({name: getattr(plan, name) for name in columns}, columns))
    for name, value in columns.items():
        setattr(plan, name, value)
    plan.save()
    if mode == PaperMode.DRAWN:
        _write_rules(plan, rules)
        changed["rules"] = [[rule.category_id, rule.difficulty, rule.count] for rule in rules]
    record("paper.planned", plan, by=by, data=changed)
    return plan


@transaction.atomic(using=STORE)
def pick_questions(of: Round, question_ids: Sequence[int], *, by: User) -> PaperPlan:
    """Make these questions, in this order, the fixed paper of the round. They may still have to be checked.

    Raises:
        NotAllowed: `by` does not organise the contest.
        NotFound: a question `by` may not read.
        Conflict: the paper is frozen.
        BadInput: the same question twice, one out of use, or more than fit on a paper.
    """
    plan = _open_plan(of, by=by)
    if len(set(question_ids)) < len(question_ids):
        raise BadInput(_("The same question cannot stand twice on one paper."))
    if len(question_ids) > MOST_ON_PAPER:
        raise BadInput(_("A paper holds at most %(most)s questions.") % {"most": MOST_ON_PAPER})
    found = {question.pk: question for question in questions_for(by).filter(pk__in=question_ids)}
    if len(found) < len(question_ids):
        raise NotFound
    if any(question.status == QuestionStatus.RETIRED for question in found.values()):
        raise BadInput(_("A question that is out of use cannot be picked."))
    _write_picks(plan, [found[key] for key in question_ids])
    record("paper.questions_picked", plan, by=by, data={"questions": list(question_ids)})
    return plan


@transaction.atomic(using=STORE)
def copy_plan(source: PaperPlan, of: Round, *, by: User) -> PaperPlan:
    """Plan the paper of a round as that of another round; questions come with their newest version.

    Raises:
        NotAllowed: `by` does not organise both contests.
        Conflict: the paper of `of` is frozen.
    """
    require_in(by, Permission.CONTESTS_ORGANISE, source.round.contest)
    plan = _open_plan(of, by=by)
    for name in ("mode", "shuffles_questions", "shuffles_options"):
        setattr(plan, name, getattr(source, name))
    plan.save()
    rules = [RuleFacts(rule.category_id, rule.difficulty, rule.count) for rule in source.draw_rules.all()]
    _write_rules(plan, rules)
    if source.mode == PaperMode.FIXED:
        rows = RoundQuestion.objects.filter(round=source.round).select_related("version__question__version")
        kept = [row.version.question for row in rows.order_by("number")]
        _write_picks(plan, [question for question in kept if question.status != QuestionStatus.RETIRED])
    record("paper.copied", plan, by=by, data={"from": str(source.round), "contest": source.round.contest.title})
    return plan


def _open_plan(of: Round, *, by: User) -> PaperPlan:
    """The round's plan, locked and not frozen; made when there is none yet."""
    require_in(by, Permission.CONTESTS_ORGANISE, of.contest)
    PaperPlan.objects.get_or_create(round=of)
    plan = PaperPlan.objects.select_for_update().get(round=of)
    if plan.frozen_at is not None:
        raise Conflict(_("The paper of this round is frozen and changes no more."))
    return plan


def _write_picks(plan: PaperPlan, questions: Sequence[Question]) -> None:
    RoundQuestion.objects.filter(round=plan.round_id).delete()
    RoundQuestion.objects.bulk_create(
        RoundQuestion(round_id=plan.round_id, number=number, version=question.version, key=question.version.key)
        for number, question in enumerate(questions, start=1)
        if question.version is not None
    )


def _write_rules(plan: PaperPlan, rules: Sequence[RuleFacts]) -> None:
    plan.draw_rules.all().delete()
    DrawRule.objects.bulk_create(
        DrawRule(
            plan=plan, position=position, category_id=rule.category_id, difficulty=rule.difficulty, count=rule.count
        )
        for position, rule in enumerate(rules, start=1)
    )


def _check_rules(rules: Sequence[RuleFacts]) -> None:
    known = set(Category.objects.filter(pk__in={rule.category_id for rule in rules}).values_list("pk", flat=True))
    levels: dict[int, set[int | None]] = {}
    for rule in rules:
        if rule.category_id not in known:
            raise BadInput(_("This category does not exist."))
        if rule.difficulty is not None and rule.difficulty not in Difficulty.values:
            raise BadInput(_("Choose easy, medium or hard."))
        if not 1 <= rule.count <= MOST_ON_PAPER:
            raise BadInput(_("Each rule draws from 1 to %(most)s questions.") % {"most": MOST_ON_PAPER})
        seen = levels.setdefault(rule.category_id, set())
        if rule.difficulty in seen or None in seen or (rule.difficulty is None and seen):
            raise BadInput(
                _("Two rules draw from the same questions. For each category use one rule, or one for each difficulty.")
            )
        seen.add(rule.difficulty)
    if sum(rule.count for rule in rules) > MOST_ON_PAPER:
        raise BadInput(_("A paper holds at most %(most)s questions.") % {"most": MOST_ON_PAPER})
