"""Outlines: those that came with the program and those offices keep."""

from datetime import date

from django.db.models import Q, QuerySet

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.models import OrgClosure, OrgUnit
from langsen.reports.models import Outline
from langsen.reports.rules import own_unit_ids


def outlines_for(user: User) -> QuerySet[Outline]:
    """Return every outline `user` may see, by code, the newest version first."""
    outlines = Outline.objects.select_related("org_unit", "programme").order_by("code", "-during", "id")
    if acts_everywhere(user):
        return outlines
    above = OrgClosure.objects.filter(
        descendant__in=own_unit_ids(user, Permission.REPORTS_READ), during__contains=today()
    ).values("ancestor")
    below = units_where(user, Permission.REPORTS_OUTLINE).values("pk")
    return outlines.filter(Q(org_unit=None) | Q(org_unit__in=above) | Q(org_unit__in=below))


def outline_for(user: User, pk: int) -> Outline:
    """Return one outline.

    Raises:
        NotFound: it does not exist, or is not visible.
    """
    outline = outlines_for(user).filter(pk=pk).first()
    if outline is None:
        raise NotFound(pk)
    return outline


def outlines_offered(unit: OrgUnit, day: date | None = None) -> QuerySet[Outline]:
    """Return the outlines `unit` may begin a report with on `day` (today)."""
    above = OrgClosure.objects.filter(descendant=unit, during__contains=day or today()).values("ancestor")
    return Outline.objects.filter(Q(org_unit=None) | Q(org_unit__in=above), during__contains=day or today()).order_by(
        "code", "id"
    )


def outline_by_code(code: str, unit: OrgUnit, day: date | None = None) -> Outline:
    """Return the outline with this code that `unit` may use on `day` (today), its own before a shipped one.

    Raises:
        NotFound: there is none.
    """
    found = sorted(outlines_offered(unit, day).filter(code=code), key=lambda one: one.org_unit_id is None)
    if not found:
        raise NotFound(code)
    return found[0]
