"""Pages everybody may read: contests, one contest, its rules and their changes."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.queries.public import public_contest, public_contests
from langsen.contests.contests.queries.steps import front_of
from langsen.contests.contests.rules_page import rules_of
from langsen.contests.contests.views.cookies import knows_code
from langsen.foundation.core.web import page_of


@login_not_required
@require_safe
def contest_list(request: HttpRequest) -> HttpResponse:
    """The contests, those to take part in first."""
    page = page_of(request, public_contests().exclude(status=ContestStatus.CANCELLED), 20)
    now = timezone.now()
    rows = [(one, front_of(one, at=now, knows_code=knows_code(request, one))) for one in page]
    return render(request, "contests/public/list.html", {"page": page, "rows": rows})


@login_not_required
@require_safe
def contest_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One contest: countdown, what to do next, rounds."""
    contest = public_contest(slug)
    front = front_of(contest, at=timezone.now(), knows_code=knows_code(request, contest))
    values = {
        "contest": contest,
        "front": front,
        "rounds": sorted(contest.rounds.all(), key=lambda one: one.number),
        "changes": contest.rule_changes.count(),
    }
    return render(request, "contests/public/contest.html", values)


@login_not_required
@require_safe
def rules_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules in words."""
    contest = public_contest(slug)
    values = {"contest": contest, "sections": rules_of(contest), "changes": contest.rule_changes.all()[:5]}
    return render(request, "contests/public/rules.html", values)


@login_not_required
@require_safe
def changes_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Every change of the rules since the announcement."""
    contest = public_contest(slug)
    values = {"contest": contest, "page": page_of(request, contest.rule_changes.all())}
    return render(request, "contests/public/changes.html", values)
