"""Giving a role in a unit, and ending it."""

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Role
from langsen.foundation.access.models import Grant
from langsen.foundation.access.rules import fits_unit, require_grantable
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.foundation.core.periods import ONE_DAY, today
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import OrgUnit


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role,
    org_unit: OrgUnit,
    by: User,
    from_on: date | None = None,
    last_on: date | None = None,
) -> Grant:
    """Give `user` the role in the unit, and so in all below it, from `from_on` (today) to `last_on` (open).

    Raises:
        NotAllowed: `by` may not give this role here, or gives it to oneself.
        BadInput: the role does not exist in this kind of unit, the unit does not exist, the days are crossed, or the
            account already holds the role there on one of these days.
    """
    if user.pk == by.pk:
        raise NotAllowed(_("Nobody gives a role to oneself. Ask another officer to do it."))
    require_grantable(by, role, org_unit)
    grant = write_grant(
        user=user, role=role, org_unit=org_unit, from_on=from_on or today(), last_on=last_on, granted_by=by
    )
    record("grant.given", grant, by=by, data=_facts(grant))
    return grant


def write_grant(
    *, user: User, role: Role, org_unit: OrgUnit, from_on: date, last_on: date | None, granted_by: User
) -> Grant:
    """Check the facts of a grant and write it; the caller has checked the right and records the act."""
    check_place(role, org_unit)
    if last_on is not None and last_on < from_on:
        raise BadInput(_("The last day is before the first day."), fields={"last_on": _("Choose a later day.")})
    during = DateRange(from_on, last_on + ONE_DAY if last_on else None)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held = Grant.objects.filter(user=user, role=role, org_unit=org_unit, during__overlap=during, ended_at=None)
    if held.exists():
        raise BadInput(
            _("%(who)s already holds the role “%(role)s” in %(unit)s on these days.")
            % {"who": user, "role": role.label, "unit": org_unit}
        )
    return Grant.objects.create(user=user, role=role, org_unit=org_unit, during=during, granted_by=granted_by)


def check_place(role: Role, org_unit: OrgUnit) -> None:
    """Refuse a role that does not exist in this kind of unit, and a unit that does not exist today."""
    if not org_unit.exists_on(today()):
        raise BadInput(
            _("%(unit)s does not exist today; give the role in the unit that took over.") % {"unit": org_unit}
        )
    if not fits_unit(role, org_unit):
        raise BadInput(
            _("The role “%(role)s” does not exist in %(unit)s.") % {"role": role.label, "unit": org_unit},
            fields={"role": _("Choose a role of this kind of unit.")},
        )


@transaction.atomic
def end_grant(grant: Grant, *, last_on: date | None, by: User) -> None:
    """End a role with its last day `last_on`, or at once when that is None.

    Raises:
        NotAllowed: `by` may not give this role in that unit.
        BadInput: the last day lies in the past or before the first.
        Conflict: it has ended already, or nobody would be left who may give roles to administrators.
    """
    require_grantable(by, Role(grant.role), grant.org_unit)
    stored = Grant.objects.select_for_update().select_related("org_unit", "user").get(pk=grant.pk)
    first, end = stored.during.lower, stored.during.upper
    if stored.ended_at is not None or (end is not None and end <= today()):
        raise Conflict(_("This role has already ended."))
    if last_on is not None and last_on < max(first, today()):
        raise BadInput(
            _("The last day is at the earliest %(day)s.") % {"day": day_text(max(first, today()))},
            fields={"last_on": _("Choose a later day.")},
        )
    _keep_one_administrator(stored)
    before = _facts(stored)
    if last_on is None:
        stored.ended_at = timezone.now()
        last_on = max(first, today())
    stored.during = DateRange(first, last_on + ONE_DAY)
    stored.save(update_fields=["during", "ended_at"])
    record("grant.ended", stored, by=by, data={"during": [before["days"], _facts(stored)["days"]]})


def _keep_one_administrator(grant: Grant) -> None:
    """Refuse to end the last open-ended administrator's grant; two ended at once wait for each other here."""
    if grant.role != Role.ADMIN:
        return
    open_ended = Grant.objects.select_for_update().filter(
        role=Role.ADMIN, during__endswith=None, ended_at=None, user__is_active=True
    )
    if not [other for other in open_ended.order_by("id") if other.pk != grant.pk]:
        raise Conflict(_("This is the last administrator. Give the role to somebody else first."))


def _facts(grant: Grant) -> dict[str, str]:
    last = day_text(grant.during.upper - ONE_DAY) if grant.during.upper else ""
    return {"role": grant.role, "days": f"{day_text(grant.during.lower)} – {last}".strip()}
