"""Operations on one unit that goes on: establish, rename, move, and the superior on the second line."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import Line, Operation, OrgName, OrgPlacement, OrgSecondLink, OrgUnit
from langsen.foundation.reorganisation.bulk import NewUnit, establish_units, folded_name
from langsen.foundation.reorganisation.changes import (
    NO_DECISION,
    Change,
    Decision,
    announce,
    note_change,
    operation_on_tree,
    settle,
)
from langsen.foundation.reorganisation.rules import check_day, checked_decision, checked_name, require_existence
from langsen.foundation.reorganisation.services.ending import require_right
from langsen.foundation.reorganisation.tree import current, put_under, split_row, stands_below


def establish_unit(
    *,
    code: str,
    name: str,
    kind: str,
    parent: OrgUnit | None,
    effective_on: date,
    decision: Decision,
    by: User,
    tree_version: int | None = None,
    is_published: bool = False,
) -> OrgUnit:
    """Establish a unit under `parent` from `effective_on` on. Only a unit without superior needs no decision.

    Raises:
        BadInput, NotAllowed, Conflict: see `establish_units`.
    """
    checked_decision(decision, required=parent is not None)
    row = NewUnit(code, name, kind, parent.code if parent else None, effective_on, None, is_published)
    with operation_on_tree(tree_version):
        return establish_units([row], by=by, decision=decision)[code]


def rename_unit(
    unit: OrgUnit, *, name: str, effective_on: date, decision: Decision, by: User, tree_version: int | None = None
) -> None:
    """Call the unit `name` from `effective_on` until the next renaming recorded, or for good.

    Raises:
        BadInput: it does not exist on that day, is already called that, or the name is empty or too long.
    """
    decision, new_name = checked_decision(decision), checked_name(name)
    check_day(effective_on)
    with operation_on_tree(tree_version):
        unit = current(unit)
        require(by, Permission.ORGS_CHANGE, unit)
        require_existence(unit, effective_on)
        row = OrgName.objects.get(org_unit=unit, during__contains=effective_on)
        old_name = row.name
        if old_name == new_name:
            message = _("%(unit)s is already called that on this day.") % {"unit": unit.name}
            raise BadInput(message, fields={"name": message})
        split_row(row, effective_on, name=new_name, folded=folded_name(new_name))
        change = note_change(
            Operation.RENAME,
            [unit],
            effective_on=effective_on,
            decision=decision,
            facts={"name": [old_name, new_name]},
            by=by,
        )
        record("org_unit.renamed", unit, by=by, data={**_paper(effective_on, decision), "name": [old_name, new_name]})
        settle([])
        announce(Change(Operation.RENAME, effective_on, change, by))


def move_unit(
    unit: OrgUnit, *, parent: OrgUnit, effective_on: date, decision: Decision, by: User, tree_version: int | None = None
) -> None:
    """Put the unit, with all below it, under `parent` from `effective_on` until its next move recorded, or for good.

    Raises:
        BadInput: one of them does not exist then, it stands there already, or `parent` stands below the unit.
    """
    decision = checked_decision(decision)
    check_day(effective_on)
    with operation_on_tree(tree_version):
        unit, parent = current(unit), current(parent)
        placement = _placement_to_move(unit, effective_on)
        old = placement.parent
        require_right(by, [each for each in (unit, parent, old) if each is not None])
        _check_move(unit, old, parent, effective_on)
        put_under([placement], effective_on, lambda _placement: parent)
        change = note_change(
            Operation.MOVE,
            [unit, parent, *([old] if old else [])],
            effective_on=effective_on,
            decision=decision,
            facts={"unit": unit.code, "superior": [old.code if old else "", parent.code]},
            by=by,
        )
        names = [old.name if old else "", parent.name]
        record("org_unit.moved", unit, by=by, data={**_paper(effective_on, decision), "superior": names})
        settle([unit.pk])
        announce(Change(Operation.MOVE, effective_on, change, by))


def _placement_to_move(unit: OrgUnit, day: date) -> OrgPlacement:
    require_existence(unit, day)
    return OrgPlacement.objects.select_related("org_unit", "parent").get(org_unit=unit, during__contains=day)


def _check_move(unit: OrgUnit, old: OrgUnit | None, parent: OrgUnit, day: date) -> None:
    require_existence(parent, day)
    message = ""
    if old is not None and old.pk == parent.pk:
        message = _("%(unit)s already stands under %(parent)s on %(day)s.") % {
            "unit": unit.name,
            "parent": parent.name,
            "day": day_text(day),
        }
    elif stands_below(parent, unit, day):
        message = _("%(parent)s stands below %(unit)s; a unit cannot be moved under itself.") % {
            "parent": parent.name,
            "unit": unit.name,
        }
    if message:
        raise BadInput(message, fields={"parent": message})


def link_superior(
    unit: OrgUnit,
    *,
    superior: OrgUnit | None,
    line: Line,
    effective_on: date,
    by: User,
    decision: Decision = NO_DECISION,
    tree_version: int | None = None,
) -> None:
    """Record the unit's State or mass-organisation superior from a day on, until the next one recorded; None ends it.

    Raises:
        BadInput: the Party line (that is `move_unit`), a unit that does not exist then, or the unit itself.
    """
    decision = checked_decision(decision, required=False)
    check_day(effective_on)
    with operation_on_tree(tree_version):
        unit = current(unit)
        require(by, Permission.ORGS_CHANGE, unit)
        require_existence(unit, effective_on)
        if line == Line.PARTY:
            raise BadInput(_("The superior on the Party line changes by moving the unit."))
        if superior is not None:
            superior = current(superior)
            require_existence(superior, effective_on)
            if superior.pk == unit.pk:
                raise BadInput(_("%(unit)s cannot stand below itself.") % {"unit": unit.name})
        before = _relink(unit, superior, line, effective_on)
        names = [before.superior.name if before else "", superior.name if superior else ""]
        facts = {**_paper(effective_on, decision), "line": line.value, "superior": names}
        record("org_unit.linked", unit, by=by, data=facts)
        settle([])


def _relink(unit: OrgUnit, superior: OrgUnit | None, line: Line, day: date) -> OrgSecondLink | None:
    """Write the link and return the one it replaces."""
    links = OrgSecondLink.objects.filter(org_unit=unit, line=line).select_related("superior")
    before = links.filter(during__contains=day).first()
    following = links.filter(during__startswith__gt=day).order_by("during").first()
    if before is not None:
        if before.during.lower == day:
            before.delete()
        else:
            OrgSecondLink.objects.filter(pk=before.pk).update(during=DateRange(before.during.lower, day))
    if superior is not None:
        ends = [unit.during.upper, superior.during.upper, following.during.lower if following else None]
        end = min((end for end in ends if end is not None), default=None)
        OrgSecondLink.objects.create(org_unit=unit, superior=superior, line=line, during=DateRange(day, end))
    return before


def _paper(effective_on: date, decision: Decision) -> dict[str, object]:
    return {"effective_on": effective_on, "decision_number": decision.number}
