"""Who may do what where: the one definition that lists, buttons, downloads, figures and the API all ask."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import (
    CELL_ROLES,
    GRASSROOTS_ROLES,
    PASSES_ON,
    ROLE_PERMISSIONS,
    STAFF_MODE_NOTE,
    Permission,
    Role,
)
from langsen.foundation.access.models import Grant, StaffMode
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotAllowed, NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.remembering import remembered
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import units_below_today


def roles_with(permission: Permission) -> list[Role]:
    return [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]


def grants_of(user: User) -> QuerySet[Grant]:
    """Return the user's grants in force today."""
    grants = Grant.objects.filter(user=user, during__contains=today(), ended_at=None)
    return grants.select_related("org_unit__kind").order_by("id")


def _held(user: User) -> list[Grant]:
    """The user's grants in force today, read once a request."""
    return remembered(("grants", user.pk, today()), lambda: list(grants_of(user)))


def _roots(user: User, permission: Permission) -> list[int]:
    roles = roles_with(permission)
    return sorted({grant.org_unit_id for grant in _held(user) if grant.role in roles})


def acts_everywhere(user: User) -> bool:
    """Commands act as the system account; an operator in staff mode reaches every unit until it ends.

    Whoever gets a right this way is marked in the same step, so that the trail names the mode whatever the path.
    """
    if user.is_system:
        return True
    if staff_mode_of(user) is None:
        return False
    user.acting_note = STAFF_MODE_NOTE
    return True


def staff_mode_of(user: User) -> StaffMode | None:
    """Return the operator's open staff mode, if any."""
    if not user.is_operator:
        return None
    open_modes = StaffMode.objects.filter(user=user, ends_at__gt=timezone.now()).order_by("-ends_at")
    return remembered(("staff mode", user.pk), open_modes.first)


def units_where(user: User | AnonymousUser, permission: Permission) -> QuerySet[OrgUnit]:
    """Return the units, living and former, where `user` has `permission` today."""
    if isinstance(user, AnonymousUser):
        return OrgUnit.objects.none()
    if acts_everywhere(user):
        return OrgUnit.objects.all()
    roots = _roots(user, permission)
    return units_below_today(roots) if roots else OrgUnit.objects.none()


def is_allowed(user: User, permission: Permission, unit: OrgUnit) -> bool:
    """Say whether `user` has `permission` in `unit` today."""
    if acts_everywhere(user):
        return True
    roots = _roots(user, permission)
    return bool(roots) and _lies_below(unit, roots)


def _lies_below(unit: OrgUnit, roots: list[int]) -> bool:
    found = units_below_today(roots).filter(pk=unit.pk)
    return remembered(("below", tuple(roots), unit.pk), found.exists)


def has_permission_somewhere(user: User | AnonymousUser, permission: Permission) -> bool:
    """Say whether `user` has `permission` in any unit today: for menus."""
    if isinstance(user, AnonymousUser):
        return False
    return acts_everywhere(user) or bool(_roots(user, permission))


def require(user: User, permission: Permission, unit: OrgUnit) -> None:
    """Refuse unless `user` has `permission` in `unit` today.

    Raises:
        NotAllowed: the message names whom to ask.
    """
    if not is_allowed(user, permission, unit):
        raise NotAllowed(
            _("You have not been given the right to do this. Contact: %(who)s.") % {"who": contact_for(unit)}
        )


def require_all(user: User, permission: Permission, unit_ids: Iterable[int]) -> None:
    """As `require`, for many units in one query."""
    wanted = set(unit_ids)
    allowed = units_where(user, permission).filter(pk__in=wanted).count()
    if allowed != len(wanted):
        raise NotAllowed(_("You have not been given the right to do this in every unit concerned."))


def visible_unit(user: User, code: str, permission: Permission = Permission.ORGS_READ) -> OrgUnit:
    """Return the unit with this code if `user` has `permission` there.

    Raises:
        NotFound: it does not exist, or is not visible; the two look the same.
    """
    unit = units_where(user, permission).select_related("kind").filter(code=code).first()
    if unit is None:
        raise NotFound(code)
    return unit


def contact_for(unit: OrgUnit) -> str:
    """Return the words naming whom to ask for a right in `unit`."""
    return _("whoever grants roles in %(unit)s") % {"unit": unit.name}


def own_units(user: User) -> list[OrgUnit]:
    """Return the units of the user's grants in force, the highest first: what "my unit" offers."""
    units = {grant.org_unit_id: grant.org_unit for grant in _held(user)}
    return sorted(units.values(), key=lambda unit: (unit.kind.level, unit.sort_key))


def grantable_permissions(user: User, unit: OrgUnit) -> frozenset[Permission]:
    """Return what `user` may pass on in `unit`: the permissions held there, and those its roles may pass on."""
    if acts_everywhere(user):
        return frozenset(Permission)
    found: set[Permission] = set()
    for grant in _held(user):
        if _lies_below(unit, [grant.org_unit_id]):
            role = Role(grant.role)
            found |= ROLE_PERMISSIONS[role] | PASSES_ON.get(role, frozenset())
    return frozenset(found)


def fits_unit(role: Role, unit: OrgUnit) -> bool:
    """Say whether `role` exists in this kind of unit."""
    if role in CELL_ROLES:
        return unit.kind.is_cell
    if role in GRASSROOTS_ROLES:
        return unit.kind.is_grassroots
    return True


def grantable_roles(user: User, unit: OrgUnit) -> list[Role]:
    """Return the roles `user` may give in `unit`: none that holds more than `user` may pass on there."""
    if not is_allowed(user, Permission.ACCESS_GRANT, unit):
        return []
    passed = grantable_permissions(user, unit)
    return [role for role in Role if fits_unit(role, unit) and ROLE_PERMISSIONS[role] <= passed]


def grantable_anywhere(user: User) -> list[Role]:
    """Return the roles `user` may give in at least one unit: for the choices of a form."""
    if acts_everywhere(user):
        return list(Role)
    found: set[Role] = set()
    for grant in _held(user):
        if Permission.ACCESS_GRANT in ROLE_PERMISSIONS[Role(grant.role)]:
            passed = grantable_permissions(user, grant.org_unit)
            found |= {role for role in Role if ROLE_PERMISSIONS[role] <= passed}
    return [role for role in Role if role in found]


def require_grantable(user: User, role: Role, unit: OrgUnit) -> None:
    """Refuse unless `user` may give (and so end) `role` in `unit`.

    Raises:
        NotAllowed: no right to grant there, or the role reaches further than the giver's own.
    """
    require(user, Permission.ACCESS_GRANT, unit)
    if not ROLE_PERMISSIONS[role] <= grantable_permissions(user, unit):
        raise NotAllowed(_("The role “%(role)s” may do more than you may pass on here.") % {"role": role.label})
