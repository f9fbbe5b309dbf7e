"""Who may do what to a contest: the permissions of the registers, asked at the contest's organiser."""

from django.utils.translation import gettext as _

from langsen.contests.contests.models import Contest
from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotAllowed
from langsen.foundation.orgs.models import OrgUnit


def require_in(by: User, permission: Permission, contest: Contest) -> None:
    """Refuse unless `by` has the permission at the contest's organiser today.

    Raises:
        NotAllowed: not granted there, or the organiser is not in these registers and `by` is not the system itself.
    """
    if by.is_system:
        return
    organiser = OrgUnit.objects.filter(pk=contest.organiser_id).first()
    if organiser is None:
        raise NotAllowed(_("The organiser of this contest is not among the organisations here."))
    require(by, permission, organiser)


def organisers_where(user: User, permission: Permission) -> frozenset[int]:
    """Return the organisers of contests, as far as `user` has the permission there."""
    named = set(Contest.objects.order_by().values_list("organiser_id", flat=True).distinct())
    return frozenset(units_where(user, permission).filter(pk__in=named).values_list("pk", flat=True))
