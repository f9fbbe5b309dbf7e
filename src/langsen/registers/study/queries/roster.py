"""Who belongs to a point on the day of its session: the list behind “Có mặt đủ, trừ…”."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from langsen.foundation.orgs.models import OrgClosure, OrgUnit
from langsen.foundation.orgs.queries import descendants_on
from langsen.foundation.people.enums import (
    ATTENDANCE_CLASS_OF,
    PARTY_MEMBER_CLASSES,
    AttendanceClass,
    PersonClass,
)
from langsen.foundation.people.models import Exemption, Membership
from langsen.registers.study.enums import SessionKind
from langsen.registers.study.models import SessionPoint

LONGEST_ROLL = 1500  # a longer list is no roll call; such a point is counted by heads
CELL_MEETINGS = (SessionKind.REGULAR_MEETING, SessionKind.THEMATIC_MEETING)
# Residents and households stand on rosters for other registers; nobody calls their roll.
_CALLED = tuple(name for name in PersonClass if name not in {PersonClass.PUBLIC, PersonClass.HOUSEHOLD})
_RANK = {name: rank for rank, name in enumerate(AttendanceClass.values)}


@dataclass(frozen=True)
class Called:
    """A person on a roll: counted as `attendance_class`; `exempt` holds the reason in words, or nothing."""

    person_id: int
    full_name: str
    attendance_class: str
    unit_name: str
    exempt: str = ""


def roster_of(point: SessionPoint) -> list[Called]:
    """Return who belongs to `point`: its unit and everything below, without the units of the session's other points."""
    others = point.session.points.exclude(pk=point.pk).values_list("org_unit_id", flat=True)
    return roster_on(point.org_unit, point.session.held_on, point.session.kind, set(others))


def roster_on(unit: OrgUnit, day: date, kind: str, without: set[int] | None = None) -> list[Called]:
    """Return who belongs to `unit` and below on `day`, in Vietnamese order, each person once.

    A person of several classes counts in the first listed. A cell's meeting calls its Party members; anything else
    everybody but residents and households. Empty when there are more than a roll call can hold.
    """
    members = list(
        _memberships(unit, day, kind, without or set())
        .select_related("person", "org_unit")
        .order_by("person__sort_key", "person_id", "id")[: LONGEST_ROLL * 2]
    )
    if len(members) == LONGEST_ROLL * 2:
        return []
    best: dict[int, Membership] = {}
    for member in members:
        held = best.get(member.person_id)
        if held is None or _rank(member) < _rank(held):
            best[member.person_id] = member
    exempt = exemptions_on(best, day)
    called = [
        Called(
            person_id=member.person_id,
            full_name=member.person.full_name,
            attendance_class=ATTENDANCE_CLASS_OF[member.person_class],
            unit_name=member.org_unit.name,
            exempt=exempt.get(member.person_id, ""),
        )
        for member in best.values()
    ]
    return called if len(called) <= LONGEST_ROLL else []


def obliged_members(unit: OrgUnit, day: date, without: set[int]) -> int:
    """Return how many Party members belong to `unit` and below on `day` and are not exempt."""
    exempt = Exemption.objects.filter(during__contains=day).values("person")
    members = _memberships(unit, day, SessionKind.REGULAR_MEETING, without).exclude(person__in=exempt)
    return members.values("person").distinct().count()


def exemptions_on(people: object, day: date) -> dict[int, str]:
    """Return why each of these people is exempt on `day`, in words; people without exemption are left out."""
    rows = Exemption.objects.filter(person__in=people, during__contains=day).order_by("id")
    return {row.person_id: row.note or row.get_reason_display() for row in rows}


def classes_on(person_id: int, day: date) -> str:
    """Return the attendance class a person counts in on `day`; `other` for somebody on no roster."""
    names = Membership.objects.filter(person=person_id, during__contains=day).values_list("person_class", flat=True)
    found = [ATTENDANCE_CLASS_OF[name].value for name in names]
    return min(found, key=_RANK.__getitem__, default=AttendanceClass.OTHER.value)


def counted_words(roster: list[Called]) -> str:
    """Return the roll in one line: how many, and how many of them exempt."""
    exempt = sum(1 for row in roster if row.exempt)
    words = _("%(count)s on the list") % {"count": len(roster)}
    return words + (_(", %(exempt)s exempt") % {"exempt": exempt} if exempt else "")


def _memberships(unit: OrgUnit, day: date, kind: str, without: set[int]) -> QuerySet[Membership]:
    classes = PARTY_MEMBER_CLASSES if kind in CELL_MEETINGS else _CALLED
    units = descendants_on(unit, day).values("pk")
    rows = Membership.objects.filter(org_unit__in=units, during__contains=day, person_class__in=classes)
    if without:
        above = OrgClosure.objects.filter(descendant=unit, during__contains=day).values("ancestor")
        elsewhere = OrgClosure.objects.filter(ancestor__in=without, during__contains=day).exclude(ancestor__in=above)
        rows = rows.exclude(org_unit__in=elsewhere.values("descendant"))
    return rows


def _rank(member: Membership) -> int:
    return _RANK[ATTENDANCE_CLASS_OF[member.person_class]]
