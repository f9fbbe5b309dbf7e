"""The organising board's list, a contest's own page, its rules, the announcement."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from langsen.contests.contests import hooks
from langsen.contests.contests.enums import ContestStatus, Stage
from langsen.contests.contests.forms.office import ContestFilter, OpenForm, ReasonForm, RulesForm
from langsen.contests.contests.models import Contest
from langsen.contests.contests.queries.checklist import missing_in
from langsen.contests.contests.queries.office import contest_for, contests_for, contests_like
from langsen.contests.contests.rules import require_in
from langsen.contests.contests.rules_page import rules_of
from langsen.contests.contests.services.organising import (
    announce_contest,
    cancel_contest,
    change_rules,
    open_contest,
)
from langsen.contests.contests.views.tabs import tabs_of
from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, has_permission_somewhere, own_units, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import Conflict, NotAllowed
from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets.kinds import Column, ColumnKind
from langsen.foundation.core.sheets.views import sheet_response
from langsen.foundation.core.sheets.writing import write_sheet
from langsen.foundation.core.web import page_of
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.kit.queries import history_lines
from langsen.registers.kit.views import attempt, draw, signed_in

_TONES = {Stage.OPEN: "ok", Stage.SOON: "info", Stage.BETWEEN: "info", Stage.JUDGING: "warn", Stage.PUBLISHED: "honour"}


def organises(user: User, contest: Contest) -> bool:
    try:
        require_in(user, Permission.CONTESTS_ORGANISE, contest)
    except NotAllowed:
        return False
    return True


def page_values(request: HttpRequest, contest: Contest, tab: str) -> dict[str, Any]:
    """Return what every page of a contest shows."""
    stage = contest.stage()
    may = organises(signed_in(request), contest)
    return {
        "contest": contest,
        "stage": stage.label,
        "tone": _TONES.get(stage, "idle"),
        "tabs": tabs_of(contest, tab),
        "may_copy": may,
        "may_organise": may and contest.status in (ContestStatus.DRAFT, ContestStatus.ANNOUNCED),
    }


def own_contest(request: HttpRequest, pk: int) -> Contest:
    """Return a contest the reader organises (404 not visible, 403 visible only)."""
    contest = contest_for(signed_in(request), pk)
    require_in(signed_in(request), Permission.CONTESTS_ORGANISE, contest)
    return contest


@require_safe
def contest_list(request: HttpRequest) -> HttpResponse:
    """The contests of the reader's organisers."""
    form, user = ContestFilter(request.GET), signed_in(request)
    page = page_of(request, contests_like(user, **form.wanted()))
    rows = [{"contest": one, "stage": one.stage().label, "tone": _TONES.get(one.stage(), "idle")} for one in page]
    may = has_permission_somewhere(user, Permission.CONTESTS_ORGANISE)
    values = {"form": form, "page": page, "rows": rows, "may_open": may, "query": request.GET.urlencode()}
    return render(request, "contests/office/contests.html", values)


@require_safe
def contest_list_excel(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    found = contests_like(signed_in(request), **ContestFilter(request.GET).wanted())
    columns = (
        Column("title", _("Title"), width=50),
        Column("organiser", _("Organiser"), width=34),
        Column("stage", _("State"), width=20),
        Column("rounds", _("Rounds"), ColumnKind.COUNT, width=10),
    )
    rows: list[Sequence[Any]] = [
        [one.title, one.organiser_name, str(one.stage().label), len(one.rounds.all())] for one in found
    ]
    return sheet_response(write_sheet(columns, rows, title=_("Quiz contests")), "cuoc-thi.xlsx")


def _units(user: User) -> dict[str, OrgUnit]:
    units = units_where(user, Permission.CONTESTS_ORGANISE).filter(during__contains=today())
    if not acts_everywhere(user):
        units = units.filter(pk__in=[unit.pk for unit in own_units(user)])
    return {unit.code: unit for unit in units.order_by("kind__level", "sort_key", "id")[:300]}


@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: HttpRequest) -> HttpResponse:
    """Begin a contest, empty or as a copy."""
    user = signed_in(request)
    units, contests = _units(user), list(contests_for(user)[:200])
    if not units:
        raise NotAllowed(_("You have not been given the right to organise contests in any unit."))
    initial = {"copy_of": request.GET.get("copy", "")}
    data = request.POST if request.method == "POST" else None
    form = OpenForm(data, initial=initial, units=[(code, unit.name) for code, unit in units.items()], contests=contests)

    def use() -> Contest:
        chosen = next((one for one in contests if str(one.pk) == form.cleaned_data["copy_of"]), None)
        unit = units[form.cleaned_data["unit"]]
        return open_contest(unit, title=form.cleaned_data["title"], by=user, copy_of=chosen)

    contest = attempt(form, use)
    if contest is not None:
        messages.success(request, _("The contest is begun. Nobody outside sees it before it is announced."))
        return redirect(contest)
    return draw(request, "contests/office/form.html", form, {"title": _("New contest"), "action": _("Begin")})


@require_safe
def contest_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One contest: what is missing or how it stands, its rules in words, what was done."""
    contest = contest_for(signed_in(request), pk)
    missing = missing_in(contest, at=timezone.now()) if contest.status == ContestStatus.DRAFT else []
    values = page_values(request, contest, "contest") | {
        "missing": missing,
        "sections": rules_of(contest),
        "changes": contest.rule_changes.all()[:20],
        "history": history_lines(contest),
    }
    return render(request, "contests/office/contest.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def change_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit the rules; “look” shows the rules page as it would read, storing nothing."""
    contest = own_contest(request, pk)
    form = RulesForm(request.POST if request.method == "POST" else None, contest=contest)
    values: dict[str, Any] = page_values(request, contest, "contest")
    if request.POST.get("act") == "look" and form.is_valid():
        for name, value in form.values().items():
            setattr(contest, name, value)
        values["sections"] = rules_of(contest)
        return render(request, "contests/office/rules_form.html", values | {"form": form})
    saved = attempt(
        form,
        lambda: change_rules(
            contest, form.values(), seen=form.cleaned_data["seen"], reason=form.why, by=signed_in(request)
        ),
    )
    if saved is not None:
        messages.success(request, _("The changes are saved."))
        return redirect(saved)
    values["sections"] = rules_of(contest)
    return draw(request, "contests/office/rules_form.html", form, values)


@require_http_methods(["GET", "HEAD", "POST"])
def announce_page(request: HttpRequest, pk: int) -> HttpResponse:
    """List what is missing, each with where it is mended; once nothing is, name the consequences and announce."""
    contest = own_contest(request, pk)
    if contest.status != ContestStatus.DRAFT:
        raise Conflict(_("The contest is announced already, or cancelled."))
    form = Form(request.POST if request.method == "POST" else None)
    if attempt(form, lambda: announce_contest(contest, by=signed_in(request))) is not None:
        messages.success(request, _("The contest is announced; people may sign up now."))
        return redirect(contest)
    missing = missing_in(contest, at=timezone.now())
    values = page_values(request, contest, "contest") | {
        "missing": missing,
        "stopping": sum(1 for one in missing if one.stops),
        "consequences": [
            _("Everybody may read the rules, and people may sign up."),
            _("The rules are frozen: every later change needs a reason and is shown to everybody."),
            _("The papers of all rounds are fixed as they are planned now."),
        ],
    }
    return draw(request, "contests/office/announce.html", form, values)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then cancel."""
    contest = own_contest(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if attempt(form, lambda: cancel_contest(contest, reason=form.why, by=signed_in(request))) is not None:
        messages.success(request, _("The contest is cancelled."))
        return redirect(contest)
    values = {
        "title": _("Cancel: %(title)s") % {"title": contest.title},
        "message": contest.organiser_name,
        "consequences": [
            _("Nobody can sign up or take a paper any more. What was handed in is kept."),
            _("The public page says that it is cancelled, and why. This cannot be taken back."),
        ],
        "action": _("Cancel the contest"),
        "cancel_href": contest.get_absolute_url(),
    }
    return draw(request, "ui/confirm.html", form, values)


@require_safe
def monitor_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How many signed up, started and handed in, round by round; refreshed by itself where scripts run."""
    contest = contest_for(signed_in(request), pk)
    counts = hooks.counts_of(contest)
    rows = [{"round": one, "counts": counts.get(one.pk, hooks.RoundCounts())} for one in contest.rounds.all()]
    values = {"rows": rows, "entrants": contest.entrants.count(), "at": timezone.now(), "contest": contest}
    if request.headers.get("HX-Request") == "true":
        return render(request, "contests/office/monitor_rows.html", values)
    return render(request, "contests/office/monitor.html", values | page_values(request, contest, "monitor"))
