"""The list of sessions, the page of one, and what may be done to it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import units_where, visible_unit
from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import today
from langsen.foundation.core.receipts import receipted
from langsen.foundation.core.sheets.views import sheet_response
from langsen.foundation.core.text import day_text
from langsen.foundation.core.web import page_of
from langsen.registers.kit.queries import in_order
from langsen.registers.kit.views import (
    attempt,
    cancel_step,
    choose_unit_page,
    draw,
    list_values,
    record_values,
    restore_step,
    signed_in,
    stands_now,
)
from langsen.registers.study.enums import AttendanceSource, SessionKind, SessionStatus
from langsen.registers.study.exports import sessions_sheet
from langsen.registers.study.forms.filters import SessionFilter
from langsen.registers.study.forms.points import ExtraFields, roll_in
from langsen.registers.study.forms.sessions import OrganiserForm, PresentFields, SessionForm
from langsen.registers.study.models import SessionPoint, StudySession
from langsen.registers.study.queries.history import history_of_session
from langsen.registers.study.queries.participation import themes_offered
from langsen.registers.study.queries.roster import roster_of
from langsen.registers.study.queries.sessions import (
    SORTS,
    excused_at,
    people_at,
    points_of,
    session_for,
    sessions_for,
    with_counts,
)
from langsen.registers.study.register import SESSIONS
from langsen.registers.study.services import sessions
from langsen.registers.study.services.organiser import change_organiser
from langsen.registers.study.views.record import roll_values


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """Conferences and meetings of the reader's units, narrowed by the address."""
    user = signed_in(request)
    form = SessionFilter(request.GET, user=user)
    rows = in_order(with_counts(sessions_for(user, form.filters())), request.GET.get("sort", ""), SORTS)
    return render(request, "study/sessions.html", list_values(request, SESSIONS, form, rows))


@require_safe
def excel(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    user = signed_in(request)
    form = SessionFilter(request.GET, user=user)
    rows = in_order(with_counts(sessions_for(user, form.filters())), request.GET.get("sort", ""), SORTS)
    return sheet_response(sessions_sheet(rows), "hoi-nghi-sinh-hoat.xlsx")


@require_safe
def session_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One session: facts, points with their numbers, who was there, what was done to it."""
    user = signed_in(request)
    session = session_for(user, pk)
    points = list(points_of(session))
    values = {
        **record_values(request, SESSIONS, session),
        "session": session,
        "points": points,
        "present": sum(point.present for point in points),
        "themes": session.themes.order_by("id"),
        "people": page_of(request, people_at(session, user), 60),
        "excused": list(excused_at(session, user)),
        "made_up": session.attendances.filter(source=AttendanceSource.MAKE_UP).count(),
        "history": history_of_session(session),
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
        "may_hold": organises and session.status == SessionStatus.PLANNED and session.final_on <= today(),
        "editable": {p.pk for p in points if is_open and (organises or p.org_unit_id in recording)},
    }


@require_http_methods(["GET", "HEAD", "POST"])
def change_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is recorded about a session."""
    user = signed_in(request)
    session = session_for(user, pk)
    sessions.require_recorder(session, by=user)
    sent = request.POST if request.method == "POST" else None
    form = SessionForm(sent, initial=SessionForm.initial_of(session), themes=themes_offered(session))
    changed = attempt(
        form, lambda: sessions.change_session(session, form.facts(), by=user, seen=form.cleaned_data["seen"])
    )
    if changed is not None:
        messages.success(request, _("The changes are saved."))
        return redirect(session)
    return draw(request, "study/change.html", form, {"record": session, **stands_now(form, session)})


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
    sent = request.POST if request.method == "POST" else None
    form: ExtraFields | PresentFields = (ExtraFields if roster else PresentFields)(sent)
    if attempt(form, lambda: _hold(request, session, form)) is not None:
        return redirect(session)
    values = {"session": session, "point": point, **roll_values(request, roster, session.kind)}
    return draw(request, "study/hold.html", form, values)


def _hold(request: HttpRequest, session: StudySession, form: ExtraFields | PresentFields) -> StudySession:
    by, reason = signed_in(request), form.cleaned_data["above_roll_reason"]
    if isinstance(form, ExtraFields):
        roll = roll_in(request.POST, form.extra())
        return sessions.hold_session(session, by=by, above_roll_reason=reason, roll=roll)
    return sessions.hold_session(session, by=by, above_roll_reason=reason, present=form.present())


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then cancel."""
    user = signed_in(request)
    session = session_for(user, pk)
    sessions.require_recorder(session, by=user)
    return cancel_step(
        request,
        session,
        lambda reason: sessions.cancel_session(session, reason=reason, by=user),
        action=_("Cancel the session"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def restore_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a cancellation back."""
    user = signed_in(request)
    session = session_for(user, pk)
    sessions.require_recorder(session, by=user)
    return restore_step(request, session, lambda: sessions.restore_session(session, by=user))


@require_http_methods(["GET", "HEAD", "POST"])
def organiser_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that another unit organised the session: choose it, then why."""
    user = signed_in(request)
    session = session_for(user, pk)
    sessions.require_recorder(session, by=user)
    mine = units_where(user, Permission.STUDY_RECORD).filter(during__contains=session.held_on)
    units = mine.exclude(pk=session.org_unit_id).select_related("kind")
    title = _("Change the organiser")
    code = request.GET.get("unit", "").strip().upper()
    if not code:
        asked = {
            "lead": _("Which unit organised it? Units of yours that existed on %(day)s")
            % {"day": day_text(session.held_on)},
            "back_href": session.get_absolute_url(),
            "back_text": session.title,
        }
        return choose_unit_page(request, SESSIONS, title=title, units=units, asked=asked)
    unit = visible_unit(user, code, Permission.STUDY_RECORD)
    form = OrganiserForm(
        request.POST if request.method == "POST" else None, initial={"seen": session.changed_at.isoformat()}
    )
    if attempt(form, lambda: change_organiser(session, unit, by=user, **form.cleaned_data)) is not None:
        messages.success(request, _("The organiser is changed."))
        return redirect(session)
    return draw(request, "study/organiser.html", form, {"session": session, "unit": unit, **stands_now(form, session)})
