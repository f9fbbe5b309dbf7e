"""Searching everything one may see, without accents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.text import day_text, fold, number_text
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import units_matching, with_last_day_first
from langsen.foundation.people.models import Person
from langsen.foundation.people.queries import matching, people_for
from langsen.registers.communications.models import Output
from langsen.registers.communications.queries import Filters as OutputFilters
from langsen.registers.communications.queries import outputs_for
from langsen.registers.communications.register import OUTPUTS
from langsen.registers.study.models import StudySession
from langsen.registers.study.queries.sessions import Filters, sessions_for

SHOWN = 8
SHORTEST = 2


@dataclass(frozen=True)
class Hit:
    title: str
    href: str
    note: str


@dataclass(frozen=True)
class Group:
    """Hits of one kind: how many there are, the first of them, and the list that holds them all."""

    title: str
    count: int
    hits: Sequence[Hit]
    href: str

    @property
    def link(self) -> str:
        return _("All %(count)s") % {"count": number_text(self.count)}


def found_by(user: User, text: str) -> list[Group]:
    """Return what `user` may see and `text` names: units, people, sessions; groups without a hit are left out."""
    if len(fold(text)) < SHORTEST:
        return []
    query = urlencode({"q": text})
    groups = [
        _group(_("Organisations and units"), _units(user, text), _unit_hit, f"{reverse('orgs:tree')}?{query}"),
        _group(
            _("Officials and Party members"), _people(user, text), _person_hit, f"{reverse('people:roster')}?{query}"
        ),
        _group(
            _("Conferences and meetings"),
            sessions_for(user, Filters(text=text)),
            _session_hit,
            f"{reverse('study:sessions')}?{query}",
        ),
        _group(
            OUTPUTS.title,
            outputs_for(user, OutputFilters(text=text)),
            _output_hit,
            f"{OUTPUTS.list_href}?{query}",
        ),
    ]
    return [group for group in groups if group.count]


def _group(title: object, rows: QuerySet[Any], hit: Any, href: str) -> Group:
    return Group(str(title), rows.order_by().count(), [hit(row) for row in rows[:SHOWN]], href)


def _units(user: User, text: str) -> QuerySet[OrgUnit]:
    return with_last_day_first(units_matching(text, units_where(user, Permission.ORGS_READ)).select_related("kind"))


def _people(user: User, text: str) -> QuerySet[Person]:
    return matching(people_for(user), text).order_by("sort_key", "id")


def _unit_hit(unit: OrgUnit) -> Hit:
    ended = "" if unit.last_on is None else _(", until %(day)s") % {"day": day_text(unit.last_on)}
    return Hit(unit.name, reverse("orgs:unit", args=[unit.code]), f"{unit.kind.name}, {unit.code}{ended}")


def _person_hit(person: Person) -> Hit:
    membership = person.memberships.select_related("org_unit").order_by("-during", "id").first()
    return Hit(
        person.full_name, reverse("people:person", args=[person.pk]), membership.org_unit.name if membership else ""
    )


def _session_hit(session: StudySession) -> Hit:
    return Hit(session.title, session.get_absolute_url(), f"{day_text(session.held_on)}, {session.org_unit.name}")


def _output_hit(output: Output) -> Hit:
    return Hit(output.title, output.get_absolute_url(), f"{day_text(output.published_on)}, {output.org_unit.name}")
