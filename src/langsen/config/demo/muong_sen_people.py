"""The people of invented Mường Sen: members, officials, youth, associations, residents and households."""

from datetime import date, timedelta
from random import Random

from langsen.config.demo import spread
from langsen.config.demo.names import person_name
from langsen.config.demo.rosters import MUONG_SEN
from langsen.config.demo.worlds import TWO_TIERS
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.bulk import NewPerson
from langsen.foundation.people.enums import PARTY_MEMBER_CLASSES, PersonClass

PEOPLE = 2140
_VILLAGE: dict[str, int] = {
    PersonClass.FULL_MEMBER: 60,
    PersonClass.PROBATIONARY_MEMBER: 3,
    PersonClass.ARMED_FORCES: 1,
    PersonClass.UNION_MEMBER: 12,
    PersonClass.ASSOCIATION_MEMBER: 11,
    PersonClass.PUBLIC: 8,
    PersonClass.HOUSEHOLD: 5,
}
_AGENCY: dict[str, int] = {
    PersonClass.FULL_MEMBER: 62,
    PersonClass.PROBATIONARY_MEMBER: 3,
    PersonClass.CADRE: 4,
    PersonClass.CIVIL_SERVANT: 8,
    PersonClass.PUBLIC_EMPLOYEE: 15,
    PersonClass.WORKER: 4,
    PersonClass.UNION_MEMBER: 4,
}


def roster(random: Random, cells: list[OrgUnit], today: date) -> list[NewPerson]:
    """Return everybody, cell by cell; sizes are uneven and no cell has fewer than five."""
    sizes = spread.shares(PEOPLE, spread.uneven(random, len(cells), 0.35), 5)
    return [_person(random, cell, today) for cell, size in zip(cells, sizes, strict=True) for _ in range(size)]


def _person(random: Random, cell: OrgUnit, today: date) -> NewPerson:
    name, sex = person_name(random, MUONG_SEN)
    classes = _VILLAGE if cell.kind.code == "cell" else _AGENCY
    person_class = random.choices(list(classes), list(classes.values()))[0]
    born_on = today - timedelta(days=int(random.triangular(19, 78, 38) * 365.25) + random.randint(0, 364))
    first = max(cell.from_on, born_on + timedelta(days=18 * 366))
    if cell.from_on < TWO_TIERS:
        first = max(first, today - timedelta(days=random.randint(120, 4200)))
    joined_on = official_on = None
    if person_class in PARTY_MEMBER_CLASSES:
        joined_on, official_on, first = _party_days(random, person_class, born_on, first, today)
    return NewPerson(
        full_name=name,
        org_unit=cell,
        person_class=person_class,
        from_on=min(first, today),
        born_on=born_on,
        sex=sex,
        joined_on=joined_on,
        official_on=official_on,
    )


def _party_days(
    random: Random, person_class: str, born_on: date, first: date, today: date
) -> tuple[date, date | None, date]:
    """Return (joined, full member since, first day on the roster); probation lasts twelve months."""
    if person_class == PersonClass.PROBATIONARY_MEMBER:
        joined = max(today - timedelta(days=random.randint(20, 330)), first)
        return joined, None, joined
    adult = born_on + timedelta(days=18 * 366)
    latest = today - timedelta(days=380)
    joined = min(adult + timedelta(days=random.randint(200, 6500)), latest)
    joined = max(joined, born_on + timedelta(days=17 * 366))
    return joined, joined + timedelta(days=366), max(first, joined)
