"""Several units become one, or join one that is there already."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput
from langsen.foundation.orgs.models import Operation, OrgUnit
from langsen.foundation.reorganisation.bulk import NewUnit, write_new_units
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


def merge_units(
    units: Sequence[OrgUnit],
    *,
    successor: OrgUnit | NewUnit,
    effective_on: date,
    decision: Decision,
    by: User,
    tree_version: int | None = None,
) -> OrgUnit:
    """End `units` on the day before `effective_on`; `successor` takes over their units below, people and records.

    A new successor is established that day (its own `from_on` is not asked) and needs at least two predecessors.

    Raises:
        BadInput: too few units, one of them is the successor or stands above it, or a day is impossible.
        NotAllowed: `by` may not change one of the units, their superiors, or the successor.
        Conflict: the tree has changed since `tree_version`.
    """
    decision = checked_decision(decision)
    check_day(effective_on)
    with operation_on_tree(tree_version):
        ending = _predecessors(units, successor)
        require_right(by, with_superiors(ending, effective_on))
        for unit in ending:
            require_end(unit, effective_on)
        heir = _heir(successor, ending, effective_on, by)
        done = Ending(Operation.MERGE, effective_on, decision, by, predecessors=ending, successors=[heir])
        done.established = [heir] if isinstance(successor, NewUnit) else []
        _carry_out(done, heir)
        return heir


def _carry_out(done: Ending, heir: OrgUnit) -> None:
    """End the predecessors and give the heir what stood below them."""
    ending, day = done.predecessors, done.effective_on
    for unit in ending:
        end_unit(unit, day)
    done.mapping = {unit.pk: heir.pk for unit in ending}
    done.moved = put_under(list(placements_under(ending, day)), day, lambda _placement: heir)
    done.roles_ended = end_access(ending, day, by=done.by)
    finish(done)


def _predecessors(units: Sequence[OrgUnit], successor: OrgUnit | NewUnit) -> list[OrgUnit]:
    found = {unit.pk: current(unit) for unit in units}
    if isinstance(successor, OrgUnit) and successor.pk in found:
        raise BadInput(_("%(unit)s cannot be merged into itself.") % {"unit": successor.name})
    if not found:
        raise BadInput(_("Choose the unit that is merged."))
    if isinstance(successor, NewUnit) and len(found) < 2:
        raise BadInput(_("At least two different units merge into a new one."))
    return list(found.values())


def _heir(successor: OrgUnit | NewUnit, ending: Sequence[OrgUnit], day: date, by: User) -> OrgUnit:
    if isinstance(successor, NewUnit):
        parent = OrgUnit.objects.filter(code=(successor.parent or "").strip().upper()).first()
        if parent is not None:
            _refuse_below(parent, ending, day)
        _rows, made = write_new_units([replace(successor, from_on=day, last_on=None)], by=by)
        return next(iter(made.values()))
    heir = current(successor)
    require_right(by, [heir])
    require_existence(heir, day)
    _refuse_below(heir, ending, day)
    return heir


def _refuse_below(unit: OrgUnit, ending: Sequence[OrgUnit], day: date) -> None:
    for above in ending:
        if stands_below(unit, above, day):
            raise BadInput(
                _("%(unit)s stands below %(above)s, which ends. Move it to another superior first.")
                % {"unit": unit.name, "above": above.name}
            )
