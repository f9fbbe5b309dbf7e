"""The arena's page in the office: the screens of an entrant on a sample paper."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from langsen.contests.arena.pages.assets import LANGUAGES, address_of
from langsen.contests.arena.pages.shell import HTML, TEXT_COOKIE, TEXT_SIZES, drawn
from langsen.contests.arena.previews import sample_of
from langsen.contests.contests.models import Round
from langsen.contests.quizzes.queries import plans
from langsen.contests.quizzes.services import record_samples
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import NotFound


@never_cache
@require_safe
def preview_page(request: SignedIn, pk: int, number: int) -> HttpResponseBase:
    """The phone client on a sample paper, for who organises the contest; nothing of it is stored anywhere."""
    contest = plans.organised_contest(request.user, pk)
    of = Round.objects.filter(contest=contest, number=number).first()
    plan = plans.plan_of(of) if of else None
    if of is None or plan is None:
        raise NotFound
    samples_href = reverse("quizzes:samples", args=[pk, number])
    if plan.frozen_at is None and any(problem.blocks for problem in plans.problems_of(of)):
        return redirect(samples_href)  # it says what is to be done first
    record_samples(plan, by=request.user)
    language = next((one for one in LANGUAGES if one == get_language()), LANGUAGES[0])
    size = request.COOKIES.get(TEXT_COOKIE, "")
    page = drawn(
        "arena/preview.html",
        language,
        size if size in TEXT_SIZES else TEXT_SIZES[0],
        contest.slug,
        contest.title,
        known=True,
        script=address_of(f"preview-{language}.js"),
        preview_css=address_of("preview.css"),
        sample=sample_of(plan, at=timezone.now()),
        back_href=reverse("quizzes:paper", args=[pk, number]),
        samples_href=samples_href,
    )
    return HttpResponse(page, content_type=HTML)
