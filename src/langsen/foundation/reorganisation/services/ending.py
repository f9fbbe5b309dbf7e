"""What merging, dividing and dissolving share: who may, whether a unit can end, and writing it all down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require, require_all
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import Operation, OrgName, OrgPlacement, OrgSuccession, OrgUnit
from langsen.foundation.orgs.queries import parent_on
from langsen.foundation.reorganisation.changes import Change, Decision, announce, note_change, settle
from langsen.foundation.reorganisation.rules import require_existence


@dataclass
class Ending:
    """An operation under way: its day and paper, and what it has done so far."""

    operation: Operation
    effective_on: date
    decision: Decision
    by: User
    predecessors: Sequence[OrgUnit] = ()
    successors: Sequence[OrgUnit] = ()
    established: Sequence[OrgUnit] = ()
    mapping: Mapping[int, int] = field(default_factory=dict)
    moved: Sequence[tuple[OrgUnit, OrgUnit]] = ()
    roles_ended: int = 0
    kept: OrgUnit | None = None


def require_right(by: User, units: Sequence[OrgUnit]) -> None:
    """Refuse unless `by` may change the organisation in all these units."""
    if len(units) == 1:
        require(by, Permission.ORGS_CHANGE, units[0])
    else:
        require_all(by, Permission.ORGS_CHANGE, [unit.pk for unit in units])


def with_superiors(units: Sequence[OrgUnit], day: date) -> list[OrgUnit]:
    """Return these units and whom they stand under on `day`: units that end change their superiors too."""
    superiors = [parent_on(unit, day - ONE_DAY) for unit in units]
    return [*units, *(superior for superior in superiors if superior is not None)]


def require_end(unit: OrgUnit, day: date) -> None:
    """Refuse unless the unit can end with `day` as the first day without it.

    Raises:
        BadInput: it did not exist the day before, has ended or is to end otherwise, or something is recorded later.
    """
    require_existence(unit, day - ONE_DAY)
    end = unit.during.upper
    # A unit established with its last day may still be told who took over; one that was ended has been.
    told = unit.changes.filter(facts__predecessors__contains=[unit.code])
    if end is not None and (end != day or told.exists()):
        message = _("%(unit)s already ends on %(day)s.") % {"unit": unit.name, "day": day_text(unit.last_on)}
        raise BadInput(message, fields={"effective_on": message})
    later = [
        row.during.lower
        for model in (OrgName, OrgPlacement)
        for row in model.objects.filter(org_unit=unit, during__startswith__gt=day)
    ]
    if later:
        message = _("A renaming or a move of %(unit)s is recorded for %(day)s; it cannot end before that day.") % {
            "unit": unit.name,
            "day": day_text(min(later)),
        }
        raise BadInput(message, fields={"effective_on": message})


def finish(done: Ending) -> None:
    """Write successions, the change and the events; derive closure and homes; let the registers follow."""
    touched = [*done.predecessors, *done.successors]
    units = {unit.pk: unit for unit in [*touched, *(child for child, _parent in done.moved)]}
    if done.kept is not None:
        units[done.kept.pk] = done.kept
    change = note_change(
        done.operation,
        list(units.values()),
        effective_on=done.effective_on,
        decision=done.decision,
        facts=_facts(done),
        by=done.by,
    )
    OrgSuccession.objects.bulk_create(
        OrgSuccession(predecessor=old, successor=new, on=done.effective_on, change=change)
        for old in (done.predecessors or ([done.kept] if done.kept else []))
        for new in done.successors
        if old.pk != new.pk
    )
    _record(done)
    settle([unit.pk for unit in units.values()])
    announce(
        Change(
            done.operation,
            done.effective_on,
            change,
            done.by,
            tuple(done.predecessors),
            tuple(done.successors),
            dict(done.mapping),
        )
    )


def _facts(done: Ending) -> dict[str, object]:
    return {
        "predecessors": [unit.code for unit in done.predecessors],
        "successors": [unit.code for unit in done.successors],
        "established": [unit.code for unit in done.established],
        "children": {child.code: parent.code for child, parent in done.moved},
        "kept": done.kept.code if done.kept else None,
        "roles_ended": done.roles_ended,
    }


_VERBS = {
    Operation.MERGE: "org_unit.merged",
    Operation.SPLIT: "org_unit.divided",
    Operation.DISSOLVE: "org_unit.dissolved",
}


def _record(done: Ending) -> None:
    """One event for each unit concerned, in words its own history can show."""
    paper = {"effective_on": done.effective_on, "decision_number": done.decision.number}
    names = ", ".join(unit.name for unit in done.successors)
    for unit in done.predecessors:
        record(_VERBS[done.operation], unit, by=done.by, data={**paper, "successors": names})
    if done.kept is not None:
        record("org_unit.parted", done.kept, by=done.by, data={**paper, "successors": names})
    old_names = ", ".join(unit.name for unit in done.predecessors or ([done.kept] if done.kept else []))
    new = {unit.pk for unit in done.established}
    for unit in done.successors:
        verb = "org_unit.established" if unit.pk in new else "org_unit.took_over"
        record(verb, unit, by=done.by, data={**paper, "predecessors": old_names})
    for child, parent in done.moved:
        record("org_unit.moved", child, by=done.by, data={**paper, "superior": parent.name})
