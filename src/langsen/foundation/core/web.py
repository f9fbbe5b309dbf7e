"""What pages share on the Python side: error pages, pagination, the text size this browser asked for."""

import errno
import logging
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db import DataError, InterfaceError, OperationalError
from django.db import Error as DatabaseError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.errors import LangsenError
from langsen.foundation.core.uploads import refusal_words

logger = logging.getLogger("langsen.web")

TEXT_SIZE_COOKIE = "langsen_text"
TEXT_SIZES = ("normal", "large", "larger", "largest")
API_PREFIX = "/api/"
RETRY_SECONDS = 10
# SQLSTATE codes of PostgreSQL, appendix A of its manual.
DISK_FULL = "53100"
TRY_AGAIN = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock not available

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Fault:
    """What went wrong, for the person in front of the page."""

    status: int
    title: object
    message: object
    advice: object = ""
    reference: str = ""
    retry: bool = False


TITLES: dict[int, object] = {
    400: _("This cannot be recorded as it stands"),
    403: _("You may not do this"),
    404: _("Nothing found"),
    409: _("Somebody else was faster"),
}
UNREADABLE = Fault(400, TITLES[400], _("The address holds a character that no text has."))
GOES_BACK = _("Go back: what you typed is still on the page before.")
NOTHING_LOST = _("Everything recorded before is kept. What was just being sent was not recorded; please send it again.")
UNREADABLE_REQUEST = _("What was sent could not be read, or was larger than allowed. Nothing was recorded.")
NOT_FOUND = _("This was not found, or you may not see it.")
NOT_ALLOWED = _("You have not been given the right to do this.")
ASK_OFFICER = _("Please contact the officer who manages accounts in your unit or in the unit above it.")


def text_size(request: HttpRequest) -> str:
    """The text size this browser asked for."""
    size = request.COOKIES.get(TEXT_SIZE_COOKIE, TEXT_SIZES[0])
    return size if size in TEXT_SIZES else TEXT_SIZES[0]


def page_of(request: HttpRequest, rows: QuerySet[Row] | Sequence[Any], size: int = 50) -> Page[Any]:
    """The page of `rows` the address asks for (`?page=`); a number that is none gives the first, too large the last."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def fault_of(error: BaseException) -> Fault | None:
    """What to say about `error`; None when it is not a case anybody foresaw."""
    if isinstance(error, LangsenError):
        advice = {400: GOES_BACK, 403: ASK_OFFICER}.get(error.status, "")
        message = error.message or {403: NOT_ALLOWED, 404: NOT_FOUND}.get(error.status, "")
        return Fault(error.status, TITLES[error.status], message, advice)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return _disk_full()
    if isinstance(error, DatabaseError):
        return _database_fault(error)
    return None


def _database_fault(error: DatabaseError) -> Fault | None:
    code = getattr(error.__cause__, "sqlstate", None)
    if code == DISK_FULL:
        return _disk_full()
    if code in TRY_AGAIN:
        return Fault(
            409,
            TITLES[409],
            _("Two changes met at the same moment and yours was not recorded."),
            _("Please send it again."),
        )
    if isinstance(error, DataError) and "NUL" in str(error):  # PostgreSQL stores none; Django's forms refuse it before
        return UNREADABLE
    if isinstance(error, (OperationalError, InterfaceError)):
        return Fault(
            503,
            _("The data store does not answer at the moment"),
            NOTHING_LOST,
            _("This page tries again by itself; usually it takes less than a minute."),
            retry=True,
        )
    return None


def _disk_full() -> Fault:
    return Fault(
        507,
        _("The disk of this system is full"),
        NOTHING_LOST,
        _("Please tell the administrator of the system: space must be freed before anything can be recorded."),
    )


def answer(request: HttpRequest, fault: Fault) -> HttpResponse:
    """The answer to a fault: JSON for the API, a fragment for htmx, else a page.

    Below 500 the page keeps the menu when somebody is signed in; from 500 on it needs neither database nor session.
    """
    response = _body(request, fault)
    if fault.retry:
        response["Retry-After"] = str(RETRY_SECONDS)
    add_never_cache_headers(response)
    return response


def _body(request: HttpRequest, fault: Fault) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        body = {"detail": str(fault.message), "title": str(fault.title)}
        return JsonResponse(body | ({"reference": fault.reference} if fault.reference else {}), status=fault.status)
    values = {
        "fault": fault,
        "office_title": settings.OFFICE_TITLE,
        "text_size": text_size(request),
        "refresh": RETRY_SECONDS if fault.retry and request.method in {"GET", "HEAD"} else None,
    }
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(render_to_string("ui/error_fragment.html", values), status=fault.status)
        response["HX-Retarget"], response["HX-Reswap"] = ".messages", "innerHTML show:window:top"
        return response
    if fault.status < 500:
        try:
            if request.user.is_authenticated:
                return HttpResponse(render_to_string("ui/error_shell.html", values, request), status=fault.status)
        except (AttributeError, DatabaseError):
            logger.warning("error page drawn without the menu: nobody could be recognised")
    return HttpResponse(render_to_string("ui/error.html", values), status=fault.status)


def bad_request(request: HttpRequest, exception: BaseException) -> HttpResponse:
    """The request itself was malformed or larger than allowed (400)."""
    message = refusal_words(exception) or UNREADABLE_REQUEST
    return answer(request, Fault(400, TITLES[400], message, GOES_BACK))


def permission_denied(request: HttpRequest, exception: BaseException) -> HttpResponse:
    """Seen, but not allowed (403)."""
    return answer(request, Fault(403, TITLES[403], str(exception) or NOT_ALLOWED, ASK_OFFICER))


def page_not_found(request: HttpRequest, exception: BaseException) -> HttpResponse:  # noqa: ARG001
    """Not there, or not for this person; the two look the same (404)."""
    return answer(request, Fault(404, TITLES[404], NOT_FOUND))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The page was opened before the last sign-in or has lost its cookie (403); the outbox knows it by its header."""
    response = answer(
        request,
        Fault(
            403,
            _("This page was opened too long ago"),
            _("For safety nothing was recorded."),
            _("Go back, reload the page and send again. If it happens every time, allow cookies for this site."),
        ),
    )
    response["X-Langsen-Reason"] = "csrf"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Anything nobody foresaw (500), with a number under which the log tells more; also faults outside a view."""
    error = sys.exc_info()[1]
    known = fault_of(error) if error else None
    if known:
        return answer(request, known)
    reference = uuid.uuid4().hex[:8].upper()
    logger.error("error %s at %s %s", reference, request.method, request.path, exc_info=error)
    return answer(
        request,
        Fault(
            500,
            _("Something went wrong on our side"),
            NOTHING_LOST,
            _("If it happens again, tell the administrator this number."),
            reference,
        ),
    )
