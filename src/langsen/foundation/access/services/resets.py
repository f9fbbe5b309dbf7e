"""Letting somebody back in who lost the password: an officer hands over a one-time link."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission, Role
from langsen.foundation.access.rules import acts_everywhere, grants_of, require_grantable, units_where
from langsen.foundation.access.services.invitations import LINK_IS_OVER
from langsen.foundation.accounts.models import ApiToken, User
from langsen.foundation.accounts.services import check_password_strength
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import Conflict, NotAllowed, NotFound


@transaction.atomic
def reset_access(account: User, *, by: User, drop_two_step: bool = False) -> str:
    """Shut the account's password, sessions and access keys, and return the link part that sets a new password.

    The link works once and for three days (`PASSWORD_RESET_TIMEOUT`). Whoever could not give every role the account
    holds may not reset it: otherwise a link would be a way into a superior's rights.

    Raises:
        NotFound: the account has no role in the units of `by`.
        NotAllowed: it holds a role `by` may not give, it is an operator's, or one's own.
    """
    unit_id = _require_reset(account, by)
    account.set_unusable_password()
    account.save(update_fields=["password"])
    ApiToken.objects.filter(user=account).delete()
    end_sessions(account)
    if drop_two_step:
        Authenticator.objects.filter(user=account).delete()
    record("access.reset", account, by=by, unit_id=unit_id, data={"two_step_removed": drop_two_step})
    return f"{urlsafe_base64_encode(force_bytes(account.pk))}/{default_token_generator.make_token(account)}"


def _require_reset(account: User, by: User) -> int | None:
    if account.pk == by.pk:
        raise NotAllowed(_("Change your own password on the page “My account”."))
    if account.is_system:
        raise NotFound(account.username)
    grants = list(grants_of(account))
    if acts_everywhere(by):
        return grants[0].org_unit_id if grants else None
    reached = set(units_where(by, Permission.ACCESS_GRANT).values_list("pk", flat=True))
    if not any(grant.org_unit_id in reached for grant in grants):
        raise NotFound(account.username)
    if account.is_operator and not by.is_operator:
        raise NotAllowed(_("Only another operator may reset an operator's account."))
    for grant in grants:
        require_grantable(by, Role(grant.role), grant.org_unit)
    return grants[0].org_unit_id


def end_sessions(account: User) -> None:
    """Sign the account out everywhere."""
    for session in UserSession.objects.filter(user=account):
        session.end()


def account_of_link(uid: str, token: str) -> User:
    """Return the account a reset link belongs to.

    Raises:
        NotFound: the link was used, replaced or has ended.
    """
    try:
        user = User.objects.filter(pk=int(force_str(urlsafe_base64_decode(uid))), is_active=True).first()
    except (ValueError, OverflowError):
        user = None
    if user is None or not default_token_generator.check_token(user, token):
        raise NotFound(LINK_IS_OVER)
    return user


@transaction.atomic
def set_new_password(uid: str, token: str, *, password: str) -> User:
    """Set the password of the account whose reset link this is; the link is used up by that.

    Raises:
        NotFound: the link no longer works.
        Conflict: somebody else used it at the same moment.
        BadInput: the password will not do; the link keeps working.
    """
    account = User.objects.select_for_update().get(pk=account_of_link(uid, token).pk)
    if not default_token_generator.check_token(account, token):  # somebody else used it while this one waited
        raise Conflict(LINK_IS_OVER)
    check_password_strength(password, account)
    account.set_password(password)
    account.save(update_fields=["password"])
    record("access.restored", account, by=account)
    return account
