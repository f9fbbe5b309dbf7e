"""The first administrator of a real installation, made at the machine."""

from django.db import transaction
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission, Role
from langsen.foundation.access.rules import require
from langsen.foundation.access.services.grants import write_grant
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import check_password_strength, create_account
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import units_on


@transaction.atomic
def create_first_admin(
    username: str, display_name: str, password: str, *, by: User, org_unit: OrgUnit | None = None
) -> User:
    """Make an account that administers `org_unit` (the top of the tree) and may open staff mode; `by` is the system.

    Raises:
        BadInput: there is no organisation yet or there are several at the top; or name or password will not do.
    """
    unit = org_unit or _top_unit()
    require(by, Permission.ACCESS_GRANT, unit)
    check_password_strength(password, User(username=username, display_name=display_name))
    user = create_account(
        username=username, display_name=display_name, password=password, by=by, is_operator=True, unit_id=unit.pk
    )
    grant = write_grant(user=user, role=Role.ADMIN, org_unit=unit, from_on=today(), last_on=None, granted_by=by)
    record("grant.given", grant, by=by, data={"role": Role.ADMIN.value})
    return user


def _top_unit() -> OrgUnit:
    tops = list(
        units_on(today())
        .filter(placements__parent=None, placements__during__contains=today())
        .select_related("kind")
        .order_by("kind__level", "id")
    )
    if not tops:
        raise BadInput(_("There is no organisation yet. Establish the first one: langsen orgs --help."))
    if len(tops) > 1:
        codes = ", ".join(unit.code for unit in tops[:10])
        raise BadInput(_("Several organisations stand at the top: %(codes)s. Name one of them.") % {"codes": codes})
    return tops[0]
