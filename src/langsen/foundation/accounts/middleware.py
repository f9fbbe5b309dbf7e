"""When and from where each signed-in browser was last seen: told on "Where I am signed in"."""

from collections.abc import Callable
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

# The list tells minutes; writing a row for every page would cost each page a transaction.
SEEN_AFRESH_FOR = timedelta(minutes=1)


class SeenSessions:
    """Keep the row of a signed-in session: at once when its address or browser changes, else once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated and not _is_fresh(request):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


def _is_fresh(request: HttpRequest) -> bool:
    length = UserSession._meta.get_field("user_agent").max_length
    seen: bool = UserSession.objects.filter(
        session_key=request.session.session_key,
        user=request.user,
        ip=get_adapter().get_client_ip(request),
        user_agent=request.headers.get("User-Agent", "")[:length],
        last_seen_at__gt=timezone.now() - SEEN_AFRESH_FOR,
    ).exists()
    return seen
