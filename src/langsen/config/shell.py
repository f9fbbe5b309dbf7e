"""What stands around every page: the office's title, the menu a person may use, text size, languages.

A menu entry names a page; it is shown when that page exists in this installation and the person may open it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.web import text_size


@dataclass(frozen=True)
class Entry:
    """A line of the menu: its words, the page it opens, the permission that page asks for (None: everybody)."""

    label: object
    url_name: str
    permission: str | None = None


@dataclass(frozen=True)
class Link:
    """A menu entry as one person sees it."""

    label: object
    href: str
    current: bool


@dataclass(frozen=True)
class Group:
    """Links under one heading; the first group has none."""

    title: object
    links: tuple[Link, ...]


MENU: tuple[tuple[object, tuple[Entry, ...]], ...] = (
    ("", (Entry(_("Desk"), "office:desk"), Entry(_("Figures"), "figures:page"))),
    (
        _("Study"),
        (
            Entry(_("Conferences and meetings"), "study:sessions"),
            Entry(_("Remote points and attendance"), "study:points"),
            Entry(_("Make-up study"), "study:make_up"),
            Entry(_("Programmes and themes"), "programmes:themes"),
        ),
    ),
    (
        _("System"),
        (
            Entry(_("Organisations and units"), "orgs:tree"),
            Entry(_("Officials and Party members"), "people:roster"),
            Entry(_("Accounts and roles"), "access:grants"),
            Entry(_("Activity log"), "audit:log"),
        ),
    ),
)

ACCOUNT_LINKS = (
    Entry(_("My page"), "office:me"),
    Entry(_("Change password"), "account_change_password"),
    Entry(_("Two-step sign-in"), "mfa_index"),
    Entry(_("Where I am signed in"), "usersessions_list"),
)


def address_of(url_name: str) -> str | None:
    """The address of a named page; None when this installation has no such page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def _permitted(request: HttpRequest) -> Callable[[str | None], bool]:
    def may(permission: str | None) -> bool:
        return permission is None or request.user.is_authenticated

    return may


def _links(entries: tuple[Entry, ...], request: HttpRequest) -> tuple[Link, ...]:
    may = _permitted(request)
    links = []
    for entry in entries:
        href = address_of(entry.url_name)
        if href and may(entry.permission):
            current = request.path == href if href == "/" else request.path.startswith(href)
            links.append(Link(entry.label, href, current))
    return tuple(links)


def _menu(request: HttpRequest) -> list[Group]:
    groups = (Group(title, _links(entries, request)) for title, entries in MENU)
    return [group for group in groups if group.links]


def shell(request: HttpRequest) -> dict[str, object]:
    """Context of every page; nothing here asks the database unless the page draws it."""
    return {
        "office_title": settings.OFFICE_TITLE,
        "text_size": text_size(request),
        "menu": SimpleLazyObject(lambda: _menu(request)),
        "account_links": SimpleLazyObject(lambda: _links(ACCOUNT_LINKS, request)),
        "search_href": address_of("office:search"),
    }
