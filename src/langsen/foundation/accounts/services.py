"""Making accounts and tokens."""

import hashlib
import re
import secrets
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.accounts.models import SYSTEM_USERNAME, ApiToken, User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import clean


def system_user() -> User:
    """Return the account commands act as; it has no password and cannot sign in."""
    user, _created = User.objects.get_or_create(
        username=SYSTEM_USERNAME,
        defaults={"display_name": "Hệ thống", "is_system": True, "is_active": False, "password": "!"},
    )
    return user


USERNAME_SHAPE = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


@transaction.atomic
def create_account(
    *,
    username: str,
    display_name: str,
    password: str | None,
    by: User,
    email: str = "",
    is_operator: bool = False,
    unit_id: int | None = None,
) -> User:
    """Make an account that can sign in (without `password`: once it is given one). `unit_id` may read of it in the log.

    Raises:
        BadInput: the user name is taken or not a user name, the full name is missing.
    """
    name = username.strip().lower()
    if not USERNAME_SHAPE.fullmatch(name):
        words = _("A user name has 3 to 60 characters: letters a-z without accents, digits, dot, hyphen, underscore.")
        raise BadInput(words, fields={"username": words})
    full_name = clean(display_name)
    if not 1 <= len(full_name) <= 120:
        raise BadInput(_("The full name has 1 to 120 characters."), fields={"display_name": _("Check the full name.")})
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                name, password, display_name=full_name, email=email, is_operator=is_operator
            )
    except IntegrityError:
        words = _("The user name “%(name)s” is taken. Choose another one.") % {"name": name}
        raise BadInput(words, fields={"username": words}) from None
    record("account.created", user, by=by, unit_id=unit_id)
    return user


@transaction.atomic
def change_address(email: str, *, by: User) -> bool:
    """Set the e-mail address of one's own account (empty: none); say whether it is another one than before."""
    user = User.objects.select_for_update().get(pk=by.pk)
    if user.email == email:
        return False
    User.objects.filter(pk=by.pk).update(email=email)
    by.email = email
    record("account.address_changed", user, by=by)
    return True


def check_password_strength(password: str, user: User) -> None:
    """Refuse a password others would guess.

    Raises:
        BadInput: with one message for each rule it breaks.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BadInput(" ".join(error.messages), fields={"password": " ".join(error.messages)}) from None


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
