"""Moving the people who stayed with a divided unit to those that took over from it."""

from collections.abc import Collection
from datetime import date

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record_many
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import ONE_DAY, today
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people import rules
from langsen.foundation.people.divided import heirs_of, waiting_in
from langsen.foundation.people.enums import MembershipEnd
from langsen.foundation.people.models import Membership, Post

_BATCH = 2000


@transaction.atomic
def move_from_divided(unit: OrgUnit, people: Collection[int], *, to: OrgUnit, on: date, by: User) -> int:
    """Move people who still stand in a unit that has ended to one that took over; return how many were moved.

    Whoever somebody else has moved meanwhile is left as they are; whoever belongs to the new unit already gets no
    second membership. Posts in the old unit end, as after any transfer.

    Raises:
        NotAllowed: `by` does not keep both rosters.
        BadInput: nobody chosen; the unit has not ended; `to` did not take over from it; the day lies before the end of
            the unit, ahead, or not after somebody's first day there.
    """
    require(by, Permission.PEOPLE_WRITE, unit)
    require(by, Permission.PEOPLE_WRITE, to)
    if not people:
        raise _refuse("people", _("Choose at least one person."))
    during = _days_in(unit, to, on)
    held = list(waiting_in(unit).filter(person__in=set(people)).select_for_update(of=("self",)))
    late = [row.person.full_name for row in held if row.during.lower >= on]
    if late:
        words = _("Not yet in the old unit the day before %(day)s: %(names)s. Choose a later day for them.")
        raise _refuse("on", words % {"day": day_text(on), "names": ", ".join(late[:10])})
    there = Membership.objects.filter(org_unit=to, person__in=[row.person_id for row in held], during__overlap=during)
    known = set(there.values_list("person_id", flat=True))
    _end(unit, held, on)
    opened = [
        Membership(person_id=row.person_id, org_unit=to, person_class=row.person_class, during=during)
        for row in held
        if row.person_id not in known
    ]
    try:
        with transaction.atomic():
            Membership.objects.bulk_create(opened, batch_size=_BATCH)
    except IntegrityError as error:
        raise _refuse("people", _("Somebody of them has just been added to the new unit. Look again.")) from error
    moved = [row.person for row in held]
    for unit_id in (unit.pk, to.pk):
        data = {"org_unit": [unit.name, to.name], "on": on}
        record_many("person.transferred", moved, by=by, data=data, unit_of={one.pk: unit_id for one in moved})
    return len(moved)


def _days_in(unit: OrgUnit, to: OrgUnit, on: date) -> DateRange:
    ended_on = unit.during.upper
    if ended_on is None or ended_on > today():
        raise _refuse("to", _("This unit has not ended; transfer its people one by one."))
    if to.pk not in {heir.pk for heir in heirs_of(unit)}:
        raise _refuse("to", _("“%(to)s” did not take over from “%(unit)s”.") % {"to": to.name, "unit": unit.name})
    if not ended_on <= on <= today():
        words = _("Choose a day from %(first)s, when the unit was divided, until today.")
        raise _refuse("on", words % {"first": day_text(ended_on)})
    return rules.stay_in(to, on, None)


def _end(unit: OrgUnit, held: list[Membership], on: date) -> None:
    """Let the memberships, and the posts that go with them, end the day before."""
    for row in held:
        row.during, row.end_reason = DateRange(row.during.lower, on), MembershipEnd.TRANSFERRED
    Membership.objects.bulk_update(held, ["during", "end_reason"], batch_size=_BATCH)
    posts = list(
        Post.objects.filter(
            org_unit=unit, person__in=[row.person_id for row in held], during__contains=on - ONE_DAY
        ).select_for_update()
    )
    for post in posts:
        post.during = DateRange(post.during.lower, on)
    Post.objects.bulk_update(posts, ["during"], batch_size=_BATCH)


def _refuse(field: str, message: str) -> BadInput:
    return BadInput(message, fields={field: message})
