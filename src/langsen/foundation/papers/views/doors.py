"""Who comes in: whoever keeps the forms of documents of a unit; to everybody else it does not exist."""

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import visible_unit
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotFound
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.papers.enums import Layout


def kept_unit(user: User, code: str) -> OrgUnit:
    """Return the unit with this code if `user` keeps its forms of documents.

    Raises:
        NotFound: there is none, or it is not theirs to keep.
    """
    return visible_unit(user, code, Permission.PAPERS_WRITE)


def layout_of(text: str) -> Layout:
    """Return the layout of an address.

    Raises:
        NotFound: there is none of that name.
    """
    if text not in Layout.values:
        raise NotFound(text)
    return Layout(text)
