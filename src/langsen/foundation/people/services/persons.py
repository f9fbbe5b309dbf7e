"""Persons: adding, changing, linking an account, reading what is masked."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.models import Invitation
from langsen.foundation.access.rules import acts_everywhere, contact_for, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.services import changes, record
from langsen.foundation.core.errors import BadInput, NotAllowed, NotFound
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people import rules
from langsen.foundation.people.bulk import NewPerson, enrol_people
from langsen.foundation.people.masking import held_sensitive
from langsen.foundation.people.models import SENSITIVE_FIELDS, Person
from langsen.foundation.people.queries import held_units, home_membership, people_for


@dataclass(frozen=True)
class PersonDetails:
    """What is held about a person besides memberships."""

    full_name: str
    born_on: date | None = None
    born_year_only: bool = False
    sex: str = ""
    joined_on: date | None = None
    official_on: date | None = None


def require_for_person(user: User, permission: Permission, person: Person) -> OrgUnit:
    """Refuse unless `user` has `permission` for the person; return the unit in whose name it is done.

    Raises:
        NotFound: the person is not visible.
        NotAllowed: visible, but not with this permission.
    """
    home = home_membership(person)
    if acts_everywhere(user):
        unit = home.org_unit if home else held_units(person).first()
        if unit is None:
            raise NotFound()
        return unit
    if not people_for(user, permission).filter(pk=person.pk).exists():
        if home is None or not people_for(user).filter(pk=person.pk).exists():
            raise NotFound()
        raise NotAllowed(
            _("You have not been given the right to do this. Contact: %(who)s.") % {"who": contact_for(home.org_unit)}
        )
    units = held_units(person).filter(pk__in=units_where(user, permission).values("pk"))
    return home.org_unit if home and units.filter(pk=home.org_unit_id).exists() else units[0]


@transaction.atomic
def add_person(
    details: PersonDetails, *, org_unit: OrgUnit, person_class: str, from_on: date, by: User, source_key: str = ""
) -> Person:
    """Add a person with the first membership.

    Raises:
        BadInput: a name, day or class that cannot be; a day on which the unit does not exist.
        NotAllowed: `by` does not keep the roster of the unit.
    """
    row = NewPerson(
        org_unit=org_unit, person_class=person_class, from_on=from_on, source_key=source_key, **asdict(details)
    )
    rules.check_days(details.born_on, details.joined_on, details.official_on)
    rules.stay_in(org_unit, from_on, None)
    return enrol_people([row], by=by)[0]


@transaction.atomic
def change_person(person: Person, details: PersonDetails, *, by: User) -> Person:
    """Replace what is held about a person; of masked fields the trail keeps the names, never the values.

    Raises:
        BadInput: a name or day that cannot be.
        NotFound, NotAllowed: see `require_for_person`.
    """
    unit = require_for_person(by, Permission.PEOPLE_WRITE, person)
    full_name = rules.clean_name(details.full_name)
    rules.check_days(details.born_on, details.joined_on, details.official_on)
    held = Person.objects.select_for_update().get(pk=person.pk)
    after = asdict(details) | {"full_name": full_name}
    before = {name: getattr(held, name) for name in after}
    changed = changes(before, after)
    if not changed:
        return held
    for name, value in (after | rules.name_keys(full_name)).items():
        setattr(held, name, value)
    held.save()
    record("person.changed", held, by=by, unit_id=unit.pk, data=without_values(changed))
    return held


def without_values(changed: dict[str, list[object]]) -> dict[str, object]:
    """Return changes fit for the trail: masked fields by name only."""
    open_facts: dict[str, object] = {
        name: value for name, value in changed.items() if name not in {*SENSITIVE_FIELDS, "born_year_only"}
    }
    masked = [name for name in SENSITIVE_FIELDS if name in changed]
    return open_facts | ({"fields": masked} if masked else {})


@transaction.atomic
def read_sensitive(person: Person, *, by: User) -> None:
    """Record that `by` reads the masked details; the caller then shows them, once.

    Raises:
        NotFound, NotAllowed: see `require_for_person`.
    """
    unit = require_for_person(by, Permission.PEOPLE_READ_SENSITIVE, person)
    record("person.sensitive_read", person, by=by, unit_id=unit.pk, data={"fields": held_sensitive(person)})


@transaction.atomic
def link_account(person: Person, account: User | None, *, by: User) -> None:
    """Say which account belongs to the person; None takes the link away.

    Raises:
        BadInput: the account belongs to somebody else of the roster.
        NotFound, NotAllowed: see `require_for_person`.
    """
    unit = require_for_person(by, Permission.PEOPLE_WRITE, person)
    before = person.user.username if person.user else ""
    try:
        with transaction.atomic():
            person.user = account
            person.save(update_fields=["user"])
    except IntegrityError as error:
        raise BadInput(_("This account already belongs to another person of the roster.")) from error
    data = {"user": [before, account.username if account else ""]}
    record("person.account_linked", person, by=by, unit_id=unit.pk, data=data)


def link_invited_account(account: User) -> Person | None:
    """Link an account to the person its accepted invitation was made for, if nobody is linked yet."""
    if Person.objects.filter(user=account).exists():
        return Person.objects.get(user=account)
    asked = Invitation.objects.filter(accepted_by=account, person_id__isnull=False).order_by("-id").first()
    if asked is None or asked.person_id is None:
        return None
    person = Person.objects.filter(pk=asked.person_id, user=None).first()
    if person:
        link_account(person, account, by=system_user())
    return person
