"""The desk, search, my page and the log."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import has_permission_somewhere, is_allowed
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import NotAllowed, NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets.kinds import Column, ColumnKind
from langsen.foundation.core.sheets.views import sheet_response
from langsen.foundation.core.sheets.writing import write_sheet
from langsen.foundation.core.text import clean, day_text, number_text
from langsen.foundation.core.web import page_of
from langsen.foundation.notifications.queries import new_notices
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import children_on
from langsen.foundation.people.services import link_invited_account
from langsen.office import finding, log, queries
from langsen.office.forms import LogFilter

LONGEST_SEARCH = 120


def _weekday(number: int) -> str:
    return [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")][number]


def _todo_rows(request: SignedIn) -> list[dict[str, object]]:
    rows = []
    for todo in queries.todos_of(request.user):
        when, late = queries.when_words(todo.due_on, today())
        rows.append({"todo": todo, "when": when, "late": late})
    return rows


def _nudging(request: SignedIn, unit: OrgUnit) -> dict[str, object]:
    """What the buttons beside slow units say, and whether the reader may press them for the units below `unit`."""
    return {
        "nudges": is_allowed(request.user, Permission.NUDGE, unit),
        "nudge_subject": _("Please record the study sessions and meetings held so far"),
        "nudge_text": _(
            "%(unit)s sees none recorded for your unit in recent months. If they were held, please record them; "
            "if something hinders you, please say so."
        )
        % {"unit": unit.name},
        "nudge_href": reverse("study:record"),
    }


@require_GET
def desk(request: SignedIn) -> HttpResponse:
    """What waits for me, how my unit stands, who is slow, what lies ahead."""
    units, day = queries.desk_units(request.user), today()
    unit = queries.chosen_unit(units, request.GET.get("unit", ""))
    if unit is None:
        return render(request, "office/no_unit.html")
    reads_study, period = queries.reads_study(request.user, unit), queries.tile_period(unit, day)
    todos = _todo_rows(request)
    below = children_on(unit, day).order_by().count()
    lead = [f"{_weekday(day.weekday())}, {day_text(day)}", unit.name]
    if below:
        lead.append(ngettext("%(count)s unit below", "%(count)s units below", below) % {"count": number_text(below)})
    if todos:
        lead.append(ngettext("%(count)s thing waits", "%(count)s things wait", len(todos)) % {"count": len(todos)})
    values = {
        "unit": unit,
        "units": [
            {"label": one.name, "href": f"?unit={one.code}", "current": one == unit} for one in units if len(units) > 1
        ],
        "lead": " · ".join(lead),
        "period": period,
        "tiles": queries.tiles_for(unit, period, lists=reads_study),
        "todos": todos[: queries.SHOWN_TODOS],
        "todo_count": len(todos),
        "heat": queries.slow_units(unit, day, queries.SHOWN_UNITS)
        if reads_study and below and not unit.is_published
        else None,
        "ahead": queries.dates_ahead(request.user, day)[: queries.SHOWN_DATES],
        "records": has_permission_somewhere(request.user, Permission.STUDY_RECORD),
        "notices": new_notices(request.user, queries.SHOWN_NOTICES),
        **_nudging(request, unit),
    }
    return render(request, "office/desk.html", values)


@require_GET
def all_todos(request: SignedIn) -> HttpResponse:
    """Everything that waits for me."""
    return render(request, "office/todos.html", {"page": page_of(request, _todo_rows(request))})


@require_GET
def slow(request: SignedIn) -> HttpResponse:
    """All units directly below mine, by months, the most silent first."""
    unit = queries.chosen_unit(queries.desk_units(request.user), request.GET.get("unit", ""))
    if unit is None or not queries.reads_study(request.user, unit):
        raise NotFound
    return render(
        request,
        "office/slow.html",
        {"unit": unit, "heat": queries.slow_units(unit, today()), **_nudging(request, unit)},
    )


@require_GET
def search(request: SignedIn) -> HttpResponse:
    """Find units, people and meetings, typed with or without accents."""
    text = clean(request.GET.get("q", ""))[:LONGEST_SEARCH]
    return render(request, "office/search.html", {"text": text, "groups": finding.found_by(request.user, text)})


@require_GET
def me(request: SignedIn) -> HttpResponse:
    """Lead to what is held about me, or say why there is nothing."""
    if link_invited_account(request.user) is not None:
        return redirect("people:me")
    return render(request, "office/me.html")


def _log_asked(request: SignedIn) -> LogFilter:
    if not has_permission_somewhere(request.user, Permission.AUDIT_READ):
        raise NotAllowed(_("The log is read by the officers who answer for it."))
    form = LogFilter(request.GET)
    form.is_valid()
    return form


@require_GET
def audit_log(request: SignedIn) -> HttpResponse:
    """Who did what in my units."""
    form = _log_asked(request)
    page = page_of(request, log.Merged(request.user, form.cleaned_data))
    values = {
        "title": _("Activity log"),
        "lead": _("Who did what in your units. Lines are sealed and cannot be changed."),
        "form": form,
        "page": page,
        "rows": log.lines(page),
        "excel": reverse("office:audit_log_excel"),
    }
    return render(request, "office/audit_log.html", values)


@require_GET
def audit_log_excel(request: SignedIn) -> HttpResponse:
    """The same as a workbook, the newest 50,000 lines at most."""
    form = _log_asked(request)
    events = log.Merged(request.user, form.cleaned_data)[: log.LONGEST_EXCEL]
    columns = [
        Column("day", _("Day"), ColumnKind.DAY),
        Column("time", _("Time"), width=10),
        Column("who", _("Who"), width=30),
        Column("what", _("What"), width=30),
        Column("about", _("About"), width=50),
        Column("unit", _("Unit"), width=34),
    ]
    rows = ((line.local_day, line.local_time, line.who, line.what, line.about, line.unit) for line in log.lines(events))
    return sheet_response(write_sheet(columns, rows, title=_("Activity log")), _("Activity log") + ".xlsx")
