"""The jury's desk: prizes, draws by lot, regradings."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from langsen.contests.contests.models import Contest
from langsen.contests.results.engine.prizes import CAP_CONTEST, CAP_ROUND
from langsen.contests.results.forms.office import NewKeyForm, NumbersForm, ReasonForm, SourcesForm
from langsen.contests.results.models import Draw, PrizeAward, Regrading
from langsen.contests.results.queries.office import awards_of, contest_with_results, decides
from langsen.contests.results.queries.proposals import closed_rounds, drift_of, proposal_for
from langsen.contests.results.services import draws as drawing
from langsen.contests.results.services import prizes as deciding
from langsen.contests.results.services.regrading import Effect, NewKey, regrade, regrading_preview
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.web import page_of

_WITH_REASON = {
    "pass-over": deciding.pass_over,
    "withdraw": deciding.withdraw_prize,
    "reconsider": deciding.reconsider_prize,
}
_AT_ONCE = {"decide": deciding.decide_prize, "hand-over": deciding.hand_over_prize}


@require_safe
def prizes(request: SignedIn, pk: int) -> HttpResponse:
    """Prizes proposed by rule and what the jury decided; who was passed over and why."""
    shown = contest_with_results(request.user, pk)
    proposal = proposal_for(shown)
    values = {
        "contest": shown,
        "decides": decides(request.user, shown),
        "page": page_of(request, awards_of(shown)),
        "passed": [{"one": one, "words": _reason_words(one.reason)} for one in proposal.passed],
        "ties": proposal.ties,
        "drift": drift_of(shown, proposal) if closed_rounds(shown) else None,
    }
    return render(request, "results/office/prizes.html", values)


def _reason_words(reason: str) -> str:
    words = {
        CAP_ROUND: _("has as many prizes in this round as the rules allow"),
        CAP_CONTEST: _("has as many prizes as the rules allow"),
    }
    return words.get(reason, reason)


@require_POST
def propose(request: SignedIn, pk: int) -> HttpResponse:
    """Propose by the rules."""
    shown = contest_with_results(request.user, pk)
    proposal = deciding.propose_prizes(shown, by=request.user)
    messages.success(request, _("Proposed by the rules: %(count)s prizes.") % {"count": len(proposal.awards)})
    return redirect("results:prizes", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: SignedIn, pk: int, award: int, what: str) -> HttpResponse:
    """Decide, pass over, withdraw, put back in line, hand over; what needs grounds asks for them."""
    shown = contest_with_results(request.user, pk)
    held = get_object_or_404(
        PrizeAward.objects.select_related("prize_rule__contest"), prize_rule__contest=shown, pk=award
    )
    if what in _AT_ONCE:
        if request.method == "POST":
            _AT_ONCE[what](held, by=request.user)
            messages.success(request, _("Recorded."))
        return redirect("results:prizes", pk=pk)
    if what not in _WITH_REASON:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _WITH_REASON[what](held, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Recorded."))
        return redirect("results:prizes", pk=pk)
    values = {"contest": shown, "award": held, "form": form, "what": what, "decides": decides(request.user, shown)}
    return render(request, "results/office/grounds.html", values, status=422 if request.method == "POST" else 200)


@require_safe
def draws(request: SignedIn, pk: int) -> HttpResponse:
    """Ties that wait for a draw, and draws announced and held."""
    shown = contest_with_results(request.user, pk)
    rows = Draw.objects.filter(contest=shown).select_related("round", "prize_rule")
    announced = [set(one.listed) for one in rows if one.drawn_at is None]
    ties = [
        (place, tie) for place, tie in enumerate(proposal_for(shown).ties)
        if not any(set(tie.listed) <= listed for listed in announced)
    ]  # fmt: skip
    values = {"contest": shown, "ties": ties, "page": page_of(request, rows), "decides": decides(request.user, shown)}
    return render(request, "results/office/draws.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def announce_draw(request: SignedIn, pk: int, tie: int) -> HttpResponse:
    """Announce the draw for one of the ties."""
    shown = contest_with_results(request.user, pk)
    ties = proposal_for(shown).ties
    if tie >= len(ties):
        raise Http404
    form = SourcesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sources = [drawing.Source(name, day) for name, day in form.sources()]
        try:
            drawing.announce_draw(shown, ties[tie], sources, by=request.user)
        except BadInput as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The draw is announced: the list and the numbers to come are public."))
            return redirect("results:draws", pk=pk)
    values = {"contest": shown, "tie": ties[tie], "form": form, "decides": decides(request.user, shown)}
    return render(request, "results/office/announce.html", values, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def hold_draw(request: SignedIn, pk: int, draw: int) -> HttpResponse:
    """Type the numbers that came out and draw, once."""
    shown = contest_with_results(request.user, pk)
    held = get_object_or_404(Draw.objects.select_related("contest"), contest=shown, pk=draw)
    form = NumbersForm(held.sources, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            drawing.hold_draw(held, form.numbers(), by=request.user)
        except BadInput as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Drawn. The transcript is public."))
            return redirect("results:draws", pk=pk)
    values = {"contest": shown, "draw": held, "form": form, "decides": decides(request.user, shown)}
    return render(request, "results/office/hold.html", values, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def regradings(request: SignedIn, pk: int) -> HttpResponse:
    """Regradings so far; a wrong key: first what would change, then, with a reason, the regrading itself."""
    shown = contest_with_results(request.user, pk)
    form = NewKeyForm(shown, request.POST or None)
    effect: Effect | None = None
    if request.method == "POST" and form.is_valid():
        try:
            effect = _regraded(request, shown, form)
        except (BadInput, Conflict) as error:
            form.add_error(None, str(error.message))
        else:
            if effect is None:
                return redirect("results:regradings", pk=pk)
    rows = Regrading.objects.filter(round__contest=shown).select_related("round")
    values = {
        "contest": shown,
        "form": form,
        "effect": effect,
        "changes": effect.changes[:200] if effect else [],
        "page": page_of(request, rows),
        "decides": decides(request.user, shown),
    }
    refused = request.method == "POST" and effect is None
    return render(request, "results/office/regradings.html", values, status=422 if refused else 200)


def _regraded(request: SignedIn, shown: Contest, form: NewKeyForm) -> Effect | None:
    """Show what would change; with "do" pressed, do it."""
    data = form.cleaned_data
    of = closed_rounds(shown)[data["round"]]
    new = NewKey(data["number"], data.get("mask", 0), void=data["void"])
    if "do" not in request.POST:
        return regrading_preview(of, new, by=request.user)
    made = regrade(of, new, reason=data["reason"], by=request.user)
    messages.success(
        request, _("Regraded: %(count)s results changed. The notice is public.") % {"count": len(made.effect)}
    )
    return None
