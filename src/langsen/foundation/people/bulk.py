"""Many people at once, for imports and the demo: the same rules as one at a time, with set-based statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require_all
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record_many
from langsen.foundation.core.errors import BadInput
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people import rules
from langsen.foundation.people.enums import MembershipEnd, PersonClass, Sex
from langsen.foundation.people.models import Membership, Person

_BATCH = 2000


@dataclass(frozen=True)
class NewPerson:
    """A person and the first membership. Without `last_on` the membership lasts as long as the unit."""

    full_name: str
    org_unit: OrgUnit
    person_class: str
    from_on: date
    born_on: date | None = None
    sex: str = ""
    joined_on: date | None = None
    official_on: date | None = None
    last_on: date | None = None
    born_year_only: bool = False
    source_key: str = ""


@transaction.atomic
def enrol_people(rows: Sequence[NewPerson], *, by: User) -> list[Person]:
    """Add people with one membership each; the result is in the order of `rows`.

    Raises:
        BadInput: a row breaks a rule; the message names the person. Nothing is added then.
        NotAllowed: `by` may not keep the roster of every unit named.
    """
    require_all(by, Permission.PEOPLE_WRITE, {row.org_unit.pk for row in rows})
    people, memberships = [], []
    for row in rows:
        person = _person(row)
        people.append(person)
        memberships.append(_membership(row, person))
    Person.objects.bulk_create(people, batch_size=_BATCH)
    Membership.objects.bulk_create(memberships, batch_size=_BATCH)
    unit_of = {member.person_id: member.org_unit_id for member in memberships}
    record_many("person.added", people, by=by, unit_of=unit_of)
    return people


def _person(row: NewPerson) -> Person:
    try:
        full_name = rules.clean_name(row.full_name)
        rules.check_days(row.born_on, row.joined_on, row.official_on)
    except BadInput as fault:
        raise _named(row, str(fault.message)) from fault
    if row.person_class not in PersonClass.values or row.sex not in {"", *Sex.values}:
        raise _named(row, _("This class or sex is not known."))
    return Person(
        full_name=full_name,
        **rules.name_keys(full_name),
        born_on=row.born_on,
        born_year_only=row.born_year_only,
        sex=row.sex,
        joined_on=row.joined_on,
        official_on=row.official_on,
        source_key=row.source_key,
    )


def _membership(row: NewPerson, person: Person) -> Membership:
    try:
        during = rules.stay_in(row.org_unit, row.from_on, row.last_on)
    except BadInput as fault:
        raise _named(row, str(fault.message)) from fault
    ends_with_unit = row.last_on is None and during.upper is not None
    return Membership(
        person=person,
        org_unit=row.org_unit,
        person_class=row.person_class,
        during=during,
        end_reason=MembershipEnd.REORGANISED if ends_with_unit else "",
    )


def _named(row: NewPerson, message: str) -> BadInput:
    return BadInput(f"{row.full_name[:60]}: {message}")
