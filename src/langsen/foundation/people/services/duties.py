"""Posts and exemptions: dated, in a unit, on a decision."""

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.core.text import clean, day_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people import rules
from langsen.foundation.people.enums import ExemptionReason
from langsen.foundation.people.models import Exemption, Person, Post
from langsen.foundation.people.services.persons import require_for_person

_TITLE_LIMIT = 120


@transaction.atomic
def give_post(
    person: Person,
    *,
    org_unit: OrgUnit,
    title: str,
    from_on: date,
    by: User,
    is_head: bool = False,
    last_on: date | None = None,
) -> Post:
    """Record a post held in a unit.

    Raises:
        BadInput: no title, too long, or the unit does not exist on these days.
        NotFound, NotAllowed: the person is not visible; `by` does not keep the unit's roster.
    """
    require_for_person(by, Permission.PEOPLE_READ, person)
    require(by, Permission.PEOPLE_WRITE, org_unit)
    words = clean(title)
    if not words or len(words) > _TITLE_LIMIT:
        fault = _("Enter the post, with at most %(limit)s characters.") % {"limit": _TITLE_LIMIT}
        raise BadInput(fault, fields={"title": fault})
    post = Post.objects.create(
        person=person,
        org_unit=org_unit,
        title=words,
        is_head=is_head,
        during=rules.stay_in(org_unit, from_on, last_on),
    )
    record("post.given", person, by=by, unit_id=org_unit.pk, data={"title": words, "from_on": from_on})
    return post


@transaction.atomic
def end_post(post: Post, *, last_on: date, by: User) -> None:
    """End a post after `last_on`.

    Raises:
        BadInput: the day does not lie within the post's days.
        NotAllowed: `by` does not keep the unit's roster.
    """
    require(by, Permission.PEOPLE_WRITE, post.org_unit)
    held = Post.objects.select_for_update().select_related("person").get(pk=post.pk)
    held.during = _shortened(held.during, last_on)
    held.save(update_fields=["during"])
    record("post.ended", held.person, by=by, unit_id=held.org_unit_id, data={"title": held.title, "last_on": last_on})


@transaction.atomic
def exempt_person(
    person: Person,
    *,
    reason: str,
    from_on: date,
    by: User,
    last_on: date | None = None,
    note: str = "",
    decision_number: str = "",
) -> Exemption:
    """Exempt a person from meetings and study on these days; the person leaves the base of the rates.

    Raises:
        BadInput: the days are not days of the unit, or overlap an exemption already held.
        NotFound, NotAllowed: see `require_for_person`.
    """
    unit = require_for_person(by, Permission.PEOPLE_WRITE, person)
    if reason not in ExemptionReason.values:
        raise BadInput(_("This reason is not known."), fields={"reason": _("Choose a reason from the list.")})
    if last_on and last_on < from_on:
        words = _("The last day is before the first.")
        raise BadInput(words, fields={"last_on": words})
    during = DateRange(from_on, last_on + ONE_DAY if last_on else None)
    Person.objects.select_for_update().get(pk=person.pk)
    if person.exemptions.filter(during__overlap=during).exists():
        words = _("%(name)s is already exempt on some of these days.") % {"name": person.full_name}
        raise BadInput(words, fields={"from_on": words})
    exemption = Exemption.objects.create(
        person=person,
        org_unit=unit,
        reason=reason,
        note=clean(note)[:300],
        decision_number=clean(decision_number)[:80],
        during=during,
    )
    data = {"reason": reason, "from_on": from_on, "last_on": last_on}
    record("exemption.added", person, by=by, unit_id=unit.pk, data=data)
    return exemption


@transaction.atomic
def end_exemption(exemption: Exemption, *, last_on: date, by: User) -> None:
    """End an exemption after `last_on`.

    Raises:
        BadInput: the day does not lie within the exemption.
        NotFound, NotAllowed: see `require_for_person`.
    """
    unit = require_for_person(by, Permission.PEOPLE_WRITE, exemption.person)
    held = Exemption.objects.select_for_update().select_related("person").get(pk=exemption.pk)
    held.during = _shortened(held.during, last_on)
    held.save(update_fields=["during"])
    record("exemption.ended", held.person, by=by, unit_id=unit.pk, data={"last_on": last_on})


def _shortened(during: DateRange, last_on: date) -> DateRange:
    if last_on < during.lower or (during.upper and last_on >= during.upper):
        words = _("The last day must come after the first day (%(day)s) and before the present end.") % {
            "day": day_text(during.lower)
        }
        raise BadInput(words, fields={"last_on": words})
    return DateRange(during.lower, last_on + ONE_DAY)
