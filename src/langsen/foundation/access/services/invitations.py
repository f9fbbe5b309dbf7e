"""Inviting a person by a one-time link, and what becomes of the link."""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from langsen.foundation.access.enums import Role
from langsen.foundation.access.models import Invitation
from langsen.foundation.access.rules import grantable_roles, require_grantable
from langsen.foundation.access.services.grants import check_place, write_grant
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import check_password_strength, create_account
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, Conflict, NotFound
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import clean
from langsen.foundation.orgs.models import OrgUnit

LINK_DAYS = 7
LONGEST_LINK_DAYS = 30
LINK_IS_OVER = gettext_lazy("This link no longer works. Ask whoever gave it to you for a new one.")


def link_digest(token: str) -> str:
    """Return what the store keeps of a link's secret part."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite_person(
    *,
    display_name: str,
    role: Role,
    org_unit: OrgUnit,
    by: User,
    email: str = "",
    grant_until: date | None = None,
    link_days: int = LINK_DAYS,
    person_id: int | None = None,
) -> tuple[Invitation, str]:
    """Invite a person to make an account with a role; the second value is the link's secret, shown once.

    Raises:
        NotAllowed: `by` may not give this role here.
        BadInput: no name, the role does not exist there, crossed days, or the same invitation is already open.
    """
    require_grantable(by, role, org_unit)
    check_place(role, org_unit)
    name = _checked_name(display_name)
    _check_last_day(grant_until)
    if open_invitations().filter(display_name=name, role=role, org_unit=org_unit, email=email).exists():
        raise BadInput(
            _("%(name)s already has an open invitation for this role here. Make a new link for it instead.")
            % {"name": name}
        )
    token = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        display_name=name,
        email=email,
        role=role,
        org_unit=org_unit,
        grant_until=grant_until,
        digest=link_digest(token),
        invited_by=by,
        expires_at=_end_of_link(link_days),
        person_id=person_id,
    )
    record("invitation.issued", invitation, by=by, data={"role": role.value})
    return invitation, token


def _checked_name(display_name: str) -> str:
    name = clean(display_name)
    if not 1 <= len(name) <= 120:
        raise BadInput(_("The full name has 1 to 120 characters."), fields={"display_name": _("Check the full name.")})
    return name


def _check_last_day(grant_until: date | None) -> None:
    if grant_until is not None and grant_until < today():
        raise BadInput(_("The last day has already passed."), fields={"grant_until": _("Choose a later day.")})


def open_invitations() -> QuerySet[Invitation]:
    """Return the invitations whose link still works."""
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())


@transaction.atomic
def renew_invitation(invitation: Invitation, *, by: User, link_days: int = LINK_DAYS) -> str:
    """Make a new link for an invitation not yet accepted; the old link ends. Return the new secret, shown once.

    Raises:
        NotAllowed: `by` may not give this role here.
        Conflict: it was accepted or withdrawn meanwhile.
    """
    require_grantable(by, Role(invitation.role), invitation.org_unit)
    token = secrets.token_urlsafe(24)
    changed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(
        digest=link_digest(token), expires_at=_end_of_link(link_days), invited_by=by
    )
    if changed != 1:
        raise Conflict(_("This invitation has already been accepted or withdrawn."))
    invitation.refresh_from_db()
    record("invitation.renewed", invitation, by=by)
    return token


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> None:
    """End an invitation's link before it is used.

    Raises:
        NotAllowed: `by` may not give this role here.
        Conflict: it was accepted or withdrawn meanwhile.
    """
    require_grantable(by, Role(invitation.role), invitation.org_unit)
    changed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )
    if changed != 1:
        raise Conflict(_("This invitation has already been accepted or withdrawn."))
    record("invitation.withdrawn", invitation, by=by)


def invitation_of(token: str) -> Invitation:
    """Return the invitation whose link this is.

    Raises:
        NotFound: the link was used, withdrawn, replaced or has ended; it does not say which.
    """
    found = open_invitations().filter(digest=link_digest(token)).select_related("org_unit__kind", "invited_by").first()
    if found is None:
        raise NotFound(LINK_IS_OVER)
    return found


@transaction.atomic
def accept_invitation(token: str, *, username: str, password: str) -> User:
    """Make the invited account with the name and password its owner chose, and give it its role.

    The invitation is claimed by a guarded UPDATE, so of two that accept at once one wins. It works only while whoever
    invited may still give that role there.

    Raises:
        NotFound: the link no longer works.
        Conflict: somebody else used it at the same moment.
        BadInput: the user name or the password will not do; the link keeps working.
    """
    invitation = invitation_of(token)
    inviter, role = invitation.invited_by, Role(invitation.role)
    if role not in grantable_roles(inviter, invitation.org_unit):
        raise NotFound(LINK_IS_OVER)
    check_password_strength(password, User(username=username, display_name=invitation.display_name))
    claim_invitation(invitation)
    user = create_account(
        username=username,
        display_name=invitation.display_name,
        password=password,
        email=invitation.email,
        by=inviter,
        unit_id=invitation.org_unit_id,
    )
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    write_grant(
        user=user,
        role=role,
        org_unit=invitation.org_unit,
        from_on=today(),
        last_on=invitation.grant_until,
        granted_by=inviter,
    )
    record("invitation.accepted", invitation, by=user, data={"role": role.value})
    return user


def claim_invitation(invitation: Invitation) -> None:
    """Mark the invitation as accepted if nobody has done so since it was read."""
    changed = open_invitations().filter(pk=invitation.pk, digest=invitation.digest).update(accepted_at=timezone.now())
    if changed != 1:
        raise Conflict(LINK_IS_OVER)


def _end_of_link(days: int) -> datetime:
    if not 1 <= days <= LONGEST_LINK_DAYS:
        raise BadInput(_("A link works for 1 to %(most)s days.") % {"most": LONGEST_LINK_DAYS})
    return timezone.now() + timedelta(days=days)
