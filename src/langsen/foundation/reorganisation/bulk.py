"""Establishing many units at once: for imports, the demo, and as the one way to establish a single unit."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, require_all
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record_many
from langsen.foundation.core.errors import BadInput, NotAllowed
from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.core.text import day_text, fold
from langsen.foundation.orgs.homes import unit_sort_key
from langsen.foundation.orgs.models import Line, Operation, OrgName, OrgPlacement, OrgSecondLink, OrgUnit, UnitKind
from langsen.foundation.reorganisation.changes import (
    NO_DECISION,
    Change,
    Decision,
    announce,
    note_change,
    operation_on_tree,
    settle,
)
from langsen.foundation.reorganisation.rules import (
    CODE_LENGTH,
    checked_code,
    checked_decision,
    checked_name,
    is_plausible,
)
from langsen.foundation.reorganisation.tree import within

__all__ = ["Decision", "NewUnit", "Problem", "establish_units", "link_units", "problems_of"]

_BATCH = 5000
_SHOWN_PROBLEMS = 5
_KEPT_FACTS = 200


@dataclass(frozen=True)
class NewUnit:
    """A unit to be. `parent` is the code of a unit in the store or of another new one; `last_on` is its last day."""

    code: str
    name: str
    kind: str
    parent: str | None
    from_on: date
    last_on: date | None = None
    is_published: bool = False

    @property
    def during(self) -> DateRange:
        return DateRange(self.from_on, self.last_on + ONE_DAY if self.last_on else None)


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be established: its position, the field at fault, and the words for a person."""

    row: int
    field: str
    message: str


def establish_units(rows: Sequence[NewUnit], *, by: User, decision: Decision = NO_DECISION) -> dict[str, OrgUnit]:
    """Establish all these units or none; parents may stand anywhere among the rows. Returns the units by given code.

    Raises:
        BadInput: the message names the first rows that cannot stand.
        NotAllowed: `by` may not change the organisation above one of them; a unit without superior needs staff mode.
    """
    decision = checked_decision(decision, required=False)
    with operation_on_tree(None):
        tidy, units = write_new_units(rows, by=by)
        settle([unit.pk for unit in units.values()])
        _write_down(tidy, units, by=by, decision=decision)
        return {given.code: units[row.code] for given, row in zip(rows, tidy, strict=True)}


def write_new_units(rows: Sequence[NewUnit], *, by: User) -> tuple[list[NewUnit], dict[str, OrgUnit]]:
    """Check and write units with their names and places; the caller holds the tree, settles it and records the act.

    Returns the rows as written (codes in capitals) and the units by those codes.
    """
    tidy = [_tidy(row) for row in rows]
    _require_parents(tidy, by)
    problems = problems_of(tidy)
    if problems:
        raise BadInput(
            " ".join(f"{tidy[problem.row].code}: {problem.message}" for problem in problems[:_SHOWN_PROBLEMS]),
            fields={problem.field: problem.message for problem in problems[:1]},
        )
    return tidy, _write(tidy)


def problems_of(rows: Sequence[NewUnit]) -> list[Problem]:
    """Return everything that keeps these rows from being established, by rows: nothing is written."""
    codes = {row.code for row in rows}
    kinds = {kind.code: kind for kind in UnitKind.objects.all()}
    named = codes | {row.parent for row in rows if row.parent}
    stored = {unit.code: unit for unit in OrgUnit.objects.filter(code__in=named)}
    new = {row.code: row for row in rows}
    loops = _in_loops(new)
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, row in enumerate(rows):
        found = list(_problems_of_row(row, kinds, stored, new))
        if row.code in seen:
            found.append(("code", _("The code stands twice in the list.")))
        if row.code in loops:
            found.append(("parent", _("A unit would stand below itself.")))
        seen.add(row.code)
        problems += [Problem(index, field, message) for field, message in found]
    return problems


def _tidy(row: NewUnit) -> NewUnit:
    parent = row.parent.strip().upper() if row.parent and row.parent.strip() else None
    try:
        return replace(row, code=checked_code(row.code), name=checked_name(row.name), parent=parent)
    except BadInput as error:
        raise BadInput(f"{row.code[:CODE_LENGTH]}: {error.message}", fields=error.fields) from error


def _require_parents(rows: Sequence[NewUnit], by: User) -> None:
    """The right to establish is held at the units of the store the rows hang from."""
    if acts_everywhere(by):
        return
    if any(row.parent is None for row in rows):
        raise NotAllowed(_("A unit without a superior can only be established by the administrator in staff mode."))
    new = {row.code for row in rows}
    outside = {row.parent for row in rows if row.parent not in new}
    require_all(by, Permission.ORGS_CHANGE, OrgUnit.objects.filter(code__in=outside).values_list("pk", flat=True))


def _problems_of_row(
    row: NewUnit, kinds: Mapping[str, UnitKind], stored: Mapping[str, OrgUnit], new: Mapping[str, NewUnit]
) -> Iterator[tuple[str, str]]:
    if row.code in stored:
        yield "code", _("The code %(code)s is already in use.") % {"code": row.code}
    if not _is_sound(row):
        yield "last_on", _("The last day is before the first day, or a year is mistyped.")
        return
    kind = kinds.get(row.kind)
    if kind is None:
        yield "kind", _("There is no kind of unit “%(kind)s”.") % {"kind": row.kind[:60]}
    elif row.from_on not in kind.during:
        yield (
            "kind",
            _("“%(kind)s” is not a kind of unit in use on %(day)s.")
            % {
                "kind": kind.name,
                "day": day_text(row.from_on),
            },
        )
    if row.parent is not None:
        parent = new.get(row.parent) or stored.get(row.parent)
        if parent is None:
            yield "parent", _("There is no superior unit with the code %(code)s.") % {"code": row.parent[:60]}
        elif isinstance(parent, NewUnit) and not _is_sound(parent):
            return  # named at its own row
        elif not within(row.during, parent.during):
            yield (
                "parent",
                _("%(parent)s does not exist on all days of the new unit (%(days)s).")
                % {
                    "parent": parent.name,
                    "days": f"{day_text(parent.from_on)} – {day_text(parent.last_on) or _('open')}",
                },
            )


def _is_sound(row: NewUnit) -> bool:
    last = row.last_on
    return is_plausible(row.from_on) and (last is None or (is_plausible(last) and row.from_on <= last))


def _in_loops(new: Mapping[str, NewUnit]) -> set[str]:
    """Return the codes whose chain of superiors among the new rows never ends."""
    sound: set[str] = set()
    loops: set[str] = set()
    for code in new:
        path: list[str] = []
        step: str | None = code
        while step is not None and step in new and step not in sound and step not in loops and step not in path:
            path.append(step)
            step = new[step].parent
        (loops if step in loops or step in path else sound).update(path)
    return loops


def _write(rows: Sequence[NewUnit]) -> dict[str, OrgUnit]:
    kinds = {kind.code: kind for kind in UnitKind.objects.all()}
    made = OrgUnit.objects.bulk_create(
        [
            OrgUnit(
                code=row.code,
                name=row.name,
                folded=folded_name(row.name),
                sort_key=unit_sort_key(row.name),
                kind=kinds[row.kind],
                during=row.during,
                is_published=row.is_published,
            )
            for row in rows
        ],
        batch_size=_BATCH,
    )
    units = {unit.code: unit for unit in made}
    outside = {row.parent for row in rows if row.parent and row.parent not in units}
    parents = {unit.code: unit.pk for unit in OrgUnit.objects.filter(code__in=outside)}
    parents |= {unit.code: unit.pk for unit in made}
    OrgName.objects.bulk_create(
        [OrgName(org_unit=unit, name=unit.name, folded=unit.folded, during=unit.during) for unit in made],
        batch_size=_BATCH,
    )
    OrgPlacement.objects.bulk_create(
        [
            OrgPlacement(
                org_unit=units[row.code], parent_id=parents[row.parent] if row.parent else None, during=row.during
            )
            for row in rows
        ],
        batch_size=_BATCH,
    )
    return units


def folded_name(name: str) -> str:
    """Return the name for search, as long as its column."""
    return fold(name)[:200]


def _write_down(rows: Sequence[NewUnit], units: Mapping[str, OrgUnit], *, by: User, decision: Decision) -> None:
    """One change for each first day, one event for each unit."""
    by_day: dict[date, list[NewUnit]] = defaultdict(list)
    for row in rows:
        by_day[row.from_on].append(row)
    for day, established in sorted(by_day.items()):
        own = [units[row.code] for row in established]
        facts = {
            "count": len(established),
            "established": [  # every unit's page reads this: a whole country is not kept in it
                {"code": row.code, "name": row.name, "kind": row.kind, "parent": row.parent}
                for row in established[:_KEPT_FACTS]
            ],
        }
        change = note_change(Operation.ESTABLISH, own, effective_on=day, decision=decision, facts=facts, by=by)
        record_many("org_unit.established", own, by=by, data={"effective_on": day, "decision_number": decision.number})
        announce(Change(Operation.ESTABLISH, day, change, by, successors=tuple(own)))


def link_units(superiors: Mapping[str, str], *, line: Line, by: User) -> int:
    """Give units (by code) their superior on the State or mass line for all days both exist; return how many.

    Who has a superior on that line already keeps it.

    Raises:
        NotAllowed: `by` may not change one of the units.
    """
    with operation_on_tree(None):
        linked = OrgSecondLink.objects.filter(line=line, org_unit__code__in=superiors).values("org_unit")
        units = list(OrgUnit.objects.filter(code__in=superiors).exclude(pk__in=linked))
        above = {unit.code: unit for unit in OrgUnit.objects.filter(code__in=set(superiors.values()))}
        require_all(by, Permission.ORGS_CHANGE, [unit.pk for unit in units])
        links = [
            OrgSecondLink(org_unit=unit, superior=superior, line=line, during=both)
            for unit in units
            for superior in [above[superiors[unit.code]]]
            for both in [_both(unit.during, superior.during)]
            if both is not None
        ]
        OrgSecondLink.objects.bulk_create(links, batch_size=_BATCH)
        record_many("org_unit.linked", [link.org_unit for link in links], by=by, data={"line": line.value})
        return len(links)


def _both(one: DateRange, other: DateRange) -> DateRange | None:
    """Return the days of both ranges, or None when there are none."""
    ends = [end for end in (one.upper, other.upper) if end is not None]
    first, end = max(one.lower, other.lower), min(ends, default=None)
    return DateRange(first, end) if end is None or first < end else None
