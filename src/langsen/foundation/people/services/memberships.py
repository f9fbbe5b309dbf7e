"""Dated memberships: adding, transferring, ending, and from probationary to full member."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people import rules
from langsen.foundation.people.enums import MembershipEnd, PersonClass
from langsen.foundation.people.models import Exemption, Membership, Person, Post
from langsen.foundation.people.services.persons import require_for_person


def open_membership(person: Person, org_unit: OrgUnit, person_class: str, during: DateRange) -> Membership:
    """Write a membership; the store refuses two in one unit on one day.

    Raises:
        BadInput: the person already belongs to the unit on these days.
    """
    if person_class not in PersonClass.values:
        raise BadInput(_("This class is not known."), fields={"person_class": _("Choose a class from the list.")})
    try:
        with transaction.atomic():
            return Membership.objects.create(person=person, org_unit=org_unit, person_class=person_class, during=during)
    except IntegrityError as error:
        words = _("%(name)s already belongs to %(unit)s on these days. End that membership first.") % {
            "name": person.full_name,
            "unit": org_unit.name,
        }
        raise BadInput(words, fields={"from_on": words}) from error


@transaction.atomic
def add_membership(
    person: Person, *, org_unit: OrgUnit, person_class: str, from_on: date, by: User, last_on: date | None = None
) -> Membership:
    """Let a person belong to one more unit; memberships in other units go on.

    Raises:
        BadInput: the unit does not exist on these days, or the person already belongs to it.
        NotFound, NotAllowed: the person is not visible; `by` does not keep the unit's roster.
    """
    require_for_person(by, Permission.PEOPLE_READ, person)
    require(by, Permission.PEOPLE_WRITE, org_unit)
    membership = open_membership(person, org_unit, person_class, rules.stay_in(org_unit, from_on, last_on))
    data = {"org_unit": org_unit.name, "person_class": person_class, "from_on": from_on}
    record("membership.added", person, by=by, unit_id=org_unit.pk, data=data)
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, last_on: date | None, reason: str, by: User) -> Membership:
    """End a membership after `last_on`, with the posts held in that unit; a death ends every membership.

    One entered by mistake keeps no day at all (`last_on` is not asked then).

    Raises:
        BadInput: the last day lies outside the membership; the reason is not known.
        NotAllowed: `by` does not keep the unit's roster.
    """
    require(by, Permission.PEOPLE_WRITE, membership.org_unit)
    if reason not in {MembershipEnd.LEFT, MembershipEnd.DIED, MembershipEnd.CORRECTED, MembershipEnd.TRANSFERRED}:
        raise BadInput(_("This reason is not known."), fields={"reason": _("Choose a reason from the list.")})
    held = Membership.objects.select_for_update().select_related("org_unit", "person").get(pk=membership.pk)
    was = [held.during.lower, held.during.upper - ONE_DAY if held.during.upper else None]
    if reason == MembershipEnd.CORRECTED:
        held.during, held.end_reason = DateRange(empty=True), reason
        held.save(update_fields=["during", "end_reason"])
    else:
        if last_on is None:
            raise BadInput(_("Enter the last day."), fields={"last_on": _("Enter the last day.")})
        close(held, last_on, reason)
        if reason == MembershipEnd.DIED:
            _close_all(held.person, last_on)
    data = {"org_unit": held.org_unit.name, "was": was, "last_on": last_on, "reason": reason}
    record("membership.ended", held.person, by=by, unit_id=held.org_unit_id, data=data)
    return held


def close(membership: Membership, last_on: date, reason: str) -> None:
    """End a membership and the posts of the same unit after `last_on`.

    Raises:
        BadInput: the day is not one of the membership.
    """
    during = membership.during
    if during.isempty or last_on < during.lower or (during.upper and last_on >= during.upper):
        words = _("The last day must lie within the membership (it began on %(day)s).") % {
            "day": day_text(during.lower) or "–"
        }
        raise BadInput(words, fields={"last_on": words})
    membership.during = DateRange(during.lower, last_on + ONE_DAY)
    membership.end_reason = reason
    membership.save(update_fields=["during", "end_reason"])
    posts = Post.objects.filter(person_id=membership.person_id, org_unit_id=membership.org_unit_id)
    for post in posts.filter(during__contains=last_on):
        post.during = DateRange(post.during.lower, last_on + ONE_DAY)
        post.save(update_fields=["during"])


def _close_all(person: Person, last_on: date) -> None:
    for other in person.memberships.filter(during__contains=last_on).select_for_update():
        if other.during.upper is None or other.during.upper > last_on + ONE_DAY:
            close(other, last_on, MembershipEnd.DIED)
    for exemption in Exemption.objects.filter(person=person, during__contains=last_on):
        exemption.during = DateRange(exemption.during.lower, last_on + ONE_DAY)
        exemption.save(update_fields=["during"])


@transaction.atomic
def transfer_person(membership: Membership, *, to: OrgUnit, on: date, by: User, person_class: str = "") -> Membership:
    """Move a person: the membership ends the day before `on`, one in `to` begins on it.

    It is done by whoever keeps the rosters of both units; somebody who keeps only the first ends the membership with
    the reason "transferred" instead.

    Raises:
        BadInput: the day does not fit; the person already belongs to `to`.
        NotAllowed: `by` does not keep both rosters.
    """
    require(by, Permission.PEOPLE_WRITE, membership.org_unit)
    require(by, Permission.PEOPLE_WRITE, to)
    held = Membership.objects.select_for_update().select_related("org_unit", "person").get(pk=membership.pk)
    if to.pk == held.org_unit_id:
        words = _("The person is in this unit already.")
        raise BadInput(words, fields={"to": words})
    if held.during.isempty or on <= held.during.lower or (held.during.upper and on > held.during.upper):
        words = _("The first day in the new unit must come after the first day in the old one.")
        raise BadInput(words, fields={"on": words})
    during = rules.stay_in(to, on, None)
    close(held, on - ONE_DAY, MembershipEnd.TRANSFERRED)
    moved = open_membership(held.person, to, person_class or held.person_class, during)
    data = {"org_unit": [held.org_unit.name, to.name], "on": on}
    for unit_id in (held.org_unit_id, to.pk):
        record("person.transferred", held.person, by=by, unit_id=unit_id, data=data)
    return moved


@transaction.atomic
def record_full_membership(membership: Membership, *, on: date, by: User) -> Membership:
    """Make a probationary member a full member of the same unit from `on`.

    Raises:
        BadInput: not a probationary membership, or the day does not lie within it.
        NotAllowed: `by` does not keep the unit's roster.
    """
    require(by, Permission.PEOPLE_WRITE, membership.org_unit)
    held = Membership.objects.select_for_update().select_related("org_unit", "person").get(pk=membership.pk)
    if held.person_class != PersonClass.PROBATIONARY_MEMBER or held.during.isempty:
        raise BadInput(_("Only a probationary member becomes a full member."))
    end = held.during.upper
    if on <= held.during.lower or (end and on >= end):
        words = _("The day must lie within the probationary membership, after its first day.")
        raise BadInput(words, fields={"on": words})
    person = held.person
    rules.check_days(person.born_on, person.joined_on, on)
    held.during = DateRange(held.during.lower, on)
    held.save(update_fields=["during"])
    opened = open_membership(person, held.org_unit, PersonClass.FULL_MEMBER, DateRange(on, end))
    person.official_on = on
    person.save(update_fields=["official_on"])
    record("person.became_full_member", person, by=by, unit_id=held.org_unit_id, data={"fields": ["official_on"]})
    return opened
