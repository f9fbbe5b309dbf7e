"""What one sees of one's own account."""

from django.db.models import QuerySet

from langsen.foundation.accounts.models import ApiToken, User
from langsen.foundation.core.errors import NotFound


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """Return the user's access keys, the newest first."""
    return ApiToken.objects.filter(user=user).order_by("-created_at", "-id")


def token_of(user: User, pk: int) -> ApiToken:
    """Return one of the user's own keys.

    Raises:
        NotFound: it is somebody else's, or does not exist.
    """
    token = tokens_of(user).filter(pk=pk).first()
    if token is None:
        raise NotFound
    return token
