"""Which unit a page records for: the person's own, or the one the address names."""

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import own_units, require, units_where, visible_unit
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotAllowed, NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.web import page_of
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import units_matching


def signed_in(request: HttpRequest) -> User:
    """Return who asks; the middleware lets nobody else come this far."""
    user = request.user
    if not isinstance(user, User):
        raise NotFound
    return user


def recording_units(user: User) -> QuerySet[OrgUnit]:
    """Return the living units `user` records for."""
    return units_where(user, Permission.STUDY_RECORD).filter(during__contains=today()).select_related("kind")


def unit_to_record_for(request: HttpRequest) -> OrgUnit | None:
    """Return the unit the address names, else the person's own; None asks to choose one.

    Raises:
        NotAllowed: the person records for no unit at all.
        NotFound: the unit named has ended, or they may not see it.
    """
    user = signed_in(request)
    units = recording_units(user)
    code = request.GET.get("unit", "").strip().upper()
    if code:
        unit = units.filter(code=code).first()
        if unit is None:
            require(user, Permission.STUDY_RECORD, visible_unit(user, code))
            raise NotFound
        return unit
    own = {unit.pk for unit in own_units(user)}
    found = list(units.filter(pk__in=own)[:2])
    if len(found) == 1:
        return found[0]
    if not units.exists():
        raise NotAllowed(_("You have not been given the right to record meetings in any unit."))
    return None


def choose_unit_page(request: HttpRequest, *, title: str, back_href: str) -> HttpResponse:
    """Ask for the unit: a search and a list of links back to the same page."""
    text = request.GET.get("q", "")
    units = units_matching(text, recording_units(signed_in(request))).order_by("kind__level", "sort_key", "id")
    page: Page[OrgUnit] = page_of(request, units, 30)
    kept = {name: request.GET[name] for name in request.GET if name not in {"q", "page", "unit", "choose"}}
    values = {"title": title, "page": page, "q": text, "kept": kept, "back_href": back_href}
    return render(request, "study/choose_unit.html", values)
