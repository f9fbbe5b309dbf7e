"""The steps of a report: to be signed and back, issued, sent, received, a supplement asked for, answered, cancelled."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput, Conflict, NotFound
from langsen.reports.enums import ReportKind, ReportStatus
from langsen.reports.forms.fields import show_refusal
from langsen.reports.forms.steps import FrameForm, IssueForm, ReasonForm, ShortenForm, issue_initial
from langsen.reports.models import Report
from langsen.reports.queries.reports import report_for
from langsen.reports.rules import require_own
from langsen.reports.services import flow
from langsen.reports.services.drafting import shorten_period
from langsen.reports.services.frame import change_frame, frame_mark
from langsen.reports.views.asking import signed_in
from langsen.reports.views.numbering import keeps_numbers, own_number

METHODS = ["GET", "HEAD", "POST"]


def _own(request: HttpRequest, pk: int) -> tuple[User, Report]:
    """The report and its reader, who writes for its unit."""
    user = signed_in(request)
    report = report_for(user, pk)
    require_own(user, Permission.REPORTS_WRITE, report.org_unit)
    return user, report


def _received(request: HttpRequest, pk: int) -> tuple[User, Report]:
    """The report and its reader, who receives reports in the unit it was sent to."""
    user = signed_in(request)
    report = report_for(user, pk)
    if report.sent_to is None:
        raise Conflict(_("This report has not been sent."))
    require(user, Permission.REPORTS_RECEIVE, report.sent_to)
    return user, report


def _confirmed(
    request: HttpRequest,
    report: Report,
    words: dict[str, Any],
    act: Callable[[dict[str, Any]], Report | None],
    form: forms.Form | None = None,
) -> HttpResponse:
    """Ask first; on POST act, and show what was refused above the question. `words` may hold `done` and `template`."""
    posted = request.method == "POST"
    form = form or forms.Form(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            answer = act(form.cleaned_data)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, words["done"])
            return redirect(answer or report)
    values = {"cancel_href": report.get_absolute_url(), "form": form, **words}
    return render(request, "ui/confirm.html", values, status=422 if posted else 200)


@require_http_methods(METHODS)
def submit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Fix the numbers and put the draft before those who sign."""
    user, report = _own(request, pk)
    words = {
        "title": _("Fix the numbers, submit for signature"),
        "message": report.title,
        "consequences": [
            _("Every number is kept as it stands now, with its base and its list."),
            _("The text cannot be changed while it waits for signature; it can be taken back to drafting."),
        ],
        "action": _("Fix the numbers, submit for signature"),
        "done": _("The numbers are fixed; the report waits for signature."),
    }
    return _confirmed(request, report, words, lambda _data: flow.submit_for_signing(report, by=user))


@require_http_methods(METHODS)
def take_back_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a report that waits for signature back to drafting."""
    user, report = _own(request, pk)
    form = ReasonForm(
        request.POST or None, label=_("What is to be changed"), most=300, help_text=_("Kept in the history.")
    )
    words = {
        "title": _("Take it back to drafting"),
        "message": report.title,
        "consequences": [_("The fixed numbers are let go; they are fixed anew when it is submitted again.")],
        "action": _("Take it back to drafting"),
        "done": _("The report is a draft again."),
    }
    return _confirmed(request, report, words, lambda data: flow.take_back(report, reason=data["reason"], by=user), form)


@require_http_methods(METHODS)
def issue_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the report as it was signed on paper."""
    user, report = _own(request, pk)
    posted = request.method == "POST"
    reserves = posted and request.POST.get("act") == "reserve"
    form = IssueForm(request.POST if posted and not reserves else None, initial=issue_initial(report))
    if reserves:
        typed = {name: request.POST.get(name, "") for name in form.fields}
        form = IssueForm(initial=typed | {"signed_number": own_number(report, typed["signed_on"], by=user)})
    elif posted and form.is_valid():
        try:
            flow.issue_report(report, form.paper(), by=user, **form.words())
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The report is issued. Its content can no longer be changed."))
            return redirect(report)
    values = {
        "title": _("Record according to the signed paper"),
        "lead": report.title,
        "advice": _("After this the content is fixed for good: a correction is a report of its own."),
        "form": form,
        "action": _("Record as issued"),
        "back_href": report.get_absolute_url(),
        "back_text": _("The report"),
        "reserve": _("Take the next number of the book") if keeps_numbers(user, report) else "",
    }
    return render(request, "reports/form.html", values, status=422 if posted and not reserves else 200)


@require_http_methods(METHODS)
def send_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an issued report to the unit above."""
    user, report = _own(request, pk)
    words = {
        "title": _("Send to the unit above"),
        "message": report.title,
        "consequences": [
            _("It goes to %(unit)s, which receives it or asks for a supplement.") % {"unit": _recipient(report)},
        ],
        "action": _("Send to the unit above"),
        "done": _("The report is sent."),
    }

    def send(_data: dict[str, Any]) -> Report:
        sent = flow.send_report(report, by=user)
        if not sent.told:
            unit = sent.to.name
            messages.warning(request, _("Nobody in %(unit)s has an account yet; please telephone.") % {"unit": unit})
        return sent.report

    return _confirmed(request, report, words, send)


def _recipient(report: Report) -> str:
    """The unit a report goes to; a report that has none is refused when it is sent, with the reason."""
    try:
        return flow.recipient_of(report).name
    except BadInput:
        return "–"


@require_POST
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Receive a report from below."""
    user, report = _received(request, pk)
    flow.receive_report(report, by=user)
    messages.success(request, _("The report is received."))
    return redirect(report)


@require_http_methods(METHODS)
def ask_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the unit for a supplement, and say what for."""
    user, report = _received(request, pk)
    form = ReasonForm(request.POST or None, label=_("What is to be added or put right"))
    words = {
        "title": _("Ask for a supplement"),
        "message": f"{report.org_unit.name}: {report.title}",
        "consequences": [_("The unit is told, and answers with a supplementary or a replacing report.")],
        "action": _("Ask for a supplement"),
        "done": _("The unit is asked for a supplement."),
    }
    return _confirmed(
        request, report, words, lambda data: flow.ask_supplement(report, reason=data["reason"], by=user), form
    )


@require_http_methods(METHODS)
def answer_page(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Begin a supplementary or a replacing report."""
    user, report = _own(request, pk)
    if kind not in (ReportKind.SUPPLEMENT, ReportKind.REPLACEMENT):
        raise NotFound(kind)
    is_supplement = kind == ReportKind.SUPPLEMENT
    action = _("Make a supplementary report") if is_supplement else _("Make a replacing report")
    words = {
        "title": action,
        "message": report.title,
        "consequences": [
            _("The report sent stays as it is, with its number."),
            _("A new draft begins with its text and the numbers of today, and gets a number of its own."),
        ],
        "action": action,
        "done": _("The draft is begun."),
    }
    return _confirmed(request, report, words, lambda _data: flow.answer_report(report, ReportKind(kind), by=user))


@require_http_methods(METHODS)
def shorten_page(request: HttpRequest, pk: int) -> HttpResponse:
    """End the period of a draft earlier: for who must send before it is over."""
    user, report = _own(request, pk)
    form = ShortenForm(request.POST or None)
    words = {
        "title": _("End the period earlier"),
        "message": f"{report.title}, {report.period}",
        "consequences": [_("Every number is taken anew for the shorter period.")],
        "action": _("End the period earlier"),
        "done": _("The period is shortened; the numbers are taken anew."),
    }
    return _confirmed(
        request, report, words, lambda data: shorten_period(report, last_on=data["last_on"], by=user), form
    )


@require_http_methods(METHODS)
def frame_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The subject of a draft, and which sections of its outline it has."""
    user, report = _own(request, pk)
    if report.status != ReportStatus.DRAFT:
        messages.info(request, _("This report is no draft any more; its text cannot be changed."))
        return redirect(report)
    initial = {
        "subject": report.subject,
        "kept": [str(section.position) for section in report.kept_sections],
        "seen": frame_mark(report),
    }
    form = FrameForm(request.POST if request.method == "POST" else None, initial=initial, report=report)
    if form.is_valid():
        data = form.cleaned_data
        try:
            change_frame(report, subject=data["subject"], left_out=form.left_out(), by=user, seen=data["seen"])
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The subject and the sections are saved."))
            return redirect("reports:edit", pk=report.pk)
    now = report_for(user, pk)
    mark = frame_mark(now)
    changed = bool(form.is_bound and form["seen"].value() not in ("", mark))
    values = {"report": report, "form": form, "mark": mark, "now": now if changed else None}
    return render(request, "reports/frame.html", values, status=422 if form.errors else 200)


@require_http_methods(METHODS)
def cancel_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a draft."""
    user, report = _own(request, pk)
    form = ReasonForm(request.POST or None, label=_("Reason"), most=300)
    words = {
        "title": _("Cancel the draft"),
        "message": report.title,
        "consequences": [_("The text and its history stay; the report can be begun anew.")],
        "action": _("Cancel the draft"),
        "done": _("The draft is cancelled."),
    }
    return _confirmed(
        request, report, words, lambda data: flow.cancel_report(report, reason=data["reason"], by=user), form
    )
