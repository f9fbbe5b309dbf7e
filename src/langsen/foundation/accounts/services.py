"""Making accounts and tokens."""

import hashlib
import secrets
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.accounts.models import SYSTEM_USERNAME, ApiToken, User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import today


def system_user() -> User:
    """Return the account commands act as; it has no password and cannot sign in."""
    user, _created = User.objects.get_or_create(
        username=SYSTEM_USERNAME,
        defaults={"display_name": "Hệ thống", "is_system": True, "is_active": False, "password": "!"},
    )
    return user


@transaction.atomic
def create_account(
    *, username: str, display_name: str, password: str | None, by: User, email: str = "", is_operator: bool = False
) -> User:
    """Make an account that can sign in.

    Raises:
        BadInput: the user name is taken.
    """
    if User.objects.filter(username=username.lower()).exists():
        raise BadInput(_("The user name “%(name)s” is taken. Choose another one.") % {"name": username})
    user = User.objects.create_user(username, password, display_name=display_name, email=email, is_operator=is_operator)
    record("account.created", user, by=by)
    return user


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue_token(*, name: str, expires_on: date, by: User) -> tuple[ApiToken, str]:
    """Make a token for `by`; the second value is the token itself, shown once and never stored.

    Raises:
        BadInput: the last day has passed.
    """
    if expires_on < today():
        raise BadInput(_("The last day has already passed."), fields={"expires_on": _("Choose a later day.")})
    token = secrets.token_urlsafe(32)
    row = ApiToken.objects.create(user=by, name=name, digest=token_digest(token), expires_on=expires_on)
    record("token.issued", row, by=by)
    return row, token


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> None:
    """End a token of one's own at once."""
    record("token.revoked", token, by=by)
    token.delete()


def user_of_token(token: str) -> User | None:
    """Return the active user whose unexpired token this is, and note its use."""
    row = (
        ApiToken.objects.select_related("user")
        .filter(digest=token_digest(token), expires_on__gte=today(), user__is_active=True)
        .first()
    )
    if row is None:
        return None
    ApiToken.objects.filter(pk=row.pk).update(used_at=timezone.now())
    return row.user
