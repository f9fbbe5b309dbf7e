"""The list of sessions, the page of one, and what may be done to it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import has_permission_somewhere, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.periods import today
from langsen.foundation.core.receipts import receipted
from langsen.foundation.core.sheets.views import sheet_response
from langsen.foundation.core.web import page_of
from langsen.registers.study.enums import AttendanceSource, SessionKind, SessionStatus
from langsen.registers.study.exports import sessions_sheet
from langsen.registers.study.forms.fields import show_refusal
from langsen.registers.study.forms.filters import SessionFilter
from langsen.registers.study.forms.points import ExtraFields, roll_in
from langsen.registers.study.forms.sessions import CancelForm, PresentFields, SessionForm
from langsen.registers.study.models import SessionPoint, StudySession
from langsen.registers.study.queries.history import history_lines
from langsen.registers.study.queries.participation import themes_offered
from langsen.registers.study.queries.roster import roster_of
from langsen.registers.study.queries.sessions import (
    in_order,
    people_at,
    points_of,
    session_for,
    sessions_for,
    with_attendances,
)
from langsen.registers.study.services import sessions
from langsen.registers.study.views.choosing import signed_in
from langsen.registers.study.views.record import roll_values


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """Conferences and meetings of the reader's units, narrowed by the address."""
    user = signed_in(request)
    form = SessionFilter(request.GET, user=user)
    rows = in_order(with_attendances(sessions_for(user, form.filters())), request.GET.get("sort", ""))
    values = {
        "form": form,
        "page": page_of(request, rows),
        "may_record": has_permission_somewhere(user, Permission.STUDY_RECORD),
        "query": request.GET.urlencode(),
    }
    return render(request, "study/sessions.html", values)


@require_safe
def excel(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    user = signed_in(request)
    form = SessionFilter(request.GET, user=user)
    rows = in_order(sessions_for(user, form.filters()), request.GET.get("sort", ""))
    return sheet_response(sessions_sheet(rows), "hoi-nghi-sinh-hoat.xlsx")


@require_safe
def session_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One session: facts, points with their numbers, who was there, what was done to it."""
    user = signed_in(request)
    session = session_for(user, pk)
    points = list(points_of(session))
    values = {
        "session": session,
        "points": points,
        "present": sum(point.present for point in points),
        "themes": session.themes.order_by("id"),
        "people": page_of(request, people_at(session, user), 60),
        "made_up": session.attendances.filter(source=AttendanceSource.MAKE_UP).count(),
        "history": history_lines(session),
        "is_review": session.kind == SessionKind.REVIEW_CONFERENCE,
        **_rights(user, session, points),
    }
    return render(request, "study/session.html", values)


def _rights(user: User, session: StudySession, points: list[SessionPoint]) -> dict[str, Any]:
    unit_ids = {session.org_unit_id, *(point.org_unit_id for point in points)}
    mine = units_where(user, Permission.STUDY_RECORD).filter(pk__in=unit_ids).values_list("pk", flat=True)
    recording = set(mine)
    organises = session.org_unit_id in recording
    is_open = session.status != SessionStatus.CANCELLED
    return {
        "organises": organises,
        "may_change": organises and is_open,
        "may_hold": organises and session.status == SessionStatus.PLANNED and session.final_on <= today(),
        "editable": {p.pk for p in points if is_open and (organises or p.org_unit_id in recording)},
    }


@require_http_methods(["GET", "HEAD", "POST"])
def change_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is recorded about a session."""
    user = signed_in(request)
    session = session_for(user, pk)
    sessions.require_recorder(session, by=user)
    posted = request.method == "POST"
    form = SessionForm(
        request.POST if posted else None, initial=SessionForm.initial_of(session), themes=themes_offered(session)
    )
    if posted and form.is_valid():
        try:
            sessions.change_session(session, form.facts(), by=user, seen=form.cleaned_data["seen"])
        except Conflict as error:
            show_refusal(form, error)
            return _change_answer(request, session, form, renewed=True)
        except BadInput as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(session)
    return _change_answer(request, session, form)


def _change_answer(
    request: HttpRequest, session: StudySession, form: SessionForm, *, renewed: bool = False
) -> HttpResponse:
    """The form; after a conflict beside what stands now, ready to be saved over it knowingly."""
    session.refresh_from_db()
    values = {"form": form, "session": session, "now": session if renewed else None}
    if renewed:
        values["seen_now"] = session.changed_at.isoformat()
    status = 422 if request.method == "POST" else 200
    return render(request, "study/change.html", values, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@receipted("study.hold")
def hold_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm that a planned session was held, with its roll or its numbers."""
    user = signed_in(request)
    session = session_for(user, pk)
    sessions.require_recorder(session, by=user)
    if session.status != SessionStatus.PLANNED:
        return redirect(session)
    point = session.points.select_related("org_unit", "session").get(is_main=True)
    roster = roster_of(point)
    posted = request.method == "POST"
    form: ExtraFields | PresentFields = (ExtraFields if roster else PresentFields)(request.POST if posted else None)
    if posted and form.is_valid():
        counted = (
            {"roll": roll_in(request.POST, form.extra())}
            if isinstance(form, ExtraFields)
            else {"present": form.present()}
        )
        try:
            reason = form.cleaned_data["above_roll_reason"]
            sessions.hold_session(session, by=user, above_roll_reason=reason, **counted)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            return redirect(session)
    values = {"form": form, "session": session, "point": point, **roll_values(request, roster)}
    return render(request, "study/hold.html", values, status=422 if posted else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then cancel."""
    user = signed_in(request)
    session = session_for(user, pk)
    sessions.require_recorder(session, by=user)
    posted = request.method == "POST"
    form = CancelForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            sessions.cancel_session(session, reason=form.cleaned_data["reason"], by=user)
        except BadInput as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The session is cancelled. It stays here and counts nowhere."))
            return redirect(session)
    values = {
        "title": _("Cancel: %(title)s") % {"title": session.title},
        "message": session.org_unit.name,
        "consequences": [
            _("It counts in no figure any more, here and in every unit above."),
            _("The record, its numbers and its history stay; the cancellation can be taken back."),
        ],
        "action": _("Cancel the session"),
        "cancel_href": session.get_absolute_url(),
        "form": form,
    }
    return render(request, "ui/confirm.html", values, status=422 if posted else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def restore_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a cancellation back."""
    user = signed_in(request)
    session = session_for(user, pk)
    sessions.require_recorder(session, by=user)
    if request.method == "POST":
        sessions.restore_session(session, by=user)
        messages.success(request, _("The cancellation is taken back."))
        return redirect(session)
    values = {
        "title": _("Take the cancellation back: %(title)s") % {"title": session.title},
        "message": _("Cancelled because: %(reason)s") % {"reason": session.cancel_reason},
        "consequences": [_("It counts again as it did before.")],
        "action": _("Take the cancellation back"),
        "cancel_href": session.get_absolute_url(),
    }
    return render(request, "ui/confirm.html", values)
