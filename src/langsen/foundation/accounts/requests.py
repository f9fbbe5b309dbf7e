"""The request of a page that asks for sign-in, for the type checker: its user is one of ours."""

from django.http import HttpRequest

from langsen.foundation.accounts.models import User


class SignedIn(HttpRequest):
    """A request that `LoginRequiredMiddleware` let through."""

    user: User
