"""What papers lack before their contest can be announced, for the organiser's list."""

from collections.abc import Iterator

from django.urls import reverse

from langsen.contests.contests.enums import ContestKind
from langsen.contests.contests.hooks import Missing
from langsen.contests.contests.models import Contest
from langsen.contests.quizzes.queries.plans import plan_of, problems_of


def missing_papers(contest: Contest) -> Iterator[Missing]:
    """Yield what is wrong with the paper of each round: what keeps it from being frozen, and what is worth a look."""
    if contest.kind != ContestKind.QUIZ:
        return
    for of in contest.rounds.order_by("number"):
        plan = plan_of(of)
        if plan is not None and plan.frozen_at is not None:
            continue
        href = reverse("quizzes:paper", args=[contest.pk, of.number])
        for problem in problems_of(of):
            yield Missing(f"{of.title}: {problem.message}", href, stops=problem.blocks)
