"""What `langsen import` and `langsen export` share: who does it, and for which unit."""

from typing import TYPE_CHECKING

import click

from langsen.config.cli.exits import UnknownUnit

if TYPE_CHECKING:
    from langsen.foundation.accounts.models import User
    from langsen.foundation.orgs.models import OrgUnit

KINDS = ["people", "sessions", "outputs"]


def account(username: str) -> "User":
    """The account on whose behalf it is done: its rights apply, and the audit trail names it."""
    from langsen.foundation.accounts.models import User

    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise click.ClickException(f"There is no active account “{username}”.")
    return user


def unit_by(code: str) -> "OrgUnit":
    """The unit of that code; exit 3 when there is none."""
    from langsen.foundation.core.errors import NotFound
    from langsen.foundation.orgs.queries import unit_by_code

    try:
        return unit_by_code(code)
    except NotFound as error:
        raise UnknownUnit(f"No unit has the code {code}.") from error
