"""Points: the list of those still without numbers, the numbers, the roll, the code at the door."""

import io
from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import units_where
from langsen.foundation.core.errors import BadInput, Conflict, NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.receipts import receipted
from langsen.foundation.core.web import page_of
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import children_on, units_matching, units_on
from langsen.registers.kit.views import attempt, draw, signed_in, stands_now
from langsen.registers.study.enums import CountedBy
from langsen.registers.study.forms.filters import PointFilter
from langsen.registers.study.forms.points import CodeForm, ExtraFields, NumbersForm, PointForm, roll_in
from langsen.registers.study.models import SessionPoint, StudySession
from langsen.registers.study.queries.roster import roster_of
from langsen.registers.study.queries.sessions import point_for, points_for, session_for
from langsen.registers.study.services import attendance, points
from langsen.registers.study.services.locking import require_point
from langsen.registers.study.services.sessions import require_recorder
from langsen.registers.study.views.record import roll_values


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """Points and their numbers across sessions; first of all those without numbers."""
    user = signed_in(request)
    form = PointFilter(request.GET)
    filters = form.filters()
    page = page_of(request, points_for(user, filters, show=form.cleaned_data.get("show", "")))
    shown = {unit_id for point in page for unit_id in (point.org_unit_id, point.session.org_unit_id)}
    mine = units_where(user, Permission.STUDY_RECORD).filter(pk__in=shown).values_list("pk", flat=True)
    values = {
        "title": _("Remote points and attendance"),
        "lead": _("Numbers present at every point, and who has not reported yet"),
        "form": form,
        "page": page,
        "mine": set(mine),
    }
    return render(request, "study/points.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def add_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Add remote points: tick the units below the organiser, or search for any other."""
    user = signed_in(request)
    session = session_for(user, pk)
    require_recorder(session, by=user)
    error = ""
    if request.method == "POST":
        units = list(OrgUnit.objects.filter(pk__in=_ticked_units(request)).order_by("sort_key", "id"))
        try:
            if not units:
                raise BadInput(_("Choose at least one unit."))
            points.add_points(session, units, by=user)
        except (BadInput, Conflict) as refused:
            error = str(refused.message)
        else:
            words = ngettext("%(count)s point added.", "%(count)s points added.", len(units))
            messages.success(request, words % {"count": len(units)})
            return redirect(session)
    values = {"session": session, "error": error, "q": request.GET.get("q", ""), "units": _offered(request, session)}
    return render(request, "study/add_points.html", values, status=422 if error else 200)


def _ticked_units(request: HttpRequest) -> list[int]:
    return [int(value) for value in request.POST.getlist("unit") if value.isascii() and value.isdigit()][:500]


def _offered(request: HttpRequest, session: StudySession) -> list[OrgUnit]:
    text = request.GET.get("q", "")
    taken = session.points.values_list("org_unit_id", flat=True)
    if text:
        units = units_matching(text, units_on(session.held_on)).select_related("kind")
    else:
        units = children_on(session.org_unit, session.held_on)
    return list(units.exclude(pk__in=list(taken)).order_by("sort_key", "id")[:200])


def _point(request: HttpRequest, pk: int) -> SessionPoint:
    user = signed_in(request)
    point = point_for(user, pk)
    require_point(user, point)
    return point


@require_http_methods(["GET", "HEAD", "POST"])
@receipted("study.numbers")
def numbers_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How many of each class were present at a point."""
    point = _point(request, pk)
    initial: dict[str, Any] = {"seen": point.changed_at.isoformat()}
    if point.reported_at:
        initial |= {name: getattr(point, name) for name in NumbersForm.base_fields if name.startswith("present_")}
    form = NumbersForm(request.POST if request.method == "POST" else None, initial=initial)
    if attempt(form, lambda: _count(request, point, form)) is not None:
        return redirect(point.session)
    return draw(request, "study/numbers.html", form, _values(point, "numbers") | stands_now(form, point))


def _count(request: HttpRequest, point: SessionPoint, form: NumbersForm) -> SessionPoint:
    data = form.cleaned_data
    return points.set_head_count(
        point, form.present(), by=signed_in(request), above_roll_reason=data["above_roll_reason"], seen=data["seen"]
    )


@require_http_methods(["GET", "HEAD", "POST"])
@receipted("study.roll")
def roll_page(request: HttpRequest, pk: int) -> HttpResponse:
    """“Có mặt đủ, trừ…”: the roll of a point."""
    point = _point(request, pk)
    roster = roster_of(point)
    named = points.named_at(point)
    initial: dict[str, Any] = {"seen": point.changed_at.isoformat()}
    if point.counted_by == CountedBy.ROLL:
        guests = {name: number - named[name] for name, number in point.present_by_class.items()}
        initial |= {f"extra_{name}": number or None for name, number in guests.items()}
    form = ExtraFields(request.POST if request.method == "POST" else None, initial=initial)
    if attempt(form, lambda: _call(request, point, form)) is not None:
        return redirect(point.session)
    there = set(point.attendances.exclude(source="make_up").values_list("person_id", flat=True))
    excused = set(point.excuses.values_list("person_id", flat=True))
    values = (
        _values(point, "roll")
        | roll_values(request, roster, point.session.kind, there, excused)
        | stands_now(form, point)
    )
    return draw(request, "study/roll.html", form, values)


def _call(request: HttpRequest, point: SessionPoint, form: ExtraFields) -> SessionPoint:
    data, roll = form.cleaned_data, roll_in(request.POST)
    return points.set_roll(
        point,
        absent=roll.absent,
        came=roll.came,
        excused=roll.excused,
        extra=form.extra(),
        by=signed_in(request),
        above_roll_reason=data["above_roll_reason"],
        seen=data["seen"],
    )


def _values(point: SessionPoint, current: str) -> dict[str, Any]:
    tabs = [
        {"label": _("By roll"), "href": reverse("study:point_roll", args=[point.pk]), "current": current == "roll"},
        {
            "label": _("By head count"),
            "href": reverse("study:point_numbers", args=[point.pk]),
            "current": current == "numbers",
        },
    ]
    return {"point": point, "session": point.session, "tabs": tabs}


@require_http_methods(["GET", "HEAD", "POST"])
def change_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who answers at a point, where it is, how many are invited."""
    point = _point(request, pk)
    initial = {
        "contact": point.contact,
        "place": point.place,
        "invited": point.invited,
        "seen": point.changed_at.isoformat(),
    }
    form = PointForm(request.POST if request.method == "POST" else None, initial=initial)
    by = signed_in(request)
    if attempt(form, lambda: points.change_point(point, by=by, **form.cleaned_data)) is not None:
        messages.success(request, _("The changes are saved."))
        return redirect(point.session)
    return draw(request, "study/point.html", form, {"point": point, "session": point.session})


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a point nobody was counted at."""
    point = _point(request, pk)
    session = point.session
    points.remove_point(point, by=signed_in(request))
    messages.success(request, _("The point is removed."))
    return redirect(session)


@require_http_methods(["GET", "HEAD", "POST"])
def code_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page to print and hang at the entrance of a point; POST makes the code."""
    point = _point(request, pk)
    if request.method == "POST":
        attendance.open_check_in(point, by=signed_in(request))
        return redirect("study:point_code", pk=pk)
    values = {"point": point, "session": point.session, "code": attendance.spaced(point.check_in_code or "")}
    return render(request, "study/code.html", values)


@require_safe
def code_image(request: HttpRequest, pk: int) -> HttpResponse:
    """The square code of a point, an SVG that leads to its check-in page."""
    point = _point(request, pk)
    if not point.check_in_code:
        raise NotFound
    address = request.build_absolute_uri(reverse("study:check_in", args=[point.check_in_code]))
    stream = io.BytesIO()
    segno.make(address, error="m").save(stream, kind="svg", scale=8, border=2, xmldecl=False)
    response = HttpResponse(stream.getvalue(), content_type="image/svg+xml")
    response["Cache-Control"] = "private, max-age=300"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def enter_code_page(request: HttpRequest) -> HttpResponse:
    """Type the code of a point: the way without a camera."""
    posted = request.method == "POST"
    form = CodeForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            point = attendance.point_of_code(form.cleaned_data["code"])
        except NotFound as error:
            form.add_error("code", str(error.message))
        else:
            return redirect("study:check_in", code=point.check_in_code)
    return render(request, "study/enter_code.html", {"form": form}, status=422 if posted else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def check_in_page(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm one's own presence at a point."""
    user = signed_in(request)
    point = attendance.point_of_code(code)
    if request.method == "POST":
        attendance.confirm_presence(code, by=user)
        return redirect("study:check_in", code=point.check_in_code)
    mine = point.session.attendances.select_related("org_unit").filter(person__user=user).first()
    is_open = point.session.held_on <= today() <= point.session.final_on
    values = {
        "point": point,
        "session": point.session,
        "mine": mine,
        "is_open": is_open,
        "is_linked": hasattr(user, "person"),
    }
    return render(request, "study/check_in.html", values)
