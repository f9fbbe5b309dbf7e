"""The papers of a contest's rounds: planned, tried, copied, frozen."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from langsen.contests.contests.models import Contest, Round
from langsen.contests.contests.views.tabs import tabs_of
from langsen.contests.quizzes import services
from langsen.contests.quizzes.drawing import SEED_BITS
from langsen.contests.quizzes.enums import PaperMode, QuestionStatus
from langsen.contests.quizzes.forms import CopyForm, PlanForm, QuestionFilter, SampleForm
from langsen.contests.quizzes.models import Category, PaperPlan
from langsen.contests.quizzes.queries import bank, plans
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput, NotFound
from langsen.foundation.core.web import page_of
from langsen.registers.kit import views as kit

SAMPLES = 3


def _contest(request: HttpRequest, pk: int) -> Contest:
    return plans.organised_contest(kit.signed_in(request), pk)


def _round(request: HttpRequest, pk: int, number: int) -> Round:
    found = Round.objects.filter(contest=_contest(request, pk), number=number).select_related("contest").first()
    if found is None:
        raise NotFound
    return found


def _here(of: Round) -> str:
    return reverse("quizzes:paper", args=[of.contest_id, of.number])


@require_safe
def papers_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The rounds of a contest and how far their papers are."""
    contest = _contest(request, pk)
    rows = []
    for of in contest.rounds.order_by("number"):
        plan = plans.plan_of(of)
        frozen = plan is not None and plan.frozen_at is not None
        problems = [] if frozen else plans.problems_of(of)
        rows.append({"round": of, "plan": plan, "href": _here(of), "problems": problems})
    values = {"contest": contest, "rows": rows, "title": _("Papers"), "tabs": tabs_of(contest, "papers")}
    return render(request, "quizzes/papers.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def paper_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The plan of one round: how its papers are made, its questions or rules, what is wrong with it."""
    of, user = _round(request, pk, number), kit.signed_in(request)
    if request.method == "POST" and request.POST.get("action") == "order":
        return _reorder(request, of, user)
    plan = plans.plan_of(of)
    frozen = plan is not None and plan.frozen_at is not None
    form = _plan_form(request, plan, user)
    saved = kit.attempt(form, lambda: _save(of, form, user))
    if saved is not None:
        messages.success(request, _("The plan of the paper is saved."))
        return redirect(_here(of))
    values = {
        "round": of,
        "contest": of.contest,
        "plan": plan,
        "is_frozen": frozen,
        "is_drawn": plan is not None and plan.mode == PaperMode.DRAWN,
        "picked": plans.picked(of) if plan is not None and not frozen else [],
        "pool_size": of.questions.count() if frozen else 0,
        "problems": [] if frozen else plans.problems_of(of),
        "can_freeze": plan is not None and not frozen and not any(one.blocks for one in plans.problems_of(of)),
    }
    return kit.draw(request, "quizzes/paper.html", form, values)


def _plan_form(request: HttpRequest, plan: PaperPlan | None, user: User) -> PlanForm:
    used = [rule.category_id for rule in plan.draw_rules.all()] if plan else []
    categories = list(bank.categories_for(user) | Category.objects.filter(pk__in=used))
    return PlanForm(
        request.POST if request.method == "POST" else None,
        initial=PlanForm.initial_of(plan),
        categories=categories,
        counts=plans.eligible_counts(categories),
        banks={unit.pk: unit.name for unit in bank.owners_of(user)},
    )


def _save(of: Round, form: PlanForm, user: User) -> PaperPlan:
    data = form.cleaned_data
    return services.save_plan(
        of,
        mode=data["mode"],
        shuffles_questions=data["shuffles_questions"],
        shuffles_options=data["shuffles_options"],
        rules=form.rules(),
        by=user,
    )


def _reorder(request: HttpRequest, of: Round, user: User) -> HttpResponse:
    """Put the picked questions in the order of the numbers typed; those ticked are taken off."""
    kept = []
    for place, question in enumerate(plans.picked(of), start=1):
        typed = request.POST.get(f"place_{question.pk}", "")
        wanted = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else place
        if f"drop_{question.pk}" not in request.POST:
            kept.append((wanted, place, question.pk))
    services.pick_questions(of, [key for _wanted, _place, key in sorted(kept)], by=user)
    messages.success(request, _("The questions of the paper are saved."))
    return redirect(_here(of))


@require_http_methods(["GET", "HEAD", "POST"])
def pick_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Choose questions of the bank for a fixed paper."""
    of, user = _round(request, pk, number), kit.signed_in(request)
    there = [question.pk for question in plans.picked(of)]
    if request.method == "POST":
        ticked = [int(key) for key in request.POST.getlist("question") if key.isascii() and key.isdigit()]
        if not ticked:
            raise BadInput(_("Tick the questions first."))
        services.pick_questions(of, list(dict.fromkeys([*there, *ticked])), by=user)
        messages.success(request, _("The questions of the paper are saved."))
        return redirect(_here(of))
    form = QuestionFilter(request.GET, user=user)
    rows = bank.questions_for(user, form.filters()).exclude(status=QuestionStatus.RETIRED)
    values = {
        "round": of,
        "contest": of.contest,
        "form": form,
        "page": page_of(request, rows.order_by("pk")),
        "there": there,
        "back_href": _here(of),
    }
    return render(request, "quizzes/pick.html", values)


@require_safe
def samples_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Three papers as entrants would get them, from seeds; no keys."""
    of, user = _round(request, pk, number), kit.signed_in(request)
    plan = plans.plan_of(of)
    if plan is None:
        raise NotFound
    form = SampleForm(request.GET)
    chosen = form.cleaned_data.get("seed") if form.is_valid() else None
    first = secrets.randbelow((1 << SEED_BITS) - SAMPLES) if chosen is None else chosen
    problems = [] if plan.frozen_at else [problem for problem in plans.problems_of(of) if problem.blocks]
    samples = []
    if not problems:
        services.record_samples(plan, by=user)
        samples = [(first + step, plans.sample_paper(plan, first + step)) for step in range(SAMPLES)]
    values = {"round": of, "contest": of.contest, "form": form, "samples": samples, "problems": problems}
    return render(request, "quizzes/samples.html", {**values, "seed": first, "back_href": _here(of)})


@require_http_methods(["GET", "HEAD", "POST"])
def freeze_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Ask, then freeze the paper of one round."""
    of, user = _round(request, pk, number), kit.signed_in(request)
    plan = plans.plan_of(of)
    if plan is None:
        raise NotFound
    if request.method == "POST":
        services.freeze_paper(plan, by=user)
        messages.success(request, _("The paper is frozen."))
        return redirect(_here(of))
    values = {
        "title": _("Freeze the paper: %(round)s") % {"round": of.title},
        "message": of.contest.title,
        "consequences": [
            _("From now on its questions, their wording and their keys change no more."),
            _("A change of a question in the bank does not reach this paper."),
            _("Who opens one of its keys before the round closes is recorded."),
        ],
        "action": _("Freeze the paper"),
        "cancel_href": _here(of),
    }
    return render(request, "ui/confirm.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def copy_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Choose the round whose plan this round takes over."""
    of, user = _round(request, pk, number), kit.signed_in(request)
    sources = plans.plans_to_copy(of, plans.organised_contests(user))
    form = CopyForm(
        request.POST if request.method == "POST" else None,
        sources=[(plan.pk, f"{plan.round.contest.title} · {plan.round.title}") for plan in sources],
    )

    def copy() -> PaperPlan:
        source = next(plan for plan in sources if plan.pk == form.cleaned_data["source"])
        return services.copy_plan(source, of, by=user)

    if kit.attempt(form, copy) is not None:
        messages.success(request, _("The plan of the paper is saved."))
        return redirect(_here(of))
    values: dict[str, Any] = {
        "title": _("Copy a plan to: %(round)s") % {"round": of.title},
        "message": of.contest.title,
        "consequences": [
            _("What is planned here now is replaced."),
            _("Questions come with their newest wording; those not checked since must be checked."),
        ],
        "action": _("Copy the plan"),
        "cancel_href": _here(of),
    }
    return kit.draw(request, "ui/confirm.html", form, values)
