"""The list of units of a contest: taken from the register tree on a day, head counts from the roster."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, ContestUnit
from langsen.contests.contests.page_version import raise_page_version
from langsen.contests.contests.services.steps import publish_change, reason_for, to_change
from langsen.contests.stores import STORE
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import Conflict, NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import day_text, fold, number_text
from langsen.foundation.orgs.models import OrgPlacement, OrgUnit
from langsen.foundation.orgs.queries import descendants_on
from langsen.foundation.people.models import Membership
from langsen.registers.kit.rules import check_has_come, refuse

MOST_UNITS = 20_000
MOST_PEOPLE = 10_000_000


@transaction.atomic(using=STORE)
def take_units(contest: Contest, *, on: date, by: User) -> int:
    """Copy the units below the organiser as they were on a day, with the people on the roster below each.

    Taking the list again brings it up to date; nobody's unit disappears: one that stood there and is gone stays with
    its last day. From the announcement on only last days are brought up to date. Returns how many units there are.

    Raises:
        NotAllowed, Conflict: no right; cancelled.
        NotFound: the organiser is not among the organisations here (a list of a file is used then).
        BadInput: the day has not come, or nothing stands below the organiser on it.
    """
    current = to_change(contest, by)
    check_has_come(on, "on")
    organiser = OrgUnit.objects.filter(pk=current.organiser_id).first()
    if organiser is None:
        raise NotFound
    known = {unit.source_id: unit for unit in current.units.exclude(source_id=None)}
    if current.is_frozen:
        _mark_ended(known)
        record("contest.units_taken", current, by=by, data={"ended": sum(1 for one in known.values() if one.ended_on)})
        raise_page_version(current.pk)
        return len(known)
    by_file = {unit.code: unit for unit in current.units.filter(source_id=None)}
    units = list(descendants_on(organiser, on).exclude(pk=organiser.pk).select_related("kind")[: MOST_UNITS + 1])
    if not units or len(units) > MOST_UNITS:
        raise refuse("on", _("No organisation stands below the organiser on that day, or too many."))
    # A unit that a file brought in before is the same unit when its code is.
    known |= {unit.pk: by_file[unit.code] for unit in units if unit.code in by_file and unit.pk not in known}
    _write(current, organiser, units, known, on)
    record("contest.units_taken", current, by=by, data={"on": on, "count": len(units)})
    raise_page_version(current.pk)
    return len(units)


def _write(
    current: Contest, organiser: OrgUnit, units: list[OrgUnit], known: dict[int | None, ContestUnit], on: date
) -> None:
    parents = dict(
        OrgPlacement.objects.filter(org_unit__in=units, during__contains=on).values_list("org_unit_id", "parent_id")
    )
    counts = head_counts(organiser, on)
    made: dict[int, ContestUnit] = {}
    for unit, path in _from_above(units, parents, organiser.pk):
        above = made.get(parents[unit.pk] or 0)
        columns: dict[str, Any] = {
            "source_id": unit.pk,
            "code": unit.code,
            "name": unit.name,
            "kind": unit.kind.name_vi,
            "path": path[:600],
            "folded": fold(path)[:800],
            "sort_key": unit.sort_key,
            "head_count": counts.get(unit.pk),
            "head_count_on": on if unit.pk in counts else None,
            "ended_on": unit.last_on,
            "parent": above,
            "compared": above.compared if above else None,
        }
        row = known.pop(unit.pk, None) or ContestUnit(contest=current)
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()
        if above is None:
            row.compared = row
            row.save(update_fields=["compared"])
        made[unit.pk] = row
    _mark_ended(known)


def _from_above(units: list[OrgUnit], parents: Mapping[int, int | None], root: int) -> Iterator[tuple[OrgUnit, str]]:
    """Yield every unit after the one above it, with the path people read."""
    below: dict[int | None, list[OrgUnit]] = {}
    for unit in units:
        below.setdefault(parents.get(unit.pk), []).append(unit)
    waiting = [(unit, unit.name) for unit in below.get(root, [])]
    while waiting:
        unit, path = waiting.pop()
        yield unit, path
        waiting += [(child, f"{child.name}, {path}") for child in below.get(unit.pk, [])]


def _mark_ended(known: Mapping[int | None, ContestUnit]) -> int:
    """Give units their last day in the registers; they keep their place and what they reached. Return of how many."""
    now = {unit.pk: unit for unit in OrgUnit.objects.filter(pk__in=[pk for pk in known if pk])}
    changed = 0
    for pk, row in known.items():
        unit = now.get(pk or 0)
        ended = unit.last_on if unit else row.ended_on or today()
        if ended != row.ended_on:
            changed += ContestUnit.objects.filter(pk=row.pk).update(ended_on=ended)
            row.ended_on = ended
    return changed


def mark_ended_units() -> int:
    """Give the units of contests under way that have ended since their last day; return of how many units.

    Each contest is a transaction of its own; done again it changes nothing. A contest whose organiser the registers do
    not know is left alone: its list came from a file.
    """
    going = Contest.objects.filter(status__in=[ContestStatus.ANNOUNCED, ContestStatus.JUDGING])
    total = 0
    for pk in going.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic(using=STORE):
            contest = Contest.objects.select_for_update().get(pk=pk)
            if not OrgUnit.objects.filter(pk=contest.organiser_id).exists():
                continue
            ended = _mark_ended({unit.source_id: unit for unit in contest.units.exclude(source_id=None)})
            if ended:
                record("contest.units_ended", contest, by=system_user(), data={"units": ended})
                total += ended
    return total


def head_counts(organiser: OrgUnit, on: date) -> dict[int, int]:
    """Return how many different people the roster of a day has in each unit below the organiser, itself included."""
    rows: QuerySet[Any] = (
        Membership.objects.filter(
            during__contains=on,
            org_unit__above__during__contains=on,
            org_unit__above__ancestor__in=descendants_on(organiser, on).values("pk"),
        )
        .order_by()
        .values_list("org_unit__above__ancestor")
        .annotate(people=Count("person", distinct=True))
    )
    return dict(rows)


@transaction.atomic(using=STORE)
def set_head_count(
    contest: Contest, unit_id: int, *, head_count: int | None, on: date | None, reason: str = "", by: User
) -> ContestUnit:
    """Declare the people of a unit on a day: the base of its participation rate.

    Raises:
        NotFound: not a unit of the contest.
        BadInput: out of bounds, without its day, or no reason after the announcement.
        Conflict: the results are published, or the contest is cancelled.
    """
    current = to_change(contest, by)
    unit = current.units.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound
    if current.published_at is not None:
        raise Conflict(_("The results are published; the base of the rates stays."))
    check_head_count(head_count, on)
    why = reason_for(current, reason)
    was = count_words(unit)
    unit.head_count, unit.head_count_on = head_count, on
    unit.save(update_fields=["head_count", "head_count_on"])
    what = _("Head count: %(unit)s") % {"unit": unit.path}
    publish_change(current, what, was, count_words(unit), reason=why, by=by)
    data = {"unit": unit.path, "head_count": [was, count_words(unit)]}
    record("contest.head_count_changed", current, by=by, data=data)
    raise_page_version(current.pk)
    return unit


def check_head_count(head_count: int | None, on: date | None) -> None:
    """Refuse a head count that cannot be, or without its day.

    Raises:
        BadInput: at `head_count` or `on`.
    """
    if head_count is not None and not 0 < head_count <= MOST_PEOPLE:
        raise refuse("head_count", _("This must be from %(least)s to %(most)s.") % {"least": 1, "most": MOST_PEOPLE})
    if (head_count is None) != (on is None):
        raise refuse("on", _("A head count and its day belong together."))
    if on is not None:
        check_has_come(on, "on")


def count_words(unit: ContestUnit) -> str:
    if unit.head_count is None:
        return "–"
    return f"{number_text(unit.head_count)} ({day_text(unit.head_count_on)})"
