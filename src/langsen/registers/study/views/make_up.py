"""“Học bổ sung”: who still has to study a theme, and recording that they have."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import is_allowed, own_units, visible_unit
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput, Conflict, NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.refusals import show_refusal
from langsen.foundation.core.sheets.views import sheet_response
from langsen.foundation.core.text import day_text, number_text
from langsen.foundation.core.web import page_of
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import parent_on
from langsen.registers.kit.views import signed_in
from langsen.registers.programmes.models import Theme, ThemeKind
from langsen.registers.study.exports import pending_sheet
from langsen.registers.study.forms.points import MakeUpForm, ids_in
from langsen.registers.study.models import StudySession
from langsen.registers.study.queries.participation import (
    make_up_sessions,
    participation_below,
    participation_in,
    pending_make_up,
    reckoned_on,
    themes_for,
)
from langsen.registers.study.services import attendance


def _unit(request: HttpRequest, user: User) -> OrgUnit:
    code = request.GET.get("unit", "").strip().upper()
    if code:
        return visible_unit(user, code, Permission.STUDY_READ)
    own = [unit for unit in own_units(user) if is_allowed(user, Permission.STUDY_READ, unit)]
    if not own:
        raise NotFound
    return own[0]


def _theme(request: HttpRequest, themes: list[Theme]) -> Theme | None:
    code = request.GET.get("theme", "")
    if code:
        found = next((theme for theme in themes if theme.code == code), None)
        if found is None:
            raise NotFound
        return found
    annual = [theme for theme in themes if theme.kind == ThemeKind.ANNUAL and today() in theme.during]
    annual.sort(key=lambda theme: theme.org_unit.kind.level)
    return next(iter([*annual, *themes]), None)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """How far a theme has come, who is left, and the form that records their make-up study."""
    user = signed_in(request)
    unit = _unit(request, user)
    themes = list(themes_for(user)[:50])
    theme = _theme(request, themes)
    values: dict[str, Any] = {"unit": unit, "themes": themes, "theme": theme}
    if theme is None:
        return render(request, "study/make_up.html", values)
    day = reckoned_on(theme)
    posted = request.method == "POST"
    form = MakeUpForm(
        request.POST if posted else None, sessions=make_up_sessions(theme, unit, day), initial={"studied_on": day}
    )
    if posted and form.is_valid():
        try:
            return _record(request, user, unit, theme, form.cleaned_data["session"], form)
        except (BadInput, Conflict) as error:
            show_refusal(form, error)
    whole = participation_in(unit, theme, day)
    chosen = ids_in(request.POST, "people") if posted else set()
    values |= {
        "day": day,
        "whole": whole,
        "as_of": _("as of %(day)s") % {"day": day_text(day)},
        "base": f"{number_text(whole.studied)} / {number_text(whole.obliged)}",
        "below": participation_below(unit, theme, day),
        "parent": _visible_parent(user, unit, day),
        "pending": page_of(request, pending_make_up(user, unit, theme, day), 100),
        "chosen": chosen,
        "form": form,
        "may_record": is_allowed(user, Permission.STUDY_RECORD, unit),
    }
    return render(request, "study/make_up.html", values, status=422 if posted else 200)


def _record(
    request: HttpRequest, user: User, unit: OrgUnit, theme: Theme, session: StudySession, form: MakeUpForm
) -> HttpResponse:
    people = ids_in(request.POST, "people")
    count = attendance.record_make_up(session, people, form.cleaned_data["studied_on"], by=user)
    words = ngettext(
        "Make-up study of %(count)s person is recorded.", "Make-up study of %(count)s people is recorded.", count
    )
    messages.success(request, words % {"count": count})
    return redirect(f"{reverse('study:make_up')}?{urlencode({'theme': theme.code, 'unit': unit.code})}")


def _visible_parent(user: User, unit: OrgUnit, day: Any) -> OrgUnit | None:
    parent = parent_on(unit, day)
    return parent if parent and is_allowed(user, Permission.STUDY_READ, parent) else None


@require_safe
def excel(request: HttpRequest) -> HttpResponse:
    """Who still has to study the theme, as a workbook."""
    user = signed_in(request)
    unit = _unit(request, user)
    theme = _theme(request, list(themes_for(user)[:50]))
    if theme is None:
        raise NotFound(_("No theme is in force."))
    day = reckoned_on(theme)
    return sheet_response(pending_sheet(pending_make_up(user, unit, theme, day), theme, day), "hoc-bo-sung.xlsx")
