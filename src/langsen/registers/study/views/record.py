"""Recording a session: the short form of the phone, and the full form of a conference."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from langsen.foundation.core.periods import today
from langsen.foundation.core.receipts import receipted
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.kit.rules import refuse
from langsen.registers.kit.views import attempt, choose_unit_page, draw, entry_values, signed_in, unit_to_record_for
from langsen.registers.study.enums import SessionKind, SessionStatus
from langsen.registers.study.forms.points import day_of_list, ids_in, roll_in, ticked
from langsen.registers.study.forms.sessions import PHONE_KINDS, NewSessionForm, RecordForm
from langsen.registers.study.models import StudySession
from langsen.registers.study.queries.participation import themes_reaching
from langsen.registers.study.queries.roster import Called, expected_at, roster_on
from langsen.registers.study.queries.sessions import usual_kind
from langsen.registers.study.register import SESSIONS
from langsen.registers.study.services import sessions


@require_http_methods(["GET", "HEAD", "POST"])
@receipted("study.record")
def record_page(request: HttpRequest) -> HttpResponse:
    """Record the usual meeting of a cell in under a minute."""
    unit = unit_to_record_for(request, SESSIONS)
    title = _("Record a meeting")
    if unit is None:
        return choose_unit_page(request, SESSIONS, title=title)
    sent = request.POST if request.method == "POST" else None
    listed_on = day_of_list(sent)
    roster = roster_on(unit, listed_on, SessionKind.STUDY_CONFERENCE)
    usual = usual_kind(unit)
    initial = {"held_on": today(), "kind": usual if usual in dict(PHONE_KINDS) else SessionKind.REGULAR_MEETING}
    themes = themes_reaching(unit, today())
    form = RecordForm(sent, initial=initial, themes=themes)
    if sent is not None and "relist" in sent:
        form.judge_day_only()
    else:
        session = attempt(form, lambda: _record(request, unit, form, roster))
        if session is not None:
            return redirect(session)
    chosen = form["kind"].value()
    values = {
        "themes": themes,
        "listed_on": listed_on,
        **entry_values(request, SESSIONS, unit, title=title, action="study.record"),
        **roll_values(request, roster, chosen, expected_at(roster, chosen)),
    }
    return draw(request, "study/record.html", form, values)


def _record(request: HttpRequest, unit: OrgUnit, form: RecordForm, roster: list[Called]) -> StudySession:
    """Record what was sent; the ticks count only when they were made on the list of the day that was typed.

    Raises:
        BadInput: they were made on another list: whoever is not on it was seen by nobody.
    """
    data = form.cleaned_data
    guests = {"other": data["guests_present"] or 0}
    roll = roll_in(request.POST, guests) if "listed" in request.POST else None
    if roll is not None and ids_in(request.POST, "listed") != {row.person_id for row in roster}:
        raise refuse(
            "held_on",
            _("The ticks were made on another day's list. Below is the list of %(day)s: check it, then save again.")
            % {"day": day_text(data["held_on"])},
        )
    return sessions.record_session(
        unit,
        form.facts(),
        by=signed_in(request),
        roll=roll,
        present=None if roll else {"members": data["present_members"], **guests},
        above_roll_reason=data["above_roll_reason"],
    )


def roll_values(
    request: HttpRequest,
    roster: list[Called],
    kind: str,
    named: set[int] | None = None,
    excused: set[int] | None = None,
) -> dict[str, object]:
    """Return what the list of ticks needs: the rows with their ticks, how many, who is expected, who had leave."""
    sent = request.POST if request.method == "POST" else None
    rows = ticked(roster, sent, named or set())
    return {
        "roll": rows,
        "listed": ",".join(str(row.person_id) for row in roster),
        "roll_expected": expected_at(roster, kind),
        "roll_excused": ids_in(sent, "excused") if sent is not None and "listed" in sent else excused or set(),
        "roll_present": sum(1 for _row, tick in rows if tick),
        "roll_exempt": sum(1 for row in roster if row.exempt),
        "roll_units": len({row.unit_name for row in roster}) > 1,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def new_page(request: HttpRequest) -> HttpResponse:
    """Plan or record a conference, a review, a salute, a trip with everything known about it."""
    unit = unit_to_record_for(request, SESSIONS)
    title = _("Plan or record a conference")
    if unit is None:
        return choose_unit_page(request, SESSIONS, title=title)
    asked = request.GET.get("kind", "")
    initial = {
        "held_on": today(),
        "kind": asked if asked in SessionKind.values else SessionKind.STUDY_CONFERENCE,
        "status": SessionStatus.PLANNED if "plan" in request.GET else SessionStatus.HELD,
    }
    sent = request.POST if request.method == "POST" else None
    form = NewSessionForm(sent, initial=initial, themes=themes_reaching(unit, today()))
    session = attempt(form, lambda: _new(request, unit, form))
    if session is not None:
        return redirect(session)
    values = entry_values(request, SESSIONS, unit, title=title)
    return draw(request, "study/new.html", form, values)


def _new(request: HttpRequest, unit: OrgUnit, form: NewSessionForm) -> StudySession:
    user = signed_in(request)
    if form.cleaned_data["status"] == SessionStatus.PLANNED:
        return sessions.plan_session(unit, form.facts(), by=user)
    present = form.present()
    return sessions.record_session(
        unit,
        form.facts(),
        by=user,
        present=present if any(number is not None for number in present.values()) else None,
        above_roll_reason=form.cleaned_data["above_roll_reason"],
    )
