"""Who belongs to a point on the day of its session: the list behind “Có mặt đủ, trừ…”."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
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


def roster_of(point: SessionPoint, came: Collection[int] = ()) -> list[Called]:
    """Return who belongs to `point`: its unit and everything below, without the units of the session's other points.

    A cell's meeting calls its Party members; others of the unit who `came` to it stand on the list as well.
    """
    session = point.session
    others = set(session.points.exclude(pk=point.pk).values_list("org_unit_id", flat=True))
    called = roster_on(point.org_unit, session.held_on, session.kind, others)
    known = {row.person_id for row in called}
    if session.kind in CELL_MEETINGS and not known.issuperset(came):
        everybody = roster_on(point.org_unit, session.held_on, SessionKind.STUDY_CONFERENCE, others)
        called += [row for row in everybody if row.person_id in came and row.person_id not in known]
    return called


def expected_at(roster: Iterable[Called], kind: str) -> set[int]:
    """Return whom a page ticks at first: not the exempt, and at a cell's meeting its Party members only."""
    return {
        row.person_id
        for row in roster
        if not row.exempt and (kind not in CELL_MEETINGS or row.attendance_class == AttendanceClass.MEMBERS)
    }


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
    once = {member.person_id: member for member in reversed(members)}
    if len(once) > LONGEST_ROLL or len(members) == LONGEST_ROLL * 2:
        return []
    classes = classes_on(once, day)
    exempt = exemptions_on(once, day)
    return [
        Called(
            person_id=person_id,
            full_name=member.person.full_name,
            attendance_class=classes[person_id],
            unit_name=member.org_unit.name,
            exempt=exempt.get(person_id, ""),
        )
        for person_id, member in reversed(once.items())
    ]


def obliged_members(unit: OrgUnit, day: date, without: set[int]) -> int:
    """Return how many of those who belong to `unit` and below on `day` are Party members anywhere and not exempt."""
    of_person = {"person": OuterRef("person"), "during__contains": day}
    in_party = Membership.objects.filter(person_class__in=PARTY_MEMBER_CLASSES, **of_person)
    people = _memberships(unit, day, SessionKind.STUDY_CONFERENCE, without).filter(
        Exists(in_party), ~Exists(Exemption.objects.filter(**of_person))
    )
    return people.values("person").distinct().count()


def exemptions_on(people: Iterable[int], day: date) -> dict[int, str]:
    """Return why each of these people is exempt on `day`, in words; people without exemption are left out."""
    rows = Exemption.objects.filter(person__in=list(people), during__contains=day).order_by("id")
    return {row.person_id: row.note or row.get_reason_display() for row in rows}


def classes_on(people: Iterable[int], day: date) -> dict[int, str]:
    """Return the attendance class each person counts in on `day`: the first listed of all their classes, wherever.

    Somebody on no roster counts as `other`.
    """
    best = dict.fromkeys(people, AttendanceClass.OTHER.value)
    rows = Membership.objects.filter(person__in=list(best), during__contains=day).values_list("person", "person_class")
    for person_id, person_class in rows:
        found = ATTENDANCE_CLASS_OF[person_class].value
        if _RANK[found] < _RANK[best[person_id]]:
            best[person_id] = found
    return best


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
