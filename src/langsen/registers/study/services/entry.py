"""Who types for whom: entry for somebody else is marked, not forbidden."""

from collections.abc import Iterable

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import grants_of, roles_with
from langsen.foundation.accounts.models import User
from langsen.foundation.orgs.models import OrgUnit


def units_entered_for_others(by: User, units: Iterable[OrgUnit]) -> set[int]:
    """Return the ids of those `units` in which `by` holds no recording role of their own.

    Their records are marked "nhập thay". Commands act for nobody and are not marked.
    """
    unit_ids = {unit.pk for unit in units}
    if by.is_system:
        return set()
    own = grants_of(by).filter(role__in=roles_with(Permission.STUDY_RECORD), org_unit__in=unit_ids)
    return unit_ids - set(own.values_list("org_unit_id", flat=True))
