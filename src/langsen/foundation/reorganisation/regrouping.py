"""Many units end and others take over, all at once: the reorganisation of a whole province or country in one act."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require_all
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record_many
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import ONE_DAY, today
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import Operation, OrgChange, OrgName, OrgPlacement, OrgSuccession, OrgUnit
from langsen.foundation.reorganisation.changes import Change, Decision, announce, operation_on_tree, settle
from langsen.foundation.reorganisation.rules import check_day, checked_decision
from langsen.foundation.reorganisation.tree import end_access, end_units, placements_under, put_under

_BATCH = 5000
_SHOWN = 10
_ENDINGS = {
    Operation.MERGE: "org_unit.merged",
    Operation.SPLIT: "org_unit.divided",
    Operation.DISSOLVE: "org_unit.dissolved",
}


@dataclass(frozen=True)
class Regrouping:
    """Codes of units that end and of those that take over: several merge into one, one is divided among several, or
    some end without heirs.

    Units below a predecessor that go on are placed by `children` (code: code of a successor, or of any unit when there
    is none); with one successor they go there anyhow.
    """

    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    children: Mapping[str, str] = field(default_factory=dict)

    @property
    def operation(self) -> Operation:
        kinds = {0: Operation.DISSOLVE, 1: Operation.MERGE}
        return kinds.get(len(self.successors), Operation.SPLIT)


@dataclass(frozen=True)
class _Act:
    """The regroupings under way with the units they name, by code, and where units below went, by regrouping."""

    rows: Sequence[Regrouping]
    day: date
    decision: Decision
    by: User
    units: Mapping[str, OrgUnit]
    moved: Mapping[int, Sequence[tuple[OrgUnit, OrgUnit]]] = field(default_factory=dict)

    @property
    def ending(self) -> list[OrgUnit]:
        return [self.units[code] for row in self.rows for code in row.predecessors]

    @property
    def heirs(self) -> list[OrgUnit]:
        return list({code: self.units[code] for row in self.rows for code in row.successors}.values())


def regroup_units(
    rows: Sequence[Regrouping], *, effective_on: date, decision: Decision, by: User, fresh: Collection[str] = ()
) -> None:
    """Let all predecessors end on the day before `effective_on` and the successors take over, or nothing of it.

    A unit established with that last day may still be told who took over. Of predecessors in `fresh`, codes of units
    established in this very transaction, no register is told: nothing can have been recorded in them.

    Raises:
        BadInput: an unknown code, a unit that ends twice or does not exist on its days, units below without a place.
        NotAllowed: `by` may not change one of the units or of their superiors.
    """
    decision = checked_decision(decision)
    check_day(effective_on)
    with operation_on_tree(None):
        act = _Act(rows, effective_on, decision, by, _known(rows))
        _check(act)
        _require_right(act)
        cut = _end(act)
        moved = _place_below(act)
        act = _Act(rows, effective_on, decision, by, act.units, moved)
        changes = _write_down(act)
        end_access(act.ending, effective_on, by=by)
        settle([*cut, *(child.pk for pairs in moved.values() for child, _heir in pairs)])
        unheard = frozenset(fresh)
        for row, change in zip(rows, changes, strict=True):
            if not unheard.issuperset(row.predecessors):
                announce(_announced(act, row, change))


def _known(rows: Sequence[Regrouping]) -> dict[str, OrgUnit]:
    codes = {code for row in rows for code in (*row.predecessors, *row.successors, *row.children.values())}
    units = {unit.code: unit for unit in OrgUnit.objects.filter(code__in=codes).select_related("kind")}
    _refuse(sorted(codes - set(units)), _("No unit has these codes: %(codes)s."))
    return units


def _refuse(codes: Sequence[str], message: str) -> None:
    """Refuse when there are any: the message names the first ones."""
    if codes:
        more = f" (+{len(codes) - _SHOWN})" if len(codes) > _SHOWN else ""
        raise BadInput(message % {"codes": ", ".join(codes[:_SHOWN]) + more})


def _check(act: _Act) -> None:
    """Check all rows with a fixed number of queries."""
    ending = [code for row in act.rows for code in row.predecessors]
    twice = [code for code, times in Counter(ending).items() if times > 1]
    _refuse(twice, _("These units end twice in the list: %(codes)s."))
    _refuse(sorted(set(ending) & {unit.code for unit in act.heirs}), _("These units end and take over: %(codes)s."))
    shapeless = [",".join(row.predecessors) for row in act.rows if not _is_sound(row)]
    _refuse(shapeless, _("Several units merge into one, or one is divided among several: %(codes)s."))
    eve, words = act.day - ONE_DAY, {"eve": day_text(act.day - ONE_DAY), "day": day_text(act.day)}
    absent = [unit.code for unit in act.ending if not unit.exists_on(eve) or unit.during.upper not in {None, act.day}]
    _refuse(absent, _("These units do not exist on %(eve)s, or end on another day: %%(codes)s.") % words)
    late = [unit.code for unit in act.heirs if not unit.exists_on(act.day)]
    _refuse(late, _("These units do not exist on %(day)s: %%(codes)s.") % words)
    _check_untold(act)


def _is_sound(row: Regrouping) -> bool:
    heirs = len(set(row.successors))
    if heirs != len(row.successors) or not row.predecessors:
        return False
    return heirs <= 1 or len(row.predecessors) == 1


def _check_untold(act: _Act) -> None:
    """Refuse units whose end has been recorded already, or of which something later is."""
    ids = {unit.pk: unit.code for unit in act.ending}
    told = OrgChange.objects.filter(effective_on=act.day, operation__in=_ENDINGS, units__in=ids).distinct()
    codes = {code for change in told for code in change.facts["predecessors"]} & set(ids.values())
    _refuse(sorted(codes), _("Who takes over from these units is recorded already: %(codes)s."))
    later = [
        row.org_unit_id
        for model in (OrgName, OrgPlacement)
        for row in model.objects.filter(org_unit__in=ids, during__startswith__gt=act.day)
    ]
    _refuse(sorted({ids[pk] for pk in later}), _("A later renaming or move is recorded of: %(codes)s."))


def _require_right(act: _Act) -> None:
    superiors = OrgPlacement.objects.filter(
        org_unit__in=act.ending, during__contains=act.day - ONE_DAY, parent__isnull=False
    ).values_list("parent", flat=True)
    require_all(act.by, Permission.ORGS_CHANGE, {*superiors, *(unit.pk for unit in (*act.ending, *act.heirs))})


def _end(act: _Act) -> list[int]:
    """End units that were still open, with their names, places and second links; return which."""
    still_open = [unit for unit in act.ending if unit.during.upper is None]
    end_units(still_open, act.day)
    return [unit.pk for unit in still_open]


def _place_below(act: _Act) -> dict[int, list[tuple[OrgUnit, OrgUnit]]]:
    """Put units below that go on under their heirs; return them by the place of their regrouping in the list."""
    ends = {unit.pk for unit in act.ending}
    place = {act.units[code].pk: index for index, row in enumerate(act.rows) for code in row.predecessors}
    below = [row for row in placements_under(act.ending, act.day) if row.org_unit_id not in ends]
    heir_of: dict[int, OrgUnit] = {}
    homeless = []
    for placement in below:
        assert placement.parent_id is not None
        row = act.rows[place[placement.parent_id]]
        code = row.children.get(placement.org_unit.code) or (row.successors[0] if len(row.successors) == 1 else "")
        if code in row.successors or (code and not row.successors):
            heir_of[placement.pk] = act.units[code]
        else:
            homeless.append(placement.org_unit.code)
    _refuse(sorted(set(homeless)), _("Say which successor these units below go to: %(codes)s."))
    parents = [place[row.parent_id] for row in below if row.parent_id is not None]
    moved: dict[int, list[tuple[OrgUnit, OrgUnit]]] = defaultdict(list)
    pairs = put_under(below, act.day, lambda placement: heir_of[placement.pk])
    for index, pair in zip(parents, pairs, strict=True):
        moved[index].append(pair)
    return moved


def _write_down(act: _Act) -> list[OrgChange]:
    """One change for each regrouping with its units and successions, one event for each unit concerned."""
    changes = OrgChange.objects.bulk_create(
        [
            OrgChange(
                operation=row.operation,
                effective_on=act.day,
                decision_number=act.decision.number,
                decided_on=act.decision.decided_on,
                signatory=act.decision.signatory,
                note=act.decision.note,
                facts=_facts(act, row, act.moved.get(index, ())),
                recorded_by=act.by,
            )
            for index, row in enumerate(act.rows)
        ],
        batch_size=_BATCH,
    )
    links, successions = [], []
    for index, (row, change) in enumerate(zip(act.rows, changes, strict=True)):
        touched = {act.units[code].pk for code in (*row.predecessors, *row.successors)}
        touched |= {child.pk for child, _heir in act.moved.get(index, ())}
        links += [OrgChange.units.through(orgchange_id=change.pk, orgunit_id=pk) for pk in sorted(touched)]
        successions += [
            OrgSuccession(predecessor=act.units[old], successor=act.units[new], on=act.day, change=change)
            for old in row.predecessors
            for new in row.successors
        ]
    OrgChange.units.through.objects.bulk_create(links, batch_size=_BATCH)
    OrgSuccession.objects.bulk_create(successions, batch_size=_BATCH)
    _record(act)
    return changes


def _facts(act: _Act, row: Regrouping, moved: Sequence[tuple[OrgUnit, OrgUnit]]) -> dict[str, object]:
    return {
        "predecessors": list(row.predecessors),
        "successors": list(row.successors),
        "established": [],
        "children": {child.code: heir.code for child, heir in moved},
        "kept": None,
        "back_dated": act.day < today(),
    }


def _record(act: _Act) -> None:
    paper = {"effective_on": act.day, "decision_number": act.decision.number}
    for operation, verb in _ENDINGS.items():
        units = [act.units[code] for row in act.rows if row.operation == operation for code in row.predecessors]
        record_many(verb, units, by=act.by, data=paper)
    record_many("org_unit.took_over", act.heirs, by=act.by, data=paper)
    for pairs in act.moved.values():
        record_many("org_unit.moved", [child for child, _heir in pairs], by=act.by, data=paper)


def _announced(act: _Act, row: Regrouping, change: OrgChange) -> Change:
    old, new = [act.units[code] for code in row.predecessors], [act.units[code] for code in row.successors]
    mapping = {unit.pk: new[0].pk for unit in old} if len(new) == 1 else {}
    return Change(row.operation, act.day, change, act.by, tuple(old), tuple(new), mapping)
