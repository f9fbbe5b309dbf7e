"""People who stayed with a unit that was divided: where they are, who took over, whom it concerns."""

from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import own_units, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import day_text, number_text
from langsen.foundation.core.todos import Todo
from langsen.foundation.orgs.models import OrgSuccession, OrgUnit
from langsen.foundation.orgs.queries import home_of
from langsen.foundation.people.models import Membership

SHOWN = 20


def waiting_in(unit: OrgUnit) -> QuerySet[Membership]:
    """Return who still stands in `unit`, which has ended, in Vietnamese order."""
    rows = Membership.objects.filter(org_unit=unit, during__contains=today()).select_related("person")
    return rows.order_by("person__sort_key", "person_id", "id")


def heirs_of(unit: OrgUnit) -> list[OrgUnit]:
    """Return the units of today that took over from `unit` when it ended, or from those that did."""
    found: dict[int, OrgUnit] = {}
    ended = {unit.pk: unit}
    seen = {unit.pk}
    while ended:
        rows = OrgSuccession.objects.filter(predecessor__in=list(ended), on__lte=today()).select_related("successor")
        at_end = [row.successor for row in rows if row.on == ended[row.predecessor_id].during.upper]
        fresh = {heir.pk: heir for heir in at_end if heir.pk not in seen}
        seen |= set(fresh)
        found |= {pk: heir for pk, heir in fresh.items() if heir.exists_on(today())}
        ended = {pk: heir for pk, heir in fresh.items() if pk not in found}
    return sorted(found.values(), key=lambda heir: (heir.sort_key, heir.pk))


def _with_waiting(units: QuerySet[OrgUnit]) -> QuerySet[OrgUnit]:
    """Narrow to ended units with people in them; adds how many (`waiting`)."""
    there = Membership.objects.filter(org_unit=OuterRef("pk"), during__contains=today())
    ended = units.filter(Exists(there), during__endswith__lte=today())
    now = Q(memberships__during__contains=today())
    return ended.annotate(waiting=Count("memberships", filter=now)).order_by("sort_key", "id")


def todos_for(user: User) -> list[Todo]:
    """Return divided units whose people wait for `user`, or for those above a unit of `user` that took over."""
    mine = units_where(user, Permission.PEOPLE_WRITE)
    todos = [
        Todo(
            title=_title(unit),
            href=reverse("people:divided", args=[unit.code]),
            action=_("Move them"),
            note=_("until %(day)s") % {"day": day_text(unit.last_on)},
        )
        for unit in _with_waiting(mine)[:SHOWN]
    ]
    return todos + _of_heirs(own_units(user), mine)


def _of_heirs(own: Sequence[OrgUnit], mine: QuerySet[OrgUnit]) -> list[Todo]:
    """Who took over sees that somebody above still has to move the people."""
    heirs = mine.filter(pk__in=[unit.pk for unit in own]).values("pk")
    left = OrgUnit.objects.filter(pk__in=OrgSuccession.objects.filter(successor__in=heirs).values("predecessor"))
    return [
        Todo(
            title=_title(unit),
            href=reverse("people:roster"),
            action=_("Roster"),
            note=_("Moved by %(unit)s") % {"unit": home_of(unit).name},
        )
        for unit in _with_waiting(left.exclude(pk__in=mine.values("pk")))[:SHOWN]
    ]


def _title(unit: OrgUnit) -> str:
    count: int = unit.waiting  # type: ignore[attr-defined]  # annotated
    words = ngettext(
        "%(count)s person still stands in %(unit)s, which was divided",
        "%(count)s people still stand in %(unit)s, which was divided",
        count,
    )
    return words % {"count": number_text(count), "unit": unit.name}
