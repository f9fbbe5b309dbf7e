"""The middleware of our own: the language a person chose, and pages for errors of use cases and of the store."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from langsen.foundation.core import web
from langsen.foundation.core.remembering import request_memory


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


class RequestMemory:
    """What a request asks for again and again (grants, homes) is read once; see `remembering`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with request_memory():
            return self.get_response(request)


class ChosenLanguage:
    """Vietnamese unless this browser was told otherwise on our page.

    Django's own middleware would follow the browser's language, and an office's Windows is often in English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
