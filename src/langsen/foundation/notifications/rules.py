"""Who may remind whom, and who is told in a unit's name."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.models import Grant
from langsen.foundation.access.rules import acts_everywhere, contact_for, roles_with, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput, NotAllowed
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.models import OrgPlacement, OrgUnit
from langsen.foundation.orgs.queries import ancestors_on


def units_to_nudge(user: User) -> QuerySet[OrgUnit]:
    """Return the living units `user` may remind: those below a unit where the right is held, never that unit itself."""
    day = today()
    living = OrgUnit.objects.filter(during__contains=day, is_published=False)
    if acts_everywhere(user):
        return living
    above = units_where(user, Permission.NUDGE)
    below = OrgPlacement.objects.filter(parent__in=above, during__contains=day).values("org_unit")
    return living.filter(pk__in=below)


def may_nudge(user: User, unit: OrgUnit) -> bool:
    return units_to_nudge(user).filter(pk=unit.pk).exists()


def require_nudge(user: User, unit: OrgUnit) -> None:
    """Refuse unless `user` may remind `unit` today.

    Raises:
        BadInput: the unit has ended, or holds published figures only and is due nothing.
        NotAllowed: the right is not held in a unit above it.
    """
    if not unit.exists_on(today()):
        raise BadInput(_("%(unit)s no longer exists, so nobody there can be reminded.") % {"unit": unit.name})
    if unit.is_published:
        raise BadInput(_("%(unit)s holds published figures only; it is due nothing.") % {"unit": unit.name})
    if not may_nudge(user, unit):
        raise NotAllowed(
            _("A unit is reminded by an officer of a unit above it. Contact: %(who)s.") % {"who": contact_for(unit)}
        )


def people_of(unit: OrgUnit, holding: Permission, *, among: Collection[int] | None = None) -> list[User]:
    """Return who is told in the name of `unit`: active accounts with a grant in force given in that unit itself whose
    role holds the permission; when there is none, those of the nearest unit above (`among`: of these units only).
    """
    day = today()
    units = [one.pk for one in reversed(ancestors_on(unit, day)) if among is None or one.pk in among]
    grants = Grant.objects.filter(
        org_unit__in=units,
        role__in=roles_with(holding),
        during__contains=day,
        ended_at=None,
        user__is_active=True,
        user__is_system=False,
    ).select_related("user")
    found: dict[int, dict[int, User]] = {}
    for grant in grants.order_by("id"):
        found.setdefault(grant.org_unit_id, {})[grant.user_id] = grant.user
    nearest = next((pk for pk in units if pk in found), None)
    return list(found[nearest].values()) if nearest is not None else []
