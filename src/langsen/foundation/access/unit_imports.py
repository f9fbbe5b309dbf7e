"""Excel in for a unit: who may import where, the same for every list an office keeps by units."""

from typing import Any

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import own_units, require, units_where
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.sheets.kinds import Context, ImportKind, Target
from langsen.foundation.orgs.models import OrgUnit


class UnitImport(ImportKind):
    """An import into a unit where a person has `permission`."""

    permission: Permission

    def targets(self, user: Any, code: str = "") -> list[Target]:
        """The unit the address names, if allowed, then the person's own ones, the highest first."""
        allowed = units_where(user, self.permission).filter(during__contains=today())
        named = list(allowed.filter(code=code.strip().upper())) if code else []
        own = [] if user.is_system else [unit.pk for unit in own_units(user)]
        others = allowed.filter(pk__in=own).order_by("kind__level", "sort_key", "id")
        units = [*named, *(unit for unit in others if unit not in named)]
        return [Target(unit.pk, unit.code, unit.name) for unit in units]

    def check(self, context: Context) -> None:
        """Refuse whoever may not import into the unit (NotAllowed), or a unit there is not (NotFound)."""
        require(context.user, self.permission, self.target(context))

    def target(self, context: Context) -> OrgUnit:
        """Return the unit imported into.

        Raises:
            NotFound: there is none.
        """
        unit = OrgUnit.objects.select_related("kind").filter(pk=context.org_unit_id).first()
        if unit is None:
            raise NotFound
        return unit
