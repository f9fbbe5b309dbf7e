"""What the arena's own screens need to show a sample paper to an organiser, without a server behind them."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from langsen.contests.contests.enums import ContestStatus, Prediction
from langsen.contests.contests.models import Contest, Round
from langsen.contests.quizzes.drawing import SEED_BITS
from langsen.contests.quizzes.models import PaperPlan
from langsen.contests.quizzes.queries.plans import sample_paper

_OPEN_FOR = timedelta(days=1)


def sample_of(plan: PaperPlan, *, at: datetime) -> dict[str, Any]:
    """Return a sample paper, drawn anew, and its round as if it were open at `at`; without any key.

    Call it only where nothing blocks the plan.
    """
    of, contest = plan.round, plan.round.contest
    paper = sample_paper(plan, secrets.randbelow(1 << SEED_BITS))
    return {
        "contest": {"title": contest.title, "shows_score": False},
        "entrant": {"number": "TS-000000", "name": _("Somebody trying it out")},
        "round": _round_shown(of, contest, len(paper), at),
        "grace_ms": contest.grace_seconds * 1000,
        "questions": [{"text": one.text, "kind": one.kind, "options": list(one.options)} for one in paper],
        "code": "XXXXX-XXXXX",
        "done": _("This was a preview: nothing was stored, and no score is worked out."),
        "public_pages": None if contest.status == ContestStatus.DRAFT else f"/cuoc-thi/{contest.slug}/",
        "office_page": reverse("contests:contest", args=[contest.pk]),
    }


def _round_shown(of: Round, contest: Contest, questions: int, at: datetime) -> dict[str, Any]:
    asks = contest.prediction != Prediction.NONE
    return {
        "id": of.pk,
        "number": of.number,
        "title": of.title,
        "dry_run": of.is_dry_run,
        "opens_at": _ms(min(of.opens_at, at)),
        "closes_at": _ms(max(of.closes_at, at + _OPEN_FOR)),
        "cap": contest.attempts_per_round,
        "time_limit": contest.time_limit_seconds,
        "questions": questions,
        "prediction": str(Prediction(contest.prediction).label) if asks else None,
    }


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
