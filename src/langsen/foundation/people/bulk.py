"""Many people at once, for imports and the demo: the same rules as one at a time, with set-based statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require_all
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import Thing, record_rows
from langsen.foundation.core.copying import copy_rows, days_as_text, new_keys
from langsen.foundation.core.errors import BadInput
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people import rules
from langsen.foundation.people.enums import MembershipEnd, PersonClass, Sex
from langsen.foundation.people.models import Membership, Person

_PERSON_COLUMNS = (
    "id", "full_name", "folded", "sort_key", "born_on", "born_year_only", "sex", "joined_on", "official_on",
    "source_key", "created_at",
)  # fmt: skip
_MEMBERSHIP_COLUMNS = ("person_id", "org_unit_id", "person_class", "during", "end_reason")
_CLASSES, _SEXES = frozenset(PersonClass.values), frozenset({"", *Sex.values})


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
    keys = enrol(rows, by=by)
    found = Person.objects.in_bulk(keys)
    return [found[key] for key in keys]


@transaction.atomic
def enrol(rows: Sequence[NewPerson], *, by: User) -> list[int]:
    """As `enrol_people`, for whoever needs no more than the keys: tens of thousands of people in three statements.

    Raises:
        BadInput, NotAllowed: see `enrol_people`.
    """
    require_all(by, Permission.PEOPLE_WRITE, {row.org_unit.pk for row in rows})
    now = timezone.now().isoformat()
    keys = new_keys(Person, len(rows))
    people, memberships, added = [], [], []
    for key, row in zip(keys, rows, strict=True):
        full_name = _checked_name(row)
        names = rules.name_keys(full_name)
        people.append(
            (
                key, full_name, names["folded"], names["sort_key"], row.born_on, row.born_year_only, row.sex,
                row.joined_on, row.official_on, row.source_key, now,
            )
        )  # fmt: skip
        memberships.append((key, row.org_unit.pk, str(row.person_class), *_stay(row)))
        added.append(Thing(key, full_name, row.org_unit.pk))
    copy_rows(Person, _PERSON_COLUMNS, people)
    copy_rows(Membership, _MEMBERSHIP_COLUMNS, memberships)
    record_rows("person.added", Person, added, by=by)
    return keys


def _checked_name(row: NewPerson) -> str:
    """Return the name as it is kept, the facts of the person checked."""
    try:
        full_name = rules.clean_name(row.full_name)
        rules.check_days(row.born_on, row.joined_on, row.official_on)
    except BadInput as fault:
        raise _named(row, str(fault.message)) from fault
    if row.person_class not in _CLASSES or row.sex not in _SEXES:
        raise _named(row, _("This class or sex is not known."))
    return full_name


def _stay(row: NewPerson) -> tuple[str, str]:
    """Return the days of the first membership, and why it ends where its unit does."""
    try:
        during = rules.stay_in(row.org_unit, row.from_on, row.last_on)
    except BadInput as fault:
        raise _named(row, str(fault.message)) from fault
    ends_with_unit = row.last_on is None and during.upper is not None
    return days_as_text(during.lower, during.upper), str(MembershipEnd.REORGANISED) if ends_with_unit else ""


def _named(row: NewPerson, message: str) -> BadInput:
    return BadInput(f"{row.full_name[:60]}: {message}")
