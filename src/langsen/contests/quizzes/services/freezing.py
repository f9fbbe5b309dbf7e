"""Freezing papers: from then on a round's pool is what it is. At the announcement for every round; later by hand."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.contests.contests.enums import ContestKind
from langsen.contests.contests.models import Contest
from langsen.contests.contests.rules import require_in
from langsen.contests.quizzes.hooks import paper_frozen
from langsen.contests.quizzes.models import PaperPlan, Question, RoundQuestion
from langsen.contests.quizzes.queries.plans import MOST_IN_POOL, planned_questions, problems_of
from langsen.contests.stores import STORE
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, Conflict

_BATCH = 1_000


@transaction.atomic(using=STORE)
def freeze_paper(plan: PaperPlan, *, by: User) -> PaperPlan:
    """Fix the pool of the round: which versions, which numbers, which keys; then tell the arena.

    Raises:
        NotAllowed: `by` does not organise the contest.
        Conflict: it is frozen already.
        BadInput: something blocks; the message says what.
    """
    require_in(by, Permission.CONTESTS_ORGANISE, plan.round.contest)
    current = PaperPlan.objects.select_for_update(of=("self",)).select_related("round__contest").get(pk=plan.pk)
    if current.frozen_at is not None:
        raise Conflict(_("The paper of this round is frozen and changes no more."))
    members = planned_questions(current)
    # Nobody changes these questions until the freeze is through.
    keys = [member.version.question_id for member in members]
    list(Question.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    blocking = [problem.message for problem in problems_of(current.round) if problem.blocks]
    if blocking:
        raise BadInput(" ".join(blocking))
    members = planned_questions(current)
    if len(members) > MOST_IN_POOL:
        raise BadInput(_("The pool has more than %(most)s questions.") % {"most": MOST_IN_POOL})
    RoundQuestion.objects.filter(round=current.round).delete()
    RoundQuestion.objects.bulk_create(
        [
            RoundQuestion(
                round=current.round, number=one.number, group=one.group, version=one.version, key=one.version.key
            )
            for one in members
        ],
        batch_size=_BATCH,
    )
    current.frozen_at = timezone.now()
    current.save(update_fields=["frozen_at"])
    record("paper.frozen", current, by=by, data={"questions": len(members)})
    paper_frozen(current.round)
    return current


@transaction.atomic(using=STORE)
def freeze_papers(contest: Contest, by: User) -> None:
    """Freeze the paper of every round of a quiz that is about to be announced.

    Raises:
        BadInput: what is missing, round by round; nothing is frozen then.
    """
    if contest.kind != ContestKind.QUIZ:
        return
    missing, plans = [], []
    for of in contest.rounds.select_related("contest").order_by("number"):
        plan = PaperPlan.objects.filter(round=of).select_related("round__contest").first()
        if plan is not None and plan.frozen_at is not None:
            continue
        missing += [f"{of.title}: {problem.message}" for problem in problems_of(of) if problem.blocks]
        if plan is not None:
            plans.append(plan)
    if missing:
        raise BadInput(" ".join(missing))
    for plan in plans:
        freeze_paper(plan, by=by)
