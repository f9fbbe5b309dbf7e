"""Outlines: the list, a preview with a unit's figures, a new version, the end of their use."""

import re
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, has_permission_somewhere, is_allowed, own_units, require
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.foundation.core.periods import Period, today
from langsen.foundation.core.text import day_text, fold, number_text
from langsen.foundation.core.web import page_of
from langsen.foundation.orgs.models import OrgUnit
from langsen.reports.forms.fields import figure_choices, show_refusal
from langsen.reports.forms.outlines import EndForm, OutlineForm, Parts, PreviewForm, SectionRow
from langsen.reports.models import Outline, Report
from langsen.reports.queries.numbers import Unreadable, figure_name, figure_named, read_numbers
from langsen.reports.queries.outlines import outline_for, outlines_for
from langsen.reports.rules import filled
from langsen.reports.services.outlines import FigureFacts, OutlineFacts, SectionFacts, end_outline, save_outline
from langsen.reports.text.tokens import tokens_in
from langsen.reports.views.asking import signed_in, usual_period
from langsen.reports.views.drawing import Drawing

METHODS = ["GET", "HEAD", "POST"]
FILLED = ("unit", "period")  # filled in when a draft is begun


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """Every outline the reader may use or keep."""
    user = _keeper(request)
    values = {"page": page_of(request, outlines_for(user)), "today": today()}
    return render(request, "reports/outlines.html", values)


def _keeper(request: HttpRequest) -> User:
    user = signed_in(request)
    if not has_permission_somewhere(user, Permission.REPORTS_OUTLINE):
        raise NotAllowed(_("You have not been given the right to keep outlines of reports."))
    return user


@require_safe
def outline_page(request: HttpRequest, pk: int) -> HttpResponse:
    """An outline as it reads, with the figures of a unit and period somebody chooses."""
    user = _keeper(request)
    outline = outline_for(user, pk)
    form = PreviewForm(request.GET if "unit" in request.GET else _usual(user), user=user)
    unit, period = form.chosen()
    period = period or usual_period()
    drawing, missing = _drawing(outline, unit, period)
    sections = [
        {
            "heading": _filled(row.heading, unit, period),
            "is_required": row.is_required,
            "lines": drawing.lines(_filled(row.body, unit, period)),
        }
        for row in outline.sections.all()
    ]
    may_change = _may_change(user, outline)
    values = {
        "outline": outline,
        "form": form,
        "sections": sections,
        "subject": _filled(outline.subject, unit, period),
        "figures": [
            {"code": row.code, "name": figure_name(row.code) if figure_named(row.code) else "", "by_unit": row.by_unit}
            for row in outline.figures.all()
        ],
        "missing": missing,
        "due_text": _due_text(outline),
        "may_change": may_change,
        "may_copy": not may_change,
        "versions": outlines_for(user).filter(code=outline.code),
    }
    return render(request, "reports/outline.html", values)


def _usual(user: User) -> dict[str, str]:
    """The reader's own unit over the usual period, until they choose."""
    unit, period = next(iter(own_units(user)), None), usual_period()
    days = {"from": day_text(period.first), "to": day_text(period.last)}
    return days | {"unit": unit.code if unit else ""}


def _may_change(user: User, outline: Outline) -> bool:
    if outline.last_on is not None and outline.last_on < today():
        return False
    if outline.org_unit is None:
        return acts_everywhere(user)
    return is_allowed(user, Permission.REPORTS_OUTLINE, outline.org_unit)


def _filled(text: str, unit: OrgUnit | None, period: Period) -> str:
    return filled(text, unit, period) if unit else text


def _drawing(outline: Outline, unit: OrgUnit | None, period: Period) -> tuple[Drawing, list[str]]:
    """What draws the sentences, and the codes the catalogue does not know any more."""
    bodies = [_filled(row.body, unit, period) for row in outline.sections.all()]
    keys = {token.key for body in bodies for token in tokens_in(body) if token.code not in FILLED}
    codes = [row.code for row in outline.figures.all()] + [key[0] for key in keys]
    missing = sorted({code for code in codes if figure_named(code) is None})
    if unit is None:
        return Drawing(Report(outline=outline), {}, names_only=True), missing
    report = Report(outline=outline, org_unit=unit, first_on=period.first, last_on=period.last)
    numbers = {key: one for key, one in read_numbers(report, keys).items() if not isinstance(one, Unreadable)}
    return Drawing(report, numbers), missing


def _due_text(outline: Outline) -> str:
    days = outline.due_days
    if days == 0:
        return _("on the last day of the period")
    words = _("%(days)s days after the period") if days > 0 else _("%(days)s days before the end of the period")
    return words % {"days": number_text(abs(days))}


@require_http_methods(METHODS)
def new_page(request: HttpRequest) -> HttpResponse:
    """A new outline, empty or begun from another one."""
    user = _keeper(request)
    source = request.GET.get("from", "")
    model = outline_for(user, int(source)) if source.isascii() and source.isdigit() and len(source) < 18 else None
    return _form_page(request, user, model, None)


@require_http_methods(METHODS)
def change_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version of an outline from a day on."""
    user = _keeper(request)
    outline = outline_for(user, pk)
    if outline.org_unit is not None:
        require(user, Permission.REPORTS_OUTLINE, outline.org_unit)
    elif not acts_everywhere(user):
        raise NotAllowed(_("An outline that came with the program is not changed. Save one of your own unit."))
    return _form_page(request, user, outline, outline)


def _form_page(request: HttpRequest, user: User, model: Outline | None, changed: Outline | None) -> HttpResponse:
    posted = request.method == "POST"
    act = request.POST.get("act", "save") if posted else ""
    parts = Parts.read(request.POST) if posted else Parts.of(model) if model else Parts([SectionRow()], [])
    initial = _initial(model, changed)
    pressed = posted and parts.press(act, request.POST.get("added", ""))
    if pressed:  # a row comes or goes: what is typed stays, nothing is checked or saved
        form = OutlineForm(initial={name: request.POST.get(name) for name in OutlineForm.base_fields}, user=user)
    else:
        form = OutlineForm(request.POST if posted else None, initial=initial, user=user)
    if posted and not pressed and form.is_valid():
        try:
            outline = _save(form, parts, changed, user)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The outline is saved."))
            return redirect(outline)
    values = {
        "title": _("Change an outline") if changed else _("Add an outline"),
        "lead": changed.name if changed else "",
        "back_href": changed.get_absolute_url() if changed else reverse("reports:outlines"),
        "form": form,
        "parts": parts,
        "figures": [
            {"code": row.code, "name": figure_name(row.code) if figure_named(row.code) else "", "by_unit": row.by_unit}
            for row in parts.figures
        ],
        "choices": figure_choices(),
    }
    return render(request, "reports/outline_form.html", values, status=422 if posted and not pressed else 200)


def _initial(model: Outline | None, changed: Outline | None) -> dict[str, Any]:
    initial: dict[str, Any] = {"from_on": today(), "due_days": 0}
    if model is None:
        return initial
    names = ("name_vi", "name_en", "cadence", "layout", "subject", "due_days", "source", "is_verified")
    initial |= {name: getattr(model, name) for name in names}
    if changed and changed.org_unit:
        initial["unit"] = changed.org_unit.code
    return initial


def _save(form: OutlineForm, parts: Parts, changed: Outline | None, user: User) -> Outline:
    data = form.cleaned_data
    unit: OrgUnit | None = data["unit"]
    names = ("name_vi", "name_en", "cadence", "layout", "subject", "due_days", "source", "is_verified")
    facts = OutlineFacts(
        code=changed.code if changed else _code_for(data["name_vi"], unit),
        sections=[SectionFacts(row.heading, row.body, row.is_required) for row in parts.sections],
        figures=[FigureFacts(row.code, row.by_unit) for row in parts.figures],
        programme=changed.programme if changed else None,
        **{name: data[name] for name in names},
    )
    return save_outline(changed.org_unit if changed else unit, facts, from_on=data["from_on"], by=user)


def _code_for(name: str, unit: OrgUnit | None) -> str:
    """A code nobody has to think of: the name without accents, and whose it is."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:36].strip("-")
    return f"{words or 'de-cuong'}-{unit.code.lower()}"[:60] if unit else words


@require_http_methods(METHODS)
def end_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer an outline no longer."""
    user = _keeper(request)
    outline = outline_for(user, pk)
    if outline.org_unit is not None:
        require(user, Permission.REPORTS_OUTLINE, outline.org_unit)
    elif not acts_everywhere(user):
        raise NotAllowed(_("An outline that came with the program is not changed. Save one of your own unit."))
    posted = request.method == "POST"
    form = EndForm(request.POST if posted else None, initial={"last_on": today()})
    if posted and form.is_valid():
        last_on: date = form.cleaned_data["last_on"]
        try:
            end_outline(outline, last_on=last_on, by=user)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The outline is no longer offered after that day."))
            return redirect(outline)
    values = {
        "title": _("End its use"),
        "message": outline.name,
        "consequences": [_("Reports already begun from it stay and can be finished.")],
        "action": _("End its use"),
        "cancel_href": outline.get_absolute_url(),
        "form": form,
    }
    return render(request, "ui/confirm.html", values, status=422 if posted else 200)
