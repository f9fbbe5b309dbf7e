"""What stands around every page: the office's title, the menu a person may use, text size, languages.

A menu entry names a page; it is shown when that page exists in this installation and the person may open it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from langsen.foundation.access.enums import ROLE_PERMISSIONS, Permission, Role
from langsen.foundation.access.models import StaffMode
from langsen.foundation.access.rules import acts_everywhere, grants_of, staff_mode_of
from langsen.foundation.accounts.models import User
from langsen.foundation.core.web import text_size
from langsen.foundation.notifications.queries import unread_count
from langsen.foundation.orgs.models import OrgUnit


@dataclass(frozen=True)
class Entry:
    """A line of the menu: its words, the page it opens, the permission that page asks for (None: everybody; of several
    one is enough), and what counts the things that are new there, a query cheap enough for every page.
    """

    label: object
    url_name: str
    permission: Permission | tuple[Permission, ...] | None = None
    count: Callable[[User], int] | None = None


@dataclass(frozen=True)
class Link:
    """A menu entry as one person sees it."""

    label: object
    href: str
    current: bool
    count: int = 0


@dataclass(frozen=True)
class Group:
    """Links under one heading; the first group has none."""

    title: object
    links: tuple[Link, ...]


MENU: tuple[tuple[object, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            Entry(_("Desk"), "office:desk"),
            Entry(_("Figures"), "figures:page", Permission.FIGURES_READ),
            Entry(_("Reports"), "reports:reports", Permission.REPORTS_READ),
            Entry(_("Notices"), "notices:inbox", count=unread_count),
        ),
    ),
    (
        _("Leadership and direction"),
        (Entry(_("Communication"), "communications:outputs", Permission.COMMUNICATIONS_READ),),
    ),
    (
        _("Study"),
        (
            Entry(_("Conferences and meetings"), "study:sessions", Permission.STUDY_READ),
            Entry(_("Remote points and attendance"), "study:points", Permission.STUDY_READ),
            Entry(_("Make-up study"), "study:make_up", Permission.STUDY_READ),
            Entry(_("Programmes and themes"), "programmes:themes"),
        ),
    ),
    (
        _("Contests"),
        (
            Entry(_("Quiz contests"), "contests:contests", Permission.CONTESTS_READ),
            Entry(_("Question bank"), "quizzes:questions", (Permission.QUESTIONS_WRITE, Permission.QUESTIONS_CHECK)),
            Entry(_("Results and prizes"), "results:contests", Permission.CONTESTS_READ),
        ),
    ),
    (
        _("System"),
        (
            Entry(_("Organisations and units"), "orgs:tree", Permission.ORGS_READ),
            Entry(_("Officials and Party members"), "people:roster", Permission.PEOPLE_READ),
            Entry(_("Report outlines"), "reports:outlines", Permission.REPORTS_OUTLINE),
            Entry(_("Forms of documents"), "papers:heads", Permission.PAPERS_WRITE),
            Entry(_("Accounts and roles"), "access:grants", Permission.ACCESS_GRANT),
            Entry(_("Activity log"), "office:audit_log", Permission.AUDIT_READ),
        ),
    ),
)

ACCOUNT_LINKS = (
    Entry(_("My page"), "office:me"),
    Entry(_("My account"), "accounts:mine"),
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


class Viewer:
    """What the frame needs to know of the person in front of it, asked of the database at most once a page."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def user(self) -> User | AnonymousUser:
        return self._request.user

    @cached_property
    def _grants(self) -> list[tuple[Role, OrgUnit]]:
        return (
            [(Role(grant.role), grant.org_unit) for grant in grants_of(self.user)] if self.user.is_authenticated else []
        )

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """What this person may do somewhere."""
        if self.user.is_authenticated and acts_everywhere(self.user):
            return frozenset(Permission)
        return frozenset().union(*(ROLE_PERMISSIONS[role] for role, _unit in self._grants))

    @cached_property
    def staff_mode(self) -> StaffMode | None:
        """The operator's open staff mode, if any: every page says so."""
        return staff_mode_of(self.user) if self.user.is_authenticated else None

    @property
    def unit(self) -> OrgUnit | None:
        """The unit this person works for: where the oldest grant in force was given."""
        return self._grants[0][1] if self._grants else None

    def may(self, permission: Permission | tuple[Permission, ...] | None) -> bool:
        wanted = permission if isinstance(permission, tuple) else (permission,)
        return permission is None or any(one in self.permissions for one in wanted)


def _links(entries: tuple[Entry, ...], request: HttpRequest, viewer: Viewer) -> tuple[Link, ...]:
    links = []
    for entry in entries:
        href = address_of(entry.url_name)
        if href and viewer.may(entry.permission):
            current = request.path == href if href == "/" else request.path.startswith(href)
            count = entry.count(viewer.user) if entry.count and isinstance(viewer.user, User) else 0
            links.append(Link(entry.label, href, current, count))
    return tuple(links)


def _menu(request: HttpRequest, viewer: Viewer) -> list[Group]:
    """The groups with something in them; of pages inside one another only the innermost is the current one."""
    groups = [Group(title, _links(entries, request, viewer)) for title, entries in MENU]
    inside = [link.href for group in groups for link in group.links if link.current]
    current = max(inside, key=len, default="")
    return [
        replace(group, links=tuple(replace(link, current=link.href == current) for link in group.links))
        for group in groups
        if group.links
    ]


def shell(request: HttpRequest) -> dict[str, object]:
    """Context of every page; nothing here asks the database unless the page draws it."""
    viewer = Viewer(request)
    return {
        "office_title": settings.OFFICE_TITLE,
        "text_size": text_size(request),
        "viewer": viewer,
        "staff_mode": SimpleLazyObject(lambda: viewer.staff_mode),
        "menu": SimpleLazyObject(lambda: _menu(request, viewer)),
        "account_links": SimpleLazyObject(lambda: _links(ACCOUNT_LINKS, request, viewer)),
        "search_href": address_of("office:search"),
    }
