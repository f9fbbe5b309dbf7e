"""Who gets past the door of these pages, and the page that hands over a link."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import has_permission_somewhere
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.core.errors import NotAllowed

View = Callable[..., HttpResponse]


def for_granters(view: View) -> View:
    """Refuse whoever may give roles nowhere."""

    @wraps(view)
    def guarded(request: SignedIn, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_permission_somewhere(request.user, Permission.ACCESS_GRANT):
            raise NotAllowed(_("Accounts and roles are kept by the officers of each unit."))
        return view(request, *args, **kwargs)

    return guarded


def link_page(request: HttpRequest, path: str, *, title: str, lead: str, words: str, back: str) -> HttpResponse:
    """Show a one-time link with its QR code; it is nowhere else, so the page must not be kept by the browser."""
    link = request.build_absolute_uri(path)
    picture = segno.make(link, error="m").svg_data_uri(scale=5, border=3, dark="#1b1d22", light="#ffffff")
    values = {"link": link, "picture": picture, "title": title, "lead": lead, "words": words, "back": back}
    response = render(request, "access/link.html", values)
    response["Cache-Control"] = "no-store"
    return response
