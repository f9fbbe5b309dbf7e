"""Requests for reports: asking, who has reported, more time, a reminder."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import has_permission_somewhere, is_allowed, require
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed, NotFound
from langsen.foundation.core.periods import ONE_DAY, today
from langsen.foundation.core.sheets.views import sheet_response
from langsen.foundation.core.text import day_text, fold, number_text
from langsen.foundation.core.web import page_of
from langsen.foundation.notifications.queries import last_nudges
from langsen.foundation.notifications.services import nudge
from langsen.reports.exports import duties_sheet
from langsen.reports.forms.calls import CallForm, ExtendForm
from langsen.reports.forms.fields import show_refusal
from langsen.reports.forms.filters import DutyFilter
from langsen.reports.models import Outline, ReportCall
from langsen.reports.queries.calls import Duty, call_for, calls_for, duties_of
from langsen.reports.queries.outlines import outlines_for
from langsen.reports.rules import own_unit_ids
from langsen.reports.services import calls
from langsen.reports.views.asking import Badge, due_badges, history_lines, signed_in, usual_period

METHODS = ["GET", "HEAD", "POST"]
OPEN = ("overdue", "waiting")
URGENCY = ("overdue", "waiting", "late", "on_time")


@dataclass(frozen=True)
class Tally:
    """How many of the units asked stand where; the rate is of all of them and cannot pass 1."""

    on_time: int
    late: int
    overdue: int
    waiting: int

    @classmethod
    def of(cls, duties: list[Duty]) -> "Tally":
        """Count the duties by state."""
        found = Counter(duty.state for duty in duties)
        return cls(found["on_time"], found["late"], found["overdue"], found["waiting"])

    @property
    def reported(self) -> int:
        return self.on_time + self.late

    @property
    def obliged(self) -> int:
        return self.reported + self.overdue + self.waiting

    @property
    def rate(self) -> float | None:
        return self.reported / self.obliged if self.obliged else None


def about(call: ReportCall) -> str:
    """Return the name under which a reminder of this request is kept."""
    return f"report_call:{call.pk}"


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """The requests the reader may see, the latest due day first."""
    user = signed_in(request)
    page = page_of(request, calls_for(user), 20)
    rows = [{"call": call, "tally": Tally.of(_seen_by(user, call))} for call in page]
    page.object_list = rows
    values = {"page": page, "may_call": has_permission_somewhere(user, Permission.REPORTS_RECEIVE)}
    return render(request, "reports/calls.html", values)


@require_http_methods(METHODS)
def new_page(request: HttpRequest) -> HttpResponse:
    """Ask units below for a report."""
    user = signed_in(request)
    if not has_permission_somewhere(user, Permission.REPORTS_RECEIVE):
        raise NotAllowed(_("You have not been given the right to ask for reports in any unit."))
    posted = request.method == "POST"
    outlines = outlines_for(user).filter(during__contains=today())
    form = CallForm(request.POST if posted else None, initial=_initial(outlines.first()), user=user, outlines=outlines)
    if posted and form.is_valid():
        data = form.cleaned_data
        try:
            call = calls.call_reports(
                data["outline"],
                data["unit"],
                form.period(),
                due_on=data["due_on"],
                kinds=list(data["kinds"]),
                note=data["note"],
                by=user,
            )
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            count = len(duties_of(call))
            words = ngettext("%(count)s unit is asked.", "%(count)s units are asked.", count)
            messages.success(request, words % {"count": number_text(count)})
            return redirect(call)
    values = {
        "title": _("Ask for reports"),
        "form": form,
        "action": _("Ask for reports"),
        "back_href": reverse("reports:calls"),
        "back_text": _("Requests for reports"),
    }
    return render(request, "reports/form.html", values, status=422 if posted else 200)


def _initial(outline: Outline | None) -> dict[str, Any]:
    """The half-year just running or over, due as the first outline says."""
    period = usual_period()
    due_days = outline.due_days if outline else 0
    return {"first_on": period.first, "last_on": period.last, "due_on": period.last + ONE_DAY * due_days}


@require_safe
def call_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was asked, who has reported, on time or late."""
    user = signed_in(request)
    call = call_for(user, pk)
    duties = _seen_by(user, call)
    tally = Tally.of(duties)
    form = DutyFilter(request.GET)
    words, state = form.chosen()
    shown = [
        duty
        for duty in duties
        if (not state or duty.state == state) and all(word in duty.unit.folded for word in fold(words).split())
    ]
    shown.sort(key=lambda duty: URGENCY.index(duty.state))  # by name within a state
    may_change = _may_change(user, call)
    page = page_of(request, shown)
    page.object_list = _rows(call, list(page.object_list), may_change=may_change)
    values = {
        "call": call,
        "title": f"{call.outline.name}, {call.period}",
        "lead": _("%(unit)s asks; due on %(day)s") % {"unit": call.org_unit.name, "day": day_text(call.due_on)},
        "tally": tally,
        "base": f"{number_text(tally.reported)} / {number_text(tally.obliged)}",
        "form": form,
        "page": page,
        "may_change": may_change,
        "mine": _mine(user, call, duties),
        "extensions": call.extensions.select_related("org_unit").order_by("-id"),
        "history": history_lines(call),
    }
    return render(request, "reports/call.html", values)


def _seen_by(user: User, call: ReportCall) -> list[Duty]:
    """The units asked; who does not read the asking unit's reports sees the own ones only."""
    duties = duties_of(call)
    if is_allowed(user, Permission.REPORTS_READ, call.org_unit):
        return duties
    mine = set(own_unit_ids(user, Permission.REPORTS_READ))
    return [duty for duty in duties if duty.unit.pk in mine]


def _mine(user: User, call: ReportCall, duties: list[Duty]) -> list[dict[str, Any]]:
    """What the reader's own units have to do for this request."""
    writes = set(own_unit_ids(user, Permission.REPORTS_WRITE))
    base = reverse("reports:begin")
    return [
        {
            "duty": duty,
            "href": duty.report.get_absolute_url()
            if duty.report
            else f"{base}?{urlencode({'call': call.pk, 'unit': duty.unit.code})}",
        }
        for duty in duties
        if duty.unit.pk in writes and (duty.state in OPEN or duty.report)
    ]


def _may_change(user: User, call: ReportCall) -> bool:
    return call.withdrawn_at is None and is_allowed(user, Permission.REPORTS_RECEIVE, call.org_unit)


def _rows(call: ReportCall, duties: list[Duty], *, may_change: bool) -> list[dict[str, Any]]:
    nudged = last_nudges([about(call)])
    rows = []
    for duty in duties:
        is_open = duty.state in OPEN
        at = nudged.get((about(call), duty.unit.pk))
        waits = duty.report is not None and duty.report.status == "sent"
        badges = [*due_badges(duty.state, duty.due_on)]
        if waits:
            badges.append(Badge(_("waiting to be received"), "warn"))
        rows.append(
            {
                "duty": duty,
                "report": duty.report if duty.report and duty.report.sent_at else None,  # a draft below is not shown
                "badges": badges,
                "extended": duty.due_on != call.due_on,
                "nudged_at": at,
                "may_nudge": may_change and is_open,
                "may_extend": may_change and is_open,
            }
        )
    return rows


@require_safe
def excel(request: HttpRequest, pk: int) -> HttpResponse:
    """The units asked, as a workbook."""
    user = signed_in(request)
    call = call_for(user, pk)
    words = {
        "on_time": _("on time"), "late": _("late"), "overdue": _("overdue"), "waiting": _("not yet due"),
    }  # fmt: skip
    return sheet_response(duties_sheet(call, _seen_by(user, call), words), "yeu-cau-bao-cao.xlsx")


def _call_to_change(request: HttpRequest, pk: int) -> tuple[User, ReportCall]:
    user = signed_in(request)
    call = call_for(user, pk)
    require(user, Permission.REPORTS_RECEIVE, call.org_unit)
    return user, call


@require_http_methods(METHODS)
def extend_page(request: HttpRequest, pk: int) -> HttpResponse:
    """“Gia hạn”: a later day for one unit or for all."""
    user, call = _call_to_change(request, pk)
    posted = request.method == "POST"
    units = [duty.unit for duty in duties_of(call)]
    form = ExtendForm(request.POST if posted else None, units=units, initial={"unit": request.GET.get("unit", "")})
    if posted and form.is_valid():
        data = form.cleaned_data
        try:
            calls.extend_call(call, form.chosen(), due_on=data["due_on"], reason=data["reason"], by=user)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The day is extended to %(day)s.") % {"day": day_text(data["due_on"])})
            return redirect(call)
    values = {
        "title": _("Extend the day a report is due"),
        "lead": f"{call.outline.name}, {call.period}",
        "form": form,
        "action": _("Extend"),
        "back_href": call.get_absolute_url(),
        "back_text": _("The request"),
    }
    return render(request, "reports/form.html", values, status=422 if posted else 200)


@require_http_methods(METHODS)
def withdraw_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the request back: nobody owes it any more."""
    user, call = _call_to_change(request, pk)
    if request.method == "POST":
        calls.withdraw_call(call, by=user)
        messages.success(request, _("The request is withdrawn."))
        return redirect(call)
    values = {
        "title": _("Withdraw the request"),
        "message": f"{call.outline.name}, {call.period}",
        "consequences": [
            _("No unit owes this report any more; it leaves their desks."),
            _("Reports already begun or sent stay where they are."),
        ],
        "action": _("Withdraw the request"),
        "cancel_href": call.get_absolute_url(),
    }
    return render(request, "ui/confirm.html", values)


@require_POST
def nudge_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """“Đôn đốc”: one polite notice to the unit, at most once a day."""
    user, call = _call_to_change(request, pk)
    code = request.POST.get("unit", "")
    duty = next((one for one in duties_of(call) if one.unit.code == code), None)
    if duty is None or duty.state not in OPEN:
        raise NotFound(code)
    # The notice is read in the office's language whatever the sender's page speaks.
    subject = f"Đôn đốc: {call.outline.name_vi}, hạn {day_text(duty.due_on)}"
    text = f"{call.org_unit.name} đề nghị đơn vị lập và gửi báo cáo đúng hạn. {call.note}".strip()
    href = f"{reverse('reports:reports')}?tab=due"
    try:
        reached = nudge(
            duty.unit,
            about=about(call),
            subject=subject,
            text=text,
            href=href,
            holding=Permission.REPORTS_WRITE,
            by=user,
        )
    except Conflict as error:
        messages.info(request, str(error.message))
    else:
        if reached:
            messages.success(request, _("%(unit)s is reminded.") % {"unit": duty.unit.name})
        else:
            messages.warning(
                request, _("Nobody in %(unit)s has an account yet; please telephone.") % {"unit": duty.unit.name}
            )
    return redirect(call)
