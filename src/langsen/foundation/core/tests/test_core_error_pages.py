"""Errors become pages a person understands, also when the database is gone."""

import errno
import json
import logging
from collections.abc import Callable

import psycopg.errors
import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from langsen.foundation.core import web
from langsen.foundation.core.errors import BadInput, Conflict, LangsenError, NotAllowed, NotFound
from langsen.foundation.core.middleware import ErrorPages


def answer(error: Exception, path: str = "/x/", method: str = "get", **headers: str) -> HttpResponse | None:
    """The middleware's answer to a view's error; no database is open in these tests."""
    request = getattr(RequestFactory(), method)(path, headers=headers)
    return ErrorPages(lambda _request: HttpResponse()).process_exception(request, error)


def database_error(cause: psycopg.Error) -> OperationalError:
    error = OperationalError("the store")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadInput("Số tham dự lớn hơn số phải học"), 400),
        (NotAllowed(""), 403),
        (NotFound(""), 404),
        (Conflict("Đã đổi"), 409),
        (database_error(psycopg.errors.DeadlockDetected()), 409),
        (database_error(psycopg.errors.DiskFull()), 507),
        (OSError(errno.ENOSPC, "full"), 507),
        (OperationalError("server closed the connection"), 503),
    ],
)
def test_each_error_has_its_status_and_says_something(error: Exception, status: int) -> None:
    response = answer(error)
    assert response is not None
    assert response.status_code == status
    page = response.content.decode()
    assert "<h1>" in page
    assert "None" not in page
    assert response["Cache-Control"].startswith("max-age=0")


def test_a_message_is_shown_escaped() -> None:
    response = answer(BadInput("<script>alert(1)</script>"))
    assert response is not None
    assert b"&lt;script&gt;" in response.content


def test_without_the_database_the_page_tries_again_by_itself_unless_something_was_sent() -> None:
    read = answer(OperationalError("gone"))
    sent = answer(OperationalError("gone"), method="post")
    assert read is not None and sent is not None
    assert b'http-equiv="refresh"' in read.content
    assert b'http-equiv="refresh"' not in sent.content
    assert read["Retry-After"] == sent["Retry-After"] == "10"


def test_the_api_answers_json() -> None:
    response = answer(Conflict("Đã đổi"), path="/api/v1/figures")
    assert response is not None
    assert json.loads(response.content)["detail"] == "Đã đổi"


def test_htmx_gets_a_fragment_for_the_messages() -> None:
    response = answer(BadInput("Sai"), **{"HX-Request": "true"})
    assert response is not None
    assert b"<html" not in response.content
    assert response["HX-Retarget"] == ".messages"


def test_an_unforeseen_error_is_left_to_django() -> None:
    assert answer(ValueError("bug")) is None


def test_the_last_page_gives_a_number_that_the_log_knows(caplog: pytest.LogCaptureFixture) -> None:
    request = RequestFactory().get("/x/")
    with caplog.at_level(logging.ERROR, "langsen.web"):
        try:
            raise ValueError("bug")
        except ValueError:
            response = web.server_error(request)
    assert response.status_code == 500
    reference = caplog.records[0].args[0]  # type: ignore[index]
    assert str(reference).encode() in response.content


@pytest.mark.parametrize(
    ("view", "error", "status"),
    [
        (web.bad_request, Exception(), 400),
        (web.permission_denied, PermissionDenied(), 403),
        (web.page_not_found, Http404(), 404),
    ],
)
def test_djangos_own_errors_look_the_same(
    view: Callable[[HttpRequest, Exception], HttpResponse], error: Exception, status: int
) -> None:
    response = view(RequestFactory().get("/x/"), error)
    assert response.status_code == status
    assert b"<h1>" in response.content


def test_every_kind_of_error_has_a_title() -> None:
    statuses = {LangsenError.status, *(kind.status for kind in LangsenError.__subclasses__())}
    assert statuses <= set(web.TITLES)


def test_the_csrf_page_is_known_to_the_outbox() -> None:
    response = web.csrf_failure(RequestFactory().post("/x/"))
    assert (response.status_code, response["X-Langsen-Reason"]) == (403, "csrf")
