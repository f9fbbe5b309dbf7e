"""Who saw the keys: the key of a question on a frozen paper is confidential until its round has closed."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from langsen.contests.quizzes.models import PaperPlan, Question
from langsen.contests.quizzes.queries.bank import secret_uses
from langsen.contests.stores import STORE
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record


@transaction.atomic(using=STORE)
def record_samples(plan: PaperPlan, *, by: User) -> None:
    """Record that `by` looked at sample papers of a frozen paper before its round has closed: what will be asked."""
    if plan.frozen_at is not None and plan.round.closes_at > timezone.now():
        record("paper.sampled", plan, by=by)


@transaction.atomic(using=STORE)
def record_reading(questions: Sequence[Question], *, exported: str = "", by: User) -> dict[int, list[str]]:
    """Record that `by` is shown the keys of these questions; return the rounds that keep them secret, by question.

    Only questions of a frozen paper whose round has not closed are recorded. `exported` names the file format when
    the keys leave in a file.
    """
    secret = secret_uses(questions)
    for question in questions:
        if question.pk in secret:
            facts: dict[str, object] = {"rounds": "; ".join(secret[question.pk])}
            if exported:
                facts["format"] = exported
            record("question.exported" if exported else "question.read", question, by=by, data=facts)
    return secret
