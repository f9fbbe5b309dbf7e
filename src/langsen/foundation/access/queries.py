"""What the pages of accounts and roles list: grants, invitations and accounts of the units one manages."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import ROLE_PERMISSIONS, Permission, Role
from langsen.foundation.access.models import Grant, Invitation
from langsen.foundation.access.rules import grantable_anywhere, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import fold
from langsen.foundation.core.todos import Todo
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import units_matching

SOON = timedelta(days=2)
GRANT_ORDERS = {
    "name": ("user__sort_key", "id"),
    "unit": ("org_unit__sort_key", "user__sort_key", "id"),
    "since": ("during", "id"),
}


def managed_units(user: User) -> QuerySet[OrgUnit]:
    """Return the units, living today, in which `user` may give roles."""
    units = units_where(user, Permission.ACCESS_GRANT).filter(during__contains=today())
    return units.select_related("kind").order_by("kind__level", "sort_key", "id")


def grants_seen_by(user: User) -> QuerySet[Grant]:
    """Return the grants, past and coming too, in the units `user` manages, by given name."""
    units = units_where(user, Permission.ACCESS_GRANT)
    return (
        Grant.objects.filter(org_unit__in=units)
        .select_related("user", "org_unit__kind")
        .order_by("user__sort_key", "id")
    )


def in_force() -> Q:
    return Q(during__contains=today(), ended_at=None)


def matching(grants: QuerySet[Grant], text: str, role: str = "", state: str = "", sort: str = "") -> QuerySet[Grant]:
    """Narrow grants by words of the name or unit, role, and `state` (now, coming, past; empty: all); order them."""
    folded = fold(text)
    if folded:
        named = Q()
        for word in folded.split(" "):
            named &= Q(user__folded__contains=word)
        grants = grants.filter(named | Q(org_unit__in=units_matching(text, OrgUnit.objects.all())))
    if role:
        grants = grants.filter(role=role)
    if state == "now":
        grants = grants.filter(in_force())
    elif state == "coming":
        grants = grants.filter(during__startswith__gt=today(), ended_at=None)
    elif state == "past":
        grants = grants.filter(Q(ended_at__isnull=False) | Q(during__endswith__lte=today()))
    return ordered(grants, sort)


def ordered(grants: QuerySet[Grant], sort: str) -> QuerySet[Grant]:
    order = GRANT_ORDERS.get(sort.removeprefix("-"))
    if order is None:
        return grants
    grants = grants.order_by(*order)
    return grants.reverse() if sort.startswith("-") else grants


def grant_seen_by(user: User, pk: int) -> Grant:
    """Return this grant if it lies in a unit `user` manages.

    Raises:
        NotFound: it does not, or does not exist.
    """
    grant = grants_seen_by(user).filter(pk=pk).first()
    if grant is None:
        raise NotFound
    return grant


def invitations_seen_by(user: User) -> QuerySet[Invitation]:
    """Return the invitations into the units `user` manages, the newest first."""
    units = units_where(user, Permission.ACCESS_GRANT)
    found = Invitation.objects.filter(org_unit__in=units)
    return found.select_related("org_unit__kind", "invited_by", "accepted_by").order_by("-invited_at", "-id")


def invitation_seen_by(user: User, pk: int) -> Invitation:
    """Return this invitation if it goes into a unit `user` manages.

    Raises:
        NotFound: it does not, or does not exist.
    """
    invitation = invitations_seen_by(user).filter(pk=pk).first()
    if invitation is None:
        raise NotFound
    return invitation


def role_choices(user: User) -> list[tuple[str, str]]:
    """Return the roles `user` may give somewhere, in the order of the offices."""
    return [(role.value, str(role.label)) for role in grantable_anywhere(user)]


def roles_explained() -> list[dict[str, object]]:
    """Return what each role may do, from the code, for the page that explains it."""
    return [
        {"role": role.label, "may": [one.label for one in Permission if one in ROLE_PERMISSIONS[role]]} for role in Role
    ]


def todos_for(user: User) -> Sequence[Todo]:
    """Return the invitations `user` made whose link is about to end unused."""
    waiting = invitations_seen_by(user).filter(
        invited_by=user,
        accepted_at=None,
        withdrawn_at=None,
        expires_at__gt=timezone.now(),
        expires_at__lt=timezone.now() + SOON,
    )
    return [
        Todo(
            title=_("The invitation of %(name)s has not been used yet") % {"name": row.display_name},
            href=reverse("access:invitations"),
            action=_("Open"),
            due_on=timezone.localdate(row.expires_at),
            note=row.org_unit.name,
        )
        for row in waiting[:20]
    ]
