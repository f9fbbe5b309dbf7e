"""What public pages keep in a browser: the ticket into the arena, the code just made, whose details are open."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from langsen.contests.contests.models import Contest, Entrant
from langsen.contests.contests.services.signing_up import ticket_ends, ticket_for
from langsen.contests.contests.tickets import COOKIE, COOKIE_PATH

_CODE_FOR = timedelta(minutes=20)
_MINE_FOR = timedelta(minutes=30)
_CODE, _MINE, _KNOWS = "ma_%d", "toi_%d", "da_dang_ky_%d"


def client_address(request: HttpRequest) -> str:
    """The address the request came from, for limits only; it is never kept."""
    return str(request.META.get("REMOTE_ADDR", ""))


def give_ticket(response: HttpResponse, entrant: Entrant, *, at: datetime) -> None:
    """Let this browser into the arena."""
    ends = ticket_ends(entrant, at=at)
    _set(response, COOKIE % entrant.contest_id, ticket_for(entrant, at=at), COOKIE_PATH, ends - at)
    _set(response, _KNOWS % entrant.contest_id, "1", _path(entrant.contest), ends - at)


def knows_code(request: HttpRequest, contest: Contest) -> bool:
    """Say whether this browser signed up or entered before; it opens nothing by itself."""
    return _KNOWS % contest.pk in request.COOKIES


def keep_code(response: HttpResponse, entrant: Entrant, code: str) -> None:
    """Keep a code that was just made in the browser of its owner alone, for the page that shows it."""
    value = signing.dumps([entrant.pk, code], salt="entrant code")
    _set(response, _CODE % entrant.contest_id, value, _path(entrant.contest), _CODE_FOR)


def kept_code(request: HttpRequest, contest: Contest) -> tuple[int, str] | None:
    """Return the entrant's key and the code that was just made; None when it is over or was put away."""
    kept = _read(request, _CODE % contest.pk, "entrant code", _CODE_FOR)
    return (int(kept[0]), str(kept[1])) if isinstance(kept, list) else None


def drop_code(response: HttpResponse, contest: Contest) -> None:
    response.delete_cookie(_CODE % contest.pk, path=_path(contest), samesite="Lax")


def open_details(response: HttpResponse, entrant: Entrant) -> None:
    """Let this browser see what is held about the entrant, for half an hour."""
    value = signing.dumps([entrant.pk, int(timezone.now().timestamp())], salt="own details")
    _set(response, _MINE % entrant.contest_id, value, _path(entrant.contest), _MINE_FOR)


def details_of(request: HttpRequest, contest: Contest) -> Entrant | None:
    """Return the entrant whose details this browser has open; a code issued since closes them."""
    kept = _read(request, _MINE % contest.pk, "own details", _MINE_FOR)
    if not isinstance(kept, list):
        return None
    entrant = contest.entrants.select_related("contest", "unit").filter(pk=kept[0]).first()
    if entrant is None or entrant.code_issued_at.timestamp() >= kept[1] + 1:
        return None
    return entrant


def close_details(response: HttpResponse, contest: Contest) -> None:
    response.delete_cookie(_MINE % contest.pk, path=_path(contest), samesite="Lax")


def _path(contest: Contest) -> str:
    return f"/cuoc-thi/{contest.slug}/"


def _set(response: HttpResponse, name: str, value: str, path: str, lives: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(lives.total_seconds()),
        path=path,
        httponly=True,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )


def _read(request: HttpRequest, name: str, salt: str, lives: timedelta) -> object:
    try:
        return signing.loads(request.COOKIES.get(name, ""), salt=salt, max_age=lives)
    except signing.BadSignature:
        return None
