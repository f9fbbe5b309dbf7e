"""The list of units of a contest from a file, for a contest whose organisations the registers do not hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, ContestUnit
from langsen.contests.contests.page_version import raise_page_version
from langsen.contests.contests.services.steps import publish_change, reason_for, to_change
from langsen.contests.contests.services.units import MOST_UNITS, check_head_count
from langsen.contests.contests.unit_tree import TOP, Fate, fates, from_above
from langsen.contests.stores import STORE
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import Conflict
from langsen.foundation.core.text import fold, number_text
from langsen.foundation.orgs.homes import unit_sort_key
from langsen.foundation.reorganisation.rules import checked_code, checked_name
from langsen.registers.kit.rules import checked_text, refuse

KIND_LENGTH = 120
_BATCH = 2_000
_WRITTEN = ("name", "kind", "path", "folded", "sort_key", "parent", "compared", "head_count", "head_count_on")


@dataclass(frozen=True)
class UnitLine:
    """A unit as a list names it; `above` is the code of the unit above, `TOP` directly below the organiser."""

    code: str
    name: str
    kind: str
    above: str
    head_count: int | None
    head_count_on: date | None


@transaction.atomic(using=STORE)
def import_units(contest: Contest, lines: Sequence[UnitLine], *, by: User) -> int:
    """Add the units of `lines` to the list, or bring those of the same code up to date; none is taken off it.

    Units directly below the organiser are compared. Done again with the same lines it changes nothing. Returns how
    many units were added or changed.

    Raises:
        NotAllowed: `by` does not organise contests there.
        Conflict: the contest is announced, or the list has changed so that a line has no place in it any more.
    """
    current = to_change(contest, by)
    require_open_list(current)
    units = {unit.code: unit for unit in current.units.select_related("parent")}
    above = {code: unit.parent.code if unit.parent else TOP for code, unit in units.items()}
    above |= {line.code: line.above for line in lines}
    if any(fate != Fate.STANDS for fate in fates(above).values()):
        raise Conflict(_("The list of units has changed meanwhile. Send the file again."))
    new = [_new_unit(current, line) for line in lines if line.code not in units]
    ContestUnit.objects.bulk_create(new, batch_size=_BATCH)
    units |= {unit.code: unit for unit in new}
    before = {code: _state(unit) for code, unit in units.items()}
    for line in lines:
        unit = units[line.code]
        unit.name, unit.kind = line.name, line.kind
        unit.head_count, unit.head_count_on = line.head_count, line.head_count_on
    changed = [unit for unit in _placed(units, above) if _state(unit) != before[unit.code]]
    ContestUnit.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["id"], update_fields=_WRITTEN, batch_size=_BATCH
    )
    if changed:
        record("contest.units_imported", current, by=by, data={"new": len(new), "changed": len(changed) - len(new)})
        raise_page_version(current.pk)
    return len(changed)


@transaction.atomic(using=STORE)
def add_unit(contest: Contest, line: UnitLine, *, reason: str = "", by: User) -> ContestUnit:
    """Add one unit to the list, also one that was forgotten when the rules were announced: then with a public reason.

    Raises:
        NotAllowed: `by` does not organise contests there.
        BadInput: at the field: code, name, kind, above, head_count, on, reason.
        Conflict: the contest is over or cancelled.
    """
    current = to_change(contest, by)
    if current.status not in (ContestStatus.DRAFT, ContestStatus.ANNOUNCED):
        raise Conflict(_("The contest is over: its list of units stays."))
    code, name = checked_code(line.code), checked_name(line.name)
    kind = checked_text(line.kind, "kind", KIND_LENGTH)
    check_head_count(line.head_count, line.head_count_on)
    if current.units.filter(code=code).exists():
        raise refuse("code", _("A unit of the contest has this code already."))
    if current.units.count() >= MOST_UNITS:
        raise refuse("code", _("At most %(most)s units fit into a contest.") % {"most": number_text(MOST_UNITS)})
    upper = current.units.filter(code=line.above.strip().upper()).select_related("compared").first()
    if line.above.strip() and upper is None:
        raise refuse("above", _("No unit of the contest has the code “%(code)s”.") % {"code": line.above.strip()[:60]})
    why = reason_for(current, reason)
    unit = _new_unit(current, UnitLine(code, name, kind, line.above, line.head_count, line.head_count_on))
    unit.name, unit.kind, unit.head_count, unit.head_count_on = name, kind, line.head_count, line.head_count_on
    _place(unit, upper)
    unit.compared = upper.compared if upper else None
    unit.save()
    if upper is None:
        unit.compared = unit
        unit.save(update_fields=["compared"])
    publish_change(current, _("A unit is added to the list"), "", unit.path, reason=why, by=by)
    record(
        "contest.unit_added", current, by=by, data={"unit": unit.path, "code": code} | ({"reason": why} if why else {})
    )
    raise_page_version(current.pk)
    return unit


def require_open_list(contest: Contest) -> None:
    """Refuse once the rules are announced: people choose from the list, and nobody's unit may move or vanish.

    Raises:
        Conflict: saying so.
    """
    if contest.is_frozen:
        raise Conflict(_("The rules are announced: the list of units stays; head counts are mended one by one."))


@transaction.atomic(using=STORE)
def empty_units(contest: Contest, *, by: User) -> int:
    """Take every unit off the list of a contest that is being written; return how many.

    Raises:
        NotAllowed: `by` does not organise contests there.
        Conflict: the contest is announced, or somebody signed up for a unit.
    """
    current = to_change(contest, by)
    require_open_list(current)
    if current.entrants.exclude(unit=None).exists():
        raise Conflict(_("Somebody signed up for a unit of this list; it stays."))
    count = current.units.update(parent=None, compared=None)
    current.units.all().delete()
    record("contest.units_emptied", current, by=by, data={"count": count})
    raise_page_version(current.pk)
    return count


def _new_unit(current: Contest, line: UnitLine) -> ContestUnit:
    return ContestUnit(contest=current, code=line.code, path="", folded="", sort_key="")


def _state(unit: ContestUnit) -> tuple[Any, ...]:
    return tuple(getattr(unit, f"{name}_id" if name in {"parent", "compared"} else name) for name in _WRITTEN)


def _placed(units: Mapping[str, ContestUnit], above: Mapping[str, str]) -> Iterator[ContestUnit]:
    """Yield the units from above, each with its place, the path people read and the unit it competes for."""
    for code in from_above(above):
        unit, upper = units[code], units.get(above[code])
        _place(unit, upper)
        unit.compared = upper.compared if upper else unit
        yield unit


def _place(unit: ContestUnit, upper: ContestUnit | None) -> None:
    path = (f"{unit.name}, {upper.path}" if upper else unit.name)[:600]
    unit.parent, unit.path = upper, path
    unit.folded, unit.sort_key = fold(path)[:800], unit_sort_key(unit.name)
