"""The API at /api/v1/: session or bearer token, closed by default, its description included."""

from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.security import HttpBearer, SessionAuth

from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import user_of_token
from langsen.foundation.core.errors import LangsenError
from langsen.reporting.api import router as figures_router


class SessionUser(SessionAuth):
    """A person signed in on the site."""

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:  # noqa: ARG002
        user = request.user
        return user if isinstance(user, User) and user.is_authenticated else None


class Bearer(HttpBearer):
    """A program with a token of a person's."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:  # noqa: ARG002
        return user_of_token(token)


api = NinjaAPI(
    title="Langsen",
    version="1",
    auth=[Bearer(), SessionUser()],
    docs_decorator=login_required,  # the description names every door, so it is closed like them
    urls_namespace="api",
)
api.add_router("", figures_router)


@api.exception_handler(LangsenError)
def plain_error(request: HttpRequest, error: LangsenError) -> HttpResponse:
    """Say what was wrong as JSON, with the status of its kind."""
    fields = {name: str(text) for name, text in error.fields.items()}
    return api.create_response(request, {"detail": str(error.message), "fields": fields}, status=error.status)


def api_urls() -> list[URLPattern | URLResolver]:
    """The API's addresses, let past the sign-in middleware so that an anonymous call gets 401 and no redirect."""
    patterns, _app, _namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and not (pattern.name or "").startswith(("openapi", "api-root")):
            pattern.callback = login_not_required(pattern.callback)
    return patterns
