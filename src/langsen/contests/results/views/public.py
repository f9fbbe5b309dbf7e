"""Results everybody may read: standings, units, my own, draws, regradings, downloads, verification."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from langsen.contests.contests.forms.public import CodeForm
from langsen.contests.contests.kept import kept
from langsen.contests.contests.models import Contest, Round
from langsen.contests.contests.queries.public import public_contest, told_contest
from langsen.contests.contests.views import cookies
from langsen.contests.contests.views.entering import entrant_of, wrong_code
from langsen.contests.results.engine.bundle import BadBundle, file_digest
from langsen.contests.results.engine.verify import verify
from langsen.contests.results.forms.public import AppealForm, BundleForm
from langsen.contests.results.models import Draw, Regrading, ResultBundle
from langsen.contests.results.papers import certificate_pdf, results_pdf
from langsen.contests.results.queries import pages
from langsen.contests.results.queries.parts import part_tables
from langsen.contests.results.queries.ranked import Ranking
from langsen.contests.results.services.appeals import may_appeal, raise_appeal
from langsen.contests.results.services.publishing import bundle_path
from langsen.contests.results.sheets import parts_sheet, sheet_parts, standings_sheet, units_sheet
from langsen.foundation.core.errors import BadInput, NotFound
from langsen.foundation.core.sheets.views import sheet_response
from langsen.foundation.core.web import page_of

MOST_UPLOADED = 60_000_000
MOST_ATTEMPTS = 250_000


@login_not_required
@require_safe
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Standings of a round or the whole contest, its figures and prizes."""
    return _told(request, slug, "results/public/results.html", _results)


@login_not_required
@require_safe
def units(request: HttpRequest, slug: str) -> HttpResponse:
    """The tables of units: those that compete with one another, or all of them at any level."""
    return _told(request, slug, "results/public/units.html", _units)


def _told(
    request: HttpRequest, slug: str, page: str, values_of: Callable[[HttpRequest, Contest], dict[str, object]]
) -> HttpResponse:
    """A page of published results; its content is kept as it was rendered, unless something was typed to be found."""
    contest = told_contest(slug)
    if not pages.is_published(contest) and not pages.published_rounds(contest):
        return render(request, "results/public/waiting.html", {"contest": contest})

    def content() -> str:
        return render_to_string(page.replace("/public/", "/public/_"), values_of(request, contest), request)

    asked = _plainly_asked(request)
    told = content() if asked is None else kept(contest, (page, request.LANGUAGE_CODE, *asked), content)
    return render(request, page, {"contest": contest, "told": mark_safe(told)})  # noqa: S308 - our own template


def _plainly_asked(request: HttpRequest) -> tuple[str, ...] | None:
    """Round, page and level the address asks for; None when it asks for anything else, or in other words."""
    asked = {name: request.GET.getlist(name) for name in request.GET}
    if any(len(values) > 1 for values in asked.values()) or not set(asked) <= {"round", "page", "all"}:
        return None
    words = tuple(request.GET.get(name, "") for name in ("round", "page", "all"))
    return words if all(not word or (word.isascii() and word.isdecimal() and len(word) < 8) for word in words) else None


def _results(request: HttpRequest, contest: Contest) -> dict[str, object]:
    of = pages.chosen_round(contest, request.GET.get("round", ""))
    typed = request.GET.get("q", "").strip()
    ranking = kept(contest, ("ranking", of and of.pk), lambda: Ranking(contest, of))
    values = {
        **_frame(contest, of),
        **kept(contest, ("beside", of and of.pk), lambda: _beside(contest, of)),
        "typed": typed,
        "totals": ranking.totals,
    }
    if typed:
        return values | {"lines": pages.standings_like(ranking, typed)}
    page, lines = pages.standings_page(ranking, request.GET.get("page", 1))
    parts = part_tables(ranking.totals, public=True) if page.number == 1 else []
    return values | {"page": page, "lines": lines, "sheets": sheet_parts(ranking), "parts": parts}


def _beside(contest: Contest, of: Round | None) -> dict[str, object]:
    """What stands on every page of a ranking."""
    return {
        "prizes": list(pages.public_prizes(contest, of)),
        "bundle": ResultBundle.objects.filter(contest=contest).order_by("-version").first(),
        "regradings": Regrading.objects.filter(round__contest=contest).count(),
    }


def _units(request: HttpRequest, contest: Contest) -> dict[str, object]:
    of = pages.chosen_round(contest, request.GET.get("round", ""))
    typed, every = request.GET.get("q", "").strip(), request.GET.get("all") == "1"
    rows = pages.unit_results(contest, of, typed=typed, compared=not every)
    return {**_frame(contest, of), "typed": typed, "every": every, "page": page_of(request, rows)}


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest, slug: str) -> HttpResponse:
    """My result, found by my code alone; an appeal may be written there."""
    contest = public_contest(slug)
    entrant = cookies.details_of(request, contest)
    if entrant is None:
        posted = request.method == "POST" and "code" in request.POST
        form = CodeForm(request.POST if posted else None)
        if not posted:
            return render(request, "results/public/ask_code.html", {"contest": contest, "form": form})
        entrant = entrant_of(request, contest, form)
        if entrant is None:
            return wrong_code(request, "results/public/ask_code.html", contest, form)
        response = redirect("results:public_find", slug=contest.slug)
        cookies.open_details(response, entrant)
        return response
    form_status, appeal = 200, AppealForm(request.POST if "text" in request.POST else None)
    if request.method == "POST" and appeal.is_valid():
        try:
            raise_appeal(contest, entrant, appeal.cleaned_data["text"])
        except BadInput as error:
            appeal.add_error("text", str(error.message))
        else:
            messages.success(request, _("Your appeal has been received."))
            return redirect("results:public_find", slug=contest.slug)
    if request.method == "POST":
        form_status = 422
    values = {
        "contest": contest,
        "entrant": entrant,
        "rounds": pages.own_results(entrant),
        "whole": pages.own_whole(entrant),
        "appeals": entrant.appeals.all(),
        "form": appeal if may_appeal(contest) else None,
    }
    return render(request, "results/public/mine.html", values, status=form_status)


@login_not_required
@never_cache
@require_safe
def certificate(request: HttpRequest, slug: str) -> HttpResponse:
    """The certificate of participation of whoever opened their result with their code."""
    contest = public_contest(slug)
    entrant = cookies.details_of(request, contest)
    if entrant is None or not pages.own_results(entrant):
        raise NotFound
    return pdf_response(certificate_pdf(entrant), f"chung-nhan-{entrant.public_number}.pdf")


@login_not_required
@require_safe
def draws(request: HttpRequest, slug: str) -> HttpResponse:
    """Draws by lot: what was announced before, and the transcript."""
    contest = public_contest(slug)
    rows = Draw.objects.filter(contest=contest).select_related("round", "prize_rule")
    return render(request, "results/public/draws.html", {"contest": contest, "page": page_of(request, rows, 10)})


@login_not_required
@require_safe
def regradings(request: HttpRequest, slug: str) -> HttpResponse:
    """Keys that were wrong: why, and whose result changed."""
    contest = public_contest(slug)
    rows = Regrading.objects.filter(round__contest=contest).select_related("round")
    return render(request, "results/public/regradings.html", {"contest": contest, "page": page_of(request, rows, 10)})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verification(request: HttpRequest, slug: str) -> HttpResponse:
    """Reckon a bundle again: says equal, or where not, and whether it is the published one."""
    contest = public_contest(slug)
    form = BundleForm(request.POST or None, request.FILES or None)
    values = {
        "contest": contest,
        "form": form,
        "bundles": ResultBundle.objects.filter(contest=contest).order_by("-version"),
        "most_megabytes": MOST_UPLOADED // 1_000_000,
        "most_attempts": MOST_ATTEMPTS,
    }
    status = 200
    if request.method == "POST" and form.is_valid():
        status = _judge(contest, form, values)
    elif request.method == "POST":
        status = 422
    return render(request, "results/public/verify.html", values, status=status)


def _judge(contest: Contest, form: BundleForm, values: dict[str, object]) -> int:
    held = form.cleaned_data["bundle"]
    if held.size > MOST_UPLOADED:
        form.add_error("bundle", _("This file is larger than this page reads. Please use the command on a computer."))
        return 422
    try:
        with held.temporary() as path:
            values["digest"] = file_digest(path)
            values["verdict"] = verify(path, most_attempts=MOST_ATTEMPTS)
    except BadBundle as error:
        form.add_error("bundle", _("This file cannot be read as a bundle of results: %(why)s.") % {"why": error})
        return 422
    values["published"] = ResultBundle.objects.filter(sha256=values["digest"], contest=contest).first()
    return 200


@login_not_required
@require_safe
def bundle(request: HttpRequest, slug: str) -> HttpResponse | FileResponse:  # noqa: ARG001
    """The newest published bundle."""
    contest = public_contest(slug)
    kept = ResultBundle.objects.filter(contest=contest).order_by("-version").first()
    if kept is None or not bundle_path(kept).is_file():
        raise NotFound
    name = f"{contest.slug}-ket-qua-{kept.version}.zip"
    return FileResponse(bundle_path(kept).open("rb"), as_attachment=True, filename=name)


@login_not_required
@require_safe
def results_excel(request: HttpRequest, slug: str) -> HttpResponse:
    """The standings of a round or the contest as Excel; a long one in parts."""
    contest = public_contest(slug)
    of = pages.chosen_round(contest, request.GET.get("round", ""))
    part = asked_part(request)
    return sheet_response(standings_sheet(contest, of, part), f"{contest.slug}-bang-xep-hang-{part}.xlsx")


@login_not_required
@require_safe
def parts_excel(request: HttpRequest, slug: str) -> HttpResponse:
    """Results by unit type, age band and device as Excel."""
    contest = public_contest(slug)
    of = pages.chosen_round(contest, request.GET.get("round", ""))
    return sheet_response(parts_sheet(contest, of, public=True), f"{contest.slug}-co-cau.xlsx")


@login_not_required
@require_safe
def units_excel(request: HttpRequest, slug: str) -> HttpResponse:
    """The table of units as Excel."""
    contest = public_contest(slug)
    of = pages.chosen_round(contest, request.GET.get("round", ""))
    rows = pages.unit_results(contest, of, compared=request.GET.get("all") != "1")
    return sheet_response(units_sheet(contest, of, rows), f"{contest.slug}-don-vi.xlsx")


@login_not_required
@require_safe
def results_paper(request: HttpRequest, slug: str) -> HttpResponse:
    """The results sheet as PDF: figures, prizes, the first hundred places."""
    contest = public_contest(slug)
    of = pages.chosen_round(contest, request.GET.get("round", ""))
    return pdf_response(results_pdf(contest, of), f"{contest.slug}-ket-qua.pdf")


def asked_part(request: HttpRequest) -> int:
    """The part of a long list the address asks for, the first one without a word.

    Raises:
        NotFound: it is no number.
    """
    asked = request.GET.get("part", "1")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 6):
        raise NotFound
    return int(asked)


def _frame(contest: Contest, of: Round | None) -> dict[str, object]:
    return {
        "contest": contest,
        "round": of,
        "rounds": pages.published_rounds(contest),
        "whole": pages.is_published(contest),
    }


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """Return a paper as a download called `name`."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
