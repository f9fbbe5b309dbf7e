"""The office's ranking and parts of a contest, also before anything is published."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from langsen.contests.contests.models import Contest, Round
from langsen.contests.results.papers import results_pdf
from langsen.contests.results.queries import pages
from langsen.contests.results.queries.office import begun_rounds, contest_with_results, round_of
from langsen.contests.results.queries.parts import part_tables
from langsen.contests.results.queries.ranked import Ranking, totals_of
from langsen.contests.results.sheets import parts_sheet, sheet_parts, standings_sheet
from langsen.contests.results.views.public import asked_part, pdf_response
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.sheets.views import sheet_response


@require_safe
def standings(request: SignedIn, pk: int) -> HttpResponse:
    """The ranking of a round, also while it is under way, or of the whole contest."""
    shown, of, rounds = _asked(request, pk)
    typed = request.GET.get("q", "").strip()
    ranking = Ranking(shown, of)
    values = _frame(shown, of, rounds) | {"typed": typed, "totals": ranking.totals}
    if typed:
        values["lines"] = pages.standings_like(ranking, typed, public=False)
    else:
        values["page"], values["lines"] = pages.standings_page(ranking, request.GET.get("page", 1))
        values["sheets"] = sheet_parts(ranking)
    return render(request, "results/office/standings.html", values)


@require_safe
def standings_excel(request: SignedIn, pk: int) -> HttpResponse:
    """The ranking as Excel, names as they are published; a long one in parts."""
    shown, of, _rounds = _asked(request, pk)
    part = asked_part(request)
    return sheet_response(standings_sheet(shown, of, part), f"{shown.slug}-bang-xep-hang-{part}.xlsx")


@require_safe
def parts(request: SignedIn, pk: int) -> HttpResponse:
    """Results by unit type, age band and device, every group with its figures."""
    shown, of, rounds = _asked(request, pk)
    totals = totals_of(shown, of)
    values = _frame(shown, of, rounds) | {"totals": totals, "parts": part_tables(totals, public=False)}
    return render(request, "results/office/parts.html", values)


@require_safe
def parts_excel(request: SignedIn, pk: int) -> HttpResponse:
    """The same as Excel."""
    shown, of, _rounds = _asked(request, pk)
    return sheet_response(parts_sheet(shown, of, public=False), f"{shown.slug}-co-cau.xlsx")


@require_safe
def paper(request: SignedIn, pk: int) -> HttpResponse:
    """The results sheet as PDF, with every group."""
    shown, of, _rounds = _asked(request, pk)
    return pdf_response(results_pdf(shown, of, public=False), f"{shown.slug}-ket-qua.pdf")


def _asked(request: SignedIn, pk: int) -> tuple[Contest, Round | None, list[Round]]:
    shown = contest_with_results(request.user, pk)
    rounds = begun_rounds(shown, at=timezone.now())
    return shown, round_of(rounds, request.GET.get("round", "")), rounds


def _frame(shown: Contest, of: Round | None, rounds: list[Round]) -> dict[str, object]:
    return {"contest": shown, "round": of, "rounds": rounds, "whole": any(one.closed_at for one in rounds)}
