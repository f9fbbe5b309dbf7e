"""The pages of programmes and themes."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import has_permission_somewhere, is_allowed, own_units, require, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotAllowed
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.enums import PARTY_MEMBER_CLASSES, PersonClass
from langsen.registers.kit.views import attempt, draw, signed_in
from langsen.registers.programmes.forms import ThemeFilter, ThemeForm
from langsen.registers.programmes.models import ThemeKind
from langsen.registers.programmes.queries import programmes_in_order, theme_by_code, themes_matching
from langsen.registers.programmes.services import add_theme, change_theme, version_of


@require_safe
def themes_page(request: HttpRequest) -> HttpResponse:
    """Programmes with their themes, sources and what is not verified yet."""
    user = signed_in(request)
    form = ThemeFilter(request.GET)
    form.is_valid()
    text, now = form.cleaned_data.get("q", ""), form.cleaned_data.get("now", False)
    themes = themes_matching(text, in_force_only=now)
    values = {
        "form": form,
        "themes": themes,
        "programmes": programmes_in_order(),
        "may_add": has_permission_somewhere(user, Permission.PROGRAMMES_WRITE),
        "narrowed": bool(text or now),
    }
    return render(request, "programmes/themes.html", values)


@require_safe
def theme_page(request: HttpRequest, code: str) -> HttpResponse:
    """One theme: its days, whom it obliges, its source."""
    theme = theme_by_code(code)
    names = dict(PersonClass.choices)
    values = {
        "theme": theme,
        "classes": [names[name] for name in theme.obliged_classes],
        "may_change": is_allowed(signed_in(request), Permission.PROGRAMMES_WRITE, theme.org_unit),
    }
    return render(request, "programmes/theme.html", values)


def _issuing_units(user: User) -> QuerySet[OrgUnit]:
    """The person's own units; below them a unit issues its own themes itself."""
    own = [unit.pk for unit in own_units(user)]
    units = units_where(user, Permission.PROGRAMMES_WRITE).filter(during__contains=today())
    return units.filter(pk__in=own).order_by("kind__level", "sort_key", "id")


@require_http_methods(["GET", "HEAD", "POST"])
def add_page(request: HttpRequest) -> HttpResponse:
    """Add a theme of one's own unit."""
    user = signed_in(request)
    units = _issuing_units(user)
    if not units.exists():
        raise NotAllowed(_("You have not been given the right to keep themes in any unit."))
    initial = {
        "programme": programmes_in_order().first(),
        "org_unit": units.first(),
        "kind": ThemeKind.ANNUAL,
        "from_on": today(),
        "obliged_classes": PARTY_MEMBER_CLASSES,
    }
    form = ThemeForm(request.POST if request.method == "POST" else None, initial=initial, units=units)
    theme = attempt(form, lambda: add_theme(by=user, **form.facts()))
    if theme is not None:
        messages.success(request, _("The theme is added."))
        return redirect("programmes:theme", code=theme.code)
    return draw(request, "programmes/theme_form.html", form, {})


@require_http_methods(["GET", "HEAD", "POST"])
def change_page(request: HttpRequest, code: str) -> HttpResponse:
    """Change a theme of one's own unit."""
    user = signed_in(request)
    theme = theme_by_code(code)
    require(user, Permission.PROGRAMMES_WRITE, theme.org_unit)
    sent = request.POST if request.method == "POST" else None
    form = ThemeForm(sent, initial=ThemeForm.initial_of(theme), units=None)
    changed = attempt(form, lambda: change_theme(theme, by=user, seen=form.cleaned_data["seen"], **form.facts()))
    if changed is not None:
        messages.success(request, _("The changes are saved."))
        return redirect("programmes:theme", code=code)
    values: dict[str, object] = {"theme": theme}
    if form.is_bound and form.cleaned_data.get("seen") not in {None, version_of(theme)}:
        values |= {"now": theme, "seen_now": version_of(theme)}
    return draw(request, "programmes/theme_form.html", form, values)
