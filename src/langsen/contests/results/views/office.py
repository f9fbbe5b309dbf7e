"""The office's pages of results: contests, one contest, publishing, appeals, item analysis, unusual signs."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from langsen.contests.contests.models import Contest, EntrantFlag, Round
from langsen.contests.results.forms.office import AnswerForm
from langsen.contests.results.models import Appeal, ItemFigure, Publication, ResultBundle, ResultTotals
from langsen.contests.results.queries.office import appeals_of, contest_with_results, contests_with_results, decides
from langsen.contests.results.queries.proposals import drift_of, proposal_for
from langsen.contests.results.rules import item_advice
from langsen.contests.results.services import appeals as answering
from langsen.contests.results.services import publishing
from langsen.contests.results.services.publishing import start_judging
from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import has_permission_somewhere
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import BadInput, NotAllowed
from langsen.foundation.core.text import number_text
from langsen.foundation.core.web import page_of


@require_safe
def contests(request: SignedIn) -> HttpResponse:
    """Contests, each with what it waits for."""
    if not has_permission_somewhere(request.user, Permission.CONTESTS_READ):
        raise NotAllowed
    page = page_of(request, contests_with_results(request.user))
    totals = {
        one.contest_id: one for one in ResultTotals.objects.filter(contest__in=[row.pk for row in page], round=None)
    }
    rows = [(one, totals.get(one.pk)) for one in page]
    return render(request, "results/office/contests.html", {"page": page, "rows": rows})


@require_safe
def contest(request: SignedIn, pk: int) -> HttpResponse:
    """One contest: figures of its rounds, what comes next."""
    shown = contest_with_results(request.user, pk)
    totals = {one.round_id: one for one in ResultTotals.objects.filter(contest=shown)}
    rounds = shown.rounds.filter(is_dry_run=False).order_by("number")
    values = {
        "contest": shown,
        "decides": decides(request.user, shown),
        "total": totals.get(None),
        "rounds": [(one, totals.get(one.pk)) for one in rounds],
        "bundle": ResultBundle.objects.filter(contest=shown).order_by("-version").first(),
        "publication": Publication.objects.filter(contest=shown).order_by("-pk").first(),
        "all_closed": bool(rounds) and not any(one.closed_at is None for one in rounds),
    }
    return render(request, "results/office/contest.html", values)


@require_POST
def begin_judging(request: SignedIn, pk: int) -> HttpResponse:
    """Hand a contest whose rounds are closed to the jury."""
    start_judging(contest_with_results(request.user, pk), by=request.user)
    messages.success(request, _("The jury now decides the prizes."))
    return redirect("results:prizes", pk=pk)


@require_POST
def publish_round(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """Publish the results of one round."""
    shown = contest_with_results(request.user, pk)
    publishing.publish_round(get_object_or_404(Round, contest=shown, number=number), by=request.user)
    messages.success(request, _("The results of the round are published."))
    return redirect("results:contest", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedIn, pk: int) -> HttpResponse:
    """Publish the whole contest, after saying what that means."""
    shown = contest_with_results(request.user, pk)
    if request.method == "POST":
        publishing.ask_to_publish(shown, by=request.user)
        return redirect("results:contest", pk=pk)
    values = {
        "title": _("Publish the results of the contest"),
        "message": shown.title,
        "consequences": [
            *_drift_words(shown),
            _("Standings, prizes, draws and the bundle become public."),
            _("Names are shown in part, or in full where the person agreed."),
            _("A wrong key found later is regraded with a public notice."),
        ],
        "action": _("Publish"),
        "cancel_href": f"/ket-qua-thi/{pk}/",
    }
    return render(request, "ui/confirm.html", values)


def _drift_words(shown: Contest) -> Iterator[str]:
    """What the jury is told before it publishes prizes that are not what the rules give now."""
    drift = drift_of(shown, proposal_for(shown))
    if drift.unfounded:
        yield ngettext(
            "Look at the page of prizes first: %(count)s decided prize would not be given by the rules now.",
            "Look at the page of prizes first: %(count)s decided prizes would not be given by the rules now.",
            len(drift.unfounded),
        ) % {"count": number_text(len(drift.unfounded))}
    if drift.missing:
        yield ngettext(
            "Look at the page of prizes first: %(count)s prize the rules give now is not proposed.",
            "Look at the page of prizes first: %(count)s prizes the rules give now are not proposed.",
            len(drift.missing),
        ) % {"count": number_text(len(drift.missing))}


@require_safe
def items(request: SignedIn, pk: int) -> HttpResponse:
    """Item analysis: what each question did, in figures and plain advice."""
    shown = contest_with_results(request.user, pk)
    rows = (
        ItemFigure.objects.filter(round__contest=shown)
        .select_related("round")
        .order_by("round__number", "question_number")
    )
    page = page_of(request, rows)
    papers: dict[str, object] = {}
    for one in page:
        one.advice = item_advice(one.values)
        papers.setdefault(one.round.title, one.values.get("consistency"))
    values = {"contest": shown, "page": page, "papers": papers.items()}
    return render(request, "results/office/items.html", values)


@require_safe
def signals(request: SignedIn, pk: int) -> HttpResponse:
    """Unusual signs, for a person to look at; deciding about an entrant is done on the entrants' pages."""
    shown = contest_with_results(request.user, pk)
    rows = EntrantFlag.objects.filter(entrant__contest=shown).select_related("entrant__unit")
    return render(request, "results/office/signals.html", {"contest": shown, "page": page_of(request, rows)})


@require_safe
def appeals(request: SignedIn, pk: int) -> HttpResponse:
    """Appeals, those that wait first."""
    shown = contest_with_results(request.user, pk)
    values = {
        "contest": shown,
        "page": page_of(request, appeals_of(shown).order_by("-status", "raised_at", "pk")),
        "decides": decides(request.user, shown),
    }
    return render(request, "results/office/appeals.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: SignedIn, pk: int, appeal: int) -> HttpResponse:
    """Answer one appeal."""
    shown = contest_with_results(request.user, pk)
    held = get_object_or_404(Appeal.objects.select_related("entrant", "contest"), contest=shown, pk=appeal)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answering.answer_appeal(
                held, accepted=form.cleaned_data["accepted"], answer=form.cleaned_data["answer"], by=request.user
            )
        except BadInput as error:
            form.add_error("answer", str(error.message))
        else:
            messages.success(request, _("The answer is kept; the entrant reads it with their code."))
            return redirect("results:appeals", pk=pk)
    status = 422 if request.method == "POST" else 200
    values = {"contest": shown, "appeal": held, "form": form, "decides": decides(request.user, shown)}
    return render(request, "results/office/appeal.html", values, status=status)
