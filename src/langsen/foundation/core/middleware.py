"""The middleware that turns errors of use cases and of the store into pages a person understands."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from langsen.foundation.core import web


class ErrorPages:
    """Answer foreseen errors of a view with a page, a fragment or JSON; the others stay with Django (handler500)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        fault = web.fault_of(error)
        if fault is None:
            return None
        if fault.status >= 500:
            web.logger.error("%s %s: %s", request.method, request.path, error)
        return web.answer(request, fault)
