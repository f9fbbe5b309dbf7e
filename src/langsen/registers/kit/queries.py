"""Lists of records: whose they are, narrowed as the filter bar asks, in an order that is always the same; histories."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.audit.queries import history_of
from langsen.foundation.audit.words import changed_fields, verb_words
from langsen.foundation.core.text import fold
from langsen.foundation.evidence.queries import attached_facts
from langsen.foundation.orgs.models import OrgClosure, OrgUnit
from langsen.foundation.orgs.queries import units_below_today

THEN, TODAY = "then", "today"
SHOWN = 40
_LONGEST_VALUE = 80

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Narrowing:
    """What every list is narrowed to. `tree` reads `unit` by the organisation of each record's day, or of today."""

    text: str = ""
    unit: OrgUnit | None = None
    tree: str = TODAY
    first: date | None = None
    last: date | None = None


def of_units(rows: QuerySet[M], user: User, permission: Permission) -> QuerySet[M]:
    """Return the records of the units in which `user` has `permission`."""
    if acts_everywhere(user):
        return rows
    return rows.filter(org_unit__in=units_where(user, permission).values("pk"))


def narrowed(rows: QuerySet[M], narrowing: Narrowing, *, day: str) -> QuerySet[M]:
    """Narrow records with columns `folded` and `org_unit`; `day` names the column of the day they belong to."""
    for word in fold(narrowing.text).split():
        rows = rows.filter(Q(folded__contains=word) | Q(org_unit__folded__contains=word))
    if narrowing.unit:
        rows = rows.filter(_below(narrowing.unit, narrowing.tree, day))
    if narrowing.first:
        rows = rows.filter(**{f"{day}__gte": narrowing.first})
    if narrowing.last:
        rows = rows.filter(**{f"{day}__lte": narrowing.last})
    return rows


def _below(unit: OrgUnit, tree: str, day: str) -> Q:
    """The record's unit stood below `unit` on the record's day, or counts below it by today's organisation.

    A former unit is read by the organisation of that time in both readings: today it has nothing below it.
    """
    if tree == TODAY and unit.during.upper is None:
        return Q(org_unit__in=units_below_today([unit.pk]).values("pk"))
    then = OrgClosure.objects.filter(ancestor=unit, descendant=OuterRef("org_unit"), during__contains=OuterRef(day))
    return Q(Exists(then))


def in_order(rows: QuerySet[M], sort: str, sorts: Mapping[str, tuple[str, ...]]) -> QuerySet[M]:
    """Order by a column of the list, `-` first for the other way round; an unknown one leaves the order as it is."""
    columns = sorts.get(sort.removeprefix("-"))
    if columns is None:
        return rows
    return rows.order_by(*(f"-{name}" if sort.startswith("-") else name for name in columns))


Facts = Callable[[AuditEvent], list[str]]
Words = Mapping[str, str | None]


def history_lines(record: Model, facts: Facts | None = None, words: Words | None = None) -> list[dict[str, Any]]:
    """Return what was done to a record, newest first, ready for the timeline.

    `facts` tells what an event holds besides changed fields; `words` names changed things that are no field of the
    record, or (None) leaves them out.
    """
    return [
        {"at": event.at, "text": verb_words(event), "by": event.actor_name, "note": _note(event, facts, words or {})}
        for event in history_of(record)[:SHOWN]
    ]


def _note(event: AuditEvent, facts: Facts | None, words: Words) -> str:
    told = attached_facts(event) + (facts(event) if facts else [])
    for label, before, after in changed_fields(event):
        shown = words.get(label, label)
        if shown is not None:
            told.append(f"{shown}: {_short(before)} → {_short(after)}")
    return " · ".join(told)


def _short(value: object) -> str:
    text = "–" if value is None or value == "" else str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
