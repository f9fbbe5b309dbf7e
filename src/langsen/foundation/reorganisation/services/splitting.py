"""One unit is divided among several, or a part of it becomes another unit while it goes on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.orgs.models import Operation, OrgPlacement, OrgUnit
from langsen.foundation.orgs.queries import parent_on
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
from langsen.foundation.reorganisation.tree import current, end_access, end_unit, placements_under, put_under

_SHOWN = 20


@dataclass(frozen=True)
class _Heirs:
    """The successors, those of them that are new, the superior of the divided unit, and who may take children."""

    units: list[OrgUnit]
    new: list[OrgUnit]
    superior: OrgUnit | None
    targets: dict[str, OrgUnit]


def split_unit(
    unit: OrgUnit,
    *,
    successors: Sequence[OrgUnit | NewUnit],
    children: Mapping[str, str],
    effective_on: date,
    decision: Decision,
    by: User,
    keeps: bool = False,
    members_to: str = "",
    tree_version: int | None = None,
) -> list[OrgUnit]:
    """Divide the unit among `successors`; new ones are established on `effective_on`.

    Classically the unit ends: two successors at least, and `children` names for the code of every unit below the code
    of the successor (or of the superior) it goes to. With `keeps` the unit goes on and only loses a part: one
    successor is enough, and units below that are not named stay. `members_to` is the code of the successor its own
    people go to; without it they stay where they are until transferred.

    Raises:
        BadInput: too few successors, units below without a place or with an unknown one, impossible days.
        NotAllowed: `by` may not change the unit, its superior, or a successor.
        Conflict: the tree has changed since `tree_version`.
    """
    decision = checked_decision(decision)
    check_day(effective_on)
    with operation_on_tree(tree_version):
        unit = current(unit)
        require_right(by, [unit] if keeps else with_superiors([unit], effective_on))
        _require_divisible(unit, successors, effective_on, keeps=keeps)
        heirs = _heirs(successors, unit, effective_on, by, keeps=keeps)
        below = _mapped(list(placements_under([unit], effective_on)), children, heirs, keeps=keeps)
        members = _target(members_to, heirs) if members_to else None
        done = Ending(Operation.SPLIT, effective_on, decision, by, successors=heirs.units, established=heirs.new)
        if keeps:
            done.kept = unit
        else:
            done.predecessors, done.mapping = [unit], {unit.pk: members.pk} if members else {}
        _carry_out(done, below)
        return heirs.units


def _carry_out(done: Ending, below: list[tuple[OrgPlacement, OrgUnit]]) -> None:
    """End the unit, unless it goes on, and put each unit below where it was said."""
    for unit in done.predecessors:
        end_unit(unit, done.effective_on)
    done.moved = put_under([row for row, _heir in below], done.effective_on, _chosen(below))
    done.roles_ended = end_access(done.predecessors, done.effective_on, by=done.by) if done.predecessors else 0
    finish(done)


def _require_divisible(unit: OrgUnit, successors: Sequence[OrgUnit | NewUnit], day: date, *, keeps: bool) -> None:
    if keeps:
        require_existence(unit, day - ONE_DAY)
        require_existence(unit, day)
    else:
        require_end(unit, day)
    _require_enough(successors, unit, keeps=keeps)


def _require_enough(successors: Sequence[OrgUnit | NewUnit], unit: OrgUnit, *, keeps: bool) -> None:
    codes = {successor.code.strip().upper() for successor in successors}
    if unit.code in codes:
        raise BadInput(_("%(unit)s cannot be its own successor.") % {"unit": unit.name})
    if len(codes) != len(successors):
        raise BadInput(_("The same successor stands twice in the list."))
    if not codes or (not keeps and len(codes) < 2):
        message = _("A unit is divided among at least two different successors; with one only it is merged or renamed.")
        raise BadInput(message, fields={"successors": message})


def _heirs(successors: Sequence[OrgUnit | NewUnit], unit: OrgUnit, day: date, by: User, *, keeps: bool) -> _Heirs:
    rows = [replace(row, from_on=day, last_on=None) for row in successors if isinstance(row, NewUnit)]
    if not keeps and any((row.parent or "").strip().upper() == unit.code for row in rows):
        raise BadInput(_("%(unit)s ends; its successors need another superior.") % {"unit": unit.name})
    existing = [current(heir) for heir in successors if isinstance(heir, OrgUnit)]
    for heir in existing:
        require_existence(heir, day)
    if existing:
        require_right(by, existing)
    made = write_new_units(rows, by=by)[1] if rows else {}
    known = {heir.code: heir for heir in existing} | made
    units = [known[successor.code.strip().upper()] for successor in successors]
    superior = parent_on(unit, day - ONE_DAY)
    targets = ({superior.code: superior} if superior else {}) | known
    return _Heirs(units, list(made.values()), superior, targets)


def _mapped(
    below: list[OrgPlacement], children: Mapping[str, str], heirs: _Heirs, *, keeps: bool
) -> list[tuple[OrgPlacement, OrgUnit]]:
    """Pair each placement below the unit with where it goes; a successor that stood below it goes to its superior."""
    wanted = {child.strip().upper(): _target(target, heirs) for child, target in children.items()}
    names = {placement.org_unit.code: placement.org_unit.name for placement in below}
    if strangers := sorted(set(wanted) - set(names)):
        raise BadInput(_("These units do not stand below it: %(codes)s.") % {"codes": ", ".join(strangers[:_SHOWN])})
    if heirs.superior is not None:
        wanted = {heir.code: heirs.superior for heir in heirs.units if heir.code in names and not keeps} | wanted
    missing = [f"{name} ({code})" for code, name in names.items() if code not in wanted]
    if missing and not keeps:
        message = _("Say which successor each unit below goes to. Not yet said: %(names)s.") % {
            "names": ", ".join(missing[:_SHOWN])
        }
        raise BadInput(message, fields={"children": message})
    return [(placement, wanted[placement.org_unit.code]) for placement in below if placement.org_unit.code in wanted]


def _target(code: str, heirs: _Heirs) -> OrgUnit:
    found = heirs.targets.get(code.strip().upper())
    if found is None:
        raise BadInput(
            _("%(code)s is not a successor. Choose one of: %(codes)s.")
            % {"code": code[:40], "codes": ", ".join(heirs.targets)}
        )
    return found


def _chosen(below: list[tuple[OrgPlacement, OrgUnit]]) -> Callable[[OrgPlacement], OrgUnit]:
    chosen = {placement.pk: heir for placement, heir in below}
    return lambda placement: chosen[placement.pk]
