"""The parts of a contest: rounds, prizes, units, people who may not take part."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from langsen.contests.contests.forms.office import (
    BarForm,
    HeadCountForm,
    PrizesForm,
    RoundForm,
    TakeUnitsForm,
    UnitForm,
)
from langsen.contests.contests.models import Contest, ContestUnit
from langsen.contests.contests.queries.office import contest_for
from langsen.contests.contests.services.barring import bar_people, lift_bar
from langsen.contests.contests.services.prizes import save_prizes
from langsen.contests.contests.services.rounds import remove_round, save_round
from langsen.contests.contests.services.unit_lists import add_unit, empty_units
from langsen.contests.contests.services.units import set_head_count, take_units
from langsen.contests.contests.views.office import own_contest, page_values
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets.kinds import Column, ColumnKind
from langsen.foundation.core.sheets.views import sheet_response
from langsen.foundation.core.sheets.writing import write_sheet
from langsen.foundation.core.text import fold, number_text
from langsen.foundation.core.web import page_of
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.kit.views import attempt, draw, signed_in


def _saved(request: HttpRequest, page: str, contest: Contest) -> HttpResponse:
    messages.success(request, _("The changes are saved."))
    return redirect(f"contests:{page}", contest.pk)


def _form_values(contest: Contest, title: str, back: str) -> dict[str, Any]:
    href = reverse(f"contests:{back}", args=[contest.pk])
    return {"title": title, "action": _("Save"), "lead": contest.title, "back_href": href, "contest": contest}


@require_safe
def rounds_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The rounds in order."""
    contest = contest_for(signed_in(request), pk)
    values = page_values(request, contest, "rounds") | {"rounds": contest.rounds.order_by("opens_at", "number")}
    return render(request, "contests/office/rounds.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def round_page(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
    """Set a round, or add one."""
    contest = own_contest(request, pk)
    one = contest.rounds.filter(number=number).first() if number is not None else None
    if number is not None and one is None:
        raise NotFound
    initial = RoundForm.initial_of(one) if one else {}
    form = RoundForm(request.POST if request.method == "POST" else None, initial=initial, frozen=contest.is_frozen)
    use = attempt(form, lambda: save_round(contest, number, **form.values(), reason=form.why, by=signed_in(request)))
    if use is not None:
        return _saved(request, "rounds", contest)
    title = _("Round: %(title)s") % {"title": one.title} if one else _("Add a round")
    return draw(request, "contests/office/form.html", form, _form_values(contest, title, "rounds"))


@require_POST
def remove_round_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Remove a round of a draft."""
    contest = own_contest(request, pk)
    remove_round(contest, number, by=signed_in(request))
    return _saved(request, "rounds", contest)


@require_http_methods(["GET", "HEAD", "POST"])
def prizes_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The prizes with their totals; who organises edits them here."""
    contest = contest_for(signed_in(request), pk)
    if request.method == "POST":
        contest = own_contest(request, pk)
    form = PrizesForm(request.POST if request.method == "POST" else None, contest=contest)

    def use() -> bool:
        save_prizes(contest, form.facts(), reason=form.why, by=signed_in(request))
        return True

    if attempt(form, use):
        return _saved(request, "prizes", contest)
    rounds = contest.rounds.filter(is_dry_run=False).count()
    rules = [(one, rounds if one.scope == "round" else 1) for one in contest.prize_rules.all()]
    values = page_values(request, contest, "prizes") | {
        "rules": [(one, one.count * times, one.count * times * one.amount) for one, times in rules],
        "total_count": sum(one.count * times for one, times in rules),
        "total_amount": sum(one.count * times * one.amount for one, times in rules),
        "rounds": rounds,
    }
    return draw(request, "contests/office/prizes.html", form, values)


def _units(request: HttpRequest, contest: Contest) -> QuerySet[ContestUnit]:
    units = contest.units.select_related("compared").order_by("sort_key", "id")
    for word in fold(request.GET.get("q", "")[:200]).split():
        units = units.filter(folded__contains=word)
    return units


def _bases(contest: Contest) -> dict[str, int]:
    """How many units are compared, and how many of them have a head count: the base of their participation rate."""
    compared = Q(compared=F("pk"))
    return contest.units.aggregate(all=Count("pk"), top=Count("pk", compared), counted=Count("head_count", compared))


@require_http_methods(["GET", "HEAD", "POST"])
def units_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The units of the contest; on POST the list is taken from the organisations of a day."""
    contest = own_contest(request, pk) if request.method == "POST" else contest_for(signed_in(request), pk)
    form = TakeUnitsForm(request.POST if request.method == "POST" else None, initial={"on": today()})
    taken = attempt(form, lambda: take_units(contest, on=form.cleaned_data["on"], by=signed_in(request)))
    if taken is not None:
        messages.success(request, _("The list of units is up to date."))
        return redirect("contests:units", pk)
    page = page_of(request, _units(request, contest))
    values = page_values(request, contest, "units") | {
        "page": page,
        "q": request.GET.get("q", ""),
        "query": request.GET.urlencode(),
        "bases": _bases(contest),
        "is_in_registers": OrgUnit.objects.filter(pk=contest.organiser_id).exists(),
    }
    return draw(request, "contests/office/units.html", form, values)


@require_http_methods(["GET", "HEAD", "POST"])
def add_unit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Add one unit to the list; after the announcement with a reason everybody reads."""
    contest = own_contest(request, pk)
    form = UnitForm(request.POST if request.method == "POST" else None, frozen=contest.is_frozen)
    if attempt(form, lambda: add_unit(contest, form.line(), reason=form.why, by=signed_in(request))) is not None:
        return _saved(request, "units", contest)
    return draw(request, "contests/office/form.html", form, _form_values(contest, _("Add a unit"), "units"))


@require_http_methods(["GET", "HEAD", "POST"])
def empty_units_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the consequences, then take every unit off the list."""
    contest = own_contest(request, pk)
    if request.method == "POST":
        empty_units(contest, by=signed_in(request))
        messages.success(request, _("The list of units is empty."))
        return redirect("contests:units", pk)
    count = contest.units.count()
    values = {
        "title": _("Empty the list of units"),
        "message": contest.title,
        "consequences": [
            ngettext("%(count)s unit is taken off the list.", "%(count)s units are taken off the list.", count)
            % {"count": number_text(count)},
            _("Their head counts go with them. The list can be taken or imported again."),
        ],
        "action": _("Empty the list"),
        "cancel_href": reverse("contests:units", args=[pk]),
    }
    return render(request, "ui/confirm.html", values)


@require_safe
def units_excel(request: HttpRequest, pk: int) -> HttpResponse:
    """The same list as a workbook."""
    contest = contest_for(signed_in(request), pk)
    columns = (
        Column("code", _("Unit code"), width=14),
        Column("name", _("Unit"), width=40),
        Column("kind", _("Kind of unit"), width=24),
        Column("parent", _("Code of the unit above"), width=14),
        Column("compared", _("Competes for"), width=34),
        Column("head_count", _("Head count"), ColumnKind.COUNT, width=12),
        Column("head_count_on", _("Day of the head count"), ColumnKind.DAY, width=14),
        Column("ended_on", _("Ended on"), ColumnKind.DAY, width=14),
    )
    rows: list[Sequence[Any]] = [
        [
            unit.code,
            unit.name,
            unit.kind,
            unit.parent.code if unit.parent else "",
            unit.compared.name if unit.compared else "",
            unit.head_count,
            unit.head_count_on,
            unit.ended_on,
        ]
        for unit in _units(request, contest).select_related("parent")
    ]
    return sheet_response(write_sheet(columns, rows, title=contest.title), "don-vi-du-thi.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def head_count_page(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Declare the people of a unit."""
    contest = own_contest(request, pk)
    row = contest.units.filter(pk=unit).first()
    if row is None:
        raise NotFound
    data = request.POST if request.method == "POST" else None
    form = HeadCountForm(data, initial=HeadCountForm.initial_of(row), frozen=contest.is_frozen)

    def use() -> ContestUnit:
        facts = {name: form.cleaned_data[name] for name in ("head_count", "on")}
        return set_head_count(contest, unit, **facts, reason=form.why, by=signed_in(request))

    if attempt(form, use) is not None:
        return _saved(request, "units", contest)
    title = _("Head count: %(unit)s") % {"unit": row.path}
    return draw(request, "contests/office/form.html", form, _form_values(contest, title, "units"))


@require_http_methods(["GET", "HEAD", "POST"])
def barred_page(request: HttpRequest, pk: int) -> HttpResponse:
    """People who may not take part; on POST more are listed."""
    contest = own_contest(request, pk)
    form = BarForm(request.POST if request.method == "POST" else None)

    def use() -> int:
        return bar_people(contest, form.lines(), reason=form.cleaned_data["reason"], by=signed_in(request))

    if attempt(form, use) is not None:
        return _saved(request, "barred", contest)
    values = page_values(request, contest, "barred") | {"page": page_of(request, contest.barred.all())}
    return draw(request, "contests/office/barred.html", form, values)


@require_POST
def lift_bar_page(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Take somebody off the list."""
    contest = own_contest(request, pk)
    lift_bar(contest, person, by=signed_in(request))
    return _saved(request, "barred", contest)
