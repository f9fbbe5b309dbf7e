"""Cutting and joining the dated rows of the tree. Callers hold the tree's lock, check, settle and record."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.access.models import Grant, Invitation
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record_many
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import OrgClosure, OrgName, OrgPlacement, OrgSecondLink, OrgUnit

Dated = OrgName | OrgPlacement | OrgSecondLink


def current(unit: OrgUnit) -> OrgUnit:
    """Return the unit as it is now that the tree is held."""
    return OrgUnit.objects.select_related("kind").get(pk=unit.pk)


def from_day(day: date) -> DateRange:
    """Return the range from `day` on."""
    return DateRange(day, None)


def within(inner: DateRange, outer: DateRange) -> bool:
    """Say whether every day of `inner` lies in `outer`."""
    if inner.lower < outer.lower:
        return False
    return outer.upper is None or (inner.upper is not None and inner.upper <= outer.upper)


def placements_under(units: Iterable[OrgUnit], day: date) -> QuerySet[OrgPlacement]:
    """Return every placement below these units on `day` or later."""
    below = OrgPlacement.objects.filter(parent__in=list(units), during__overlap=from_day(day))
    return below.select_related("org_unit", "parent").order_by("org_unit__sort_key", "org_unit_id", "during")


def stands_below(unit: OrgUnit, above: OrgUnit, day: date) -> bool:
    """Say whether `unit` is `above` itself or stands anywhere below it on `day` or later."""
    return OrgClosure.objects.filter(ancestor=above, descendant=unit, during__overlap=from_day(day)).exists()


def put_under(
    placements: Sequence[OrgPlacement], day: date, parent_of: Callable[[OrgPlacement], OrgUnit]
) -> list[tuple[OrgUnit, OrgUnit]]:
    """Give the part of each placement from `day` on another superior; return (unit, new superior).

    Raises:
        BadInput: the new superior does not exist on all those days, or is the unit itself.
    """
    cut: list[OrgPlacement] = []
    new: list[OrgPlacement] = []
    moved: list[tuple[OrgUnit, OrgUnit]] = []
    for placement in placements:
        parent, unit, during = parent_of(placement), placement.org_unit, placement.during
        rest = DateRange(max(day, during.lower), during.upper)
        _check_superior(unit, parent, rest)
        if during.lower >= day:
            placement.parent = parent
        else:
            placement.during = DateRange(during.lower, day)
            new.append(OrgPlacement(org_unit=unit, parent=parent, during=rest))
        cut.append(placement)
        moved.append((unit, parent))
    OrgPlacement.objects.bulk_update(cut, ["parent", "during"], batch_size=1000)
    OrgPlacement.objects.bulk_create(new, batch_size=5000)
    return moved


def _check_superior(unit: OrgUnit, parent: OrgUnit, days: DateRange) -> None:
    if unit.pk == parent.pk:
        raise BadInput(_("%(unit)s cannot stand below itself.") % {"unit": unit.name})
    if not within(days, parent.during):
        raise BadInput(
            _("%(parent)s does not exist on all the days %(unit)s would stand under it (from %(day)s).")
            % {"parent": parent.name, "unit": unit.name, "day": day_text(days.lower)}
        )


def end_unit(unit: OrgUnit, day: date) -> None:
    """End the unit with `day` as the first day without it: its name, its place and its second links end too."""
    end_units([unit], day)


def end_units(units: Sequence[OrgUnit], day: date) -> None:
    """As `end_unit`, for many."""
    for unit in units:
        unit.during = DateRange(unit.from_on, day)
    OrgUnit.objects.bulk_update(units, ["during"], batch_size=1000)
    _cut(OrgName.objects.filter(org_unit__in=units), day)
    _cut(OrgPlacement.objects.filter(org_unit__in=units), day)
    _cut(OrgSecondLink.objects.filter(Q(org_unit__in=units) | Q(superior__in=units)), day)


def _cut(rows: QuerySet[Dated], day: date) -> None:
    """Let no row reach `day`: those begun before end with it, later ones go."""
    reaching = list(rows.filter(during__overlap=from_day(day)))
    rows.filter(pk__in=[row.pk for row in reaching if row.during.lower >= day]).delete()
    shorter = [row for row in reaching if row.during.lower < day]
    for row in shorter:
        row.during = DateRange(row.during.lower, day)
    model: Any = rows.model
    model.objects.bulk_update(shorter, ["during"], batch_size=1000)


def end_access(units: Sequence[OrgUnit], day: date, *, by: User) -> int:
    """End the roles given in units that end, and withdraw their open invitations; return how many roles.

    A role was in force until somebody ended it, so a back-dated operation ends it now, not then.
    """
    end = max(day, today())
    grants = list(Grant.objects.filter(org_unit__in=units, ended_at=None, during__overlap=from_day(end)))
    for grant in grants:
        if grant.during.lower < end:
            grant.during = DateRange(grant.during.lower, end)
        else:
            grant.ended_at = timezone.now()
    Grant.objects.bulk_update(grants, ["during", "ended_at"])
    record_many("grant.ended_with_unit", grants, by=by, data={"last_day_before": day_text(end)})
    invitations = list(Invitation.objects.filter(org_unit__in=units, accepted_at=None, withdrawn_at=None))
    for invitation in invitations:
        invitation.withdrawn_at = timezone.now()
    Invitation.objects.bulk_update(invitations, ["withdrawn_at"])
    record_many("invitation.ended_with_unit", invitations, by=by)
    return len(grants)


def split_row(row: Dated, day: date, **changed: object) -> None:
    """Let a dated row end with `day` and go on from it with other facts; a row that begins on `day` just changes."""
    if row.during.lower == day:
        for name, value in changed.items():
            setattr(row, name, value)
        row.save(update_fields=list(changed))
        return
    rest = type(row)(
        **{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    )
    for name, value in changed.items():
        setattr(rest, name, value)
    rest.during = DateRange(day, row.during.upper)
    row.during = DateRange(row.during.lower, day)
    row.save(update_fields=["during"])
    rest.save()
