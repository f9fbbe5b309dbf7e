"""Reading the roster, always within what the reader may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import fold
from langsen.foundation.core.todos import Todo
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import descendants_on, units_below_today, units_matching
from langsen.foundation.people import divided
from langsen.foundation.people.enums import CorrectionStatus, MembershipEnd
from langsen.foundation.people.models import CorrectionRequest, Exemption, Membership, Person, Post

_SHOWN_TODOS = 20
# Whoever left by a transfer, or was entered by mistake, no longer belongs to the unit's list.
_GONE = (MembershipEnd.TRANSFERRED, MembershipEnd.CORRECTED)


def people_for(user: User, permission: Permission = Permission.PEOPLE_READ) -> QuerySet[Person]:
    """Return the people `user` may see: those who belong today to a unit where `permission` is held.

    People of a dissolved unit are seen by its heirs. Who left or died stays with the last unit; who was transferred
    is seen by the new unit alone, unless no unit has taken the person in yet.
    """
    if acts_everywhere(user):
        return Person.objects.all()
    day = today()
    within = Membership.objects.filter(person=OuterRef("pk"), org_unit__in=units_where(user, permission))
    anywhere = Membership.objects.filter(person=OuterRef("pk"), during__contains=day)
    return Person.objects.filter(
        Exists(within.filter(Q(during__contains=day) | ~Q(end_reason__in=_GONE))) | (Exists(within) & ~Exists(anywhere))
    )


def person_for(user: User, pk: int, permission: Permission = Permission.PEOPLE_READ) -> Person:
    """Return one person `user` may see.

    Raises:
        NotFound: there is none, or not for this reader.
    """
    person = people_for(user, permission).filter(pk=pk).first()
    if person is None:
        raise NotFound()
    return person


def matching(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Narrow to people with every word of `text` in their name, accents or not."""
    for word in fold(text).split(" "):
        if word:
            people = people.filter(folded__contains=word)
    return people


def roster(unit: OrgUnit, day: date, *, below: bool = True) -> QuerySet[Membership]:
    """Return the memberships of `day` in `unit`, or also in all units below it, people in Vietnamese order.

    The caller has loaded `unit` through its own scope.
    """
    units = descendants_on(unit, day) if below else OrgUnit.objects.filter(pk=unit.pk)
    return (
        Membership.objects.filter(org_unit__in=units, during__contains=day)
        .select_related("person", "org_unit")
        .order_by("person__sort_key", "person_id", "id")
    )


def with_today(people: QuerySet[Person], units: QuerySet[OrgUnit] | None = None) -> QuerySet[Person]:
    """Add to each person what a list shows: `now` (memberships of today, in `units` if given) and `posts_now`."""
    day = today()
    memberships = Membership.objects.filter(during__contains=day).select_related("org_unit").order_by("id")
    if units is not None:
        memberships = memberships.filter(org_unit__in=units)
    posts = Post.objects.filter(during__contains=day).order_by("id")
    exempt = Exemption.objects.filter(person=OuterRef("pk"), during__contains=day)
    return people.annotate(is_exempt=Exists(exempt)).prefetch_related(
        Prefetch("memberships", memberships, to_attr="now"), Prefetch("posts", posts, to_attr="posts_now")
    )


def held_units(person: Person) -> QuerySet[OrgUnit]:
    """Return every unit the person belongs or belonged to."""
    return OrgUnit.objects.filter(memberships__person=person).distinct()


def home_membership(person: Person) -> Membership | None:
    """Return the membership that says whose officer keeps this person: today's first, else the latest."""
    day = today()
    rows = list(person.memberships.filter(during__isempty=False).select_related("org_unit").order_by("id"))
    current = [row for row in rows if row.during.lower <= day and (row.during.upper is None or day < row.during.upper)]
    if current:
        return current[0]
    return max(rows, key=lambda row: row.during.lower, default=None)


def alike(full_name: str, born_on: date | None, people: QuerySet[Person]) -> QuerySet[Person]:
    """Return people with the same name, accents aside, and no other day of birth known: likely the same person."""
    found = people.filter(folded=fold(full_name))
    if born_on is not None:
        found = found.filter(Q(born_on=born_on) | Q(born_on=None) | Q(born_on__year=born_on.year))
    return found.order_by("sort_key", "id")


def corrections_for(user: User, permission: Permission = Permission.PEOPLE_WRITE) -> QuerySet[CorrectionRequest]:
    """Return the requests for correction in units where `user` keeps the roster, the oldest unanswered first."""
    return (
        CorrectionRequest.objects.filter(org_unit__in=units_where(user, permission))
        .select_related("person", "org_unit", "asked_by", "answered_by")
        .order_by("status", "asked_at", "id")
    )


def person_of(user: User) -> Person | None:
    """Return the person this account belongs to, if it is linked."""
    return Person.objects.filter(user=user).first()


def memberships_of(people: Iterable[int], day: date) -> dict[int, list[Membership]]:
    """Return the memberships of `day` by person id, in one query."""
    found: dict[int, list[Membership]] = {}
    rows = Membership.objects.filter(person__in=list(people), during__contains=day).order_by("id")
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


@dataclass(frozen=True)
class RosterRows:
    """People a list shows, and the units they are shown for."""

    people: QuerySet[Person]
    units: QuerySet[OrgUnit]


def roster_rows(user: User, *, q: str = "", unit: str = "", person_class: str = "", state: str = "") -> RosterRows:
    """Return the people of the user's units by the filters of the list; unordered.

    `unit` is a code or words of a name: those units and all below them. `state`: "" for today's people, "exempt",
    or "former" for those who belong to no unit of the user's today but did.
    """
    readable = units_where(user, Permission.PEOPLE_READ)
    units = readable
    if unit.strip():
        named = list(units_matching(unit, readable).order_by().values_list("pk", flat=True)[:500])
        units = readable.filter(pk__in=units_below_today(named).values("pk"))
    memberships = Membership.objects.filter(person=OuterRef("pk"), org_unit__in=units)
    if person_class:
        memberships = memberships.filter(person_class=person_class)
    now = Exists(memberships.filter(during__contains=today()))
    former = people_for(user).filter(Exists(memberships), ~now)
    people = former if state == "former" else Person.objects.filter(now)
    if state == "exempt":
        people = people.filter(Exists(Exemption.objects.filter(person=OuterRef("pk"), during__contains=today())))
    return RosterRows(matching(people, q), units)


def todos_for(user: User) -> list[Todo]:
    """Return the requests for correction that wait for an answer of `user`, and people of divided units."""
    waiting = corrections_for(user).filter(status=CorrectionStatus.ASKED)[:_SHOWN_TODOS]
    return [
        Todo(
            title=_("%(name)s asks for a correction") % {"name": row.person.full_name},
            href=reverse("people:correction", args=[row.pk]),
            action=_("Answer"),
            note=row.org_unit.name,
        )
        for row in waiting
    ] + divided.todos_for(user)
