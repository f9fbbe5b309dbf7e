"""The lists of reports, what my units owe, and beginning one."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, has_permission_somewhere
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.foundation.core.periods import half, quarter, today, year
from langsen.foundation.core.sheets.views import sheet_response
from langsen.foundation.core.text import parse_day
from langsen.foundation.core.web import page_of
from langsen.foundation.orgs.models import OrgUnit
from langsen.reports.exports import reports_sheet
from langsen.reports.forms.calls import BeginForm
from langsen.reports.forms.fields import show_refusal
from langsen.reports.forms.filters import ReportFilter
from langsen.reports.models import Report, ReportCall
from langsen.reports.queries.calls import Duty, call_for, duties_for, units_owing
from langsen.reports.queries.outlines import outlines_for
from langsen.reports.queries.reports import SORTS, reports_for
from langsen.reports.rules import own_unit_ids, period_words
from langsen.reports.services.drafting import open_report
from langsen.reports.views.asking import Badge, due_badges, signed_in, usual_period

OWN, BELOW, DUE = "own", "below", "due"


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """Reports of one's own units, those sent to them, or what they owe."""
    user = signed_in(request)
    tab = _tab(request)
    duties = duties_for(user)
    values: dict[str, Any] = {
        "tab": tab,
        "tabs": _tabs(tab, len(duties)),
        "may_write": has_permission_somewhere(user, Permission.REPORTS_WRITE),
        "may_call": has_permission_somewhere(user, Permission.REPORTS_RECEIVE),
        "query": request.GET.urlencode(),
    }
    if tab == DUE:
        values["page"] = page_of(request, [_duty_row(duty) for duty in duties])
    else:
        form, rows = _narrowed(request, user, tab)
        values |= {
            "form": form,
            "page": page_of(request, rows),
            "caption": _("Sent by units below") if tab == BELOW else _("Reports of the unit"),
        }
    return render(request, "reports/list.html", values)


@require_safe
def excel(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    user = signed_in(request)
    tab = _tab(request)
    _form, rows = _narrowed(request, user, OWN if tab == DUE else tab)
    return sheet_response(reports_sheet(rows), "bao-cao.xlsx")


def _tab(request: HttpRequest) -> str:
    tab = request.GET.get("tab", OWN)
    return tab if tab in (OWN, BELOW, DUE) else OWN


def _tabs(current: str, owed: int) -> list[dict[str, Any]]:
    base = reverse("reports:reports")
    words = ((OWN, _("Reports of the unit")), (BELOW, _("Sent by units below")), (DUE, _("To be made")))
    return [
        {
            "label": label,
            "href": base if name == OWN else f"{base}?tab={name}",
            "current": name == current,
            "count": owed if name == DUE and owed else None,
        }
        for name, label in words
    ]


def _narrowed(request: HttpRequest, user: User, tab: str) -> tuple[ReportFilter, QuerySet[Report]]:
    form = ReportFilter(request.GET, user=user, received=tab == BELOW, outlines=outlines_for(user))
    rows = reports_for(user, form.filters())
    if tab != BELOW and not acts_everywhere(user):
        rows = rows.filter(org_unit__in=own_unit_ids(user, Permission.REPORTS_READ))
    columns = SORTS.get(request.GET.get("sort", "").removeprefix("-"))
    if columns:
        descending = request.GET["sort"].startswith("-")
        rows = rows.order_by(*(F(name).desc(nulls_last=True) if descending else F(name).asc() for name in columns))
    return form, rows


def _duty_row(duty: Duty) -> dict[str, Any]:
    report, call = duty.report, duty.call
    badges = [Badge(report.get_status_display(), report.tone) if report else Badge(_("not begun"), "idle")]
    if duty.state == "overdue":
        badges += due_badges(duty.state, duty.due_on)
    begin = urlencode({"call": call.pk, "unit": duty.unit.code})
    return {
        "due_on": duty.due_on,
        "title": call.outline.name,
        "period": call.period,
        "asked_by": call.org_unit.name,
        "note": call.note,
        "unit": duty.unit,
        "badges": badges,
        "href": report.get_absolute_url() if report else f"{reverse('reports:begin')}?{begin}",
        "action": _("Open") if report else _("Begin the report"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def begin_page(request: HttpRequest) -> HttpResponse:
    """Choose unit, outline and days; a request for a report fills them in."""
    user = signed_in(request)
    if not has_permission_somewhere(user, Permission.REPORTS_WRITE):
        raise NotAllowed(_("You have not been given the right to write reports in any unit."))
    call = _call(request, user)
    outlines = outlines_for(user).filter(during__contains=today())
    posted = request.method == "POST"
    form = BeginForm(request.POST if posted else None, initial=_initial(request, call), user=user, outlines=outlines)
    if posted and form.is_valid():
        data = form.cleaned_data
        unit: OrgUnit = data["unit"]
        try:
            report = open_report(data["outline"], unit, form.period(), call=_fitting(call, form), by=user)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The draft is begun: sentences and numbers are in it."))
            return redirect("reports:edit", pk=report.pk)
    values = {
        "form": form,
        "call": call,
        "due_on": _due_on(call, request.GET.get("unit", "")),
        "has_outlines": outlines.exists(),
        "presets": _presets(request),
    }
    return render(request, "reports/begin.html", values, status=422 if posted else 200)


def _call(request: HttpRequest, user: User) -> ReportCall | None:
    number = request.GET.get("call", "")
    return call_for(user, int(number)) if number.isascii() and number.isdigit() and len(number) < 18 else None


def _fitting(call: ReportCall | None, form: BeginForm) -> ReportCall | None:
    """The request, while the form still says what it asks for."""
    if call and (call.outline_id, call.period) == (form.cleaned_data["outline"].pk, form.period()):
        return call if form.cleaned_data["unit"].pk in units_owing(call) else None
    return None


def _due_on(call: ReportCall | None, code: str) -> object:
    if call is None:
        return None
    unit = OrgUnit.objects.filter(code=code).first()
    return units_owing(call).get(unit.pk, call.due_on) if unit else call.due_on


def _initial(request: HttpRequest, call: ReportCall | None) -> dict[str, Any]:
    initial: dict[str, Any] = {"unit": request.GET.get("unit", ""), "outline": request.GET.get("outline")}
    if call is not None:
        return initial | {"outline": call.outline_id, "first_on": call.first_on, "last_on": call.last_on}
    for name, field in (("from", "first_on"), ("to", "last_on")):
        try:
            initial[field] = parse_day(request.GET.get(name, ""))
        except ValueError:
            initial[field] = None
    if not initial["first_on"] or not initial["last_on"]:
        usual = usual_period()
        initial |= {"first_on": usual.first, "last_on": usual.last}
    return initial


def _presets(request: HttpRequest) -> list[dict[str, Any]]:
    day = today()
    periods = [
        quarter(day.year, (day.month + 2) // 3),
        half(day.year, 1),
        half(day.year, 2),
        year(day.year),
        year(day.year - 1),
    ]
    kept = {name: request.GET[name] for name in ("unit", "outline") if request.GET.get(name)}
    asked = (request.GET.get("from", ""), request.GET.get("to", ""))
    return [
        {
            "label": period_words(period),
            "href": "?" + urlencode(kept | {"from": period.first.isoformat(), "to": period.last.isoformat()}),
            "current": asked == (period.first.isoformat(), period.last.isoformat()),
        }
        for period in periods
        if period.first <= day
    ]
