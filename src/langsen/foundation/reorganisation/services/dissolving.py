"""A unit ends without becoming another, or hands over to one that exists."""

from datetime import date

from django.utils.translation import gettext as _

from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput
from langsen.foundation.orgs.models import Operation, OrgPlacement, OrgUnit
from langsen.foundation.reorganisation.changes import Decision, operation_on_tree
from langsen.foundation.reorganisation.rules import check_day, checked_decision, require_existence
from langsen.foundation.reorganisation.services.ending import (
    Ending,
    finish,
    require_end,
    require_right,
    with_superiors,
)
from langsen.foundation.reorganisation.tree import (
    current,
    end_access,
    end_unit,
    placements_under,
    put_under,
    stands_below,
)


def dissolve_unit(
    unit: OrgUnit,
    *,
    effective_on: date,
    decision: Decision,
    by: User,
    successor: OrgUnit | None = None,
    children_to: OrgUnit | None = None,
    tree_version: int | None = None,
) -> None:
    """End the unit on the day before `effective_on`.

    With a `successor` its people and records go there, and its units below too unless `children_to` says otherwise.
    Without one its records count at its last superior, and units below must be told where to go.

    Raises:
        BadInput: units below without a place, a successor or new superior that ends with the unit, impossible days.
        NotAllowed: `by` may not change the unit, its superior, or the units named.
        Conflict: the tree has changed since `tree_version`.
    """
    decision = checked_decision(decision)
    check_day(effective_on)
    with operation_on_tree(tree_version):
        unit = current(unit)
        heir = current(successor) if successor else None
        place = current(children_to) if children_to else heir
        others = [other for other in (heir, place) if other is not None]
        require_right(by, [*with_superiors([unit], effective_on), *others])
        require_end(unit, effective_on)
        for other in others:
            _check_other(unit, other, effective_on)
        below = list(placements_under([unit], effective_on))
        if below and place is None:
            raise BadInput(_needs_place(unit, below), fields={"children_to": _needs_place(unit, below)})
        end_unit(unit, effective_on)
        done = Ending(Operation.DISSOLVE, effective_on, decision, by, predecessors=[unit])
        done.successors, done.mapping = ([heir], {unit.pk: heir.pk}) if heir else ([], {})
        done.moved = put_under(below, effective_on, lambda _placement: place) if place else []
        done.roles_ended = end_access([unit], effective_on, by=by)
        finish(done)


def _check_other(unit: OrgUnit, other: OrgUnit, day: date) -> None:
    require_existence(other, day)
    if stands_below(other, unit, day):
        raise BadInput(
            _("%(other)s stands below %(unit)s, which ends. Move it to another superior first.")
            % {"other": other.name, "unit": unit.name}
        )


def _needs_place(unit: OrgUnit, below: list[OrgPlacement]) -> str:
    names = ", ".join(dict.fromkeys(placement.org_unit.name for placement in below[:10]))
    return _("Say where the units below %(unit)s go: %(names)s.") % {"unit": unit.name, "names": names}
