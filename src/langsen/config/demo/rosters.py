"""Rosters of invented people: who belongs where, in which class, since when."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from langsen.config.demo.names import person_name
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.bulk import NewPerson
from langsen.foundation.people.enums import ATTENDANCE_CLASS_OF, PersonClass
from langsen.foundation.people.models import Person

Roster = Sequence[tuple[Person, NewPerson]]
Shares = tuple[float, float, float, float, float]
# Manners of naming: Kinh, Thái, Mông, Tày, Dao.
LAI_CHAU: Shares = (28, 34, 24, 3, 11)
LANG_SON: Shares = (42, 0, 0, 50, 8)
NGHIA_LO: Shares = (45, 40, 3, 10, 2)
MUONG_SEN: Shares = (35, 28, 15, 10, 12)


def days_before(random: Random, day: date, least: int, most: int) -> date:
    return day - timedelta(days=random.randint(least, most))


MEMBERS: dict[str, int] = {PersonClass.FULL_MEMBER: 790, PersonClass.PROBATIONARY_MEMBER: 22}
MEMBERS_AND_OFFICIALS: dict[str, int] = MEMBERS | {
    PersonClass.CADRE: 28,
    PersonClass.CIVIL_SERVANT: 55,
    PersonClass.PUBLIC_EMPLOYEE: 90,
    PersonClass.WORKER: 15,
}


def published_roster(
    random: Random,
    unit: OrgUnit,
    count: int,
    *,
    classes: dict[str, int],
    known_on: date,
    shares: Shares,
    last_on: date | None = None,
) -> list[NewPerson]:
    """Return `count` people who stand on the roster of a published unit on `known_on`.

    The articles know these rosters on one day only, so no membership goes on after it (or after `last_on`). No
    birthdays: a published unit holds nothing the articles do not need.
    """
    rows = []
    for _ in range(count):
        name, sex = person_name(random, shares)
        person_class = random.choices(list(classes), list(classes.values()))[0]
        # Probation lasts twelve months.
        stay = (20, 330) if person_class == PersonClass.PROBATIONARY_MEMBER else (760, 2300)
        rows.append(
            NewPerson(
                full_name=name,
                org_unit=unit,
                person_class=person_class,
                from_on=days_before(random, known_on, *stay),
                last_on=last_on or known_on,
                sex=sex,
            )
        )
    return rows


def attendance_class(person_class: str) -> str:
    return ATTENDANCE_CLASS_OF[person_class].value


def by_unit(rows: Sequence[NewPerson], people: Sequence[Person]) -> dict[int, Roster]:
    """Group what `enrol_people` returned by unit id."""
    groups: dict[int, list[tuple[Person, NewPerson]]] = defaultdict(list)
    for row, person in zip(rows, people, strict=True):
        groups[row.org_unit.pk].append((person, row))
    return dict(groups)
